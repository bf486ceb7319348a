import Foundation
public import Kernel

extension PostgresStore: ReportingStore {
    public func openReporting(_ login: String, password: String?, by administrator: String?) async throws -> Bool {
        let reporting = PostgresReporting(login: login)
        let place = try await trying { try reporting.place($0) }
        let isMade = try await asking(administrator) { try reporting.makeLogin($0, in: place, password: password) }
        try await trying { try reporting.makeSchema($0, in: place) }
        return isMade
    }

    public func closeReporting(_ login: String, isDropped: Bool, by administrator: String?) async throws {
        let reporting = PostgresReporting(login: login)
        try await trying { try reporting.takeAll($0) }
        if isDropped { try await asking(administrator) { try reporting.dropLogin($0) } }
    }

    public func keepReporting(for login: String, _ views: @escaping @Sendable (any StoreReader) throws -> [ReportingView]) async throws -> Bool {
        let (layouts, reporting) = (layouts, PostgresReporting(login: login))
        return try await trying { connection in
            for attempt in 1... {
                do {
                    return try reporting.keep(connection) { try views(PostgresReader(connection, layouts)).map { (layouts.layout($0.schema), $0) } }
                } catch let fault as PostgresFault where fault.isLocked && attempt < 3 {
                    // A query of the login's own stands in the way of what its rights are now.
                    guard connection.rollback() else { throw fault }
                    try reporting.endSessions(connection)
                }
            }
            return false
        }
    }

    public func reportingViews(of login: String) async throws -> [String]? {
        let reporting = PostgresReporting(login: login)
        return try await trying { connection in try reporting.isThere(connection) ? try reporting.present(connection).keys.sorted() : nil }
    }

    /// Uses a connection of somebody who may make logins.
    private func asking<T: Sendable>(_ administrator: String?, _ body: @escaping @Sendable (PostgresConnection) throws -> T) async throws -> T {
        guard let administrator else { return try await trying(body) }
        let pool = PostgresPool(administrator, most: 1)
        defer { pool.close() }
        do { return try await pool.use(body) } catch let fault as PostgresFault { throw fault.asStoreFault }
    }
}

/// A login of a reporting tool in the database: a role that may connect, a schema of its own, and a view for each record type in it.
struct PostgresReporting {
    /// What the names of the schemas begin with.
    static let prefix = "reporting_"

    let login: String
    private var schema: String { Self.prefix + login }

    /// Names as SQL takes them.
    struct Place: Sendable { let user, database, schema: String }

    func place(_ connection: PostgresConnection) throws -> Place {
        let names = try connection.once(Fragment("SELECT quote_ident(current_user), quote_ident(current_database()), quote_ident(current_schema())")).first
        return Place(user: names?.text(0) ?? "", database: names?.text(1) ?? "", schema: names?.text(2) ?? "public")
    }

    // MARK: The login

    /// What a session of the login begins with. It may change these for itself; its rights it may not.
    private var settings: [(name: String, value: String)] {
        [("default_transaction_read_only", "on"), ("statement_timeout", "60s"), ("idle_in_transaction_session_timeout", "60s"), ("search_path", schema)]
    }

