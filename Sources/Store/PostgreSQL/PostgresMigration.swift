import Foundation
import Kernel

/// Compares the declarations with a PostgreSQL database, and brings it in line: adds tables, columns and indexes; an index declared otherwise is made anew.
/// A column that is no longer declared stays where it is, so servers of the version before go on working beside those of the next.
struct PostgresMigration {
    /// Raised when the shape of the fixed tables changes; a database with a higher one was made by a newer program.
    static let format = 1

    private let connection: PostgresConnection
    private let schemas: [Schema]

    init(_ connection: PostgresConnection, _ schemas: [Schema]) {
        self.connection = connection
        self.schemas = schemas
    }

    /// A step, and whether it is done outside the transaction of the others: an index of a table in use is made beside those who write to it.
    struct Step {
        let title: String
        let sql: String
        var isBeside = false
        /// What is noted of it afterwards.
        var remark: String?
    }

    static func searchTable(_ schema: Schema) -> String { "\"search_\(schema.table)\"" }
    /// The sequence that numbers the search documents of a record type.
    static func searchNumbers(_ schema: Schema) -> String { "\"number_\(schema.table)\"" }

    static let fixed: [Step] = [
        Step(title: "ledger", sql: """
            CREATE TABLE ledger (position bigint PRIMARY KEY, record uuid NOT NULL, schema text COLLATE "C" NOT NULL, at timestamptz NOT NULL, \
            leaf bytea NOT NULL, payload bytea NOT NULL, salt bytea NOT NULL) PARTITION BY RANGE (position)
            """),
        Step(title: "ledger by record", sql: "CREATE INDEX ledger_record ON ledger (record, position)"),
        Step(title: "ledger beyond its parts", sql: "CREATE TABLE ledger_beyond PARTITION OF ledger DEFAULT"),
        // Committed entries wait here for their places. The table is emptied all the time, so it is cleaned all the time.
        Step(title: "ledger entries without a place", sql: """
            CREATE TABLE ledger_waiting (turn bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, record uuid NOT NULL, schema text COLLATE "C" NOT NULL, \
            at timestamptz NOT NULL, leaf bytea NOT NULL, payload bytea NOT NULL, salt bytea NOT NULL) \
            WITH (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500)
            """),
        Step(title: "checkpoints", sql: "CREATE TABLE ledger_checkpoint (size bigint PRIMARY KEY, note text NOT NULL)"),
        Step(title: "tiles", sql: "CREATE TABLE ledger_tile (level bigint, place bigint, hash bytea NOT NULL, PRIMARY KEY (level, place))"),
        Step(title: "counters", sql: "CREATE TABLE counter (name text COLLATE \"C\" PRIMARY KEY, value bigint NOT NULL) WITH (fillfactor = 50)"),
        Step(title: "format", sql: "CREATE TABLE store_format (format bigint NOT NULL)"),
        Step(title: "format \(format)", sql: "INSERT INTO store_format (format) VALUES (\(format))"),
    ]

    /// Brings the database in line; one server at a time, the others wait.
    /// - Parameter lockTimeout: how long a table that others use is waited for; nil: as long as any statement waits.
    func run(lockTimeout: String? = nil) throws -> [String] {
        try connection.simple("SET statement_timeout = 0")
        let patience = connection.patience
        connection.patience = .infinity
        // Asked for again and again rather than waited for: who waits in a statement holds up an index that is made beside it.
        while try connection.once(Fragment("SELECT pg_try_advisory_lock(\(PostgresStore.Locks.migration))")).first?.bool(0) != true {
            Thread.sleep(forTimeInterval: 0.2)
        }
        defer {
            try? connection.simple("SELECT pg_advisory_unlock(\(PostgresStore.Locks.migration)); SET statement_timeout = '20s'")
            connection.patience = patience
        }
        // Under the lock: two that make a table at once, even if it need not exist, can meet in its name.
        try connection.simple("CREATE TABLE IF NOT EXISTS migration (number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, title text NOT NULL, sql text NOT NULL, at timestamptz NOT NULL DEFAULT now())")
        let steps = try pending()
        try connection.simple("BEGIN" + (lockTimeout.map { "; SET LOCAL lock_timeout = '\($0)'" } ?? ""))
        for step in steps where !step.isBeside { try take(step) }
        try connection.simple("COMMIT")
        for step in steps where step.isBeside { try take(step) }
        return steps.map(\.title)
    }

