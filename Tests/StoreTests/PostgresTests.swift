import Foundation
import Kernel
import Store
import TestKit
import Testing

/// What several servers over one PostgreSQL database may rely on. The server is the one `bin/test` starts.
@Suite(.enabled(if: TestDatabase.server != nil)) struct PostgresTests {
    private func address() async throws -> String { try await TestDatabase.made(on: #require(TestDatabase.server)) }

    private func two() async throws -> (PostgresStore, PostgresStore, address: String) {
        let address = try await address()
        let stores = (PostgresStore(address, connections: 4), PostgresStore(address, connections: 4))
        try await stores.0.migrate(Tables.all + [Samples.sample])
        return (stores.0, stores.1, address)
    }

    @Test func `What a transaction tells is heard at the other server once it is committed, in the order of the commits`() async throws {
        let (one, other, _) = try await two()
        var heard = other.announcements().makeAsyncIterator()
        same(await heard.next(), .listening)
        struct Stop: Error {}
        await #expect(throws: Stop.self) {
            try await one.write { store in
                try store.announce("never")
                throw Stop()
            }
        }
        for text in ["first", "it's the second: «ثانٍ»"] { try await one.write { try $0.announce(text) } }
        same(await heard.next(), .told("first"))
        same(await heard.next(), .told("it's the second: «ثانٍ»"))
        try await one.close()
        try await other.close()
    }

    @Test func `Parts for the months to come are made while servers run, and who holds the table long is not waited for`() async throws {
        let (one, other, address) = try await two()
        func parts() throws -> [String] { try TestDatabase.ask("SELECT relname FROM pg_class WHERE relispartition AND relkind = 'r' ORDER BY 1", on: address).lines }
        let all = try parts()
        holds(all.contains("ledger_1"), "\(all)")
        try TestDatabase.run("DROP TABLE ledger_1", on: address)
        try await one.upkeep()
        same(try parts(), all, "what was missing is there")
        try TestDatabase.run("DROP TABLE ledger_1", on: address)
        // Somebody reads the ledger in a transaction that lasts until they are told to end it.
        let (reads, begun) = AsyncStream.makeStream(of: Void.self)
        let end = DispatchSemaphore(value: 0)
        let reading = Task {
            try await other.read { store in
                _ = try store.entries(from: 0, limit: 1)
                begun.yield()
                end.wait()
            }
        }
        for await _ in reads { break }
        await #expect(throws: (any Error).self, "it gives up") { try await one.upkeep() }
        try await one.write { try $0.append(LedgerEntry(event: "change", schema: "sample.record", record: RecordID(high: 1, low: 1), version: 1, at: TestPlatform.start, facts: [:])) }
        end.signal()
        try await reading.value
        try await one.upkeep()
        same(try parts(), all)
        try await one.close()
        try await other.close()
    }

    @Test func `Concurrent changes of one row lose nothing, and the ledger has no gap`() async throws {
        let (one, other, _) = try await two()
        let id = RecordID(high: 1, low: 1)
        try await one.write { store in
            var row = sampleRows(1, seed: 1)[0]
            row["id"] = .reference(id)
            row["count"] = .integer(0)
            try store.insert(row)
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<40 {
                let store = number % 2 == 0 ? one : other
                group.addTask {
                    try await store.write { store in
                        guard var row = try store.row(Samples.sample, id) else { return }
                        row["count"] = .integer(Int64((row.integer("count") ?? 0) + 1))
                        _ = try store.update(row, expected: nil)
                        try store.append(LedgerEntry(event: "change", schema: "sample.record", record: id, version: number, at: TestPlatform.start, facts: [:]))
                    }
                }
            }
            try await group.waitForAll()
        }
        let (count, entries) = try await other.read { store in (try store.row(Samples.sample, id)?.integer("count"), try store.entries(from: 0, limit: 100).map(\.index)) }
        same(count, 40)
        same(entries, Array(0..<40))
        try await one.close()
        try await other.close()
    }

    @Test func `A row that one transaction has claimed is passed over by the next`() async throws {
        let (one, other, _) = try await two()
        let rows = sampleRows(2, seed: 3)
        try await one.write { store in for row in rows { try store.insert(row) } }
        let query = Query(Samples.sample, sort: [], limit: 1)
        let (began, ended) = (DispatchSemaphore(value: 0), DispatchSemaphore(value: 0))
        let first = Task {
            try await one.write { store -> RecordID? in
                let row = try store.claim(query)
                began.signal()
                ended.wait()
                return row?.id
            }
        }
        let second = try await other.write { store -> RecordID? in
            began.wait()
            return try store.claim(query)?.id
        }
        ended.signal()
        let both = [try await first.value, second].compactMap { $0 }
        same(Set(both), Set(rows.map(\.id)))
        try await one.close()
        try await other.close()
    }

    @Test func `Connections that the server ended are made anew, and nobody notices`() async throws {
        let (one, other, address) = try await two()
        try await one.write { store in try store.insert(sampleRows(1, seed: 4)[0]) }
        var heard = one.announcements().makeAsyncIterator()
        same(await heard.next(), .listening)
        try TestDatabase.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()", on: address)
        let count = try await one.read { try $0.count(Samples.sample, where: .always, upTo: 10).number }
        let number = try await one.write { try $0.next("a") }
        same([count, number], [1, 1])
        same(await heard.next(), .deaf)
        same(await heard.next(), .listening)
        try await one.close()
        try await other.close()
    }

    @Test func `An export of more rows than one answer holds is read in portions, and another query may run meanwhile`() async throws {
        let (one, other, _) = try await two()
        let rows = sampleRows(2_500, seed: 5)
        try await one.write { store in for row in rows { try store.insert(row) } }
        let (seen, counts) = try await one.read { store in
            var seen: [RecordID] = [], counts = Set<Int>()
            try store.each(Query(Samples.sample, limit: .max)) { row in
                seen.append(row.id)
                if seen.count % 500 == 0 { counts.insert(try store.count(Samples.sample, where: .always, upTo: .max).number) }
            }
            return (seen, counts)
        }
        same(seen, rows.map(\.id).sorted())
        same(counts, [2_500])
        try await one.close()
        try await other.close()
    }

    @Test func `A server that cannot be reached is said so, without the password`() async throws {
        let store = PostgresStore("postgres://mandate:secret-word@127.0.0.1:1/mandate")
        do {
            _ = try await store.read { try $0.ledgerSize() }
            Issue.record("nothing listens on port 1")
        } catch StoreFault.unavailable(let text) {
            holds(text.contains("cannot be reached") && !text.contains("secret-word"), text)
        }
    }

    @Test func `A reading leaves no transaction open, though nobody waits for its end`() async throws {
        let address = try await address()
        let (store, other) = (PostgresStore(address, connections: 1), PostgresStore(address, connections: 1))
        _ = try await store.migrate(Tables.all + [Samples.sample])
        _ = try await other.read { try $0.ledgerSize() }
        let open = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND xact_start IS NOT NULL AND pid <> pg_backend_pid()"
        for body in [{ _ = try $0.ledgerSize() }, { _ in }, { _ = (try $0.ledgerSize(), try $0.counters()) }] as [@Sendable (any StoreReader) throws -> Void] {
            try await store.read(body)
            var isEnded = false
            for _ in 0..<50 where !isEnded {
                isEnded = try TestDatabase.ask(open, on: address).lines == ["0"]
                if !isEnded { try await Task.sleep(for: .milliseconds(100)) }
            }
            holds(isEnded, "a transaction is still open")
        }
        try await store.close()
        try await other.close()
    }

    @Test func `After a reading that failed its connection is used again, whatever failed`() async throws {
        let (one, other, _) = try await two()
        struct Stop: Error {}
        for _ in 0..<20 {
            await #expect(throws: Stop.self) {
                try await one.read { store in
                    _ = try store.ledgerSize()
                    throw Stop()
                }
            }
            await #expect(throws: StoreFault.self) { try await one.read { try $0.rows(Query(Self.unmade)) } }
            same(try await one.read { try $0.count(Samples.sample, where: .always, upTo: 10).number }, 0)
        }
        try await one.close()
        try await other.close()
    }

    /// A table that nobody made.
    private static let unmade = Schema(table: "unmade", fields: [])

    @Test func `Three servers that start at once bring the tables in line once`() async throws {
        let address = try await address()
        let stores = (0..<3).map { _ in PostgresStore(address, connections: 2) }
        let done = try await withThrowingTaskGroup(of: Int.self) { group in
            for store in stores { group.addTask { try await store.migrate(Tables.all + [Samples.sample]).count } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        same(done.filter { $0 > 0 }.count, 1)
        for store in stores { try await store.close() }
    }

    @Test func `The planner's estimate follows the condition once there are statistics, and without them there is none`() async throws {
        let (one, other, address) = try await two()
        let rows = sampleRows(3_000, seed: 6)
        try TestDatabase.run("ALTER TABLE \(Samples.sample.table) SET (autovacuum_enabled = off)", on: address)
        try await one.write { store in for row in rows { try store.insert(row) } }
        let claims: [Condition] = [.always, Sample.flag.equals(true), Sample.colour.isOneOf([.red, .blue]), .not(Sample.count.isEmpty), .never]
        @Sendable func estimates() async throws -> [Int?] { try await one.read { store in try claims.map { try store.estimate(Samples.sample, where: $0) } } }
        same(try await estimates(), claims.map { _ in nil })
        try TestDatabase.run("ANALYZE \(Samples.sample.table)", on: address)
        for (claim, estimate) in zip(claims, try await estimates()) {
            let exact = rows.filter(claim.holds).count
            holds(estimate.map { abs($0 - exact) <= 5 + exact / 10 } ?? false, "\(estimate ?? -1) of \(exact) for \(claim)")
        }
        try await one.close()
        try await other.close()
    }
}
