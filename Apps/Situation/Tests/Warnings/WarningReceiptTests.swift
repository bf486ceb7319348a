import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct WarningReceiptTests {
    private func message(
        _ identifier: String, sent: String = "2026-10-30T07:00:00-00:00", kind: String = "Alert", status: String = "Actual", references: String = "", sender: String = "met@elsewhere.example",
        expires: String = "2031-01-01T00:00:00-00:00"
    ) -> String {
        """
        <alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>\(identifier)</identifier><sender>\(sender)</sender><sent>\(sent)</sent><status>\(status)</status><msgType>\(kind)</msgType><scope>Public</scope>\
        \(status == "Exercise" ? "<note>Exercise</note>" : "")\(references.isEmpty ? "" : "<references>\(references)</references>")<info><language>fr-FR</language><category>Met</category><event>Crue</event>\
        <urgency>Immediate</urgency><severity>Severe</severity><certainty>Observed</certainty><expires>\(expires)</expires><headline>La rivière déborde</headline>\
        <area><areaDesc>Kodo</areaDesc><polygon>4.4,18.5 4.4,18.6 4.5,18.6 4.5,18.5 4.4,18.5</polygon></area></info></alert>
        """
    }

    private struct Program {
        let client: TestClient
        func bring(_ text: String) async throws -> TestAnswer {
            try await client.send("POST", "/api/v1/situation/cap", headers: ["Content-Type": "application/cap+xml", "X-CSRF-Token": client.csrf], body: Array(text.utf8))
        }
    }

    private func made() async throws -> (desk: SituationKit, program: Program) {
        let desk = try await SituationKit.make()
        return (desk, Program(client: try await TestClient.signedIn(desk.kit, as: "tomas")))
    }

    private func all(_ desk: SituationKit) async throws -> [String: Record<Warning>] {
        let found = try await desk.kit.platform.read(as: .service("test")) { try $0.find(Warning.self) }
        return Dictionary(found.map { ($0[Warning.identifier] ?? "", $0) }, uniquingKeysWith: { first, _ in first })
    }

    @Test func `a message brought by a program is one warning however often it comes, with the document as it came`() async throws {
        let (desk, program) = try await made()
        let first = try await program.bring(message("A1")), again = try await program.bring(message("A1"))
        same([first.status, again.status], [201, 201])
        same(first.location, again.location)
        let warnings = try await all(desk), warning = try #require(warnings["A1"])
        same([warning.state.rawValue, warning[Warning.headline].texts[.fr] ?? "", warning[Warning.areaName], warning[Warning.direction].rawValue], ["active", "La rivière déborde", "Kodo", "received"])
        same(try await program.client.get("/api/v1/situation/cap/\(warning.reference)").body, message("A1"))
        let feed = try await program.client.get("/situation/cap")
        same(feed.header("content-type"), "application/atom+xml; charset=utf-8")
        holds(feed.body.contains("La rivière déborde") && feed.body.contains("type=\"application/cap+xml\""), "the feed leads to the message")
    }

    @Test func `updates and cancellations end what they name, of the same sender and reality, in whatever order they come`() async throws {
        let (desk, program) = try await made()
        func names(_ identifier: String, _ sent: String = "2026-10-30T08:00:00+01:00") -> String { "met@elsewhere.example,\(identifier),\(sent)" }
        for text in [
            message("A1"), message("A2"), message("A3"), message("A4"),
            message("U1", sent: "2026-10-30T09:00:00-00:00", kind: "Update", references: names("A1")),
            message("C1", sent: "2026-10-30T09:00:00-00:00", kind: "Cancel", references: names("A2")),
            message("X1", sent: "2026-10-30T09:00:00-00:00", kind: "Cancel", status: "Exercise", references: names("A3")),
            message("S1", sent: "2026-10-30T09:00:00-00:00", kind: "Cancel", references: names("A4"), sender: "somebody@else.example"),
            // The later message is there before the one that it ends.
            message("U5", sent: "2026-10-30T09:00:00-00:00", kind: "Update", references: names("A5")), message("A5"),
        ] { same(try await program.bring(text).status, 201) }
        let states = try await all(desk).mapValues(\.state.rawValue)
        same(states, [
            "A1": "superseded", "A2": "cancelled", "A3": "active", "A4": "active", "U1": "active", "C1": "recorded", "X1": "recorded", "S1": "recorded", "U5": "active", "A5": "superseded",
        ])
    }

    @Test func `exercises and what has expired are not among the warnings in effect`() async throws {
        let (desk, program) = try await made()
        for text in [message("A1"), message("X1", status: "Exercise"), message("O1", sent: "2019-01-01T00:00:00-00:00", expires: "2019-02-01T00:00:00-00:00")] { _ = try await program.bring(text) }
        func count(_ query: String) async throws -> Int { try await program.client.get("/situation/cap\(query)").body.components(separatedBy: "<entry>").count - 1 }
        same([try await count(""), try await count("?status=exercise"), try await count("?status=test")], [1, 1, 0])
        same(try await program.client.get("/situation/cap?status=nonsense").status, 404)
        let amina = try await TestClient.signedIn(desk.kit, as: "amina")
        holds(try await amina.get("/situation/cap").body.contains("La rivière déborde"), "everybody is warned")
    }

    @Test func `what is wrong with a message is told element by element, and nothing of it is kept`() async throws {
        let (desk, program) = try await made()
        program.client.setCookie("language", "en")
        for (text, says) in [
            (message("A1").replacing("<status>Actual</status>", with: "<status>Real</status>"), "“Real” is not one of the values allowed here"),
            (message("A 1"), "cannot be an identifier"), (message("A1", expires: "2026-10-30T06:00:00-00:00"), "expires"),
            (message("A1", kind: "Update"), "must name the message it is about"), (message("A1").replacing("cap:1.2", with: "cap:1.1"), "not an alert of CAP 1.2"),
            ("<!DOCTYPE a [<!ENTITY x 'y'>]>" + message("A1"), "not well-formed XML"), (message("A1").replacing("4.5,18.5 4.4,18.5<", with: "4.5,18.5<"), "must be its first"),
        ] {
            let answer = try await program.client.send("POST", "/api/v1/situation/cap", headers: ["Content-Type": "application/cap+xml", "X-CSRF-Token": program.client.csrf, "Accept-Language": "en"], body: Array(text.utf8))
            holds(answer.status == 422 && answer.body.contains(says), "\(says): \(answer.status) \(answer.body.prefix(400))")
        }
        same(try await all(desk).count, 0)
        let page = try await program.client.post("/situation/receive-warning", [:], files: [("file", "a.xml", "text/xml", Array(message("A 1").utf8))])
        holds(page.status == 422 && page.body.contains("cannot be an identifier"), "the page says it too")
    }

    @Test func `who may not write warnings brings none`() async throws {
        let (desk, _) = try await made()
        let amina = Program(client: try await TestClient.signedIn(desk.kit, as: "amina"))
        same(try await amina.bring(message("A1")).status, 403)
        same(try await amina.client.get("/situation/receive-warning").status, 404)
        same(try await all(desk).count, 0)
    }
}
