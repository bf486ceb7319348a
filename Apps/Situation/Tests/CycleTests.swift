import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct CycleTests {
    private static func ask(_ desk: SituationKit, by handle: String = "lina", _ fill: @escaping @Sendable (inout Record<Requirement>) -> Void = { _ in }) async throws -> Ref<Requirement> {
        try await desk.as(handle) { session in
            try session.create(Requirement.self) { draft in
                draft[Requirement.question] = "Who blocks the road to the north?"
                draft[Requirement.owner] = World.person("tomas")
                draft[Requirement.deadline] = session.now.adding(days: 3)
                fill(&draft)
            }.ref
        }
    }

    private static func answer(_ desk: SituationKit, _ question: Ref<Requirement>, _ incident: Ref<Incident>?, by handle: String) async throws -> Ref<Answer> {
        try await desk.as(handle) { session in
            try session.create(Answer.self) { answer in
                answer[Answer.requirement] = question
                answer[Answer.incident] = incident
                answer[Answer.text] = "A group of twenty holds the bridge."
            }.ref
        }
    }

    private static func read(_ desk: SituationKit, _ question: Ref<Requirement>) async throws -> Record<Requirement> {
        let found = try await desk.kit.platform.read(as: .service("test")) { try $0.record(question) }
        guard let found else { throw Refusal.absent }
        return found
    }

    @Test func `a question is answered once somebody else has accepted an answer, and its clock then stops`() async throws {
        let desk = try await SituationKit.make()
        let question = try await Self.ask(desk), incident = try await desk.report()
        same(try await Self.read(desk, question)[Requirement.due], desk.kit.clock.now.adding(days: 3))
        await refuses("no-accepted-answer") {
            try await desk.as("tomas") { session in
                guard let record = try session.record(question) else { throw Refusal.absent }
                try session.move(record, "answer") { $0[Requirement.conclusion] = "Nobody." }
            }
        }
        let answer = try await Self.answer(desk, question, incident, by: "tomas")
        @Sendable func accept(_ session: Session) throws {
            guard let record = try session.record(answer) else { throw Refusal.absent }
            try session.move(record, "accept")
        }
        await refuses("own-answer") { try await desk.as("tomas", accept) }
        try await desk.as("lina", accept)
        desk.kit.clock.set(desk.kit.clock.now.adding(days: 1))
        try await desk.as("tomas") { session in
            guard let record = try session.record(question) else { throw Refusal.absent }
            try session.move(record, "answer") { $0[Requirement.conclusion] = "A group of twenty, since Monday." }
        }
        let answered = try await Self.read(desk, question)
        same([answered.state.rawValue, String(answered[Requirement.isInTime] ?? false)], ["answered", "true"])
        let why = try await desk.as("lina") { try $0.working(answered.row, of: "field:conclusion") }
        holds("\(why.json)".contains("ANS-2026-000001") && "\(why.json)".contains("INC-2026-000001"), "the working names what was accepted and what it rests on")
    }

    @Test func `a deadline lies ahead; past it the owner is told once, and again only when it was moved`() async throws {
        let desk = try await SituationKit.make()
        await refuses("deadline-has-passed", field: "deadline") { _ = try await Self.ask(desk) { $0[Requirement.deadline] = Instant(iso: "2026-11-02T08:00:00Z") ?? .earliest } }
        let question = try await Self.ask(desk)
        let run = JobRun(platform: desk.kit.platform, id: .at(desk.kit.clock.now), viewer: .service("situation.alerts"))
        same(try await alarmOverdueRequirements(run), 0)
        desk.kit.clock.set(desk.kit.clock.now.adding(days: 4))
        same(try await alarmOverdueRequirements(run), 1)
        same(try await alarmOverdueRequirements(run), 0)
        let told = try await desk.as("tomas") { session in
            (try session.find(Alert.self).map { $0[Alert.about] ?? "" }, try session.unreadNotices())
        }
        same(told.0, ["PIR-2026-0001"])
        same(told.1, 2)
        try await desk.as("lina") { session in
            guard let record = try session.record(question) else { throw Refusal.absent }
            try session.change(record) { $0[Requirement.deadline] = session.now.adding(days: 1) }
        }
        same(try await Self.read(desk, question)[Requirement.alarmedAt], nil)
        same(try await Self.read(desk, question)[Requirement.due], desk.kit.clock.now.adding(days: 1))
    }

    @Test func `an answer is as secret as the question and as what answers it`() async throws {
        let desk = try await SituationKit.make()
        let open = try await Self.ask(desk)
        let secret = try await desk.report(by: "vera") { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        let answer = try await Self.answer(desk, open, secret, by: "vera")
        for (handle, sees) in [("vera", true), ("tomas", false), ("lina", false), ("omar", false)] {
            same(try await desk.as(handle) { try $0.record(answer) != nil }, sees, handle)
        }
        await refuses("no-such-record", field: "incident") { _ = try await Self.answer(desk, open, secret, by: "tomas") }
        let plain = try await desk.report()
        let other = try await Self.answer(desk, open, plain, by: "tomas")
        try await desk.as("vera") { session in
            guard let record = try session.record(plain) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] }
        }
        same(try await desk.as("lina") { try $0.record(other) != nil }, false)
    }

    @Test func `an indicator points to incidents by kind, distance and words, and one that asks for nothing to none`() async throws {
        let desk = try await SituationKit.make()
        let question = try await Self.ask(desk)
        let near = try await desk.report { $0[Incident.summary] = "Barrage tenu par des hommes armés près du marché" }
        _ = try await desk.report(by: "amina", 5.76388, 20.670733) { $0[Incident.summary] = "Barrage tenu par des hommes armés" }
        _ = try await desk.report { $0[Incident.category] = .flood }
        @Sendable func pointed(_ fill: @escaping @Sendable (inout Record<Indicator>) -> Void) async throws -> [String] {
            try await desk.as("lina") { session in
                for old in try Indicator.of(question, session) { try session.change(old) { ($0[Indicator.kind], $0[Indicator.place], $0[Indicator.radius], $0[Indicator.keywords]) = (nil, nil, nil, nil) } }
                try session.create(Indicator.self) { draft in
                    draft[Indicator.requirement] = question
                    draft[Indicator.sign] = "A roadblock"
                    fill(&draft)
                }
                guard let requirement = try session.record(question) else { return [] }
                return try CyclePage.candidates(for: requirement, session).map { $0.incident.reference }
            }
        }
        same(try await pointed { _ in }, [])
        same(try await pointed { $0[Indicator.keywords] = "ARMES; bridge" }.count, 2)
        same(try await pointed { $0[Indicator.kind] = .armedViolence; $0[Indicator.place] = Place(latitude: 4.4, longitude: 18.6); $0[Indicator.radius] = 20 }, ["INC-2026-000001"])
        _ = try await Self.answer(desk, question, near, by: "tomas")
        same(try await pointed { $0[Indicator.keywords] = "barrage" }, ["INC-2026-000002"])
    }
}
