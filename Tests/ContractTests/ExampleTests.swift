import Foundation
@testable import Kernel
import TestKit
import Testing
import Web

/// The guide's worked example: one Swift file and six files of words, and everything else follows.
@Suite struct ExampleTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent()

    private func kit() async throws -> (TestPlatform, TestClient) {
        let kit = try await TestPlatform.make([fleet])
        try await kit.grant("tomas", .dispatcher)
        return (kit, try await dispatcher(kit))
    }

    private func dispatcher(_ kit: TestPlatform) async throws -> TestClient {
        let client = try await TestClient.signedIn(kit, as: "tomas")
        client.setCookie("language", "en")
        return client
    }

    private let asked = ["purpose": "Water pumps to the camp", "station": World.station("NBO").id.description, "to": "Kakuma", "departure": "2026-11-05T08:00", "seats": "3"]

    @Test func `The example is as short as the guide says, and the guide quotes it`() throws {
        let swift = try String(contentsOf: Self.folder.appending(path: "Example/Trip.swift"), encoding: .utf8)
        let guide = try String(contentsOf: Self.folder.appending(path: "../../docs/kernel.md").standardizedFileURL, encoding: .utf8)
        holds(swift.split(separator: "\n", omittingEmptySubsequences: false).count <= 60, "fewer than sixty lines")
        holds(guide.contains("```swift\n\(swift)```"), "the guide quotes Example/Trip.swift as it is")
        same(Trip.schema().ownFields.count, 10)
        let english = try String(contentsOf: Self.folder.appending(path: "Example/Words/en.json"), encoding: .utf8)
        holds(guide.contains("```json\n\(english)```"), "the guide quotes Example/Words/en.json as it is")
        let others = try FileManager.default.contentsOfDirectory(atPath: Self.folder.appending(path: "Example").path).filter { !$0.hasPrefix(".") }
        same(Set(others), ["Trip.swift", "Words"])
    }

    @Test func `A trip is asked for by form, planned, listed, found and told`() async throws {
        let (kit, dispatcher) = try await kit()
        let amina = try await TestClient.signedIn(kit, as: "amina")
        let made = try await amina.post("/fleet/trips/new", asked)
        same(made.status, 303, made.main)
        let page = try await amina.get("/fleet/trips/TRIP-2026-0001")
        holds(page.status == 200 && page.main.contains("Water pumps to the camp") && page.main.contains("Asked for"), "the record's page")
        holds(try await dispatcher.get("/fleet/trips?view=next").main.contains("TRIP-2026-0001"), "the list")
        let planned = try await dispatcher.post("/fleet/trips/TRIP-2026-0001/moves/plan", ["vehicle": "truck", "driver": World.person("omar").id.description])
        same(planned.status, 303, planned.main)
        holds(try await dispatcher.get("/fleet/trips/TRIP-2026-0001/history").main.contains("planned"), "the history")
        holds(try await dispatcher.get("/search?q=pumps").main.contains("TRIP-2026-0001"), "the search")
        holds(try await amina.get("/notices").main.contains("Tomás Herrera"), "the notice")
        same(try await TestClient.signedIn(kit, as: "omar").get("/fleet/trips/TRIP-2026-0001").status, 404)
    }

    @Test func `The interface for programs, the measure, the export and the import are there`() async throws {
        let (kit, dispatcher) = try await kit()
        let csv = "purpose,traveller,station,to,departure,seats\nMedicines,amina,NBO,Garissa,2026-11-06 09:00,2\nTents,amina,NBO,Lodwar,2026-11-07 09:00,4\n"
        let tried = try await dispatcher.post("/fleet/trips/import", ["text": csv])
        let hash = try #require(tried.field("file"), "\(tried.main)")
        same(try await dispatcher.post("/fleet/trips/import/run", ["file": hash]).status, 200)
        let list = try JSON(try await dispatcher.get("/api/v1/fleet/trips?sort=departure").bytes)
        same(list["items"].array?.compactMap { $0["to"].string }, ["Garissa", "Lodwar"])
        let id = list["items"].array?.first?["id"].string ?? ""
        let body: JSON = ["vehicle": "car", "driver": .string(World.person("omar").id.description)]
        let etag = try await dispatcher.get("/api/v1/fleet/trips/\(id)").header("etag") ?? ""
        let token = try await kit.platform.makeToken(person: World.person("tomas").id, name: "test", days: 1, readOnly: false)
        let headers = ["Authorization": "Bearer \(token)", "Content-Type": "application/json", "If-Match": etag]
        same(try await dispatcher.send("POST", "/api/v1/fleet/trips/\(id)/moves/plan", headers: headers, body: body.bytes).status, 200)
        try await kit.platform.write(as: .service("test")) { session in
            guard let trip = try session.first(Trip.self, where: .state(Trip.State.planned)) else { throw Refusal.absent }
            try session.move(trip, "return") { $0[Trip.distance] = 420 }
        }
        // Sessions have ended by then.
        kit.clock.advance(30 * 86_400)
        let later = try await self.dispatcher(kit)
        let measure = try await later.get("/fleet/measures/distance")
        holds(measure.status == 200 && measure.main.contains("420"), "the measure: \(measure.status)")
        holds(try await later.get("/fleet/trips/export.csv?all=1&header=names").body.contains("Lodwar"), "the export")
        holds(try await later.get("/openapi.json").body.contains("/api/v1/fleet/trips"), "the description of the interface")
    }

    @Test func `Its own rule refuses in the reader's language`() async throws {
        let (_, dispatcher) = try await kit()
        dispatcher.setCookie("language", "fr")
        let answer = try await dispatcher.post("/fleet/trips/new", asked.merging(["back": "2026-11-04T08:00"]) { $1 })
        same(answer.status, 422)
        holds(answer.main.contains("Le retour est antérieur au départ"), answer.main)
    }
}
