import Foundation
import Kernel

/// The vectors of `Vectors/field.json` that speak of the earth.
struct GeoVectors: Decodable {
    struct Way: Decodable {
        let a, b: [Double]
        let m: Double
        let azDeg: Double?
    }

    struct Reference: Decodable {
        let ll: [Double]
        let p5, p3: String
    }

    struct Polygon: Decodable {
        let ring: [[Double]]
        let perimeterM, areaM2: Double
    }

    struct Circle: Decodable {
        let circle: String
        let inside, outside: [[Double]]
    }

    struct Track: Decodable {
        /// A moment, latitude, longitude.
        struct Point: Decodable {
            let moment: String
            let position: Place.Position

            init(from decoder: any Decoder) throws {
                var row = try decoder.unkeyedContainer()
                moment = try row.decode(String.self)
                position = try at(row.decode(Double.self), row.decode(Double.self))
            }
        }

        let points: [Point]
        let legsM: [Double]
        let totalM, avgKmh: Double
    }

    let geodesicWgs84: [Way]
    let mgrs: [Reference]
    let polygonArea: Polygon
    let capCircle: Circle
    let patrolTrack: Track

    static func load() throws -> GeoVectors {
        guard let url = Bundle.module.url(forResource: "field", withExtension: "json", subdirectory: "Vectors") else {
            throw CocoaError(.fileNoSuchFile)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(GeoVectors.self, from: Data(contentsOf: url))
    }
}

/// Latitude first, as the vectors and people have it.
func at(_ latitude: Double, _ longitude: Double) -> Place.Position {
    Place.Position(longitude: longitude, latitude: latitude)
}

/// Positions from latitudes and longitudes in turn.
func corners(_ numbers: [Double]) -> [Place.Position] {
    stride(from: 0, to: numbers.count - 1, by: 2).map { at(numbers[$0], numbers[$0 + 1]) }
}

extension [Place.Position] {
    /// With the first repeated at the end.
    var closed: [Place.Position] { self + prefix(1) }
}

/// Numbers that are the same in each run (SplitMix64).
struct GeoDice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    mutating func number(_ range: ClosedRange<Double>) -> Double { Double.random(in: range, using: &self) }

    /// Anywhere on the earth, each region as likely as it is large.
    mutating func position() -> Place.Position {
        at(asin(number(-1...1)) * 180 / .pi, number(-180...180))
    }

    /// A ring around a middle without crossings, its corners some degrees away at growing angles; not closed.
    mutating func star(around middle: Place.Position, corners: Int, degrees: ClosedRange<Double>) -> [Place.Position] {
        (0..<corners).map { index in
            let angle = (Double(index) + number(0.1...0.9)) / Double(corners) * 2 * .pi, radius = number(degrees)
            let longitude = middle.longitude + radius * cos(angle)
            return at(middle.latitude + radius * sin(angle), longitude > 180 ? longitude - 360 : longitude < -180 ? longitude + 360 : longitude)
        }
    }
}

/// The error something throws, nil when it throws none.
func refusal<Failure: Error>(_ act: () throws(Failure) -> some Any) -> Failure? {
    do {
        _ = try act()
        return nil
    } catch {
        return error
    }
}
