import Foundation
import Kernel
import Testing

@Suite struct RingTests {
    private func error(_ numbers: [Double]) -> RingError? { refusal { () throws(RingError) in try Ring(corners(numbers)) } }

    private func ring(_ numbers: Double...) throws -> Ring { try Ring(corners(numbers).closed) }

    @Test func `what RFC 7946 does not allow is refused and named`() {
        let rows: [([Double], RingError?)] = [
            ([0, 0, 0, 1, 1, 1, 0, 0], nil), ([0, 0, 0, 1, 0, 0], .tooFewPositions(3)), ([], .tooFewPositions(0)),
            ([0, 0, 0, 1, 1, 1, 1, 0], .open), ([0, 0, 0, 0, 0, 0, 0, 0], .tooFewPositions(1)), ([0, 0, 0, 1, 0, 1, 0, 0], .tooFewPositions(3)),
            ([0, 0, 0, 1, 1, 1, 1, 1, 0, 0], nil),
            ([0, 0, 91, 1, 1, 1, 0, 0], .likelySwapped(at: 1)), ([0, 0, 91, 120, 1, 1, 0, 0], .notOnEarth(at: 1)),
            ([0, 181, 1, 1, 2, 2, 0, 181], .notOnEarth(at: 0)),
            ([0, 0, .nan, 1, 1, 1, 0, 0], .notOnEarth(at: 1)), ([18, 4, 120, 5, 130, 6, 18, 4], .likelySwapped(at: 1)),
            // A bow tie, a corner on a leg, a corner touched twice, a leg that runs back, all on one line.
            ([0, 0, 1, 1, 1, 0, 0, 1, 0, 0], .crossesItself(leg: 0, leg2: 2)),
            ([0, 0, 0, 2, 1, 1, 0, 1, 1, 0, 0, 0], .crossesItself(leg: 0, leg2: 3)),
            ([0, 0, 1, 1, 2, 0, 2, 2, 1, 1, 0, 2, 0, 0], .crossesItself(leg: 0, leg2: 3)),
            ([0, 0, 0, 2, 0, 1, 1, 1, 0, 0], .crossesItself(leg: 0, leg2: 1)),
            ([0, 0, 1, 1, 2, 2, 0, 0], .crossesItself(leg: 0, leg2: 2)), ([0, 0, 0, 3, 3, 3, 3, 3, 1, 1, 0, 0], nil),
            // As binary fractions 0.1, 0.3 and 0.3, 0.9 are not quite in proportion, and exact signs know.
            ([0, 0, 0.1, 0.2, 0.2, 0.4, 0, 0], .crossesItself(leg: 0, leg2: 2)), ([0, 0, 0.1, 0.3, 0.3, 0.9, 0, 0], nil),
            // Twice round the earth, and round it onto itself.
            ([0, 0, 1, 120, 2, -120, 3, 0, 4, 120, 5, -120, 0, 0], .windsTooOften),
            ([0, 0, 10, 120, 0, -120, 10, 0, 2, 60, 0, 0], .crossesItself(leg: 0, leg2: 3)),
            ([0, 0, 10, 120, 0, -120, 10, 0, 20, 60, 0, 0], nil),
        ]
        let seen = rows.map { error($0.0) }
        let wrong = zip(rows, seen).filter { $0.0.1 != $0.1 }.map { "\($0.0.0) \(String(describing: $0.1))" }
        #expect(wrong == [])
    }

    @Test func `as many positions as the limit are taken quickly, one more is not`() throws {
        let many = (0..<Ring.mostPositions - 1).map { index in
            let angle = Double(index) / Double(Ring.mostPositions) * 2 * .pi, radius = 10 + sin(angle * 500)
            return at(radius * sin(angle), radius * cos(angle))
        }
        let ring = try Ring(many.closed)
        #expect(ring.isCounterclockwise && ring.contains(at(8.9, 0)) && !ring.contains(at(11.1, 0)))
        #expect(refusal { () throws(RingError) in try Ring((many + [at(-0.01, 10.0)]).closed) } == .tooManyPositions(Ring.mostPositions + 1))
    }

