import Foundation

/// A box of longitudes and latitudes in degrees, edges included; `west` is greater than `east` when it crosses the antimeridian
/// (RFC 7946 section 5.2).
public struct GeoBox: Hashable, Sendable {
    public let west, south, east, north: Double

    /// Nil when a latitude is beyond ±90, a longitude beyond ±180, or the south lies above the north.
    public init?(west: Double, south: Double, east: Double, north: Double) {
        guard abs(west) <= 180, abs(east) <= 180, south >= -90, north <= 90, south <= north else { return nil }
        self.init(unchecked: west, south, east, north)
    }

    init(unchecked west: Double, _ south: Double, _ east: Double, _ north: Double) {
        (self.west, self.south, self.east, self.north) = (west, south, east, north)
    }

    /// The narrowest box around positions that no line joins; nil when there are none or one is not on the earth.
    ///
    /// It leaves out the widest gap between longitudes, so points on both sides of the antimeridian give a box that crosses it.
    public init?(around positions: some Collection<Place.Position>) {
        guard !positions.isEmpty, positions.allSatisfy(\.isOnEarth) else { return nil }
        let longitudes = positions.map(\.longitude).sorted(), latitudes = positions.map(\.latitude)
        guard let first = longitudes.first, let last = longitudes.last, let low = latitudes.min(), let high = latitudes.max() else { return nil }
        var (gap, west, east) = (first + 360 - last, first, last)
        for (before, after) in zip(longitudes, longitudes.dropFirst()) where after - before > gap {
            (gap, west, east) = (after - before, after, before)
        }
        self.init(unchecked: west, low, east, high)
    }

    /// The box around a line, each leg of which takes the shorter way round; nil when it has no position or one is not on the earth.
    public init?(along line: some Collection<Place.Position>) {
        guard !line.isEmpty, line.allSatisfy(\.isOnEarth) else { return nil }
        self.init(Unrolled(line))
    }

    init(_ path: Unrolled) {
        let extent = path.across.upperBound - path.across.lowerBound
        // An edge on the antimeridian is −180 as a west and 180 as an east, so that it does not seem crossed.
        let west = extent >= 360 ? -180 : path.west == 180 && extent > 0 ? -180 : path.west
        let east = extent >= 360 ? 180 : path.east == -180 && extent > 0 ? 180 : path.east
        self.init(unchecked: west, path.upward.lowerBound, east, path.upward.upperBound)
    }

    public var crossesAntimeridian: Bool { west > east }

    /// Degrees of longitude from west to east, 0...360.
    public var width: Double { right - west }

    /// The east as a number not below the west.
    private var right: Double { crossesAntimeridian ? east + 360 : east }

    /// Whether it holds a position; the edges belong to it, ±180° are one meridian, and a pole has every longitude.
    public func contains(_ position: Place.Position) -> Bool {
        guard position.latitude >= south, position.latitude <= north else { return false }
        if abs(position.latitude) == 90 || holds(position.longitude) { return true }
        return abs(position.longitude) == 180 && holds(-position.longitude)
    }

    private func holds(_ longitude: Double) -> Bool {
        crossesAntimeridian ? longitude >= west || longitude <= east : longitude >= west && longitude <= east
    }

    /// Whether two boxes share a point.
    public func intersects(_ other: GeoBox) -> Bool {
        guard south <= other.north, other.south <= north else { return false }
        if north == 90 && other.north == 90 || south == -90 && other.south == -90 { return true }
        return !turns(of: other.west...other.right).isEmpty
    }

    /// One box, or two that meet at the antimeridian, none of which crosses it: as a query in a database needs them.
    public var parts: [GeoBox] {
        guard crossesAntimeridian else { return [self] }
        return [GeoBox(unchecked: west, south, 180, north), GeoBox(unchecked: -180, south, east, north)]
    }

    /// Whether a line meets the box or lies in it; each leg is straight in longitude and latitude and takes the shorter way round.
    public func intersects(line: some Collection<Place.Position>) -> Bool {
        if line.contains(where: contains) { return true }
        return intersects(Unrolled(line))
    }

    func intersects(_ path: Unrolled) -> Bool {
        guard let start = path.points.first else { return false }
        if path.points.count == 1 { return meets(start, start) }
        return zip(path.points, path.points.dropFirst()).contains { meets($0, $1) }
    }

    /// Whether a straight piece meets the box on any of its turns about the axis.
    private func meets(_ a: Plane, _ b: Plane) -> Bool {
        guard min(a.y, b.y) <= north, max(a.y, b.y) >= south else { return false }
        return turns(of: min(a.x, b.x)...max(a.x, b.x)).contains { turn in
            let (left, right) = (west + 360 * turn, east + 360 * (crossesAntimeridian ? turn + 1 : turn))
            let sides = [(left, south), (right, south), (right, north), (left, north)].map { Plane.turn(a, b, Plane(x: $0.0, y: $0.1)) }
            return !(sides.allSatisfy { $0 > 0 } || sides.allSatisfy { $0 < 0 })
        }
    }

    /// The whole turns by which the box must be shifted to overlap a range of unrolled longitudes.
    private func turns(of range: ClosedRange<Double>) -> [Double] {
        stride(from: -4.0, through: 4, by: 1).filter {
            west + 360 * $0 <= range.upperBound && east + 360 * (crossesAntimeridian ? $0 + 1 : $0) >= range.lowerBound
        }
    }
}
