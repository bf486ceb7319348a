import Kernel

extension Requirement {
    static let lifecycle = Lifecycle<Requirement>(
        start: .open, phases: [.open: .active, .answered: .done, .closed: .done, .expired: .stopped],
        moves: [
            Move("answer", from: [.open], to: .answered, by: [.dutyOfficer, .analyst], asks: [conclusion], then: answer),
            Move("close", from: [.answered], to: .closed, by: [.dutyOfficer, .analyst]),
            Move("expire", from: [.open], to: .expired, by: [.dutyOfficer, .analyst], asks: [reason]),
            Move("reopen", from: [.answered, .closed, .expired], to: .open, by: [.dutyOfficer, .analyst], asks: [deadline, reason], then: reopen),
        ])

    static func prepare(_ draft: inout Record<Requirement>, _ session: Session) throws {
        if draft.version == 0 {
            draft[asker] = PersonID(session.viewer.id)
            draft[openedAt] = session.now
            if draft[component] == nil { draft[component] = session.viewer.unit.map { UnitID($0) } }
        }
        guard let end = draft.value(of: deadline) else { return }
        let before = draft.version == 0 ? nil : try session.asService(app).record(draft.ref)?[deadline]
        guard end != before || draft[openedAt] == session.now else { return }
        if end <= session.now { throw Refusal.rule("deadline-has-passed", deadline, app: app) }
        draft[alarmedAt] = nil
    }

    /// What nobody has accepted is no answer.
    @Sendable private static func answer(_ requirement: inout Record<Requirement>, _ session: Session) throws {
        let accepted = Answer.requirement.equals(requirement.ref).and(.state(Answer.State.accepted))
        guard try session.count(Answer.self, where: accepted, upTo: 1).number > 0 else { throw Refusal("no-accepted-answer", .conflict, scope: app) }
        requirement[answeredAt] = session.now
    }

    @Sendable private static func reopen(_ requirement: inout Record<Requirement>, _ session: Session) throws {
        requirement[openedAt] = session.now
        requirement[answeredAt] = nil
    }

    /// What belongs to the question is as secret as the question, from the moment that it is; who answers for it is told of new answers.
    @Sendable static func follow(_ event: String, _ requirement: Record<Requirement>, _ session: Session) throws {
        guard event == "change" else { return }
        let rules = session.asService(app)
        for indicator in try Indicator.of(requirement.ref, rules) { try rules.change(indicator) { $0[Indicator.label] = requirement[label] } }
        for answer in try rules.find(Answer.self, where: Answer.requirement.equals(requirement.ref), limit: 1_000) {
            try rules.change(answer) { $0[Answer.label] = requirement[label] }
        }
    }
}

/// Tells the owners of questions whose deadline has passed; each is told once. Returns how many.
@discardableResult
func alarmOverdueRequirements(_ run: JobRun) async throws -> Int {
    try await run.each(Requirement.self, where: Requirement.isOverdue.and(Requirement.alarmedAt.isEmpty), limit: 500) { session, requirement in
        try session.change(requirement) { $0[Requirement.alarmedAt] = session.now }
        let severity: Severity = requirement[Requirement.priority] == .immediate ? .severe : .moderate
        let (owner, asker) = (requirement[Requirement.owner], requirement[Requirement.asker])
        try Alert.raise(.overdueRequirement, about: requirement.row, to: owner, deputy: asker == owner ? nil : asker, severity: severity, session)
        return true
    }
}
