import Foundation
import Kernel

/// One snapshot of the PostgreSQL store.
class PostgresReader: StoreReader {
    let connection: PostgresConnection
    let layouts: LayoutCache
    private var cursors = 0

    /// Rows fetched at a time when a query has more than this.
    private static let portion = 1_000

    init(_ connection: PostgresConnection, _ layouts: LayoutCache) {
        self.connection = connection
        self.layouts = layouts
    }

    func layout(_ schema: Schema) -> TableLayout { layouts.layout(schema) }

    func row(_ schema: Schema, _ id: RecordID) throws -> Row? {
        let layout = layout(schema)
        return try connection.run(Fragment("SELECT \(layout.list) FROM \(layout.table) WHERE \"id\" = ?", [.id(id)])).first.map { try layout.row($0) }
    }

    func rows(_ query: Query) throws -> [Row] {
        var rows: [Row] = []
        rows.reserveCapacity(min(query.limit, Self.portion))
        try each(query) { rows.append($0) }
        return rows
    }

    func each(_ query: Query, _ body: (Row) throws -> Void) throws {
        let layout = layouts.layout(query.schema, fields: query.fields)
        let fragment = QuerySQL(layout: layout).fragment(query)
        if query.limit <= Self.portion {
            let result = try connection.run(fragment)
            for index in 0..<result.count { try body(layout.row(result[index])) }
            return
        }
        // The server keeps the rest: an export of everything takes no more memory than a page.
        cursors += 1
        let name = "c\(cursors)"
        _ = try connection.once(Fragment("DECLARE \(name) NO SCROLL CURSOR FOR \(fragment.sql)", fragment.arguments))
        while true {
            let result = try connection.once(Fragment("FETCH \(Self.portion) FROM \(name)"))
            for index in 0..<result.count { try body(layout.row(result[index])) }
            if result.count < Self.portion { break }
        }
        _ = try connection.once(Fragment("CLOSE \(name)"))
    }

