import Kernel

/// Incidents that may be the same as another: of the same kind, within five kilometres and a day.
struct Duplicate: Sendable {
    /// Metres along the ellipsoid (WGS 84).
    static let distance = 5_000.0
    static let hours = 24

    let incident: Record<Incident>
    /// Metres.
    let distance: Double
    /// Seconds; negative: before.
    let age: Int

    /// The nearest first, among those that the asker may read.
    static func candidates(for incident: Record<Incident>, _ session: Session) throws -> [Duplicate] {
        guard let place = incident.shownPlace, let moment = incident.value(of: Incident.occurred) else { return [] }
        let near = Condition.all([
            Incident.kind.equals(incident[Incident.category].kind), Incident.isCurrent,
            Incident.occurred.atLeast(moment.adding(seconds: -hours * 3600)), Incident.occurred.atMost(moment.adding(seconds: hours * 3600)),
            Incident.isNear(Circle(centre: place.centre, radius: distance).box),
        ])
        return try session.find(Incident.self, where: near, sort: [.down(Incident.occurred)], limit: 200).compactMap { other in
            guard other.id != incident.id, let centre = other.position else { return nil }
            let distance = Geodesic.distance(from: place.centre, to: centre)
            guard distance <= Self.distance else { return nil }
            return Duplicate(incident: other, distance: distance, age: other[Incident.occurred].seconds(since: moment))
        }.sorted { ($0.distance, $0.incident.reference) < ($1.distance, $1.incident.reference) }
    }
}
