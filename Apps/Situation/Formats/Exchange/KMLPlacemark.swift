import Kernel

/// One Placemark (OGC 07-147r2 §9.11).
struct KMLPlacemark {
    let element: XML.Element
    let folders: [String]
    let fields: FieldReader
    let source: ExchangeSource

    func read(_ notes: inout RowNotes) throws(ExchangeFault) -> [ExchangeFeature] {
        var feature = ExchangeFeature()
        feature.sourceID = element["id"].flatMap { TextCheck.id($0, at: "id", &notes) }
        feature.name = element.value("name").flatMap { TextCheck.line($0, at: "name", &notes) }
        feature.description = element.value("description").flatMap { TextCheck.text(PlainText.withoutTags($0), at: "description", &notes) }
        feature.time = time(&notes)
        var properties: [ExchangeProperty] = []
        if !folders.isEmpty { properties.append(ExchangeProperty("folder", .string(folders.joined(separator: " / ")))) }
        for name in ["address", "phoneNumber", "Snippet", "snippet"] {
            if let text = element.value(name) { properties.append(ExchangeProperty(name, .string(text))) }
        }
        properties += Self.data(of: element)
        guard properties.count <= source.limits.properties else {
            throw ExchangeFault(.tooManyProperties, path: "ExtendedData", ["most": String(source.limits.properties)])
        }
        let clean = properties.compactMap { property in
            TextCheck.value(property.value, at: property.name, &notes).map { ExchangeProperty(property.name, $0) }
        }
        fields.apply(clean, to: &feature, &notes)
        var shapes: [RawShape] = []
        for child in element.children { try KMLGeometry.shapes(child, "", 0, &shapes, &notes) }
        return try ShapeChecker(source: source).features(feature, shapes, &notes)
    }

    /// §9.2: untyped Data with a value, and SimpleData of a schema, which stays text.
    static func data(of element: XML.Element) -> [ExchangeProperty] {
        guard let extended = element.first("ExtendedData") else { return [] }
        return extended.children.flatMap { child -> [ExchangeProperty] in
            switch child.name {
            case "Data": child["name"].map { [ExchangeProperty(PlainText.name($0), .string(child.value("value") ?? ""))] } ?? []
            case "SchemaData":
                child.children.compactMap { simple in
                    simple.name == "SimpleData" ? simple["name"].map { ExchangeProperty(PlainText.name($0), .string(NumberText.trimmed(simple.text))) } : nil
                }
            default: child.leaves.map { ExchangeProperty(PlainText.name($0.name), .string(NumberText.trimmed($0.text))) }
            }
        }
    }

    /// §15: TimeStamp/when, or TimeSpan with begin, end or both.
    private func time(_ notes: inout RowNotes) -> ExchangeTime? {
        let reading = TimeReading(source: source)
        if let when = element.first("TimeStamp")?.value("when") {
            return reading.moment(when, at: "TimeStamp/when", &notes).map { ExchangeTime($0.instant, precision: $0.precision) }
        }
        guard let span = element.first("TimeSpan") else { return nil }
        let begin = span.value("begin").flatMap { reading.moment($0, at: "TimeSpan/begin", &notes) }
        let end = span.value("end").flatMap { reading.moment($0, at: "TimeSpan/end", &notes) }
        // A span open to the past is known by its end alone.
        guard let first = begin ?? end else { return nil }
        return TimeReading.time(first, end, at: "TimeSpan", &notes)
    }
}

