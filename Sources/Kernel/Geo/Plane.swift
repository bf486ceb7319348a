import Foundation

/// A point of the plane of unrolled longitudes (x) and latitudes (y), degrees.
struct Plane: Hashable {
    var x, y: Double

    init(x: Double, y: Double) { (self.x, self.y) = (x, y) }

    /// 1 when a, b, c turn left, −1 when right, 0 when they lie on one line; exact for any numbers.
    ///
    /// The plain determinant decides unless rounding could have changed its sign; then its products are summed without loss
    /// (J. R. Shewchuk, "Adaptive precision floating-point arithmetic", 1997, sections 2 and 4).
    static func turn(_ a: Plane, _ b: Plane, _ c: Plane) -> Int {
        let left = (a.x - c.x) * (b.y - c.y), right = (a.y - c.y) * (b.x - c.x)
        let plain = left - right
        if abs(plain) > 4 * Double.ulpOfOne * (abs(left) + abs(right)) { return plain > 0 ? 1 : -1 }
        if left == 0, right == 0 { return 0 }
        return exactTurn(a, b, c)
    }

    private static func exactTurn(_ a: Plane, _ b: Plane, _ c: Plane) -> Int {
        let factors = [(a.x, b.y), (-a.x, c.y), (-c.x, b.y), (-a.y, b.x), (a.y, c.x), (c.y, b.x)]
        // Parts of ascending size that do not overlap: their sum is exact and the last that is not 0 has its sign.
        var parts: [Double] = []
        for (one, two) in factors {
            let product = one * two
            for term in [(-product).addingProduct(one, two), product] { grow(&parts, by: term) }
        }
        guard let last = parts.last(where: { $0 != 0 }) else { return 0 }
        return last > 0 ? 1 : -1
    }

    private static func grow(_ parts: inout [Double], by term: Double) {
        var carried = term
        for index in parts.indices {
            let sum = carried + parts[index]
            let shown = sum - carried
            parts[index] = (carried - (sum - shown)) + (parts[index] - shown)
            carried = sum
        }
        parts.append(carried)
    }

    /// Whether c, which lies on the line through a and b, lies between them.
    static func isBetween(_ a: Plane, _ b: Plane, _ c: Plane) -> Bool {
        min(a.x, b.x) <= c.x && c.x <= max(a.x, b.x) && min(a.y, b.y) <= c.y && c.y <= max(a.y, b.y)
    }

    /// Whether two closed pieces have a point in common.
    static func meet(_ a: Plane, _ b: Plane, _ c: Plane, _ d: Plane) -> Bool {
        guard max(a.x, b.x) >= min(c.x, d.x), max(c.x, d.x) >= min(a.x, b.x),
              max(a.y, b.y) >= min(c.y, d.y), max(c.y, d.y) >= min(a.y, b.y)
        else { return false }
        return turn(a, b, c) * turn(a, b, d) <= 0 && turn(c, d, a) * turn(c, d, b) <= 0
    }
}

/// Positions laid out in the plane so that each leg takes the shorter way round: longitudes run on beyond ±180.
///
/// A leg of exactly 360°, from −180 to 180, is taken as written: so areas cut at the antimeridian that reach a pole are drawn.
struct Unrolled: Hashable {
    let points: [Plane]
    let across, upward: ClosedRange<Double>
    /// The longitudes of the ends of `across` as they were given: adding whole turns rounds.
    let west, east: Double

    init(_ positions: some Collection<Place.Position>) {
        var points: [Plane] = []
        points.reserveCapacity(positions.count)
        var turns = 0.0, last = positions.first?.longitude ?? 0
        var (low, high) = (Plane(x: .infinity, y: .infinity), Plane(x: -.infinity, y: -.infinity))
        var (west, east) = (last, last)
        for position in positions {
            let leg = position.longitude - last
            if abs(leg) > 180, abs(leg) < 360 { turns += leg > 0 ? -1 : 1 }
            last = position.longitude
            let point = Plane(x: last + 360 * turns, y: position.latitude)
            if point.x < low.x { (low.x, west) = (point.x, last) }
            if point.x > high.x { (high.x, east) = (point.x, last) }
            (low.y, high.y) = (min(low.y, point.y), max(high.y, point.y))
            points.append(point)
        }
        (self.points, self.west, self.east) = (points, west, east)
        across = points.isEmpty ? 0...0 : low.x...high.x
        upward = points.isEmpty ? 0...0 : low.y...high.y
    }

    /// Turns about the axis from the first point to the last, eastwards positive.
    var turns: Double {
        guard let first = points.first, let last = points.last else { return 0 }
        return ((last.x - first.x) / 360).rounded()
    }

    /// The places of a longitude along the path: it may pass a meridian on more than one turn.
    func places(of longitude: Double) -> [Double] {
        stride(from: -3.0, through: 3, by: 1).map { longitude + 360 * $0 }.filter(across.contains)
    }
}
