import Foundation
import Kernel

extension Alert {
    /// One alert for one cluster: an open alert of the rule that shares an incident with it, or whose circle it lies in, takes the new incidents in;
    /// otherwise a new one is raised, unless everything in the cluster was behind an alert that is closed. Returns whether anything was new.
    static func take(_ finding: Finding, of rule: Record<AlertRule>, quiet: QuietHours?, _ session: Session) throws -> Bool {
        let known = try causes(of: finding.cluster.incidents.map(\.ref), rule, session)
        let fresh = finding.cluster.incidents.filter { incident in !known.contains { $0.cause[AlertCause.incident] == incident.ref } }
        guard !fresh.isEmpty else { return false }
        let open = try session.find(Alert.self, where: Alert.rule.equals(rule.ref).and(isOpen), sort: [.up(raisedAt)], limit: 1_000)
        let shared = Set(known.map { $0.alert })
        if let alert = open.first(where: { shared.contains($0.ref) }) ?? open.first(where: { holds(finding.cluster, $0, rule) }) {
            try extend(alert, with: fresh, finding, session)
        } else {
            try raise(finding, of: rule, quiet: quiet, session)
        }
        return true
    }

    private static func causes(of incidents: [Ref<Incident>], _ rule: Record<AlertRule>, _ session: Session) throws -> [(cause: Record<AlertCause>, alert: Ref<Alert>)] {
        let causes = try session.find(AlertCause.self, where: AlertCause.incident.isOneOf(incidents), limit: 20_000)
        let own = try session.find(Alert.self, where: .all([Alert.rule.equals(rule.ref), .oneOf("id", Set(causes.map { $0[AlertCause.alert].value }).sorted { $0.wire < $1.wire })]), limit: 5_000)
        let ids = Set(own.map(\.ref))
        return causes.filter { ids.contains($0[AlertCause.alert]) }.map { ($0, $0[AlertCause.alert]) }
    }

    /// A rule with a place of its own, or with none at all, has one open alert; otherwise circles that reach each other's centre are one.
    private static func holds(_ cluster: Cluster, _ alert: Record<Alert>, _ rule: Record<AlertRule>) -> Bool {
        guard rule[AlertRule.place] == nil, let radius = rule[AlertRule.radius], let own = alert[centre]?.centre, let its = cluster.centre else { return true }
        return Geodesic.distance(from: own, to: its) <= Double(radius) * 1_000
    }

    private static func extend(_ alert: Record<Alert>, with fresh: [Record<Incident>], _ finding: Finding, _ session: Session) throws {
        try add(fresh, to: alert.ref, session)
        let total = try session.count(AlertCause.self, where: AlertCause.alert.equals(alert.ref)).number
        let greatest = max(alert[severity], finding.cluster.severity)
        let changed = try session.change(alert) { draft in
            draft[count] = total
            draft[severity] = greatest
            finding.chance?.fill(&draft)
        }
        // What has become severe waits for no morning.
        if changed[toldAt] == nil, greatest >= .severe { try session.move(changed, "tell") }
    }

    private static func raise(_ finding: Finding, of rule: Record<AlertRule>, quiet: QuietHours?, _ session: Session) throws {
        // The rule as it is now: of two servers the second finds that its version has gone.
        guard let current = try session.record(rule.ref) else { return }
        try session.change(current) { draft in
            draft[AlertRule.raised] += 1
            draft[AlertRule.lastRaised] = session.now
        }
        let isSevere = finding.cluster.severity >= .severe, end = isSevere ? nil : quiet?.end(after: session.now)
        let alert = try session.create(Alert.self) { draft in
            draft[subject] = rule[AlertRule.name]
            draft[Alert.rule] = rule.ref
            draft[severity] = finding.cluster.severity
            draft[raisedAt] = session.now
            draft[from] = finding.from
            draft[count] = finding.cluster.incidents.count
            draft[centre] = finding.cluster.centre.flatMap { Place(latitude: $0.latitude, longitude: $0.longitude) }
            draft[owner] = rule[AlertRule.owner]
            draft[officer] = try rule.first(session)
            (draft[post], draft[postUnit]) = (rule[AlertRule.post], rule[AlertRule.postUnit])
            draft[deputy] = rule[AlertRule.deputy]
            draft[minutes] = rule[AlertRule.minutes]
            draft[quietUntil] = end
            (draft[component], draft[label], draft[compartments]) = (rule[AlertRule.component], rule[AlertRule.label], rule[AlertRule.compartments])
            finding.chance?.fill(&draft)
        }
        try add(finding.cluster.incidents, to: alert.ref, session)
        if end == nil { try session.move(alert, "tell") }
    }

    private static func add(_ incidents: [Record<Incident>], to alert: Ref<Alert>, _ session: Session) throws {
        for incident in incidents {
            try session.create(AlertCause.self) { draft in
                draft[AlertCause.alert] = alert
                draft[AlertCause.incident] = incident.ref
                draft[AlertCause.since] = session.now
            }
        }
    }
}

extension Finding.Chance {
    func fill(_ alert: inout Record<Alert>) {
        alert[Alert.expected] = FixedPoint(units: Int64((baseline.expected * 10_000).rounded()), scale: 4)
        alert[Alert.probability] = FixedPoint(units: Int64((probability * 1e9).rounded()), scale: 9)
    }
}
