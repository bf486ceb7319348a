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

    func lists(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, agent = world.agent, engine = world.engine
        let listed = Condition.oneOf("state", (schema.lifecycle?.open ?? []).map(Value.text))
        let down = if case .sqlite = engine { "DESC" } else { "DESC NULLS LAST" }
        let up = if case .sqlite = engine { "" } else { "NULLS FIRST" }
        // What the store asks, access rules and all, with the values in it.
        func claim(_ viewer: Viewer, _ condition: Condition) async throws -> String {
            let read = try await platform.read(as: viewer) { $0.access.condition(.read, on: schema) }
            let asked = try await platform.store.read { try $0.explain(Aggregation(schema, .count, where: Condition.all([read, condition]).simplified)) }
            return asked.split(separator: " WHERE ", maxSplits: 1).last.map(String.init) ?? ""
        }
        let bare = "the same SQL, bare", anybody = Viewer.service("bench")
        func page(_ claim: String, _ order: String) -> String { "SELECT * FROM \(schema.table) WHERE \(claim) ORDER BY \(order) LIMIT 50" }
        func own(_ viewer: Viewer, _ query: Query) async throws -> Times { try await Times.of(200) { _ in _ = try await platform.read(as: viewer) { try $0.rows(query) } } }
        func beside(_ sql: String, _ work: () async throws -> Times) async throws -> Beside { try await Beside.of(work) { try await engine.times(sql) } }

        let newest = Query(schema, where: listed, sort: [Sort("created-at", descending: true)])
        table.add("list of 50, no access rules", limit: bare, try await beside(page(claim(anybody, listed), "created_at \(down), id DESC")) { try await own(anybody, newest) })
        table.add("list of 50, an agent's access", limit: "without access rules", try await Beside.of({ try await own(agent, newest) }, { try await own(anybody, newest) }))
        let owned = Condition.all([listed, .compare("owner", .equal, .value(.reference(agent.id)))])
        table.add(
            "agent's queue, by due time", limit: bare,
            try await beside(page(claim(agent, owned), "resolution_due \(up), id")) {
                try await own(agent, Query(schema, where: .all([listed, .isMe("owner")]), sort: [Sort("resolution-due")]))
            })
        let urgent = Condition.all([listed, .oneOf("priority", [.text("p1"), .text("p2")])])
        table.add(
            "list, filter and sort", limit: bare,
            try await beside(page(claim(agent, urgent), "created_at \(down), id DESC")) {
                try await own(agent, Query(schema, where: urgent, sort: [Sort("created-at", descending: true)]))
            })
        table.add("a requester's own", try await own(world.asker, Query(schema, where: Condition.isMe("requester").or(.isMe("affected")), sort: [Sort("created-at", descending: true)])))
        table.add(
            "count, capped at 1,000", limit: bare,
            try await beside("SELECT count(*) FROM (SELECT 1 FROM \(schema.table) WHERE \(claim(agent, listed)) LIMIT 1001) AS counted") {
                try await Times.of(200) { _ in _ = try await platform.read(as: agent) { try $0.count(schema, where: listed, upTo: 1000) } }
            })
        let ids = try await platform.read(as: agent) { try $0.rows(Query(schema, limit: 200)).map(\.id) }
        table.add(
            "one record, access decided", limit: "the row by id, bare",
            try await beside("SELECT * FROM \(schema.table) WHERE id = \(engine.literal(ids[0]))") {
                try await Times.of(200) { index in _ = try await platform.read(as: agent) { try $0.row(schema, ids[index % ids.count]) } }
            })
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
        let times = Times(seconds)
        return Latencies(perSecond: Double(repeats) / Date().timeIntervalSince(start), p50: times.at(0.5), p95: times.at(0.95), p99: times.at(0.99))
    }
}
