/// A transaction that reads each record once: rules, clocks and checks ask for the same person, service or station many times over.
/// What is written takes the place of what was read.
final class RememberingStore: StoreWriter {
    private let reader: any StoreReader
    private let writer: (any StoreWriter)?
    private var rows: [RecordID: Row] = [:]
    /// More than this is forgotten at once: a long import must not hold the database in memory.
    private static let most = 4_096

    init(_ reader: any StoreReader, writer: (any StoreWriter)? = nil) {
        self.reader = reader
        self.writer = writer
    }

    private func write() throws -> any StoreWriter {
        guard let writer else { throw StoreFault.readOnly }
        return writer
    }

    func row(_ schema: Schema, _ id: RecordID) throws -> Row? {
        guard schema.isRecord else { return try reader.row(schema, id) }
        if let row = rows[id], row.schema === schema { return row }
        let row = try reader.row(schema, id)
        if let row { remember(row) }
        return row
    }

    private func remember(_ row: Row) {
        guard row.schema.isRecord else { return }
        if rows.count >= RememberingStore.most { rows.removeAll(keepingCapacity: true) }
        rows[row.id] = row
    }

    func rows(_ query: Query) throws -> [Row] { try reader.rows(query) }
    func each(_ query: Query, _ body: (Row) throws -> Void) throws { try reader.each(query, body) }
    func count(_ schema: Schema, where condition: Condition, upTo limit: Int) throws -> Count { try reader.count(schema, where: condition, upTo: limit) }
    func estimate(_ schema: Schema, where condition: Condition) throws -> Int? { try reader.estimate(schema, where: condition) }
    func aggregate(_ aggregation: Aggregation) throws -> [AggregateRow] { try reader.aggregate(aggregation) }
    func counts(_ schema: Schema, of moment: String, in periods: Periods, where condition: Condition) throws -> [Int] {
        try reader.counts(schema, of: moment, in: periods, where: condition)
    }
    func cells(_ gathering: Gathering) throws -> [GatheredCell] { try reader.cells(gathering) }
    func limited<T>(to seconds: Int, _ body: () throws -> T) throws -> T { try reader.limited(to: seconds, body) }
    func explain(_ aggregation: Aggregation) throws -> String { try reader.explain(aggregation) }
    func search(_ schema: Schema, terms: [String], parts: Set<SearchPart>, where condition: Condition, limit: Int) throws -> [RecordID] {
        try reader.search(schema, terms: terms, parts: parts, where: condition, limit: limit)
    }
    func entries(of record: RecordID) throws -> [LedgerEntry] { try reader.entries(of: record) }
    func entries(from index: Int, limit: Int) throws -> [LedgerEntry] { try reader.entries(from: index, limit: limit) }
    func ledgerSize() throws -> Int { try reader.ledgerSize() }
    func checkpoint() throws -> (size: Int, note: String)? { try reader.checkpoint() }
    func counters() throws -> [String: Int] { try reader.counters() }
    func tileHash(level: Int, index: Int) throws -> Hash? { try reader.tileHash(level: level, index: index) }

    func insert(_ row: Row) throws {
        try write().insert(row)
        remember(row)
    }

    func update(_ row: Row, expected: Int?) throws -> Bool {
        rows[row.id] = nil
        guard try write().update(row, expected: expected) else { return false }
        remember(row)
        return true
    }

    func advance(_ row: Row, _ fields: Set<String>, by moment: String) throws {
        rows[row.id] = nil
        try write().advance(row, fields, by: moment)
    }

    func delete(_ schema: Schema, _ id: RecordID) throws {
        rows[id] = nil
        try write().delete(schema, id)
    }

    func delete(_ schema: Schema, where condition: Condition) throws {
        rows.removeAll()
        try write().delete(schema, where: condition)
    }

    func attempt(_ body: () throws -> Void) throws {
        do { try write().attempt(body) } catch {
            // What was undone may be remembered.
            rows.removeAll()
            throw error
        }
    }

    func claim(_ query: Query) throws -> Row? { try write().claim(query) }
    func announce(_ text: String) throws { try write().announce(text) }
    func next(_ counter: String) throws -> Int { try write().next(counter) }
    func keep(counter: String, at number: Int) throws { try write().keep(counter: counter, at: number) }
    func append(_ entry: LedgerEntry) throws { try write().append(entry) }
    func replacePayload(of index: Int, payload: [UInt8], salt: [UInt8]) throws { try write().replacePayload(of: index, payload: payload, salt: salt) }
    func index(_ document: SearchDocument) throws { try write().index(document) }
    func unindex(_ document: SearchDocument) throws { try write().unindex(document) }
    func keep(checkpoint note: String, size: Int, tiles: [(level: Int, index: Int, hash: Hash)]) throws {
        try write().keep(checkpoint: note, size: size, tiles: tiles)
    }
}
