import Kernel

/// Whether a closed ring is simple: it neither crosses nor touches itself. A plane sweep (Shamos and Hoey 1976) over whole numbers, so that
/// every comparison is exact: degrees in units of 10⁻⁹, about a tenth of a millimetre, products in 128 bits.
struct RingCheck {
    enum Fault: Hashable {
        /// Its longitudes do not come back to where they began: it goes round a pole.
        case aroundPole
        /// No area: fewer than three corners, all in one line, or, on the short way across the antimeridian, wider than half the earth.
        case flat
        /// The index of a position at which it touches itself, or by which a crossing shows.
        case touches(Int), crosses(Int)
    }

    private struct Point: Hashable {
        let x, y: Int64
        static func < (a: Point, b: Point) -> Bool { (a.x, a.y) < (b.x, b.y) }
    }

    private let points: [Point]
    /// Edges the sweep line cuts, from below upward. Edge i goes from corner i to the next.
    private var active: [Int32] = []

    /// - Parameter ring: closed; its last position equals the first.
    static func fault(of ring: [Place.Position]) -> Fault? {
        guard let unwrapped = Antimeridian.unwrapped(ring) else { return .aroundPole }
        var corners: [Point] = [], indices: [Int] = []
        for (index, position) in unwrapped.dropLast().enumerated() {
            let point = Point(x: Int64((position.longitude * 1e9).rounded()), y: Int64((position.latitude * 1e9).rounded()))
            // The same corner twice running is clumsy and harmless.
            if point != corners.last { corners.append(point); indices.append(index) }
        }
        while corners.count > 1, corners.first == corners.last { corners.removeLast(); indices.removeLast() }
        guard corners.count >= 3 else { return .flat }
        var seen: [Point: Int] = [:]
        for (index, corner) in corners.enumerated() where seen.updateValue(index, forKey: corner) != nil {
            return isFlat(corners) ? .flat : .touches(indices[index])
        }
        if isFlat(corners) { return .flat }
        var sweep = RingCheck(points: corners)
        return sweep.run().map { fault in
            switch fault {
            case .touches(let at): .touches(indices[at])
            case .crosses(let at): .crosses(indices[at])
            default: fault
            }
        }
    }

    private init(points: [Point]) { self.points = points }

    private static func isFlat(_ points: [Point]) -> Bool {
        guard let first = points.first, let far = points.first(where: { $0 != first }) else { return true }
        return points.allSatisfy { side($0, first, far) == 0 }
    }

    // MARK: Exact arithmetic

    /// Above zero when `point` lies to the left of the way from `a` to `b`.
    private static func side(_ point: Point, _ a: Point, _ b: Point) -> Int128 {
        Int128(b.x - a.x) * Int128(point.y - a.y) - Int128(b.y - a.y) * Int128(point.x - a.x)
    }

    private func next(_ corner: Int) -> Int { corner + 1 == points.count ? 0 : corner + 1 }

    /// The ends of an edge, the lesser first: further west, or further south when both lie north of each other.
    private func ends(_ edge: Int32) -> (Point, Point) {
        let a = points[Int(edge)], b = points[next(Int(edge))]
        return a < b ? (a, b) : (b, a)
    }

    private func side(_ point: Point, _ edge: Int32) -> Int128 {
        let (from, to) = ends(edge)
        return Self.side(point, from, to)
    }

    /// Whether two edges without a common corner have a point in common.
    private func meet(_ a: Int32, _ b: Int32) -> Bool {
        let (a0, a1) = ends(a), (b0, b1) = ends(b)
        guard a0.x <= b1.x, b0.x <= a1.x else { return false }
        let (p, q) = (Self.side(b0, a0, a1).signum(), Self.side(b1, a0, a1).signum())
        let (r, s) = (Self.side(a0, b0, b1).signum(), Self.side(a1, b0, b1).signum())
        if p == 0, q == 0 { return !(a1 < b0) && !(b1 < a0) }
        return p * q <= 0 && r * s <= 0
    }

    private func areNeighbours(_ a: Int32, _ b: Int32) -> Bool { next(Int(a)) == Int(b) || next(Int(b)) == Int(a) }

    // MARK: The sweep

    private mutating func run() -> Fault? {
        for corner in points.indices.sorted(by: { points[$0] < points[$1] }) {
            if let fault = pass(corner) { return fault }
        }
        return nil
    }

    /// Passes over one corner: the edges that end here leave the line, those that begin here enter it, new neighbours are compared.
    private mutating func pass(_ corner: Int) -> Fault? {
        let point = points[corner]
        let edges = [Int32(corner == 0 ? points.count - 1 : corner - 1), Int32(corner)]
        let ending = edges.filter { ends($0).1 == point }
        var starting = edges.filter { ends($0).0 == point }
        // Edges below have the corner on their left. No two edges have met so far, so the order of `active` holds.
        let low = lowerBound { side(point, $0) > 0 }
        let high = lowerBound(from: low) { side(point, $0) == 0 }
        guard high - low == ending.count, active[low..<high].allSatisfy(ending.contains) else { return .touches(corner) }
        if starting.count == 2 {
            let turn = side(ends(starting[1]).1, starting[0])
            if turn == 0 { return .touches(corner) }
            if turn < 0 { starting.swapAt(0, 1) }
        }
        active.replaceSubrange(low..<high, with: starting)
        let above = low + starting.count
        for upper in starting.isEmpty ? [low] : [low, above] where upper > 0 && upper < active.count {
            let (a, b) = (active[upper - 1], active[upper])
            if !areNeighbours(a, b), meet(a, b) { return .crosses(corner) }
        }
        return nil
    }

    /// The first place whose edge does not hold to the claim, which holds for all edges before it.
    private func lowerBound(from start: Int = 0, _ holds: (Int32) -> Bool) -> Int {
        var (low, high) = (start, active.count)
        while low < high {
            let middle = (low + high) / 2
            if holds(active[middle]) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
