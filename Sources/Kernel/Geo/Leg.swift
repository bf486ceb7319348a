/// A leg of a ring in the plane of unrolled longitudes, and the search for legs that meet.
struct Leg {
    let a, b: Plane
    /// Of the position where it begins, and among the legs that have a length.
    let position, order: Int
    /// Which of two sets it belongs to.
    var set = 0

    private var left: Double { min(a.x, b.x) }
    private var right: Double { max(a.x, b.x) }

    static func all(of path: Unrolled) -> [Leg] {
        var legs: [Leg] = []
        legs.reserveCapacity(path.points.count)
        for index in path.points.indices.dropLast() where path.points[index] != path.points[index + 1] {
            legs.append(Leg(a: path.points[index], b: path.points[index + 1], position: index, order: legs.count))
        }
        return legs
    }

    private func shifted(by turns: Double, set: Int) -> Leg {
        Leg(a: Plane(x: a.x + 360 * turns, y: a.y), b: Plane(x: b.x + 360 * turns, y: b.y), position: position, order: order, set: set)
    }

    /// The positions where two legs of a ring begin that meet elsewhere than at the corner they share; nil when there are none.
    static func firstFault(of legs: [Leg], in path: Unrolled) -> (Int, Int)? {
        // On the next turn about the axis a ring may meet itself too; one that is cut at the antimeridian just fits into a turn.
        let isWide = path.turns != 0 || path.across.upperBound - path.across.lowerBound > 360
        let copies = isWide ? legs.map { $0.shifted(by: 1, set: 1) } : []
        return sweep(legs + copies) { one, two in
            if one.set == 1, two.set == 1 { return false }
            return one.isFault(two, of: legs.count)
        }
    }

    /// The positions where two legs of different rings begin that cross, touching not counted; nil when there are none.
    static func firstCrossing(_ one: Unrolled, _ two: Unrolled) -> (Int, Int)? {
        let mine = all(of: one), theirs = all(of: two)
        let copies = stride(from: -3.0, through: 3, by: 1).flatMap { turn in
            theirs.lazy.map { $0.shifted(by: turn, set: 1) }.filter { $0.right >= one.across.lowerBound && $0.left <= one.across.upperBound }
        }
        return sweep(mine + copies) { $0.set != $1.set && $0.crosses($1) }
    }

    /// Goes from west to east and tries each leg with those that have not yet ended.
    private static func sweep(_ legs: [Leg], _ isFault: (Leg, Leg) -> Bool) -> (Int, Int)? {
        var open: [Leg] = []
        for leg in legs.sorted(by: { $0.left < $1.left }) {
            let left = leg.left
            open.removeAll { $0.right < left }
            for other in open where isFault(leg, other) {
                return (min(leg.position, other.position), max(leg.position, other.position))
            }
            open.append(leg)
        }
        return nil
    }

    private func isFault(_ other: Leg, of count: Int) -> Bool {
        guard Plane.meet(a, b, other.a, other.b) else { return false }
        if (order + 1) % count == other.order, b == other.a { return doublesBack(before: other) }
        if (other.order + 1) % count == order, other.b == a { return other.doublesBack(before: self) }
        return order != other.order || set != other.set
    }

    /// Whether the next leg runs back over this one.
    private func doublesBack(before next: Leg) -> Bool {
        guard Plane.turn(a, b, next.b) == 0 else { return false }
        return (a.x - b.x) * (next.b.x - b.x) + (a.y - b.y) * (next.b.y - b.y) > 0
    }

    private func crosses(_ other: Leg) -> Bool {
        Plane.turn(a, b, other.a) * Plane.turn(a, b, other.b) < 0 && Plane.turn(other.a, other.b, a) * Plane.turn(other.a, other.b, b) < 0
    }
}