    @Test func `orientation is told and turned`() throws {
        let rings: [(Ring, Bool)] = [
            (try ring(0, 0, 0, 1, 1, 1), true), (try ring(0, 0, 1, 1, 0, 1), false), (try ring(0, 179, 0, -179, 1, -179, 1, 179), true),
            (try ring(80, 0, 80, 120, 80, -120), true), (try ring(80, 0, 80, -120, 80, 120), false), (try ring(-80, 0, -80, 120, -80, -120), false),
            (try ring(-80, 0, -80, -120, -80, 120), true), (try ring(0, 0, 0, 0, 0, 10, 1, 5), true),
        ]
        #expect(rings.map(\.0.isCounterclockwise) == rings.map(\.1))
        #expect(rings.allSatisfy { $0.0.turned().isCounterclockwise && !$0.0.turned(counterclockwise: false).isCounterclockwise })
        #expect(rings.allSatisfy { $0.0.turned(counterclockwise: $0.1) == $0.0 && $0.0.turned(counterclockwise: !$0.1).box == $0.0.box })
        // Where the sides are short the sphere's orientation is the plane's.
        #expect(rings.allSatisfy { (Geodesic.area(of: $0.0.positions) > 0) == $0.1 })
    }

    @Test func `boxes cross the antimeridian with west greater than east and reach to enclosed poles`() throws {
        let rows: [(Ring, [Double])] = [
            (try ring(4, 18, 4, 20, 6, 19), [18, 4, 20, 6]), (try ring(-17, 179, -17, -179, -16, -179.5), [179, -17, -179, -16]),
            (try ring(0, 170, 0, 180, 5, 180), [170, 0, 180, 5]), (try ring(0, -180, 0, -170, 5, -170), [-180, 0, -170, 5]),
            (try ring(0, 180, 0, -170, 5, -170), [-180, 0, -170, 5]), (try ring(0, 170, 0, -180, 5, -180), [170, 0, 180, 5]),
            (try ring(80, 0, 70, 120, 75, -120), [-180, 70, 180, 90]), (try ring(-80, 0, -70, -120, -75, 120), [-180, -90, 180, -70]),
            (try ring(-90, -180, -90, 180, -60, 180, -70, 0, -60, -180), [-180, -90, 180, -60]),
        ]
        let seen = rows.map { [$0.0.box.west, $0.0.box.south, $0.0.box.east, $0.0.box.north] }
        #expect(seen == rows.map(\.1))
        #expect(rows.map(\.0.pole) == [nil, nil, nil, nil, nil, nil, .north, .south, nil])
    }

    @Test func `positions are in, on and out of rings, also across the antimeridian and around poles`() throws {
        let fiji = try ring(-20, 177, -20, -178, -15, -178, -15, 177), arctic = try ring(66, 0, 66, 90, 66, 180, 66, -90)
        let antarctica = try ring(-66, 0, -66, 90, -60, 180, -66, -90)
        let cut = try ring(-90, -180, -90, 180, -60, 180, -70, 0, -60, -180), west = try ring(0, -180, 0, -170, 10, -170, 10, -180)
        let rows: [(Ring, Double, Double, Bool)] = [
            (fiji, -17, 179.9, true), (fiji, -17, -179.9, true), (fiji, -17, 180, true), (fiji, -17, -180, true), (fiji, -17, 176, false),
            (fiji, -17, -177, false),
            (fiji, -17, 0, false), (fiji, -20, 177, true), (fiji, -20, 179, true), (fiji, -15, -178, true), (fiji, -17, 177, true),
            (fiji, -20.0001, 179, false),
            (arctic, 90, 12, true), (arctic, 67, -45, true), (arctic, 66, 30, true), (arctic, 65.9, 30, false), (arctic, -90, 0, false),
            (arctic, 89, 180, true), (arctic, 89, -180, true),
            (antarctica, -90, 0, true), (antarctica, -67, 44, true), (antarctica, -61, 180, true), (antarctica, -61, -180, true),
            (antarctica, -59, 180, false), (antarctica, -61, 90, false), (antarctica, 90, 0, false),
            (cut, -90, 77, true), (cut, -80, 180, true), (cut, -80, -180, true), (cut, -69, 0, false), (cut, -71, 0, true),
            (cut, -61, 179.9, true), (cut, -50, 180, false),
            (west, 5, 180, true), (west, 5, -180, true), (west, 5, 179.9, false), (west, 0, 180, true), (west, 11, 180, false),
        ]
        let wrong = rows.filter { $0.0.contains(at($0.1, $0.2)) != $0.3 || $0.0.turned(counterclockwise: false).contains(at($0.1, $0.2)) != $0.3 }
        #expect(wrong.map { "\($0.0.box) \($0.1) \($0.2)" } == [])
    }

