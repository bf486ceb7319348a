import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct ReportPageTests {
    private let form = [
        "category": "armed-clash", "severity": "severe", "summary": "Shots at the market", "details": "", "occurred": "2026-11-02T08:00", "time-precision": "hour",
        "place-name": "Near the market", "where": "34NBK2918486098", "channel": "contact",
    ]

    @Test func `a report of a minute becomes an incident with its place, its source and its number`() async throws {
        let desk = try await SituationKit.make()
        let client = try await TestClient.signedIn(desk.kit, as: "amina")
        let page = try await client.get("/situation/report")
        same(page.status, 200)
        let sent = try await client.post("/situation/report", form)
        same([String(sent.status), sent.location ?? ""], ["303", "/situation/report/INC-2026-000001"])
        let incident = try await desk.kit.platform.read(as: .service("test")) { try $0.first(Incident.self, where: .always) }
        same([incident?.state.rawValue, incident?[Incident.grid], incident?[Incident.grade], incident.map { String($0[Incident.sources]) }], ["reported", "34NBK2918486098", "F6", "1"])
        same(incident?[Incident.precision], 1)
        let thanks = try await client.get("/situation/report/INC-2026-000001")
        holds(thanks.body.contains("INC-2026-000001"), "the number is told")
    }

    @Test func `what cannot be read as a place is said at the field, what was typed is kept, and nothing is half done`() async throws {
        let desk = try await SituationKit.make()
        let client = try await TestClient.signedIn(desk.kit, as: "amina")
        _ = try await client.get("/situation/report")
        let sent = try await client.post("/situation/report", form.merging(["where": "99.5, 400", "summary": "Tiré près du marché"]) { $1 })
        same(sent.status, 422)
        holds(sent.body.contains("99.5, 400") && sent.body.contains("Tiré près du marché") && sent.body.contains("e-where"), "kept, with the fault at the field")
        same(try await desk.kit.platform.read(as: .service("test")) { try $0.count(Incident.self).number }, 0)
    }

    @Test func `a report sent ten times is one, another under its key is another, and of two people each has their own`() async throws {
        let desk = try await SituationKit.make()
        let amina = try await TestClient.signedIn(desk.kit, as: "amina"), omar = try await TestClient.signedIn(desk.kit, as: "omar")
        let key = ["key": "0b9c7f0e-7c1f-4a55-9d0a-0f5f6a2e8c11"]
        var places: Set<String> = []
        for _ in 0..<10 { places.insert(try await amina.post("/situation/report", form.merging(key) { $1 }).location ?? "") }
        same(places, ["/situation/report/INC-2026-000001"])
        same(try await amina.post("/situation/report", form.merging(key) { $1 }.merging(["summary": "Shots at the mill"]) { $1 }).location, "/situation/report/INC-2026-000002")
        same(try await omar.post("/situation/report", form.merging(key) { $1 }).location, "/situation/report/INC-2026-000003")
        // A week later, and merged into one that she may not read: it was received all the same.
        desk.kit.clock.advance(7 * 86_400)
        let kept = try await desk.report(by: "vera") { $0[Incident.label] = .confidential }
        let sent = try await desk.kit.platform.read(as: .service("test")) { try $0.row($0.platform.schema(of: Incident.self), named: "INC-2026-000001") }
        guard let sent else { throw Refusal.absent }
        try await desk.move(Ref(sent.id), "merge", by: "vera") { $0[Incident.mergedInto] = kept }
        let late = try await TestClient.signedIn(desk.kit, as: "amina").post("/situation/report", form.merging(key) { $1 })
        same([String(late.status), late.location ?? ""], ["303", "/situation/report"])
    }

    @Test func `whoever may merge is offered what may be the same`() async throws {
        let desk = try await SituationKit.make()
        let kept = try await desk.report(by: "tomas", 4.40, 18.56)
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        _ = try await client.get("/situation/report")
        _ = try await client.post("/situation/report", form)
        let offered = try await client.get("/situation/report/INC-2026-000002")
        holds(offered.body.contains("INC-2026-000001") && offered.body.contains("name=\"into\""), "the other is offered")
        let merged = try await client.post("/situation/report/INC-2026-000002", ["into": "INC-2026-000001"])
        same(merged.status, 303)
        same(try await desk.read(kept)[Incident.sources], 1)
        let amina = try await TestClient.signedIn(desk.kit, as: "amina")
        same(try await amina.get("/situation/report/INC-2026-000001").status, 404)
    }
}
