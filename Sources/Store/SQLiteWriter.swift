import Foundation
import Kernel
import GRDB

/// One transaction of the SQLite store.
final class SQLiteWriter: SQLiteReader, StoreWriter {
    private func run(_ sql: String, _ arguments: [DatabaseValue] = []) throws {
        let statement = try db.cachedStatement(sql: sql)
        try statement.execute(arguments: StatementArguments(arguments))
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
        var arguments = layout.arguments(row) + [Data(row.id.bytes).databaseValue]
        if let expected {
            sql += " AND \"version\" = ?"
            arguments.append(expected.databaseValue)
        }
        try run(sql, arguments)
        return db.changesCount == 1
    }

    func delete(_ schema: Schema, _ id: RecordID) throws {
        try run("DELETE FROM \(layout(schema).table) WHERE \"id\" = ?", [Data(id.bytes).databaseValue])
    }

    func delete(_ schema: Schema, where condition: Condition) throws {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        try run("DELETE FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)
    }

    func next(_ counter: String) throws -> Int {
        let statement = try db.cachedStatement(
            sql: "INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = value + 1 RETURNING value")
        return try Int.fetchOne(statement, arguments: [counter]) ?? 1
    }

    func append(_ entry: LedgerEntry) throws {
        try run(
            "INSERT INTO ledger (record, schema, at, leaf, payload, salt) VALUES (?, ?, ?, ?, ?, ?)",
            [
                Data(entry.record.bytes).databaseValue, entry.schema.databaseValue, entry.at.microseconds.databaseValue,
                Data(entry.leaf).databaseValue, Data(entry.payload).databaseValue, Data(entry.salt).databaseValue,
            ])
    }

    func replacePayload(of index: Int, payload: [UInt8], salt: [UInt8]) throws {
        try run(
            "UPDATE ledger SET payload = ?, salt = ? WHERE position = ?",
            [Data(payload).databaseValue, Data(salt).databaseValue, (index + 1).databaseValue])
    }

    func keep(checkpoint note: String, size: Int, tiles: [(level: Int, index: Int, hash: Hash)]) throws {
        for tile in tiles {
            try run(
                "INSERT INTO ledger_tile (level, place, hash) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
                [tile.level.databaseValue, tile.index.databaseValue, tile.hash.data.databaseValue])
        }
        try run("INSERT INTO ledger_checkpoint (size, note) VALUES (?, ?)", [size.databaseValue, note.databaseValue])
    }

    // MARK: Search index

    func index(_ document: SearchDocument) throws {
        try run(
            "INSERT INTO search_document (schema, record, part, source) VALUES (?, ?, ?, ?)",
            [
                document.schema.id.databaseValue, Data(document.record.bytes).databaseValue, document.part.rawValue.databaseValue,
                Data(document.source.bytes).databaseValue,
            ])
        let number = db.lastInsertedRowID
        try run(
            "INSERT INTO \(SearchIndex.table(document.schema)) (rowid, terms) VALUES (?, ?)",
            [number.databaseValue, document.terms.joined(separator: " ").databaseValue])
    }

    func unindex(_ document: SearchDocument) throws {
        let place: [DatabaseValue] = [Data(document.source.bytes).databaseValue, document.part.rawValue.databaseValue]
        let statement = try db.cachedStatement(sql: "SELECT document FROM search_document WHERE source = ? AND part = ?")
        guard let number = try Int64.fetchOne(statement, arguments: StatementArguments(place)) else { return }
        let table = SearchIndex.table(document.schema)
        // The index keeps no text: to forget a document it must be told its terms again.
        try run(
            "INSERT INTO \(table) (\(table), rowid, terms) VALUES ('delete', ?, ?)",
            [number.databaseValue, document.terms.joined(separator: " ").databaseValue])
        try run("DELETE FROM search_document WHERE document = ?", [number.databaseValue])
    }
}

/// The full-text index of a record type: terms only, made by the kernel, no text.
enum SearchIndex {
    static func table(_ schema: Schema) -> String { "search_\(schema.table)" }
}