    private func take(_ step: Step) throws {
        try connection.simple(step.sql)
        if let remark = step.remark { try connection.simple(remark) }
        _ = try connection.once(Fragment("INSERT INTO migration (title, sql) VALUES (?, ?)", [.text(step.title), .text(step.sql)]))
    }

    /// What there is to do.
    func pending() throws -> [Step] {
        let present = try tables()
        var steps: [Step] = []
        if present["ledger"] == nil {
            steps += Self.fixed
        } else {
            let format = try connection.once(Fragment("SELECT max(format) FROM store_format")).first?.integer(0) ?? 0
            if format > Self.format { throw StoreFault.newer("format \(format); this program knows \(Self.format)") }
        }
        steps += try PostgresParts(connection).missing(isNew: present["ledger"] == nil)
        let indexes = try self.indexes()
        for schema in schemas { steps += try self.steps(schema, present, indexes) }
        return steps
    }

    /// Numbers the places that were kept before their number along the curve of map tiles was: what `MapCurve` computes, bit by bit.
    private func unnumbered(_ column: TableLayout.Column, _ layout: TableLayout) -> [Step] {
        guard let field = layout.schema.fields.first(where: { $0.kind == .place && $0.column + "_cell" == column.name }) else { return [] }
        let place = PlaceColumns(field, layout), side = 1 << MapTile.mostZoom
        func index(_ turn: String) -> String { "least(greatest(floor((\(turn)) * \(side)), 0), \(side - 1))::bigint" }
        let x = index("\(place.longitude) / 360 + 0.5")
        let y = index("0.5 - asinh(tan(radians(least(greatest(\(place.latitude), -\(WebMercator.mostLatitude)), \(WebMercator.mostLatitude))))) / pi() / 2")
        let spread = [(16, "0000FFFF0000FFFF"), (8, "00FF00FF00FF00FF"), (4, "0F0F0F0F0F0F0F0F"), (2, "3333333333333333"), (1, "5555555555555555")]
        let numbered = spread.reduce("(SELECT \(x) AS x, \(y) AS y) AS s") { inner, step in
            func next(_ name: String) -> String { "((\(name) | (\(name) << \(step.0))) & x'\(step.1)'::bigint) AS \(name)" }
            return "(SELECT \(next("x")), \(next("y")) FROM \(inner)) AS s"
        }
        return [Step(
            title: "\(layout.schema.id): \(column.name) of what is there",
            sql: "UPDATE \(layout.table) SET \(place.cell) = (SELECT x | (y << 1) FROM \(numbered)) WHERE \(place.latitude) IS NOT NULL")]
    }

