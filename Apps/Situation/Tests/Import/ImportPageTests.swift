import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// A desk with a browser on it, and files that are brought to the import page.
struct ImportDesk {
    let desk: SituationKit
    let client: TestClient
    /// Where the last file was looked at.
    var address = ""

    static func make(_ handle: String = "tomas") async throws -> ImportDesk {
        let desk = try await SituationKit.make(), client = try await TestClient.signedIn(desk.kit, as: handle)
        // The sentences looked for are the English ones.
        client.setCookie("language", "en")
        return ImportDesk(desk: desk, client: client)
    }

    mutating func bring(_ text: String, name: String = "events.csv", provider: String = "Partner", zone: String = "UTC") async throws -> TestAnswer {
        let form = ["provider": provider, "zone": zone]
        let answer = try await client.post("/situation/exchange/import", form, files: [("file", name, "text/csv", Array(text.utf8))])
        address = answer.location ?? ""
        return answer
    }

    func look() async throws -> TestAnswer { try await client.get(address) }

    /// Looks, and decides on what was seen.
    func run(leavingOut: Bool = false) async throws -> TestAnswer {
        let plan = try await look().field("plan") ?? ""
        return try await client.post(address, ["act": "import", "plan": plan].merging(leavingOut ? ["leave-out": "true"] : [:]) { $1 })
    }

    func incidents() async throws -> [Record<Incident>] { try await desk.kit.platform.read(as: .service("test")) { try $0.find(Incident.self, sort: [.up(Incident.occurred)]) } }
    func reports() async throws -> [Record<SourceReport>] { try await desk.kit.platform.read(as: .service("test")) { try $0.find(SourceReport.self, sort: [.up(SourceReport.origin)]) } }

    /// The numbers of the preview: new, changed, unchanged, changed here too, left out.
    func tally() async throws -> [String] {
        try await look().body.components(separatedBy: "<dd>").dropFirst().prefix(5).map { String($0.prefix { $0 != "<" }) }
    }
}

@Suite struct ImportPageTests {
    private let head = "id,date,category,notes,place_name,latitude,longitude,fatalities_low,fatalities_best,fatalities_high\n"
    private let first = "E1,2026-10-01,Looting,Two shops were emptied.,Kodo,5.1,20.4,,0,\nE2,2026-10-02T06:00Z,Battles / Armed clash,They fought.,Sabo,5.77,20.65,2,4,7\n"

    @Test func `a table is looked at, brought in at once, and each event has its source report`() async throws {
        var desk = try await ImportDesk.make()
        same(try await desk.bring(head + first).status, 303)
        same(try await desk.tally(), ["2", "0", "0", "0", "0"])
        same(try await desk.incidents().count, 0, "looking changes nothing")
        same(try await desk.run().status, 303)
        let incidents = try await desk.incidents(), reports = try await desk.reports()
        same(incidents.map { [$0.state.rawValue, $0[Incident.summary], $0[Incident.category].rawValue, $0[Incident.placeName] ?? ""] }, [
            ["reported", "Two shops were emptied.", "looting", "Kodo"], ["reported", "They fought.", "armed-clash", "Sabo"],
        ])
        same(incidents.map { [$0[Incident.killed], $0[Incident.killedLow], $0[Incident.killedHigh]] }, [[0, 0, 0], [4, 2, 7]])
        same(reports.map { $0[SourceReport.origin] ?? "" }, ["partner|id:E1", "partner|id:E2"])
        holds(try await desk.look().body.contains("BAT-2026-00001"), "what came of it is told")
    }

