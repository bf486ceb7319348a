import Foundation
import Kernel

/// Writes GPX 1.1: points as way points, lines as routes, lines with moments as tracks. Areas and features without a place have none in GPX.
struct GPXWriter {
    private let zone: TimeZone
    private var out = MarkupWriter()

    static let namespace = "urn:mandate:exchange"

    /// - Parameter zone: the zone whose days a date without a time is one of.
    init(zone: TimeZone) { self.zone = zone }

    /// A whole file, and the places in the list of the features it does not hold.
    static func file(_ features: [ExchangeFeature], name: String, zone: TimeZone, disclaimer: String, at moment: Instant) -> (bytes: [UInt8], left: [Int]) {
        var writer = GPXWriter(zone: zone)
        writer.begin(name, disclaimer, moment)
        // The schema asks for way points, then routes, then tracks.
        for kind in [Kind.point, .route, .track] {
            for feature in features where Kind(feature) == kind { writer.item(feature, kind) }
        }
        writer.out.end()
        return (writer.out.take(), features.indices.filter { Kind(features[$0]) == nil })
    }

    private enum Kind {
        case point, route, track

        init?(_ feature: ExchangeFeature) {
            switch feature.place?.shape {
            case .point: self = .point
            case .line: self = feature.stamps.isEmpty ? .route : .track
            case .area, nil: return nil
            }
        }
    }

    private mutating func begin(_ name: String, _ disclaimer: String, _ moment: Instant) {
        out.begin("gpx", ["xmlns": "http://www.topografix.com/GPX/1/1", "xmlns:m": Self.namespace, "version": "1.1", "creator": "Mandate"])
        out.begin("metadata")
        out.element("name", name)
        out.element("desc", disclaimer)
        out.element("time", moment.iso)
        out.end()
    }

    private mutating func item(_ feature: ExchangeFeature, _ kind: Kind) {
        guard let place = feature.place else { return }
        switch kind {
        case .point:
            point("wpt", place.positions[0])
            if let time = feature.time, time.precision == .exact, time.end == nil { out.element("time", time.start.iso) }
            head(feature)
        case .route:
            out.begin("rte")
            head(feature)
            for position in place.positions {
                point("rtept", position)
                out.end()
            }
        case .track:
            out.begin("trk")
            head(feature)
            out.begin("trkseg")
            for (position, stamp) in zip(place.positions, feature.stamps) {
                point("trkpt", position)
                if let stamp { out.element("time", stamp.iso) }
                out.end()
            }
            out.end()
        }
        out.end()
    }

    private mutating func point(_ name: StaticString, _ position: Place.Position) {
        out.begin(name, ["lat": Self.degrees(position.latitude), "lon": Self.degrees(position.longitude == 180 ? -180 : position.longitude)])
    }

    /// xsd:decimal knows no exponent; ten digits are a hundredth of a millimetre. The schema's longitudes end before 180.
    private static func degrees(_ value: Double) -> String {
        let text = String(value)
        return text.contains("e") ? String(format: "%.10f", locale: Locale(identifier: "en_US_POSIX"), value) : text
    }

    /// In the schema's order. All fields but those with a place of their own go into the extensions.
    private mutating func head(_ feature: ExchangeFeature) {
        out.optional("name", feature.name)
        out.optional("desc", feature.description)
        let source = feature.sources.count == 1 ? feature.sources[0] : nil
        out.optional("src", source)
        let kind = feature.categories.count == 1 ? feature.categories[0] : nil
        out.optional("type", kind)
        var own: Set<ExchangeField> = [.name, .description]
        if source != nil { own.insert(.source) }
        if kind != nil { own.insert(.category) }
        if isOwnTime(feature) { own.formUnion([.start, .end, .timePrecision]) }
        let fields = FeatureFields(feature, zone: zone, without: own).list
        guard !fields.isEmpty || !feature.properties.isEmpty else { return }
        out.begin("extensions")
        for (name, texts) in fields { texts.forEach { out.element("m:property", $0, ["name": name]) } }
        for property in feature.properties { out.element("m:property", property.text, ["name": property.name]) }
        out.end()
    }

    /// Whether the moments in the file tell the feature's time again.
    private func isOwnTime(_ feature: ExchangeFeature) -> Bool {
        guard let time = feature.time, time.precision == .exact else { return feature.time == nil }
        if feature.stamps.isEmpty { return time.end == nil && feature.place?.shape == .point }
        let known = feature.stamps.compactMap(\.self)
        return known.min() == time.start && known.max().map { $0 == time.start ? nil : $0 } == time.end
    }
}
