public import Kernel

/// Every relation of a document with what became of it, for a program or a person at a terminal.
public struct PlanCheckReport: Sendable {
    public struct Check: Sendable {
        public let id: String
        public let printed: String, computed: String, difference: String
        /// What its numbers are counted in; of a share, also what it is a share of.
        public let base: String
        public let holds: Bool
        /// It does not hold, and a waiver lets it stand.
        public let isWaived: Bool
        /// A reading that is meant not to hold.
        public let isCounterTest: Bool
    }

    public let symbol: String
    public let checks: [Check]
    /// What reading the document and computing all of them took.
    public let milliseconds: Int

    /// Those that should hold, do not, and are not waived.
    public var open: [Check] { checks.filter { !$0.holds && !$0.isWaived && !$0.isCounterTest } }

    init(_ document: Record<BudgetDocument>, _ session: Session) throws {
        let start = ContinuousClock.now
        let book = try PlanBook(document, session)
        milliseconds = Int((ContinuousClock.now - start) / .milliseconds(1))
        symbol = book.figures.symbol
        checks = book.verdicts.map { verdict in
            let whole = verdict.relation.whole.map(\.wire).joined(separator: " + ")
            let base = verdict.relation.base(in: book.figures).rawValue
            return Check(
                id: verdict.relation.id, printed: verdict.printed.description, computed: verdict.computed?.description ?? "—",
                difference: verdict.difference?.description ?? "—", base: whole.isEmpty ? base : "\(base): \(whole)", holds: verdict.isKept,
                isWaived: book.waiver(of: verdict) != nil, isCounterTest: verdict.relation.kind.isCounterTest)
        }
    }

    public var json: JSON {
        ["document": .string(symbol), "milliseconds": .integer(Int64(milliseconds)), "checks": .array(checks.map { check in
            ["id": .string(check.id), "printed": .string(check.printed), "computed": .string(check.computed), "difference": .string(check.difference),
             "base": .string(check.base), "holds": .bool(check.holds), "waived": .bool(check.isWaived), "counter-test": .bool(check.isCounterTest)]
        })]
    }

    public var text: String {
        let failing = checks.filter { !$0.holds && !$0.isCounterTest }
        let lines = failing.map { "  \($0.id): printed \($0.printed), computed \($0.computed), difference \($0.difference), base \($0.base)\($0.isWaived ? "  (waived)" : "")" }
        return (["\(symbol): \(checks.count(where: \.holds)) of \(checks.count) relations hold, \(failing.count) do not (\(milliseconds) ms)"] + lines).joined(separator: "\n")
    }
}

/// Computes every relation of the latest document, or of the one named; nil when there is none.
public func checkPlan(_ symbol: String? = nil, on platform: Platform, as viewer: Viewer) async throws -> PlanCheckReport? {
    try await platform.read(as: viewer) { session in
        let asked = symbol.map { BudgetDocument.symbol.equals($0) } ?? .always
        return try session.first(BudgetDocument.self, where: asked, sort: [.down(BudgetDocument.year)]).map { try PlanCheckReport($0, session) }
    }
}

extension Relation.Term {
    fileprivate var wire: String {
        switch what {
        case .cell(let cell): cell.place
        case .posts(let set): ["posts", set.source.rawValue, set.component?.rawValue, set.grade?.rawValue].compactMap { $0 }.joined(separator: "/")
        case .constant(let tenths): FixedPoint(units: tenths, scale: 1).description
        }
    }
}