    private func steps(_ schema: Schema, _ present: [String: [String: String]], _ indexes: [String: Known]) throws -> [Step] {
        let layout = TableLayout(schema, .postgres)
        var steps: [Step] = []
        func declared(_ column: TableLayout.Column) -> String {
            "\(layout.quoted(column.name)) \(layout.type(column))\(column.kind == .text ? " COLLATE \"C\"" : "")"
        }
        if let columns = present[schema.table] {
            for column in layout.columns {
                guard let type = columns[column.name] else {
                    steps.append(Step(title: "\(schema.id): column \(column.name)", sql: "ALTER TABLE \(layout.table) ADD COLUMN \(declared(column))"))
                    steps += unnumbered(column, layout)
                    continue
                }
                if type != layout.type(column) {
                    throw StoreFault.other("\(schema.table).\(column.name) is \(type) and should be \(layout.type(column)): a field's kind cannot change")
                }
            }
        } else {
            let columns = layout.columns.map { declared($0) + ($0.name == "id" ? " PRIMARY KEY" : "") }.joined(separator: ", ")
            let parts = schema === Tables.event ? " PARTITION BY RANGE (\"id\")" : ""
            steps.append(Step(title: "\(schema.id): table", sql: "CREATE TABLE \(layout.table) (\(columns))\(parts)"))
            if !parts.isEmpty { steps += PostgresParts.first(of: schema) }
        }
        if schema.isRecord, present["search_\(schema.table)"] == nil {
            let table = Self.searchTable(schema)
            steps.append(Step(title: "\(schema.id): search index", sql: """
                CREATE TABLE \(table) (source uuid, part bigint, record uuid NOT NULL, size bigint NOT NULL, terms text[] COLLATE "C" NOT NULL, \
                PRIMARY KEY (source, part))
                """))
            steps.append(Step(title: "\(schema.id): search index by term", sql: "CREATE INDEX ON \(table) USING gin (terms)"))
        }
        if schema.isRecord, try !hasNumbers(schema) {
            steps.append(Step(title: "\(schema.id): numbers of search documents", sql: "CREATE SEQUENCE \(Self.searchNumbers(schema)) CACHE 32"))
        }
        for index in DeclaredIndex.all(of: layout) {
            steps += self.steps(index, layout, indexes, isInUse: present[schema.table] != nil && schema !== Tables.event)
        }
        return steps
    }

    private func steps(_ index: DeclaredIndex, _ layout: TableLayout, _ indexes: [String: Known], isInUse: Bool) -> [Step] {
        // PostgreSQL cuts names to 63 bytes.
        let name = String(decoding: Array(index.name.utf8.prefix(63)), as: UTF8.self)
        let sql = index.sql(layout)
        if let known = indexes[name], known.isValid, known.sql == sql { return [] }
        let title = "\(layout.schema.id): index \(index.name)"
        let beside = isInUse ? " CONCURRENTLY" : ""
        var steps: [Step] = []
        if indexes[name] != nil { steps.append(Step(title: "old \(title)", sql: "DROP INDEX\(beside) \(layout.quoted(name))", isBeside: isInUse)) }
        // PostgreSQL keeps its own wording of an index; ours stands in its comment.
        let remark = "COMMENT ON INDEX \(layout.quoted(name)) IS '\(sql.replacing("'", with: "''"))'"
        let made = sql.replacingOccurrences(of: "INDEX ", with: "INDEX\(beside) ", range: sql.range(of: "INDEX "))
        steps.append(Step(title: title, sql: made, isBeside: isInUse, remark: remark))
        return steps
    }

    // MARK: What is there

    /// Columns and their types, by table.
    private func tables() throws -> [String: [String: String]] {
        let result = try connection.once(Fragment(
            "SELECT table_name::text, column_name::text, data_type::text FROM information_schema.columns WHERE table_schema = current_schema()"))
        var tables: [String: [String: String]] = [:]
        for index in 0..<result.count {
            guard let table = result[index].text(0), let column = result[index].text(1) else { continue }
            tables[table, default: [:]][column] = result[index].text(2)
        }
        return tables
    }

    private func hasNumbers(_ schema: Schema) throws -> Bool {
        try connection.once(Fragment("SELECT to_regclass(?) IS NOT NULL", [.text(Self.searchNumbers(schema))])).first?.bool(0) ?? false
    }

    private struct Known {
        let sql: String?
        let isValid: Bool
    }

    private func indexes() throws -> [String: Known] {
        let result = try connection.once(Fragment("""
            SELECT c.relname::text, obj_description(c.oid, 'pg_class'), i.indisvalid FROM pg_class c JOIN pg_index i ON i.indexrelid = c.oid \
            WHERE c.relnamespace = current_schema()::regnamespace
            """))
        var found: [String: Known] = [:]
        for index in 0..<result.count {
            if let name = result[index].text(0) { found[name] = Known(sql: result[index].text(1), isValid: result[index].bool(2) ?? false) }
        }
        return found
    }
}

