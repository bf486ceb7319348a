import Kernel

extension Role {
    /// Whom an alert is for, or goes to when nobody answers.
    static let alerted = Role("situation.alerted", where: Alert.officer.isMe.or(Alert.deputy.isMe).or(Alert.told.includesMe))
}

extension Alert {
    static let lifecycle = Lifecycle<Alert>(
        start: .raised, phases: [.raised: .fresh, .escalated: .waiting, .acknowledged: .active, .closed: .done],
        moves: [
            Move("tell", from: [.raised], to: nil, by: [], when: toldAt.isEmpty, isQuiet: true, then: tell),
            Move("escalate", from: [.raised, .escalated], to: .escalated, by: [], isQuiet: true, then: escalate),
            Move("acknowledge", from: [.raised, .escalated], to: .acknowledged, by: [.dutyOfficer, .analyst, .alerted], then: acknowledge),
            Move("close", from: [.raised, .escalated, .acknowledged], to: .closed, by: [.dutyOfficer, .analyst, .alerted], asks: [outcome], then: close),
        ])

    @Sendable private static func tell(_ alert: inout Record<Alert>, _ session: Session) throws {
        alert[toldAt] = session.now
        alert[quietUntil] = nil
        try alert.pass(session)
    }

    /// To the next who hold the post, above or beside; to the deputy; to whoever set the rule.
    @Sendable private static func escalate(_ alert: inout Record<Alert>, _ session: Session) throws {
        alert[escalatedAt] = session.now
        try alert.pass(session)
    }

    @Sendable private static func acknowledge(_ alert: inout Record<Alert>, _ session: Session) throws {
        alert[nextAt] = nil
        alert[acknowledgedBy] = PersonID(session.viewer.id)
        alert[acknowledgedAt] = session.now
        alert[response] = .seconds(session.now.seconds(since: alert[toldAt] ?? alert[raisedAt]))
    }

    @Sendable private static func close(_ alert: inout Record<Alert>, _ session: Session) throws {
        (alert[slot], alert[nextAt]) = (nil, nil)
        alert[quietUntil] = nil
    }
}

extension Alert {
    /// Raises an alert about a record, unless one of the kind is open for it: as secret as the record, told at once.
    /// - Parameters:
    ///   - subject: the record that it is about; it gives title, component, label and compartment.
    ///   - person: who is told; `post`: the post in a unit whose holders are told instead; `deputy`: who is told when it is not acknowledged in time.
    ///   - minutes: how long the acknowledgement may take.
    @discardableResult
    static func raise(
        _ kind: Kind, about subject: Row, to person: PersonID, post: (Post, UnitID?)? = nil, deputy: PersonID? = nil, severity: Severity, minutes: Int = 30,
        _ session: Session
    ) throws -> Record<Alert> {
        let rules = session.asService(app), name = subject.reference ?? subject.id.description, slot = "\(kind.rawValue) \(subject.schema.plural) \(name)"
        if let open = try rules.first(Alert.self, where: self.slot.equals(slot)) { return open }
        let secrecy = Secrecy(subject)
        let alert = try rules.create(Alert.self) { draft in
            draft[self.subject] = String(rules.title(subject).prefix(200))
            draft[self.kind] = kind
            draft[about] = name
            draft[self.severity] = severity
            draft[raisedAt] = session.now
            draft[officer] = person
            (draft[self.post], draft[postUnit]) = (post?.0, post?.1)
            draft[self.deputy] = deputy
            draft[self.minutes] = minutes
            draft[self.slot] = slot
            (draft[component], draft[label], draft[compartments]) = (secrecy.component, secrecy.label, secrecy.compartments.sorted())
        }
        return try rules.move(alert, "tell")
    }
}
