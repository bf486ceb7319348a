import Foundation

/// The ellipsoid of WGS 84 (NGA.STND.0036), lengths in metres.
enum WGS84 {
    /// Equatorial radius.
    static let a = 6_378_137.0
    static let flattening = 1 / 298.257223563
    /// Polar radius.
    static let b = a * (1 - flattening)
    /// Third flattening (a − b) / (a + b).
    static let n = flattening / (2 - flattening)
    /// First eccentricity, squared.
    static let e2 = flattening * (2 - flattening)
    static let e = e2.squareRoot()
    /// Second eccentricity, squared.
    static let secondE2 = e2 / (1 - e2)
    /// The radius of the sphere of equal area, squared; 4π of it is the area of the earth.
    static let authalic2 = (a * a + b * b * atanh(e) / e) / 2
    /// The mean radius (2a + b) / 3, for figures that are told rather than reckoned with.
    static let meanRadius = 6_371_008.8

    /// The tangent of the conformal latitude from that of the geographic one (Karney 2011, eq. 7 to 9).
    static func conformal(tan t: Double) -> Double {
        let secant = hypot(1, t)
        let s = sinh(e * atanh(e * t / secant))
        return t * hypot(1, s) - s * secant
    }

    /// The inverse of `conformal(tan:)` by Newton's method (Karney 2011, eq. 19 to 21).
    static func geographic(conformalTan target: Double) -> Double {
        // Beyond this the squares in the step lose what matters, and the limit is already exact.
        guard abs(target) < 1e8 else { return target * exp(e * atanh(e)) }
        var t = abs(target) > 70 ? target * exp(e * atanh(e)) : target / (1 - e2)
        for _ in 0..<8 {
            let now = conformal(tan: t)
            let slope = (1 - e2) * hypot(1, now) * hypot(1, t) / (1 + (1 - e2) * t * t)
            let step = (target - now) / slope
            t += step
            if abs(step) <= 1e-15 * max(1, abs(t)) { break }
        }
        return t
    }
}

/// A direction as sine and cosine, which keeps what an angle near a multiple of 90° would lose.
struct Turn {
    var sin, cos: Double

    init(sin: Double, cos: Double) { (self.sin, self.cos) = (sin, cos) }

    /// Scaled to length 1.
    init(along cos: Double, up sin: Double) {
        let length = hypot(sin, cos)
        self.init(sin: sin / length, cos: cos / length)
    }

    init(radians: Double) { self.init(sin: Foundation.sin(radians), cos: Foundation.cos(radians)) }

    /// Reduced before it becomes radians, so that multiples of 90° are exact.
    init(degrees: Double) {
        let whole = degrees.remainder(dividingBy: 360)
        let rest = whole.remainder(dividingBy: 90)
        let (s, c) = (Foundation.sin(rest * .pi / 180), Foundation.cos(rest * .pi / 180))
        switch (whole - rest) / 90 {
        case 1: self.init(sin: c, cos: -s + 0)
        case -1: self.init(sin: -c, cos: s + 0)
        case 2, -2: self.init(sin: -s + 0, cos: -c)
        default: self.init(sin: s + 0, cos: c)
        }
    }

    var radians: Double { atan2(sin, cos) }

    /// −180...180, reckoned from the nearest multiple of 90°.
    var degrees: Double {
        if abs(sin) > abs(cos) {
            let rest = atan2(cos, abs(sin)) * 180 / .pi
            return sin > 0 ? 90 - rest : rest - 90
        }
        let rest = atan2(sin, abs(cos)) * 180 / .pi
        return cos >= 0 ? rest : (sin < 0 ? -180 : 180) - rest
    }

    /// The turn from `start` to this direction.
    func since(_ start: Turn) -> Turn {
        Turn(sin: sin * start.cos - cos * start.sin, cos: cos * start.cos + sin * start.sin)
    }

    func adding(_ other: Turn) -> Turn {
        Turn(sin: sin * other.cos + cos * other.sin, cos: cos * other.cos - sin * other.sin)
    }
}

/// Degrees of longitude.
enum Longitude {
    /// The same meridian in −180...180; ±180 stay as they are.
    static func normal(_ degrees: Double) -> Double {
        abs(degrees) <= 180 ? degrees : degrees.remainder(dividingBy: 360)
    }

    /// From one meridian to another the shorter way, −180...180, east positive.
    static func difference(from start: Double, to end: Double) -> Double {
        let (from, to) = (normal(start), normal(end))
        let gap = to - from
        // What the subtraction rounded off, which matters when the two lie on either side of the antimeridian.
        let part = gap + from
        let lost = (to - part) - (from - (part - gap))
        return abs(gap) <= 180 ? gap : gap.remainder(dividingBy: 360) + lost
    }
}