/// The ledger and the events lie in parts, so that the old can be moved to cheaper disks and the young stay in memory.
struct PostgresParts {
    /// Entries of the ledger in a part: three levels of tiles.
    static let entries = 256 * 256 * 256

    private let connection: PostgresConnection

    init(_ connection: PostgresConnection) { self.connection = connection }

    /// The parts of today and of the time to come.
    func missing(isNew: Bool, now: Date = Date()) throws -> [PostgresMigration.Step] {
        let result = try connection.once(Fragment("""
            SELECT c.relname::text FROM pg_class c WHERE c.relispartition AND c.relnamespace = current_schema()::regnamespace
            """))
        let present = Set((0..<result.count).compactMap { result[$0].text(0) })
        let last = isNew ? 0 : try connection.once(Fragment("SELECT max(position) FROM ledger")).first?.integer(0) ?? 0
        var steps: [PostgresMigration.Step] = []
        for number in (last / Self.entries)...(last / Self.entries + 1) where !present.contains("ledger_\(number)") {
            let (from, to) = (number * Self.entries, (number + 1) * Self.entries)
            // What came before its part was made stays where it is.
            let beyond = isNew ? 0 : try connection.once(Fragment(
                "SELECT count(*) FROM ledger_beyond WHERE position >= ? AND position < ?", [.integer(Int64(from)), .integer(Int64(to))])).first?.integer(0) ?? 0
            if beyond > 0 { continue }
            steps.append(.init(title: "ledger part \(number)", sql: "CREATE TABLE ledger_\(number) PARTITION OF ledger FOR VALUES FROM (\(from)) TO (\(to))"))
        }
        if present.contains("\(Tables.event.table)_beyond") {
            for month in Self.months(now) where !present.contains(month.name) {
                let beyond = try connection.once(Fragment(
                    "SELECT count(*) FROM \(Tables.event.table)_beyond WHERE id >= ? AND id < ?", [.id(month.from), .id(month.to)])).first?.integer(0) ?? 0
                if beyond == 0 { steps.append(Self.step(month)) }
            }
        }
        return steps
    }

    /// The parts of the events of a new database.
    static func first(of schema: Schema) -> [PostgresMigration.Step] {
        [.init(title: "\(schema.id): beyond its parts", sql: "CREATE TABLE \(schema.table)_beyond PARTITION OF \"\(schema.table)\" DEFAULT")]
            + months(Date()).map(step)
    }

    private struct Month {
        let name: String
        let from, to: RecordID
    }

    private static func step(_ month: Month) -> PostgresMigration.Step {
        .init(title: "events of \(month.name)", sql: "CREATE TABLE \(month.name) PARTITION OF \"\(Tables.event.table)\" FOR VALUES FROM (\(Dialect.postgres.literal(.id(month.from)))) TO (\(Dialect.postgres.literal(.id(month.to))))")
    }

    /// This month and the two that follow; ids begin with their time.
    private static func months(_ now: Date) -> [Month] {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = TimeZone(secondsFromGMT: 0) ?? .current
        let parts = calendar.dateComponents([.year, .month], from: now)
        guard let start = calendar.date(from: parts) else { return [] }
        return (0..<3).compactMap { number in
            guard let from = calendar.date(byAdding: .month, value: number, to: start), let to = calendar.date(byAdding: .month, value: number + 1, to: start) else { return nil }
            let named = calendar.dateComponents([.year, .month], from: from)
            func bound(_ date: Date) -> RecordID { RecordID(high: UInt64(date.timeIntervalSince1970 * 1000) << 16, low: 0) }
            let month = named.month ?? 0
            return Month(name: "\(Tables.event.table)_\(named.year ?? 0)_\(month < 10 ? "0" : "")\(month)", from: bound(from), to: bound(to))
        }
    }
}
