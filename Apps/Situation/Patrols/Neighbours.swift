import Kernel

/// Patrols and incidents that were near one another: an incident within ten kilometres of where a patrol was, up to seven days before.
enum Neighbours {
    /// Metres along the ellipsoid.
    static let distance = 10_000.0
    static let days = 7

    struct Near<T: RecordType>: Sendable {
        let record: Record<T>
        /// Metres at the nearest point, and when that was.
        let distance: Double
        let at: Instant
    }

    /// The patrols that were near in the days before, the nearest first.
    static func patrols(near incident: Record<Incident>, _ session: Session) throws -> [Near<Patrol>] {
        guard let centre = incident.position, let moment = incident.value(of: Incident.occurred) else { return [] }
        let circle = Circle(centre: centre, radius: distance)
        let claim = Condition.all([
            Position.at.atLeast(moment.adding(days: -days)), Position.at.atMost(moment), Position.place.within(circle.box),
        ])
        var nearest: [RecordID: (distance: Double, at: Instant)] = [:]
        for position in try session.find(Position.self, where: claim, sort: [.down(Position.at)], limit: 20_000) {
            guard let there = position.value(of: Position.place)?.centre else { continue }
            let away = Geodesic.distance(from: centre, to: there), patrol = position[Position.patrol].id
            guard away <= distance, away < nearest[patrol]?.distance ?? .infinity else { continue }
            nearest[patrol] = (away, position[Position.at])
        }
        let found = try session.find(Patrol.self, where: .oneOf("id", nearest.keys.sorted().map(Value.reference)), limit: 500)
        return found.compactMap { patrol in nearest[patrol.id].map { Near(record: patrol, distance: $0.distance, at: $0.at) } }
            .sorted { ($0.distance, $0.record.reference) < ($1.distance, $1.record.reference) }
    }

    /// The incidents that a patrol came near to within the days after it, the nearest first.
    static func incidents(near patrol: Record<Patrol>, _ session: Session) throws -> [Near<Incident>] {
        let points = try PatrolTrack.of(patrol.ref, session).points
        guard let first = points.first, let last = points.last, let box = GeoBox(around: points.map(\.position)) else { return [] }
        let claim = Condition.all([
            Incident.occurred.atLeast(first.at), Incident.occurred.atMost(last.at.adding(days: days)),
            Incident.isNear(Circle(around: box, wider: distance).box),
        ])
        return try session.find(Incident.self, where: claim, sort: [.down(Incident.occurred)], limit: 500).compactMap { incident -> Near<Incident>? in
            guard let there = incident.position else { return nil }
            let before = points.filter { $0.at <= incident[Incident.occurred] && $0.at.adding(days: days) >= incident[Incident.occurred] }
            let near = before.map { ($0, Geodesic.distance(from: $0.position, to: there)) }.min { $0.1 < $1.1 }
            return near.flatMap { $0.1 <= distance ? Near(record: incident, distance: $0.1, at: $0.0.at) : nil }
        }.sorted { ($0.distance, $0.record.reference) < ($1.distance, $1.record.reference) }
    }
}
