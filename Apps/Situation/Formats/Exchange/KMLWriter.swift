import Foundation
import Kernel

/// Writes KML 2.2 (OGC 07-147r2) piece by piece: one Document whose description is the boundary disclaimer, Placemarks with their fields as
/// ExtendedData, tracks with moments as `gx:Track`.
struct KMLWriter {
    private let zone: TimeZone
    private var out = MarkupWriter()

    /// - Parameter zone: the zone whose days a date without a time is one of.
    init(zone: TimeZone) { self.zone = zone }

    mutating func begin(name: String, disclaimer: String) -> [UInt8] {
        out.begin("kml", ["xmlns": "http://www.opengis.net/kml/2.2", "xmlns:gx": "http://www.google.com/kml/ext/2.2"])
        out.begin("Document")
        out.element("name", name)
        out.element("description", disclaimer)
        return out.take()
    }

    mutating func feature(_ feature: ExchangeFeature) -> [UInt8] {
        // An xsd:ID must be a name; what is none stays among the data.
        let isName = feature.sourceID.map(Self.isName) ?? false
        if isName, let id = feature.sourceID { out.begin("Placemark", ["id": id]) } else { out.begin("Placemark") }
        out.optional("name", feature.name)
        // §9.1.3.10: a description is shown as HTML; ours is text, so its marks are entities, once for HTML and once for XML.
        out.optional("description", feature.description.map(PlainText.asHTML))
        let hasStamps = feature.place?.shape == .line && !feature.stamps.isEmpty
        if let time = feature.time { self.time(of: time) }
        var own: Set<ExchangeField> = [.name, .description, .start, .end]
        if isName { own.insert(.id) }
        data(feature, without: own)
        if let place = feature.place { hasStamps ? track(place, feature.stamps) : geometry(place) }
        out.end()
        return out.take()
    }

    mutating func end() -> [UInt8] {
        out.end()
        out.end()
        return out.take()
    }

    /// A whole file.
    static func file(_ features: some Sequence<ExchangeFeature>, name: String, zone: TimeZone, disclaimer: String) -> [UInt8] {
        var writer = KMLWriter(zone: zone)
        var bytes = writer.begin(name: name, disclaimer: disclaimer)
        for feature in features { bytes += writer.feature(feature) }
        return bytes + writer.end()
    }

    /// XML Namespaces §3 NCName, of ASCII.
    private static func isName(_ text: String) -> Bool {
        guard let first = text.utf8.first, (0x41...0x5a).contains(first) || (0x61...0x7a).contains(first) || first == UInt8(ascii: "_") else { return false }
        return text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x41...0x5a).contains($0) || (0x61...0x7a).contains($0) || [0x2d, 0x2e, 0x5f].contains($0) }
    }

    // MARK: Pieces

    /// §15. Months and weeks are written as their days; the data say how precise they are.
    private mutating func time(of time: ExchangeTime) {
        let days = time.days(in: zone)
        let isInstant = time.precision <= .hour
        if time.end == nil {
            out.begin("TimeStamp")
            out.element("when", isInstant ? time.start.iso : days.first.iso)
            out.end()
        } else {
            out.begin("TimeSpan")
            out.element("begin", isInstant ? time.start.iso : days.first.iso)
            out.element("end", isInstant ? (time.end ?? time.start).iso : days.last.iso)
            out.end()
        }
    }

    private mutating func data(_ feature: ExchangeFeature, without own: Set<ExchangeField>) {
        let fields = FeatureFields(feature, zone: zone, without: own).list
        guard !fields.isEmpty || !feature.properties.isEmpty else { return }
        out.begin("ExtendedData")
        for (name, texts) in fields { texts.forEach { datum(name, $0) } }
        for property in feature.properties { datum(property.name, property.text) }
        out.end()
    }

    private mutating func datum(_ name: String, _ text: String) {
        out.begin("Data", ["name": name])
        out.element("value", text)
        out.end()
    }

    private mutating func geometry(_ place: Place) {
        let pieces = Antimeridian.cut(place)
        if pieces.count > 1 { out.begin("MultiGeometry") }
        for piece in pieces {
            switch place.shape {
            case .point:
                out.begin("Point")
                out.element("coordinates", Self.coordinates(piece))
            case .line:
                out.begin("LineString")
                out.element("coordinates", Self.coordinates(piece))
            case .area:
                out.begin("Polygon")
                out.begin("outerBoundaryIs")
                out.begin("LinearRing")
                out.element("coordinates", Self.coordinates(RingSense.anticlockwise(piece)))
                out.end()
                out.end()
            }
            out.end()
        }
        if pieces.count > 1 { out.end() }
    }

    private mutating func track(_ place: Place, _ stamps: [Instant?]) {
        out.begin("gx:Track")
        for stamp in stamps { out.element("when", stamp?.iso ?? "") }
        for position in place.positions { out.element("gx:coord", "\(position.longitude) \(position.latitude) 0") }
        out.end()
    }

    private static func coordinates(_ positions: [Place.Position]) -> String {
        positions.map { "\($0.longitude),\($0.latitude)" }.joined(separator: " ")
    }
}
