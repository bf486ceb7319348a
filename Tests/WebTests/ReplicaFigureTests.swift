import Foundation
import Kernel
import Synchronization
import TestKit
import Testing
import Web

/// Figures may be read from a replica; what is shown then says as of when. `Tests/Cluster/test_replica.py` has a real one.
@Suite struct ReplicaFigureTests {
    /// A database with a replica that is twelve seconds behind and shows the same.
    private struct Delayed: Store {
        let store: any Store
        let asOf: Instant
        let asked = Asked()
        func migrate(_ schemas: [Schema]) async throws -> [String] { try await store.migrate(schemas) }
        func pendingMigrations(_ schemas: [Schema]) async throws -> [String] { try await store.pendingMigrations(schemas) }
        func read<T: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> T) async throws -> T { try await store.read(body) }
        func read<T: Sendable>(within seconds: Int, _ body: @escaping @Sendable (any StoreReader, Instant?) throws -> T) async throws -> T {
            let asOf = seconds >= 12 ? asOf : nil
            asked.times.withLock { $0 += 1 }
            return try await store.read { try body($0, asOf) }
        }
        func write<T: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> T) async throws -> T { try await store.write(body) }
        func backup(to file: URL) async throws { try await store.backup(to: file) }
        func close() async throws {}
        func announcements() -> AsyncStream<Announcement> { store.announcements() }
    }

    private final class Asked: Sendable { let times = Mutex(0) }

    @Test func `a figure from a replica says as of when; with a stricter bound it is as of now`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("root", Sample.keeper)
        let (platform, now) = (kit.platform, kit.clock.now)
        let asOf = now.adding(seconds: -12)
        for (bound, said) in [(30, asOf), (5, nil)] as [(Int, Instant?)] {
            let store = Delayed(store: platform.store, asOf: asOf)
            let beside = Platform(
                store: store, registry: platform.registry, words: platform.words, vault: platform.vault, files: platform.files,
                signer: platform.signer, configuration: .init(staleness: bound), now: { now })
            try await beside.start()
            let client = TestClient(WebServer(platform: beside, options: .unhurried))
            try await client.signIn(World.person("root").id)
            let working = try JSON(try await client.get("/sample/measures/number/working.json").bytes)
            let facts = working.text
            same(facts.contains("from a replica of the database; everything up to 12 s ago"), said != nil, "the working within \(bound) s: \(facts)")
            let token = try await beside.makeToken(person: World.person("root").id, name: "test", days: 1, readOnly: true)
            let figure = try JSON(try await client.send("GET", "/api/v1/measures/sample.number", headers: ["Authorization": "Bearer \(token)"], body: []).bytes)
            same(figure["as-of"], said.map { .string($0.iso) } ?? .null)
            // The replica is asked for figures alone, and not by a page that is asked for again because something changed.
            var asked: [Int] = []
            for (path, headers) in [("/sample", [:]), ("/sample/measures/number", [:]), ("/sample/measures/number", ["X-Fragment": "live"]), ("/sample/records", [:])] as [(String, [String: String])] {
                let before = store.asked.times.withLock { $0 }
                same(try await client.send("GET", path, headers: headers, body: []).status, 200, path)
                asked.append(store.asked.times.withLock { $0 } - before)
            }
            same(asked, [1, 1, 0, 0])
        }
    }
}
