import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct PatrolTests {
    /// Bangui and round about (`field.json`, patrol_track): legs 2,897.6, 5,542.1, 5,639.3, 5,607.2 m; 19,686.3 m in two hours, 9.84 km/h.
    private static let track: [(minutes: Int, latitude: Double, longitude: Double)] = [
        (0, 4.393797, 18.559861), (20, 4.42, 18.56), (45, 4.45, 18.6), (90, 4.4, 18.61), (120, 4.393797, 18.559861),
    ]

    private static func planned(_ desk: SituationKit, _ fill: @escaping @Sendable (inout Record<Patrol>) -> Void = { _ in }) async throws -> Ref<Patrol> {
        try await desk.as("tomas") { session in
            try session.create(Patrol.self) {
                $0[Patrol.purpose] = "Market road"
                $0[Patrol.leader] = World.person("amina")
                $0[Patrol.plannedStart] = session.now
                $0[Patrol.plannedEnd] = session.now.adding(seconds: 7_200)
                fill(&$0)
            }.ref
        }
    }

    private static func move(_ desk: SituationKit, _ patrol: Ref<Patrol>, _ name: String, by handle: String, _ fill: @escaping @Sendable (inout Record<Patrol>) -> Void = { _ in }) async throws {
        try await desk.as(handle) { session in
            guard let record = try session.record(patrol) else { throw Refusal.absent }
            try session.move(record, name, fill)
        }
    }

    private static func read(_ desk: SituationKit, _ patrol: Ref<Patrol>) async throws -> Record<Patrol> {
        guard let record = try await desk.as("tomas", { try $0.record(patrol) }) else { throw Refusal.absent }
        return record
    }

    /// Under way, with the positions of the worked example.
    private static func walked(_ desk: SituationKit) async throws -> Ref<Patrol> {
        let patrol = try await planned(desk)
        try await move(desk, patrol, "approve", by: "tomas")
        try await move(desk, patrol, "start", by: "amina")
        try await desk.as("tomas") { session in
            try session.append(track.map { point in
                session.draft(Position.self) {
                    $0[Position.patrol] = patrol
                    $0[Position.at] = session.now.adding(seconds: (point.minutes - 120) * 60)
                    if let place = Place(latitude: point.latitude, longitude: point.longitude) { $0[Position.place] = place }
                }
            })
        }
        return patrol
    }

    @Test func `a track is as long as its legs along the ellipsoid`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.walked(desk)
        let track = try await desk.as("tomas") { try PatrolTrack.of(patrol, $0) }
        same(track.legs.map { ($0 * 10).rounded() / 10 }, [2_897.6, 5_542.1, 5_639.3, 5_607.2])
        same([track.length, track.duration], [19_686, 7_200])
        same(track.speed.map { ($0 * 100).rounded() / 100 }, 9.84)
        try await Self.move(desk, patrol, "complete", by: "amina") { $0[Patrol.report] = "Nothing of note." }
        same(try await Self.read(desk, patrol)[Patrol.gone], 19_686)
    }

    @Test func `nobody approves their own patrol`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.planned(desk) { $0[Patrol.leader] = World.person("tomas") }
        await refuses("may-not-move") { try await Self.move(desk, patrol, "approve", by: "tomas") }
        try await Self.move(desk, patrol, "approve", by: "vera")
    }

    @Test func `the way planned is drawn from points as people write them`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.planned(desk) { $0[Patrol.way] = "4.393797 18.559861\n34NBK2918486098\n5° 45.833′ N 20° 40.244′ E" }
        let read = try await Self.read(desk, patrol)
        same([read[Patrol.route]?.positions.count, (read[Patrol.planned] ?? 0) / 1_000], [3, 278])
        let refusal = await #expect(throws: Refusal.self) { _ = try await Self.planned(desk) { $0[Patrol.way] = "4.39 18.56\nby the river" } }
        same([refusal?.code, refusal?.field, refusal?.arguments["line"]], ["not-a-point", "way", "2"])
    }

    /// alarm = last heard of + interval + grace: 60 + 15 minutes.
    @Test func `a patrol that is not heard of in time raises an alert once, and a check-in ends it`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.planned(desk)
        try await Self.move(desk, patrol, "approve", by: "tomas")
        try await Self.move(desk, patrol, "start", by: "amina")
        let started = desk.kit.platform.now
        same(try await Self.read(desk, patrol)[Patrol.alarmAt], started.adding(seconds: 4_500))
        func alarms() async throws -> [String] {
            let run = JobRun(platform: desk.kit.platform, id: .at(desk.kit.platform.now), viewer: .service("situation"))
            try await Patrol.lookForLate(run)
            return try await desk.as("tomas") { try $0.find(Alert.self, where: Alert.kind.equals(.lateCheckIn)).map { $0[Alert.subject] } }
        }
        desk.kit.clock.advance(4_499)
        same(try await alarms(), [])
        desk.kit.clock.advance(1)
        same(try await alarms(), ["Market road"])
        same(try await Self.read(desk, patrol).state, .overdue)
        same(try await alarms().count, 1)
        try await Self.move(desk, patrol, "check-in", by: "amina") { $0[Patrol.here] = "34NBK2918486098" }
        let heard = try await Self.read(desk, patrol)
        same(heard.state, .underway)
        same(heard[Patrol.alarmAt], started.adding(seconds: 9_000))
        same(heard[Patrol.last]?.positions.count, 1)
    }

    @Test func `from an incident to the patrols that were near it, and back`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.walked(desk)
        let near = try await desk.report(4.45, 18.62) { _ in }
        let far = try await desk.report(4.8, 18.62) { _ in }
        let found = try await desk.as("tomas") { session -> ([String], [Int], [String]) in
            guard let incident = try session.record(near), let other = try session.record(far), let walked = try session.record(patrol) else { throw Refusal.absent }
            let patrols = try Neighbours.patrols(near: incident, session)
            same(try Neighbours.patrols(near: other, session).count, 0)
            return (patrols.map { $0.record[Patrol.purpose] }, patrols.map { Int($0.distance) / 100 }, try Neighbours.incidents(near: walked, session).map(\.record.reference))
        }
        same(found.0, ["Market road"])
        same(found.1, [22])
        same(found.2, ["INC-2026-000001"])
    }

    @Test func `positions are as secret as their patrol, and taken all or none`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await Self.walked(desk)
        same(try await desk.as("omar") { try $0.count(Position.self).number }, 0)
        same(try await desk.as("amina") { try $0.count(Position.self).number }, 5)
        let before = try await desk.kit.platform.store.read { try $0.ledgerSize() }
        await #expect(throws: Refusal.self) {
            try await desk.as("tomas") { session in
                try session.append([0, 5_000].map { seconds in
                    session.draft(Position.self) {
                        $0[Position.patrol] = patrol
                        $0[Position.at] = session.now.adding(seconds: seconds)
                        if let place = Place(latitude: 4.4, longitude: 18.6) { $0[Position.place] = place }
                    }
                })
            }
        }
        same(try await desk.as("amina") { try $0.count(Position.self).number }, 5)
        same(try await desk.kit.platform.store.read { try $0.ledgerSize() }, before)
    }
}

