import Foundation

/// The shortest way between two latitudes a longitude apart, in the arrangement of Karney (2013) section 4:
/// φ₁ ≤ 0, φ₁ ≤ φ₂ ≤ −φ₁, 0 ≤ λ₁₂ ≤ 180°.
struct GeodesicInverse {
    /// Metres.
    private(set) var distance = 0.0
    private(set) var alpha1 = Turn(sin: 0, cos: 1), alpha2 = Turn(sin: 0, cos: 1)
    /// The longitude difference on the auxiliary sphere.
    private(set) var omega = Turn(sin: 0, cos: 1)
    private(set) var isMeridian = false

    /// Reduced latitudes.
    let beta1, beta2: Turn
    /// Radians, and what lacks to π.
    private let lambda, lambdaLack: Double
    private let lambdaTurn: Turn

    /// Stands for the cosine of a pole, so that the pole still has a longitude.
    private static let tiny = 1e-150

    init(latitude1: Double, latitude2: Double, longitude: Double) {
        beta1 = Self.reduced(latitude1)
        beta2 = abs(latitude2) == abs(latitude1) ? Turn(sin: latitude2 < 0 ? beta1.sin : -beta1.sin, cos: beta1.cos) : Self.reduced(latitude2)
        lambda = longitude * .pi / 180
        lambdaLack = (180 - longitude) * .pi / 180
        lambdaTurn = Turn(degrees: longitude)
        if lambdaTurn.sin == 0 || latitude1 == -90 {
            followMeridian()
        } else if beta1.sin == 0, lambdaLack >= WGS84.flattening * .pi {
            followEquator()
        } else if let start = start() {
            search(from: start)
        }
    }

    static func reduced(_ latitude: Double) -> Turn {
        let turn = Turn(degrees: latitude)
        let result = Turn(along: turn.cos, up: turn.sin * (1 - WGS84.flattening))
        return Turn(sin: result.sin, cos: max(tiny, result.cos))
    }

    /// On an oblate ellipsoid a meridian is always the shortest way between points on it.
    private mutating func followMeridian() {
        isMeridian = true
        (alpha1, alpha2, omega) = (lambdaTurn, Turn(sin: 0, cos: 1), lambdaTurn)
        let span = GeodesicStretch(self)
        distance = WGS84.b * span.length
    }

    private mutating func followEquator() {
        (alpha1, alpha2) = (Turn(sin: 1, cos: 0), Turn(sin: 1, cos: 0))
        omega = Turn(radians: lambda / (1 - WGS84.flattening))
        distance = WGS84.a * lambda
    }

    /// α₁ to start with, or nil when the points are so near that the sphere that fits there gave the result (section 4, eq. 48 to 57).
    private mutating func start() -> Turn? {
        let apart = Turn(sin: beta2.sin * beta1.cos - beta2.cos * beta1.sin, cos: beta2.cos * beta1.cos + beta2.sin * beta1.sin)
        let isShort = apart.cos >= 0 && apart.sin < 0.5 && beta2.cos * lambda < 0.5
        let middle = Turn(along: beta1.cos + beta2.cos, up: beta1.sin + beta2.sin)
        let stretch = (1 + WGS84.secondE2 * middle.sin * middle.sin).squareRoot()
        let w = isShort ? Turn(radians: lambda / ((1 - WGS84.flattening) * stretch)) : lambdaTurn
        let sum = beta2.sin * beta1.cos + beta2.cos * beta1.sin
        let east = beta2.cos * w.sin
        let north = w.cos >= 0
            ? apart.sin + beta2.cos * beta1.sin * w.sin * w.sin / (1 + w.cos)
            : sum - beta2.cos * beta1.sin * w.sin * w.sin / (1 - w.cos)
        let arc = Turn(sin: hypot(east, north), cos: beta1.sin * beta2.sin + beta1.cos * beta2.cos * w.cos)
        if isShort, arc.sin < 1e-7 {
            alpha1 = Turn(along: north, up: east)
            alpha2 = Turn(along: apart.sin - beta1.cos * beta2.sin * w.sin * w.sin / (1 + w.cos), up: beta1.cos * w.sin)
            omega = w
            distance = WGS84.b * stretch * arc.radians
            return nil
        }
        let isAntipodal = arc.cos < 0 && arc.sin < 6 * WGS84.n * .pi * beta1.cos * beta1.cos
        return isAntipodal ? antipodalStart(sum) : Turn(along: north, up: east)
    }

