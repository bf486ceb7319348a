import Kernel

/// `info`, `resource` and `area` (sections 3.2.2 to 3.2.4).
extension CAPReader {
    static let infoSlots = Slot.maybe("language") + [Slot(name: "category", isRequired: true, mayRepeat: true)] + Slot.one("event") + Slot.many("responseType")
        + Slot.one("urgency", "severity", "certainty") + Slot.maybe("audience") + Slot.many("eventCode")
        + Slot.maybe("effective", "onset", "expires", "senderName", "headline", "description", "instruction", "web", "contact")
        + Slot.many("parameter", "resource", "area")
    static let resourceSlots = Slot.one("resourceDesc", "mimeType") + Slot.maybe("size", "uri", "derefUri", "digest")
    static let areaSlots = Slot.one("areaDesc") + Slot.many("polygon", "circle", "geocode") + Slot.maybe("altitude", "ceiling")

    mutating func info(_ element: XML.Element, path: String) -> CAPAlert.Info {
        let parts = self.parts(element, Self.infoSlots, path: path)
        var info = CAPAlert.Info(
            categories: choices(parts, "category"), event: text(parts, "event") ?? "", urgency: choice(parts, "urgency") ?? .unknown,
            severity: choice(parts, "severity") ?? .unknown, certainty: certainty(parts))
        info.language = text(parts, "language")?.trimmedOfSpace ?? "en-US"
        info.responseTypes = choices(parts, "responseType")
        info.audience = text(parts, "audience")
        info.eventCodes = named(parts, "eventCode")
        info.effective = time(parts, "effective")
        info.onset = time(parts, "onset")
        info.expires = time(parts, "expires")
        info.senderName = text(parts, "senderName")
        info.headline = text(parts, "headline")
        info.description = text(parts, "description")
        info.instruction = text(parts, "instruction")
        info.web = text(parts, "web")?.trimmedOfSpace
        info.contact = text(parts, "contact")
        info.parameters = named(parts, "parameter")
        info.resources = (parts["resource"] ?? []).map { resource($0.element, path: $0.path) }
        info.areas = (parts["area"] ?? []).map { area($0.element, path: $0.path) }
        return info
    }

    /// For compatibility with CAP 1.0, `Very Likely` is `Likely` (3.2.2).
    private mutating func certainty(_ parts: Parts) -> CAPAlert.Info.Certainty {
        if let (element, own) = parts["certainty"]?.first, element.text == "Very Likely" {
            note(.deprecated, own, element.text)
            return .likely
        }
        return choice(parts, "certainty") ?? .unknown
    }

    private mutating func resource(_ element: XML.Element, path: String) -> CAPAlert.Resource {
        let parts = self.parts(element, Self.resourceSlots, path: path)
        return CAPAlert.Resource(
            description: text(parts, "resourceDesc") ?? "", mimeType: text(parts, "mimeType") ?? "", size: integer(parts, "size"),
            uri: text(parts, "uri")?.trimmedOfSpace, derefURI: text(parts, "derefUri"), digest: text(parts, "digest")?.trimmedOfSpace)
    }

    private mutating func area(_ element: XML.Element, path: String) -> CAPAlert.Area {
        let parts = self.parts(element, Self.areaSlots, path: path)
        var area = CAPAlert.Area(description: text(parts, "areaDesc") ?? "")
        area.polygons = (parts["polygon"] ?? []).map { CAPAlert.Polygon(text: $0.element.text) }
        area.circles = (parts["circle"] ?? []).map { CAPAlert.Circle(text: $0.element.text) }
        area.geocodes = named(parts, "geocode")
        area.altitude = decimal(parts, "altitude")
        area.ceiling = decimal(parts, "ceiling")
        return area
    }
}

extension CAPAlert.Polygon {
    /// Pairs `latitude,longitude` between white space; empty for anything else.
    init(text: String) {
        let words = text.wordsBetweenSpace
        let found = words.compactMap(Place.Position.init(pair:))
        positions = found.count == words.count ? found : []
    }

    var text: String { positions.map(\.pair).joined(separator: " ") }
}

extension CAPAlert.Circle {
    /// `latitude,longitude radius`; a radius that is no number for anything else.
    init(text: String) {
        let words = text.wordsBetweenSpace
        if words.count == 2, let centre = Place.Position(pair: words[0]), let radius = Decimals.read(words[1]) {
            (self.centre, self.radius) = (centre, radius)
        } else {
            (centre, radius) = (Place.Position(longitude: 0, latitude: 0), .nan)
        }
    }

    var text: String { "\(centre.pair) \(Decimals.text(radius, pointed: true))" }
}

extension Place.Position {
    /// Reads `latitude,longitude`; whether it is on the earth is asked elsewhere.
    init?(pair: String) {
        let parts = pair.split(separator: ",", omittingEmptySubsequences: false)
        guard parts.count == 2, let latitude = Decimals.read(parts[0]), let longitude = Decimals.read(parts[1]) else { return nil }
        self.init(longitude: longitude, latitude: latitude)
    }

    var pair: String { "\(Decimals.text(latitude)),\(Decimals.text(longitude))" }

    /// WGS 84 in degrees (section 3.3.1).
    var isOnEarth: Bool { abs(latitude) <= 90 && abs(longitude) <= 180 }
}
