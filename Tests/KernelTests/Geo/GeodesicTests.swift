import Foundation
import Kernel
import Testing

@Suite struct GeodesicTests {
    /// Degrees between two directions.
    private func angle(_ a: Double, _ b: Double) -> Double { abs((a - b).remainder(dividingBy: 360)) }

    @Test func `distances and azimuths of the vectors are met`() throws {
        let vectors = try GeoVectors.load()
        var wrong: [String] = []
        for row in vectors.geodesicWgs84 {
            let way = Geodesic.inverse(from: at(row.a[0], row.a[1]), to: at(row.b[0], row.b[1]))
            if abs(way.distance - row.m) > 0.0006 { wrong.append("\(row.a) \(row.b): \(way.distance)") }
            if let azimuth = row.azDeg, abs(way.startAzimuth - azimuth) > 0.00006 { wrong.append("\(row.a): \(way.startAzimuth)") }
        }
        #expect(wrong == [] && vectors.geodesicWgs84.count == 4)
    }

    @Test func `ways are those of geographiclib to a micrometre, also between antipodes`() {
        var wrong: [String] = []
        for row in GeoTables.ways {
            let (start, end) = (at(row[0], row[1]), at(row[2], row[3]))
            let way = Geodesic.inverse(from: start, to: end), back = Geodesic.inverse(from: end, to: start)
            if !(abs(way.distance - row[4]) <= 1e-6) { wrong.append("\(row): \(way.distance)") }
            if abs(way.distance - back.distance) > 1e-8 { wrong.append("\(row): back \(back.distance)") }
            // Between exact antipodes there are two shortest ways.
            let isOneOfTwo = row[0] == -row[2] && abs(row[1] - row[3]) == 180
            if row[4] > 0, !isOneOfTwo, angle(way.startAzimuth, row[5]) > 1e-6 || angle(way.endAzimuth, row[6]) > 1e-6 {
                wrong.append("\(row): \(way.startAzimuth) \(way.endAzimuth)")
            }
        }
        #expect(wrong == [])
        #expect(GeoTables.ways.count == 40)
    }

    @Test func `journeys end where those of geographiclib do`() {
        var wrong: [String] = []
        for row in GeoTables.journeys {
            let end = Geodesic.direct(from: at(row[0], row[1]), azimuth: row[2], distance: row[3])
            let misses = Geodesic.distance(from: end.position, to: at(row[4], row[5]))
            if !(misses < 1e-6) || angle(end.azimuth, row[6]) > 1e-9 { wrong.append("\(row): \(end)") }
        }
        #expect(wrong == [])
    }

