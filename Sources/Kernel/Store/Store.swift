public import Foundation

/// Where records live. Two drivers stand behind it (SQLite; PostgreSQL), one suite of tests runs on both, nothing above knows which it has.
public protocol Store: Sendable {
    /// Brings the tables in line with the declarations; returns what it did, in words for the administrator.
    @discardableResult
    func migrate(_ schemas: [Schema]) async throws -> [String]
    /// What `migrate` would do.
    func pendingMigrations(_ schemas: [Schema]) async throws -> [String]
    /// Makes room for what is to come, while servers run; gives up rather than hold them up.
    func upkeep() async throws
    /// Reads one consistent snapshot.
    func read<T: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> T) async throws -> T
    /// Reads one snapshot that may be so many seconds old: from a replica, if there is one that is no older.
    /// - Parameter body: also gets the moment of which the snapshot shows everything; nil: now.
    func read<T: Sendable>(within seconds: Int, _ body: @escaping @Sendable (any StoreReader, Instant?) throws -> T) async throws -> T
    /// One transaction: all of it or, when `body` throws, nothing.
    func write<T: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> T) async throws -> T
    /// A consistent copy of the database while it is in use.
    func backup(to file: URL) async throws
    func close() async throws
    /// What is told from here on by transactions of all servers over this database, this one included, once they are committed.
    func announcements() -> AsyncStream<Announcement>
}

extension Store {
    public func upkeep() async throws {}

    public func read<T: Sendable>(within seconds: Int, _ body: @escaping @Sendable (any StoreReader, Instant?) throws -> T) async throws -> T {
        try await read { try body($0, nil) }
    }
}

/// What a server hears of the others over the same database.
public enum Announcement: Sendable, Hashable {
    /// Told by a transaction.
    case told(String)
    /// From here on nothing is missed. Whatever was told before may have been missed: what was remembered of the database may be out of date.
    case listening
    /// The connection over which one hears is lost.
    case deaf
}

/// A snapshot of the store. Confined to the call it was given to.
public protocol StoreReader: AnyObject {
    func row(_ schema: Schema, _ id: RecordID) throws -> Row?
    func rows(_ query: Query) throws -> [Row]
    /// Rows one by one, without holding them all.
    func each(_ query: Query, _ body: (Row) throws -> Void) throws
    /// Exact up to `limit` rows.
    func count(_ schema: Schema, where condition: Condition, upTo limit: Int) throws -> Count
    /// How many rows the database's planner expects to satisfy the condition; nil when it has no statistics to say so from.
    func estimate(_ schema: Schema, where condition: Condition) throws -> Int?
    func aggregate(_ aggregation: Aggregation) throws -> [AggregateRow]
    /// How many records have the moment in each of the periods.
    func counts(_ schema: Schema, of moment: String, in periods: Periods, where condition: Condition) throws -> [Int]
    /// Where records lie, gathered by squares of a map; squares without any are left out.
    func cells(_ gathering: Gathering) throws -> [GatheredCell]
    /// The SQL of a query with its values written into it, as shown in a measure's working.
    func explain(_ aggregation: Aggregation) throws -> String
    /// Does something for so long at most; what takes longer is broken off with `StoreFault.tooSlow`, and the snapshot can still be read.
    func limited<T>(to seconds: Int, _ body: () throws -> T) throws -> T
    /// Records whose index holds the terms, best first. `parts`: which parts of the record are looked at.
    func search(_ schema: Schema, terms: [String], parts: Set<SearchPart>, where condition: Condition, limit: Int) throws -> [RecordID]
    func entries(of record: RecordID) throws -> [LedgerEntry]
    func entries(from index: Int, limit: Int) throws -> [LedgerEntry]
    /// How many entries the ledger has.
    func ledgerSize() throws -> Int
    /// The last signed checkpoint: its size and its note.
    func checkpoint() throws -> (size: Int, note: String)?
    /// The counters and their last numbers.
    func counters() throws -> [String: Int]
    /// The hash of the complete subtree of 256^level leaves, when it is kept.
    func tileHash(level: Int, index: Int) throws -> Hash?
}

extension StoreReader {
    public func estimate(_ schema: Schema, where condition: Condition) throws -> Int? { nil }
}

