import Foundation
import Kernel
import GRDB

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
        let query = Fragment("SELECT \(layout.list) FROM \(layout.table) WHERE \"id\" = ?", [.id(id)])
        return try GRDB.Row.fetchOne(statement(query)).map { try layout.row(SQLiteRow($0)) }
    }

    func rows(_ query: Query) throws -> [Kernel.Row] {
        var rows: [Kernel.Row] = []
        rows.reserveCapacity(min(query.limit, 1000))
        try each(query) { rows.append($0) }
        return rows
    }

    func each(_ query: Query, _ body: (Kernel.Row) throws -> Void) throws {
        let layout = layout(query.schema)
        let cursor = try GRDB.Row.fetchCursor(statement(QuerySQL(layout: layout).fragment(query)))
        while let row = try cursor.next() { try body(layout.row(SQLiteRow(row))) }
    }

    func count(_ schema: Schema, where condition: Condition, upTo limit: Int) throws -> Count {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        let capped = limit < .max
        let query = capped
            ? Fragment("SELECT count(*) FROM (SELECT 1 FROM \(layout.table) WHERE \(claim.sql) LIMIT ?)", claim.arguments + [.integer(Int64(limit + 1))])
            : Fragment("SELECT count(*) FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)
        let number = try Int.fetchOne(statement(query)) ?? 0
        return Count(number: min(number, limit), isCapped: number > limit)
    }

    // MARK: Figures

    func aggregate(_ aggregation: Aggregation) throws -> [AggregateRow] {
        let layout = layout(aggregation.schema)
        let query = AggregateSQL(layout: layout, aggregation: aggregation)
        let groups = aggregation.by.compactMap(layout.schema.field)
        let cursor = try GRDB.Row.fetchCursor(statement(query.fragment))
        var rows: [AggregateRow] = []
        while let row = try cursor.next() {
            let group = groups.enumerated().map { index, field in query.group(SQLiteRow(row), index, field) }
            let n: Int = row[groups.count]
            let number: Double? = row[groups.count + 1]
            let exact: Int64? = query.isExact ? row[groups.count + 1] : nil
            rows.append(AggregateRow(group: group, n: n, value: number.map { $0 / query.divisor }, exact: exact))
        }
        return rows
    }

    func explain(_ aggregation: Aggregation) throws -> String {
        AggregateSQL(layout: layout(aggregation.schema), aggregation: aggregation).fragment.written(.sqlite)
    }

    // MARK: Searching

    func search(_ schema: Schema, terms: [String], parts: Set<SearchPart>, where condition: Condition, limit: Int) throws -> [RecordID] {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        let words = terms.map { "\"\($0.replacing("\"", with: ""))\"" }.joined(separator: " AND ")
        let index = SearchIndex.table(schema)
        // The claim's columns stand alone: nothing of the index has a name that a field could have.
        let sql = """
            SELECT "found record" FROM (SELECT d.record AS "found record", f.rank AS "found rank" \
            FROM \(index) f JOIN search_document d ON d.document = f.rowid \
            WHERE \(index) MATCH ? AND d.part IN (\(parts.map { String($0.rawValue) }.sorted().joined(separator: ","))))
            JOIN \(layout.table) t ON t."id" = "found record" WHERE \(claim.sql) ORDER BY "found rank" LIMIT ?
            """
        // Several documents of one record may match: take enough of the best, then the first of each record; all when that was not enough.
        for most in [limit * 6, .max] {
            var seen = Set<RecordID>(), found: [RecordID] = [], read = 0
            let cursor = try Data.fetchCursor(statement(Fragment(sql, [.text(words)] + claim.arguments + [.integer(Int64(most))])))
            while let data = try cursor.next(), found.count < limit {
                read += 1
                if let id = RecordID(bytes: data), seen.insert(id).inserted { found.append(id) }
            }
            if found.count == limit || read < most { return found }
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

/// A row as SQLite gives it back.
struct SQLiteRow: ResultRow {
    private let row: GRDB.Row

    init(_ row: GRDB.Row) { self.row = row }

    func value(_ column: Int, _ kind: ColumnKind) -> SQLValue? {
        let stored: DatabaseValue = row[column]
        switch (kind, stored.storage) {
        case (_, .null): return .null(kind)
        case (.integer, .int64(let n)): return .integer(n)
        case (.instant, .int64(let n)): return .instant(Instant(microseconds: n))
        case (.bool, .int64(let n)): return .bool(n != 0)
        case (.real, .double(let number)): return .real(number)
        case (.real, .int64(let n)): return .real(Double(n))
        case (.text, .string(let text)): return .text(text)
        case (.json, .string(let text)): return .json(text)
        case (.day, .string(let text)): return CalendarDate(iso: text).map(SQLValue.day)
        case (.bytes, .blob(let data)): return .bytes(data)
        case (.id, .blob(let data)): return RecordID(bytes: data).map(SQLValue.id)
        default: return nil
        }
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
