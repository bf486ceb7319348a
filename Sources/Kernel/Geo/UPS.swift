import Foundation

/// Universal Polar Stereographic coordinates on WGS 84 (NGA.STND.0037): from 84° N and below 80° S.
public struct UPS: Hashable, Sendable {
    public var isNorth: Bool
    /// Metres; 2,000,000 at the pole. In the north the grid's northing points along 180°, in the south along 0°.
    public var easting, northing: Double

    public init(isNorth: Bool, easting: Double, northing: Double) {
        self.isNorth = isNorth
        (self.easting, self.northing) = (easting, northing)
    }

    /// Throws `notAPosition`, or `outsideTheGrid` between 80° S and 84° N, where UTM is used.
    public init(_ position: Place.Position) throws(GridError) {
        guard position.isOnEarth else { throw .notAPosition }
        guard UTM.zone(of: position) == nil else { throw .outsideTheGrid }
        let (phi, lambda) = (Turn(degrees: abs(position.latitude)), Turn(degrees: position.longitude))
        // The tangent of half the conformal colatitude; the pole has no tangent.
        let conformal = phi.cos == 0 ? Double.infinity : WGS84.conformal(tan: phi.sin / phi.cos)
        let radius = UPS.scale / (conformal + hypot(1, conformal))
        let isNorth = position.latitude > 0
        self.init(
            isNorth: isNorth, easting: UPS.shift + radius * lambda.sin,
            northing: UPS.shift + (isNorth ? -radius : radius) * lambda.cos)
    }

    /// Longitude −180...180, 0 at the pole itself; not a number when a coordinate is not finite.
    public var position: Place.Position {
        let (east, north) = (easting - UPS.shift, isNorth ? UPS.shift - northing : northing - UPS.shift)
        let radius = hypot(east, north)
        guard radius != 0 else { return Place.Position(longitude: 0, latitude: isNorth ? 90 : -90) }
        let half = radius / UPS.scale
        let tangent = WGS84.geographic(conformalTan: (1 / half - half) / 2)
        let latitude = Turn(sin: tangent, cos: 1).degrees
        return Place.Position(longitude: Turn(sin: east, cos: north).degrees, latitude: isNorth ? latitude : -latitude)
    }

    static let shift = 2_000_000.0

    /// Twice the equatorial radius at the pole's scale of 0.994, over the factor that makes the projection conformal
    /// (J. P. Snyder, "Map Projections: A Working Manual", USGS 1987, eq. 21-33).
    private static let scale = 2 * 0.994 * WGS84.a
        / (pow(1 + WGS84.e, 1 + WGS84.e) * pow(1 - WGS84.e, 1 - WGS84.e)).squareRoot()
}
