import Foundation
import Kernel
import GRDB
import GRDBSQLite

/// One snapshot of the SQLite store.
class SQLiteReader: StoreReader {
    let db: Database
    let layouts: LayoutCache

    init(_ db: Database, _ layouts: LayoutCache) {
        self.db = db
        self.layouts = layouts
    }

    func layout(_ schema: Schema) -> TableLayout { layouts.layout(schema) }

    private func statement(_ fragment: Fragment) throws -> Statement {
        let statement = try db.cachedStatement(sql: fragment.sql)
        try statement.setArguments(StatementArguments(fragment.arguments.map(\.databaseValue)))
        return statement
    }

    func row(_ schema: Schema, _ id: RecordID) throws -> Kernel.Row? {
        let layout = layout(schema)
        var found: Kernel.Row?
        try each(Fragment("SELECT \(layout.list) FROM \(layout.table) WHERE \"id\" = ?", [.id(id)])) { found = try layout.row($0) }
        return found
    }

    func rows(_ query: Query) throws -> [Kernel.Row] {
        var rows: [Kernel.Row] = []
        rows.reserveCapacity(min(query.limit, 1000))
        try each(query) { rows.append($0) }
        return rows
    }

    func each(_ query: Query, _ body: (Kernel.Row) throws -> Void) throws {
        let layout = layouts.layout(query.schema, fields: query.fields)
        try each(QuerySQL(layout: layout).fragment(query)) { try body(layout.row($0)) }
    }

    /// The rows of an answer, each where SQLite has it until the next is read.
    private func each(_ fragment: Fragment, _ body: (SQLiteRow) throws -> Void) throws {
        let statement = try statement(fragment)
        let cursor = try GRDB.Row.fetchCursor(statement), row = SQLiteRow(statement.sqliteStatement)
        while try cursor.next() != nil { try body(row) }
    }

    func count(_ schema: Schema, where condition: Condition, upTo limit: Int) throws -> Count {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        let capped = limit < .max
        let query = capped
            ? Fragment("SELECT count(*) FROM (SELECT 1 FROM \(layout.table) WHERE \(claim.sql) LIMIT \(limit + 1))", claim.arguments)
            : Fragment("SELECT count(*) FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)
        let number = try Int.fetchOne(statement(query)) ?? 0
        return Count(number: min(number, limit), isCapped: number > limit)
    }

    // MARK: Figures

    func aggregate(_ aggregation: Aggregation) throws -> [AggregateRow] {
        let query = AggregateSQL(layout: layout(aggregation.schema), aggregation: aggregation), groups = aggregation.by.count
        let statement = try statement(query.fragment)
        let cursor = try GRDB.Row.fetchCursor(statement), group = SQLiteRow(statement.sqliteStatement)
        var rows: [AggregateRow] = []
        while let row = try cursor.next() {
            let number: Double? = row[groups + 1]
            let exact: Int64? = query.isExact ? row[groups + 1] : nil
            rows.append(query.row(aggregation.by.indices.map { query.group(group, $0) }, n: row[groups], number: number, exact: exact))
        }
        return rows
    }

    func counts(_ schema: Schema, of moment: String, in periods: Periods, where condition: Condition) throws -> [Int] {
        guard let fragment = SeriesSQL(layout: layout(schema)).counts(of: moment, in: periods, where: condition) else { return [] }
        return periods.counts(try GRDB.Row.fetchAll(statement(fragment)).map { ($0[0], $0[1]) })
    }

    func cells(_ gathering: Gathering) throws -> [GatheredCell] {
        let query = GatheringSQL(layout: layout(gathering.schema), gathering: gathering)
        guard let fragment = query.fragment else { return [] }
        let cursor = try GRDB.Row.fetchCursor(statement(fragment))
        var cells: [GatheredCell] = []
        while let row = try cursor.next() {
            if let cell = query.cell(number: row[0], count: row[1], longitude: row[2], latitude: row[3], rank: row[4]) { cells.append(cell) }
        }
        return cells
    }

    func explain(_ aggregation: Aggregation) throws -> String {
        AggregateSQL(layout: layout(aggregation.schema), aggregation: aggregation).fragment.written(.sqlite)
    }

    func limited<T>(to seconds: Int, _ body: () throws -> T) throws -> T {
        let limit = TimeLimit(seconds)
        // Asked every some thousand steps of SQLite's machine, which take well under a millisecond.
        sqlite3_progress_handler(db.sqliteConnection, 5_000, { context in
            guard let context else { return 0 }
            return Unmanaged<TimeLimit>.fromOpaque(context).takeUnretainedValue().isOver ? 1 : 0
        }, Unmanaged.passUnretained(limit).toOpaque())
        defer {
            sqlite3_progress_handler(db.sqliteConnection, 0, nil, nil)
            withExtendedLifetime(limit) {}
        }
        do { return try body() } catch let error as DatabaseError where error.resultCode == .SQLITE_INTERRUPT && limit.isOver { throw StoreFault.tooSlow }
    }

    // MARK: Searching

    func search(_ schema: Schema, terms: [String], parts: Set<SearchPart>, where condition: Condition, limit: Int) throws -> [RecordID] {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        let words = terms.map { "\"\($0.replacing("\"", with: ""))\"" }.joined(separator: " AND ")
        let index = SearchIndex.table(schema)
        // The claim's columns stand alone: nothing of the index has a name that a field could have. Read from the newest on, and no further than asked.
        let sql = """
            SELECT "found record", "found size" FROM (SELECT d.record AS "found record", d.size AS "found size", f.rowid AS "found number" \
            FROM \(index) f CROSS JOIN search_document d ON d.document = f.rowid \
            WHERE \(index) MATCH ? AND d.part IN (\(parts.map { String($0.rawValue) }.sorted().joined(separator: ","))))
            CROSS JOIN \(layout.table) ON "id" = "found record" WHERE \(claim.sql) ORDER BY "found number" DESC LIMIT ?
            """
        for most in SearchRanking.portions(limit) {
            var ranking = SearchRanking(limit: limit)
            let cursor = try GRDB.Row.fetchCursor(statement(Fragment(sql, [.text(words)] + claim.arguments + [.integer(Int64(most))])))
            while let row = try cursor.next() { ranking.add(RecordID(bytes: row[0] as Data), size: row[1]) }
            if let best = ranking.best(ofMost: most) { return best }
        }
        return []
    }

    // MARK: Ledger

    private func entry(_ row: GRDB.Row) throws -> LedgerEntry {
        let position: Int = row[0]
        let record: Data = row[1]
        let leaf: Data = row[4], payload: Data = row[5], salt: Data = row[6]
        guard let id = RecordID(bytes: record) else { throw StoreFault.other("ledger entry \(position - 1) names no record") }
        return LedgerEntry(
            index: position - 1, record: id, schema: row[2], at: Instant(microseconds: row[3]), leaf: Array(leaf), payload: Array(payload), salt: Array(salt))
    }

    private static let entryColumns = "SELECT position, record, schema, at, leaf, payload, salt FROM ledger"

    func entries(of record: RecordID) throws -> [LedgerEntry] {
        let query = Fragment("\(Self.entryColumns) WHERE record = ? ORDER BY position", [.id(record)])
        return try GRDB.Row.fetchAll(statement(query)).map(entry)
    }

    func entries(from index: Int, limit: Int) throws -> [LedgerEntry] {
        let query = Fragment("\(Self.entryColumns) WHERE position > ? ORDER BY position LIMIT ?", [.integer(Int64(index)), .integer(Int64(limit))])
        return try GRDB.Row.fetchAll(statement(query)).map(entry)
    }

    func ledgerSize() throws -> Int { try Int.fetchOne(statement(Fragment("SELECT max(position) FROM ledger"))) ?? 0 }

    func checkpoint() throws -> (size: Int, note: String)? {
        try GRDB.Row.fetchOne(statement(Fragment("SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1"))).map { ($0[0], $0[1]) }
    }

    func counters() throws -> [String: Int] {
        let rows = try GRDB.Row.fetchAll(statement(Fragment("SELECT name, value FROM counter")))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) })
    }

    func tileHash(level: Int, index: Int) throws -> Hash? {
        let query = Fragment("SELECT hash FROM ledger_tile WHERE level = ? AND place = ?", [.integer(Int64(level)), .integer(Int64(index))])
        return try Data.fetchOne(statement(query)).flatMap { Hash($0) }
    }
}

