import Kernel

extension CoTEvent {
    /// Reads one event in XML. Heights and errors that are missing count as unknown; everything else the schema requires is required.
    init(xml bytes: [UInt8]) throws(Fault) {
        let root: XML.Element
        do { root = try XMLReader.element(bytes, limits: Self.limits) } catch { throw .xml(error) }
        try self.init(root)
    }

    init(_ root: XML.Element) throws(Fault) {
        guard root.name == "event" else { throw .notEvent(root.name) }
        let version = try Self.required(root, "version")
        guard let number = Decimals.read(version), number >= 2, number < 3 else { throw .malformed("version", version) }
        guard let point = root.first("point") else { throw .missing("point") }
        try self.init(
            uid: Self.required(root, "uid"), type: Self.required(root, "type"), how: Self.required(root, "how"), time: Self.moment(root, "time"),
            start: Self.moment(root, "start"), stale: Self.moment(root, "stale"), point: Point(point))
        (access, qos, opex) = (root["access"], root["qos"], root["opex"])
        (caveat, releasableTo) = (root["caveat"], root["releasableTo"])
        detail = Detail(root.children.filter { $0.name == "detail" }.flatMap(\.children))
        try check()
    }

    private static func required(_ element: XML.Element, _ name: String) throws(Fault) -> String {
        guard let text = element[name], !text.isEmpty else { throw .missing(name) }
        return text
    }

    /// ISO 8601 with a zone; any number of digits after the point (clarification 3 of the schema).
    private static func moment(_ element: XML.Element, _ name: String) throws(Fault) -> Instant {
        let text = try required(element, name)
        guard let instant = Instant(iso: text.trimmedOfSpace) else { throw .malformed(name, text) }
        return instant
    }

    /// The forms of the schema, and lengths that a list of tracks can bear. For events read in whatever encoding.
    func check() throws(Fault) {
        for (name, text, most) in [("uid", uid, 256), ("type", type, 128), ("how", how, 64)] {
            guard !text.isEmpty else { throw .missing(name) }
            guard text.utf8.count <= most, Self.isPlain(text) else { throw .malformed(name, text) }
        }
        guard CoTKind(type) != nil else { throw .malformed("type", type) }
        guard let words = CoTKind.words(how), words[0].count == 1 else { throw .malformed("how", how) }
        for (name, text) in [("access", access), ("qos", qos), ("opex", opex), ("caveat", caveat), ("releasableTo", releasableTo)] {
            guard text?.utf8.count ?? 0 <= 256, Self.isPlain(text ?? "") else { throw .malformed(name, text ?? "") }
        }
        guard abs(point.position.latitude) <= 90 else { throw .malformed("lat", "\(point.position.latitude)") }
        guard abs(point.position.longitude) <= 180 else { throw .malformed("lon", "\(point.position.longitude)") }
    }

    /// No control characters, and nothing that XML cannot carry.
    static func isPlain(_ text: String) -> Bool {
        text.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control && XML.isCharacter($0) }
    }

    /// The event as a document. With the declaration and a line feed before it is what TAK servers take from a stream; nothing follows it.
    func xml(declared: Bool = true) throws(Fault) -> String {
        do { return try XMLWriter.text(element, declared: declared) } catch { throw .writing(error) }
    }

    var element: XML.Element {
        let attributes = [
            ("version", "2.0"), ("uid", uid), ("type", type), ("time", time.iso), ("start", start.iso), ("stale", stale.iso), ("how", how), ("access", access),
            ("qos", qos), ("opex", opex), ("caveat", caveat), ("releasableTo", releasableTo),
        ].compactMap { name, value in value.map { XML.Attribute(name: name, value: $0) } }
        return XML.Element("event", attributes, content: [.element(point.element), .element(XML.Element("detail", detail.elements))])
    }
}

extension CoTEvent.Point {
    fileprivate init(_ element: XML.Element) throws(CoTEvent.Fault) {
        func number(_ name: String) throws(CoTEvent.Fault) -> Double? {
            guard let text = element[name] else { return nil }
            guard let value = Decimals.read(text.trimmedOfSpace, exponent: true) else { throw .malformed(name, text) }
            return value
        }
        guard let latitude = try number("lat") else { throw .missing("lat") }
        guard let longitude = try number("lon") else { throw .missing("lon") }
        position = Place.Position(longitude: longitude, latitude: latitude)
        height = try number("hae").flatMap(Self.known)
        circularError = try number("ce").flatMap(Self.knownError)
        linearError = try number("le").flatMap(Self.knownError)
    }

    fileprivate var element: XML.Element {
        func attribute(_ name: String, _ value: Double) -> XML.Attribute { XML.Attribute(name: name, value: Decimals.text(value, pointed: true)) }
        return XML.Element("point", [
            attribute("lat", position.latitude), attribute("lon", position.longitude), attribute("hae", height ?? Self.unknown),
            attribute("ce", circularError ?? Self.unknown), attribute("le", linearError ?? Self.unknown),
        ])
    }
}
