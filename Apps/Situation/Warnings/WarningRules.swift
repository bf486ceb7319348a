import Kernel

extension Warning {
    static let lifecycle = Lifecycle<Warning>(
        start: .draft,
        phases: [.draft: .fresh, .submitted: .waiting, .active: .active, .superseded: .done, .cancelled: .stopped, .recorded: .done],
        moves: [
            Move("submit", from: [.draft], to: .submitted, by: [.warningAuthor]) { warning, session in try check(warning, session) },
            Move("approve", from: [.submitted], to: .active, by: [.warningApprover], then: approve),
            Move("return", from: [.submitted], to: .draft, by: [.warningApprover], asks: [reason]),
            Move("receive", from: [.draft], to: .active, by: [.warningAuthor], when: direction.equals(.received), isQuiet: true),
            Move("record", from: [.draft, .active], to: .recorded, by: [.warningAuthor], when: direction.equals(.received), isQuiet: true),
            // By a later message, never by hand: what was sent is taken back by sending.
            Move("supersede", from: [.active, .recorded], to: .superseded, by: [], isQuiet: true),
            Move("cancel", from: [.active, .recorded], to: .cancelled, by: [], isQuiet: true),
        ])

    static func prepare(_ draft: inout Record<Warning>, _ session: Session) throws {
        if draft.version == 0 {
            draft[author] = PersonID(session.viewer.id)
            if draft[component] == nil { draft[component] = session.viewer.unit.map { UnitID($0) } }
            if draft[direction] == .issued, let id = draft[incident], let incident = try session.record(id) { take(incident, &draft) }
        }
        guard draft[direction] == .issued, [.draft, .submitted].contains(draft.state) else { return }
        if draft[kind] == .ack || draft[kind] == .error { throw Refusal.rule("warning-kind", kind, app: app) }
        if let end = draft[expires], end <= max(draft[effective] ?? draft.createdAt, draft.createdAt) { throw Refusal.rule("warning-ends-early", expires, app: app) }
        if let begin = draft[onset], let end = draft[expires], begin >= end { throw Refusal.rule("warning-onset", onset, app: app) }
        if draft[kind] == .alert {
            if draft[replaces] != nil { throw Refusal.rule("warning-replaces-nothing", kind, app: app) }
            return
        }
        guard let id = draft[replaces], let earlier = try session.record(id) else { throw Refusal("required", field: replaces.name) }
        // Nothing of an exercise takes back what is real.
        guard earlier[reality] == draft[reality] else { throw Refusal.rule("warning-other-reality", replaces, app: app) }
        guard earlier[direction] == .issued, earlier.state == .active else { throw Refusal.rule("warning-not-ours", replaces, app: app) }
    }

    /// What a warning of an incident says of place and secrecy, unless it was written otherwise.
    private static func take(_ incident: Record<Incident>, _ draft: inout Record<Warning>) {
        if draft[place] == nil { draft[place] = incident[Incident.area] }
        if draft[radius] == nil { draft[radius] = incident[Incident.precision] }
        if draft.value(of: areaName) == nil { draft[areaName] = incident.shownName ?? incident[Incident.grid] ?? "" }
        draft[label] = max(draft[label], incident[Incident.label])
        if draft[compartments].isEmpty { draft[compartments] = incident[Incident.compartments] }
    }

    /// Whether it could go out as it is: by the rules of CAP, and none of it to more people than may know.
    private static func check(_ warning: Record<Warning>, _ session: Session) throws {
        if warning[scope] == .public, warning[label] != .unclassified || !warning[compartments].isEmpty { throw Refusal.rule("warning-too-secret", scope, app: app) }
        var faults = [(expires.name, warning[expires] == nil), (place.name, warning[place] == nil)].filter(\.1).map { Refusal("required", field: $0.0) }
        if warning[place]?.shape != .area, warning[radius] == nil { faults.append(Refusal("required", field: radius.name)) }
        if warning[scope] != .public, warning[restriction] == nil { faults.append(Refusal("required", field: restriction.name)) }
        if faults.isEmpty {
            let alert = try WarningMessage(warning, session).alert(at: session.now)
            faults = alert.findings(.publishing).filter(\.rule.isError).map { FindingWords.refusal($0, field: headline.name) }
        }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
    }

    /// A second person lets it go out; from then on it stands as it was sent.
    @Sendable private static func approve(_ warning: inout Record<Warning>, _ session: Session) throws {
        if warning[author].id == session.viewer.id { throw Refusal("warning-own", .forbidden, scope: app) }
        try check(warning, session)
        let alert = try WarningMessage(warning, session).alert(at: session.now)
        warning[approver] = PersonID(session.viewer.id)
        warning[identifier] = alert.identifier
        warning[sender] = alert.sender
        warning[sent] = alert.sent.instant
        warning[references] = WarningMessage.text(alert.references)
        warning[document] = [try session.keep(SentFile(name: "\(alert.identifier).xml", type: "application/cap+xml", bytes: Array(try alert.xml().utf8)))]
        try WarningReceipt.follow(alert, reality: warning[reality], session)
    }
}
