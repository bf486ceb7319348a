import Foundation
import Kernel

/// The rules at work: they look again when an incident is reported or changes, and every minute.
enum Watch {
    static let jobs = [
        JobDefinition(everyMinute, every: 60) { run in
            try await rules(run)
            try await tell(run)
            try await escalate(run)
            try await alarmOverdueRequirements(run)
        },
        JobDefinition(afterwards) { run in try await rules(run) },
    ]
    private static let everyMinute = "situation.alerts"
    private static let afterwards = "situation.alerts-after-report"

    /// An incident is new, or is not what it was: the rules look again once this is stored, outside the transaction of the one who reports.
    static func follow(_ incident: Record<Incident>, _ session: Session) throws {
        guard [.reported, .underVerification, .verified].contains(incident.state) else { return }
        guard try session.asService(Incident.app).count(AlertRule.self, where: AlertRule.isOn.equals(true), upTo: 1).number > 0 else { return }
        try session.enqueue(afterwards)
    }

    /// Lets every rule that is on look at what its owner may read; returns how many alerts were raised or taken further.
    @discardableResult
    static func rules(_ run: JobRun) async throws -> Int {
        let platform = run.platform
        let rules = try await platform.read(as: run.viewer) { try $0.find(AlertRule.self, where: AlertRule.isOn.equals(true), limit: 1_000) }
        var number = 0
        for rule in rules {
            // Whose owner has left has nobody's eyes to look with.
            guard let owner = try await platform.viewer(of: rule[AlertRule.owner].id) else { continue }
            let findings = try await platform.read(as: owner) { try Finding.all(rule, $0) }
            guard !findings.isEmpty else { continue }
            do {
                number += try await platform.write(as: run.viewer) { session in
                    let quiet = try rule.quietHours(session)
                    return try findings.reduce(0) { try Alert.take($1, of: rule, quiet: quiet, session) ? $0 + 1 : $0 }
                }
            } catch let refusal as Refusal {
                // Stale: another server was faster, and has raised what was found here. Anything else concerns this rule and holds up no other.
                if refusal.kind != .stale { platform.note("alerts", "\(AlertRule.schemaID) \(rule.id) was passed over: \(refusal.code)") }
            }
        }
        return number
    }

    /// Tells those whose quiet hours are over.
    @discardableResult
    static func tell(_ run: JobRun) async throws -> Int {
        let due = Condition.all([.state(Alert.State.raised), Alert.toldAt.isEmpty, Alert.quietUntil.isEmpty.or(Alert.quietUntil.before(secondsFromNow: 1))])
        return try await run.each(Alert.self, where: due, limit: 1_000) { session, alert in
            try session.move(alert, "tell")
            return true
        }
    }

    /// Takes to the next what was told and not acknowledged in time; in quiet hours only what is severe.
    @discardableResult
    static func escalate(_ run: JobRun) async throws -> Int {
        try await run.each(Alert.self, where: isLate, limit: 1_000) { session, alert in
            if alert[Alert.severity] < .severe, let rule = try alert[Alert.rule].flatMap({ try session.record($0) }), try rule.quietHours(session)?.end(after: session.now) != nil { return false }
            try session.move(alert, "escalate")
            return true
        }
    }

    private static let isLate = Condition.state(Alert.State.raised).and(Alert.acknowledgeBy.before()).or(.state(Alert.State.escalated).and(Alert.nextAt.before()))
}
