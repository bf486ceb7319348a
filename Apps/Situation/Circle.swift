import Foundation
import Kernel

/// Everything within a distance of a place, along the ellipsoid of WGS 84.
struct Circle: Hashable, Sendable {
    let centre: Place.Position
    /// Metres.
    let radius: Double

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
