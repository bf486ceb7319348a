@testable import Situation
import Foundation
import Kernel
import Testing
import TestKit

@Suite struct FlightTests {
    private func flight(_ desk: SituationKit, by handle: String = "ines", takesOff: Bool = true) async throws -> Record<Flight> {
        try await desk.kit.grant("ines", .pilot)
        return try await desk.as(handle) { session in
            let flight = try session.create(Flight.self) { draft in
                draft[Flight.purpose] = "Look at the bridge"
                draft[Flight.aircraft] = "Quadcopter"
                draft[Flight.begins] = session.now
                draft[Flight.ends] = session.now.adding(seconds: 1_800)
            }
            return takesOff ? try session.move(flight, "take-off") : flight
        }
    }

    private func send(_ client: TestClient, _ flight: Record<Flight>, _ bytes: [UInt8]) async throws -> TestAnswer {
        _ = try await client.get("/situation/footage/\(flight.reference)")
        return try await client.post("/situation/footage/\(flight.reference)", [:], files: [("file", "flight.klv", "application/octet-stream", bytes)])
    }

    private func read(_ desk: SituationKit, _ flight: Record<Flight>) async throws -> Record<Flight>? {
        try await desk.kit.platform.read(as: .service("test")) { try $0.record(flight.ref) }
    }

    @Test func `a file becomes track, footprint, figures and a file for maps`() async throws {
        let desk = try await SituationKit.make()
        let flight = try await flight(desk), client = try await TestClient.signedIn(desk.kit, as: "ines")
        same(try await send(client, flight, FlightMaker.film(seconds: 5)).status, 303)
        let kept = try #require(try await read(desk, flight))
        same([kept[Flight.packets], kept[Flight.distance], kept[Flight.track]?.positions.count, kept[Flight.source].count], [5, 442, 5, 2])
        let page = try await client.get("/situation/footage/\(flight.reference)")
        holds(page.body.contains("4.39100") && page.body.contains("/situation/footage/\(flight.reference)/frames"), "a table and a file")
        let file = try await client.get("/situation/footage/\(flight.reference)/frames")
        same([file.status, FlightGeoJSON.frames(file.bytes).count], [200, 5])
        let working = try await client.get("/situation/flights/\(flight.reference)/working?of=field:distance")
        holds(working.status == 200 && working.body.contains("WGS"), "the distance says where it comes from")
    }

    @Test func `packets that are not sound are listed, and nothing is taken before that is chosen`() async throws {
        let desk = try await SituationKit.make()
        let flight = try await flight(desk), client = try await TestClient.signedIn(desk.kit, as: "ines")
        var film = FlightMaker.film(seconds: 3)
        film[film.count / 3 + 40] ^= 1
        let question = try await send(client, flight, film)
        same(question.status, 200)
        same(try await read(desk, flight)?[Flight.packets], nil)
        let hash = try #require(question.field("kept"))
        same(try await client.post("/situation/footage/\(flight.reference)", ["kept": hash, "name": "flight.klv", "sound": "yes"]).status, 303)
        same(try await read(desk, flight)?[Flight.packets], 2)
    }

    @Test func `files without metadata, flights that were not flown and strangers are refused`() async throws {
        let desk = try await SituationKit.make()
        let flight = try await flight(desk), planned = try await self.flight(desk, takesOff: false)
        let client = try await TestClient.signedIn(desk.kit, as: "ines")
        let refused = try await send(client, flight, Array("no film".utf8))
        same([refused.status, refused.body.contains("id=\"e-file\"") ? 1 : 0], [422, 1])
        same(try await send(client, planned, FlightMaker.film(seconds: 2)).status, 409)
        let stranger = try await TestClient.signedIn(desk.kit, as: "amina")
        same(try await stranger.get("/situation/footage/\(flight.reference)").status, 404)
        same(try await stranger.get("/situation/footage/\(flight.reference)/frames").status, 404)
        // The analyst reads it and changes nothing.
        let lina = try await TestClient.signedIn(desk.kit, as: "lina")
        same([try await lina.get("/situation/footage/\(flight.reference)").status, try await send(lina, flight, FlightMaker.film(seconds: 2)).status], [200, 403])
        await refuses("flight-ends-first", field: "ends") {
            _ = try await desk.as("tomas") { session in
                try session.create(Flight.self) { draft in
                    draft[Flight.purpose] = "x"
                    draft[Flight.aircraft] = "x"
                    draft[Flight.begins] = session.now
                    draft[Flight.ends] = session.now
                }
            }
        }
    }
}
