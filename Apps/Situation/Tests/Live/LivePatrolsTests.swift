@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct LivePatrolsTests {
    private func event(at moment: Instant, isOwn: Bool = true, _ latitude: Double = 4.5) -> CoTEvent {
        var event = CoTEvent(
            uid: "ANDROID-7", type: "a-f-G-U-C", how: "m-g", time: moment, start: moment, stale: moment.adding(seconds: 300),
            point: CoTEvent.Point(position: Place.Position(longitude: 18.5, latitude: latitude), circularError: 4.2))
        if isOwn { event.detail.software = CoTEvent.Detail.Software(device: "PHONE", platform: "ATAK-CIV", os: "34", version: "5.3") }
        return event
    }

    @Test func `the leader's own device is the patrol's, once a minute, and is a sign of life`() async throws {
        let desk = try await SituationKit.make()
        let patrol = try await desk.as("amina") { session in
            try session.create(Patrol.self) { draft in
                draft[Patrol.purpose] = "The market by night"
                draft[Patrol.plannedStart] = session.now
                draft[Patrol.plannedEnd] = session.now.adding(seconds: 7_200)
            }
        }
        func keep(_ events: [CoTEvent], by handle: String = "amina", in setting: CoTSetting = .operation) async throws -> [Int] {
            try await desk.as(handle) { try LivePatrols.keep(events, in: setting, $0) }
            let patrol = try await desk.kit.platform.read(as: .service("test")) { try $0.record(patrol.ref) }
            let count = try await desk.kit.platform.read(as: .service("test")) { try $0.count(Position.self).number }
            return [count, patrol?[Patrol.heardAt]?.seconds(since: TestPlatform.start) ?? -1]
        }
        same(try await keep([event(at: desk.kit.clock.now)]), [0, -1], "it is not out")
        try await desk.as("tomas") { session in
            guard let patrol = try session.record(patrol.ref) else { throw Refusal.absent }
            _ = try session.move(patrol, "approve")
        }
        try await desk.as("amina") { session in
            guard let patrol = try session.record(patrol.ref) else { throw Refusal.absent }
            _ = try session.move(patrol, "start")
        }
        desk.kit.clock.advance(59)
        same(try await keep([event(at: desk.kit.clock.now)]), [0, 0], "less than a minute after it was heard of")
        desk.kit.clock.advance(1)
        let now = desk.kit.clock.now
        same(try await keep([event(at: now, isOwn: false)]), [0, 0], "what is passed on of others")
        same(try await keep([event(at: now)], in: .exercise("")), [0, 0], "an exercise")
        same(try await keep([event(at: now)], by: "lina"), [0, 0], "somebody else")
        same(try await keep([event(at: now), event(at: now.adding(seconds: -5), 4.4)]), [1, 60], "the newest of what came together")
        let position = try await desk.as("amina") { try $0.first(Position.self, where: .always) }
        same([position?[Position.place].centre.latitude, position?[Position.accuracy].map(Double.init)], [4.5, 5])
    }
}
