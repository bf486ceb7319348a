import Foundation

/// A reference of the Military Grid Reference System on WGS 84 (NGA.STND.0037): a square of 1 m to 100 km.
///
/// A reference names the square in which a position lies, so digits are cut off and never rounded.
public struct MGRS: Hashable, Sendable, CustomStringConvertible {
    /// The side of the square; the raw value is the number of digits of easting and of northing.
    public enum Precision: Int, Sendable, CaseIterable {
        case hundredKilometres, tenKilometres, kilometre, hundredMetres, tenMetres, metre

        /// Metres.
        public var side: Int { [100_000, 10_000, 1000, 100, 10, 1][rawValue] }
    }

    /// 1...60, or 0 at the poles, where there are no zones.
    public let zone: Int
    /// C...X; at the poles A and B in the south, Y and Z in the north.
    public let band: Character
    /// The two letters of the 100 km square.
    public let square: String
    /// Within the 100 km square, in units of the precision's side.
    public let easting, northing: Int
    public let precision: Precision

    /// Metres of the south-western corner in UTM or UPS.
    private let east, north: Int

    /// The square that holds a position; throws `notAPosition`.
    public init(_ position: Place.Position, precision: Precision = .metre) throws(GridError) {
        guard position.isOnEarth else { throw .notAPosition }
        let (east, north): (Double, Double)
        if let band = UTM.Band(latitude: position.latitude) {
            let utm = try UTM(position)
            (zone, self.band, east, north) = (utm.zone, band.letter, utm.easting, utm.northing)
        } else {
            let ups = try UPS(position)
            let isEast = ups.easting >= UPS.shift
            (zone, self.band) = (0, ups.isNorth ? (isEast ? "Z" : "Y") : (isEast ? "B" : "A"))
            (east, north) = (ups.easting, ups.northing)
        }
        let (wholeEast, wholeNorth) = (Int(east.rounded(.down)), Int(north.rounded(.down)))
        guard let letters = MGRS.letters(zone: zone, band: band, column: wholeEast / 100_000, row: wholeNorth / 100_000) else {
            throw .outsideTheGrid
        }
        (square, self.precision) = (letters, precision)
        (easting, northing) = (wholeEast % 100_000 / precision.side, wholeNorth % 100_000 / precision.side)
        self.east = wholeEast / precision.side * precision.side
        self.north = wholeNorth / precision.side * precision.side
    }

    init(zone: Int, band: Character, square: String, corner: (east: Int, north: Int), digits: (Int, Int), precision: Precision) {
        (self.zone, self.band, self.square, self.precision) = (zone, band, square, precision)
        (easting, northing) = digits
        (east, north) = (corner.east + digits.0 * precision.side, corner.north + digits.1 * precision.side)
    }

    /// `34NBK2918486098`: zone, band, square and digits without spaces.
    public var description: String { parts.joined() }

    /// `34N BK 29184 86098`, as people read it aloud.
    public var spaced: String {
        let (digits, head) = (parts[3...], parts[0] + parts[1])
        return ([head, parts[2]] + digits).joined(separator: " ")
    }

    private var parts: [String] {
        let head = [zone == 0 ? "" : (zone < 10 ? "0" : "") + String(zone), String(band), square]
        guard precision.rawValue > 0 else { return head }
        return head + [easting, northing].map { number in
            let digits = String(number)
            return String(repeating: "0", count: precision.rawValue - digits.count) + digits
        }
    }

    /// The middle of the square; at the border of a zone or band it may lie up to half a side beyond.
    public var centre: Place.Position {
        let half = Double(precision.side) / 2
        return position(Double(east) + half, Double(north) + half)
    }

    /// The square itself as a closed ring, counter-clockwise from the south-western corner of the grid.
    public var corners: [Place.Position] {
        let (west, south, side) = (Double(east), Double(north), Double(precision.side))
        return [(0, 0), (side, 0), (side, side), (0, side), (0, 0)].map { position(west + $0.0, south + $0.1) }
    }

    /// The smallest box of longitudes and latitudes around the square.
    ///
    /// A square lies in one quadrant of its projection, so the corners hold the extremes; a pole has every longitude and counts for none.
    public var box: GeoBox {
        let (corners, middle) = (corners, centre.longitude)
        let away = corners.filter { abs($0.latitude) < 90 }.map { Longitude.difference(from: middle, to: $0.longitude) }
        let latitudes = corners.map(\.latitude)
        return GeoBox(
            unchecked: Longitude.normal(middle + (away.min() ?? 0)), latitudes.min() ?? 0,
            Longitude.normal(middle + (away.max() ?? 0)), latitudes.max() ?? 0)
    }

    private func position(_ east: Double, _ north: Double) -> Place.Position {
        if zone == 0 { return UPS(isNorth: band > "X", easting: east, northing: north).position }
        return UTM(zone: zone, isNorth: band >= "N", easting: east, northing: north).position
    }
}

/// The letters of 100 km squares.
extension MGRS {
    private static let alphabet = Array("ABCDEFGHJKLMNPQRSTUVWXYZ")
    /// Columns of the zones 1, 2 and 3, and so on in turn.
    private static let columnSets = [Array("ABCDEFGH"), Array("JKLMNPQR"), Array("STUVWXYZ")]
    private static let westOfPole = Array("JKLPQRSTUXYZ"), eastOfPole = Array("ABCFGHJKLPQR")
    private static let westOfNorthPole = Array("RSTUXYZ"), eastOfNorthPole = Array("ABCFGHJ")

