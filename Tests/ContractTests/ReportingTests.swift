import Foundation
@testable import Kernel
@testable import Store
import TestKit
import Testing

/// Reporting tools: what a login reads with PostgreSQL's own client is what its person reads in a session, and nothing else.
@Suite(.enabled(if: TestDatabase.isPostgres)) struct ReportingTests {
    /// A login of the whole test server, so with a name of its own.
    struct Login {
        let platform: Platform
        let name = "r" + UUID().uuidString.replacing("-", with: "").lowercased().prefix(16)
        let password = "a word for tests ' \\ $1 ?"

        var address: String {
            guard let store = platform.store as? PostgresStore, var parts = URLComponents(string: store.address) else { return "" }
            parts.user = name
            parts.password = password
            return parts.string ?? ""
        }

        func granted(to person: RecordID) async throws -> Login {
            try await platform.grantReporting(name, to: person, password: password)
            return self
        }

        func ask(_ sql: String) throws -> (isDone: Bool, lines: [String], errors: String) { try TestDatabase.ask(sql, on: address) }
        /// The login's own views: everything that stands in its schema.
        func views() throws -> [String] {
            try ask("SELECT relname FROM pg_class WHERE relnamespace = 'reporting_\(name)'::regnamespace AND relkind = 'v' ORDER BY 1").lines
        }
        func count(_ view: String) throws -> Int? { try ask("SELECT count(*) FROM \(view)").lines.first.flatMap { Int($0) } }
    }

    @Test func `A login reads the records and fields that a session of its person reads, for every record type`() async throws {
        let population = try await Population.make(allApps + [sampleApp], seed: 83, perType: 12, isScrambled: true)
        let platform = population.platform
        for viewer in population.viewers {
            let login = try await Login(platform: platform).granted(to: viewer.id)
            let views = Set(try login.views())
            for schema in platform.schemas {
                let raws = Dictionary(uniqueKeysWithValues: try await population.rows(schema).map { ($0.id, $0) })
                let rows = try await platform.read(as: viewer) { try $0.rows(Query(schema, limit: .max)) }
                let note = "\(viewer.name) on \(schema.id)"
                guard views.contains(schema.table) else {
                    holds(rows.isEmpty, "\(note): no view of \(rows.count) records")
                    continue
                }
                // Without a schema's name: the login's search path leads to its own.
                let answer = try login.ask("SELECT row_to_json(v) FROM \(schema.table) v ORDER BY id")
                holds(answer.isDone, "\(note): \(answer.errors)")
                let told = try answer.lines.map { try JSON(text: $0) }
                same(told.compactMap(\.["id"].string), rows.map(\.id.description).sorted(), note)
                let access = Access(viewer, at: platform.now)
                let faults = zip(told, rows.sorted { $0.id < $1.id }).flatMap { told, row -> [String] in
                    guard let raw = raws[row.id] else { return ["gone"] }
                    return ReportingTests.faults(told, row, access.classes(raw))
                }
                holds(faults.isEmpty, "\(note): \(Set(faults).sorted())")
                let common = access.commonClasses(schema).subtracting([.sensitive])
                let open = schema.fields.filter { $0.isSystem || common.contains($0.fieldClass) && $0.kind != .secret }.flatMap(TableLayout.columns).map(\.name)
                if let first = told.first { same(Set(first.object?.keys.map { $0 } ?? []), Set(open), note) }
            }
            try await platform.revokeReporting(login.name)
        }
    }

    /// What a view tells of a record otherwise than a session, or beyond it.
    private static func faults(_ told: JSON, _ row: Row, _ classes: Set<FieldClass>) -> [String] {
        row.schema.fields.flatMap { field -> [String] in
            guard let value = told.object?[field.column] else { return [] }
            if !field.isSystem, !classes.contains(field.fieldClass) || field.fieldClass == .sensitive || field.kind == .secret { return ["\(field.name) is told"] }
            let expected: JSON? = switch row[field.name] {
            case .null: .null
            case .text(let text): .string(text)
            case .integer(let n), .duration(let n): .integer(n)
            case .bool(let flag): .bool(flag)
            case .reference(let id): .string(id.description)
            case .decimal(let number): .integer(number.units)
            case .money(let money): .integer(money.minor)
            case .date(let date): .string(date.iso)
            default: nil
            }
            if let expected { return value == expected ? [] : ["\(field.name) is \(value.text), not \(expected.text)"] }
            return value == .null ? ["\(field.name) is missing"] : []
        }
    }

    @Test func `Tables, other logins' views, writing and making anything are refused to a login`() async throws {
        let kit = try await TestPlatform.make(allApps)
        let login = try await Login(platform: kit.platform).granted(to: World.person("root").id)
        let other = try await Login(platform: kit.platform).granted(to: World.person("amina").id)
        same(try login.ask("SHOW default_transaction_read_only; SHOW statement_timeout").lines, ["on", "1min"])
        let views = try login.views()
        holds(views.contains("directory_person"), "an administrator reads people: \(views)")
        let barriers = try login.ask("SELECT count(*) FROM pg_class WHERE relnamespace = 'reporting_\(login.name)'::regnamespace AND 'security_barrier=true' = ANY (reloptions)").lines
        same(barriers, ["\(views.count)"])
        let tables = try login.ask("SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'S')").lines
        holds(tables.count > 40, "\(tables.count) tables")
        let refused = tables.map { "TABLE public.\"\($0)\"" } + [
            "TABLE reporting_\(other.name).directory_person", "UPDATE directory_person SET name = 'x'", "DELETE FROM directory_person",
            "INSERT INTO directory_person (id, name) VALUES (gen_random_uuid(), 'x')", "CREATE TABLE x ()", "CREATE TABLE public.x ()", "CREATE TEMPORARY TABLE x ()",
            "CREATE SCHEMA x", "DROP VIEW directory_person", "CREATE OR REPLACE VIEW directory_person AS SELECT 1", "SET ROLE mandate", "COPY directory_person TO PROGRAM 'true'",
            "SELECT pg_read_file('/etc/passwd')",
        ]
        // One session for all: each is tried, and what is not refused is told.
        let script = refused.map { "\\set ON_ERROR_STOP 0\n\($0);\n\\echo :SQLSTATE \($0)" }.joined(separator: "\n")
        let states = try login.ask("SET default_transaction_read_only = off;\n" + script).lines
        let done = states.filter { !$0.hasPrefix("42501 ") && !$0.hasPrefix("42809 ") }
        holds(states.count == refused.count && done.isEmpty, "\(states.count) of \(refused.count) were tried; not refused: \(done)")
        try await kit.platform.revokeReporting(login.name)
        holds(try !login.ask("SELECT 1").isDone, "a login that was revoked may still come in")
        same(try other.count("directory_person"), World.persons.count)
        try await kit.platform.revokeReporting(other.name)
    }

    @Test func `Views follow rights at once, also past a query in their way; who left reads nothing`() async throws {
        let kit = try await TestPlatform.make(allApps + [sampleApp])
        let (platform, tomas) = (kit.platform, World.person("tomas"))
        try await platform.write(as: .service("test")) { session in
            for number in 0..<3 { try session.create(Sample.self) { $0[Sample.title] = "number \(number)" } }
        }
        let login = try await Login(platform: platform).granted(to: tomas.id)
        let following = Task { await platform.followReporting() }
        defer { following.cancel() }
        same(try login.count("sample_record"), 0, "what may not be read")
        try await kit.grant("tomas", Sample.keeper)
        holds(try await ReportingTests.within(10) { try login.count("sample_record") == 3 }, "a role that was given does not show")
        // A tool that keeps its transaction open holds on to the view.
        let holding = Task.detached { try login.ask("BEGIN; SELECT count(*) FROM sample_record; SELECT pg_sleep(50)") }
        holds(try await ReportingTests.within(10) {
            try TestDatabase.ask("SELECT count(*) FROM pg_stat_activity WHERE usename = '\(login.name)' AND wait_event = 'PgSleep'", on: (platform.store as? PostgresStore)?.address ?? "").lines == ["1"]
        }, "the tool is not at work")
        let start = Date()
        try await platform.write(as: .service("test")) { session in
            let given = try session.find(RoleGrant.self, where: .all([RoleGrant.person.equals(tomas), RoleGrant.role.equals(Sample.keeper.id)]))
            for grant in given { try session.move(grant.row, "withdraw", version: nil) }
        }
        holds(try await ReportingTests.within(20) { try login.count("sample_record") == 0 }, "a role that was taken away still shows")
        holds(try await !holding.value.isDone && Date().timeIntervalSince(start) < 30, "a query outlived the right to it")
        try await platform.write(as: .service("test")) { session in
            guard let person = try session.record(tomas) else { return }
            _ = try session.change(person.row, [Person.isActive.name: .bool(false)], version: nil)
        }
        holds(try await ReportingTests.within(10) { try login.views().isEmpty }, "who left still reads")
        try await platform.revokeReporting(login.name)
    }

    /// Whether it holds before the seconds are over.
    private static func within(_ seconds: Double, _ claim: @Sendable () async throws -> Bool) async throws -> Bool {
        let end = Date().addingTimeInterval(seconds)
        while Date() < end {
            if try await claim() { return true }
            try await Task.sleep(for: .milliseconds(100))
        }
        return false
    }

    @Test func `A grant that ended by time and a field that was added show with the next run of the job`() async throws {
        let kit = try await TestPlatform.make(allApps + [sampleApp])
        let platform = kit.platform
        try await kit.grant("omar", Sample.keeper, until: kit.clock.now.adding(seconds: 3600))
        let root = try await kit.viewer("root")
        try await platform.write(as: root) { session in
            _ = try session.addField(to: platform.schema(of: Sample.self), name: "shelf", kind: .integer, labels: [.en: "Shelf"])
        }
        let schema = platform.schema(of: Sample.self)
        try await platform.write(as: .service("test")) { session in _ = try session.create(schema, ["title": .text("it's a \\ box?"), "shelf": .integer(-7)]) }
        let login = try await Login(platform: platform).granted(to: World.person("omar").id)
        same(try login.ask("SELECT title, shelf + 1 FROM sample_record").lines, ["it's a \\ box?|-6"])
        same(try await platform.keepReporting(), [], "nothing changed, and views were made anew")
        kit.clock.advance(3601)
        let job = Worker(platform, jobs: [Platform.reportingJob])
        try await job.schedule()
        while try await job.runNext() {}
        same(try login.count("sample_record"), 0, "a grant that ended still shows")
        try await platform.revokeReporting(login.name)
    }

    @Test func `A login that has rights of its own, a name that is none, and another's login are refused`() async throws {
        let kit = try await TestPlatform.make(allApps)
        let platform = kit.platform
        let own = Login(platform: platform), address = (platform.store as? PostgresStore)?.address ?? ""
        try TestDatabase.run("CREATE ROLE \(own.name)_group; GRANT SELECT ON directory_person TO \(own.name)_group; CREATE ROLE \(own.name) LOGIN IN ROLE \(own.name)_group", on: address)
        func fault(_ name: String, _ person: String) async -> ReportingFault? {
            do { try await platform.grantReporting(name, to: World.person(person).id, password: nil) } catch { return error as? ReportingFault }
            return nil
        }
        if case .hasRights(let what)? = await fault(own.name, "amina") { holds(what.contains("directory_person"), what) } else { Issue.record("a login with rights was let in") }
        same(try await platform.reportingLogins().map(\.name), [], "what failed left a grant")
        same(await fault("mandate", "amina"), .hasRights("mandate is no mere login"))
        for name in ["", "A", "x\"; DROP TABLE ledger; --", "pg_x", String(repeating: "x", count: 41)] { same(await fault(name, "amina"), .noName(name)) }
        try TestDatabase.run("REVOKE SELECT ON directory_person FROM \(own.name)_group", on: address)
        same(await fault(own.name, "amina"), nil)
        same(await fault(own.name, "root"), .taken(own.name))
        same(await fault(own.name, "amina"), nil, "granting again")
        try await platform.revokeReporting(own.name)
        // It was there before, and so it stays.
        try TestDatabase.run("DROP ROLE \(own.name); DROP ROLE \(own.name)_group", on: address)
    }
}

/// The same question to a database that has no logins.
@Suite(.enabled(if: !TestDatabase.isPostgres)) struct ReportingWithoutLoginsTests {
    @Test func `On SQLite a reporting login is refused`() async throws {
        let kit = try await TestPlatform.make(allApps)
        await #expect(throws: ReportingFault.noLogins) { try await kit.platform.grantReporting("tool", to: World.person("amina").id, password: nil) }
        same(try await kit.platform.keepReporting(), [])
    }
}