    func count(_ schema: Schema, where condition: Condition, upTo limit: Int) throws -> Count {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        let capped = limit < .max
        let query = capped
            ? Fragment("SELECT count(*) FROM (SELECT 1 FROM \(layout.table) WHERE \(claim.sql) LIMIT \(limit + 1)) AS counted", claim.arguments)
            : Fragment("SELECT count(*) FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)
        let number = try connection.run(query).first?.integer(0) ?? 0
        return Count(number: min(number, limit), isCapped: number > limit)
    }

    func estimate(_ schema: Schema, where condition: Condition) throws -> Int? {
        let layout = layout(schema)
        // Never analysed: what the planner says then is a guess from the size of the file.
        let known = try connection.run(Fragment("SELECT reltuples >= 0 FROM pg_class WHERE oid = ?::regclass", [.text(layout.table)])).first?.bool(0)
        guard known == true else { return nil }
        let claim = ConditionSQL(layout: layout).fragment(condition)
        // With its values, which the estimate depends on; so it is planned anew each time.
        let plan = try connection.once(Fragment("EXPLAIN SELECT FROM \(layout.table) WHERE \(claim.sql)", claim.arguments)).first?.text(0)
        return plan?.firstMatch(of: /rows=(\d+)/).flatMap { Int($0.1) }
    }

    // MARK: Figures

    func aggregate(_ aggregation: Aggregation) throws -> [AggregateRow] {
        let query = AggregateSQL(layout: layout(aggregation.schema), aggregation: aggregation), groups = aggregation.by.count
        let result = try connection.run(query.fragment)
        return (0..<result.count).map { index in
            let row = result[index]
            let exact = query.isExact ? row.integer(groups + 1).map(Int64.init) : nil
            return query.row(
                aggregation.by.indices.map { query.group(row, $0) }, n: row.integer(groups) ?? 0, number: exact.map(Double.init) ?? row.real(groups + 1), exact: exact)
        }
    }

    func counts(_ schema: Schema, of moment: String, in periods: Periods, where condition: Condition) throws -> [Int] {
        guard let fragment = SeriesSQL(layout: layout(schema)).counts(of: moment, in: periods, where: condition) else { return [] }
        let result = try connection.run(fragment)
        return periods.counts((0..<result.count).map { (result[$0].integer(0) ?? 0, result[$0].integer(1) ?? 0) })
    }

    func cells(_ gathering: Gathering) throws -> [GatheredCell] {
        let query = GatheringSQL(layout: layout(gathering.schema), gathering: gathering)
        guard let fragment = query.fragment else { return [] }
        let result = try connection.run(fragment)
        return (0..<result.count).compactMap { index in
            let row = result[index]
            guard let number = row.integer(0), let count = row.integer(1), let longitude = row.real(2), let latitude = row.real(3) else { return nil }
            return query.cell(number: Int64(number), count: count, longitude: longitude, latitude: latitude, rank: row.integer(4))
        }
    }

    func explain(_ aggregation: Aggregation) throws -> String {
        AggregateSQL(layout: layout(aggregation.schema), aggregation: aggregation).fragment.written(.postgres)
    }

    /// Within the snapshot: when the statement is broken off, what was read before stays, and more can be read.
    func limited<T>(to seconds: Int, _ body: () throws -> T) throws -> T {
        try connection.queue(Fragment("SAVEPOINT limited"))
        try connection.queue(Fragment("SET LOCAL statement_timeout = \(seconds * 1000)"))
        do {
            let result = try body()
            try connection.queue(Fragment("SET LOCAL statement_timeout TO DEFAULT"))
            try connection.queue(Fragment("RELEASE SAVEPOINT limited"))
            return result
        } catch PostgresFault.refused(code: "57014", message: _, detail: _) {
            connection.forget()
            // The setting is undone with what came after the savepoint.
            try connection.run(Fragment("ROLLBACK TO SAVEPOINT limited"))
            throw StoreFault.tooSlow
        }
    }

    // MARK: Searching

    func search(_ schema: Schema, terms: [String], parts: Set<SearchPart>, where condition: Condition, limit: Int) throws -> [RecordID] {
        let layout = layout(schema)
        let claim = ConditionSQL(layout: layout).fragment(condition)
        // The claim's columns stand alone: nothing of the index has a name that a field could have.
        let sql = """
            SELECT "found record", "found size" FROM (SELECT record AS "found record", size AS "found size" FROM \(PostgresMigration.searchTable(schema)) \
            WHERE terms @> ? AND part IN (\(parts.map { String($0.rawValue) }.sorted().joined(separator: ",")))) AS found
            JOIN \(layout.table) ON "id" = "found record" WHERE \(claim.sql)
            """
        func ranked(_ terms: [String], _ order: String, most: Int) throws -> SearchRanking {
            var ranking = SearchRanking(limit: limit)
            let result = try connection.run(Fragment("\(sql)\(order) LIMIT ?", [.texts(terms)] + claim.arguments + [.integer(Int64(most))]))
            for index in 0..<result.count { ranking.add(result[index].id(0), size: result[index].integer(1) ?? 0) }
            return ranking
        }
        let last = try connection.run(Fragment("SELECT last_value FROM \(PostgresMigration.searchNumbers(schema))")).first?.integer(0) ?? 0
        let portions = SearchRanking.portions(limit)
        // What is found often is taken from the newest documents, wider and wider.
        for window in SearchWindow.all(last) {
            if let best = try ranked(terms + [window.term], " ORDER BY \"found size\"", most: portions[0]).best(ofMost: portions[0], isAll: false) { return best }
        }
        // What is not, from all of them. To put all of them in order first would take seconds where they are many and old: some thousands will do.
        for most in portions.dropFirst() {
            if let best = try ranked(terms, "", most: most).best(ofMost: most) { return best }
        }
        return []
    }

    // MARK: Ledger

    private func entries(_ fragment: Fragment) throws -> [LedgerEntry] {
        let result = try connection.run(fragment)
        return try (0..<result.count).map { index in
            let row = result[index]
            guard let record = row.id(1), let schema = row.text(2), let at = row.instant(3), let leaf = row.data(4), let payload = row.data(5), let salt = row.data(6)
            else { throw StoreFault.other("a ledger entry cannot be read") }
            return LedgerEntry(
                index: row.integer(0) ?? -1, record: record, schema: schema, at: at, leaf: Array(leaf), payload: Array(payload), salt: Array(salt))
        }
    }

    func entries(of record: RecordID) throws -> [LedgerEntry] {
        // Those that wait for their place come last.
        try entries(Fragment("""
            SELECT position, record, schema, at, leaf, payload, salt FROM (
                SELECT position, 0::bigint AS turn, record, schema, at, leaf, payload, salt FROM ledger WHERE record = ?
                UNION ALL SELECT NULL, turn, record, schema, at, leaf, payload, salt FROM ledger_waiting WHERE record = ?) AS both_parts
            ORDER BY position NULLS LAST, turn
            """, [.id(record), .id(record)]))
    }

    func entries(from index: Int, limit: Int) throws -> [LedgerEntry] {
        try entries(Fragment(
            "SELECT position, record, schema, at, leaf, payload, salt FROM ledger WHERE position >= ? ORDER BY position LIMIT ?",
            [.integer(Int64(index)), .integer(Int64(limit))]))
    }

    func ledgerSize() throws -> Int { try connection.run(Fragment("SELECT coalesce(max(position) + 1, 0) FROM ledger")).first?.integer(0) ?? 0 }

    func checkpoint() throws -> (size: Int, note: String)? {
        let row = try connection.run(Fragment("SELECT size, note FROM ledger_checkpoint ORDER BY size DESC LIMIT 1")).first
        guard let size = row?.integer(0), let note = row?.text(1) else { return nil }
        return (size, note)
    }

    func counters() throws -> [String: Int] {
        let result = try connection.run(Fragment("SELECT name, value FROM counter"))
        return Dictionary(uniqueKeysWithValues: (0..<result.count).map { (result[$0].text(0) ?? "", result[$0].integer(1) ?? 0) })
    }

    func tileHash(level: Int, index: Int) throws -> Hash? {
        let query = Fragment("SELECT hash FROM ledger_tile WHERE level = ? AND place = ?", [.integer(Int64(level)), .integer(Int64(index))])
        return try connection.run(query).first?.data(0).flatMap { Hash($0) }
    }
}
