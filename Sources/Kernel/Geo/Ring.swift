import Foundation

/// A closed line that does not touch itself: the rim of an area or of a hole in one (RFC 7946 section 3.1.6).
///
/// Legs are straight in longitude and latitude (section 3.1.1) and take the shorter way round, so a ring may cross the antimeridian
/// or run round a pole; areas cut at ±180° as section 3.1.9 wants are read as well. A leg wider than 180° of longitude must be
/// given corners on its way. A ring round the earth encloses the pole in the middle latitude's hemisphere.
public struct Ring: Hashable, Sendable {
    public enum Pole: String, Sendable { case north, south }

    /// As given, the last position equal to the first.
    public let positions: [Place.Position]
    /// The box of longitudes and latitudes; round a pole it reaches from −180 to 180 and to the pole (RFC 7946 section 5.3).
    public let box: GeoBox
    /// The pole inside when the ring runs round the earth.
    public let pole: Pole?

    let path: Unrolled

    /// A ring as dense as this is checked in some milliseconds, one drawn to make that slow in some tenths of a second.
    public static let mostPositions = 10_000

    /// Throws `tooFewPositions`, `tooManyPositions`, `notOnEarth`, `likelySwapped`, `open`, `windsTooOften` or `crossesItself`; the first of
    /// these that applies. A position that repeats the one before is harmless.
    public init(_ positions: [Place.Position]) throws(RingError) {
        guard positions.count >= 4 else { throw .tooFewPositions(positions.count) }
        guard positions.count <= Ring.mostPositions else { throw .tooManyPositions(positions.count) }
        if let index = positions.firstIndex(where: { !$0.isOnEarth }) {
            throw AxisOrder.looksSwapped(positions) ? .likelySwapped(at: index) : .notOnEarth(at: index)
        }
        guard positions.first == positions.last else { throw .open }
        let path = Unrolled(positions)
        let legs = Leg.all(of: path)
        guard legs.count >= 3 else { throw .tooFewPositions(legs.count + 1) }
        guard abs(path.turns) <= 1, path.across.upperBound - path.across.lowerBound <= 720 else { throw .windsTooOften }
        if let (one, two) = Leg.firstFault(of: legs, in: path) { throw .crossesItself(leg: one, leg2: two) }
        (self.positions, self.path) = (positions, path)
        (pole, box) = (Ring.pole(in: path), Ring.box(of: path))
    }

    /// Whether the inside lies to the left, as RFC 7946 wants of outer rings.
    public var isCounterclockwise: Bool {
        if let pole { return (path.turns > 0) == (pole == .north) }
        // At the lowest of the westernmost corners the turn tells, without a sum that could round.
        let points = path.points.dropLast()
        guard let corner = points.min(by: { ($0.x, $0.y) < ($1.x, $1.y) }), let index = points.firstIndex(of: corner) else { return false }
        let after = (points[(index + 1)...] + points[..<index]).first { $0 != corner } ?? corner
        let before = (points[(index + 1)...] + points[..<index]).last { $0 != corner } ?? corner
        return Plane.turn(before, corner, after) > 0
    }

    /// The same ring running the way wanted.
    public func turned(counterclockwise: Bool = true) -> Ring {
        isCounterclockwise == counterclockwise ? self : Ring(reversing: self)
    }

    /// Metres around it, along geodesics.
    public var perimeter: Double { Geodesic.length(of: positions) }

    /// Square metres inside it, never negative, with geodesics as legs: for long legs they leave the straight lines of the map.
    /// Of a ring that holds more than half of the earth it is what lies outside.
    public var area: Double { abs(Geodesic.area(of: positions)) }

    /// Whether a position lies inside or on the ring. A pole lies inside a ring around it and on a ring that reaches it.
    public func contains(_ position: Place.Position) -> Bool { side(of: position) != .outside }

    private init(reversing ring: Ring) {
        positions = ring.positions.reversed()
        path = Unrolled(positions)
        (pole, box) = (ring.pole, ring.box)
    }

    private static func pole(in path: Unrolled) -> Pole? {
        guard path.turns != 0 else { return nil }
        let middle = zip(path.points, path.points.dropFirst()).reduce(0) { $0 + ($1.0.y + $1.1.y) * ($1.1.x - $1.0.x) } * path.turns
        return middle < 0 ? .south : .north
    }

    private static func box(of path: Unrolled) -> GeoBox {
        let box = GeoBox(path)
        return switch pole(in: path) {
        case .north: GeoBox(unchecked: -180, box.south, 180, 90)
        case .south: GeoBox(unchecked: -180, -90, 180, box.north)
        case nil: box
        }
    }
}

extension Ring {
    enum Side { case inside, edge, outside }

    /// Counts the legs between the position and the pole that is outside: an odd number means inside.
    func side(of position: Place.Position) -> Side {
        guard box.contains(position) else { return .outside }
        if abs(position.latitude) == 90 {
            if path.upward.contains(position.latitude) { return .edge }
            return pole == (position.latitude > 0 ? .north : .south) ? .inside : .outside
        }
        var isInside = false
        for x in path.places(of: position.longitude) {
            let point = Plane(x: x, y: position.latitude)
            for index in 1..<path.points.count {
                let (a, b) = (path.points[index - 1], path.points[index])
                if a.x == x, a == point || b.x == x && Plane.isBetween(a, b, point) { return .edge }
                guard (a.x > x) != (b.x > x) else { continue }
                let turn = a.x < b.x ? Plane.turn(a, b, point) : Plane.turn(b, a, point)
                if turn == 0 { return .edge }
                if turn > 0 ? pole != .south : pole == .south { isInside.toggle() }
            }
        }
        return isInside ? .inside : .outside
    }
}
