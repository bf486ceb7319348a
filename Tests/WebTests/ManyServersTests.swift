import Foundation
@testable import Kernel
import TestKit
import Testing
@testable import Web

/// Three servers behind a balancer that sends each request to the next.
@Suite struct ManyServersTests {
    private struct Site {
        let kits: [TestPlatform]
        let servers: [WebServer]

        static func make(options: WebOptions = .unhurried) async throws -> Site {
            let one = try await TestPlatform.make([sampleApp])
            let kits = [one, try await one.beside(), try await one.beside()]
            for _ in 0..<2 { for kit in kits { try await kit.platform.beat(version: "1") } }
            return Site(kits: kits, servers: kits.map { WebServer(platform: $0.platform, options: options) })
        }

        /// One browser at each server: they share the cookies of the first.
        func clients(_ person: RecordID? = nil, address: String = "10.0.0.7") async throws -> [TestClient] {
            let clients = servers.map { TestClient($0, address: address) }
            if let person { try await clients[0].signIn(person) } else { _ = try await clients[0].get("/sign-in") }
            for client in clients.dropFirst() {
                for (name, value) in clients[0].cookies { client.setCookie(name, value) }
                _ = try await client.get(person == nil ? "/sign-in" : "/account")
            }
            return clients
        }
    }

    @Test func `a browser that signed in at one server is known at all, and unknown at all when it signed out at one`() async throws {
        let clients = try await Site.make().clients(World.person("amina").id)
        for client in clients { same(try await client.get("/today").status, 200) }
        same(try await clients[1].post("/account/theme", ["theme": "dark"]).status, 303, "a form of one server is taken by another")
        same(try await clients[2].post("/sign-out").status, 200)
        for client in clients {
            client.setCookie("mandate", clients[0].cookies["mandate"])
            same(try await client.get("/today").location, "/sign-in?to=%2Ftoday")
        }
    }

    @Test func `all servers together allow what one would`() async throws {
        let site = try await Site.make(options: WebOptions())
        let clients = try await site.clients(World.person("amina").id)
        var allowed = 0
        for _ in 0..<30 { for client in clients where try await client.get("/search?q=").status == 200 { allowed += 1 } }
        same(allowed, 60)
        site.kits[0].clock.advance(1)
        allowed = 0
        for _ in 0..<10 { for client in clients where try await client.get("/search?q=").status == 200 { allowed += 1 } }
        holds((7...10).contains(allowed), "\(allowed) of ten came back in a second: parts of one stay behind at each server")
        // Two stop; the one that is left allows it all.
        for kit in site.kits.dropFirst() { try await kit.platform.leave() }
        try await site.kits[0].platform.beat(version: "1")
        site.kits[0].clock.advance(60)
        allowed = 0
        for _ in 0..<90 where try await clients[0].get("/search?q=").status == 200 { allowed += 1 }
        same(allowed, 60)
    }

    @Test func `an allowance has at least one for each server`() {
        let limits = RateLimits(), now = TestPlatform.start
        same(limits.take(.signIn, by: "one", at: now, of: 100), nil)
        same(limits.take(.signIn, by: "one", at: now, of: 100), 500, "one in five seconds, of which each of a hundred has its part")
    }

    @Test func `failed sign-ins at several servers count together`() async throws {
        let site = try await Site.make()
        try await Passwords.set("correct horse battery", of: World.person("amina").id, on: site.kits[0].platform)
        for name in ["amina", "nobody"] {
            let clients = try await site.clients(address: "10.0.1.\(name.count)")
            var statuses: [Int] = []
            for number in 0..<8 { statuses.append(try await clients[number % 3].post("/sign-in", ["user": name, "password": "guess guess guess"]).status) }
            same(statuses, [422, 422, 422, 422, 422, 429, 429, 429], name)
            site.kits[0].clock.advance(31)
            same(try await clients[1].post("/sign-in", ["user": name, "password": "guess guess guess"]).status, 422, "one try after the wait")
            let blocked = try await clients[2].post("/sign-in", ["user": name, "password": "correct horse battery"])
            same([blocked.status, Int(blocked.header("retry-after") ?? "") ?? 0], [429, 61], "the next wait is longer, for the right password too")
            site.kits[0].clock.advance(61)
            same(try await clients[0].post("/sign-in", ["user": name, "password": "correct horse battery"]).status, name == "amina" ? 303 : 422)
        }
        let clients = try await site.clients(address: "10.0.1.5")
        for number in 0..<4 { same(try await clients[number % 3].post("/sign-in", ["user": "amina", "password": "guess guess guess"]).status, 422, "forgiven by the sign-in between") }
    }