/// A transaction of the store.
public protocol StoreWriter: StoreReader {
    func insert(_ row: Row) throws
    /// Replaces the row if it still has version `expected` (nil: whatever it has); false when it has another.
    func update(_ row: Row, expected: Int?) throws -> Bool
    /// Sets these fields of the row that is kept, where its `moment` is before the row's; its version stays.
    func advance(_ row: Row, _ fields: Set<String>, by moment: String) throws
    func delete(_ schema: Schema, _ id: RecordID) throws
    func delete(_ schema: Schema, where condition: Condition) throws
    /// Something that may fail: what it did is then undone, and the transaction goes on.
    func attempt(_ body: () throws -> Void) throws
    /// The first row of a query, for this transaction alone: rows that others have claimed or are changing are passed over.
    func claim(_ query: Query) throws -> Row?
    /// Tells all servers over this database, when the transaction is committed.
    func announce(_ text: String) throws
    /// Adds one to a counter and returns it; counters start at 1. A transaction that fails may leave a gap.
    func next(_ counter: String) throws -> Int
    /// Sets a counter to the last number given elsewhere.
    func keep(counter: String, at number: Int) throws
    /// Appends to the ledger; its index is decided when the entry is committed.
    func append(_ entry: LedgerEntry) throws
    /// Replaces what an entry keeps beside its leaf; the leaf never changes.
    func replacePayload(of index: Int, payload: [UInt8], salt: [UInt8]) throws
    func index(_ document: SearchDocument) throws
    func unindex(_ document: SearchDocument) throws
    func keep(checkpoint note: String, size: Int, tiles: [(level: Int, index: Int, hash: Hash)]) throws
}

/// Which part of a record a search document is: what every reader of the record may find, or only those who read internal fields.
public enum SearchPart: Int, Sendable, CaseIterable {
    case open = 0, `internal` = 1
}

/// Terms under which a record is found.
public struct SearchDocument: Sendable {
    public let schema: Schema
    public let record: RecordID
    public let part: SearchPart
    /// Distinguishes documents of one record: empty for its fields, a message's id for a message.
    public let source: RecordID
    public let terms: [String]
    public init(schema: Schema, record: RecordID, part: SearchPart, source: RecordID, terms: [String]) {
        self.schema = schema
        self.record = record
        self.part = part
        self.source = source
        self.terms = terms
    }
}

/// A figure over many rows.
public struct Aggregation: Sendable {
    public enum Function: Sendable, Hashable {
        case count
        case sum(String), mean(String), least(String), greatest(String)
        /// The value below which the share `p` of the rows lies, nearest rank.
        case percentile(String, Double)
        /// How many different values there are.
        case distinct(String)
        /// The share of the rows that also satisfy a claim; how many they are is the row's `exact`.
        case share(Condition)
    }
    public var schema: Schema
    public var function: Function
    public var condition: Condition
    public var by: [Grouping]
    public init(_ schema: Schema, _ function: Function, where condition: Condition = .always, by fields: [String] = []) {
        self.init(schema, function, where: condition, grouped: fields.map(Grouping.field))
    }

    public init(_ schema: Schema, _ function: Function, where condition: Condition = .always, grouped: [Grouping]) {
        self.schema = schema
        self.function = function
        self.condition = condition
        by = grouped
    }
}

/// One group of an aggregation: what it was grouped by, how many rows, and the figure (nil over no rows).
public struct AggregateRow: Sendable, Hashable {
    public let group: [Value]
    public let n: Int
    public let value: Double?
    /// Sums of whole numbers, decimals and money, exact, in the field's smallest units; of a share, the rows that satisfy its claim.
    public let exact: Int64?
    public init(group: [Value], n: Int, value: Double?, exact: Int64?) {
        self.group = group
        self.n = n
        self.value = value
        self.exact = exact
    }
}

/// What went wrong in the store, in terms the caller can act on.
public enum StoreFault: Error, Sendable, Hashable {
    /// A unique field already has the value.
    case duplicate(field: String)
    case full
    case readOnly
    case unavailable(String)
    /// It took longer than it was allowed to.
    case tooSlow
    /// The database was made by a newer version of the program.
    case newer(String)
    case other(String)
}
