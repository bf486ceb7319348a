import Foundation
import Kernel
import TestKit
import Testing

@Suite struct LedgerStoreTests {
    private func entry(_ number: Int, of record: RecordID) -> LedgerEntry {
        LedgerEntry(event: "change", schema: "sample.record", record: record, version: number, at: TestPlatform.start.adding(seconds: number), facts: ["n": .integer(Int64(number))])
    }

    @Test(arguments: Driver.all) func `Entries have the order of their transactions, without a gap, and come back as they were`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let records = (1...3).map { RecordID(high: 0, low: UInt64($0)) }
        let entries = (0..<30).map { entry($0, of: records[$0 % 3]) }
        for start in stride(from: 0, to: 30, by: 10) {
            try await store.write { store in for entry in entries[start..<start + 10] { try store.append(entry) } }
        }
        let (size, some, own) = try await store.read { store in (try store.ledgerSize(), try store.entries(from: 7, limit: 5), try store.entries(of: records[1])) }
        same(size, 30)
        same(some.map(\.index), [7, 8, 9, 10, 11])
        same(some.map(\.leaf), entries[7..<12].map(\.leaf))
        same(own.map(\.index), Array(stride(from: 1, to: 30, by: 3)))
        holds((some + own).allSatisfy { $0.isIntact && $0.schema == "sample.record" }, "payloads are what the leaves committed to")
    }

    @Test(arguments: Driver.all) func `A payload can be replaced and its leaf stays`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let record = RecordID(high: 0, low: 1)
        let original = entry(1, of: record)
        try await store.write { try $0.append(original) }
        let kept = try await store.write { store in
            let cleaned = original.erasing(["n"])
            try store.replacePayload(of: 0, payload: cleaned.payload, salt: cleaned.salt)
            return try store.entries(of: record).first
        }
        same(kept?.leaf, original.leaf)
        same(kept?.erasedFields, ["n"])
        same(kept?.isIntact, true)
    }

    @Test(arguments: Driver.all) func `The last checkpoint and the tiles are kept`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let hash = try #require(Hash(Data(repeating: 3, count: 32)))
        let none = try await store.read { store in try store.checkpoint() == nil && store.tileHash(level: 0, index: 0) == nil }
        let (size, note, tile, other) = try await store.write { store in
            try store.keep(checkpoint: "first", size: 256, tiles: [(level: 1, index: 0, hash: hash)])
            try store.keep(checkpoint: "second", size: 300, tiles: [])
            let last = try store.checkpoint()
            return (last?.size, last?.note, try store.tileHash(level: 1, index: 0), try store.tileHash(level: 0, index: 1))
        }
        holds(none, "an empty ledger has no checkpoint")
        same(size, 300)
        same(note, "second")
        same([tile, other], [hash, nil])
    }
}
