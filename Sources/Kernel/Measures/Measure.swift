/// A named, versioned definition of a figure. It is computed live, under the viewer's rights, with its n.
/// Its name is the word `measure.<name>` of the app, its definition in words `measure.<name>.definition`.
public struct Measure: Sendable {
    public enum Aggregate: Sendable, Hashable {
        case count
        case sum(String), mean(String)
        case median(String), percentile(String, Double)
        /// Of the records counted, the share that also satisfies the condition.
        case share(of: Condition)
    }
    public enum Unit: String, Sendable { case number, percent, seconds, money, score }

    /// Unique over all apps: "service-desk.satisfaction".
    public let name: String
    public let version: Int
    public let schemaID: String
    public let aggregate: Aggregate
    public let condition: Condition
    /// Field of the moment that a period is about; nil: no period.
    public let period: String?
    /// Days looked back over by default.
    public let days: Int
    public let dimensions: [String]
    public let unit: Unit
    /// The records that were asked, when those counted are only the ones who answered: gives a response rate.
    public let population: Condition?
    /// The value to reach, in the unit's own terms (percent: 90 is 90 %), with the paragraph or decision that sets it.
    public let target: Double?
    public let source: String
    /// Figures by groups over fewer records than this are not told; 0: all are.
    public let threshold: Int

    public init<T: RecordType>(
        _ name: String, version: Int = 1, of type: T.Type, _ aggregate: Aggregate, where condition: Condition = .always,
        over period: (any FieldKey)? = nil, days: Int = 365, by dimensions: [any FieldKey] = [], unit: Unit = .number,
        among population: Condition? = nil, target: Double? = nil, source: String = "", threshold: Int = 0
    ) {
        self.name = name
        self.version = version
        schemaID = T.schemaID
        self.aggregate = aggregate
        self.condition = condition
        self.period = period?.schema.name
        self.days = days
        self.dimensions = dimensions.map(\.schema.name)
        self.unit = unit
        self.population = population
        self.target = target
        self.source = source
        self.threshold = threshold
    }

    public var app: String { String(name.prefix { $0 != "." }) }
}

extension Measure.Aggregate {
    public static func sum(_ key: any FieldKey) -> Self { .sum(key.schema.name) }
    public static func mean(_ key: any FieldKey) -> Self { .mean(key.schema.name) }
    public static func median(_ key: any FieldKey) -> Self { .median(key.schema.name) }
}

/// A figure read off a measure, with what it takes to check it.
public struct MeasureReading: Sendable {
    public let measure: Measure
    /// Share as a fraction of one; others in the unit. Nil over no rows.
    public let value: Double?
    /// Rows counted; for a share, the whole.
    public let n: Int
    /// For a share, how many of the n.
    public let hits: Int?
    /// Wilson 95 % interval of a share.
    public let interval: ClosedRange<Double>?
    /// How many were asked, when that differs from n.
    public let population: Int?
    public let from: Instant?
    public let until: Instant
    /// The claim as counted, the viewer's access included.
    public let condition: Condition
    /// The same without the viewer's access: what a list, which keeps to access by itself, is filtered by.
    public let counted: Condition
    /// The query as it ran, its values written into it.
    public let query: String
    /// For a share, the query of its hits.
    public let hitsQuery: String?
    /// The moment of which all records were counted, when a replica was read; nil: the moment of asking.
    public let asOf: Instant?
    public var responseRate: Double? { population.flatMap { $0 > 0 ? Double(n) / Double($0) : nil } }
    /// Whether the target is reached; nil without one.
    public var isReached: Bool? {
        guard let target = measure.target, let value else { return nil }
        return measure.unit == .percent ? value * 100 >= target : value >= target
    }
}
