import Foundation

/// Universal Transverse Mercator coordinates on WGS 84 (NGA.STND.0037), from 80° S to 84° N.
public struct UTM: Hashable, Sendable {
    /// 1...60, eastwards from 180° W.
    public var zone: Int
    public var isNorth: Bool
    /// Metres; 500,000 at the zone's central meridian.
    public var easting: Double
    /// Metres from the equator, or in the south from 10,000,000 m below it.
    public var northing: Double

    public init(zone: Int, isNorth: Bool, easting: Double, northing: Double) {
        (self.zone, self.isNorth) = (zone, isNorth)
        (self.easting, self.northing) = (easting, northing)
    }

    /// The coordinates of a position in its own zone, or in another as neighbours at a border agree on; throws
    /// `notAPosition`, `zone`, or `outsideTheGrid` when the latitude is, or that zone's central meridian is more than 9° away.
    public init(_ position: Place.Position, zone wanted: Int? = nil) throws(GridError) {
        guard position.isOnEarth else { throw .notAPosition }
        guard let own = UTM.zone(of: position) else { throw .outsideTheGrid }
        let zone = wanted ?? own
        guard (1...60).contains(zone) else { throw .zone(String(zone)) }
        let away = Longitude.difference(from: UTM.centralMeridian(zone), to: position.longitude)
        guard abs(away) <= 9 else { throw .outsideTheGrid }
        let (east, north) = TransverseMercator.forward(latitude: position.latitude, longitude: away)
        let isNorth = position.latitude >= 0
        // A hair south of the equator stays south: 10,000,000 m would be the equator itself.
        let northing = isNorth ? north : min(UTM.southernShift + north, UTM.southernShift.nextDown)
        self.init(zone: zone, isNorth: isNorth, easting: UTM.eastShift + east, northing: northing)
    }

    /// Longitude −180...180; not a number when a coordinate is not finite.
    public var position: Place.Position {
        let (latitude, away) = TransverseMercator.inverse(
            east: easting - UTM.eastShift, north: isNorth ? northing : northing - UTM.southernShift)
        return Place.Position(longitude: Longitude.normal(UTM.centralMeridian(zone) + away), latitude: latitude)
    }

    /// The zone of a position, with the exceptions for south-western Norway and Svalbard; nil below 80° S and from 84° N.
    ///
    /// A meridian between two zones belongs to the eastern one, 180° to zone 1.
    public static func zone(of position: Place.Position) -> Int? {
        guard position.isOnEarth, let band = Band(latitude: position.latitude) else { return nil }
        let longitude = position.longitude == 180 ? -180 : position.longitude
        let plain = Int((longitude / 6).rounded(.down)) + 31
        let exceptions = band.letter == "V" ? 31...32 : band.letter == "X" ? 31...37 : 0...0
        guard exceptions.contains(plain) else { return plain }
        return exceptions.first { zone in
            guard let (west, east) = band.longitudes(zone: zone) else { return false }
            return longitude >= west && longitude < east
        }
    }

    /// Degrees.
    static func centralMeridian(_ zone: Int) -> Double { Double(6 * zone - 183) }
    static let eastShift = 500_000.0
    static let southernShift = 10_000_000.0

    /// A latitude band: 8° high, the northernmost 12°.
    struct Band {
        let letter: Character
        let south, north: Double

        static let letters = Array("CDEFGHJKLMNPQRSTUVWX")

        init?(latitude: Double) {
            guard latitude >= -80, latitude < 84 else { return nil }
            self.init(index: min(19, Int((latitude / 8).rounded(.down)) + 10))
        }

        init?(letter: Character) {
            guard let index = Band.letters.firstIndex(of: letter) else { return nil }
            self.init(index: index)
        }

        private init(index: Int) {
            letter = Band.letters[index]
            south = Double(8 * index - 80)
            north = index == 19 ? 84 : south + 8
        }

        /// The meridians between which a zone lies in this band; nil for 32X, 34X and 36X.
        func longitudes(zone: Int) -> (west: Double, east: Double)? {
            let west = Double(6 * zone - 186)
            switch (letter, zone) {
            case ("V", 31): return (0, 3)
            case ("V", 32): return (3, 12)
            case ("X", 31): return (0, 9)
            case ("X", 33), ("X", 35): return (west - 3, west + 9)
            case ("X", 37): return (33, 42)
            case ("X", 32), ("X", 34), ("X", 36): return nil
            default: return (west, west + 6)
            }
        }
    }
}

extension Place.Position {
    /// Within ±90° of latitude and ±180° of longitude; false for what is not a number.
    var isOnEarth: Bool { abs(latitude) <= 90 && abs(longitude) <= 180 }
}
