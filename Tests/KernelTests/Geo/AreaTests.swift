import Foundation
import Kernel
import Testing

@Suite struct AreaTests {
    private func ring(_ numbers: Double...) throws -> Ring { try Ring(corners(numbers).closed) }

    private func box(_ west: Double, _ south: Double, _ east: Double, _ north: Double) throws -> GeoBox {
        try #require(GeoBox(west: west, south: south, east: east, north: north))
    }

    @Test func `what lies in a hole lies outside, its edge inside`() throws {
        let area = try Area(outer: ring(0, 0, 10, 0, 10, 10, 0, 10), holes: [ring(2, 2, 2, 8, 8, 8, 8, 2), ring(1, 1, 1, 1.5, 1.5, 1.5)])
        let rows: [(Double, Double, Bool)] = [
            (5, 5, false), (2, 5, true), (1.9, 5, true), (8, 8, true), (9, 9, true), (10, 10, true), (11, 5, false), (1.2, 1.4, false),
        ]
        #expect(rows.map { area.contains(at($0.0, $0.1)) } == rows.map(\.2))
        #expect(area.outer.isCounterclockwise && area.holes.allSatisfy { !$0.isCounterclockwise } && area.rings.count == 3)
        #expect(abs(area.size - area.outer.area + area.holes[0].area + area.holes[1].area) < 1 && area.size > 0)
    }

    @Test func `a hole around the pole and one across the antimeridian are left out`() throws {
        let cap = try Area(outer: ring(60, 0, 60, 90, 60, 180, 60, -90), holes: [ring(80, 0, 80, 90, 80, 180, 80, -90)])
        let sea = try Area(outer: ring(-30, 170, -30, -170, -10, -170, -10, 170), holes: [ring(-20, 179, -20, -179, -19, -179, -19, 179)])
        let rows: [(Area, Double, Double, Bool)] = [
            (cap, 90, 0, false), (cap, 85, 0, false), (cap, 85, 180, false), (cap, 85, -180, false), (cap, 70, -180, true),
            (cap, 80, 45, true), (cap, 59, 0, false),
            (sea, -19.5, 180, false), (sea, -19.5, -179.5, false), (sea, -19.5, 178, true), (sea, -19.5, -178, true),
            (sea, -20, 180, true), (sea, 0, 180, false),
        ]
        #expect(rows.filter { $0.0.contains(at($0.1, $0.2)) != $0.3 }.map { "\($0.1) \($0.2)" } == [])
    }

    @Test func `holes outside or on each other are refused`() throws {
        let square = try ring(0, 0, 10, 0, 10, 10, 0, 10)
        let rows: [([Ring], RingError?)] = [
            ([try ring(1, 1, 1, 2, 2, 2)], nil), ([try ring(1, 1, 1, 12, 2, 12)], .holeOutside(0)),
            ([try ring(20, 20, 20, 21, 21, 21)], .holeOutside(0)),
            ([try ring(-1, -1, -1, 11, 11, 11, 11, -1)], .holeOutside(0)), ([square], .holeOutside(0)),
            ([try ring(0, 0, 5, 5, 0, 10)], nil), ([try ring(5, 0, 6, 1, 5, 2)], nil),
            ([try ring(1, 1, 1, 4, 4, 4, 4, 1), try ring(2, 2, 2, 3, 3, 3)], .holesOverlap(0, 1)),
            ([try ring(1, 1, 1, 4, 4, 4, 4, 1), try ring(1, 4, 1, 6, 4, 6, 4, 4)], nil),
            ([try ring(1, 1, 1, 4, 4, 4, 4, 1), try ring(2, 0.5, 2, 5, 3, 5, 3, 0.5)], .holesOverlap(0, 1)),
            ([try ring(1, 1, 1, 2, 2, 2), try ring(1, 1, 1, 2, 2, 2)], .holesOverlap(0, 1)),
        ]
        let seen = rows.map { holes, _ in refusal { () throws(RingError) in try Area(outer: square, holes: holes) } }
        #expect(seen == rows.map(\.1))
        let place = try #require(Place(.area, corners([0, 0, 0, 1, 1, 1]).closed)), point = try #require(Place(latitude: 0, longitude: 0))
        #expect(try Area(place).contains(at(0.2, 0.5)) && refusal { () throws(RingError) in try Area(point) } == .notAnArea)
    }

    @Test func `areas and boxes meet or do not`() throws {
        let sea = try Area(outer: ring(-30, 170, -30, -170, -10, -170, -10, 170), holes: [ring(-25, 175, -25, -175, -15, -175, -15, 175)])
        let cap = try Area(outer: ring(80, 0, 80, 90, 80, 180, 80, -90))
        let rows: [(Area, GeoBox, Bool)] = [
            (sea, try box(172, -20, 173, -19), true), (sea, try box(-180, -20, -179, -19), false),
            (sea, try box(179, -20, -179, -19), false), (sea, try box(179, -20, -174, -19), true),
            (sea, try box(-180, -90, 180, 90), true), (sea, try box(160, -40, -160, 0), true), (sea, try box(0, -40, 20, 0), false),
            (sea, try box(-170, -10, -160, 0), true), (sea, try box(-169, -10, -160, 0), false),
            (cap, try box(10, 85, 20, 86), true), (cap, try box(10, 70, 20, 79), false), (cap, try box(10, 70, 20, 80), true),
            (cap, try box(0, 90, 0, 90), true),
        ]
        #expect(rows.enumerated().filter { $1.0.intersects($1.1) != $1.2 }.map(\.offset) == [])
    }

