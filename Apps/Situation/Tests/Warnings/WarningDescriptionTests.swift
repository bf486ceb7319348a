import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct WarningDescriptionTests {
    @Test func `the addresses at which programs bring and fetch warnings are in the description of the interface`() async throws {
        let desk = try await SituationKit.make(), client = try await TestClient.signedIn(desk.kit, as: "tomas")
        let paths = try JSON(try await client.get("/openapi.json").bytes)["paths"]
        let feed = paths["/api/v1/situation/cap"], message = paths["/api/v1/situation/cap/{name}"]
        same(feed["get"]["responses"]["200"]["content"].object.map { Array($0.keys) }, ["application/atom+xml"])
        same(message["get"]["responses"]["200"]["content"].object.map { Array($0.keys) }, ["application/cap+xml"])
        holds(feed["post"]["requestBody"] != .null && feed["post"]["responses"]["201"] != .null, "bringing one is described")
        same(message["get"]["parameters"].array?.count, 1)
    }

    @Test func `a warning of an incident begins with what the incident tells`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report { ($0[Incident.category], $0[Incident.severity], $0[Incident.placeName]) = (.flood, .critical, "Sabo") }
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        client.setCookie("language", "fr")
        let form = try await client.get("/situation/warn/INC-2026-000001")
        same(form.status, 303)
        let page = try await client.get(form.location ?? "/")
        holds(page.body.contains("name=\"headline.fr\"") && page.body.contains("value=\"Shots at the market\""), "the headline is in the language of the writer")
        holds(page.body.contains("value=\"met\" selected") && page.body.contains("value=\"extreme\" selected") && page.body.contains("value=\"Sabo\""), "subject, severity and area follow")
        same(try await TestClient.signedIn(desk.kit, as: "omar").get("/situation/warn/INC-2026-000001").status, 404)
    }
}

@Suite struct AnswerPageTests {
    @Test func `an incident is offered to the open questions, those it may answer first, and answers one with a click`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report()
        let questions = try await desk.as("lina") { session in
            try ["Who holds the mill?", "Is the market safe?"].map { text in
                try session.create(Requirement.self) { ($0[Requirement.question], $0[Requirement.deadline]) = (text, session.now.adding(days: text.count)) }
            }
        }
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        client.setCookie("language", "en")
        let page = try await client.get("/situation/answer/INC-2026-000001")
        same(page.status, 200)
        holds(page.body.contains("Is the market safe?") && page.body.contains("value=\"INC-2026-000001\""), "each question has its button")
        let sent = try await client.post("/situation/cycle/\(questions[1].reference)", ["subject": "INC-2026-000001"])
        same(sent.status, 303)
        holds(try await client.get("/situation/answer/INC-2026-000001").body.contains("Proposed already"), "what was answered is not offered again")
    }
}
