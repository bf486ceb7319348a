import Foundation
import Kernel
import Testing

@Suite struct StatisticsTests {
    @Test func `satisfaction comes with the Wilson interval`() {
        let rows = [
            (1153, 1240, 91.43, 94.28), (27, 29, 78.04, 98.09), (93, 100, 86.25, 96.57), (13_950, 15_000, 92.58, 93.40), (0, 5, 0, 43.45),
        ]
        let seen = rows.map { part, whole, _, _ in
            Statistics.wilson(successes: part, of: whole).map { [$0.lowerBound, $0.upperBound].map { ($0 * 10_000).rounded() / 100 } }
        }
        #expect(seen == rows.map { [$0.2, $0.3] })
        let none = [Statistics.wilson(successes: 0, of: 0), Statistics.wilson(successes: 3, of: 2), Statistics.wilson(successes: -1, of: 2)]
        #expect(none.allSatisfy { $0 == nil } && Statistics.wilson(successes: 5, of: 5)?.upperBound == 1)
    }

    @Test func `percentages are exact and round half up`() {
        let rows: [(Int, Int, Int, String?)] = [
            (3, 8, 0, "38"), (3, 8, 1, "37.5"), (1153, 1240, 2, "92.98"), (27, 29, 2, "93.1"), (43_156_8, 43_200_0, 4, "99.9"),
            (42_984, 43_200, 4, "99.5"), (1, 3, 2, "33.33"), (2, 3, 2, "66.67"), (1, 200, 0, "1"), (1, 201, 0, "0"), (0, 5, 2, "0"),
            (-3, 8, 0, "-38"), (-1, 1000, 0, "0"), (5, 0, 0, nil), (1, -2, 0, nil), (96, 1182, 2, "8.12"), (412, 1182, 2, "34.86"),
            (.max, .max, 15, "100"), (.max, 1, 2, nil), (1005, 100_000, 2, "1.01"),
        ]
        let seen = rows.map { Statistics.percent($0.0, of: $0.1, decimals: $0.2) }
        #expect(seen == rows.map { $0.3.flatMap { Decimal(string: $0) } })
        #expect(Statistics.percent(3, of: 8, decimals: 0)?.description == "38")
    }

    @Test func `medians and percentiles need no order`() {
        let medians = [[], [7], [3, 1, 2], [4, 1, 3, 2], [.max, .max]].map(Statistics.median)
        #expect(medians == [nil, 7, 2, 2.5, Double(Int.max)])
        let values = [15, 20, 35, 40, 50].shuffled()
        let percentiles = [0, 40, 50, 95, 100, 101, -1].map { Statistics.percentile(values, p: $0) }
        #expect(percentiles == [15, 29, 35, 48, 50, nil, nil])
    }
}
