import Foundation
@testable import Kernel
import TestKit
import Testing

@Suite struct ServersTests {
    private func rows(_ kit: TestPlatform) async throws -> Int { try await kit.platform.store.read { try $0.rows(Query(Tables.server, limit: 100)).count } }

    @Test func `servers count each other while they give signs of life`() async throws {
        let one = try await TestPlatform.make([])
        let (two, three) = (try await one.beside(), try await one.beside())
        let all = [one, two, three].map(\.platform)
        same(all.map(\.servers.count), [1, 1, 1], "each knows of itself before it asks")
        for _ in 0..<2 { for platform in all { try await platform.beat(version: "1") } }
        same(all.map(\.servers.count), [3, 3, 3])
        for _ in 0..<4 {
            one.clock.advance(5)
            for platform in all.prefix(2) { try await platform.beat(version: "1") }
        }
        same(all.prefix(2).map(\.servers.count), [2, 2], "one gave no sign for fifteen seconds")
        try await all[2].beat(version: "1")
        try await all[0].beat(version: "1")
        same([all[2].servers.count, all[0].servers.count], [3, 3], "and is back")
    }

    @Test func `a server whose clock is wrong counts`() async throws {
        let one = try await TestPlatform.make([])
        let late = try await one.beside(clock: TestClock(TestPlatform.start.adding(seconds: -7200)))
        let early = try await one.beside(clock: TestClock(TestPlatform.start.adding(seconds: 7200)))
        let all = [one, late, early]
        for _ in 0..<20 {
            for kit in all { try await kit.platform.beat(version: "1") }
            for kit in all { kit.clock.advance(5) }
        }
        same(all.map(\.platform.servers.count), [3, 3, 3])
        same(try await rows(one), 3, "and nobody takes its name off the list")
        one.clock.advance(-86_400)
        for _ in 0..<2 { for kit in all { try await kit.platform.beat(version: "1") }; for kit in all { kit.clock.advance(5) } }
        same(all.map(\.platform.servers.count), [3, 3, 3], "nor when it is set back meanwhile")
    }

    @Test func `a server that was killed is forgotten, one that stops goes at once`() async throws {
        let one = try await TestPlatform.make([])
        let (killed, stopped) = (try await one.beside(), try await one.beside())
        for _ in 0..<2 { for kit in [one, killed, stopped] { try await kit.platform.beat(version: "1") } }
        try await stopped.platform.leave()
        try await one.platform.beat(version: "1")
        same(one.platform.servers.count, 2)
        same(try await rows(one), 2)
        for _ in 0..<11 {
            one.clock.advance(5)
            try await one.platform.beat(version: "1")
        }
        same(try await rows(one), 2, "not yet forgotten")
        one.clock.advance(5)
        try await one.platform.beat(version: "1")
        same(try await rows(one), 1)
        // A server that starts after a row of killed ones does not take them for living.
        one.clock.advance(16)
        let next = try await one.beside()
        try await next.platform.beat(version: "1")
        same(next.platform.servers.count, 1)
    }

    @Test func `a server with other keys or other files does not join`() async throws {
        let kit = try await TestPlatform.make([]), whole = kit.platform
        func server(vault: UInt8 = 7, ledger: UInt8 = 9, files: URL) throws -> Platform {
            Platform(
                store: whole.store, registry: whole.registry, words: whole.words, vault: Vault(key: Data(repeating: vault, count: 32)), files: FileDepot(directory: files),
                signer: try NoteSigner(name: "mandate.test/audit", seed: Data(repeating: ledger, count: 32)), now: { kit.clock.now })
        }
        let elsewhere = kit.folder.appending(path: "elsewhere")
        try await whole.join(version: "1")
        for (platform, what) in [
            (try server(files: kit.folder), []), (try server(vault: 8, files: kit.folder), ["another vault.key"]),
            (try server(vault: 8, ledger: 8, files: elsewhere), ["another vault.key", "another ledger.key", "another folder of files"]),
        ] {
            do {
                try await platform.join(version: "1")
                same(what, [])
            } catch let error as ServersDiffer { same(error.what, what) }
            try await platform.leave()
        }
        try await whole.leave()
        try await server(vault: 8, files: elsewhere).join(version: "1")
    }

    @Test(.timeLimit(.minutes(1))) func `a server stands on the list while it serves`() async throws {
        let kit = try await TestPlatform.make([])
        let life = Task { await kit.platform.live(version: "1") }
        try await until("it is on the list") { try await rows(kit) == 1 }
        life.cancel()
        await life.value
        same(try await rows(kit), 0, "it took its name off")
    }

    @Test(.enabled(if: TestDatabase.isPostgres), .timeLimit(.minutes(1))) func `servers hear at once of one that comes and of one that goes`() async throws {
        let (one, two) = try await { let kit = try await TestPlatform.make([]); return (kit, try await kit.beside()) }()
        try await one.platform.join(version: "1")
        let first = Task { await one.platform.live(version: "1") }
        try await Task.sleep(for: .milliseconds(500))
        try await two.platform.join(version: "1")
        let second = Task { await two.platform.live(version: "1") }
        try await until("both know of each other", within: 4) { one.platform.servers.count == 2 && two.platform.servers.count == 2 }
        second.cancel()
        await second.value
        same(try await rows(one), 1, "it took its name off")
        try await until("the other knows", within: 4) { one.platform.servers.count == 1 }
        first.cancel()
        await first.value
        same(try await rows(one), 0)
    }

    private func until(_ what: String, within seconds: Double = 10, _ holds: () async throws -> Bool) async throws {
        let start = ContinuousClock.now
        while try await !holds() {
            guard ContinuousClock.now - start < .seconds(seconds) else { Issue.record("not within \(seconds) s: \(what)"); return }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}
