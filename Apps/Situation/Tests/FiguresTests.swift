import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct FiguresTests {
    @Test func `what has not ended yet counts as going on, as Kaplan and Meier estimate it`() {
        // Remission in weeks under 6-mercaptopurine (E. J. Freireich et al., 1963): the textbook example. S(6) = 18/21, S(7) = 0.8067, S(23) = 0.4482.
        let survival = KaplanMeier(ended: [6, 6, 6, 7, 10, 13, 16, 22, 23], open: [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35])
        same(survival.steps.map(\.atRisk), [21, 17, 15, 12, 11, 7, 6])
        same(survival.steps.map { ($0.survival * 10_000).rounded() / 10_000 }, [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482])
        same([survival.quantile(0.5), survival.quantile(0.25), survival.quantile(0.9)], [23, 13, nil])
        same(survival.reading(0.9), .atLeast(35))
        same(KaplanMeier(ended: [], open: []).reading(0.5), .none)
        same(KaplanMeier(ended: [4, 8], open: []).reading(0.5), .reached(4))
    }

    @Test func `the figures are those of the list under the same rights, and the slow are not left out`() async throws {
        let desk = try await SituationKit.make()
        let start = desk.kit.clock.now
        let one = try await desk.report(), two = try await desk.report()
        _ = try await desk.report(by: "vera") { $0[Incident.label] = .confidential }
        for incident in [one, two] {
            try await desk.move(incident, "begin")
            _ = try await desk.source(incident, .a, .confirmed)
        }
        desk.kit.clock.set(start.adding(seconds: 7_200))
        try await desk.move(one, "verify")
        try await desk.as("tomas") { session in
            guard let record = try session.record(one) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.arrivedAt] = start.adding(seconds: 1_800) }
        }
        desk.kit.clock.set(start.adding(days: 1))
        let seen = try await desk.as("tomas") { session in (try Figures(days: 30, session), try session.count(Incident.self, where: Incident.isCurrent).number) }
        let all = try await desk.as("vera") { try Figures(days: 30, $0) }
        same([seen.0.weeks, seen.0.kinds, seen.0.components].map { $0.reduce(0) { $0 + $1.number } }, [seen.1, seen.1, seen.1])
        same(seen.1, 2)
        // One verified after two hours, one open for a day: half have ended at two hours; for vera two of three are open, so nobody knows.
        same(seen.0.verification.reading(0.5), .reached(7_200))
        same(all.verification.reading(0.5), .atLeast(86_400))
        same([seen.0.response.median, Double(seen.0.response.without)], [1_800, 1])
    }

    @Test func `who was there before it was reported needed no time, and before it happened nobody was`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report(), now = desk.kit.clock.now
        @Sendable func arrive(_ seconds: Int) async throws -> Duration? {
            try await desk.as("tomas") { session in
                guard let record = try session.record(incident) else { throw Refusal.absent }
                return try session.change(record) { $0[Incident.arrivedAt] = now.adding(seconds: seconds) }[Incident.response]
            }
        }
        same([try await arrive(-1_800), try await arrive(600)], [.seconds(0), .seconds(600)])
        await refuses("arrived-before-it-occurred", field: "arrived-at") { _ = try await arrive(-3_700) }
    }
}
