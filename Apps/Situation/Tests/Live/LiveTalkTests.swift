@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct LiveTalkTests {
    private let offer = "t-x-takp-v"

    private func position(_ uid: String, _ latitude: Double = 4.39, at offset: Int = 0, stale: Int = 300, opex: String? = nil) -> String {
        CoTConversationTests.position(uid, latitude, at: offset, stale: stale, opex: opex)
    }

    private func tracks(_ desk: SituationKit) async throws -> [String] {
        try await desk.kit.platform.read(as: .service("test")) { session in
            try session.find(Track.self, sort: [.up(Track.uid)]).map { "\($0[Track.uid]) \($0[Track.place].centre.latitude) \($0[Track.setting] ?? "-")" }
        }
    }

    @Test func `what one reports another sees at once, and not oneself`() async throws {
        let desk = try await SituationKit.make()
        let tomas = try await TestLine.signedIn(desk, "tomas"), lina = try await TestLine.signedIn(desk, "lina")
        holds(await lina.hears(offer), "an offer is made")
        tomas.say(position("UN-1"))
        holds(await lina.hears("uid=\"UN-1\""), "the other sees it")
        holds(lina.text.contains("course=\"271.0\" speed=\"2.5\""), lina.text)
        tomas.say(position("UN-1", 4.5, at: 60))
        holds(await lina.hears("lat=\"4.5\""), "and that it moved")
        // A later arrival with an older time changes nothing.
        tomas.say(position("UN-1", 4.6, at: 30) + position("UN-2"))
        holds(await lina.hears("uid=\"UN-2\""), "the second is seen")
        same(try await tracks(desk), ["UN-1 4.5 -", "UN-2 4.39 -"])
        holds(!tomas.text.contains("UN-"), "what one says oneself is not said back")
        tomas.say(CoTConversationTests.event("t-x-c-t"))
        holds(await tomas.hears("t-x-c-t-r"), "a ping is answered")
    }

    @Test func `strangers and wrong tokens are sent nothing`() async throws {
        let desk = try await SituationKit.make()
        for user in ["omar", "", "tomas+x"] {
            let line = try await TestLine.signedIn(desk, "tomas", as: user)
            holds(await line.waits(\.isOver), user)
            same(line.bytes.count, 0, user)
        }
        let line = TestLine(desk.kit.platform)
        line.say(position("UN-1"))
        holds(await line.waits(\.isOver) && line.bytes.isEmpty, "without a sign-in")
        same(try await tracks(desk), [])
    }

    @Test func `an exercise and operations never mix`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report(by: "tomas")
        let real = try await TestLine.signedIn(desk, "tomas"), player = try await TestLine.signedIn(desk, "vera", as: "vera+e-MIRADOR")
        let watcher = try await TestLine.signedIn(desk, "lina", as: "lina+e-MIRADOR"), other = try await TestLine.signedIn(desk, "lina", as: "lina+e-OTHER")
        holds(await other.hears(offer), "signed in")
        // One says so itself, one does not, and one says that it is of another picture.
        player.say(position("EX-1", opex: "e-MIRADOR") + position("EX-2") + position("EX-3", opex: "o"))
        real.say(position("RE-1") + position("RE-2", opex: "e-MIRADOR"))
        holds(await watcher.hears("uid=\"EX-2\""), "the exercise is seen by those in it")
        let line = try await TestLine.signedIn(desk, "lina")
        holds(await line.hears("uid=\"RE-1\""), "operations are seen by those in them")
        same(try await tracks(desk), ["EX-1 4.39 e-MIRADOR", "EX-2 4.39 e-MIRADOR", "RE-1 4.39 -"])
        holds(watcher.text.contains("opex=\"e-MIRADOR\"") && !watcher.text.contains("RE-") && !watcher.text.contains("INC-"), "nothing real in the exercise")
        holds(!line.text.contains("EX-") && !real.text.contains("EX-") && !other.text.contains("EX-"), "nothing of the exercise elsewhere")
        holds(line.text.contains("INC-2026-000001"), "incidents are on the map")
    }

    @Test func `what may not be read is not there, and what may no longer be read goes at once`() async throws {
        let desk = try await SituationKit.make()
        let secret = try await desk.report(by: "vera") { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        let open = try await desk.report(by: "amina")
        let vera = try await TestLine.signedIn(desk, "vera"), tomas = try await TestLine.signedIn(desk, "tomas"), root = try await TestLine.signedIn(desk, "root")
        holds(await vera.hears("INC-2026-000001"), "who holds the compartment sees it")
        holds(await tomas.hears("INC-2026-000002"), "the other one is seen")
        holds(!tomas.text.contains("INC-2026-000001"), "without a word of the secret one")
        vera.say(position("UN-9"))
        holds(await tomas.hears("UN-9"), "tracks are seen by those who keep the picture")
        try await desk.as("vera") { session in
            guard let incident = try session.record(open) else { throw Refusal.absent }
            try session.change(incident) { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        }
        holds(await tomas.hears("t-x-d-d"), "it is taken away")
        holds(tomas.text.contains("<link relation=\"p-p\" type=\"b-m-p-s-m\" uid=\"mandate-\(open.id)\"/>"), tomas.text)
        holds(!root.text.contains("UN-9") && !root.text.contains("INC-") && !tomas.text.contains("\(secret.id)"), "and nobody else hears of it")
    }

    @Test func `who may not know a place exactly sees it as coarsely as its owner chose, and how coarse that is`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report(by: "amina") { $0[Incident.shownAs] = .tenKilometres }
        let omar = try await TestLine.signedIn(desk, "omar"), tomas = try await TestLine.signedIn(desk, "tomas")
        holds(await tomas.hears("lat=\"4.393797\""), tomas.text)
        // Half a tenth of a degree, 5,560 m, times √2.
        holds(await omar.hears("<point lat=\"4.4\" lon=\"18.6\" hae=\"9999999.0\" ce=\"7863.0\""), omar.text)
        holds(!omar.text.contains("4.393797"), "and nothing closer")
    }

    @Test func `a token that is taken back ends the conversation, and one that only reads reports nothing`() async throws {
        let desk = try await SituationKit.make()
        let lina = try await TestLine.signedIn(desk, "tomas", readOnly: true)
        holds(await lina.hears(offer), "it may look")
        lina.say(position("UN-1"))
        let tomas = try await TestLine.signedIn(desk, "vera")
        holds(await tomas.hears(offer), "signed in")
        tomas.say(position("UN-2"))
        holds(await lina.hears("UN-2"), "it sees")
        same(try await tracks(desk), ["UN-2 4.39 -"])
        for token in try await desk.kit.platform.tokens(of: World.person("tomas").id) {
            try await desk.kit.platform.revokeToken(token.id, of: World.person("tomas").id)
        }
        tomas.say(position("UN-3"))
        holds(await lina.waits(\.isOver), "the conversation ends with the token")
        holds(!lina.text.contains("UN-3"), "and nothing was said after it")
    }

    @Test func `nobody moves another's track, but those who keep the picture`() async throws {
        let desk = try await SituationKit.make()
        let omar = try await TestLine.signedIn(desk, "omar"), amina = try await TestLine.signedIn(desk, "amina"), tomas = try await TestLine.signedIn(desk, "tomas")
        omar.say(position("P-1", 4.1))
        holds(await tomas.hears("lat=\"4.1\""), "reported")
        amina.say(position("P-1", 4.2, at: 10) + position("P-2", 4.2, at: 10))
        holds(await tomas.hears("P-2"), "her own is seen")
        same(try await tracks(desk), ["P-1 4.1 -", "P-2 4.2 -"])
        tomas.say(position("P-1", 4.3, at: 20))
        holds(await omar.hears("lat=\"4.3\""), "the duty officer may")
    }

    @Test func `after an agreement frames go both ways`() async throws {
        let desk = try await SituationKit.make()
        let tomas = try await TestLine.signedIn(desk, "tomas"), lina = try await TestLine.signedIn(desk, "lina")
        lina.say(CoTConversationTests.event("t-x-takp-q", detail: "<TakControl><TakRequest version=\"1\"/></TakControl>"))
        holds(await lina.hears("<TakResponse status=\"true\"/>"), "the answer is in XML")
        tomas.say(position("UN-1"))
        holds(await lina.hears("UN-1"), "and then")
        // What follows the answer is a frame.
        let mark = Array("</event>\n".utf8), bytes = lina.bytes
        let end = try #require(bytes.indices.last { bytes[$0...].starts(with: mark) })
        var stream = TAKStream()
        let payloads = stream.feed(bytes[(end + mark.count)...])
        same(try payloads.map { try TAKMessage(payload: $0).event?.uid ?? "-" }, ["UN-1"])
    }
}
