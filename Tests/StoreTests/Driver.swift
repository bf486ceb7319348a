import Foundation
import Kernel
import Store
import TestKit
import Testing

/// A way to keep records. The next database joins this list, and every test of the suite runs on it.
struct Driver: Sendable, CustomTestStringConvertible {
    let name: String
    /// An empty store.
    let open: @Sendable () async throws -> any Store
    /// The store that a backup made.
    let reopen: @Sendable (URL) async throws -> any Store
    /// Makes a backup look as if a later version of the program had written it.
    let age: @Sendable (URL) async throws -> Void
    /// How SQL of this database writes the id that ends in 255, and a text with a zero character.
    let literals: [String]
    /// Whether a transaction that fails gives its numbers back.
    var returnsNumbers = true
    var testDescription: String { name }

    static let all = [
        Driver(name: "SQLite in memory", open: { try SQLiteStore() }, reopen: { try SQLiteStore(file: $0) }, age: age, literals: sqlite),
        Driver(name: "SQLite in a file", open: { try SQLiteStore(file: file()) }, reopen: { try SQLiteStore(file: $0) }, age: age, literals: sqlite),
    ] + (TestDatabase.server.map { [postgres($0)] } ?? [])

    private static let sqlite = ["X'000000000000000000000000000000FF'", "CAST(X'610062' AS TEXT)"]

    private static func postgres(_ server: String) -> Driver {
        Driver(
            name: "PostgreSQL", open: { PostgresStore(try await TestDatabase.made(on: server), connections: 4) },
            reopen: { try await PostgresStore.restored(to: TestDatabase.made(on: server), from: $0) },
            age: { file in
                let address = try await TestDatabase.made(on: server)
                _ = try PostgresStore.restored(to: address, from: file)
                try TestDatabase.run("UPDATE store_format SET format = 99", on: address)
                try PostgresStore.copy(address, to: file)
            },
            literals: ["'000000000000000000000000000000ff'::uuid"], returnsNumbers: false)
    }

    static func file() -> URL { FileManager.default.temporaryDirectory.appending(path: "mandate-store-\(UUID().uuidString).sqlite") }

    /// The format's number stands in the header of the file, bytes 60 to 63.
    @Sendable private static func age(_ file: URL) throws {
        let handle = try FileHandle(forUpdating: file)
        try handle.seek(toOffset: 60)
        try handle.write(contentsOf: Data([0, 0, 0, 99]))
        try handle.close()
    }

    /// A store with the sample's table and the platform's.
    func sampled() async throws -> any Store {
        let store = try await open()
        try await store.migrate(Tables.all + [Samples.sample])
        return store
    }
}

enum Samples {
    /// The sample record type with three fields that an administrator added.
    static var sample: Schema { sampleSchema }
}

private let sampleSchema = Sample.schema().adding([
    FieldSchema(name: "extra-text", kind: .text), FieldSchema(name: "extra-number", kind: .integer), FieldSchema(name: "extra-at", kind: .instant),
    FieldSchema(name: "extra-flag", kind: .bool), FieldSchema(name: "extra-day", kind: .date), FieldSchema(name: "extra-choice", kind: .choice, choices: ["one", "two"]),
    FieldSchema(name: "extra-choices", kind: .choices, choices: ["one", "two", "three"]), FieldSchema(name: "extra-note", kind: .longText),
])

/// Records for references to lead to.
let people: [String: [RecordID]] = {
    var ids: [String: [RecordID]] = [:]
    for (place, target) in ["directory.person", "directory.unit", "sample.record"].enumerated() {
        ids[target] = (1...5).map { RecordID(high: UInt64(place), low: UInt64($0)) }
    }
    return ids
}()

/// Random rows of the sample, with unique codes.
func sampleRows(_ number: Int, seed: UInt64) -> [Row] {
    var values = RandomValues(seed: seed, records: people)
    return (0..<number).map { index in
        var row = values.row(Samples.sample)
        row["reference"] = .text("SMP-\(index)")
        if !row["code"].isNull { row["code"] = .text("code \(index)") }
        return row
    }
}