    /// The azimuth on the plane about the antipode where the envelope of the geodesics is an astroid (section 5, eq. 51 to 57).
    private func antipodalStart(_ sum: Double) -> Turn {
        let series = GeodesicSeries(alpha0: Turn(sin: beta1.cos, cos: abs(beta1.sin)))
        let scale = WGS84.flattening * beta1.cos * series.a3 * .pi
        let x = -lambdaLack / scale, y = sum / (scale * beta1.cos)
        guard abs(y) > 1e-12 else {
            let sine = min(1, -x)
            return Turn(along: -max(1e-8, (1 - sine * sine).squareRoot()), up: max(Self.tiny, sine))
        }
        // x²/(1+κ)² + y²/κ² = 1 falls and is convex in κ > 0: Newton's method from below never passes the root.
        var kappa = max(abs(y), -x - 1)
        for _ in 0..<40 {
            let (p, q) = (x / (1 + kappa), y / kappa)
            let step = (p * p + q * q - 1) / (2 * (p * p / (1 + kappa) + q * q / kappa))
            kappa += step
            if step < 1e-9 * kappa { break }
        }
        return Turn(along: y / kappa, up: max(Self.tiny, -x / (1 + kappa)))
    }

    /// Newton's method for the α₁ whose geodesic meets the second parallel at λ₁₂, held in a bracket that each step narrows.
    private mutating func search(from start: Turn) {
        var low = Turn(sin: Self.tiny, cos: 1), high = Turn(sin: Self.tiny, cos: -1)
        var last = Double.infinity
        alpha1 = start
        for round in 0..<100 {
            let span = leave(at: alpha1)
            let miss = span.longitudeMiss
            distance = WGS84.b * span.length
            // Within rounding, and no longer getting better.
            if miss == 0 || abs(miss) < 1e-13 && abs(miss) >= last / 2 || round == 99 { return }
            last = abs(miss)
            if miss > 0 { high = alpha1 } else { low = alpha1 }
            let step = -miss / span.slope
            let next = Turn(radians: step)
            let turned = alpha1.adding(next)
            let isInside = step.isFinite && span.slope > 0 && abs(step) < .pi && turned.sin > 0
                && turned.since(low).sin >= 0 && high.since(turned).sin >= 0
            let chosen = isInside ? turned : Turn(sin: (low.sin + high.sin) / 2, cos: (low.cos + high.cos) / 2)
            alpha1 = Turn(along: chosen.cos, up: max(Self.tiny, chosen.sin))
        }
    }

    /// Follows the geodesic that leaves the first point at `alpha` to the second parallel, on its way north.
    private mutating func leave(at alpha: Turn) -> GeodesicStretch {
        let sine0 = alpha.sin * beta1.cos
        let sine2 = beta2.cos == beta1.cos ? alpha.sin : sine0 / beta2.cos
        let squares = beta1.cos < -beta1.sin
            ? (beta2.cos - beta1.cos) * (beta1.cos + beta2.cos) : (beta1.sin - beta2.sin) * (beta1.sin + beta2.sin)
        let along = alpha.cos * beta1.cos
        let cosine2 = beta2.cos == beta1.cos && abs(beta2.sin) == -beta1.sin
            ? abs(alpha.cos) : (along * along + squares).squareRoot() / beta2.cos
        alpha2 = Turn(sin: sine2, cos: cosine2)
        var span = GeodesicStretch(self)
        omega = span.omega
        span.miss(lambda, lambdaTurn)
        return span
    }
}

/// The stretch of a geodesic between two points, on the auxiliary sphere.
struct GeodesicStretch {
    let series: GeodesicSeries
    let sigma1, sigma2, omega: Turn
    /// σ₁₂ in radians.
    let arc: Double
    private(set) var longitudeMiss = 0.0
    private let beta1, beta2, alpha2: Turn

    /// I₁, and with it the length in units of the polar radius (eq. 7 and 15).
    let length: Double

