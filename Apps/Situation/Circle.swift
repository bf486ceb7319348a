import Foundation
import Kernel

/// Everything within a distance of a place, along the ellipsoid of WGS 84.
struct Circle: Hashable, Sendable {
    let centre: Place.Position
    /// Metres.
    let radius: Double

    /// A circle that reaches so many metres beyond a box.
    init(around box: GeoBox, wider metres: Double) {
        let east = box.west + box.width / 2
        centre = Place.Position(longitude: east > 180 ? east - 360 : east, latitude: (box.south + box.north) / 2)
        let corners = [(box.west, box.south), (box.west, box.north)].map { Place.Position(longitude: $0.0, latitude: $0.1) }
        radius = (corners.map { [centre] in Geodesic.distance(from: centre, to: $0) }.max() ?? 0) + metres
    }

    init(centre: Place.Position, radius: Double) { (self.centre, self.radius) = (centre, radius) }

    func contains(_ position: Place.Position) -> Bool { Geodesic.distance(from: centre, to: position) <= radius }

    /// A box that holds the circle, for the database to choose from; at the poles and across the antimeridian too.
    var box: Condition.Box {
        // A degree of latitude is 110.57 km at least.
        let up = radius / 110_000
        let south = max(-90, centre.latitude - up), north = min(90, centre.latitude + up)
        let widest = cos(max(abs(south), abs(north)) * .pi / 180)
        guard widest > 0.001, up / widest < 180 else { return Condition.Box(west: -180, south: south, east: 180, north: north) }
        let across = up / widest
        func turned(_ degrees: Double) -> Double { degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees }
        return Condition.Box(west: turned(centre.longitude - across), south: south, east: turned(centre.longitude + across), north: north)
    }
}
