import Foundation
import Kernel

/// A duty station as `stations.json` has it.
struct StationContent: Decodable {
    struct Closed: Decodable {
        let date: CalendarDate
        let name: Texts
    }
    let code: String
    let name: Texts
    let kind: String
    let country: String
    let timeZone: String
    let latitude: Double, longitude: Double
    /// Segments by ISO weekday.
    let week: [String: [[String]]]
    let holidays: [Closed]

    /// The week as the record holds it: a line a day, Monday first.
    var hours: String {
        week.sorted { $0.key < $1.key }.map { day, segments in
            ([day] + segments.map { $0.joined(separator: "-") }).joined(separator: " ")
        }.joined(separator: "\n")
    }
}

/// A unit as `units.json` has it.
struct UnitContent: Decodable {
    let key: String
    let name: Texts
    let parent: String?
    let station: String
}

/// What was made so far: the stations and units that people belong to.
struct Places: Sendable {
    var stations: [String: Ref<DutyStation>] = [:]
    var units: [String: UnitID] = [:]
    /// Keys of units, each after the unit above it.
    var order: [String] = []
    var parents: [String: String] = [:]
}

/// Duty stations with their holidays, and the units with those above them.
func makePlaces(_ world: DemoWorld, at moment: Instant) async throws -> Places {
    let stations = try content([StationContent].self, "stations")
    let units = try content([UnitContent].self, "units")
    return try await world.platform.write(as: .service("demonstration"), at: moment) { session in
        var places = Places()
        for station in stations { try makeStation(station, session, &places) }
        var waiting = units
        while !waiting.isEmpty {
            let ready = waiting.filter { $0.parent == nil || places.units[$0.parent ?? ""] != nil }
            guard !ready.isEmpty else { throw Refusal("no-such-record", field: Unit.parent.name) }
            for unit in ready { try makeUnit(unit, session, &places) }
            waiting.removeAll { places.units[$0.key] != nil }
        }
        return places
    }
}

private func makeStation(_ station: StationContent, _ session: Session, _ places: inout Places) throws {
    let made = try session.create(DutyStation.self) { record in
        record[DutyStation.name] = station.name.local
        record[DutyStation.code] = station.code
        record[DutyStation.kind] = DutyStation.Sort(rawValue: station.kind) ?? .regional
        record[DutyStation.country] = station.country
        record[DutyStation.timeZone] = station.timeZone
        record[DutyStation.place] = Place(latitude: station.latitude, longitude: station.longitude)
        record[DutyStation.hours] = LongText(station.hours)
    }
    places.stations[station.code] = made.ref
    for day in station.holidays {
        try session.create(Holiday.self) { record in
            record[Holiday.name] = day.name.local
            record[Holiday.station] = made.ref
            record[Holiday.date] = day.date
        }
    }
}

private func makeUnit(_ unit: UnitContent, _ session: Session, _ places: inout Places) throws {
    let made = try session.create(Unit.self) { record in
        record[Unit.name] = unit.name.local
        record[Unit.code] = unit.key
        record[Unit.parent] = unit.parent.flatMap { places.units[$0] }
        record[Unit.station] = places.stations[unit.station]
    }
    places.units[unit.key] = made.ref
    places.order.append(unit.key)
    places.parents[unit.key] = unit.parent
}
