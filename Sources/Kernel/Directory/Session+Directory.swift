import Foundation

extension Session {
    /// An active person with what they hold; for the platform's own use.
    func viewer(of id: RecordID) throws -> Viewer? {
        guard let row = try reader.row(platform.schema(of: Person.self), id) else { return nil }
        let person = Record<Person>(row)
        guard person[Person.isActive] else { return nil }
        let given = Condition.all([RoleGrant.person.equals(Ref(id)), .state(RoleGrant.State.given)])
        let grants = try reader.rows(Query(platform.schema(of: RoleGrant.self), where: given, limit: 200)).map(Record<RoleGrant>.init)
        let station = try person[Person.station].flatMap { try reader.row(platform.schema(of: DutyStation.self), $0.id) }
        let zone = person[Person.timeZone] ?? station?.text("time-zone") ?? "UTC"
        return Viewer(
            id: id, name: person[Person.name], language: Language(rawValue: person[Person.language].rawValue) ?? .en,
            timeZone: TimeZone(identifier: zone) ?? .gmt, clearance: person[Person.clearance],
            grants: try grants.map { grant in
                Grant(
                    role: grant[RoleGrant.role], units: try grant[RoleGrant.unit].map { try unitsBelow($0.id) },
                    compartments: Set((grant[RoleGrant.compartments] ?? "").split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }),
                    until: grant[RoleGrant.until])
            },
            openings: try openings(of: id), station: person[Person.station]?.id, unit: person[Person.unit]?.id)
    }

    private func openings(of person: RecordID) throws -> [Viewer.Opening] {
        let claim = Condition.all([Opening.person.equals(PersonID(person)), .state(Opening.State.given), Opening.until.greater(than: now)])
        return try reader.rows(Query(platform.schema(of: Opening.self), where: claim, limit: 1_000)).map(Record<Opening>.init).compactMap { opening in
            RecordID(opening[Opening.record]).map { Viewer.Opening(record: $0, classes: opening[Opening.scope].classes, until: opening[Opening.until]) }
        }
    }

    /// Opens a record to a person for a time. That it may be opened is the rule of the app whose record it is; the entry is in the ledger under its name.
    public func open(_ row: Row, to person: PersonID, scope: Opening.Scope, until: Instant, reason: String?) throws -> Record<Opening> {
        try asService(row.schema.app).create(Opening.self) {
            $0[Opening.person] = person
            $0[Opening.record] = row.id.description
            $0[Opening.reference] = row.reference ?? row.id.description
            $0[Opening.scope] = scope
            $0[Opening.until] = until
            $0[Opening.reason] = reason
            $0[Opening.givenBy] = PersonID(viewer.id)
        }
    }

    /// What another person may read now: for those who release, before they do.
    public func access(of person: PersonID) throws -> Access? { try viewer(of: person.id).map { Access($0, at: now) } }

    /// The active persons among the ids, and the active members of the units among them.
    public func members(of ids: [RecordID]) throws -> [RecordID] {
        guard !ids.isEmpty else { return [] }
        let named = Condition.any([.oneOf("id", ids.map(Value.reference)), Person.unit.isOneOf(ids.map { UnitID($0) })])
        let query = Query(platform.schema(of: Person.self), where: Person.isActive.equals(true).and(named), sort: [.up(Person.name)], limit: 5_000)
        return try reader.rows(query).map(\.id)
    }

    /// The units, with all units below them.
    public func withUnitsBelow(_ ids: [RecordID]) throws -> [RecordID] { try ids.flatMap(unitsBelow) }

    /// The unit and all units below it.
    func unitsBelow(_ id: RecordID) throws -> [RecordID] {
        let children = try platform.cachedUnits(since: turn) {
            let rows = try reader.rows(Query(platform.schema(of: Unit.self), limit: 100_000))
            return Dictionary(grouping: rows.filter { $0.id("parent") != nil }, by: { $0.id("parent") ?? id }).mapValues { $0.map(\.id) }
        }
        var found = [id], next = 0
        while next < found.count {
            for child in children[found[next]] ?? [] where !found.contains(child) { found.append(child) }
            next += 1
        }
        return found
    }

    /// The working calendar of a duty station: its hours, its zone, its holidays.
    public func calendar(of station: Ref<DutyStation>) throws -> WorkingCalendar? {
        try platform.cachedCalendar(station.id, since: turn) {
            guard let row = try reader.row(platform.schema(of: DutyStation.self), station.id) else { return nil }
            let record = Record<DutyStation>(row)
            let days = try reader.rows(Query(platform.schema(of: Holiday.self), where: Holiday.station.equals(station), limit: 10_000))
            return WorkingCalendar(
                name: record[DutyStation.code], version: record.version, timeZone: record[DutyStation.timeZone],
                week: DutyStation.week(record[DutyStation.hours].text) ?? [:],
                holidays: Set(days.compactMap { if case .date(let date) = $0["date"] { date } else { nil } }))
        }
    }
}