    /// Makes the role, or sees whether the one that is there may be let in. Does only what is missing, so that an administrator can have done it before.
    func makeLogin(_ connection: PostgresConnection, in place: Place, password: String?) throws -> Bool {
        let known = try connection.once(Fragment(
            "SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls, rolcanlogin FROM pg_roles WHERE rolname = ?", [.text(login)])).first
        if let known, known.bool(0) != false || known.bool(1) != true || "\"\(login)\"" == place.user || login == place.user {
            throw ReportingFault.hasRights("\(login) is no mere login")
        }
        var (open, secret) = ([String](), [String]())
        if known == nil { open.append("CREATE ROLE \"\(login)\" LOGIN CONNECTION LIMIT 10") }
        if let password { secret.append("ALTER ROLE \"\(login)\" PASSWORD \(Dialect.postgres.literal(.text(try connection.encrypted(password, for: login))))") }
        let kept = try known == nil ? [] : self.kept(connection, place)
        for setting in settings where !kept.contains("\(setting.name)=\(setting.value)") {
            open.append("ALTER ROLE \"\(login)\" IN DATABASE \(place.database) SET \(setting.name) = '\(setting.value)'")
        }
        // Who takes rights from the login must be able to end what it is doing.
        let isMember = try known != nil && connection.once(Fragment("SELECT pg_has_role(\(Dialect.postgres.literal(.text(place.user))), ?, 'MEMBER')", [.text(login)])).first?.bool(0) == true
        if !isMember { open.append("GRANT \"\(login)\" TO \(place.user)") }
        do {
            try connection.simple((["BEGIN"] + open + secret + ["COMMIT"]).joined(separator: ";\n"))
        } catch PostgresFault.refused(let code, _, _) where code == "42501" {
            throw ReportingFault.mayNotMakeLogins(open.map { $0 + ";" }.joined(separator: "\n"))
        }
        return known == nil
    }

    private func kept(_ connection: PostgresConnection, _ place: Place) throws -> [String] {
        let result = try connection.once(Fragment("""
            SELECT unnest(setconfig) FROM pg_db_role_setting s JOIN pg_roles r ON r.oid = s.setrole JOIN pg_database d ON d.oid = s.setdatabase \
            WHERE r.rolname = ? AND quote_ident(d.datname) = ?
            """, [.text(login), .text(place.database)]))
        return (0..<result.count).compactMap { result[$0].text(0) }
    }

    func dropLogin(_ connection: PostgresConnection) throws {
        do { try connection.simple("DROP ROLE IF EXISTS \"\(login)\"") } catch PostgresFault.refused(let code, _, _) where code == "42501" {
            throw ReportingFault.mayNotMakeLogins("DROP ROLE \"\(login)\";")
        }
    }

    func isThere(_ connection: PostgresConnection) throws -> Bool {
        try connection.once(Fragment("SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = ?) AND to_regnamespace(?) IS NOT NULL", [.text(login), .text(schema)])).first?.bool(0) ?? false
    }

    func endSessions(_ connection: PostgresConnection) throws {
        _ = try connection.once(Fragment("SELECT count(pg_terminate_backend(pid, 2000)) FROM pg_stat_activity WHERE usename = ? AND datname = current_database()", [.text(login)]))
    }

    // MARK: The schema

    /// Makes the schema, and sees that nothing else is open to the login: neither by its own rights nor by those of everybody.
    func makeSchema(_ connection: PostgresConnection, in place: Place) throws {
        try connection.simple("""
            BEGIN; REVOKE CREATE, TEMPORARY ON DATABASE \(place.database) FROM PUBLIC; REVOKE CREATE ON SCHEMA \(place.schema) FROM PUBLIC; \
            REVOKE ALL ON ALL TABLES IN SCHEMA \(place.schema) FROM PUBLIC, "\(login)"; CREATE SCHEMA IF NOT EXISTS "\(schema)"
            """)
        let owner = try connection.once(Fragment("SELECT pg_has_role(nspowner, 'USAGE') FROM pg_namespace WHERE nspname = ?", [.text(schema)])).first?.bool(0)
        guard owner == true else { throw ReportingFault.schemaTaken(schema) }
        try connection.simple("REVOKE ALL ON SCHEMA \"\(schema)\" FROM PUBLIC; GRANT USAGE ON SCHEMA \"\(schema)\" TO \"\(login)\"")
        // By membership in another role, say.
        let open = try connection.once(Fragment("""
            SELECT string_agg(c.relname::text, ', ' ORDER BY c.relname) FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind IN ('r', 'p', 'v', 'm') \
            AND (has_table_privilege(?, c.oid, 'SELECT, INSERT, UPDATE, DELETE, TRUNCATE') OR has_any_column_privilege(?, c.oid, 'SELECT, INSERT, UPDATE'))
            """, [.text(login), .text(login)])).first?.text(0)
        if let open { throw ReportingFault.hasRights("\(login) may use \(open.prefix(200)) as it is") }
        try connection.simple("COMMIT")
    }

