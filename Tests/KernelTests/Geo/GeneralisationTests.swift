import Foundation
import Kernel
import Testing

@Suite struct GeneralisationTests {
    private func rounded(_ latitude: Double, _ longitude: Double, _ decimals: Int) -> [Double] {
        let position = Generalisation(decimals: decimals)?.position(at(latitude, longitude))
        return [position?.latitude, position?.longitude].compactMap { $0 }
    }

    @Test func `Bangui is shown to one and to two decimals, and how far it may be off`() {
        #expect(rounded(4.393797, 18.559861, 1) == [4.4, 18.6] && rounded(4.393797, 18.559861, 2) == [4.39, 18.56])
        let kilometres = (0...5).map { ((Generalisation(decimals: $0)?.halfCell ?? 0) / 10).rounded() / 100 }
        #expect(kilometres == [55.6, 5.56, 0.56, 0.06, 0.01, 0])
        #expect(Generalisation(decimals: -1) == nil && Generalisation(decimals: 6) == nil)
    }

    @Test func `halves go away from zero as they read, not as binary fractions have them`() {
        let rows: [(Double, Int, Double)] = [
            (4.35, 1, 4.4), (-4.35, 1, -4.4), (4.45, 1, 4.5), (0.05, 1, 0.1), (-0.05, 1, -0.1), (1.005, 2, 1.01), (2.675, 2, 2.68),
            (0.5, 0, 1), (-0.5, 0, -1), (1.5, 0, 2), (2.5, 0, 3), (4.349999999999, 1, 4.3), (0.04999999999999999, 1, 0), (8.345, 2, 8.35),
            (64.00005, 4, 64.0001), (0.000005, 5, 0.00001), (17.1234549999, 5, 17.12345), (-0.0001, 3, 0),
        ]
        #expect(rows.map { rounded($0.0, 0, $0.1)[0] } == rows.map(\.2))
        let nothing = rounded(-0.0001, -0.0001, 3)
        #expect(nothing.allSatisfy { $0.sign == .plus })
    }

    @Test func `the antimeridian and the poles are one place each`() {
        let rows: [(Double, Double, Int, [Double])] = [
            (0, 179.96, 1, [0, 180]), (0, -179.96, 1, [0, 180]), (0, 180, 1, [0, 180]), (0, -180, 1, [0, 180]), (0, -179.94, 1, [0, -179.9]),
            (89.97, 123.4, 1, [90, 0]), (-89.97, -123.4, 1, [-90, 0]), (89.94, 123.4, 1, [89.9, 123.4]), (89.6, 1, 0, [90, 0]), (90, 55, 5, [90, 0]),
        ]
        #expect(rows.map { rounded($0.0, $0.1, $0.2) } == rows.map(\.3))
    }

    @Test func `the result is steady, in range, short to write and no further than half a cell away`() {
        var dice = GeoDice(state: 1560)
        var wrong: [String] = []
        for _ in 0..<3000 {
            let position = dice.position()
            guard let rule = Generalisation(decimals: Int.random(in: 0...5, using: &dice)) else { continue }
            let shown = rule.position(position)
            if rule.position(shown) != shown || rule.position(position) != shown { wrong.append("\(position): unsteady") }
            if abs(shown.latitude) > 90 || abs(shown.longitude) > 180 { wrong.append("\(position): out of range") }
            for number in [shown.latitude, shown.longitude] where abs(number) >= 0.001 {
                let digits = "\(number)".split(separator: ".").dropFirst().first?.count ?? 0
                if digits > max(1, rule.decimals) { wrong.append("\(number)") }
            }
            if abs(shown.latitude) == 90 { continue }
            let (north, east) = rule.halfCell(atLatitude: min(abs(position.latitude), abs(shown.latitude)))
            let north2 = rule.halfCell(atLatitude: max(abs(position.latitude), abs(shown.latitude))).northSouth
            let away = Geodesic.distance(from: position, to: shown)
            if away > hypot(max(north, north2), east) * 1.0001 + 1e-6 { wrong.append("\(position) at \(rule.decimals): \(away) m") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `half a cell at a latitude is what the geodesic measures`() {
        var wrong: [String] = []
        for (decimals, latitude) in [(1, 0.0), (1, 4.4), (2, 45.0), (3, -60.0), (4, 89.0), (0, 30)] {
            guard let rule = Generalisation(decimals: decimals) else { continue }
            let (d, cell) = (rule.halfCellDegrees, rule.halfCell(atLatitude: latitude))
            let north = Geodesic.distance(from: at(latitude - d / 2, 0), to: at(latitude + d / 2, 0))
            let east = Geodesic.distance(from: at(latitude, 0), to: at(latitude, d))
            let off = max(abs(north / cell.northSouth - 1), abs(east / cell.eastWest - 1))
            if off > 1e-4 { wrong.append("\(latitude): \(cell) \(north) \(east)") }
        }
        #expect(wrong == [])
    }

    @Test func `lines and areas lose the corners that fall together`() throws {
        let rule = try #require(Generalisation(decimals: 1))
        let line = try #require(Place(.line, corners([4.39, 18.55, 4.41, 18.61, 4.52, 18.7])))
        let short = try #require(Place(.line, corners([4.39, 18.55, 4.41, 18.61])))
        let area = try #require(Place(.area, corners([4.0, 18, 4.0, 18.5, 4.5, 18.5, 4.51, 18.52]).closed))
        let thin = try #require(Place(.area, corners([4.0, 18, 4.01, 18.5, 4.02, 18.5]).closed))
        let dot = try #require(Place(.area, corners([4.0, 18, 4.01, 18.01, 4.0, 18.02]).closed))
        let shown = [line, short, area, thin, dot].map(rule.place)
        #expect(shown == [
            Place(.line, corners([4.4, 18.6, 4.5, 18.7])), Place(.point, [at(4.4, 18.6)]), Place(.area, corners([4, 18, 4, 18.5, 4.5, 18.5]).closed),
            Place(.line, corners([4, 18, 4, 18.5])), Place(.point, [at(4, 18)]),
        ])
        // An area cut at the antimeridian keeps its side.
        let cut = try #require(Place(.area, corners([0, 170, 0, 180, 10, 180]).closed))
        let west = try #require(Place(.area, corners([0, -180, 0, -170, 10, -180]).closed))
        #expect(rule.place(cut) == cut && rule.place(west) == west)
    }
}