/// The geometries of a Placemark (§10) and Google's tracks (gx:Track, gx:MultiTrack).
enum KMLGeometry {
    static func shapes(_ element: XML.Element, _ path: String, _ depth: Int, _ out: inout [RawShape], _ notes: inout RowNotes) throws(ExchangeFault) {
        let path = path.isEmpty ? element.name : path + "/" + element.name
        switch element.name {
        case "Point":
            let positions = try coordinates(of: element, path, &notes)
            guard positions.count == 1 else { throw ExchangeFault(positions.isEmpty ? .emptyGeometry : .badPosition, path: path, ["count": String(positions.count)]) }
            out.append(RawShape(shape: .point, positions: positions, path: path))
        case "LineString", "LinearRing": out.append(RawShape(shape: .line, positions: try coordinates(of: element, path, &notes), path: path))
        case "Polygon":
            guard let ring = element.first("outerBoundaryIs")?.first("LinearRing") else { throw ExchangeFault(.memberMissing, path: path, ["member": "outerBoundaryIs"]) }
            let inner = path + "/outerBoundaryIs/LinearRing"
            let holes = element.children.count { $0.name == "innerBoundaryIs" }
            out.append(RawShape(shape: .area, positions: try coordinates(of: ring, inner, &notes), holes: holes, path: inner))
        case "MultiGeometry", "MultiTrack":
            guard depth < notes.source.limits.nesting else { throw ExchangeFault(.nestedTooDeep, path: path, ["most": String(notes.source.limits.nesting)]) }
            for child in element.children { try shapes(child, path, depth + 1, &out, &notes) }
        case "Track": out.append(try track(element, path, &notes))
        case "Model": notes.note(.notKept, at: path, ["kind": "Model"])
        default: break
        }
        guard out.count <= notes.source.limits.parts else { throw ExchangeFault(.tooManyParts, path: path, ["most": String(notes.source.limits.parts)]) }
    }

    /// §16.9: tuples of longitude, latitude and perhaps altitude, white space between tuples and none within.
    private static func coordinates(of element: XML.Element, _ path: String, _ notes: inout RowNotes) throws(ExchangeFault) -> [Place.Position] {
        var positions: [Place.Position] = []
        guard let child = element.first("coordinates") else { throw ExchangeFault(.memberMissing, path: path, ["member": "coordinates"]) }
        for tuple in child.text.utf8.split(whereSeparator: XML.isSpace) {
            try notes.spend(1)
            positions.append(try position(tuple.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false), "\(path)/coordinates[\(positions.count)]"))
        }
        return positions
    }

    private static func position(_ parts: [Substring.UTF8View], _ path: @autoclosure () -> String) throws(ExchangeFault) -> Place.Position {
        let text = { parts.map { String(decoding: $0.prefix(40), as: UTF8.self) }.joined(separator: ",") }
        guard parts.count == 2 || parts.count == 3 else { throw ExchangeFault(.badPosition, path: path(), ["text": text()]) }
        guard let longitude = NumberText.plain(parts[0]), let latitude = NumberText.plain(parts[1]) else { throw ExchangeFault(.notFinite, path: path(), ["text": text()]) }
        return Place.Position(longitude: longitude, latitude: latitude)
    }

    /// As many `when` as `gx:coord`, in the same order; either may be empty for a moment without a position or a position without a moment.
    private static func track(_ element: XML.Element, _ path: String, _ notes: inout RowNotes) throws(ExchangeFault) -> RawShape {
        let children = element.children
        let whens = children.filter { $0.name == "when" }, coords = children.filter { $0.name == "coord" }
        guard whens.count == coords.count || whens.isEmpty else {
            throw ExchangeFault(.unevenTrack, path: path, ["times": String(whens.count), "positions": String(coords.count)])
        }
        let reading = TimeReading(source: notes.source)
        var positions: [Place.Position] = [], stamps: [Instant?] = []
        for (index, coord) in coords.enumerated() {
            let parts = coord.text.utf8.split(whereSeparator: XML.isSpace)
            if parts.isEmpty { continue }
            try notes.spend(1)
            positions.append(try position(parts, "\(path)/coord[\(index)]"))
            let when = whens.isEmpty ? "" : NumberText.trimmed(whens[index].text)
            stamps.append(when.isEmpty ? nil : reading.moment(when, at: "\(path)/when[\(index)]", &notes)?.instant)
        }
        return RawShape(shape: positions.count == 1 ? .point : .line, positions: positions, stamps: stamps, path: path)
    }
}
