import Foundation
import Kernel

/// What a source says of an incident, in the incident's own fields: what an import writes, and by which it sees whether somebody changed it since.
struct IncidentContent: Hashable, Sendable {
    var summary: String
    var details: String?
    var category: Category
    var occurred: Instant
    var ended: Instant?
    var timePrecision: TimePrecision
    var place: Place?
    var placeName: String?
    /// Metres.
    var precision: Int?

    /// Reads a feature; throws what an incident cannot be without.
    init(_ feature: ExchangeFeature, _ category: Category, categoryName: String, now: Instant) throws(ExchangeFault) {
        guard feature.stamps.isEmpty else { throw ExchangeFault(.trackGiven) }
        guard let time = feature.time else { throw ExchangeFault(.timeMissing) }
        guard time.start <= now.adding(seconds: 900) else { throw ExchangeFault(.inTheFuture, ["text": time.start.iso]) }
        let title = Self.title(feature, categoryName)
        summary = title
        details = feature.description == title ? nil : feature.description
        self.category = category
        occurred = time.start
        ended = time.end
        timePrecision = TimePrecision(rawValue: time.precision.rawValue) ?? .month
        place = feature.place
        placeName = feature.placeName.map { Self.clipped($0, to: 200) }
        precision = feature.placePrecision.map { min($0, 500_000) }
    }

    init(_ incident: Record<Incident>) {
        summary = incident[Incident.summary]
        details = incident[Incident.details]?.text
        category = incident[Incident.category]
        occurred = incident[Incident.occurred]
        ended = incident[Incident.ended]
        timePrecision = incident[Incident.timePrecision]
        place = incident[Incident.place]
        placeName = incident.shownName
        precision = incident[Incident.precision]
    }

    func fill(_ incident: inout Record<Incident>) {
        incident[Incident.summary] = summary
        incident[Incident.details] = details.map { LongText($0) }
        incident[Incident.category] = category
        incident[Incident.occurred] = occurred
        incident[Incident.ended] = ended
        incident[Incident.timePrecision] = timePrecision
        incident[Incident.place] = place
        incident[Incident.placeName] = placeName
        incident[Incident.precision] = precision
    }

    /// SHA-256 of all of it, in base64.
    var digest: String {
        let positions = place.map { place in "\(place.shape.rawValue) " + place.positions.map { "\($0.longitude),\($0.latitude)" }.joined(separator: " ") }
        let parts = [
            summary, details, category.rawValue, String(occurred.microseconds), ended.map { String($0.microseconds) }, timePrecision.rawValue, positions, placeName,
            precision.map(String.init),
        ]
        return Hash(of: JSON.array(parts.map { $0.map(JSON.string) ?? .null }).bytes).description
    }

    /// The fields in which two differ, by name.
    func differences(from other: IncidentContent) -> [String] {
        [
            (Incident.summary.name, summary == other.summary), (Incident.details.name, details == other.details), (Incident.category.name, category == other.category),
            (Incident.occurred.name, occurred == other.occurred), (Incident.ended.name, ended == other.ended),
            (Incident.timePrecision.name, timePrecision == other.timePrecision), (Incident.place.name, place == other.place),
            (Incident.placeName.name, placeName == other.placeName), (Incident.precision.name, precision == other.precision),
        ].filter { !$0.1 }.map(\.0)
    }

    /// The name the source gives, else the beginning of what it tells, else its category and place.
    private static func title(_ feature: ExchangeFeature, _ category: String) -> String {
        let told = feature.name ?? feature.description ?? [feature.categories.last ?? category, feature.placeName].compactMap(\.self).joined(separator: ", ")
        let line = told.split(whereSeparator: \.isNewline).first.map(String.init) ?? category
        return clipped(line, to: 200)
    }

    private static func clipped(_ text: String, to most: Int) -> String { text.count <= most ? text : text.prefix(most - 1) + "…" }
}

extension ExchangeFeature {
    /// All that the source says, as the text of its report: nothing of a row is lost, whatever has no field of its own.
    var said: String {
        var lines = [description ?? name].compactMap(\.self)
        let rest = [("category", categories.joined(separator: " / ")), ("actors", actors.map(\.name).joined(separator: "; ")), ("sources", sources.joined(separator: "; "))]
            + properties.map { ($0.name, $0.text) }
        let told = rest.filter { !$0.1.isEmpty }.map { "\($0.0): \($0.1)" }
        if !told.isEmpty { lines.append(told.joined(separator: "\n")) }
        let text = lines.joined(separator: "\n\n")
        return text.count <= 20_000 ? text : text.prefix(19_999) + "…"
    }
}