    @Test func `the same file again changes nothing, and a newer one only what its source changed`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first)
        _ = try await desk.run()
        _ = try await desk.bring(head + first, provider: "PARTNER")
        same(try await desk.tally(), ["0", "0", "2", "0", "0"])
        let page = try await desk.look()
        holds(page.field("plan") != nil && !page.body.contains("value=\"import\""), "nothing to bring in")
        _ = try await desk.bring(head + first.replacing("They fought.", with: "They fought until noon.") + "E3,2026-10-03,Looting,A third shop.,Kodo,5.1,20.4,,,\n")
        same(try await desk.tally(), ["1", "1", "1", "0", "0"])
        _ = try await desk.run()
        same(try await desk.incidents().map { $0[Incident.summary] }, ["Two shops were emptied.", "They fought until noon.", "A third shop."])
        // The same id of another provider is another event.
        _ = try await desk.bring(head + first, provider: "Somebody else")
        same(try await desk.tally(), ["2", "0", "0", "0", "0"])
    }

    @Test func `what somebody here changed stays, unless it is said that the source goes first`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first)
        _ = try await desk.run()
        let incident = try await desk.incidents()[1]
        try await desk.desk.as("lina") { session in
            guard let incident = try session.record(incident.ref) else { throw Refusal.absent }
            try session.change(incident) { $0[Incident.summary] = "A clash at the bridge" }
        }
        let newer = head + first.replacing("They fought.", with: "They fought until noon.")
        _ = try await desk.bring(newer)
        same(try await desk.tally(), ["0", "0", "1", "1", "0"])
        _ = try await desk.run()
        same(try await desk.incidents()[1][Incident.summary], "A clash at the bridge")
        holds(try await desk.reports()[1][SourceReport.said].text.hasPrefix("They fought until noon."), "the report says what the source says now")
        _ = try await desk.bring(newer.replacing("until noon", with: "all day"))
        _ = try await desk.client.post(desk.address, ["act": "apply", "provider": "Partner", "zone": "UTC", "conflicts": "take", "parts": "split", "severity": "minor", "reliability": "c", "credibility": "possible", "label": "unclassified"])
        _ = try await desk.run()
        same(try await desk.incidents()[1][Incident.summary], "They fought all day.")
    }

    @Test func `rows that cannot be taken are told by their number, and are left out only when that is said`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first + "E3,2026-10-03,Looting,x,Kodo,95,120.4,,,\nE4,,Looting,no date,Kodo,5,20,,,\nE1,2026-10-09,Looting,again,Kodo,5,20,,,\nE5,2031-01-01,Looting,later,Kodo,5,20,,,\n")
        same(try await desk.tally(), ["2", "0", "0", "0", "4"])
        let page = try await desk.look().body
        for code in ["No place has the latitude", "There is no date", "Row 2 has the identifier E1", "lies in the future"] { holds(page.contains(code), code) }
        let refused = try await desk.run()
        same([refused.status, try await desk.incidents().count], [422, 0])
        same(try await desk.run(leavingOut: true).status, 303)
        same(try await desk.incidents().count, 2)
    }

    @Test func `what was not seen is not done`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first)
        _ = try await desk.run()
        _ = try await desk.bring(head + first.replacing("They fought.", with: "They fought until noon."))
        let plan = try await desk.look().field("plan") ?? ""
        let incident = try await desk.incidents()[1]
        try await desk.desk.as("lina") { session in
            guard let incident = try session.record(incident.ref) else { throw Refusal.absent }
            try session.change(incident) { $0[Incident.summary] = "A clash at the bridge" }
        }
        same(try await desk.client.post(desk.address, ["act": "import", "plan": plan]).status, 409)
        same(try await desk.incidents()[1][Incident.summary], "A clash at the bridge")
    }

    @Test func `a file is its bringer's to decide on, and other people have no import`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first)
        let plan = try await desk.look().field("plan") ?? ""
        let lina = try await TestClient.signedIn(desk.desk.kit, as: "lina"), amina = try await TestClient.signedIn(desk.desk.kit, as: "amina")
        _ = try await lina.get(desk.address)
        same([try await lina.post(desk.address, ["act": "import", "plan": plan]).status, try await amina.get(desk.address).status, try await amina.get("/situation/exchange/import").status], [404, 404, 404])
        same(try await desk.incidents().count, 0)
        same(try await desk.client.post(desk.address, ["act": "discard"]).status, 303)
        same(try await desk.run().status, 404, "what was let go is gone")
    }

    @Test func `a file that nobody decides on is let go after a week`() async throws {
        var desk = try await ImportDesk.make()
        _ = try await desk.bring(head + first)
        let platform = desk.desk.kit.platform
        for (days, state) in [(6, Batch.State.tried), (2, .discarded)] {
            desk.desk.kit.clock.advance(days * 86_400)
            try await Batch.letGo(JobRun(platform: platform, id: .at(platform.now), viewer: .service("situation")))
            let batch = try await platform.read(as: .service("test")) { try $0.first(Batch.self, where: .always) }
            same(batch?.state, state)
        }
    }
}
