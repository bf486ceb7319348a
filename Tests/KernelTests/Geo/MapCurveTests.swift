import Testing
import TestKit
@testable import Kernel

@Suite struct MapCurveTests {
    private static func positions(_ count: Int, seed: UInt64) -> [Place.Position] {
        var dice = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            Place.Position(longitude: Double.random(in: -180...180, using: &dice), latitude: Double.random(in: -90...90, using: &dice))
        }
    }

    @Test func `a tile of any zoom is one range of numbers, and its own positions lie in it`() {
        var wrong: [String] = []
        for (index, position) in Self.positions(2_000, seed: 1).enumerated() {
            guard let number = MapCurve.number(position), let tile = MapTile(at: position, zoom: index % 31) else { wrong.append("\(position)"); continue }
            if !MapCurve.range(tile).contains(number) || MapCurve.tile(number, zoom: tile.zoom) != tile { wrong.append("\(position) at \(tile)") }
        }
        same(wrong, [])
    }

    /// Of four tiles of zoom 1: north-west 0, north-east 1, south-west 2, south-east 3, each a quarter of 2^60.
    @Test func `the four quarters of the world follow one another`() {
        let quarter = Int64(1) << 58
        let corners = [(-90, 45), (90, 45), (-90, -45), (90, -45)].map { (x: Double, y: Double) in Place.Position(longitude: x, latitude: y) }
        same(corners.compactMap(MapCurve.number).map { $0 / quarter }, [0, 1, 2, 3])
    }

    @Test func `the ranges of a box hold every position in it, at the poles and across the antimeridian too`() {
        var dice = SeededGenerator(seed: 2), wrong: [String] = []
        let positions = Self.positions(3_000, seed: 3)
        for _ in 0..<200 {
            let width: Double = [0.01, 1, 20, 200].randomElement(using: &dice) ?? 1
            let centre = Place.Position(longitude: Double.random(in: -180...180, using: &dice), latitude: Double.random(in: -90...90, using: &dice))
            func turned(_ degrees: Double) -> Double { degrees > 180 ? degrees - 360 : degrees < -180 ? degrees + 360 : degrees }
            guard let box = GeoBox(
                west: turned(centre.longitude - width / 2), south: max(-90, centre.latitude - width / 2), east: turned(centre.longitude + width / 2),
                north: min(90, centre.latitude + width / 2))
            else { continue }
            let ranges = MapCurve.ranges(of: box)
            if ranges.count > 12 { wrong.append("\(ranges.count) ranges of \(box)") }
            let missed = (positions + [centre]).filter { position in
                guard box.contains(position), let number = MapCurve.number(position) else { return false }
                return !ranges.contains { $0.contains(number) }
            }
            wrong += missed.map { "\($0) in \(box)" }
        }
        same(wrong, [])
    }

    @Test func `a small box costs little more than itself, wherever it lies`() {
        // Across the equator, the meridian of Greenwich and the corner of four tiles.
        for (longitude, latitude) in [(0, 0), (18.56, 4.39), (90, 66.51326), (-0.001, 51.5)] as [(Double, Double)] {
            guard let box = GeoBox(west: longitude - 0.5, south: latitude - 0.5, east: longitude + 0.5, north: latitude + 0.5) else { continue }
            let covered = MapCurve.ranges(of: box).reduce(0.0) { $0 + Double($1.upperBound - $1.lowerBound + 1) } / Double(Int64(1) << 60)
            let own = [(box.west, box.north), (box.east, box.south)].map { (x: Double, y: Double) in WebMercator.project(Place.Position(longitude: x, latitude: y)) }
            let area = (own[1].x - own[0].x) * (own[0].y - own[1].y) / (4 * WebMercator.halfWidth * WebMercator.halfWidth)
            holds(covered < area * 8, "\(covered / area) times the box at \(longitude), \(latitude)")
        }
    }
}
