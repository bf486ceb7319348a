import Foundation

/// An area of the earth: an outer ring and the holes in it (RFC 7946 section 3.1.6). Edges belong to it, also those of holes.
public struct Area: Hashable, Sendable {
    /// Counter-clockwise.
    public let outer: Ring
    /// Clockwise.
    public let holes: [Ring]

    /// Takes rings of any orientation and turns them as RFC 7946 wants; throws `holeOutside` or `holesOverlap`.
    ///
    /// Holes may touch the outer ring and each other, but not lie across it or on each other.
    public init(outer: Ring, holes: [Ring] = []) throws(RingError) {
        for (index, hole) in holes.enumerated() {
            guard Area.isInside(hole, outer) else { throw .holeOutside(index) }
            for (other, before) in holes[..<index].enumerated() where Area.overlap(hole, before) { throw .holesOverlap(other, index) }
        }
        self.outer = outer.turned()
        self.holes = holes.map { $0.turned(counterclockwise: false) }
    }

    /// The area of a place; throws `notAnArea` for points and lines, and what `Ring` throws.
    public init(_ place: Place) throws(RingError) {
        guard place.shape == .area else { throw .notAnArea }
        try self.init(outer: Ring(place.positions))
    }

    /// The rings as GeoJSON lists them, the outer first.
    public var rings: [Ring] { [outer] + holes }

    /// Square metres, without the holes; legs are taken as geodesics.
    public var size: Double { outer.area - holes.reduce(0) { $0 + $1.area } }

    /// The box of the outer ring.
    public var box: GeoBox { outer.box }

    /// Whether a position lies in the area or on an edge of it.
    public func contains(_ position: Place.Position) -> Bool {
        outer.side(of: position) != .outside && holes.allSatisfy { $0.side(of: position) != .inside }
    }

    /// Whether the area and a box have a point in common.
    public func intersects(_ box: GeoBox) -> Bool {
        guard outer.box.intersects(box) else { return false }
        if rings.contains(where: { box.intersects($0.path) }) { return true }
        // No edge meets the box: either all of it lies inside or none, but for a pole that only the area's inside reaches.
        return contains(Place.Position(longitude: box.west, latitude: box.south))
            || abs(box.north) == 90 && contains(Place.Position(longitude: 0, latitude: box.north))
            || abs(box.south) == 90 && contains(Place.Position(longitude: 0, latitude: box.south))
    }

    /// Whether all of one ring lies in the other: its corners, the middles of its legs, and no leg across.
    private static func isInside(_ ring: Ring, _ outer: Ring) -> Bool {
        let middles = zip(ring.path.points, ring.path.points.dropFirst()).map { a, b in
            Place.Position(longitude: Longitude.normal((a.x + b.x) / 2), latitude: (a.y + b.y) / 2)
        }
        // A rounded middle of a leg that runs along an edge may fall a hair beside it; only corners are given exactly.
        return ring.positions.allSatisfy(outer.contains) && Leg.firstCrossing(outer.path, ring.path) == nil
            && (middles.contains { outer.side(of: $0) == .inside } || ring.positions.contains { outer.side(of: $0) == .inside })
    }

    private static func overlap(_ one: Ring, _ two: Ring) -> Bool {
        guard one.box.intersects(two.box) else { return false }
        return one.positions.contains { two.side(of: $0) == .inside } || two.positions.contains { one.side(of: $0) == .inside }
            || Leg.firstCrossing(one.path, two.path) != nil || Set(one.positions) == Set(two.positions)
    }
}