/// A row as SQLite gives it back, read where it lies: it stands until the statement goes on.
struct SQLiteRow: ResultRow {
    private let statement: OpaquePointer

    init(_ statement: OpaquePointer) { self.statement = statement }

    func value(_ column: Int, _ kind: ColumnKind) -> SQLValue? {
        let place = Int32(column)
        switch (kind, sqlite3_column_type(statement, place)) {
        case (_, SQLITE_NULL): return .null(kind)
        case (.integer, SQLITE_INTEGER): return .integer(sqlite3_column_int64(statement, place))
        case (.instant, SQLITE_INTEGER): return .instant(Instant(microseconds: sqlite3_column_int64(statement, place)))
        case (.bool, SQLITE_INTEGER): return .bool(sqlite3_column_int64(statement, place) != 0)
        case (.real, SQLITE_FLOAT), (.real, SQLITE_INTEGER): return .real(sqlite3_column_double(statement, place))
        case (.text, SQLITE_TEXT): return .text(text(place))
        case (.json, SQLITE_TEXT): return .json(text(place))
        case (.day, SQLITE_TEXT): return CalendarDate(iso: text(place)).map(SQLValue.day)
        case (.bytes, SQLITE_BLOB): return .bytes(Data(blob(place)))
        case (.id, SQLITE_BLOB): return RecordID(blob(place)).map(SQLValue.id)
        default: return nil
        }
    }

    private func text(_ column: Int32) -> String {
        guard let start = sqlite3_column_text(statement, column) else { return "" }
        return String(decoding: UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(statement, column))), as: UTF8.self)
    }

    private func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        // An empty one has no address.
        UnsafeRawBufferPointer(start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
    }
}

extension SQLValue {
    /// The value as SQLite keeps it.
    var databaseValue: DatabaseValue {
        switch self {
        case .null: .null
        case .integer(let n): n.databaseValue
        case .real(let number): number.databaseValue
        case .text(let text), .json(let text): text.databaseValue
        case .bytes(let data): data.databaseValue
        case .id(let id): Data(id.bytes).databaseValue
        case .instant(let instant): instant.microseconds.databaseValue
        case .bool(let flag): (flag ? 1 : 0).databaseValue
        case .day(let date): date.iso.databaseValue
        case .texts(let texts): texts.joined(separator: " ").databaseValue
        }
    }
}

/// The moment until which a query may take.
private final class TimeLimit {
    private let end: ContinuousClock.Instant
    init(_ seconds: Int) { end = .now + .seconds(seconds) }
    var isOver: Bool { .now >= end }
}
