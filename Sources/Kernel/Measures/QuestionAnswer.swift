/// What a question was answered, with what it takes to check it.
public struct QuestionAnswer: Sendable {
    /// The figure of one group, or of all of them.
    public struct Cell: Sendable, Hashable {
        /// The group's value in each dimension.
        public let group: [Group]
        /// Records that the figure rests on.
        public var n: Int
        /// A share as a fraction of one; others in the unit of the measure or the field. Nil over no records.
        public var value: Double?
        /// Sums, exact, in the field's smallest units; of a share, the records that satisfy its claim.
        public var exact: Int64?
        /// Too few records, or one from which too few could be found out: neither its figure nor its number of records is told.
        public var isHidden = false
        /// The same group in the period before; nil when nothing is compared.
        public var before: Before?
    }

    public struct Before: Sendable, Hashable {
        public var n: Int
        public var value: Double?
        public var isHidden = false
    }

    /// Where a cell stands in a dimension.
    public enum Group: Sendable, Hashable {
        case value(Value)
        /// All that are not told one by one.
        case others
        /// The whole of the dimension.
        case all
    }

    public let question: Question
    /// What the question comes to for the asker.
    public let plan: QuestionPlan
    /// The groups of each dimension in the order they are shown in.
    public internal(set) var groups: [[Group]]
    /// The cells, each by its groups. Combinations without a record are not there.
    public internal(set) var cells: [[Group]: Cell]
    /// The statements as they ran, their values written into them.
    public internal(set) var queries: [String]
    /// When they ran.
    public internal(set) var at: Instant
    /// The moment of which all records were counted, when a replica was read; nil: `at`.
    public internal(set) var asOf: Instant?
    /// How many groups are told together as others.
    public internal(set) var othersCount: Int

    /// The figure over everything.
    public var total: Cell { cell(Array(repeating: .all, count: question.dimensions.count)) }

    /// The cell of the groups; one without records when there is none.
    public func cell(_ groups: [Group]) -> Cell {
        cells[groups] ?? Cell(group: groups, n: 0, value: plan.isAdditive ? 0 : nil, exact: nil, isHidden: false, before: plan.before.map { _ in Before(n: 0, value: plan.isAdditive ? 0 : nil) })
    }

    /// Whether anything is not told.
    public var hidesCells: Bool { cells.values.contains { $0.isHidden || $0.before?.isHidden == true } }
}

/// A question as it stands for one asker at one moment: fields that they may read, claims that nothing is left to be filled into.
public struct QuestionPlan: Sendable {
    public let schema: Schema
    public let measure: Measure?
    public let function: Aggregation.Function
    public let unit: Measure.Unit
    /// The field that is reckoned with; nil for counts and shares.
    public let field: FieldSchema?
    public let dimensions: [(dimension: Question.Dimension, field: FieldSchema)]
    /// The measure's own claim, the filters and the unit, without period and access.
    public let claim: Condition
    /// The records that the asker may read.
    public let readable: Condition
    /// The field that the period is about.
    public let period: FieldSchema?
    public let from: Instant?
    public let until: Instant
    /// The start of the period before, when it is compared with.
    public let before: Instant?
    /// Figures over fewer records than this are not told; 0: all are.
    public let threshold: Int

    /// The records counted, without the asker's access: what a list, which keeps to access by itself, is filtered by.
    public var counted: Condition { Condition.all([claim] + during(from, until)).simplified }

    func during(_ from: Instant?, _ until: Instant) -> [Condition] {
        guard let period else { return [] }
        return [from.map { Condition.compare(period.name, .greaterOrEqual, .value(.instant($0))) }, .compare(period.name, .less, .value(.instant(until)))].compactMap { $0 }
    }

    /// Nothing is nought.
    var isAdditive: Bool { switch function { case .count, .sum, .distinct: true; default: false } }

    /// Whether the figure of a whole follows from the figures of its parts.
    public var isComposable: Bool { switch function { case .percentile, .distinct: false; default: true } }
}