    @Test func `tries at the same moment are all counted, and old ones swept`() async throws {
        let site = try await Site.make(), now = TestPlatform.start
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<24 {
                let failures = site.servers[number % 3].web.failures
                group.addTask { try await failures.failed([.init(key: "user a 10.0.0.1", free: 5), .init(key: "address 10.0.0.1", free: 30)], at: now) }
            }
            try await group.waitForAll()
        }
        let store = site.kits[1].platform.store
        same(try await store.read { try $0.rows(Query(Tables.failedSignIn, limit: 10)).map { $0.integer("count") } }, [24, 24])
        same(try await site.servers[2].web.failures.wait(["user a 10.0.0.1"], at: now), 901)
        same(try await site.servers[2].web.failures.wait(["address 10.0.0.1"], at: now), nil)
        try await site.servers[0].web.failures.failed([.init(key: "another", free: 5)], at: now.adding(seconds: 3700))
        same(try await store.read { try $0.rows(Query(Tables.failedSignIn, limit: 10)).map { $0.integer("count") } }, [1])
    }

    @Test func `without its database nobody signs in`() async throws {
        let kit = try await TestPlatform.make([sampleApp]), whole = kit.platform
        try await Passwords.set("correct horse battery", of: World.person("amina").id, on: whole)
        let broken = Platform(store: Away(), registry: whole.registry, words: whole.words, vault: whole.vault, files: whole.files, signer: whole.signer)
        for (platform, status) in [(whole, 303), (broken, 503)] {
            let client = TestClient(WebServer(platform: platform, options: .unhurried))
            _ = try await client.get("/sign-in")
            same(try await client.post("/sign-in", ["user": "amina", "password": "correct horse battery"]).status, status)
        }
    }

    // MARK: The interface

    @Test func `one key at two servers at the same moment is one answer`() async throws {
        let site = try await Site.make()
        let programs = try await programs(site)
        for number in 0..<8 {
            let key = ["Idempotency-Key": "key-\(number)"]
            let answers = try await withThrowingTaskGroup(of: Program.Answer.self) { group in
                for program in programs { group.addTask { try await program.post(Program.records, ["title": "Once"], key) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            same(answers.map(\.status), [201, 201, 201], answers.compactMap(\.code).joined(separator: " "))
            same(Set(answers.map(\.id)).count, 1, "of one record")
        }
        same(try await site.kits[0].platform.store.read { try $0.count(Sample.schema(site.kits[0]), where: .always, upTo: 100).number }, 8)
    }

    @Test func `work of several transactions under one key is done by one server`() async throws {
        let site = try await Site.make()
        let programs = try await programs(site)
        let body: JSON = ["operations": .array((0..<6).map { ["op": "create", "values": ["title": .string("Part \($0)")]] })]
        let path = Program.records + "/bulk"
        let answers = try await withThrowingTaskGroup(of: Program.Answer.self) { group in
            for program in programs { group.addTask { try await program.post(path, body, ["Idempotency-Key": "bulk"]) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        holds(answers.contains { $0.status == 200 } && answers.allSatisfy { $0.status == 200 || $0.code == "idempotency-key-in-use" }, "\(answers.map(\.status))")
        let schema = Sample.schema(site.kits[0]), store = site.kits[0].platform.store
        same(try await store.read { try $0.count(schema, where: .always, upTo: 100).number }, 6)
        let again = try await programs[2].post(path, body, ["Idempotency-Key": "bulk"])
        same([again.status, again.raw.header("idempotency-replayed") == "true" ? 1 : 0], [200, 1])
    }

    @Test func `a server that dies in the midst of work leaves its key to the others`() async throws {
        let site = try await Site.make()
        let programs = try await programs(site)
        let body: JSON = ["operations": [["op": "create", "values": ["title": "One"]]]], path = Program.records + "/bulk"
        let viewer = try await site.kits[0].viewer("tomas")
        same(try await site.kits[0].platform.write(as: viewer) { try $0.hold("left", digest: "") }, nil)
        same(try await programs[1].post(path, body, ["Idempotency-Key": "left"]).code, "idempotency-key-in-use")
        for _ in 0..<3 {
            site.kits[0].clock.advance(6)
            try await site.kits[1].platform.beat(version: "1")
        }
        same(try await programs[1].post(path, body, ["Idempotency-Key": "left"]).status, 200)
        same(try await programs[2].post(path, body, ["Idempotency-Key": "left"]).raw.header("idempotency-replayed"), "true")
    }

    private func programs(_ site: Site) async throws -> [Program] {
        try await site.kits[0].grant("tomas", Sample.keeper)
        let token = try await site.kits[0].platform.makeToken(person: World.person("tomas").id, name: "test", days: 30, readOnly: false)
        return zip(site.kits, site.servers).map { Program(kit: $0, client: TestClient($1), token: token) }
    }

    // MARK: One after the other

    @Test func `a server that is going says so, and answers for the last time on each connection`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let server = WebServer(platform: kit.platform, options: .unhurried)
        let client = TestClient(server)
        try await client.signIn(World.person("amina").id)
        same(try await client.get("/readyz").status, 200)
        same(try await client.get("/today").header("connection"), nil)
        server.web.drain.begin()
        same(try await client.get("/readyz").status, 503)
        for path in ["/today", "/healthz", "/assets/mandate.css", "/api/v1/me", "/nothing"] {
            let answer = try await client.get(path)
            holds(answer.status < 500 && answer.header("connection") == "close", "\(path): \(answer.status)")
        }
        same(try await client.post("/account/theme", ["theme": "dark"]).status, 303)
    }

    @Test func `a file that a page of another version asks for is kept by nobody`() async throws {
        let server = WebServer(platform: try await TestPlatform.make([sampleApp]).platform, options: .unhurried)
        let client = TestClient(server)
        for (query, control) in [("?v=\(server.web.assets.version)", "public, max-age=31536000, immutable"), ("?v=of-another", "no-store"), ("", "public, max-age=300")] {
            let answer = try await client.get("/assets/mandate.css" + query)
            same([answer.status == 200 ? "200" : "", answer.header("cache-control") ?? ""], ["200", control], query)
        }
        let page = try await client.get("/sign-in").body
        holds(page.contains("mandate.css?v=\(server.web.assets.version)\""), "pages ask for their own")
    }

    @Test func `the number of servers stands among the figures`() async throws {
        let site = try await Site.make()
        holds(try await TestClient(site.servers[1]).get("/metrics").body.contains("\nmandate_servers 3.0\n"), "three")
    }
}

/// A database that cannot be reached.
private struct Away: Store {
    private func fail() throws -> Never { throw StoreFault.unavailable("nobody is there") }
    func migrate(_ schemas: [Schema]) async throws -> [String] { try fail() }
    func pendingMigrations(_ schemas: [Schema]) async throws -> [String] { try fail() }
    func read<T: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> T) async throws -> T { try fail() }
    func write<T: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> T) async throws -> T { try fail() }
    func backup(to file: URL) async throws { try fail() }
    func close() async throws {}
    func announcements() -> AsyncStream<Announcement> { AsyncStream { $0.finish() } }
}

extension Sample {
    fileprivate static func schema(_ kit: TestPlatform) -> Schema { kit.platform.schema(of: Sample.self) }
}
