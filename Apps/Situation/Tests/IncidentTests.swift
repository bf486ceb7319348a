import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct IncidentTests {
    @Test func `the declarations are sound and every word is there in six languages`() async throws {
        let kit = try await TestPlatform.make([situation])
        let problems = kit.platform.registry.problems(words: kit.platform.words).filter { $0.app == Incident.app }
        same(problems.map(\.description), [])
    }

    @Test func `the weaker half of the Admiralty code decides, and what cannot be judged is never better than possible`() {
        let expected: [(String, Admiralty.Reliability, Admiralty.Credibility, Admiralty.Confidence)] = [
            ("A1", .a, .confirmed, .confirmed), ("A2", .a, .probable, .probable), ("B1", .b, .confirmed, .probable), ("B2", .b, .probable, .probable),
            ("C3", .c, .possible, .possible), ("A3", .a, .possible, .possible), ("C1", .c, .confirmed, .possible), ("D4", .d, .doubtful, .doubtful),
            ("A5", .a, .improbable, .doubtful), ("E1", .e, .confirmed, .doubtful), ("F6", .f, .unknown, .unknown), ("F1", .f, .confirmed, .possible),
            ("A6", .a, .unknown, .possible), ("F5", .f, .improbable, .doubtful), ("D6", .d, .unknown, .doubtful),
        ]
        for (code, reliability, credibility, confidence) in expected {
            let grade = Admiralty(reliability: reliability, credibility: credibility)
            same([grade.code, grade.confidence.rawValue], [code, confidence.rawValue])
        }
        holds(Admiralty.isBetter(Admiralty(reliability: .b, credibility: .probable), than: Admiralty(reliability: .a, credibility: .possible)), "B2 is better than A3")
    }

    @Test func `an incident takes its kind, grid reference, reporter and component, and its number`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.read(try await desk.report())
        same(incident[Incident.kind], .armedViolence)
        same(incident[Incident.grid], "34NBK2918486098")
        same(incident[Incident.reporter], World.person("amina"))
        same(incident[Incident.component], World.unit("budget"))
        same([incident.reference, incident.state.rawValue], ["INC-2026-000001", "reported"])
    }

    @Test func `what ends before it begins or lies in the future is refused`() async throws {
        let desk = try await SituationKit.make()
        let now = desk.kit.clock.now
        await refuses("ends-before-it-begins", field: "ended") { _ = try await desk.report { $0[Incident.ended] = now.adding(seconds: -7200) } }
        await refuses("in-the-future", field: "occurred") { _ = try await desk.report { $0[Incident.occurred] = now.adding(seconds: 1000) } }
        _ = try await desk.report { $0[Incident.occurred] = now.adding(seconds: 600) }
    }

    @Test func `it is verified on two sources or on one that is confirmed, and by nobody else`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        await refuses("may-not-move") { try await desk.move(incident, "begin", by: "amina") }
        try await desk.move(incident, "begin")
        _ = try await desk.source(incident, .b, .probable)
        await refuses("too-few-sources") { try await desk.move(incident, "verify") }
        _ = try await desk.source(incident, by: "lina", .d, .doubtful)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 5400))
        try await desk.move(incident, "verify", by: "lina")
        let verified = try await desk.read(incident)
        same(verified.state, .verified)
        same(verified[Incident.latency], .seconds(5400))
        let sure = try await desk.report()
        try await desk.move(sure, "begin")
        _ = try await desk.source(sure, .a, .confirmed)
        try await desk.move(sure, "verify")
        try await desk.move(sure, "reopen") { $0[Incident.reason] = "The patrol was elsewhere." }
        let again = try await desk.read(sure)
        same([again.state.rawValue, String(again[Incident.latency] == nil)], ["under-verification", "true"])
    }

    @Test func `the best graded report gives grade and figures, and all of them the bounds`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        _ = try await desk.source(incident, .d, .doubtful) { $0[SourceReport.killed] = 9; $0[SourceReport.injured] = 1 }
        _ = try await desk.source(incident, .b, .probable) { $0[SourceReport.killed] = 4 }
        let last = try await desk.source(incident, .c, .possible) { $0[SourceReport.killed] = 2 }
        let weighed = try await desk.read(incident)
        same([weighed[Incident.sources], weighed[Incident.killed], weighed[Incident.killedLow], weighed[Incident.killedHigh]], [3, 4, 2, 9])
        same([weighed[Incident.injured], weighed[Incident.abducted]], [1, nil])
        same([weighed[Incident.grade], weighed[Incident.confidence].rawValue], ["B2", "probable"])
        try await desk.as("lina") { session in
            guard let report = try session.record(last) else { throw Refusal.absent }
            try session.change(report) { $0[SourceReport.reliability] = .a; $0[SourceReport.credibility] = .confirmed }
        }
        let better = try await desk.read(incident)
        same([better[Incident.grade], String(better[Incident.killed] ?? 0)], ["A1", "2"])
    }

    @Test func `nobody grades a report of their own but those whose work it is`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        _ = try await desk.source(incident, by: "amina", .a, .confirmed)
        same(try await desk.read(incident)[Incident.grade], "F6")
        _ = try await desk.source(incident, by: "lina", .b, .probable)
        same(try await desk.read(incident)[Incident.grade], "B2")
    }

    @Test func `merging moves the reports to the incident that stays`() async throws {
        let desk = try await SituationKit.make()
        let (kept, gone) = (try await desk.report(), try await desk.report { $0[Incident.summary] = "Fighting near the market" })
        _ = try await desk.source(kept, .c, .possible) { $0[SourceReport.killed] = 1 }
        _ = try await desk.source(gone, .b, .probable) { $0[SourceReport.killed] = 3 }
        await refuses("merged-into-itself") { try await desk.move(gone, "merge") { $0[Incident.mergedInto] = gone } }
        try await desk.move(gone, "merge") { $0[Incident.mergedInto] = kept }
        let (one, other) = (try await desk.read(kept), try await desk.read(gone))
        same([one[Incident.sources], one[Incident.killed], one[Incident.killedLow], one[Incident.killedHigh]], [2, 3, 1, 3])
        same([other.state.rawValue, other[Incident.summary], String(other[Incident.sources])], ["merged", "Fighting near the market", "0"])
        let third = try await desk.report()
        await refuses("merged-into-merged") { try await desk.move(third, "merge") { $0[Incident.mergedInto] = gone } }
    }
}