    func takeAll(_ connection: PostgresConnection) throws {
        guard try connection.once(Fragment("SELECT to_regnamespace(?) IS NOT NULL", [.text(schema)])).first?.bool(0) == true else { return }
        if try isThere(connection) {
            // No new query begins, and those that run end.
            try connection.simple("REVOKE ALL ON SCHEMA \"\(schema)\" FROM \"\(login)\"")
            try endSessions(connection)
        }
        try connection.simple("DROP SCHEMA \"\(schema)\" CASCADE")
    }

    // MARK: The views

    /// The views that are there, each with what it was made of as far as the login may use it.
    func present(_ connection: PostgresConnection) throws -> [String: String] {
        let result = try connection.once(Fragment("""
            SELECT relname::text, CASE WHEN has_table_privilege(?, oid, 'SELECT') THEN obj_description(oid, 'pg_class') END FROM pg_class \
            WHERE relnamespace = to_regnamespace(?) AND relkind = 'v'
            """, [.text(login), .text(schema)]))
        return Dictionary((0..<result.count).map { (result[$0].text(0) ?? "", result[$0].text(1) ?? "") }, uniquingKeysWith: { first, _ in first })
    }

    /// One transaction: a tool sees all views as they were, or all as they are to be. `wanted` is asked once nobody else is at it.
    func keep(_ connection: PostgresConnection, _ wanted: () throws -> [(TableLayout, ReportingView)]) throws -> Bool {
        try connection.simple("BEGIN; SELECT pg_advisory_xact_lock(\(PostgresStore.Locks.reporting)); SET LOCAL lock_timeout = '2s'; SET LOCAL standard_conforming_strings = on")
        var isChanged = false
        if try isThere(connection) {
            let present = try present(connection)
            let wanted = try wanted().map { (name: $0.schema.table, sql: sql($0, $1)) }
            for name in present.keys.sorted() where !wanted.contains(where: { $0.name == name }) {
                try connection.simple("DROP VIEW \(named(name)) CASCADE")
                isChanged = true
            }
            for view in wanted {
                let mark = "mandate \(Hash(of: Data(view.sql.utf8)))"
                if present[view.name] == mark { continue }
                if present[view.name] != nil { try connection.simple("DROP VIEW \(named(view.name)) CASCADE") }
                try connection.simple("""
                    CREATE VIEW \(named(view.name)) WITH (security_barrier) AS \(view.sql);
                    COMMENT ON VIEW \(named(view.name)) IS '\(mark)'; GRANT SELECT ON \(named(view.name)) TO "\(login)"
                    """)
                isChanged = true
            }
        }
        try connection.simple("COMMIT")
        return isChanged
    }

    private func named(_ view: String) -> String { "\"\(schema)\".\"\(view)\"" }

    /// The records by the very condition that sessions ask with; the columns as in the table, and those of added fields beside them.
    private func sql(_ layout: TableLayout, _ view: ReportingView) -> String {
        var names = Set<String>()
        let columns = view.fields.flatMap { field -> [String] in
            if !field.isAdded { return TableLayout.columns(field).map { names.insert($0.name); return layout.quoted($0.name) } }
            let name = names.contains(field.column) ? "added_" + field.column : field.column
            names.insert(name)
            return ["\(layout.expression(field)) AS \(layout.quoted(name))"]
        }
        return "SELECT \(columns.joined(separator: ", ")) FROM \(layout.table) WHERE \(ConditionSQL(layout: layout).fragment(view.condition).written(.postgres))"
    }
}