    init(_ way: GeodesicInverse) {
        (beta1, beta2, alpha2) = (way.beta1, way.beta2, way.alpha2)
        let sine0 = way.alpha1.sin * beta1.cos
        series = GeodesicSeries(alpha0: Turn(sin: sine0, cos: hypot(way.alpha1.cos, way.alpha1.sin * beta1.sin)))
        let (east1, east2) = (way.alpha1.cos * beta1.cos, alpha2.cos * beta2.cos)
        sigma1 = beta1.sin == 0 && east1 == 0 ? Turn(sin: 0, cos: 1) : Turn(along: east1, up: beta1.sin)
        sigma2 = beta2.sin == 0 && east2 == 0 ? Turn(sin: 0, cos: 1) : Turn(along: east2, up: beta2.sin)
        let turn = sigma2.since(sigma1)
        arc = atan2(max(0, turn.sin), turn.cos)
        let (omega1, omega2) = (Turn(sin: sine0 * beta1.sin, cos: east1), Turn(sin: sine0 * beta2.sin, cos: east2))
        let between = omega2.since(omega1)
        omega = between.sin == 0 && between.cos == 0 ? Turn(sin: 0, cos: 1) : Turn(along: between.cos, up: max(0, between.sin))
        let c1 = series.c1
        length = series.a1 * (arc + (GeodesicSeries.sines(c1, sigma2) - GeodesicSeries.sines(c1, sigma1)))
    }

    /// How far beyond λ₁₂ the geodesic meets the second parallel, in radians (eq. 8 and 23).
    mutating func miss(_ lambda: Double, _ turn: Turn) {
        let c3 = series.c3
        let lag = -WGS84.flattening * series.alpha0.sin * series.a3
            * (arc + (GeodesicSeries.sines(c3, sigma2) - GeodesicSeries.sines(c3, sigma1)))
        longitudeMiss = omega.since(turn).radians + lag
    }

    /// dλ₁₂/dα₁ at fixed latitudes (eq. 46).
    var slope: Double {
        let root1 = (1 + WGS84.secondE2 * beta1.sin * beta1.sin).squareRoot()
        guard alpha2.cos != 0 else { return -2 * (1 - WGS84.flattening) * root1 / beta1.sin }
        return (1 - WGS84.flattening) * reducedLength / (alpha2.cos * beta2.cos)
    }

    /// m₁₂ in units of the polar radius (eq. 38 to 40).
    private var reducedLength: Double {
        let c2 = series.c2
        let second = series.a2 * (arc + (GeodesicSeries.sines(c2, sigma2) - GeodesicSeries.sines(c2, sigma1)))
        let root1 = (1 + WGS84.secondE2 * beta1.sin * beta1.sin).squareRoot()
        let root2 = (1 + WGS84.secondE2 * beta2.sin * beta2.sin).squareRoot()
        return root2 * sigma1.cos * sigma2.sin - root1 * sigma1.sin * sigma2.cos - sigma1.cos * sigma2.cos * (length - second)
    }
}

/// The area between a geodesic, the equator and the meridians of its ends.
extension GeodesicInverse {
    /// Square metres, positive eastwards in the north (section 6, eq. 58 to 65).
    var areaToEquator: Double {
        let span = GeodesicStretch(self)
        let (s, c) = (span.series.alpha0.sin, span.series.alpha0.cos)
        var area = 0.0
        if s != 0, c != 0 {
            let c4 = span.series.c4
            area = WGS84.a * WGS84.a * WGS84.e2 * s * c
                * (GeodesicSeries.oddCosines(c4, span.sigma2) - GeodesicSeries.oddCosines(c4, span.sigma1))
        }
        return area + WGS84.authalic2 * azimuthGain
    }

    /// α₂ − α₁ in radians, from the latitudes where the azimuths are too alike to be subtracted.
    private var azimuthGain: Double {
        if !isMeridian, omega.cos > -0.7, beta2.sin - beta1.sin < 1.75 {
            let (one, two) = (1 + beta1.cos, 1 + beta2.cos)
            return 2 * atan2(
                omega.sin * (beta1.sin * two + beta2.sin * one), (1 + omega.cos) * (beta1.sin * beta2.sin + one * two))
        }
        let gain = alpha2.since(alpha1)
        // A half turn over the pole: it goes round the side on which the point lies.
        return gain.sin == 0 && gain.cos < 0 ? (alpha1.cos < 0 ? -.pi : .pi) : gain.radians
    }
}
