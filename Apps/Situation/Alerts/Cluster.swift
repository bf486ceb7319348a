import Kernel

/// Incidents that belong together because they are near enough to one another, or lie in the area that a rule watches.
struct Cluster: Sendable {
    let incidents: [Record<Incident>]
    /// Where its circle is drawn: the place of the rule, or of the incident with the most others around it. Nil: anywhere.
    let centre: Place.Position?

    var severity: Severity { incidents.map { $0[Incident.severity] }.max() ?? .negligible }

    /// The clusters of a distance, the largest first; each incident is in one at most. Around every incident a circle is drawn, the fullest circle is
    /// the first cluster, and so on with what is left; of equally full ones the one around the earliest incident, then around the lowest number.
    /// - Parameters:
    ///   - incidents: at most some thousands; those without a place are in no cluster.
    ///   - radius: metres; the circle's edge belongs to it.
    static func near(_ incidents: [Record<Incident>], within radius: Double, atLeast least: Int) -> [Cluster] {
        let placed = incidents.compactMap { incident in incident.position.map { (incident: incident, position: $0) } }
            .sorted { ($0.incident[Incident.occurred], $0.incident.reference) < ($1.incident[Incident.occurred], $1.incident.reference) }
        var around = neighbours(placed.map(\.position), within: radius)
        var left = Set(placed.indices), clusters: [Cluster] = []
        while let seed = left.max(by: { (around[$0].count, -$0) < (around[$1].count, -$1) }), around[seed].count >= least {
            let members = around[seed].sorted()
            clusters.append(Cluster(incidents: members.map { placed[$0].incident }, centre: placed[seed].position))
            left.subtract(members)
            for place in left { around[place].subtract(members) }
        }
        return clusters
    }

    /// For each position the places of those within the distance, itself among them.
    private static func neighbours(_ positions: [Place.Position], within radius: Double) -> [Set<Int>] {
        var around = positions.indices.map { Set([$0]) }
        let order = positions.indices.sorted { positions[$0].latitude < positions[$1].latitude }
        // A degree of latitude is 110.57 km at least: what lies farther north than this cannot be near enough.
        let reach = radius / 110_000
        for (place, one) in order.enumerated() {
            for other in order[(place + 1)...] {
                if positions[other].latitude - positions[one].latitude > reach { break }
                guard Geodesic.distance(from: positions[one], to: positions[other]) <= radius else { continue }
                around[one].insert(other)
                around[other].insert(one)
            }
        }
        return around
    }
}

extension Severity: Comparable {
    static func < (a: Severity, b: Severity) -> Bool { a.rank < b.rank }
    /// 1 to 5.
    var rank: Int { (Severity.allCases.firstIndex(of: self) ?? 0) + 1 }
}
