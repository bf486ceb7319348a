import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct EarlyWarningTests {
    @Test func `the probability of as many or more is right from the middle to the far tail, and for great means`() {
        // P(X ≥ k) = 1 − Σ_{i<k} e^−λ λ^i / i!, computed with 60 digits; the first is the worked example of the section.
        let expected: [(k: Int, mean: Double, p: Double)] = [
            (7, 2, 0.00453380552624887), (3, 3.125, 0.6042243400954), (10, 3.125, 0.00148495667909348), (1_100, 1_000, 0.000962630405866557),
            (900, 1_000, 0.999377402215725), (101_000, 100_000, 0.000799801041554541), (20, 0.5, 2.43546542992531e-25), (1, 1e-9, 9.999999995e-10),
            (200, 20, 4.66350178907865e-124), (0, 2, 1), (3, 0, 0),
        ]
        let wrong = expected.filter { abs(Poisson.atLeast($0.k, expected: $0.mean) - $0.p) > $0.p * 1e-9 }
        holds(wrong.isEmpty, "\(wrong.map { "\($0): \(Poisson.atLeast($0.k, expected: $0.mean))" })")
    }

    @Test func `two a week are usual, seven are an alert at one in a hundred`() {
        // (23.5 + ½) / 12 = 2 is not a whole number of incidents; 24 in 12 weeks give λ = 24.5 / 12 = 2.0417.
        let baseline = Baseline(seen: 24, periods: 12)
        holds(Poisson.atLeast(7, expected: baseline.expected) < 0.01 && Poisson.atLeast(6, expected: baseline.expected) > 0.01, "7 is beyond it, 6 is not")
        same(Baseline(seen: 0, periods: 12).expected, 0.5 / 12)
        same(Baseline(seen: 5, periods: 4, season: 2).expected, 2.75)
    }

    @Test func `a season is read from a year ago only when there is enough of it`() {
        // 50 in five weeks are 10 a week; 60 in twelve are 5: twice as many.
        same(Season(around: 50, before: 60, weeks: 12).factor, 2)
        same([Season(around: 29, before: 60, weeks: 12).factor, Season(around: 50, before: 29, weeks: 12).factor], [1, 1])
    }

    @Test func `every place on earth lies in one cell, at the poles and on the antimeridian too`() {
        func name(_ latitude: Double, _ longitude: Double) -> String { GridCell(Place.Position(longitude: longitude, latitude: latitude), size: 25).name }
        // (4.393797 + 90) / 0.25 = 377.57…, (18.559861 + 180) / 0.25 = 794.23….
        same([name(4.393797, 18.559861), name(90, 0), name(-90, -180), name(0, 180), name(0, -180)], ["377.794", "719.720", "0.0", "360.0", "360.0"])
        let cell = GridCell("377.794", size: 25)
        same([cell?.south, cell?.west], [4.25, 18.5])
        same([GridCell("720.0", size: 25) == nil, GridCell("x", size: 25) == nil, GridCell("1.2.3", size: 25) == nil], [true, true, true])
    }

    @Test func `a cell beyond the threshold shows with its incidents, each reader's own`() async throws {
        let desk = try await SituationKit.make()
        let now = desk.kit.clock.now
        for week in 1...4 { _ = try await desk.report { $0[Incident.occurred] = now.adding(days: -week * 7 - 1) } }
        for _ in 0..<3 { _ = try await desk.report() }
        for _ in 0..<2 { _ = try await desk.report(by: "vera") { $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] } }
        _ = try await desk.report(by: "amina", 5.76388, 20.670733)
        let setting = EarlyWarning.Setting(size: 25, weeks: 12, alpha: 0.01)
        @Sendable func read(_ session: Session) throws -> [String] {
            let warning = try EarlyWarning(setting, session)
            return warning.warnings.map { "\($0.cell.name): \($0.seen.count)" } + ["\(warning.tested) tested", "\(warning.cells.count) with incidents"]
        }
        // λ = 4.5 / 12 = 0.375: three have a probability of 0.0067, five of 0.00004. The single one elsewhere: λ = 0.5 / 12, p = 0.041.
        same(try await desk.as("tomas", read), ["377.794: 3", "2 tested", "2 with incidents"])
        same(try await desk.as("vera", read), ["377.794: 5", "2 tested", "2 with incidents"])
    }
}
