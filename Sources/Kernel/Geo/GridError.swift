/// Why a position has no grid reference, or a text is none.
public enum GridError: Error, Hashable, Sendable {
    /// The latitude is beyond ±90, the longitude beyond ±180, or one is not a number.
    case notAPosition
    /// UTM reaches from 80° S to 84° N, UPS from there to the poles.
    case outsideTheGrid
    /// The text has not the form zone, band, two letters, digits.
    case form
    /// There is no such zone: 0, above 60, or 32X, 34X, 36X, which Svalbard's neighbours take up.
    case zone(String)
    /// No band has this letter: I, O, and A, B, Y, Z after a zone.
    case band(String)
    /// No 100 km square of these letters touches the zone and band.
    case square(String)
    /// So many digits cannot be halved into easting and northing, or are more than 5 each.
    case digitCount(Int)
    /// A space parts the digits, but not in the middle.
    case unevenDigits(String)
}
