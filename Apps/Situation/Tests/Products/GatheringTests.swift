import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct GatheringTests {
    @Test func `a daily report is drawn from the incidents of its period, with figures and an outlook to write`() async throws {
        let world = try await ProductKit.make()
        let incident = try await world.desk.report()
        _ = try await world.desk.source(incident, .b, .probable) { $0[SourceReport.killed] = 4; $0[SourceReport.injured] = 2 }
        _ = try await world.desk.source(incident, .d, .doubtful) { $0[SourceReport.killed] = 9 }
        _ = try await world.desk.report { $0[Incident.summary] = "Long ago"; $0[Incident.occurred] = $0[Incident.occurred].adding(days: -3) }
        let product = try await world.daily()
        let parts = try await world.parts(product, as: "tomas")
        same(parts.map { $0[ProductPart.section] }, [.summary, .incidents, .outlook])
        // 4 by the best report, 9 by the worst: best 4, at least 4, at most 9; one figure of injured, so no range.
        same(parts[0][ProductPart.text]?.text, "- Incidents: 1\n- Verified: 0\n- Armed violence: 1\n- Killed: 4 (at least 4, at most 9)\n- Injured: 2")
        same(parts[1][ProductPart.source], incident)
        holds(parts[1][ProductPart.text]?.text.contains("B2") == true, "the grade is told")
        same(parts[2][ProductPart.text], nil)
        same(try await world.read(product).reference, "PRD-2026-000001")
    }

    @Test func `what its owner shows no other component is drawn into no report and counted in no figure`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.report()
        let kept = try await world.desk.report { $0[Incident.summary] = "An interpreter is threatened"; $0[Incident.releasableTo] = [.headquarters] }
        let parts = try await world.parts(try await world.daily(), as: "tomas")
        same(parts.filter { $0[ProductPart.source] == kept }.count, 0)
        same(parts[0][ProductPart.text]?.text.hasPrefix("- Incidents: 1\n"), true)
    }

    @Test func `drawing again brings what is new and never overwrites what a person wrote or took out`() async throws {
        let world = try await ProductKit.make()
        let (first, second, third) = (try await world.desk.report { $0[Incident.summary] = "One" }, try await world.desk.report { $0[Incident.summary] = "Two" }, try await world.desk.report { $0[Incident.summary] = "Three" })
        _ = try await world.desk.source(third, .b, .probable) { $0[SourceReport.killed] = 1 }
        let product = try await world.daily()
        let drawn = try await world.parts(product, as: "tomas")
        func part(_ source: Ref<Incident>) -> Record<ProductPart> { drawn.first { $0[ProductPart.source] == source } ?? drawn[0] }
        try await world.change(part(first)) { $0[ProductPart.text] = "Written by hand." }
        try await world.change(part(second)) { $0[ProductPart.inclusion] = .removed }
        try await world.desk.move(third, "begin")
        try await world.desk.move(third, "refute") { $0[Incident.reason] = "Nothing of the kind." }
        let fourth = try await world.desk.report { $0[Incident.summary] = "Four" }
        let tomas = try await world.kit.viewer("tomas").reading(in: .en)
        let outcome = try await world.kit.platform.write(as: tomas) { session in
            guard let product = try session.record(product) else { throw Refusal.absent }
            return try ProductGathering(product: product, session: session).run()
        }
        // One is new; the figures are drawn anew, without the refuted one; one was written and one taken out; one lapsed; the outlook has not changed.
        same(outcome, ProductGathering.Outcome(added: 1, renewed: 1, kept: 2, lapsed: 1))
        let parts = try await world.parts(product, as: "tomas").filter { $0[ProductPart.section] == .incidents }
        let states = Dictionary(uniqueKeysWithValues: parts.map { ($0[ProductPart.source]?.id ?? $0.id, $0) })
        same(states[first.id]?[ProductPart.text]?.text, "Written by hand.")
        same([states[second.id], states[third.id], states[fourth.id]].map { $0?[ProductPart.inclusion] }, [.removed, .lapsed, .included])
    }

    @Test func `what is drawn in French is in French, and a special report is about one incident`() async throws {
        let world = try await ProductKit.make()
        let incident = try await world.desk.report()
        let tomas = try await world.kit.viewer("tomas").reading(in: .fr)
        let parts = try await world.kit.platform.write(as: tomas) { session in
            guard let incident = try session.record(incident) else { throw Refusal.absent }
            let product = try ReportingPage.begin(.sincrep, session.now, session.now, incident, session)
            return (product[Product.title], product[Product.language], try ProductPart.of(product.ref, session))
        }
        same([parts.0, parts.1.rawValue], ["Rapport sur incident particulier (SINCREP) : Shots at the market", "fr"])
        same(parts.2.map { $0[ProductPart.heading] }, ["Shots at the market", "Appréciation", "Mesures prises"])
        await refuses("sincrep-of-nothing", field: "incident") {
            _ = try await world.desk.as("tomas") { try ReportingPage.begin(.sincrep, $0.now.adding(days: -1), $0.now, nil, $0) }
        }
    }

    @Test func `a sum never tells of what its reader may not read`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.incidents()
        let product = try await world.daily(by: "vera")
        let figures = try await world.parts(product, as: "vera").filter { $0[ProductPart.section] == .summary }
        // One open incident; with the confidential one two; the one in the compartment is in neither.
        same(figures.map { $0[ProductPart.text]?.text.split(separator: "\n").first.map(String.init) }, ["- Incidents: 1", "- Incidents: 2"])
        same(figures.map { $0[ProductPart.label] }, [.unclassified, .confidential])
    }
}

@Suite struct CycleSourceTests {
    @Test func `questions that were answered in the period and alerts that were raised in it are parts, each as secret as its record`() async throws {
        let world = try await ProductKit.make()
        _ = try await world.desk.as("tomas") { session in
            try session.create(Requirement.self) { draft in
                draft[Requirement.question] = "Is the bridge at Markounda passable?"
                draft[Requirement.owner] = World.person("lina")
                draft[Requirement.deadline] = session.now.adding(days: 2)
            }
        }
        try await world.kit.platform.write(as: .service("test")) { session in
            guard let open = try session.first(Requirement.self, where: .always) else { throw Refusal.absent }
            try session.change(open) { $0[Requirement.answeredAt] = session.now; $0[Requirement.conclusion] = "On foot only."; $0[Requirement.label] = .confidential }
            try session.create(Alert.self) { draft in
                draft[Alert.subject] = "Three attacks in a day"
                draft[Alert.raisedAt] = session.now.adding(seconds: -60)
                draft[Alert.officer] = World.person("tomas")
            }
        }
        world.kit.clock.advance(60)
        let (cleared, other) = (try await world.parts(try await world.daily(by: "vera"), as: "vera"), try await world.parts(try await world.daily(), as: "tomas"))
        func told(_ parts: [Record<ProductPart>]) -> [String] { parts.map { "\($0[ProductPart.section].rawValue) \($0[ProductPart.label].rawValue) \($0[ProductPart.heading])" } }
        same(told(cleared).filter { $0.hasPrefix("requirements") || $0.hasPrefix("alerts") }, ["requirements confidential Is the bridge at Markounda passable?", "alerts unclassified Three attacks in a day"])
        same(told(other).filter { $0.hasPrefix("requirements") || $0.hasPrefix("alerts") }, ["alerts unclassified Three attacks in a day"])
    }
}
