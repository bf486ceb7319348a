import Foundation
import Kernel

/// Reads GPX 1.1 and 1.0 (topografix.com): way points as points, routes and each segment of a track as lines. Times are UTC, with or without
/// a `Z`: so the schema says of its element `time`.
struct GPXReader {
    private let bytes: [UInt8]
    private var out: ExchangeCollector
    private var fields: FieldReader
    private var waiting: [XML.Element]? = []
    private var count = 0

    static let namespaces = ["http://www.topografix.com/GPX/1/1", "http://www.topografix.com/GPX/1/0", ""]

    init(_ bytes: [UInt8], _ out: ExchangeCollector) {
        self.bytes = bytes
        self.out = out
        fields = FieldReader(mapping: out.source.mapping ?? FieldMapping(), source: out.source)
        if out.source.mapping != nil { waiting = nil }
    }

    private struct State {
        var tree = XMLTree()
        var passing = 0
        var hasBegun = false
    }

    mutating func read() -> ExchangeReport {
        var state = State(), reader = self
        let fault = MarkupFile.read(bytes, out.source) { event in try reader.take(event, &state) }
        self = reader
        flush()
        if let fault, out.report.breakage == nil { out.add(fault) }
        return out.report
    }

    private mutating func take(_ event: XMLReader.Event, _ state: inout State) throws {
        switch event {
        case .start(let element):
            if state.passing > 0 { state.passing += 1 } else if !state.tree.isEmpty { state.tree.start(element) } else { try begin(element, &state) }
        case .text(let text): state.tree.text(text)
        case .end:
            if state.passing > 0 { state.passing -= 1 } else if let element = state.tree.end() { try took(element) }
        }
    }

    private func begin(_ element: XML.Element, _ state: inout State) throws {
        guard state.hasBegun else {
            state.hasBegun = true
            guard element.name == "gpx", Self.namespaces.contains(PlainText.name(element.namespace)), ["1.0", "1.1"].contains(PlainText.name(element["version"] ?? "1.1")) else {
                throw ExchangeFault(.notThisFormat, ["format": ExchangeFormat.gpx.rawValue, "found": element.name + " " + (element["version"] ?? "")])
            }
            return
        }
        switch element.name {
        case "wpt", "trk", "rte": state.tree.start(element)
        default: state.passing = 1
        }
    }

    private mutating func took(_ element: XML.Element) throws {
        guard waiting != nil else { return try row(element) }
        waiting?.append(element)
        if let held = waiting?.count, held == KMLReader.mapped { flush() }
        if out.report.breakage != nil { throw MarkupFile.Stop() }
    }

    private mutating func flush() {
        guard let held = waiting else { return }
        waiting = nil
        var names: [String] = [], seen: Set<String> = []
        for element in held {
            for property in GPXItem.extensions(of: element) where seen.insert(property.name).inserted { names.append(property.name) }
        }
        let mapping = FieldMapping.suggested(for: names, in: false)
        fields = FieldReader(mapping: mapping, source: out.source)
        out.columns(names.prefix(1000).map { ExchangeColumn(name: $0, field: mapping[$0]) })
        for element in held {
            do { try row(element) } catch { return }
        }
    }

    private mutating func row(_ element: XML.Element) throws {
        count += 1
        let item = GPXItem(element: element, fields: fields, source: out.source)
        let mayGoOn = out.row(count, line: element.line) { notes throws(ExchangeFault) in try item.read(&notes) }
        if !mayGoOn { throw MarkupFile.Stop() }
    }
}

/// A way point, a route or a track.
struct GPXItem {
    let element: XML.Element
    let fields: FieldReader
    let source: ExchangeSource

