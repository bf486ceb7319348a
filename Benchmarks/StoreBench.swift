import Foundation
import Kernel
import ServiceDesk
import Store

/// The session against the bare database.
struct StoreBench {
    let world: BenchWorld

    func run(_ table: inout Table) async throws {
        try await lists(&table)
        try await searches(&table)
        try await measures(&table)
        try await writes(&table)
    }

    private func lists(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, agent = world.agent, engine = world.engine
        let listed = Condition.oneOf("state", (schema.lifecycle?.open ?? []).map(Value.text))
        let down = if case .sqlite = engine { "DESC" } else { "DESC NULLS LAST" }
        let up = if case .sqlite = engine { "" } else { "NULLS FIRST" }
        func page(_ claim: String, _ order: String) -> String { "SELECT * FROM \(schema.table) WHERE \(world.isOpen) \(claim) ORDER BY \(order) LIMIT 50" }
        func own(_ viewer: Viewer, _ query: Query) async throws -> Times { try await Times.of(200) { _ in _ = try await platform.read(as: viewer) { try $0.rows(query) } } }

        let newest = Query(schema, where: listed, sort: [Sort("created-at", descending: true)])
        let plain = try await own(.service("bench"), newest)
        table.add("list of 50, no access rules", plain, limit: "the same SQL, bare", try await engine.times(page("", "created_at \(down), id DESC")))
        table.add("list of 50, an agent's access", try await own(agent, newest), limit: "without access rules", plain)
        let mine = Query(schema, where: .all([listed, .isMe("owner")]), sort: [Sort("resolution-due")])
        table.add(
            "agent's queue, by due time", try await own(agent, mine), limit: "the same SQL, bare",
            try await engine.times(page("AND owner = \(engine.literal(agent.id))", "resolution_due \(up), id")))
        let urgent = Query(schema, where: .all([listed, .oneOf("priority", [.text("p1"), .text("p2")])]), sort: [Sort("created-at", descending: true)])
        table.add(
            "list, filter and sort", try await own(agent, urgent), limit: "the same SQL, bare",
            try await engine.times(page("AND priority IN ('p1', 'p2')", "created_at \(down), id DESC")))
        table.add("a requester's own", try await own(world.asker, Query(schema, where: Condition.isMe("requester").or(.isMe("affected")), sort: [Sort("created-at", descending: true)])))
        table.add(
            "count, capped at 1,000", try await Times.of(50) { _ in _ = try await platform.read(as: agent) { try $0.count(schema, where: listed, upTo: 1000) } },
            limit: "the same SQL, bare", try await engine.times("SELECT count(*) FROM (SELECT 1 FROM \(schema.table) WHERE \(world.isOpen) LIMIT 1001) AS counted", 50))
        let ids = try await platform.read(as: agent) { try $0.rows(Query(schema, limit: 200)).map(\.id) }
        table.add(
            "one record, access decided", try await Times.of(200) { index in _ = try await platform.read(as: agent) { try $0.row(schema, ids[index % ids.count]) } },
            limit: "the row by id, bare", try await engine.times("SELECT * FROM \(schema.table) WHERE id = \(engine.literal(ids[0]))"))
    }

    private func searches(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, agent = world.agent
        for (name, text) in [("English", "payslip transfer"), ("Arabic", "المكتب الميداني"), ("Chinese", "重启"), ("a reference", "K50020")] {
            table.add("search, \(name)", try await Times.of(20) { _ in _ = try await platform.read(as: agent) { try $0.search(schema, text) } })
        }
    }

    /// The desk's measures, each over the period of its own and over all time: twelve and more figures.
    private func measures(_ table: inout Table) async throws {
        let platform = world.platform, agent = world.agent
        let measures = try await platform.read(as: agent) { session in session.measures().filter { $0.schemaID == world.request.id } }
        guard !measures.isEmpty else { throw BenchFault(text: "no measures") }
        for (name, days) in [("in its period", nil as Int?), ("of all time", 0)] {
            let times = try await Times.of(measures.count * 2, warm: 0) { index in
                _ = try await platform.read(as: agent) { try $0.read(measures[index % measures.count], days: days) }
            }
            table.add("a measure of \(measures.count), \(name)", times)
        }
    }

    private func writes(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, world = world, engine = world.engine
        let (bytes, id) = if case .sqlite = engine { ("BLOB PRIMARY KEY", "randomblob(16)") } else { ("uuid PRIMARY KEY", "gen_random_uuid()") }
        try engine.run(["DROP TABLE IF EXISTS bench_bare", "CREATE TABLE bench_bare (id \(bytes), a text, b text, c bigint)"])
        let bareInsert = try await engine.times("INSERT INTO bench_bare VALUES (\(id), 'Link drops every 20 minutes', '\(String(repeating: "x", count: 200))', 7)", 300)
        let create = try await Times.of(300) { index in
            let values = world.values(1_000_000 + index, by: world.asker.id)
            try await platform.write(as: world.asker) { _ = try $0.create(schema, values) }
        }
        table.add("create: rules, clocks, ledger, index", create, limit: "one bare INSERT, committed", bareInsert)
        let open = try await platform.read(as: world.agent) { try $0.rows(Query(schema, where: .compare("state", .equal, .value(.text("new"))), limit: 310)) }
        let move = try await Times.of(300) { index in
            let row = open[index]
            _ = try await platform.write(as: world.agent) { try $0.move(row, "take", version: row.version) }
        }
        table.add("move: take a request", move, limit: "one bare INSERT, committed", bareInsert)
        let together = try await Self.together(8, 400) { index in
            let values = world.values(3_000_000 + index, by: world.asker.id)
            try await platform.write(as: world.asker) { _ = try $0.create(schema, values) }
        }
        table.add("create, 8 at once", together)
        // The ledger's share: the time of its own statement inside the same kind of transaction.
        let appended = try await Times.of(300) { index in
            try await platform.store.write { store in
                for number in 0..<20 {
                    try store.append(LedgerEntry(event: "bench", schema: schema.id, record: .at(.now), version: 1, at: .now, facts: ["by": "x", "n": .integer(Int64(index * 20 + number)), "text": .string(String(repeating: "x", count: 200))]))
                }
            }
        }
        let single = try await Times.of(300) { index in
            try await platform.store.write { store in
                try store.append(LedgerEntry(event: "bench", schema: schema.id, record: .at(.now), version: 1, at: .now, facts: ["by": "x", "n": .integer(Int64(index))]))
            }
        }
        let share = max(0, appended.at(0.5) - single.at(0.5)) / 19
        say(String(format: "Ledger: %.3f ms an entry of a create's %.3f ms (p50): with the ledger %.3f× of without", share, create.at(0.5), create.at(0.5) / (create.at(0.5) - share)))
    }

    /// So many at a time: the times of each, and how many a second in all.
    private static func together(_ width: Int, _ repeats: Int, _ work: @escaping @Sendable (Int) async throws -> Void) async throws -> Latencies {
        let start = Date()
        let seconds = try await withThrowingTaskGroup(of: [Double].self) { group in
            for lane in 0..<width {
                group.addTask {
                    var seconds: [Double] = []
                    for index in stride(from: lane, to: repeats, by: width) {
                        let begun = Date()
                        try await work(index)
                        seconds.append(Date().timeIntervalSince(begun))
                    }
                    return seconds
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let times = Times(seconds: seconds.sorted())
        return Latencies(perSecond: Double(repeats) / Date().timeIntervalSince(start), p50: times.at(0.5), p95: times.at(0.95), p99: times.at(0.99))
    }
}
