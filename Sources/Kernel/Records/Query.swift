/// A list of records to fetch: which, in what order, from where, how many.
public struct Query: Sendable {
    public let schema: Schema
    public var condition: Condition
    public var sort: [Sort]
    public var limit: Int
    public var after: Cursor?
    /// The fields to read beside the id; the others come empty. Nil: all. For the kernel's own readings, which know what they need.
    public var fields: Set<String>?

    public init(_ schema: Schema, where condition: Condition = .always, sort: [Sort] = [], limit: Int = 50, after: Cursor? = nil) {
        self.schema = schema
        self.condition = condition
        self.sort = sort
        self.limit = limit
        self.after = after
    }
}

/// The place in a sorted list after a row: the values it was sorted by, and its id. Opaque text in URLs.
public struct Cursor: Sendable, Hashable {
    public var values: [Value]
    public var id: RecordID

    public init(values: [Value], id: RecordID) {
        self.values = values
        self.id = id
    }

    public init(after row: Row, sort: [Sort]) {
        self.init(values: sort.map { row[$0.field] }, id: row.id)
    }
}

/// A number of rows, exact up to a limit.
public struct Count: Sendable, Hashable {
    public let number: Int
    /// There are more than `number`.
    public let isCapped: Bool
    /// How many there are by the planner's estimate, to three digits; only of a capped number, and where the database can tell.
    public let about: Int?
    public init(number: Int, isCapped: Bool, about: Int? = nil) {
        self.number = number
        self.isCapped = isCapped
        self.about = about
    }

    /// The number to its first three digits.
    static func rounded(_ number: Int) -> Int {
        var step = 1
        while number / step >= 1000 { step *= 10 }
        return (number + step / 2) / step * step
    }
}
