import Foundation
import Kernel

/// The fields of a feature under the names by which `FieldMapping.suggested` knows them again, for formats that have no place of their own for them.
struct FeatureFields {
    /// Names and texts in order; several texts for categories.
    private(set) var list: [(name: String, texts: [String])] = []

    /// - Parameters:
    ///   - zone: days are written as those of this zone's calendar.
    ///   - own: what the format has its own place for.
    init(_ feature: ExchangeFeature, zone: TimeZone, without own: Set<ExchangeField> = []) {
        func put(_ field: ExchangeField, _ texts: String?...) {
            let texts = texts.compactMap(\.self)
            if !texts.isEmpty, !own.contains(field) { list.append((field.rawValue, texts)) }
        }
        put(.id, feature.sourceID)
        put(.name, feature.name)
        put(.description, feature.description)
        if !own.contains(.category), !feature.categories.isEmpty { list.append((ExchangeField.category.rawValue, feature.categories)) }
        if let time = feature.time {
            let days = time.days(in: zone)
            let isInstant = time.precision <= .hour
            put(.start, isInstant ? time.start.iso : days.first.iso)
            if let end = time.end { put(.end, isInstant ? end.iso : days.last.iso) }
            put(.timePrecision, time.precision.rawValue)
        }
        put(.placeName, feature.placeName)
        put(.placePrecision, feature.placePrecision.map(String.init))
        var roles: [String] = []
        for actor in feature.actors where !roles.contains(actor.role) { roles.append(actor.role) }
        if !own.contains(.actor) {
            for role in roles { list.append((role, [feature.actors.filter { $0.role == role }.map(\.name).joined(separator: "; ")])) }
        }
        put(.best, feature.fatalities?.best.map(String.init))
        put(.low, feature.fatalities?.low.map(String.init))
        put(.high, feature.fatalities?.high.map(String.init))
        if !feature.sources.isEmpty { put(.source, feature.sources.joined(separator: "; ")) }
    }

    /// The fields and then the properties, whose names give way where they are taken.
    func members(_ properties: [ExchangeProperty]) -> [(name: String, value: JSON)] {
        var taken: Set<String> = [], out: [(String, JSON)] = []
        func put(_ name: String, _ value: JSON) {
            var name = name
            while !taken.insert(name).inserted { name += "_" }
            out.append((name, value))
        }
        for (name, texts) in list { put(name, texts.count == 1 ? value(name, texts[0]) : .array(texts.map(JSON.string))) }
        for property in properties { put(property.name, property.value) }
        return out
    }

    private func value(_ name: String, _ text: String) -> JSON {
        let counts: [ExchangeField] = [.best, .low, .high, .placePrecision]
        if counts.contains(where: { $0.rawValue == name }), let number = Int64(text) { return .integer(number) }
        return .string(text)
    }
}
