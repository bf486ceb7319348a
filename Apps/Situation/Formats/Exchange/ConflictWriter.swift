import Foundation
import Kernel

/// Writes features as ACLED or UCDP GED tables. What came from such a table goes back into it; what did not leaves empty the columns it does not know.
struct ConflictWriter {
    private let format: ExchangeFormat
    private let zone: TimeZone

    /// - Parameters:
    ///   - format: `acled` or `ged`; nil for any other.
    ///   - zone: the zone whose days the dates are.
    init?(_ format: ExchangeFormat, zone: TimeZone) {
        guard format == .acled || format == .ged else { return nil }
        self.format = format
        self.zone = zone
    }

    var header: [UInt8] { CSV.line(format == .acled ? ConflictTable.acled : ConflictTable.ged) }

    func line(_ feature: ExchangeFeature) -> [UInt8] {
        let known = format == .acled ? acled(feature) : ged(feature)
        return CSV.line((format == .acled ? ConflictTable.acled : ConflictTable.ged).map { known[$0] ?? Self.text(feature, $0) })
    }

    /// A whole file, with the byte order mark by which spreadsheets know UTF-8.
    func file(_ features: some Sequence<ExchangeFeature>) -> [UInt8] {
        features.reduce(into: [0xef, 0xbb, 0xbf] + header) { $0 += line($1) }
    }

    private static func text(_ feature: ExchangeFeature, _ name: String) -> String { feature.properties.first { $0.name == name }?.text ?? "" }

    private func acled(_ feature: ExchangeFeature) -> [String: String] {
        var cells = common(feature, id: "event_id_cnty", best: "fatalities")
        if let time = feature.time {
            let day = time.days(in: zone).first
            cells["event_date"] = day.iso
            cells["year"] = String(day.year)
            cells["time_precision"] = ConflictTable.acledTimeCode(time.precision)
        }
        if feature.categories.count > 0 { cells["event_type"] = feature.categories[0] }
        if feature.categories.count > 1 { cells["sub_event_type"] = feature.categories[1] }
        cells["location"] = feature.placeName
        cells["source"] = feature.sources.joined(separator: "; ")
        cells["notes"] = feature.description ?? feature.name
        cells["geo_precision"] = feature.placePrecision.flatMap { ConflictTable.code(forMetres: $0, in: ConflictTable.acledMetres) }
        // Actors of other sources take the two places there are.
        let others = feature.actors.filter { !["actor1", "assoc_actor_1", "actor2", "assoc_actor_2"].contains($0.role) }
        for (column, actor) in zip(["actor1", "actor2"].filter { cells[$0] == nil }, others) { cells[column] = actor.name }
        return cells
    }

    private func ged(_ feature: ExchangeFeature) -> [String: String] {
        var cells = common(feature, id: "id", best: "best")
        if let time = feature.time {
            let days = time.days(in: zone)
            let own = (year: Self.text(feature, "year"), precision: Self.text(feature, "date_prec"))
            (cells["date_start"], cells["date_end"]) = (days.first.iso, days.last.iso)
            cells["year"] = own.year.isEmpty ? String(days.first.year) : own.year
            cells["date_prec"] = !own.precision.isEmpty ? own.precision : ConflictTable.gedTimeCode(time.precision, isRange: days.first != days.last)
        }
        cells["type_of_violence"] = feature.categories.lazy.compactMap { text in ConflictTable.violence.first { $0.value == text }?.key }.first
        cells["where_coordinates"] = feature.placeName
        cells["where_prec"] = feature.placePrecision.flatMap { ConflictTable.code(forMetres: $0, in: ConflictTable.gedMetres) }
        cells["source_article"] = feature.sources.joined(separator: ";")
        cells["low"] = feature.fatalities?.low.map(String.init)
        cells["high"] = feature.fatalities?.high.map(String.init)
        if cells["geom_wkt"] == nil, let longitude = cells["longitude"], let latitude = cells["latitude"], Self.text(feature, "geom_wkt").isEmpty {
            cells["geom_wkt"] = "POINT (\(longitude) \(latitude))"
        }
        let others = feature.actors.filter { !["side_a", "side_b"].contains($0.role) }
        for (column, actor) in zip(["side_a", "side_b"].filter { cells[$0] == nil }, others) { cells[column] = actor.name }
        return cells
    }

    private func common(_ feature: ExchangeFeature, id: String, best: String) -> [String: String] {
        var cells: [String: String] = [:]
        cells[id] = feature.sourceID
        if let place = feature.place {
            cells["latitude"] = String(place.centre.latitude)
            cells["longitude"] = String(place.centre.longitude)
        }
        cells[best] = feature.fatalities?.best.map(String.init)
        for actor in feature.actors { cells[actor.role] = (cells[actor.role].map { $0 + "; " } ?? "") + actor.name }
        return cells
    }
}
