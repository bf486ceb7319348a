import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct SplitTests {
    private let form = ["summary": "A shop was emptied", "category": "looting", "severity": "moderate", "occurred": "2026-11-02T08:00:00Z", "time-precision": "hour", "where": "4.40 18.57"]

    private func desk(_ handle: String = "lina") async throws -> (SituationKit, TestClient, Ref<Incident>) {
        let desk = try await SituationKit.make(), client = try await TestClient.signedIn(desk.kit, as: handle)
        let incident = try await desk.report()
        for grade in [Admiralty.Credibility.confirmed, .possible] { _ = try await desk.source(incident, .a, grade) { $0[SourceReport.killed] = grade == .confirmed ? 0 : 3 } }
        return (desk, client, incident)
    }

    @Test func `what belongs to another event becomes an incident of its own, with the sources that tell of it`() async throws {
        let (desk, client, incident) = try await desk("vera")
        try await desk.kit.platform.write(as: .service("test")) { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { ($0[Incident.label], $0[Incident.releasableTo], $0[Incident.shownAs]) = (.confidential, [.mission], .tenKilometres) }
        }
        let page = try await client.get("/situation/split/INC-2026-000001")
        holds(page.body.contains("SRC-2026-000002") && page.body.contains("name=\"where\""), "the sources and the place are offered")
        let sent = try await client.post("/situation/split/INC-2026-000001", form.merging(["report": "SRC-2026-000002"]) { $1 })
        same([String(sent.status), sent.location ?? ""], ["303", "/situation/incidents/INC-2026-000002"], sent.body.components(separatedBy: "id=\"e-").dropFirst().joined())
        let found = try await desk.kit.platform.read(as: .service("test")) { try $0.first(Incident.self, where: Incident.splitFrom.equals(incident)) }
        guard let part = found else { throw Refusal.absent }
        let whole = try await desk.read(incident)
        same([part.state, whole.state], [.reported, .reported])
        same([part[Incident.killed], part[Incident.sources], whole[Incident.killed], whole[Incident.sources]], [3, 1, 0, 1])
        same(part[Incident.reportedAt], whole[Incident.reportedAt])
        same([part[Incident.reporter], part.createdBy], [World.person("amina"), World.person("vera")])
        same([part[Incident.label].rawValue, part[Incident.shownAs].rawValue] + part[Incident.releasableTo].map(\.rawValue), ["confidential", "ten-kilometres", "mission"])
        same(part[Incident.component], whole[Incident.component])
        same(part[Incident.area]?.centre.latitude, 4.4)
    }

    @Test func `at least one source goes and at least one stays, and what was chosen is kept`() async throws {
        let (_, client, _) = try await desk()
        _ = try await client.get("/situation/split/INC-2026-000001")
        let none = try await client.post("/situation/split/INC-2026-000001", form)
        let all = try await client.post("/situation/split/INC-2026-000001", pairs: [("report", "SRC-2026-000001"), ("report", "SRC-2026-000002")] + form.map { ($0, $1) })
        same([none.status, all.status], [422, 422])
        holds(none.body.contains("e-report") && all.body.contains("e-report"), "said at the field")
        for number in 1...2 { holds(all.body.contains("value=\"SRC-2026-00000\(number)\" checked"), "kept") }
    }

    @Test func `what no longer has sources enough is verified no longer`() async throws {
        let (desk, client, incident) = try await desk()
        try await desk.move(incident, "begin")
        try await desk.move(incident, "verify")
        _ = try await client.get("/situation/split/INC-2026-000001")
        _ = try await client.post("/situation/split/INC-2026-000001", form.merging(["report": "SRC-2026-000001"]) { $1 })
        let whole = try await desk.read(incident)
        same([whole.state.rawValue, whole[Incident.grade]], ["under-verification", "A3"])
        holds(whole[Incident.reason]?.text.contains("INC-2026-000002") == true, "the reason names what was split off")
    }

    @Test func `nobody splits what they may not change, and what is closed is not split`() async throws {
        let (desk, _, incident) = try await desk()
        let omar = try await TestClient.signedIn(desk.kit, as: "omar"), tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        same(try await omar.get("/situation/split/INC-2026-000001").status, 404)
        try await desk.move(incident, "begin")
        try await desk.move(incident, "refute") { $0[Incident.reason] = "It was a rumour." }
        same(try await tomas.get("/situation/split/INC-2026-000001").status, 200)
        same(try await tomas.post("/situation/split/INC-2026-000001", form.merging(["report": "SRC-2026-000001"]) { $1 }).status, 409)
    }
}