    /// The columns of a polar half and the number of 100 km at which it begins; its rows begin at the least of all.
    private static func polar(_ band: Character) -> (columns: [Character], first: Int, rows: Int) {
        switch band {
        case "A": (westOfPole, 8, 8)
        case "B": (eastOfPole, 20, 8)
        case "Y": (westOfNorthPole, 13, 13)
        default: (eastOfNorthPole, 20, 13)
        }
    }

    /// The rows of odd zones begin with A at the equator, those of even zones with F; they repeat after 2,000 km.
    private static func firstRow(_ zone: Int) -> Int { zone % 2 == 0 ? 5 : 0 }

    /// `column` and `row` count 100 km of easting and northing; nil where there are no letters.
    private static func letters(zone: Int, band: Character, column: Int, row: Int) -> String? {
        if zone == 0 {
            let half = polar(band)
            guard half.columns.indices.contains(column - half.first), alphabet.indices.contains(row - half.rows) else { return nil }
            return String([half.columns[column - half.first], alphabet[row - half.rows]])
        }
        let columns = columnSets[(zone - 1) % 3]
        guard columns.indices.contains(column - 1), row >= 0 else { return nil }
        return String([columns[column - 1], alphabet[(row + firstRow(zone)) % 20]])
    }

    /// The south-western corner in metres of the 100 km square with these letters that touches the zone and band; nil when none does.
    static func corner(zone: Int, band: Character, square: String) -> (east: Int, north: Int)? {
        let letters = Array(square)
        guard letters.count == 2, let row = alphabet.firstIndex(of: letters[1]) else { return nil }
        if zone == 0 {
            let half = polar(band)
            guard let column = half.columns.firstIndex(of: letters[0]) else { return nil }
            let corner = (east: (column + half.first) * 100_000, north: (row + half.rows) * 100_000)
            return GridSquare.touchesPolarCap(east: corner.east, north: corner.north, isNorth: band > "X") ? corner : nil
        }
        guard row < 20, let column = columnSets[(zone - 1) % 3].firstIndex(of: letters[0]), let band = UTM.Band(letter: band) else { return nil }
        let first = (row - firstRow(zone) + 20) % 20
        for turn in 0..<5 {
            let corner = (east: (column + 1) * 100_000, north: (first + 20 * turn) * 100_000)
            if GridSquare(east: corner.east, north: corner.north, in: band)?.touches(band, zone: zone) == true { return corner }
        }
        return nil
    }
}

/// A 100 km square of a UTM zone, by its distances from the central meridian and the equator, which no square straddles.
struct GridSquare {
    private let near, far: Double
    private let low, high: Double
    private let isEast: Bool

    /// Nil where a northing of the band's hemisphere does not reach.
    init?(east: Int, north: Int, in band: UTM.Band) {
        isEast = east >= 500_000
        let side = 100_000.0
        let across = Double(isEast ? east - 500_000 : 400_000 - east)
        let isNorth = band.south >= 0
        let up = Double(isNorth ? north : 9_900_000 - north)
        guard across >= 0, up >= 0 else { return nil }
        (near, far, low, high) = (across, across + side, up, up + side)
    }

    /// Whether some point of the square lies in the zone and band.
    ///
    /// Away from the central meridian longitude grows with both distances and latitude falls, so the point of least longitude that
    /// is in the band decides: it is the lower corner at the near side, or where the band's edge cuts the near or the lower side.
    func touches(_ band: UTM.Band, zone: Int) -> Bool {
        guard let (west, east) = band.longitudes(zone: zone) else { return false }
        let middle = UTM.centralMeridian(zone)
        // A millimetre of grace for what lies exactly on an edge.
        let grace = 1e-8
        let width = (isEast ? east - middle : middle - west) + grace
        let (least, most) = band.south >= 0 ? (band.south - grace, band.north + grace) : (-band.north - grace, grace - band.south)
        var (across, up) = (near, low)
        if latitude(near, low) > most {
            guard latitude(far, low) < most else { return false }
            across = Self.cut(near...far) { latitude($0, low) < most }
        } else if latitude(near, low) < least {
            guard latitude(near, high) > least else { return false }
            up = Self.cut(low...high) { latitude(near, $0) > least }
        }
        return TransverseMercator.inverse(east: across, north: up).longitude < width
    }

    private func latitude(_ across: Double, _ up: Double) -> Double { TransverseMercator.inverse(east: across, north: up).latitude }

    /// Where a claim that fails at the lower end and holds at the upper begins to hold, to less than a millimetre.
    private static func cut(_ range: ClosedRange<Double>, _ holds: (Double) -> Bool) -> Double {
        var (fails, does) = (range.lowerBound, range.upperBound)
        for _ in 0..<28 {
            let middle = (fails + does) / 2
            if holds(middle) { does = middle } else { fails = middle }
        }
        return does
    }

    /// Whether the square's nearest point to the pole lies beyond 84° N or 80° S.
    static func touchesPolarCap(east: Int, north: Int, isNorth: Bool) -> Bool {
        func nearest(_ low: Int) -> Double { Double(min(max(2_000_000, low), low + 100_000)) }
        let position = UPS(isNorth: isNorth, easting: nearest(east), northing: nearest(north)).position
        return isNorth ? position.latitude >= 84 : position.latitude < -80
    }
}
