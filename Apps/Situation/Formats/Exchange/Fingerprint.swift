import Foundation
import Kernel

/// What a feature says, as a hash: equal for equal content whatever the order of its properties, the start and sense of its ring, the spelling
/// of its numbers and the composition of its letters. The source id and the row are not part of it.
struct Fingerprint: Hashable, Sendable, CustomStringConvertible {
    /// `1:` and 64 hexadecimal digits. The number is that of the rules; another rule book gives other fingerprints.
    let text: String
    var description: String { text }

    private static let version = "1:"

    /// Reads a stored fingerprint; nil when it was made by other rules, and so can be compared with none.
    init?(_ text: String) {
        let digits = text.utf8.dropFirst(2)
        guard text.hasPrefix(Self.version), digits.count == 64, digits.allSatisfy({ (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }) else { return nil }
        self.text = text
    }

    init(of feature: ExchangeFeature) {
        let hex = Array("0123456789abcdef".utf8)
        let digest = Hash(of: CanonicalFeature.bytes(feature)).bytes
        text = Self.version + String(decoding: digest.flatMap { [hex[Int($0 >> 4)], hex[Int($0 & 15)]] }, as: UTF8.self)
    }
}

/// A feature as bytes of which there is one spelling: each piece with its tag and its length before it, so that no two features share one.
enum CanonicalFeature {
    static func bytes(_ feature: ExchangeFeature) -> [UInt8] {
        var out: [UInt8] = []
        func put(_ tag: Character, _ bytes: [UInt8]) {
            out += Array("\(tag)\(bytes.count):".utf8)
            out += bytes
        }
        func put(_ tag: Character, _ text: String?) { if let text { put(tag, Array(composed(text).utf8)) } }
        if let place = feature.place {
            put("g", Array(place.shape.rawValue.utf8))
            put("p", positions(place, feature.stamps))
        }
        put("r", feature.placePrecision.map(String.init))
        put("l", feature.placeName)
        if let time = feature.time { put("t", "\(time.start.microseconds)/\(time.end.map { String($0.microseconds) } ?? "")/\(time.precision.rawValue)") }
        put("n", feature.name)
        put("d", feature.description)
        for category in feature.categories { put("c", category) }
        for actor in feature.actors {
            put("a", actor.role)
            put("b", actor.name)
        }
        if let dead = feature.fatalities { put("f", [dead.best, dead.low, dead.high].map { $0.map(String.init) ?? "" }.joined(separator: "/")) }
        for source in feature.sources { put("s", source) }
        // By name, then by value: a name may stand twice.
        let properties = feature.properties.map { [Array(composed($0.name).utf8), canonical($0.value).bytes] }
        let sorted = properties.sorted { left, right in
            left[0] == right[0] ? left[1].lexicographicallyPrecedes(right[1]) : left[0].lexicographicallyPrecedes(right[0])
        }
        for property in sorted {
            put("k", property[0])
            put("v", property[1])
        }
        return out
    }

    private static func composed(_ text: String) -> String {
        text.utf8.allSatisfy { $0 < 0x80 && $0 != 0x0d } ? text : (PlainText.clean(text).text ?? "").precomposedStringWithCanonicalMapping
    }

    /// Positions as they are, a ring from its least corner on and anticlockwise, with the moments of a track.
    private static func positions(_ place: Place, _ stamps: [Instant?]) -> [UInt8] {
        let list = place.shape == .area ? ring(place.positions) : place.positions
        var out: [UInt8] = []
        out.reserveCapacity(list.count * 24)
        for (index, position) in list.enumerated() {
            for degrees in [position.longitude, position.latitude] { withUnsafeBytes(of: (degrees + 0).bitPattern.bigEndian) { out += $0 } }
            if stamps.count == list.count { withUnsafeBytes(of: (stamps[index]?.microseconds ?? .min).bigEndian) { out += $0 } }
        }
        return out
    }

    private static func ring(_ positions: [Place.Position]) -> [Place.Position] {
        var corners = Array(positions.dropLast())
        if RingSense.isClockwise(positions) { corners.reverse() }
        guard let least = corners.indices.min(by: { (corners[$0].longitude, corners[$0].latitude) < (corners[$1].longitude, corners[$1].latitude) }) else { return positions }
        return Array(corners[least...] + corners[..<least])
    }

    /// JSON in which numbers of one value have one spelling: `1`, `1.0` and `1e0` are the same.
    private static func canonical(_ value: JSON) -> JSON {
        switch value {
        case .string(let text): .string(composed(text))
        case .number(let text):
            // 2⁵³: beyond it a double is no longer each whole number.
            if let double = Double(text), double.isFinite { double.rounded() == double && abs(double) < 9e15 ? .integer(Int64(double)) : .number(String(double)) } else { value }
        case .array(let items): .array(items.map(canonical))
        case .object(let members): .object(members.mapValues(canonical))
        default: value
        }
    }
}

/// Which way round a ring goes.
enum RingSense {
    /// By the area under its edges, on the short way across the antimeridian.
    static func isClockwise(_ ring: [Place.Position]) -> Bool {
        let corners = Antimeridian.unwrapped(ring) ?? ring
        guard let origin = corners.first else { return false }
        let twice = zip(corners, corners.dropFirst()).reduce(0.0) { sum, edge in
            sum + (edge.0.longitude - origin.longitude) * (edge.1.latitude - origin.latitude) - (edge.1.longitude - origin.longitude) * (edge.0.latitude - origin.latitude)
        }
        return twice < 0
    }

    /// RFC 7946 §3.1.6: the outer ring anticlockwise.
    static func anticlockwise(_ ring: [Place.Position]) -> [Place.Position] { isClockwise(ring) ? ring.reversed() : ring }
}