    @Test func `whoever leaves at the azimuth arrives at the end`() {
        var dice = GeoDice(state: 2013)
        var wrong: [String] = []
        for round in 0..<3000 {
            let start = dice.position()
            let opposite = at(-start.latitude, start.longitude + (start.longitude < 0 ? 180 : -180))
            // Every other pair nearly antipodal, nearer and nearer.
            let near = pow(10, dice.number(-9...0.3))
            let latitude = min(90, max(-90, opposite.latitude + near * dice.number(-1...1)))
            let end = round % 2 == 0 ? dice.position() : at(latitude, opposite.longitude + near * dice.number(-1...1))
            let way = Geodesic.inverse(from: start, to: end)
            let arrival = Geodesic.direct(from: start, azimuth: way.startAzimuth, distance: way.distance)
            let misses = Geodesic.distance(from: arrival.position, to: end)
            // Close to the start the azimuth at the end says less; the place says all.
            if !(misses < 1e-7) { wrong.append("\(start) \(end): \(misses)") }
            if way.distance > 1000, angle(arrival.azimuth, way.endAzimuth) * cos(end.latitude * .pi / 180) > 1e-9 {
                wrong.append("\(start) \(end): \(arrival.azimuth) \(way.endAzimuth)")
            }
            let back = Geodesic.inverse(from: end, to: start)
            if abs(back.distance - way.distance) > 1e-7 { wrong.append("\(start) \(end): \(way.distance - back.distance)") }
            if way.distance > 20_003_931.4587 { wrong.append("\(start) \(end): longer than half a meridian") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `a detour is never shorter and half the way is half the distance`() {
        var dice = GeoDice(state: 87)
        var wrong: [String] = []
        for _ in 0..<300 {
            let (a, b, c) = (dice.position(), dice.position(), dice.position())
            let direct = Geodesic.distance(from: a, to: c)
            if Geodesic.length(of: [a, b, c]) < direct - 1e-7 { wrong.append("\(a) \(b) \(c)") }
            let way = Geodesic.inverse(from: a, to: c)
            let middle = Geodesic.direct(from: a, azimuth: way.startAzimuth, distance: direct / 2).position
            if abs(Geodesic.length(of: [a, middle, c]) - direct) > 1e-7 { wrong.append("\(a) \(c): middle \(middle)") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `the patrol track of the vectors has its legs, length and speed`() throws {
        let track = try GeoVectors.load().patrolTrack
        let places = track.points.map(\.position)
        let legs = zip(places, places.dropFirst()).map { Geodesic.distance(from: $0, to: $1) }
        let moments = try track.points.map { try Date($0.moment, strategy: .iso8601) }
        let hours = moments[moments.count - 1].timeIntervalSince(moments[0]) / 3600
        let length = Geodesic.length(of: places)
        #expect(legs.map { ($0 * 10).rounded() / 10 } == track.legsM)
        #expect((length * 10).rounded() / 10 == track.totalM && hours == 2 && (length / hours / 10).rounded() / 100 == track.avgKmh)
    }

    @Test func `the warning circle of the vectors holds what is 4999.9 m away and not what is 5000.1 m away`() throws {
        let circle = try GeoVectors.load().capCircle
        let words = circle.circle.split(whereSeparator: { " ,".contains($0) }).compactMap { Double($0) }
        let (middle, radius) = (at(words[0], words[1]), words[2] * 1000)
        let inside = circle.inside.map { Geodesic.distance(from: middle, to: at($0[0], $0[1])) }
        let outside = circle.outside.map { Geodesic.distance(from: middle, to: at($0[0], $0[1])) }
        #expect(inside.map { ($0 * 10).rounded() / 10 } == [4999.9] && outside.map { ($0 * 10).rounded() / 10 } == [5000.1])
        #expect(inside.allSatisfy { $0 <= radius } && !outside.contains { $0 <= radius })
    }

    @Test func `areas and perimeters are those of the vectors and of geographiclib`() throws {
        let polygon = try GeoVectors.load().polygonArea
        let ring = polygon.ring.map { at($0[0], $0[1]) }
        var wrong: [String] = []
        let perimeter = Geodesic.perimeter(of: ring), area = abs(Geodesic.area(of: ring))
        if abs(perimeter - polygon.perimeterM) > 0.0006 || abs(area - polygon.areaM2) > 0.06 { wrong.append("\(perimeter) \(area)") }
        for row in GeoTables.rings {
            let ring = corners(row.corners)
            let (around, inside) = (Geodesic.perimeter(of: ring), Geodesic.area(of: ring))
            if abs(around - row.perimeter) > 1e-6 || abs(inside - row.area) > 0.1 { wrong.append("\(row): \(around) \(inside)") }
            // Closed or not, and the other way round.
            if Geodesic.area(of: ring.closed) != inside || Geodesic.perimeter(of: ring.closed) != around { wrong.append("\(row): closed") }
            if abs(Geodesic.area(of: ring.reversed()) + inside) > 0.1 { wrong.append("\(row): reversed") }
        }
        #expect(wrong == [])
    }

    @Test func `areas add up, wherever the ring lies`() {
        var dice = GeoDice(state: 63)
        var wrong: [String] = []
        for _ in 0..<120 {
            let middle = dice.position()
            guard abs(middle.latitude) < 80 else { continue }
            let ring = dice.star(around: middle, corners: Int.random(in: 3...9, using: &dice), degrees: 1...8)
            let whole = Geodesic.area(of: ring)
            let parts = zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { $0 + Geodesic.area(of: [middle, $1.0, $1.1]) }
            if whole <= 0 || abs(whole - parts) > 0.5 { wrong.append("\(ring): \(whole - parts)") }
            let turned = ring.map { at($0.latitude, ($0.longitude + 77).remainder(dividingBy: 360)) }
            if abs(Geodesic.area(of: turned) - whole) > 1 { wrong.append("\(ring): turned \(Geodesic.area(of: turned) - whole)") }
        }
        #expect(wrong.prefix(5) == [])
        let octant = Geodesic.area(of: [at(0, 0), at(0, 90), at(90, 0)]), half = Geodesic.area(of: [at(0, 0), at(0, 120), at(0, -120)])
        #expect(abs(octant * 8 - Geodesic.earthArea) < 10 && abs(abs(half) * 2 - Geodesic.earthArea) < 10)
    }

    @Test func `what is not on the earth has no distance`() {
        let good = at(4, 18)
        let bad = [at(90.001, 0), at(-91, 0), at(.nan, 0), at(0, .nan), at(0, .infinity)]
        #expect(bad.allSatisfy { Geodesic.distance(from: $0, to: good).isNaN && Geodesic.inverse(from: good, to: $0).startAzimuth.isNaN })
        #expect(bad.allSatisfy { Geodesic.area(of: [good, $0, at(0, 0)]).isNaN && Geodesic.direct(from: $0, azimuth: 0, distance: 1).azimuth.isNaN })
        let empty: [Place.Position] = []
        #expect([Geodesic.length(of: empty), Geodesic.length(of: [good]), Geodesic.perimeter(of: empty), Geodesic.area(of: [good])] == [0, 0, 0, 0])
        // Longitudes may go on; azimuths are 0..<360.
        let turned = Geodesic.inverse(from: at(4, 378), to: at(5, -342))
        #expect(turned.distance == Geodesic.distance(from: good, to: at(5, 18)) && turned.startAzimuth == 0)
    }
}