    func read(_ notes: inout RowNotes) throws(ExchangeFault) -> [ExchangeFeature] {
        var feature = ExchangeFeature()
        feature.name = element.value("name").flatMap { TextCheck.line($0, at: "name", &notes) }
        let comment = element.value("cmt").flatMap { TextCheck.text($0, at: "cmt", &notes) }
        feature.description = element.value("desc").flatMap { TextCheck.text($0, at: "desc", &notes) } ?? comment
        feature.categories = [element.value("type").flatMap { TextCheck.line($0, at: "type", &notes) }].compactMap(\.self)
        feature.sources = [element.value("src").flatMap { TextCheck.line($0, at: "src", &notes) }].compactMap(\.self)
        var properties: [ExchangeProperty] = []
        if let comment, !comment.utf8.elementsEqual((feature.description ?? "").utf8) { properties.append(ExchangeProperty("cmt", .string(comment))) }
        for name in ["ele", "sym", "number", "url", "urlname"] {
            if let text = element.value(name) { properties.append(ExchangeProperty(name, .string(text))) }
        }
        for link in element.children where link.name == "link" {
            if let address = link["href"] { properties.append(ExchangeProperty("link", .string(address))) }
        }
        properties += Self.extensions(of: element)
        guard properties.count <= source.limits.properties else { throw ExchangeFault(.tooManyProperties, path: "extensions", ["most": String(source.limits.properties)]) }
        let clean = properties.compactMap { property in TextCheck.value(property.value, at: property.name, &notes).map { ExchangeProperty(property.name, $0) } }
        let shapes = try shapes(&notes)
        fields.apply(clean, to: &feature, &notes)
        var features = try ShapeChecker(source: source).features(feature, shapes, &notes)
        // The time of a way point is that of the thing, not of its position.
        if element.name == "wpt" { for index in features.indices { features[index].stamps = [] } }
        return features
    }

    /// Elements of other programs with a text in them. Ours are `property` and carry their name.
    static func extensions(of element: XML.Element) -> [ExchangeProperty] {
        (element.first("extensions")?.children ?? []).flatMap(\.leaves).map {
            ExchangeProperty(PlainText.name($0.name == "property" ? $0["name"] ?? $0.name : $0.name), .string(NumberText.trimmed($0.text)))
        }
    }

    private func shapes(_ notes: inout RowNotes) throws(ExchangeFault) -> [RawShape] {
        switch element.name {
        case "wpt": return [try line([element], "wpt", .point, &notes)]
        case "rte":
            let points = element.children.filter { $0.name == "rtept" }
            return points.isEmpty ? [] : [try line(points, "rte/rtept", .line, &notes)]
        default:
            var shapes: [RawShape] = []
            for (index, segment) in element.children.filter({ $0.name == "trkseg" }).enumerated() {
                let points = segment.children.filter { $0.name == "trkpt" }
                // A receiver that found no satellites leaves empty segments, and such of one point.
                if !points.isEmpty { shapes.append(try line(points, "trk/trkseg[\(index)]/trkpt", points.count == 1 ? .point : .line, &notes)) }
            }
            return shapes
        }
    }

    private func line(_ points: [XML.Element], _ path: String, _ shape: Place.Shape, _ notes: inout RowNotes) throws(ExchangeFault) -> RawShape {
        let reading = TimeReading(source: source, zone: .gmt)
        var raw = RawShape(shape: shape, positions: [], path: path)
        try notes.spend(points.count)
        for (index, point) in points.enumerated() {
            guard let lat = point["lat"], let lon = point["lon"] else { throw ExchangeFault(.halfCoordinate, path: "\(path)[\(index)]") }
            guard let latitude = NumberText.plain(lat.utf8), let longitude = NumberText.plain(lon.utf8) else {
                throw ExchangeFault(.notFinite, path: "\(path)[\(index)]", ["text": lat + " " + lon])
            }
            raw.positions.append(Place.Position(longitude: longitude, latitude: latitude))
            raw.stamps.append(point.value("time").flatMap { reading.moment($0, at: "\(path)[\(index)]/time", &notes)?.instant })
        }
        return raw
    }
}
