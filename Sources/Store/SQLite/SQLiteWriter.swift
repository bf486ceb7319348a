import Foundation
import Kernel
import GRDB

/// One transaction of the SQLite store.
final class SQLiteWriter: SQLiteReader, StoreWriter {
    private func run(_ sql: String, _ arguments: [SQLValue] = []) throws {
        let statement = try db.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments.map(\.databaseValue)))
    }

    func insert(_ row: Kernel.Row) throws {
        let layout = layout(row.schema)
        let marks = layout.columns.map { _ in "?" }.joined(separator: ", ")
        try run("INSERT INTO \(layout.table) (\(layout.list)) VALUES (\(marks))", layout.arguments(row))
    }

    func update(_ row: Kernel.Row, expected: Int?) throws -> Bool {
        let layout = layout(row.schema)
        let sets = layout.columns.map { "\(layout.quoted($0.name)) = ?" }.joined(separator: ", ")
        var sql = "UPDATE \(layout.table) SET \(sets) WHERE \"id\" = ?"
        var arguments = layout.arguments(row) + [.id(row.id)]
        if let expected {
            sql += " AND \"version\" = ?"
            arguments.append(.integer(Int64(expected)))
        }
        try run(sql, arguments)
        return db.changesCount == 1
    }

    func advance(_ row: Kernel.Row, _ fields: Set<String>, by moment: String) throws {
        if let update = SeriesSQL(layout: layout(row.schema)).advance(row, fields, by: moment) { try run(update.sql, update.arguments) }
    }

    func delete(_ schema: Schema, _ id: RecordID) throws {
        try run("DELETE FROM \(layout(schema).table) WHERE \"id\" = ?", [.id(id)])
    }

    func delete(_ schema: Schema, where condition: Condition) throws {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        try run("DELETE FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)
    }

    func attempt(_ body: () throws -> Void) throws {
        do {
            try db.inSavepoint {
                try body()
                return .commit
            }
        } catch { throw SQLiteStore.fault(error) }
    }

    /// There is one writer at a time: nothing is claimed by another.
    func claim(_ query: Query) throws -> Kernel.Row? { try rows(query).first }

    /// There is one server: it knows already.
    func announce(_ text: String) throws {}

    func next(_ counter: String) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value")
        return try Int.fetchOne(statement, arguments: [counter]) ?? 1
    }

    func keep(counter: String, at number: Int) throws {
        try run("INSERT INTO counter (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", [.text(counter), .integer(Int64(number))])
    }

    func append(_ entry: LedgerEntry) throws {
        try run(
            "INSERT INTO ledger (record, schema, at, leaf, payload, salt) VALUES (?, ?, ?, ?, ?, ?)",
            [
                .id(entry.record), .text(entry.schema), .instant(entry.at), .bytes(Data(entry.leaf)), .bytes(Data(entry.payload)), .bytes(Data(entry.salt)),
            ])
    }

    func replacePayload(of index: Int, payload: [UInt8], salt: [UInt8]) throws {
        try run(
            "UPDATE ledger SET payload = ?, salt = ? WHERE position = ?",
            [.bytes(Data(payload)), .bytes(Data(salt)), .integer(Int64(index + 1))])
    }

    func keep(checkpoint note: String, size: Int, tiles: [(level: Int, index: Int, hash: Hash)]) throws {
        for tile in tiles {
            try run(
                "INSERT INTO ledger_tile (level, place, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [.integer(Int64(tile.level)), .integer(Int64(tile.index)), .bytes(tile.hash.data)])
        }
        try run("INSERT INTO ledger_checkpoint (size, note) VALUES (?, ?)", [.integer(Int64(size)), .text(note)])
    }

    // MARK: Search index

    func index(_ document: SearchDocument) throws {
        try run(
            "INSERT INTO search_document (schema, record, part, source, size) VALUES (?, ?, ?, ?, ?)",
            [
                .text(document.schema.id), .id(document.record), .integer(Int64(document.part.rawValue)), .id(document.source), .integer(Int64(document.terms.count)),
            ])
        let number = db.lastInsertedRowID
        try run(
            "INSERT INTO \(SearchIndex.table(document.schema)) (rowid, terms) VALUES (?, ?)",
            [.integer(number), .texts(document.terms)])
    }

    func unindex(_ document: SearchDocument) throws {
        let place = [SQLValue.id(document.source), .integer(Int64(document.part.rawValue))].map(\.databaseValue)
        let statement = try db.cachedStatement(sql: "SELECT document FROM search_document WHERE source = ? AND part = ?")
        guard let number = try Int64.fetchOne(statement, arguments: StatementArguments(place)) else { return }
        let table = SearchIndex.table(document.schema)
        // The index keeps no text: to forget a document it must be told its terms again.
        try run(
            "INSERT INTO \(table) (\(table), rowid, terms) VALUES ('delete', ?, ?)",
            [.integer(number), .texts(document.terms)])
        try run("DELETE FROM search_document WHERE document = ?", [.integer(number)])
    }
}

/// The full-text index of a record type: terms only, made by the kernel, no text.
enum SearchIndex {
    static func table(_ schema: Schema) -> String { "search_\(schema.table)" }
}