    @Test func `lines meet boxes or pass them by`() throws {
        let (plain, crossing) = (try box(0, 0, 10, 10), try box(170, -10, -170, 10))
        let rows: [(GeoBox, [Double], Bool)] = [
            (plain, [5, 5], true), (plain, [11, 5], false), (plain, [-5, -5, 15, 15], true), (plain, [-5, 5, 15, 5], true),
            (plain, [-1, 5, 5, -1], true), (plain, [-5, 3, 3, -6], false),
            (plain, [-10, 0, 0, -10], false), (plain, [-5, 5, 5, -5], true), (plain, [-5.0001, 5, 5, -5], false),
            (plain, [12, 0, 12, 10], false), (plain, [10, -5, 10, 15], true), (plain, [], false),
            (crossing, [0, 160, 0, -160], true), (crossing, [0, -160, 0, 160], true), (crossing, [20, 160, -20, -160], true),
            (crossing, [20, 160, 20, -160], false), (crossing, [0, -160, 0, 0, 0, 160], false),
            (crossing, [0, 160, 0, 169.9], false), (crossing, [0, 180], true), (crossing, [0, -180], true),
            (try box(0, 80, 10, 90), [90, 100], true), (try box(-180, 0, -170, 10), [-5, 175, 5, -175], true),
            (try box(-180, 0, -170, 10), [5, 170, 5, 180], true), (try box(170, 0, 180, 10), [5, -180, 5, -170], true),
        ]
        #expect(rows.enumerated().filter { $1.0.intersects(line: corners($1.1)) != $1.2 }.map(\.offset) == [])
    }

    @Test func `a box meets a line as it meets one of many points on it`() throws {
        var dice = GeoDice(state: 22)
        var wrong: [String] = [], met = 0
        for _ in 0..<600 {
            let (a, b) = (at(dice.number(-40...40), dice.number(-70...70)), at(dice.number(-40...40), dice.number(-70...70)))
            let (w, s) = (dice.number(-70...60), dice.number(-40...30)), (x, y) = (dice.number(0...30), dice.number(0...20))
            let turn = (dice.number(-180...180) * 4).rounded() / 4
            func moved(_ longitude: Double) -> Double { (longitude + turn).remainder(dividingBy: 360) }
            let plain = try box(w, s, w + x, s + y), turned = try box(moved(w), s, moved(w + x), s + y)
            let seen = plain.intersects(line: [a, b])
            let near = (0...2000).contains { step in
                let part = Double(step) / 2000
                return plain.contains(at(a.latitude + part * (b.latitude - a.latitude), a.longitude + part * (b.longitude - a.longitude)))
            }
            if near { met += 1 }
            // A corner may be cut between two of the points.
            if near && !seen { wrong.append("\(plain) \(a) \(b)") }
            let wide = try box(w + 0.08, s + 0.08, max(w + 0.08, w + x - 0.08), max(s + 0.08, s + y - 0.08))
            if !near, x > 0.2, y > 0.2, wide.intersects(line: [a, b]) { wrong.append("\(plain) \(a) \(b): not near") }
            let line = [a, b].map { at($0.latitude, moved($0.longitude)) }
            if turned.intersects(line: line) != seen { wrong.append("\(plain) by \(turn)") }
        }
        #expect(wrong.prefix(5) == [] && met > 60 && met < 540)
    }

    @Test func `boxes around positions leave out the widest gap`() throws {
        let rows: [([Double], [Double]?)] = [
            ([1, 2], [2, 1, 2, 1]), ([-17, 179, -16, -179], [179, -17, -179, -16]), ([0, 10, 1, 20, 2, -30], [-30, 0, 20, 2]),
            ([0, -170, 0, 170, 0, 0], [0, 0, -170, 0]), ([], nil), ([91, 0], nil),
        ]
        let seen = rows.map { GeoBox(around: corners($0.0)).map { [$0.west, $0.south, $0.east, $0.north] } }
        #expect(seen == rows.map(\.1))
        let along = try #require(GeoBox(along: corners([0, 170, 5, -170, 3, -160])))
        #expect([along.west, along.south, along.east, along.north] == [170, 0, -160, 5] && along.width == 30 && along.parts.map(\.width) == [10, 20])
        let still = try #require(GeoBox(along: corners([0, 180, 5, 180])))
        #expect(still.width == 0 && still.contains(at(3, -180)) && GeoBox(along: corners([])) == nil)
        let bad = [(0.0, 2.0), (181, 0), (0, -91), (.nan, 0)].map { GeoBox(west: $0.0, south: $0.1, east: 0, north: 1) }
        #expect(bad.allSatisfy { $0 == nil })
    }

    @Test func `boxes meet across the antimeridian and at poles`() throws {
        let rows: [(GeoBox, GeoBox, Bool)] = [
            (try box(170, 0, -170, 10), try box(-175, 5, 0, 6), true), (try box(170, 0, -170, 10), try box(-169, 5, 169, 6), false),
            (try box(170, 0, 180, 10), try box(-180, 0, -170, 10), true),
            (try box(170, 0, 179, 10), try box(-180, 0, -170, 10), false), (try box(0, 80, 10, 90), try box(100, 85, 110, 90), true),
            (try box(0, 80, 10, 89), try box(100, 85, 110, 90), false),
            (try box(0, 0, 10, 10), try box(10, 10, 20, 20), true), (try box(0, 0, 10, 10), try box(5, 11, 6, 12), false),
            (try box(-180, -90, 180, 90), try box(3, 3, 4, 4), true),
        ]
        #expect(rows.enumerated().filter { $1.0.intersects($1.1) != $1.2 || $1.1.intersects($1.0) != $1.2 }.map(\.offset) == [])
    }
}