    @Test func `a ring moved round the earth holds the same positions`() throws {
        var dice = GeoDice(state: 7946)
        var wrong: [String] = [], inside = 0
        for _ in 0..<200 {
            let flat = dice.star(around: at(dice.number(-30...30), 0), corners: Int.random(in: 3...12, using: &dice), degrees: 2...25)
            let plain = try Ring(flat.closed)
            // Quarters of a degree move without rounding.
            let shift = (dice.number(-180...180) * 4).rounded() / 4
            func moved(_ position: Place.Position) -> Place.Position {
                at(position.latitude, (position.longitude + shift).remainder(dividingBy: 360))
            }
            let ring = try Ring(flat.closed.map(moved))
            for _ in 0..<40 {
                let position = at(dice.number(-60...60), dice.number(-40...40))
                if plain.contains(position) { inside += 1 }
                if plain.contains(position) != ring.contains(moved(position)) { wrong.append("\(flat) \(position) by \(shift)") }
                if plain.contains(position) != evenOdd(position, flat) { wrong.append("\(flat) \(position) by crossing north") }
            }
            if !flat.allSatisfy({ plain.contains($0) && ring.contains(moved($0)) }) { wrong.append("\(flat): own corners") }
            let isSame = plain.isCounterclockwise == ring.isCounterclockwise && abs(ring.box.width - plain.box.width) < 1e-9
            if !isSame { wrong.append("\(flat): \(ring.box)") }
        }
        #expect(wrong.prefix(5) == [])
        #expect(inside > 300)
    }

    /// The plain rule, counting sides that cross eastwards of a position.
    private func evenOdd(_ position: Place.Position, _ ring: [Place.Position]) -> Bool {
        zip(ring, ring.dropFirst() + ring.prefix(1)).filter { a, b in
            guard (a.latitude > position.latitude) != (b.latitude > position.latitude) else { return false }
            let part = (position.latitude - a.latitude) / (b.latitude - a.latitude)
            return position.longitude < a.longitude + part * (b.longitude - a.longitude)
        }.count % 2 == 1
    }

    @Test func `every exchange of two corners of a simple ring that makes legs cross is found`() throws {
        var dice = GeoDice(state: 12)
        var wrong: [String] = [], crossed = 0
        for _ in 0..<400 {
            var list = dice.star(around: at(dice.number(-20...20), 180), corners: Int.random(in: 4...10, using: &dice), degrees: 3...20)
            let (one, two) = (Int.random(in: 0..<list.count, using: &dice), Int.random(in: 0..<list.count, using: &dice))
            list.swapAt(one, two)
            let isCrossed = hasCrossing(list.map { at($0.latitude, $0.longitude < 0 ? $0.longitude + 360 : $0.longitude) })
            if isCrossed { crossed += 1 }
            if (refusal { () throws(RingError) in try Ring(list.closed) } != nil) != isCrossed { wrong.append("\(list) \(isCrossed)") }
        }
        #expect(wrong.prefix(5) == [] && crossed > 100 && crossed < 390)
    }

    /// Each leg against each other by the parameters of their meeting.
    private func hasCrossing(_ list: [Place.Position]) -> Bool {
        let legs = Array(zip(list, list.dropFirst() + list.prefix(1)))
        for (i, one) in legs.enumerated() {
            for (j, two) in legs.enumerated() where j > i + 1 && !(i == 0 && j == legs.count - 1) {
                let (ax, ay) = (one.1.longitude - one.0.longitude, one.1.latitude - one.0.latitude)
                let (bx, by) = (two.1.longitude - two.0.longitude, two.1.latitude - two.0.latitude)
                let (cx, cy) = (two.0.longitude - one.0.longitude, two.0.latitude - one.0.latitude)
                let d = ax * by - ay * bx
                if d != 0, (0...1).contains((cx * by - cy * bx) / d), (0...1).contains((cx * ay - cy * ax) / d) { return true }
            }
        }
        return false
    }

    @Test func `exchanged axes are suspected only where a latitude gives them away`() {
        let rows: [([Double], Bool)] = [
            ([120, 5], true), ([-179, -33], true), ([120, 95], false), ([18, 4], false), ([181, 4], false), ([18, 4, 100, 7], true),
            ([18, 100, 100, 7], false), ([.nan, 4], false), ([], false),
        ]
        #expect(rows.map { AxisOrder.looksSwapped(corners($0.0)) } == rows.map(\.1))
    }
}
