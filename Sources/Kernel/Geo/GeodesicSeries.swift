import Foundation

/// The integrals along one geodesic as series of order 6 in ε: C. F. F. Karney, "Algorithms for geodesics",
/// Journal of Geodesy 87 (2013), 43–55. Equation numbers here and in the files beside are of that paper.
///
/// Arc lengths σ are on the auxiliary sphere, from where the geodesic crosses the equator northwards.
struct GeodesicSeries {
    /// k², eq. 9.
    let k2: Double
    /// ε, eq. 16.
    let epsilon: Double

    /// The sine and cosine of the azimuth at the equator, α₀.
    let alpha0: Turn

    init(alpha0: Turn) {
        self.alpha0 = alpha0
        k2 = WGS84.secondE2 * alpha0.cos * alpha0.cos
        epsilon = k2 / (2 * (1 + (1 + k2).squareRoot()) + k2)
    }

    /// A₁, eq. 17.
    var a1: Double {
        let square = epsilon * epsilon
        return (1 + square * (Self.quarter + square * (Self.a1Fourth + square * Self.a1Sixth))) / (1 - epsilon)
    }

    /// A₂, eq. 42.
    var a2: Double {
        let square = epsilon * epsilon
        return (1 + square * (Self.quarter + square * (Self.a2Fourth + square * Self.a2Sixth))) * (1 - epsilon)
    }

    /// A₃, eq. 24.
    var a3: Double { Self.a3Powers.reversed().reduce(0) { $0 * epsilon + $1 } }

    var c1: Coefficients { Self.sum(Self.c1Powers, epsilon) }
    /// The reversion of `c1`, eq. 21.
    var c1Reversed: Coefficients { Self.sum(Self.c1ReversedPowers, epsilon) }
    var c2: Coefficients { Self.sum(Self.c2Powers, epsilon) }
    var c3: Coefficients { Self.sum(Self.c3Powers, epsilon) }
    var c4: Coefficients { Self.sum(Self.c4Powers, epsilon) }

    /// Σ cₗ sin 2lσ for l = 1...6, by Clenshaw's recurrence.
    static func sines(_ c: Coefficients, _ sigma: Turn) -> Double {
        let twice = 2 * (sigma.cos - sigma.sin) * (sigma.cos + sigma.sin)
        var (last, before) = (0.0, 0.0)
        for index in stride(from: 5, through: 0, by: -1) { (last, before) = (c[index] + twice * last - before, last) }
        return 2 * sigma.sin * sigma.cos * last
    }

    /// Σ cₗ cos (2l + 1)σ for l = 0...5.
    static func oddCosines(_ c: Coefficients, _ sigma: Turn) -> Double {
        let twice = 2 * (sigma.cos - sigma.sin) * (sigma.cos + sigma.sin)
        var (last, before) = (0.0, 0.0)
        for index in stride(from: 5, through: 0, by: -1) { (last, before) = (c[index] + twice * last - before, last) }
        return sigma.cos * (last - before)
    }

    /// Six coefficients; the last two places are empty.
    typealias Coefficients = SIMD8<Double>

    private static func sum(_ powers: [Coefficients], _ epsilon: Double) -> Coefficients {
        var result = Coefficients()
        for power in powers.reversed() { result = result * epsilon + power }
        return result
    }
}

/// The tables of the paper: each row is a coefficient as a polynomial of ε, ascending from ε⁰.
extension GeodesicSeries {
    private static func r(_ above: Double, _ below: Double) -> Double { above / below }

    /// Rows by coefficient turned into columns by power.
    private static func columns(_ rows: [[Double]]) -> [Coefficients] {
        (0..<7).map { power in
            var column = Coefficients()
            for (index, row) in rows.enumerated() where power < row.count { column[index] = row[power] }
            return column
        }
    }

    /// A polynomial of the third flattening, ascending.
    private static func n(_ terms: Double...) -> Double { terms.reversed().reduce(0) { $0 * WGS84.n + $1 } }

    private static let quarter = 0.25, a1Fourth = r(1, 64), a1Sixth = r(1, 256), a2Fourth = r(9, 64), a2Sixth = r(25, 256)

