import Foundation
import Kernel
import TestKit
import Testing

@Suite struct RecordTests {
    @Test(arguments: Driver.all) func `What is written is read again, every kind of field`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(500, seed: 1)
        try await store.write { store in for row in rows { try store.insert(row) } }
        let read = try await store.read { store in try rows.map { try store.row(Samples.sample, $0.id)?.values } }
        let wrong = zip(rows, read).filter { $0.values != $1 }.map { "\($0.values) is \($1 ?? [])" }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `An update takes the version it expects, and says when another was first`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let row = sampleRows(1, seed: 2)[0]
        let (taken, stale, absent, forced, kept) = try await store.write { store in
            try store.insert(row)
            var next = row
            next["version"] = .integer(Int64(row.version + 1))
            next["title"] = .text("second")
            let taken = try store.update(next, expected: row.version)
            var late = row
            late["title"] = .text("late")
            let stale = try store.update(late, expected: row.version)
            let absent = try store.update(sampleRows(2, seed: 3)[1], expected: nil)
            next["title"] = .text("third")
            let forced = try store.update(next, expected: nil)
            return (taken, stale, absent, forced, try store.row(Samples.sample, row.id)?.text("title"))
        }
        same([taken, stale, absent, forced], [true, false, false, true])
        same(kept, "third")
    }

    @Test(arguments: Driver.all) func `A second record with the same id or unique value is refused by the field's name`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var first = sampleRows(1, seed: 4)[0], second = sampleRows(2, seed: 5)[1], free = sampleRows(3, seed: 6)[2]
        first["code"] = .text("A")
        second["code"] = .text("A")
        free["code"] = .null
        let (one, two, three) = (first, second, free)
        var again = free
        again["id"] = first["id"]
        let repeated = again
        try await store.write { store in try store.insert(one) }
        var faults: [StoreFault] = []
        for row in [two, repeated] {
            do { try await store.write { store in try store.insert(row) } } catch let fault as StoreFault { faults.append(fault) }
        }
        try await store.write { store in
            try store.insert(three)
            var again = Row(new: Samples.sample, id: RecordID(high: 1, low: 99))
            again["title"] = .text("no code either")
            again["state"] = .text("draft")
            try store.insert(again)
        }
        same(faults, [.duplicate(field: "code"), .duplicate(field: "id")])
    }

    @Test(arguments: Driver.all) func `Deleting takes away what was meant, and counters count`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(200, seed: 7)
        let claim = Sample.flag.equals(true)
        let left = try await store.write { store in
            for row in rows { try store.insert(row) }
            try store.delete(Samples.sample, where: claim)
            if let row = rows.first(where: { !claim.holds(for: $0) }) { try store.delete(Samples.sample, row.id) }
            return try store.count(Samples.sample, where: .always, upTo: .max).number
        }
        let numbers = try await store.write { store in try ["a", "a", "b", "a"].map { try store.next($0) } }
        same(left, rows.filter { !claim.holds(for: $0) }.count - 1)
        same(numbers, [1, 2, 1, 3])
    }

    @Test(arguments: Driver.all) func `A transaction that fails leaves nothing: no row, no ledger entry, no search term, and no number is given twice`(driver: Driver) async throws {
        struct Stop: Error {}
        let store = try await driver.sampled()
        let row = sampleRows(1, seed: 8)[0]
        await #expect(throws: Stop.self) {
            try await store.write { store in
                try store.insert(row)
                _ = try store.next("a")
                try store.append(LedgerEntry(event: "create", schema: "sample.record", record: row.id, version: 1, at: row.createdAt, facts: [:]))
                try store.index(SearchDocument(schema: Samples.sample, record: row.id, part: .open, source: row.id, terms: ["wate"]))
                throw Stop()
            }
        }
        let (rows, entries, next) = try await store.write { store in
            try store.insert(row)
            let found = try store.search(Samples.sample, terms: ["wate"], parts: [.open], where: .always, limit: 9)
            return (found.count, try store.ledgerSize(), try store.next("a"))
        }
        same([rows, entries], [0, 0])
        same(next, driver.returnsNumbers ? 1 : 2)
    }

    @Test(arguments: Driver.all) func `What is attempted and fails is undone, and the transaction goes on`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var rows = sampleRows(3, seed: 9)
        for index in rows.indices { rows[index]["code"] = .text(index == 1 ? "code 0" : "code \(index)") }
        let (faults, kept) = try await store.write { [rows] store in
            var faults: [StoreFault] = []
            for row in rows {
                do { try store.attempt { try store.insert(row) } } catch let fault as StoreFault { faults.append(fault) }
            }
            return (faults, try store.rows(Query(Samples.sample, limit: 10)).map(\.id))
        }
        same(faults, [.duplicate(field: "code")])
        same(Set(kept), [rows[0].id, rows[2].id])
    }
}
