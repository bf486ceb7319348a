import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

extension SituationKit {
    /// A patrol of amina's that is out.
    func patrolOut(_ fill: @escaping @Sendable (inout Record<Patrol>) -> Void = { _ in }) async throws -> Record<Patrol> {
        let patrol = try await self.as("tomas") { session in
            let planned = try session.create(Patrol.self) {
                $0[Patrol.purpose] = "Market road"
                $0[Patrol.leader] = World.person("amina")
                $0[Patrol.plannedStart] = session.now
                $0[Patrol.plannedEnd] = session.now.adding(seconds: 7_200)
                fill(&$0)
            }
            return try session.move(planned, "approve").ref
        }
        return try await self.as("amina") { session in
            guard let record = try session.record(patrol) else { throw Refusal.absent }
            return try session.move(record, "start")
        }
    }

    func end(_ patrol: Ref<Patrol>) async throws {
        try await self.as("amina") { session in
            guard let record = try session.record(patrol) else { throw Refusal.absent }
            try session.move(record, "complete") { $0[Patrol.report] = "Nothing of note." }
        }
    }
}

/// A device's file of a patrol is looked at, brought in, and given out again.
@Suite struct TrackTests {
    private let desk: SituationKit, client: TestClient, start: Instant

    init() async throws {
        desk = try await SituationKit.make()
        client = try await TestClient.signedIn(desk.kit, as: "amina")
        client.setCookie("language", "en")
        start = desk.kit.clock.now
        _ = try await desk.patrolOut { $0[Patrol.way] = "4.39 18.56\n4.45 18.60" }
        desk.kit.clock.set(start.adding(seconds: 7_200))
    }

    /// Minutes after the start, latitude, longitude; a point of no minutes has no time.
    private func gpx(_ points: [(Int?, Double, Double)]) -> [UInt8] {
        let rows = points.map { minutes, latitude, longitude in
            "<trkpt lat=\"\(latitude)\" lon=\"\(longitude)\">\(minutes.map { "<time>\(start.adding(seconds: $0 * 60).iso)</time>" } ?? "")</trkpt>"
        }
        return Array("<gpx version=\"1.1\" creator=\"x\" xmlns=\"http://www.topografix.com/GPX/1/1\"><trk><name>Day</name><trkseg>\(rows.joined())</trkseg></trk></gpx>".utf8)
    }

    private let way: [(Int?, Double, Double)] = [(0, 4.393797, 18.559861), (20, 4.42, 18.56), (45, 4.45, 18.6)]

    private func bring(_ bytes: [UInt8]) async throws -> String {
        _ = try await client.get("/situation/way/PAT-2026-00001")
        let sent = try await client.post("/situation/way/PAT-2026-00001", [:], files: [("file", "day.gpx", "application/gpx+xml", bytes)])
        same(sent.status, 303)
        return sent.location ?? ""
    }

    private func take(_ address: String, _ more: [String: String] = [:]) async throws -> TestAnswer {
        let plan = try await client.get(address).field("plan") ?? ""
        return try await client.post(address, ["act": "import", "plan": plan].merging(more) { $1 })
    }

    private func points() async throws -> [Record<Position>] { try await desk.as("tomas") { try $0.find(Position.self, where: Position.how.equals(.imported), sort: [.up(Position.at)]) } }

    @Test func `a track is looked at, and its points become positions of the patrol`() async throws {
        let address = try await bring(gpx(way))
        let seen = try await client.get(address)
        holds(seen.body.contains("Bring in the points: 3") && seen.body.contains("4.42"), "the points are shown")
        same(try await points().count, 0, "looking changes nothing")
        same(try await take(address).status, 303)
        same(try await points().map { $0[Position.at] }, [0, 20, 45].map { start.adding(seconds: $0 * 60) })
        let batch = try await desk.as("tomas") { try $0.first(Batch.self, where: .always) }
        same([batch?.state == .imported, batch?[Batch.file].isEmpty], [true, true])
    }

    @Test func `the same file again adds nothing, and a longer one only what is new`() async throws {
        _ = try await take(try await bring(gpx(way)))
        let again = try await bring(gpx(way))
        holds(try await client.get(again).body.contains("Every point of the file is there already."), "said to be there")
        same(try await take(again).status, 422)
        _ = try await take(try await bring(gpx(way + [(90, 4.4, 18.61)])))
        same(try await points().count, 4)
    }

    @Test func `each point that cannot be taken is told with its reason, and is left out only when somebody says so`() async throws {
        let address = try await bring(gpx(way + [(nil, 4.46, 18.6), (-90, 4.3, 18.5), (20, 4.5, 18.5), (600, 4.4, 18.6)]))
        let seen = try await client.get(address).body
        for sentence in ["This point has no time", "more than an hour before the patrol started", "another position of the patrol is kept", "future"] { holds(seen.contains(sentence), sentence) }
        same(try await take(address).status, 422)
        same(try await points().count, 0)
        same(try await take(address, ["leave-out": "true"]).status, 303)
        same(try await points().count, 3)
    }

    @Test func `a patrol that is back is measured anew, and another's track is nobody else's to bring`() async throws {
        guard let patrol = try await desk.as("tomas", { try $0.first(Patrol.self, where: .always) }) else { throw Refusal.absent }
        try await desk.end(patrol.ref)
        _ = try await take(try await bring(gpx(way)))
        let after = try await desk.as("tomas") { try $0.record(patrol.ref) }
        same(after?[Patrol.gone], 8_440)
        let lina = try await TestClient.signedIn(desk.kit, as: "lina"), omar = try await TestClient.signedIn(desk.kit, as: "omar")
        _ = try await lina.get("/situation/way/PAT-2026-00001")
        same(try await lina.post("/situation/way/PAT-2026-00001", [:], files: [("file", "day.gpx", "application/gpx+xml", gpx(way))]).status, 403)
        same(try await omar.get("/situation/way/PAT-2026-00001/BAT-2026-00001").status, 404)
    }

    @Test func `what goes out as GPX, KML and GeoJSON comes in again as the same points`() async throws {
        _ = try await take(try await bring(gpx(way)))
        for form in ["gpx", "kml", "geojson"] {
            let file = try await client.get("/situation/way/PAT-2026-00001/file/track.\(form)")
            same(file.status, 200, form)
            let report = ExchangeFormat.recognised(Array(file.body.utf8))?.read(Array(file.body.utf8), ExchangeSource())
            let track = report?.rows.map(\.feature).first { !$0.stamps.isEmpty }
            same(track?.stamps.compactMap(\.self), [0, 20, 45].map { start.adding(seconds: $0 * 60) }, form)
            same(track?.place?.positions.map(\.latitude), [4.393797, 4.42, 4.45], form)
        }
        let omar = try await TestClient.signedIn(desk.kit, as: "omar")
        same(try await omar.get("/situation/way/PAT-2026-00001/file/track.gpx").status, 404)
    }
}
