import Foundation
import Kernel
import TestKit
import Testing

@Suite struct MigrationTests {
    private static let first = Schema(table: "cargo", fields: [FieldSchema(name: "name", kind: .text), FieldSchema(name: "weight", kind: .integer)])
    private static let second = Schema(table: "cargo", fields: [
        FieldSchema(name: "name", kind: .text, traits: [.indexed]), FieldSchema(name: "weight", kind: .integer), FieldSchema(name: "port-of-entry", kind: .text),
    ])
    private static let wrong = Schema(table: "cargo", fields: [FieldSchema(name: "name", kind: .integer)])

    @Test(arguments: Driver.all) func `A new field and a new index come without touching what is there`(driver: Driver) async throws {
        let store = try await driver.open()
        let made = try await store.migrate([Self.first])
        try await store.write { store in
            var row = Row(new: Self.first, id: RecordID(high: 0, low: 1))
            row["name"] = .text("pumps")
            try store.insert(row)
        }
        let pending = try await store.pendingMigrations([Self.second])
        let done = try await store.migrate([Self.second])
        let again = try await store.migrate([Self.second])
        let row = try await store.read { store in try store.row(Self.second, RecordID(high: 0, low: 1))?.values }
        holds(!made.isEmpty && pending.count == 2 && done.count == 2, "a column and an index are added: \(done)")
        same(again, [])
        same(row, [.reference(RecordID(high: 0, low: 1)), .text("pumps"), .null, .null])
    }

    @Test(arguments: Driver.all) func `A field of another kind is refused, and nothing is changed`(driver: Driver) async throws {
        let store = try await driver.open()
        try await store.migrate([Self.first])
        await #expect(throws: StoreFault.self) { try await store.migrate([Self.wrong]) }
        await #expect(throws: StoreFault.self) { try await store.pendingMigrations([Self.wrong]) }
        let left = try await store.pendingMigrations([Self.first])
        same(left, [])
    }

    @Test(arguments: Driver.all) func `A database of a later version of the program is refused`(driver: Driver) async throws {
        let store = try await driver.open()
        try await store.migrate([Self.first])
        let file = Driver.file()
        try await store.backup(to: file)
        try await store.close()
        try await driver.age(file)
        let aged = try await driver.reopen(file)
        await #expect(throws: StoreFault.newer("format 99; this program knows 1")) { try await aged.migrate([Self.first]) }
        await #expect(throws: StoreFault.self) { try await aged.pendingMigrations([Self.first]) }
        try await aged.close()
    }

    @Test(arguments: Driver.all) func `A backup taken while others write is a whole moment of the database`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 51)
        let writing = Task {
            for row in rows {
                try await store.write { store in
                    try store.insert(row)
                    try store.append(LedgerEntry(event: "create", schema: "sample.record", record: row.id, version: 1, at: row.createdAt, facts: [:]))
                }
            }
        }
        var backups: [URL] = []
        for _ in 0..<3 {
            let file = Driver.file()
            try await store.backup(to: file)
            backups.append(file)
        }
        try await writing.value
        let last = Driver.file()
        try await store.backup(to: last)
        var sizes: [Int] = []
        for file in backups + [last] {
            let copy = try await driver.reopen(file)
            let (kept, entries) = try await copy.read { store in (try store.rows(Query(Samples.sample, limit: 1000)), try store.ledgerSize()) }
            let byID = Dictionary(rows.map { ($0.id, $0.values) }, uniquingKeysWith: { a, _ in a })
            holds(kept.count == entries && kept.allSatisfy { byID[$0.id] == $0.values }, "\(kept.count) rows and \(entries) entries")
            let pending = try await copy.pendingMigrations(Tables.all + [Samples.sample])
            same(pending, [])
            sizes.append(kept.count)
            try await copy.close()
        }
        same(sizes.last, 300)
        same(sizes, sizes.sorted())
    }

    @Test(arguments: Driver.all) func `Readers see a snapshot, whatever is written beside them`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(40, seed: 52)
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                for pair in stride(from: 0, to: 40, by: 2) {
                    try await store.write { store in
                        try store.insert(rows[pair])
                        try store.insert(rows[pair + 1])
                    }
                }
                return true
            }
            for _ in 0..<20 {
                group.addTask {
                    try await store.read { store in
                        let first = try store.count(Samples.sample, where: .always, upTo: .max).number
                        return try first % 2 == 0 && store.count(Samples.sample, where: .always, upTo: .max).number == first
                    }
                }
            }
            for try await isWhole in group { holds(isWhole, "no half transaction is seen") }
        }
    }
}
