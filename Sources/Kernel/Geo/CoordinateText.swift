import Foundation

/// Positions as people write them: decimal degrees, degrees with minutes and seconds, or a grid reference.
///
/// Without letters the latitude comes first, as in speech and on paper maps; GeoJSON has the longitude first and is not read here.
public enum CoordinateText {
    public enum Form: String, Sendable { case decimal, sexagesimal, grid }

    /// What a text said.
    public struct Reading: Hashable, Sendable {
        public let position: Place.Position
        public let form: Form
        /// Metres by which each coordinate may be off for want of digits: half of the last one written, or half of the grid square.
        public let uncertainty: Double
        /// The grid reference when it was one.
        public let grid: MGRS?
    }

    /// The most characters that are looked at.
    public static let longest = 100

    /// Reads a position; throws a `CoordinateTextError` for what is wrong, out of range or could mean two things.
    ///
    /// Understood are `4.3938, 18.5599`; `4,3938 18,5599` and `4,3938; 18,5599`; `-4.3938 18.5599`; `4.3938° N, 18.5599° E`;
    /// `N 4.3938 E 18.5599`; `18.5599E 4.3938N`; `4°23′38″N 18°33′35″E` with straight, curly or prime marks; `4 23 38 N 18 33 35 E`;
    /// `4° 23.628' N, 18° 33.592' E`; `34N BK 29184 86098`. Digits may be Latin, Arabic-Indic, Persian or full-width, minus signs also
    /// U+2212; the marks that set the direction of writing are passed over.
    ///
    /// A comma between digits is a decimal mark only where something else parts the two coordinates and no point is used.
    public static func read(_ text: String) throws(CoordinateTextError) -> Reading {
        guard text.unicodeScalars.count <= longest else { throw .tooLong(most: longest) }
        let plain = try CoordinateMarks.plain(text)
        guard plain.contains(where: { $0 != " " }) else { throw .empty }
        if MGRS.resembles(plain) { return try readGrid(plain) }
        return try CoordinateReader(plain).reading()
    }

    /// `4.39380° N, 18.55986° E` with so many decimals, 0...8; halves are rounded away from zero.
    public static func decimal(_ position: Place.Position, decimals: Int = 5) -> String {
        let (digits, axes) = (min(max(decimals, 0), 8), [(position.latitude, "N", "S"), (position.longitude, "E", "W")])
        return axes.map { degrees, positive, negative in
            let number = fixed(abs(degrees), digits)
            return "\(number)° \(degrees < 0 && !isZero(number) ? negative : positive)"
        }.joined(separator: ", ")
    }

    /// `4.39380, 18.55986`, latitude first, negative in the south and west: as machines and forms take it.
    public static func signed(_ position: Place.Position, decimals: Int = 5) -> String {
        [position.latitude, position.longitude].map { degrees in
            let number = fixed(abs(degrees), min(max(decimals, 0), 8))
            return degrees < 0 && !isZero(number) ? "-\(number)" : number
        }.joined(separator: ", ")
    }

    /// `4°23′37.7″ N, 18°33′35.5″ E` with so many decimals of a second, 0...4; halves are rounded away from zero.
    public static func sexagesimal(_ position: Place.Position, decimals: Int = 0) -> String {
        let digits = min(max(decimals, 0), 4), power = Int(pow(10, Double(digits)))
        return [(position.latitude, "N", "S"), (position.longitude, "E", "W")].map { degrees, positive, negative in
            guard degrees.isFinite else { return "—" }
            let units = Int((abs(degrees) * 3600 * Double(power)).rounded(.toNearestOrAwayFromZero))
            let (minutes, seconds) = (units / power / 60, units % (60 * power))
            let whole = padded(seconds / power, 2), part = digits > 0 ? "." + padded(seconds % power, digits) : ""
            return "\(minutes / 60)°\(padded(minutes % 60, 2))′\(whole)\(part)″ \(degrees < 0 && units > 0 ? negative : positive)"
        }.joined(separator: ", ")
    }

    private static func readGrid(_ text: String) throws(CoordinateTextError) -> Reading {
        do {
            let grid = try MGRS(parsing: text)
            return Reading(position: grid.centre, form: .grid, uncertainty: Double(grid.precision.side) / 2, grid: grid)
        } catch {
            throw .grid(error)
        }
    }

    /// A decimal number of so many digits after the point; halves away from zero, without the errors of binary fractions.
    private static func fixed(_ number: Double, _ digits: Int) -> String {
        guard number.isFinite else { return "—" }
        let power = pow(10, Double(digits)), units = Int(Generalisation.units(number, power))
        guard digits > 0 else { return String(units) }
        return "\(units / Int(power)).\(padded(units % Int(power), digits))"
    }

    private static func isZero(_ number: String) -> Bool { number.allSatisfy { $0 == "0" || $0 == "." } }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}

/// Why a text is no position.
public enum CoordinateTextError: Error, Hashable, Sendable {
    case empty
    /// More characters than `CoordinateText.longest`.
    case tooLong(most: Int)
    /// This part cannot be understood.
    case unreadable(String)
    /// One coordinate only.
    case oneCoordinate
    /// More numbers than latitude and longitude need.
    case tooManyNumbers
    /// Commas that may be decimal marks or part numbers: a point, a semicolon or letters would tell.
    case ambiguousComma
    /// Numbers that may be degrees or minutes: signs such as ° and ′ or letters would tell.
    case ambiguousNumbers
    /// One coordinate has its letter N, S, E or W and the other has none.
    case missingLetter
    /// Both coordinates are latitudes, or both longitudes.
    case sameAxis
    /// Both a sign and a letter.
    case signAndLetter
    /// Only the last of degrees, minutes and seconds may have a fraction.
    case fractionNotLast
    case minutesOutOfRange, secondsOutOfRange
    case latitudeOutOfRange, longitudeOutOfRange
    /// The first number is no latitude but the second could be: the longitude seems to come first.
    case likelySwapped
    /// It looks like a grid reference, but is none.
    case grid(GridError)
}
