import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct ShapeTests {
    /// Each edge against each other, in whole numbers: slow and plain.
    private func isSimple(_ ring: [(Int, Int)]) -> Bool {
        var corners: [(Int, Int)] = []
        for corner in ring where corners.last.map({ $0 != corner }) ?? true { corners.append(corner) }
        while corners.count > 1, corners[0] == corners[corners.count - 1] { corners.removeLast() }
        let n = corners.count
        guard n >= 3 else { return false }
        func side(_ p: (Int, Int), _ a: (Int, Int), _ b: (Int, Int)) -> Int { ((b.0 - a.0) * (p.1 - a.1) - (b.1 - a.1) * (p.0 - a.0)).signum() }
        func isOn(_ p: (Int, Int), _ a: (Int, Int), _ b: (Int, Int)) -> Bool {
            side(p, a, b) == 0 && min(a.0, b.0) <= p.0 && p.0 <= max(a.0, b.0) && min(a.1, b.1) <= p.1 && p.1 <= max(a.1, b.1)
        }
        for i in 0..<n {
            let (a, b) = (corners[i], corners[(i + 1) % n])
            for j in (i + 1)..<n where j != i {
                let (c, d) = (corners[j], corners[(j + 1) % n])
                if j == i + 1 || (i == 0 && j == n - 1) {
                    let (near, far) = j == i + 1 ? (a, d) : (b, c)
                    if isOn(far, a, b) || isOn(near, c, d) { return false }
                } else if isOn(c, a, b) || isOn(d, a, b) || isOn(a, c, d) || isOn(b, c, d) || (side(c, a, b) != side(d, a, b) && side(a, c, d) != side(b, c, d)) { return false }
            }
        }
        return true
    }

    @Test func `the sweep finds in every ring what comparing all edges finds`() {
        var dice = SeededGenerator(seed: 1976), wrong: [[Int]] = [], simple = 0
        for round in 0..<6000 {
            let size = [4, 6, 40][round % 3]
            var ring = (0..<Int.random(in: 3...9, using: &dice)).map { _ in (Int.random(in: 0...size, using: &dice), Int.random(in: 0...size, using: &dice)) }
            ring.append(ring[0])
            let fault = RingCheck.fault(of: positions(ring.map { (Double($0.0), Double($0.1)) }))
            if isSimple(ring) { simple += 1 }
            if isSimple(ring) != (fault == nil) { wrong.append(ring.flatMap { [$0.0, $0.1] }) }
        }
        #expect(wrong == [] && simple > 500)
    }

    @Test func `a ring across the antimeridian is short, one around a pole is none`() {
        let across = positions([(179, -17), (-179, -17), (-179, -16), (179, -16), (179, -17)])
        let pole = positions([(0, 80), (120, 80), (-120, 80), (0, 80)])
        let crossing = positions([(179, -17), (-179, -16), (-179, -17), (179, -16), (179, -17)])
        let world = positions([(-180, -90), (180, -90), (180, 90), (-180, 90), (-180, -90)])
        same([across, pole, crossing, world].map { RingCheck.fault(of: $0) }.map { $0.map { "\($0)" } ?? "" }.map { String($0.prefix { $0 != "(" }) }, ["", "aroundPole", "crosses", "flat"])
        same(RingSense.isClockwise(across), false)
    }

    @Test func `what is cut at the antimeridian for GeoJSON comes back whole`() throws {
        let shapes: [(Place.Shape, [(Double, Double)])] = [
            (.line, [(170, 1), (179, 2), (-178, 4), (-170, 4.5)]), (.line, [(-179, 0), (179, 1), (-179, 2)]), (.area, [(179, -17), (-179, -17), (-179, -16), (179, -16), (179, -17)]),
            (.area, [(-170, 10), (-175, 12), (172, 13), (175, 8), (-170, 10)]), (.area, [(10, 10), (20, 10), (15, 20), (10, 10)]),
        ]
        for (shape, pairs) in shapes {
            let place = try #require(Place(shape, positions(pairs)))
            let feature = ExchangeFeature(sourceID: "a", place: place)
            let bytes = GeoJSONWriter.file([feature], zone: .gmt, disclaimer: "")
            let report = ExchangeFormat.geoJSON.read(bytes, .mission)
            same(report.features.map { Fingerprint(of: $0) }, [Fingerprint(of: feature)], "\(pairs)")
            let jumps = Antimeridian.cut(place).contains { Antimeridian.isCrossed(by: $0) }
            holds(!jumps, "no piece crosses")
        }
        // Parts that only happen to end at 180° stay parts.
        let apart = #"{"type":"MultiLineString","coordinates":[[[170,1],[180,2]],[[-180,3],[-170,4]]]}"#
        same(ExchangeFormat.geoJSON.read(apart).taken, 2)
        let doubled = try #require(Place(.area, positions([(170, 0), (-170, 1), (170, 2), (-170, 3), (170, 4), (160, 2), (170, 0)])))
        same(Antimeridian.cut(doubled).count, 1, "a ring that crosses more than twice is left as it is")
    }

    @Test func `areas are written anticlockwise`() throws {
        let clockwise = positions([(0, 0), (0, 4), (4, 4), (4, 0), (0, 0)])
        let place = try #require(Place(.area, clockwise))
        let geometry = GeoJSONWriter.geometry(place)
        same(geometry["coordinates"].array?.first?.array?[1].array?.compactMap(\.double), [4, 0])
        holds(RingSense.isClockwise(clockwise) && !RingSense.isClockwise(RingSense.anticlockwise(clockwise)), "turned")
    }
}
