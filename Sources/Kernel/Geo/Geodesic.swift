import Foundation

/// Shortest ways on the ellipsoid of WGS 84: distances right to about 15 nanometres, areas to about 0.1 m².
///
/// After C. F. F. Karney, "Algorithms for geodesics", Journal of Geodesy 87 (2013), 43–55. Longitudes may be any finite
/// degrees; where a latitude is beyond ±90 or a number is not finite, the results are not numbers (`isNaN`).
/// Between points just opposite on the earth several ways are shortest; one of them is given, always the same.
public enum Geodesic {
    /// The equatorial radius of WGS 84, metres.
    public static let equatorialRadius = WGS84.a
    /// The flattening of WGS 84.
    public static let flattening = WGS84.flattening
    /// The area of the earth, square metres.
    public static let earthArea = 4 * Double.pi * WGS84.authalic2

    /// The way between two positions.
    public struct Inverse: Hashable, Sendable {
        /// Metres.
        public let distance: Double
        /// Degrees clockwise from north, 0..<360, in the direction of travel at either end; without meaning when the distance is 0.
        public let startAzimuth, endAzimuth: Double
    }

    /// The end of a way.
    public struct Direct: Hashable, Sendable {
        /// Longitude −180...180.
        public let position: Place.Position
        /// Degrees clockwise from north, 0..<360, in the direction of travel.
        public let azimuth: Double
    }

    /// The shortest way between two positions: metres and azimuths.
    public static func inverse(from start: Place.Position, to end: Place.Position) -> Inverse {
        guard let way = Way(from: start, to: end) else { return Inverse(distance: .nan, startAzimuth: .nan, endAzimuth: .nan) }
        return Inverse(distance: way.solved.distance, startAzimuth: bearing(way.start), endAzimuth: bearing(way.end))
    }

    /// Metres between two positions.
    public static func distance(from start: Place.Position, to end: Place.Position) -> Double {
        Way(from: start, to: end)?.solved.distance ?? .nan
    }

    /// Where one arrives who leaves at an azimuth (degrees clockwise from north) and keeps to the geodesic for so many metres;
    /// a negative distance goes backwards.
    public static func direct(from start: Place.Position, azimuth: Double, distance: Double) -> Direct {
        guard isSound(start), azimuth.isFinite, distance.isFinite else {
            return Direct(position: Place.Position(longitude: .nan, latitude: .nan), azimuth: .nan)
        }
        let beta = GeodesicInverse.reduced(rested(start.latitude)), alpha = Turn(degrees: azimuth)
        let series = GeodesicSeries(alpha0: Turn(sin: alpha.sin * beta.cos, cos: hypot(alpha.cos, alpha.sin * beta.sin)))
        let (s0, c0) = (series.alpha0.sin, series.alpha0.cos)
        let isAtNode = beta.sin == 0 && alpha.cos == 0
        let sigma1 = isAtNode ? Turn(sin: 0, cos: 1) : Turn(along: alpha.cos * beta.cos, up: beta.sin)
        let omega1 = Turn(sin: s0 * sigma1.sin, cos: sigma1.cos)
        let before = GeodesicSeries.sines(series.c1, sigma1)
        let tau = distance / (WGS84.b * series.a1)
        let tau2 = sigma1.adding(Turn(radians: before)).adding(Turn(radians: tau))
        let arc = tau + before + GeodesicSeries.sines(series.c1Reversed, tau2)
        let sigma2 = sigma1.adding(Turn(radians: arc))
        let omega = Turn(sin: s0 * sigma2.sin, cos: sigma2.cos).since(omega1)
        let c3 = series.c3
        let lag = WGS84.flattening * s0 * series.a3
            * (arc + (GeodesicSeries.sines(c3, sigma2) - GeodesicSeries.sines(c3, sigma1)))
        let latitude = Turn(sin: c0 * sigma2.sin, cos: (1 - WGS84.flattening) * hypot(s0, c0 * sigma2.cos)).degrees
        let longitude = Longitude.normal(start.longitude) + (omega.degrees - lag * 180 / .pi)
        return Direct(
            position: Place.Position(longitude: Longitude.normal(longitude), latitude: latitude),
            azimuth: bearing(Turn(sin: s0, cos: c0 * sigma2.cos)))
    }

