import Foundation
import GRDB
import Kernel
import Store

/// The session against the bare database.
struct StoreBench {
    let world: BenchWorld

    func run(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, agent = world.agent
        let bare = try DatabaseQueue(path: world.file.path)
        let open = schema.lifecycle?.open ?? []
        let listed = Condition.oneOf("state", open.map(Value.text))
        let sort = [Sort("created-at", descending: true)]

        let isOpen = world.isOpen
        let bareSQL = "SELECT * FROM \(schema.table) WHERE \(isOpen) = 1 ORDER BY created_at DESC, id DESC LIMIT 50"
        let bareList = try await Times.of(200) { _ in _ = try await bare.read { try GRDB.Row.fetchAll($0, sql: bareSQL).map { $0.databaseValues } } }
        let asService = try await Times.of(200) { _ in _ = try await platform.read(as: .service("bench")) { try $0.rows(Query(schema, where: listed, sort: sort)) } }
        let asAgent = try await Times.of(200) { _ in _ = try await platform.read(as: agent) { try $0.rows(Query(schema, where: listed, sort: sort)) } }
        table.add("list of 50, no access rules", asService, limit: "the same SQL, bare", bareList)
        table.add("list of 50, an agent's access", asAgent, limit: "without access rules", asService)
        let asked = Condition.isMe("requester").or(.isMe("affected"))
        let own = try await Times.of(200) { _ in _ = try await platform.read(as: world.asker) { try $0.rows(Query(schema, where: asked, sort: sort)) } }
        table.add("a requester's own", own)
        let counted = try await Times.of(50) { _ in _ = try await platform.read(as: agent) { try $0.count(schema, where: listed, upTo: 1000) } }
        let bareCount = try await Times.of(50) { _ in
            _ = try await bare.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM (SELECT 1 FROM \(schema.table) WHERE \(isOpen) = 1 LIMIT 1001)") }
        }
        table.add("count, capped at 1,000", counted, limit: "the same SQL, bare", bareCount)

        let ids = try await platform.read(as: agent) { try $0.rows(Query(schema, limit: 200)).map(\.id) }
        let bareRow = try await Times.of(200) { index in
            _ = try await bare.read { try GRDB.Row.fetchOne($0, sql: "SELECT * FROM \(schema.table) WHERE id = ?", arguments: [Data(ids[index % ids.count].bytes)]) }
        }
        table.add("one record, access decided", try await Times.of(200) { index in _ = try await platform.read(as: agent) { try $0.row(schema, ids[index % ids.count]) } }, limit: "the row by id, bare", bareRow)

        for (name, text) in [("English", "payslip transfer"), ("Arabic", "البريد"), ("Chinese", "电脑"), ("a reference", "K50020")] {
            table.add("search, \(name)", try await Times.of(30) { _ in _ = try await platform.read(as: agent) { try $0.search(schema, text) } })
        }
        try await writes(&table)
    }

    private func writes(_ table: inout Table) async throws {
        let platform = world.platform, schema = world.request, world = world
        let bare = try DatabaseQueue(path: world.folder.appending(path: "bare.sqlite").path)
        try await bare.writeWithoutTransaction { db in try db.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; CREATE TABLE t (id BLOB PRIMARY KEY, a TEXT, b TEXT, c INTEGER) WITHOUT ROWID") }
        let bareInsert = try await Times.of(300) { index in
            try await bare.write { try $0.execute(sql: "INSERT INTO t VALUES (?, ?, ?, ?)", arguments: [Data(RecordID.at(.now).bytes), "Link drops every 20 minutes \(index)", String(repeating: "x", count: 200), index]) }
        }
        let create = try await Times.of(300) { index in
            let values = world.values(1_000_000 + index, by: world.asker.id)
            try await platform.write(as: world.asker) { _ = try $0.create(schema, values) }
        }
        table.add("create: rules, clocks, ledger, index", create, limit: "one bare INSERT, committed", bareInsert)
        // The ledger's share: the time of its own statement inside the same kind of transaction.
        let entries = try await Times.of(300) { index in
            let values = world.values(2_000_000 + index, by: world.asker.id)
            try await platform.write(as: world.asker) { session in _ = try session.create(schema, values) }
        }
        let appended = try await Times.of(300) { index in
            try await platform.store.write { store in
                for number in 0..<20 {
                    try store.append(LedgerEntry(event: "bench", schema: schema.id, record: .at(.now), version: 1, at: .now, facts: ["by": "x", "n": .integer(Int64(index * 20 + number)), "text": .string(String(repeating: "x", count: 200))]))
                }
            }
        }
        let empty = try await Times.of(300) { index in
            try await platform.store.write { store in _ = try store.next("bench-\(index % 7)") }
        }
        let share = max(0, appended.at(0.5) - empty.at(0.5)) / 20
        say(String(format: "Ledger: %.3f ms an entry of a create's %.3f ms (p50): with the ledger %.3f× of without", share, entries.at(0.5), entries.at(0.5) / (entries.at(0.5) - share)))
    }
}
