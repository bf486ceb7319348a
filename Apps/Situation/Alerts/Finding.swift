import Foundation
import Kernel

/// What a rule finds at a moment, in what its owner may read.
struct Finding: Sendable {
    let cluster: Cluster
    let from: Instant
    /// How many a window of the same length had before, and how probable it is that chance alone brings as many as now; nil for rules that only count.
    let chance: Chance?

    struct Chance: Hashable, Sendable {
        let baseline: Baseline
        let probability: Double
    }

    /// The most incidents of one window that are looked at.
    static let most = 2_000

    /// The findings of a rule: each has incidents enough and, where the rule asks, is more than chance would bring.
    /// - Parameter session: the rule's owner's.
    static func all(_ rule: Record<AlertRule>, _ session: Session) throws -> [Finding] {
        let from = session.now.adding(seconds: -rule[AlertRule.hours] * 3_600)
        let window = rule.subject.and(Incident.occurred.atLeast(from)).and(Incident.occurred.atMost(session.now.adding(seconds: 900)))
        let incidents = try session.find(Incident.self, where: window, sort: [.down(Incident.occurred)], limit: most)
        return try clusters(incidents, rule).compactMap { cluster in
            guard let alpha = rule[AlertRule.alpha] else { return Finding(cluster: cluster, from: from, chance: nil) }
            let chance = try chance(of: cluster, rule, before: from, session)
            return chance.probability <= Double(alpha.units) / 10_000 ? Finding(cluster: cluster, from: from, chance: chance) : nil
        }
    }

    private static func clusters(_ incidents: [Record<Incident>], _ rule: Record<AlertRule>) -> [Cluster] {
        let least = rule[AlertRule.least]
        if let vicinity = rule.vicinity {
            let inside = incidents.filter { $0.position.map(vicinity.contains) ?? false }
            return inside.count >= least ? [Cluster(incidents: inside, centre: rule[AlertRule.place]?.centre)] : []
        }
        guard let radius = rule[AlertRule.radius] else { return incidents.count >= least ? [Cluster(incidents: incidents, centre: nil)] : [] }
        return Cluster.near(incidents, within: Double(radius) * 1_000, atLeast: least)
    }

    private static func chance(of cluster: Cluster, _ rule: Record<AlertRule>, before: Instant, _ session: Session) throws -> Chance {
        let weeks = rule[AlertRule.weeks]
        let vicinity = rule.vicinity ?? cluster.centre.flatMap { centre in
            rule[AlertRule.radius].map { .circle(Circle(centre: centre, radius: Double($0) * 1_000)) }
        }
        var claim = rule.subject.and(Incident.occurred.atLeast(before.adding(days: -weeks * 7))).and(Incident.occurred.less(than: before))
        if let box = vicinity?.box { claim = claim.and(Incident.isNear(box)) }
        var seen = 0
        try session.each(Query(session.platform.schema(of: Incident.self), where: claim, limit: .max)) { row in
            guard let vicinity else { seen += 1; return }
            if Record<Incident>(row).position.map(vicinity.contains) ?? false { seen += 1 }
        }
        let baseline = Baseline(seen: seen, periods: Double(weeks * 168) / Double(rule[AlertRule.hours]))
        return Chance(baseline: baseline, probability: Poisson.atLeast(cluster.incidents.count, expected: baseline.expected))
    }
}
