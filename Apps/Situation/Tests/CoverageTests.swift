import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Arrival by positions, and how much of the area patrols were in.
@Suite struct CoverageTests {
    private let desk: SituationKit
    private let start: Instant

    init() async throws {
        desk = try await SituationKit.make()
        start = desk.kit.clock.now
    }

    /// Positions, each some minutes after the start, and word of them.
    private func walk(_ patrol: Record<Patrol>, _ points: [(minutes: Int, latitude: Double, longitude: Double)]) async throws {
        let start = start
        try await desk.as("amina") { session in
            try session.append(points.map { point in
                session.draft(Position.self) {
                    $0[Position.patrol] = patrol.ref
                    $0[Position.at] = start.adding(seconds: point.minutes * 60)
                    if let place = Place(latitude: point.latitude, longitude: point.longitude) { $0[Position.place] = place }
                }
            })
            guard let out = try session.record(patrol.ref) else { return }
            try session.move(out, "check-in")
        }
    }

    private func type(_ arrival: Instant, _ incident: Ref<Incident>) async throws {
        try await desk.as("tomas") { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.arrivedAt] = arrival }
        }
    }

    @Test func `the response is from the report to the first position within a kilometre, whatever was typed`() async throws {
        let patrol = try await desk.patrolOut(), incident = try await desk.report(4.4, 18.56), other = try await desk.report(4.6, 18.56)
        desk.kit.clock.set(start.adding(seconds: 7_200))
        for one in [incident, other] { try await type(start.adding(seconds: 300), one) }
        // 4.42 is 2.2 km away, 4.405 553 m; the second position in reach does not count.
        try await walk(patrol, [(20, 4.42, 18.56), (50, 4.405, 18.56), (80, 4.4, 18.56)])
        let seen = try await desk.read(incident), typed = try await desk.read(other)
        same([seen[Incident.reachedAt], typed[Incident.reachedAt]], [start.adding(seconds: 3_000), nil])
        same([seen[Incident.response], typed[Incident.response]], [.seconds(3_000), .seconds(300)])
        let why = try await desk.as("tomas") { try ArrivalWorking.explain(seen, $0) }
        holds("\(why)".contains("PAT-2026-00001") && "\(why)".contains("553"), "the working names the patrol and the distance")
        // Moved to where no patrol was: what was typed counts again.
        try await desk.as("tomas") { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.place] = Place(latitude: 5, longitude: 19) }
        }
        same(try await desk.read(incident)[Incident.response], .seconds(300))
    }

    @Test func `a patrol more secret than the incident tells nothing by its arrival, and one that came before the report is none`() async throws {
        let secret = try await desk.as("vera") { session in
            let planned = try session.create(Patrol.self) {
                ($0[Patrol.purpose], $0[Patrol.leader], $0[Patrol.label]) = ("Quiet", World.person("amina"), .confidential)
                ($0[Patrol.plannedStart], $0[Patrol.plannedEnd]) = (session.now, session.now.adding(seconds: 7_200))
            }
            return try session.move(planned, "approve")
        }
        let out = try await desk.as("amina") { session in
            guard let record = try session.record(secret.ref) else { throw Refusal.absent }
            return try session.move(record, "start")
        }
        let early = try await desk.patrolOut()
        try await walk(early, [(0, 4.4, 18.56)])
        desk.kit.clock.set(start.adding(seconds: 600))
        let incident = try await desk.report(4.4, 18.56)
        desk.kit.clock.set(start.adding(seconds: 7_200))
        try await walk(out, [(60, 4.4, 18.56)])
        same(try await desk.read(incident)[Incident.reachedAt], nil)
        same(try await desk.as("tomas") { try Figures(days: 30, $0).response }, Figures.Response(times: [], without: 1))
    }

    /// A sector of 10 × 10 cells: 4.30–4.80 by 18.30–18.80.
    private func sector() async throws {
        try await desk.as("tomas") { session in
            let ring = [(18.3, 4.3), (18.8, 4.3), (18.8, 4.8), (18.3, 4.8), (18.3, 4.3)].map { Place.Position(longitude: $0.0, latitude: $0.1) }
            guard let outline = Place(.area, ring) else { throw Refusal.absent }
            try session.create(Sector.self) { ($0[Sector.name], $0[Sector.outline]) = ("Bangui", outline) }
        }
    }

    @Test func `coverage is cells with a patrol of all cells, revisit the median gap, and what has incidents and no patrol is told`() async throws {
        try await sector()
        let one = try await desk.patrolOut(), two = try await desk.patrolOut(), three = try await desk.patrolOut()
        desk.kit.clock.set(start.adding(days: 2))
        // One cell three times, 60 and 180 minutes apart; another once; one outside the area.
        try await walk(one, [(0, 4.41, 18.56), (10, 4.42, 18.56), (30, 4.47, 18.56)])
        try await walk(two, [(60, 4.41, 18.56), (61, 5.2, 18.56)])
        try await walk(three, [(240, 4.44, 18.59)])
        _ = try await desk.report(4.41, 18.57)
        _ = try await desk.report(4.62, 18.41) { $0[Incident.placeName] = "Boali" }
        let coverage = try await desk.as("tomas") { try Coverage(days: 7, idle: 3, $0) }
        same([coverage.whole.cells, coverage.whole.visited, coverage.inside, coverage.outside, coverage.once], [100, 2, 5, 1, 1])
        same(coverage.revisit, 7_200)
        same(coverage.neglected.map { [$0.cell.name, $0.last == nil ? "never" : "once"] }, [[GridCell(Place.Position(longitude: 18.41, latitude: 4.62), size: 5).name, "never"]])
        same(coverage.parts.map { [$0.name, String($0.incidents)] }, [["Bangui", "2"]])
        let later = try await desk.as("tomas") { session in try Coverage(days: 30, idle: 1, session) }
        same(later.neglected.count, 2, "the cell that was visited a day and more ago")
    }

    @Test func `the page has each figure with its working, and only for those who read where patrols were`() async throws {
        let client = try await TestClient.signedIn(desk.kit, as: "tomas"), omar = try await TestClient.signedIn(desk.kit, as: "omar")
        holds(try await client.get("/situation/figures/patrols").body.contains("/situation/sectors/new"), "without an area it says what to do")
        try await sector()
        _ = try await desk.report(4.62, 18.41)
        let page = try await client.get("/situation/figures/patrols?days=30&idle=7")
        for why in ["share", "revisit", "neglected", "cell.1892.3968"] {
            holds(page.body.contains("why=\(why)"), why)
            same(try await client.get("/situation/figures/patrols?days=30&idle=7&why=\(why)").status, 200, why)
        }
        same(try await client.get("/situation/figures/patrols?why=cell.1.1").status, 404)
        same(try await omar.get("/situation/figures/patrols").status, 404)
    }

    @Test func `a sector across the antimeridian has its cells, and what is no area is none`() async throws {
        let cells = try await desk.as("tomas") { session in
            let ring = [(179.9, -17.1), (-179.9, -17.1), (-179.9, -17.0), (179.9, -17.0), (179.9, -17.1)].map { Place.Position(longitude: $0.0, latitude: $0.1) }
            guard let outline = Place(.area, ring) else { throw Refusal.absent }
            return try session.create(Sector.self) { ($0[Sector.name], $0[Sector.outline]) = ("Taveuni", outline) }.cells.count
        }
        same(cells, 8)
        await refuses("not-an-outline", field: "outline") {
            try await desk.as("tomas") { session in
                _ = try session.create(Sector.self) { $0[Sector.name] = "A point"; if let place = Place(latitude: 1, longitude: 1) { $0[Sector.outline] = place } }
            }
        }
    }
}
