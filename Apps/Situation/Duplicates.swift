import Foundation
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
        guard let place = incident[Incident.place], let moment = incident.value(of: Incident.occurred) else { return [] }
        let near = Condition.all([
            Incident.kind.equals(incident[Incident.category].kind), Incident.isCurrent,
            Incident.occurred.atLeast(moment.adding(seconds: -hours * 3600)), Incident.occurred.atMost(moment.adding(seconds: hours * 3600)),
            .within(Incident.place.name, box(around: place.centre)),
        ])
        return try session.find(Incident.self, where: near, sort: [.down(Incident.occurred)], limit: 200).compactMap { other in
            guard other.id != incident.id, let centre = other[Incident.place]?.centre else { return nil }
            let distance = Geodesic.distance(from: place.centre, to: centre)
            guard distance <= Self.distance else { return nil }
            return Duplicate(incident: other, distance: distance, age: other[Incident.occurred].seconds(since: moment))
        }.sorted { ($0.distance, $0.incident.reference) < ($1.distance, $1.incident.reference) }
    }

    /// A box that holds the circle; at the poles and across the antimeridian too.
    private static func box(around centre: Place.Position) -> Condition.Box {
        // A degree of latitude is 110.57 km at least.
        let up = distance / 110_000
        let south = max(-90, centre.latitude - up), north = min(90, centre.latitude + up)
        let widest = cos(max(abs(south), abs(north)) * .pi / 180)
        guard widest > 0.001 else { return Condition.Box(west: -180, south: south, east: 180, north: north) }
        let across = up / widest
        func turned(_ degrees: Double) -> Double { degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees }
        return Condition.Box(west: turned(centre.longitude - across), south: south, east: turned(centre.longitude + across), north: north)
    }
}
