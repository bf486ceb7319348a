import Foundation
import Kernel

/// Writes a FeatureCollection (RFC 7946) piece by piece: areas anticlockwise (§3.1.6), shapes cut at the antimeridian (§3.1.9), no `crs` (§4).
/// The boundary disclaimer is a foreign member (§6.1).
struct GeoJSONWriter {
    private let zone: TimeZone
    private let disclaimer: String
    private var isFirst = true

    /// - Parameter zone: the zone whose days a date without a time is one of.
    init(zone: TimeZone, disclaimer: String) {
        self.zone = zone
        self.disclaimer = disclaimer
    }

    mutating func begin() -> [UInt8] {
        isFirst = true
        return Array("{\"type\":\"FeatureCollection\",\"disclaimer\":".utf8) + JSON.string(disclaimer).bytes + Array(",\"features\":[\n".utf8)
    }

    mutating func feature(_ feature: ExchangeFeature) -> [UInt8] {
        var out: [UInt8] = isFirst ? [] : Array(",\n".utf8)
        isFirst = false
        out += "{\"type\":\"Feature\"".utf8
        if let id = feature.sourceID { out += ",\"id\":".utf8 + JSON.string(id).bytes }
        out += ",\"geometry\":".utf8 + (feature.place.map(Self.geometry) ?? .null).bytes + ",\"properties\":{".utf8
        for (index, member) in FeatureFields(feature, zone: zone, without: [.id]).members(feature.properties + Self.stamps(feature)).enumerated() {
            if index > 0 { out += ",".utf8 }
            out += JSON.string(member.name).bytes
            out += ":".utf8
            member.value.write(to: &out)
        }
        out += "}}".utf8
        return out
    }

    func end() -> [UInt8] { Array("\n]}\n".utf8) }

    /// A whole file.
    static func file(_ features: some Sequence<ExchangeFeature>, zone: TimeZone, disclaimer: String) -> [UInt8] {
        var writer = GeoJSONWriter(zone: zone, disclaimer: disclaimer)
        var out = writer.begin()
        for feature in features { out += writer.feature(feature) }
        return out + writer.end()
    }

    /// The moments of a track: GeoJSON has no place for them; several programs read `coordTimes`.
    private static func stamps(_ feature: ExchangeFeature) -> [ExchangeProperty] {
        feature.stamps.isEmpty ? [] : [ExchangeProperty("coordTimes", .array(feature.stamps.map { $0.map { .string($0.iso) } ?? .null }))]
    }

    static func geometry(_ place: Place) -> JSON {
        func pairs(_ positions: [Place.Position]) -> JSON { .array(positions.map { [.number(String($0.longitude)), .number(String($0.latitude))] }) }
        let pieces = Antimeridian.cut(place)
        switch place.shape {
        case .point: return place.json
        case .line:
            return pieces.count == 1 ? ["type": "LineString", "coordinates": pairs(pieces[0])] : ["type": "MultiLineString", "coordinates": .array(pieces.map(pairs))]
        case .area:
            let rings = pieces.map { JSON.array([pairs(RingSense.anticlockwise($0))]) }
            return rings.count == 1 ? ["type": "Polygon", "coordinates": rings[0]] : ["type": "MultiPolygon", "coordinates": .array(rings)]
        }
    }
}
