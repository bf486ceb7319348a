import Foundation
import Kernel

/// One transaction of the PostgreSQL store.
final class PostgresWriter: PostgresReader, StoreWriter {
    private let counters: PostgresCounters
    /// Entries of the ledger that this transaction leaves to be given their places.
    private(set) var appended = 0
    /// What is told to every server once the transaction is committed.
    private(set) var announcements: [String] = []

    init(_ connection: PostgresConnection, _ layouts: LayoutCache, _ counters: PostgresCounters) {
        self.counters = counters
        super.init(connection, layouts)
    }

    func insert(_ row: Row) throws {
        let layout = layout(row.schema)
        let marks = layout.columns.map { _ in "?" }.joined(separator: ", ")
        try connection.queue(Fragment("INSERT INTO \(layout.table) (\(layout.list)) VALUES (\(marks))", layout.arguments(row)))
    }

    func update(_ row: Row, expected: Int?) throws -> Bool {
        let layout = layout(row.schema)
        let sets = layout.columns.filter { $0.name != "id" }.map { "\(layout.quoted($0.name)) = ?" }.joined(separator: ", ")
        let values = zip(layout.columns, layout.arguments(row)).filter { $0.0.name != "id" }.map(\.1)
        var update = Fragment("UPDATE \(layout.table) SET \(sets) WHERE \"id\" = ?", values + [.id(row.id)])
        if let expected {
            update.sql += " AND \"version\" = ?"
            update.arguments.append(.integer(Int64(expected)))
        }
        return try connection.run(update).changed == 1
    }

    func advance(_ row: Row, _ fields: Set<String>, by moment: String) throws {
        if let update = SeriesSQL(layout: layout(row.schema)).advance(row, fields, by: moment) { try connection.queue(update) }
    }

    func delete(_ schema: Schema, _ id: RecordID) throws {
        try connection.queue(Fragment("DELETE FROM \(layout(schema).table) WHERE \"id\" = ?", [.id(id)]))
    }

    func delete(_ schema: Schema, where condition: Condition) throws {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        try connection.queue(Fragment("DELETE FROM \(layout.table) WHERE \(claim.sql)", claim.arguments))
    }

    func attempt(_ body: () throws -> Void) throws {
        let before = (appended, announcements)
        try connection.run(Fragment("SAVEPOINT attempt"))
        do {
            try body()
            try connection.run(Fragment("RELEASE SAVEPOINT attempt"))
        } catch {
            (appended, announcements) = before
            // A transaction that met another is tried again as a whole.
            if let fault = error as? PostgresFault, fault.isConflict || fault.isLoss { throw fault }
            connection.forget()
            try connection.run(Fragment("ROLLBACK TO SAVEPOINT attempt"))
            try connection.run(Fragment("RELEASE SAVEPOINT attempt"))
            throw (error as? PostgresFault)?.asStoreFault ?? error
        }
    }

    func claim(_ query: Query) throws -> Row? {
        let layout = layout(query.schema)
        var fragment = QuerySQL(layout: layout).fragment(query)
        fragment.sql += " FOR UPDATE SKIP LOCKED"
        return try connection.run(fragment).first.map { try layout.row($0) }
    }

    func next(_ counter: String) throws -> Int { try counters.next(counter) }

    func keep(counter: String, at number: Int) throws {
        try connection.queue(Fragment(
            "INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [.text(counter), .integer(Int64(number))]))
    }

    func announce(_ text: String) throws { announcements.append(text) }

    // MARK: Ledger

    func append(_ entry: LedgerEntry) throws {
        appended += 1
        try connection.queue(Fragment(
            "INSERT INTO ledger_waiting (record, schema, at, leaf, payload, salt) VALUES (?, ?, ?, ?, ?, ?)",
            [.id(entry.record), .text(entry.schema), .instant(entry.at), .bytes(Data(entry.leaf)), .bytes(Data(entry.payload)), .bytes(Data(entry.salt))]))
    }

    func replacePayload(of index: Int, payload: [UInt8], salt: [UInt8]) throws {
        try connection.queue(Fragment(
            "UPDATE ledger SET payload = ?, salt = ? WHERE position = ?", [.bytes(Data(payload)), .bytes(Data(salt)), .integer(Int64(index))]))
    }

    func keep(checkpoint note: String, size: Int, tiles: [(level: Int, index: Int, hash: Hash)]) throws {
        for tile in tiles {
            try connection.queue(Fragment(
                "INSERT INTO ledger_tile (level, place, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.integer(Int64(tile.level)), .integer(Int64(tile.index)), .bytes(tile.hash.data)]))
        }
        try connection.queue(Fragment("INSERT INTO ledger_checkpoint (size, note) VALUES (?, ?) ON CONFLICT DO NOTHING", [.integer(Int64(size)), .text(note)]))
    }

    // MARK: Search index

    func index(_ document: SearchDocument) throws {
        try connection.queue(Fragment(
            """
            INSERT INTO \(PostgresMigration.searchTable(document.schema)) (source, part, record, size, terms) \
            SELECT ?, ?, ?, ?, ? || \(SearchWindow.terms(of: "n")) FROM nextval('\(PostgresMigration.searchNumbers(document.schema))') AS n
            """,
            [
                .id(document.source), .integer(Int64(document.part.rawValue)), .id(document.record), .integer(Int64(document.terms.count)),
                .texts(document.terms),
            ]))
    }

    func unindex(_ document: SearchDocument) throws {
        try connection.queue(Fragment(
            "DELETE FROM \(PostgresMigration.searchTable(document.schema)) WHERE source = ? AND part = ?",
            [.id(document.source), .integer(Int64(document.part.rawValue))]))
    }
}
