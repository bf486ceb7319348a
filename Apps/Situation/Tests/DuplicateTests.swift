import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct DuplicateTests {
    private func found(_ desk: SituationKit, _ incident: Ref<Incident>, by handle: String = "tomas") async throws -> [Int] {
        try await desk.as(handle) { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            return try Duplicate.candidates(for: record, session).map { Int($0.distance.rounded()) }
        }
    }

    @Test func `incidents of one kind within five kilometres and a day may be the same, the nearest first`() async throws {
        let desk = try await SituationKit.make()
        let start = desk.kit.clock.now
        let incident = try await desk.report()
        _ = try await desk.report(4.43, 18.56) { $0[Incident.category] = .shelling }
        _ = try await desk.report(4.40, 18.56)
        _ = try await desk.report(4.40, 18.56) { $0[Incident.category] = .flood }
        _ = try await desk.report(4.45, 18.56)
        _ = try await desk.report(4.40, 18.56) { $0[Incident.occurred] = start.adding(seconds: -3600 * 26) }
        same(try await found(desk, incident), [686, 4003])
    }

    @Test func `the antimeridian and the poles are no border`() async throws {
        let desk = try await SituationKit.make()
        let east = try await desk.report(-17, 179.99)
        _ = try await desk.report(-17, -179.99)
        same(try await found(desk, east), [2130])
        let pole = try await desk.report(89.99, 10)
        _ = try await desk.report(89.99, -170)
        same(try await found(desk, pole), [2234])
    }

    @Test func `what may not be read is no candidate`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        _ = try await desk.report(by: "vera") { $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] }
        same(try await found(desk, incident), [])
        same(try await found(desk, incident, by: "vera"), [0])
    }
}
