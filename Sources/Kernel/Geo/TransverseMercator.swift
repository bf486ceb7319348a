import Foundation

/// The transverse Mercator projection of WGS 84 about the equator and a central meridian, scale 0.9996, in metres.
///
/// Krüger's series of order 6 in n: C. F. F. Karney, "Transverse Mercator with an accuracy of a few nanometers",
/// Journal of Geodesy 85 (2011), 475–485, eq. 11, 12, 35 and 36.
enum TransverseMercator {
    /// Metres east of the central meridian and north of the equator, of degrees of latitude and of longitude from the meridian.
    static func forward(latitude: Double, longitude: Double) -> (east: Double, north: Double) {
        let (phi, lambda) = (Turn(degrees: latitude), Turn(degrees: longitude))
        let conformal = WGS84.conformal(tan: phi.sin / phi.cos)
        let xi = atan2(conformal, lambda.cos)
        let eta = asinh(lambda.sin / hypot(conformal, lambda.cos))
        var (north, east) = (xi, eta)
        for (index, alpha) in alphas.enumerated() {
            let order = Double(2 * (index + 1))
            north += alpha * sin(order * xi) * cosh(order * eta)
            east += alpha * cos(order * xi) * sinh(order * eta)
        }
        return (scale * east, scale * north)
    }

    /// Degrees of latitude and of longitude from the central meridian.
    static func inverse(east: Double, north: Double) -> (latitude: Double, longitude: Double) {
        let (xi, eta) = (north / scale, east / scale)
        var (xi0, eta0) = (xi, eta)
        for (index, beta) in betas.enumerated() {
            let order = Double(2 * (index + 1))
            xi0 -= beta * sin(order * xi) * cosh(order * eta)
            eta0 -= beta * cos(order * xi) * sinh(order * eta)
        }
        let conformal = sin(xi0) / hypot(sinh(eta0), cos(xi0))
        let latitude = Turn(sin: WGS84.geographic(conformalTan: conformal), cos: 1).degrees
        return (latitude, Turn(sin: sinh(eta0), cos: cos(xi0)).degrees)
    }

    /// The rectifying radius (eq. 14) at the scale of the central meridian.
    private static let scale = {
        let n2 = WGS84.n * WGS84.n
        return 0.9996 * WGS84.a / (1 + WGS84.n) * (1 + n2 * (1.0 / 4 + n2 * (1.0 / 64 + n2 / 256)))
    }()

    /// n to the power given and on, ascending.
    private static func n(_ power: Int, _ terms: [Double]) -> Double {
        terms.reversed().reduce(0) { $0 * WGS84.n + $1 } * pow(WGS84.n, Double(power))
    }

    private static func r(_ above: Double, _ below: Double) -> Double { above / below }

    private static let alphas: [Double] = [
        n(1, [r(1, 2), r(-2, 3), r(5, 16), r(41, 180), r(-127, 288), r(7891, 37800)]),
        n(2, [r(13, 48), r(-3, 5), r(557, 1440), r(281, 630), r(-1_983_433, 1_935_360)]),
        n(3, [r(61, 240), r(-103, 140), r(15061, 26880), r(167_603, 181_440)]),
        n(4, [r(49561, 161_280), r(-179, 168), r(6_601_661, 7_257_600)]),
        n(5, [r(34729, 80640), r(-3_418_889, 1_995_840)]),
        n(6, [r(212_378_941, 319_334_400)]),
    ]

    private static let betas: [Double] = [
        n(1, [r(1, 2), r(-2, 3), r(37, 96), r(-1, 360), r(-81, 512), r(96199, 604_800)]),
        n(2, [r(1, 48), r(1, 15), r(-437, 1440), r(46, 105), r(-1_118_711, 3_870_720)]),
        n(3, [r(17, 480), r(-37, 840), r(-209, 4480), r(5569, 90720)]),
        n(4, [r(4397, 161_280), r(-11, 504), r(-830_251, 7_257_600)]),
        n(5, [r(4583, 161_280), r(-108_847, 3_991_680)]),
        n(6, [r(20_648_693, 638_668_800)]),
    ]
}
