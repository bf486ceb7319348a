import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct ShellTestsPages {
    @Test func `pages of the shell are whole in six languages`() async throws {
        let kit = try await TestPlatform.make([sampleApp], isDemonstration: true)
        try await kit.grant("amina", Sample.keeper)
        let client = try await TestClient.signedIn(kit, as: "amina")
        for language in Language.allCases {
            _ = try await client.get("/language?to=\(language.rawValue)&back=/today")
            for path in ["/today", "/apps", "/search", "/search?q=x", "/notices", "/notices?show=all", "/account", "/nothing", "/sample", "/sample/measures/red", "/sample/measures/number/working", "/sign-in"] {
                let answer = try await client.get(path)
                guard path != "/sign-in" else { continue }
                same(Markup.problems(answer.body), [], "\(language) \(path)")
                holds(answer.body.contains("<html lang=\"\(language.rawValue)\" dir=\"\(language.direction)\""), "\(language) \(path)")
                let missing = Set(answer.body.matches(of: /⟦[^⟧]*⟧/).map { String($0.output) }).filter { $0.contains(/^⟦(shell|today|search|notices|account|sign-in|error|component|measure-page|refusal)\./) }
                same(missing, [], "\(language) \(path)")
            }
            let visitor = TestClient(kit)
            visitor.setCookie("language", language.rawValue)
            same(Markup.problems(try await visitor.get("/sign-in").body), [], "\(language) sign-in")
        }
    }

    @Test func `today shows what is mine and open, and nothing else`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let tomas = try await kit.viewer("tomas")
        for (title, person) in [("Given to amina", "amina"), ("Given to omar", "omar")] {
            try await kit.platform.write(as: tomas) { session in
                _ = try session.create(Sample.self) { record in
                    record[Sample.title] = title
                    record[Sample.person] = World.person(person)
                }
            }
        }
        let page = try await TestClient.signedIn(kit, as: "amina").get("/today")
        holds(page.main.contains("Given to amina"), "her own")
        holds(!page.main.contains("Given to omar"), "not his")
        let mine = try await TestClient.signedIn(kit, as: "tomas").get("/today")
        holds(mine.main.contains("Given to amina") && mine.main.contains("Given to omar"), "he asked for both")
    }

    @Test func `search finds records, pages and commands, only the viewer's`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        try await kit.platform.write(as: kit.viewer("tomas")) { session in
            _ = try session.create(Sample.self) { $0[Sample.title] = "Broken <b>bridge</b> at Ippy" }
        }
        let tomas = try await TestClient.signedIn(kit, as: "tomas")
        let found = try await tomas.get("/search?q=bridge&fragment=1", ["X-Fragment": "search"])
        holds(found.body.contains("role=\"option\"") && found.body.contains("Broken &lt;b&gt;bridge"), found.body)
        holds(!found.body.contains("<html"), "only the list")
        holds(try await tomas.get("/search?q=bridge").main.contains("bridge"), "the page too")
        let omar = try await TestClient.signedIn(kit, as: "omar")
        holds(!(try await omar.get("/search?q=bridge&fragment=1")).body.contains("Ippy"), "not for others")
    }

    @Test func `a live stream tells only of what its reader may read`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let tomas = try await kit.viewer("tomas")
        let amina = try await TestClient.signedIn(kit, as: "amina")
        let (status, pieces) = try await amina.stream("/events?topic=sample.record")
        same(status, 200)
        var lines = pieces.makeAsyncIterator()
        holds(try await lines.next()?.contains("ping") ?? false, "it begins")
        var ids: [String] = []
        for person in ["omar", "amina"] {
            ids.append(try await kit.platform.write(as: tomas) { session in
                try session.create(Sample.self) { record in
                    record[Sample.title] = "For \(person)"
                    record[Sample.person] = World.person(person)
                }.id.description
            })
        }
        let next = try await lines.next() ?? ""
        holds(next.contains(ids[1]) && !next.contains(ids[0]), next)
        kit.platform.events.close()
        same(try await lines.next(), nil, "it ends when the server stops")
    }

    @Test func `the page opened last is told what happens, and the oldest of too many is told to make way`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let amina = try await TestClient.signedIn(kit, as: "amina")
        var streams: [AsyncThrowingStream<String, any Error>.AsyncIterator] = []
        for _ in 0...LiveStream.most {
            var stream = try await amina.stream("/events?topic=sample.record").1.makeAsyncIterator()
            holds(try await stream.next()?.contains("ping") ?? false, "it begins")
            streams.append(stream)
        }
        same(try await streams[0].next(), "data: {\"kind\":\"displaced\"}\n\n")
        same(try await streams[0].next(), nil, "and it ends")
        try await kit.grant("tomas", Sample.keeper)
        let made = try await kit.platform.write(as: kit.viewer("tomas")) { session in
            try session.create(Sample.self) { record in
                record[Sample.title] = "News"
                record[Sample.person] = World.person("amina")
            }.id.description
        }
        for index in 1...LiveStream.most { holds(try await streams[index].next()?.contains(made) ?? false, "stream \(index) hears it") }
    }

    @Test func `a page's stream begins where the page was read`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let tomas = try await TestClient.signedIn(kit, as: "tomas")
        let page = try await tomas.get("/sample/records").body
        let address = String(try #require(page.firstMatch(of: /data-live="([^"]*)"/)?.1)).replacing("&amp;", with: "&")
        let made = try await kit.platform.write(as: try await kit.viewer("tomas")) { session in
            try session.create(Sample.self) {
                $0[Sample.title] = "Between page and stream"
                $0[Sample.person] = World.person("amina")
            }.id.description
        }
        var lines = try await tomas.stream(address).pieces.makeAsyncIterator()
        _ = try await lines.next()
        let first = try await lines.next() ?? ""
        holds(first.contains(made), first)
    }

    @Test func `a session can be ended from another browser`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let (one, two) = (try await TestClient.signedIn(kit, as: "amina"), try await TestClient.signedIn(kit, as: "amina"))
        same(try await one.post("/account/end").status, 303)
        holds(try await one.get("/account").main.contains("notice is-good"), "it is said")
        holds(!(try await one.get("/account")).main.contains("notice is-good"), "and said once")
        same([try await one.get("/today").status, try await two.get("/today").status], [200, 303])
    }

    @Test func `a person's own password is changed only with the one before`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await Passwords.set("correct horse battery", of: World.person("amina").id, on: kit.platform)
        let client = try await TestClient.signedIn(kit, as: "amina")
        let fresh = ["new": "another good phrase", "again": "another good phrase"]
        same(try await client.post("/account/password", fresh.merging(["current": "wrong"]) { $1 }).status, 422)
        same(try await client.post("/account/password", ["current": "correct horse battery", "new": "short", "again": "short"]).status, 422)
        same(try await client.post("/account/password", fresh.merging(["current": "correct horse battery"]) { $1 }).status, 303)
        let visitor = TestClient(kit)
        _ = try await visitor.get("/sign-in")
        same(try await visitor.post("/sign-in", ["user": "amina", "password": "another good phrase"]).status, 303)
    }
}

/// Whether tags of a page are closed in the order they were opened, and ids are used once.
enum Markup {
    private static let void: Set<String> = ["meta", "link", "input", "br", "hr", "img", "use", "rect", "path", "circle", "line", "col", "source", "wbr"]

    static func problems(_ html: String) -> [String] {
        var open: [String] = [], problems: [String] = []
        for match in html.matches(of: /<(\/?)([a-zA-Z][a-zA-Z0-9-]*)((?:[^>"]|"[^"]*")*)>/) {
            let name = match.output.2.lowercased()
            if match.output.1 == "/" {
                if open.last == name { open.removeLast() } else { problems.append("</\(name)> closes <\(open.last ?? "")>") }
            } else if !void.contains(name), match.output.3.last != "/" {
                open.append(name)
            }
        }
        problems += open.map { "<\($0)> is not closed" }
        var seen: Set<Substring> = []
        for match in html.matches(of: /\sid="([^"]*)"/) where !seen.insert(match.output.1).inserted { problems.append("id \(match.output.1) twice") }
        return Array(problems.prefix(5))
    }
}