    /// Metres along a line through positions, each leg a geodesic; 0 for fewer than two.
    public static func length(of line: some Collection<Place.Position>) -> Double {
        var sum = Sum()
        for (start, end) in zip(line, line.dropFirst()) { sum.add(distance(from: start, to: end)) }
        return sum.value
    }

    /// Metres around a ring; the last position may repeat the first or not.
    public static func perimeter(of ring: some Collection<Place.Position>) -> Double {
        guard let first = ring.first else { return 0 }
        return length(of: Array(ring) + [first])
    }

    /// Square metres inside a ring whose sides are geodesics, positive when it runs counter-clockwise; the last position may repeat
    /// the first or not.
    ///
    /// A ring parts the earth in two: the smaller part is meant, also when it holds a pole. The ring must not cross itself.
    public static func area(of ring: some Collection<Place.Position>) -> Double {
        guard let first = ring.first else { return 0 }
        var sum = Sum(), turned = 0.0
        for (start, end) in zip(ring, Array(ring.dropFirst()) + [first]) {
            guard let way = Way(from: start, to: end) else { return .nan }
            sum.add(way.area)
            turned += way.longitude
        }
        // Each full turn about the axis leaves out one hemisphere.
        if Int((turned / 360).rounded()) % 2 != 0 { sum.add(sum.value < 0 ? earthArea / 2 : -earthArea / 2) }
        let area = -sum.value
        if area > earthArea / 2 { return area - earthArea }
        return area <= -earthArea / 2 ? area + earthArea : area + 0
    }

    private static func bearing(_ turn: Turn) -> Double {
        let degrees = turn.degrees
        let positive = degrees < 0 ? degrees + 360 : degrees + 0
        return positive < 360 ? positive : 0
    }

    fileprivate static func isSound(_ position: Place.Position) -> Bool {
        abs(position.latitude) <= 90 && position.longitude.isFinite
    }

    /// Latitudes that differ by less than can be told, a few femtometres, become equal; above 1° nothing changes.
    fileprivate static func rested(_ latitude: Double) -> Double { (latitude * 0x1p56).rounded() * 0x1p-56 + 0 }

    /// A sum that keeps what each addition rounds off (Neumaier).
    private struct Sum {
        private var total = 0.0, lost = 0.0

        mutating func add(_ term: Double) {
            let next = total + term
            lost += abs(total) >= abs(term) ? (total - next) + term : (term - next) + total
            total = next
        }

        var value: Double { total + lost }
    }

    /// The inverse problem turned into the arrangement that is solved, and its answer turned back.
    private struct Way {
        let solved: GeodesicInverse
        let start, end: Turn
        /// Degrees eastwards, −180...180.
        let longitude: Double
        private let sign: Double

        init?(from one: Place.Position, to two: Place.Position) {
            guard isSound(one), isSound(two) else { return nil }
            longitude = Longitude.difference(from: one.longitude, to: two.longitude)
            let (first, second) = (rested(one.latitude), rested(two.latitude))
            let isSwapped = abs(first) < abs(second)
            let (outer, inner) = isSwapped ? (second, first) : (first, second)
            let south: Double = outer < 0 ? 1 : -1
            let east: Double = (longitude.sign == .minus) != isSwapped ? -1 : 1
            solved = GeodesicInverse(latitude1: outer * south, latitude2: inner * south, longitude: abs(longitude))
            let back: Double = isSwapped ? -1 : 1
            let (leaving, arriving) = isSwapped ? (solved.alpha2, solved.alpha1) : (solved.alpha1, solved.alpha2)
            start = Turn(sin: leaving.sin * back * east, cos: leaving.cos * back * south)
            end = Turn(sin: arriving.sin * back * east, cos: arriving.cos * back * south)
            sign = back * east * south
        }

        /// The area between the way and the equator, square metres, positive eastwards in the north.
        var area: Double { sign * solved.areaToEquator }
    }
}
