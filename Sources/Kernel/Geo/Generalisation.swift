import Foundation

/// Positions rounded to so many decimal places of a degree, for readers who may not know them more closely.
///
/// The same position always gives the same result, so asking often tells no more. Halves go away from zero, and a number counts as a
/// half when it is the one nearest to the decimal half: 4.35 becomes 4.4 although its binary form lies a little below.
public struct Generalisation: Hashable, Sendable {
    /// 0...5: from about 111 km to about a metre.
    public let decimals: Int

    /// Nil outside 0...5.
    public init?(decimals: Int) {
        guard (0...5).contains(decimals) else { return nil }
        self.decimals = decimals
    }

    /// The position as it may be shown, in range where the given one is: the meridian of 180° is written 180 and never −180, and a pole
    /// has the longitude 0, so that neither tells from which side it was reached.
    public func position(_ position: Place.Position) -> Place.Position {
        let latitude = rounded(position.latitude), longitude = rounded(position.longitude)
        return Place.Position(longitude: abs(latitude) == 90 ? 0 : longitude == -180 ? 180 : longitude, latitude: latitude)
    }

    /// The place as it may be shown. Corners that fall together become one, and a line or area that shrinks to one becomes a point,
    /// an area that shrinks to two a line.
    ///
    /// Corners on ±180° and at the poles keep their side and longitude, by which lines run. A rounded area may cross itself.
    public func place(_ place: Place) -> Place {
        var corners: [Place.Position] = []
        for position in place.positions {
            let next = Place.Position(longitude: rounded(position.longitude), latitude: rounded(position.latitude))
            if corners.last != next { corners.append(next) }
        }
        let shape: Place.Shape = switch (place.shape, corners.count) {
        case (.area, 4...): .area
        case (.area, 2...), (.line, 2...): .line
        default: .point
        }
        if shape == .point { corners = [position(corners[0])] }
        // There and back again is a line there.
        if place.shape == .area, shape == .line { corners.removeLast() }
        return Place(shape, corners) ?? place
    }

    /// Degrees from the middle of a cell to its edge.
    public var halfCellDegrees: Double { 0.5 / Generalisation.powers[decimals] }

    /// How far a shown coordinate may lie from the true one, metres north or south, and at the equator also east or west: half a cell
    /// on the sphere of mean radius 6,371,008.8 m. 1 decimal gives 5,560 m, 2 give 556 m. The true position may be √2 times as far.
    public var halfCell: Double { halfCellDegrees * .pi / 180 * WGS84.meanRadius }

    /// Half a cell at a latitude, metres on the ellipsoid: along the meridian and along the parallel, where cells get narrow polewards.
    public func halfCell(atLatitude latitude: Double) -> (northSouth: Double, eastWest: Double) {
        let turn = Turn(degrees: min(90, max(-90, latitude)))
        let root = (1 - WGS84.e2 * turn.sin * turn.sin).squareRoot()
        let angle = halfCellDegrees * .pi / 180
        let meridian = WGS84.a * (1 - WGS84.e2) / (root * root * root)
        return (angle * meridian, angle * WGS84.a / root * turn.cos)
    }

    /// A number of degrees rounded; halves away from zero.
    func rounded(_ degrees: Double) -> Double {
        guard degrees.isFinite else { return degrees }
        let power = Generalisation.powers[decimals]
        let result = Generalisation.units(abs(degrees), power) / power
        return degrees < 0 ? 0 - result : result
    }

    /// How many units of 1/`power` are nearest to a number that is not negative. The quotient with which a half is recognised is the
    /// number nearest to that decimal, so what reads as a half is one.
    static func units(_ number: Double, _ power: Double) -> Double {
        let whole = (number * power).rounded(.down)
        return number >= (2 * whole + 1) / (2 * power) ? whole + 1 : whole
    }

    private static let powers: [Double] = [1, 10, 100, 1000, 10_000, 100_000]
}