@Suite struct LotTests {
    @Test func `a position that was altered past the rules, or taken away, is found when the ledger is verified`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await desk.as("tomas") { session in
            try session.create(Patrol.self) {
                $0[Patrol.purpose] = "Market road"
                $0[Patrol.plannedStart] = session.now
                $0[Patrol.plannedEnd] = session.now.adding(seconds: 7_200)
            }.ref
        }
        try await desk.as("tomas") { session in
            try session.append((0..<3).map { number in
                session.draft(Position.self) {
                    $0[Position.patrol] = patrol
                    $0[Position.at] = session.now.adding(seconds: number * 60)
                    if let place = Place(latitude: 4.4, longitude: 18.6) { $0[Position.place] = place }
                }
            })
        }
        func fault() async throws -> String? {
            _ = try await LedgerKeeper(desk.kit.platform).seal()
            return try await Verification(desk.kit.platform).run().fault
        }
        same(try await fault(), nil)
        let schema = desk.kit.platform.schema(of: Position.self)
        let rows = try await desk.kit.platform.store.read { try $0.rows(Query(schema, limit: 10)) }
        try await desk.kit.platform.store.write { store in
            var row = rows[1]
            row["accuracy"] = .integer(5)
            _ = try store.update(row, expected: nil)
        }
        holds(try await fault()?.contains("is not what came") == true, "what was altered is found")
        try await desk.kit.platform.store.write { store in
            _ = try store.update(rows[1], expected: nil)
            try store.delete(schema, rows[2].id)
        }
        holds(try await fault()?.contains("2 of the 3") == true, "what is gone is found")
    }
}
