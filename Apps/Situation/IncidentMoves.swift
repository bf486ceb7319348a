import Kernel

extension Incident {
    static let lifecycle = Lifecycle<Incident>(
        start: .draft,
        phases: [.draft: .fresh, .reported: .fresh, .underVerification: .active, .verified: .done, .unverifiable: .done, .refuted: .stopped,
                 .closed: .done, .merged: .stopped],
        moves: [
            Move("report", from: [.draft], to: .reported, by: [.reporter, .dutyOfficer, .splitter], then: report),
            Move("assign", from: [.reported, .underVerification], to: .underVerification, by: [.dutyOfficer], asks: [officer]),
            Move("begin", from: [.reported], to: .underVerification, by: [.dutyOfficer, .analyst], then: take),
            Move("verify", from: [.underVerification], to: .verified, by: [.dutyOfficer, .analyst], then: verify),
            Move("cannot-verify", from: [.underVerification], to: .unverifiable, by: [.dutyOfficer, .analyst], asks: [reason]),
            Move("refute", from: [.underVerification], to: .refuted, by: [.dutyOfficer, .analyst], asks: [reason]),
            Move("reopen", from: [.verified, .unverifiable, .refuted, .closed], to: .underVerification, by: [.dutyOfficer, .analyst], asks: [reason], then: reopen),
            Move("close", from: [.verified, .unverifiable, .refuted], to: .closed, by: [.dutyOfficer]),
            Move("merge", from: [.reported, .underVerification, .verified], to: .merged, by: [.dutyOfficer, .analyst], asks: [mergedInto], then: merge),
        ])

    @Sendable private static func report(_ incident: inout Record<Incident>, _ session: Session) throws {
        // What was split off was reported with what it was taken for.
        incident[reportedAt] = incident[reportedAt] ?? session.now
    }

    @Sendable private static func take(_ incident: inout Record<Incident>, _ session: Session) throws {
        if incident[officer] == nil, !session.viewer.isService { incident[officer] = PersonID(session.viewer.id) }
    }

    @Sendable private static func verify(_ incident: inout Record<Incident>, _ session: Session) throws {
        guard incident.isWellSourced else {
            throw Refusal("too-few-sources", .conflict, scope: app, ["n": String(incident[sources])])
        }
        incident[verifiedAt] = session.now
        incident[latency] = incident[reportedAt].map { .seconds(session.now.seconds(since: $0)) }
    }

    @Sendable private static func reopen(_ incident: inout Record<Incident>, _ session: Session) throws {
        incident[verifiedAt] = nil
        incident[latency] = nil
    }

    /// The reports go to the incident that stays; the text of the one that goes stays with it, a click away.
    @Sendable private static func merge(_ incident: inout Record<Incident>, _ session: Session) throws {
        guard let target = incident[mergedInto] else { throw Refusal("required", field: mergedInto.name) }
        if target == incident.ref { throw Refusal.rule("merged-into-itself", mergedInto, app: app) }
        guard let kept = try session.record(target) else { throw Refusal.rule("merged-into-nothing", mergedInto, app: app) }
        guard kept.state != .merged else { throw Refusal.rule("merged-into-merged", mergedInto, app: app) }
        let rules = session.asService(app)
        for report in try rules.find(SourceReport.self, where: SourceReport.incident.equals(incident.ref), limit: 1_000) {
            try rules.change(report) { $0[SourceReport.incident] = target }
        }
    }
}