    /// Eq. 18.
    private static let c1Powers = columns([
        [0, r(-1, 2), 0, r(3, 16), 0, r(-1, 32)],
        [0, 0, r(-1, 16), 0, r(1, 32), 0, r(-9, 2048)],
        [0, 0, 0, r(-1, 48), 0, r(3, 256)],
        [0, 0, 0, 0, r(-5, 512), 0, r(3, 512)],
        [0, 0, 0, 0, 0, r(-7, 1280)],
        [0, 0, 0, 0, 0, 0, r(-7, 2048)],
    ])

    /// Eq. 21.
    private static let c1ReversedPowers = columns([
        [0, r(1, 2), 0, r(-9, 32), 0, r(205, 1536)],
        [0, 0, r(5, 16), 0, r(-37, 96), 0, r(1335, 4096)],
        [0, 0, 0, r(29, 96), 0, r(-75, 128)],
        [0, 0, 0, 0, r(539, 1536), 0, r(-2391, 2560)],
        [0, 0, 0, 0, 0, r(3467, 7680)],
        [0, 0, 0, 0, 0, 0, r(38081, 61440)],
    ])

    /// Eq. 43.
    private static let c2Powers = columns([
        [0, r(1, 2), 0, r(1, 16), 0, r(1, 32)],
        [0, 0, r(3, 16), 0, r(1, 32), 0, r(35, 2048)],
        [0, 0, 0, r(5, 48), 0, r(5, 256)],
        [0, 0, 0, 0, r(35, 512), 0, r(7, 512)],
        [0, 0, 0, 0, 0, r(63, 1280)],
        [0, 0, 0, 0, 0, 0, r(77, 2048)],
    ])

    /// Eq. 24.
    private static let a3Powers: [Double] = [
        1, n(r(-1, 2), r(1, 2)), n(r(-1, 4), r(-1, 8), r(3, 8)), n(r(-1, 16), r(-3, 16), r(-1, 16)), n(r(-3, 64), r(-1, 32)), r(-3, 128),
    ]

    /// Eq. 25.
    private static let c3Powers = columns([
        [
            0, n(r(1, 4), r(-1, 4)), n(r(1, 8), 0, r(-1, 8)), n(r(3, 64), r(3, 64), r(-1, 64)), n(r(5, 128), r(1, 64)), r(3, 128),
        ],
        [0, 0, n(r(1, 16), r(-3, 32), r(1, 32)), n(r(3, 64), r(-1, 32), r(-3, 64)), n(r(3, 128), r(1, 128)), r(5, 256)],
        [0, 0, 0, n(r(5, 192), r(-3, 64), r(5, 192)), n(r(3, 128), r(-5, 192)), r(7, 512)],
        [0, 0, 0, 0, n(r(7, 512), r(-7, 256)), r(7, 512)],
        [0, 0, 0, 0, 0, r(21, 2560)],
    ])

    /// Eq. 63.
    private static let c4Powers = columns([
        [
            n(r(2, 3), r(-4, 15), r(8, 105), r(4, 315), r(16, 3465), r(20, 9009)),
            n(r(-1, 5), r(16, 35), r(-32, 105), r(16, 385), r(64, 15015)),
            n(r(-2, 105), r(-32, 315), r(1088, 3465), r(-1184, 5005)),
            n(r(11, 315), r(-368, 3465), r(-32, 6435)), n(r(4, 1155), r(1088, 45045)), r(97, 15015),
        ],
        [
            0, n(r(1, 45), r(-16, 315), r(32, 945), r(-16, 3465), r(-64, 135_135)),
            n(r(-2, 105), r(64, 945), r(-128, 1485), r(1984, 45045)),
            n(r(-1, 105), r(16, 2079), r(5792, 135_135)), n(r(4, 1155), r(-2944, 135_135)), r(1, 9009),
        ],
        [
            0, 0, n(r(4, 525), r(-32, 1575), r(64, 3465), r(-32, 5005)), n(r(-8, 1575), r(128, 5775), r(-256, 6825)),
            n(r(-8, 1925), r(1856, 225_225)), r(8, 10725),
        ],
        [0, 0, 0, n(r(8, 2205), r(-256, 24255), r(512, 45045)), n(r(-16, 8085), r(1024, 105_105)), r(-136, 63063)],
        [0, 0, 0, 0, n(r(64, 31185), r(-512, 81081)), r(-128, 135_135)],
        [0, 0, 0, 0, 0, r(128, 99099)],
    ])
}
