import Kernel

/// Two things that were taken for one: what belongs to the second becomes an incident of its own, with the sources that tell of it, for the same people to read.
enum Split {
    /// What the new one takes over: whose it is, how secret it is, to whom it is shown and how closely.
    private static let kept: [any FieldKey] = [
        Incident.component, Incident.officer, Incident.label, Incident.compartments, Incident.releasableTo, Incident.originatorControl, Incident.isDiscoverable,
        Incident.shownAs, Incident.reporter, Incident.reportedAt,
    ]

    static let isPossible = Condition.state(Incident.State.reported, .underVerification, .verified)

    /// - Parameters:
    ///   - reports: source reports of the original that tell of the second; at least one goes, and at least one stays.
    ///   - values: what the second is, by field.
    static func off(
        _ original: Record<Incident>, with reports: [Record<SourceReport>], _ values: [String: Value], _ session: Session
    ) throws -> Record<Incident> {
        guard isPossible.holds(for: original.row) else { throw Refusal("not-to-be-split", .conflict, scope: Incident.app) }
        guard try session.mayChange(original.row), let whole = try session.asService(Incident.app).record(original.ref) else { throw Refusal("may-not-change", .forbidden) }
        guard !reports.isEmpty else { throw Refusal("split-without-source", field: "report", scope: Incident.app) }
        guard reports.count < whole[Incident.sources] else { throw Refusal("split-leaves-nothing", field: "report", scope: Incident.app) }
        let draft = try session.create(Incident.self) { incident in
            var row = incident.row
            for (name, value) in values { row[name] = value }
            for name in kept.map(\.schema.name) { row[name] = whole.row[name] }
            incident = Record(row)
            incident[Incident.splitFrom] = original.ref
        }
        let part = try session.move(draft, "report")
        for report in reports { try session.change(report) { $0[SourceReport.incident] = part.ref } }
        try weigh(original.ref, without: part, session)
        return try session.record(part.ref) ?? part
    }

    /// What is left of the sources may no longer carry that it is verified.
    private static func weigh(_ original: Ref<Incident>, without part: Record<Incident>, _ session: Session) throws {
        guard let before = try session.record(original) else { return }
        let left = try session.change(before) { $0[Incident.sources] = 0 }
        guard left.state == .verified, !left.isWellSourced else { return }
        let reason = SituationWords(session: session)("say.split.reason", ["reference": .text(part.reference)])
        try session.move(left, "reopen") { $0[Incident.reason] = LongText(reason) }
    }
}

extension Record<Incident> {
    /// What is verified rests on two sources, or on one that is confirmed.
    var isWellSourced: Bool { self[Incident.sources] >= 2 || self[Incident.confidence] == .confirmed }
}
