import Foundation
import Kernel

/// Questions of the mission, the rules that watch, and what they have raised by today.
func makeCycle(_ world: DemoWorld, officer: Viewer) async throws {
    let platform = world.platform
    let reader = try await platform.read(as: .service("demonstration")) { try $0.first(Person.self, where: Person.handle.equals("rafael"))?.id }
    guard let reader, let component = try await platform.viewer(of: reader) else { return }
    try await DemoCycle(world: world, officer: officer, component: component).make()
}

private struct DemoCycle: Sendable {
    let world: DemoWorld
    let officer, component: Viewer

    func make() async throws {
        let road = try await ask(
            "Which roads north of Kaga Bandoro are passable for convoys?", .immediate, days: 12, until: 3,
            sign: "Ambush, checkpoint or explosive device near the road", kind: .armedViolence, Place(latitude: 7.01, longitude: 19.18), 40)
        _ = try await ask(
            "Quels groupes armés perçoivent des taxes sur le bétail à Bria ?", .priority, days: 20, until: -1,
            sign: "Enlèvement ou vol de bétail autour de Bria", kind: .violenceAgainstPeople, Place(latitude: 6.54, longitude: 21.99), 60)
        let flood = try await ask(
            "How many families need shelter after the floods along the Oubangui?", .routine, days: 15, until: 6,
            sign: "Displacement or flood along the river", kind: .hazard, Place(latitude: 4.37, longitude: 18.61), 50)
        try await answer(road, "The bridge at km 42 carries light vehicles only.", .probable, accepts: false)
        try await answer(flood, "The partners counted 400 people in three villages.", .confirmed, accepts: true)
        try await rules()
        let run = JobRun(platform: world.platform, id: .at(world.today), viewer: .service("situation.alerts"))
        try await Watch.rules(run)
        try await alarmOverdueRequirements(run)
        try await acknowledgeOne()
    }

    private func ask(
        _ question: String, _ priority: Requirement.Priority, days: Int, until: Int, sign: String, kind: Category.Kind, _ place: Place?, _ radius: Int
    ) async throws -> Ref<Requirement> {
        let (officer, today) = (officer, world.today)
        return try await world.platform.write(as: officer, at: today.adding(days: -days)) { session in
            let requirement = try session.create(Requirement.self) { draft in
                draft[Requirement.question] = question
                draft[Requirement.priority] = priority
                draft[Requirement.owner] = PersonID(officer.id)
                draft[Requirement.deadline] = today.adding(days: until)
            }
            try session.create(Indicator.self) { indicator in
                indicator[Indicator.requirement] = requirement.ref
                indicator[Indicator.sign] = sign
                indicator[Indicator.kind] = kind
                indicator[Indicator.place] = place
                indicator[Indicator.radius] = radius
            }
            return requirement.ref
        }
    }

    /// The component answers, the duty officer judges.
    private func answer(_ requirement: Ref<Requirement>, _ text: String, _ confidence: Admiralty.Confidence, accepts: Bool) async throws {
        let answer = try await world.platform.write(as: component, at: world.today.adding(days: -2)) { session in
            try session.create(Answer.self) { draft in
                draft[Answer.requirement] = requirement
                draft[Answer.text] = LongText(text)
                draft[Answer.confidence] = confidence
            }.ref
        }
        guard accepts else { return }
        try await world.platform.write(as: officer, at: world.today.adding(days: -1)) { session in
            guard let proposed = try session.record(answer), let question = try session.record(requirement) else { return }
            try session.move(proposed, "accept")
            try session.move(question, "answer") { $0[Requirement.conclusion] = LongText(text) }
        }
    }

    private func rules() async throws {
        let (officer, component) = (officer, component)
        try await world.platform.write(as: officer, at: world.today.adding(days: -30)) { session in
            func rule(_ name: String, _ fill: (inout Record<AlertRule>) -> Void) throws {
                try session.create(AlertRule.self) { rule in
                    rule[AlertRule.name] = name
                    rule[AlertRule.post] = .dutyOfficer
                    rule[AlertRule.deputy] = PersonID(component.id)
                    rule[AlertRule.timeZone] = "Africa/Bangui"
                    (rule[AlertRule.quietFrom], rule[AlertRule.quietUntil]) = (22, 6)
                    fill(&rule)
                }
            }
            try rule("Armed violence near Kaga Bandoro") { rule in
                rule[AlertRule.kind] = .armedViolence
                (rule[AlertRule.place], rule[AlertRule.radius]) = (Place(latitude: 7.01, longitude: 19.18), 50)
                (rule[AlertRule.least], rule[AlertRule.hours]) = (2, 24 * 21)
            }
            try rule("Attacks on peacekeepers anywhere") { rule in
                rule[AlertRule.category] = .attackOnPeacekeepers
                (rule[AlertRule.least], rule[AlertRule.hours]) = (1, 24 * 40)
            }
            try rule("Crime well above the usual within 25 km") { rule in
                rule[AlertRule.kind] = .crime
                rule[AlertRule.radius] = 25
                (rule[AlertRule.least], rule[AlertRule.hours], rule[AlertRule.alpha]) = (3, 24 * 7, FixedPoint(units: 100, scale: 4))
            }
        }
    }

    private func acknowledgeOne() async throws {
        try await world.platform.write(as: officer, at: world.today) { session in
            guard let alert = try session.first(Alert.self, where: Alert.kind.equals(.overdueRequirement)) else { return }
            try session.move(alert, "acknowledge")
        }
    }
}
