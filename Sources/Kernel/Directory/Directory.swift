import Foundation

/// A person known to the organisation.
public enum Person: RecordType {
    public static let app = "directory"
    public enum Tongue: String, Choice { case ar, zh, en, fr, ru, es }

    public static let name       = Key<String>("name", .searchable, .indexed)
    public static let nativeName = Key<String?>("native-name", .searchable)
    public static let handle     = Key<String>("handle", .unique, .max(60), .pattern("[a-z][a-z0-9.-]*"))
    public static let mail       = Key<String?>("mail", .indexed, .pattern("[^@\\s]+@[^@\\s]+"))
    public static let position   = Key<LocalText?>("position")
    public static let phone      = Key<String?>("phone", .max(40))
    public static let station    = Key<Ref<DutyStation>?>("station", .indexed)
    public static let unit       = Key<UnitID?>("unit", .indexed)
    public static let supervisor = Key<PersonID?>("supervisor")
    public static let language   = Key<Tongue>("language", initial: .en)
    public static let timeZone   = Key<String?>("time-zone", .max(60))
    public static let clearance  = Key<Label>("clearance", .fieldClass(.internal), initial: .unclassified)
    public static let isActive   = Key<Bool>("is-active", initial: true)
    public static let isFictional = Key<Bool>("is-fictional", initial: false)

    public static let definition = Definition<Person>(
        name: "person", plural: "people", title: name, subtitle: position,
        layout: [
            Group("who", [name, nativeName, handle, mail, phone]),
            Group("where", [position, unit, station, supervisor]),
            Group("account", [language, timeZone, clearance, isActive, isFictional]),
        ],
        access: [
            .allow(.read, to: .everyone),
            .allow(.read, .create, .change, to: .administrator, classes: [.ordinary, .personal, .internal]),
        ],
        views: [ViewDefinition("all", where: isActive.equals(true), sort: [.up(name)], columns: [name, position, unit, station])],
        columns: [name, position, unit, station], with: [.imports], icon: "people")

    public static func prepare(_ draft: inout Record<Person>, _ session: Session) throws {
        if let zone = draft[timeZone], TimeZone(identifier: zone) == nil { throw Refusal("not-a-time-zone", field: timeZone.name) }
    }
}

/// A part of the organisation.
public enum Unit: RecordType {
    public static let app = "directory"
    public static let name    = Key<LocalText>("name", .searchable)
    public static let code    = Key<String?>("code", .unique, .max(60))
    public static let parent  = Key<UnitID?>("parent", .indexed)
    public static let head    = Key<PersonID?>("head")
    public static let station = Key<Ref<DutyStation>?>("station")

    public static let definition = Definition<Unit>(
        name: "unit", plural: "units", title: name, subtitle: code, layout: [Group("unit", [name, code, parent, head, station])],
        access: [.allow(.read, to: .everyone), .allow(.read, .create, .change, to: .administrator)],
        views: [ViewDefinition("all", columns: [name, code, parent, station])], columns: [name, code, parent, station],
        with: [.imports], icon: "org")

    /// A unit cannot stand below itself.
    public static func prepare(_ draft: inout Record<Unit>, _ session: Session) throws {
        var above = draft[parent]
        for _ in 0..<32 {
            guard let id = above else { return }
            if id.id == draft.id { throw Refusal("unit-below-itself", field: parent.name) }
            above = try session.record(id)?[parent]
        }
        throw Refusal("unit-below-itself", field: parent.name)
    }
}

/// A place where the organisation works, with its time zone and working hours.
public enum DutyStation: RecordType {
    public static let app = "directory"
    public enum Sort: String, Choice { case headquarters, regional, serviceCentre = "service-centre", mission }

    public static let name     = Key<LocalText>("name", .searchable)
    public static let code     = Key<String>("code", .unique, .max(3), .pattern("[A-Z]{3}"))
    public static let kind     = Key<Sort>("kind", initial: .regional)
    public static let country  = Key<String>("country", .max(2), .pattern("[A-Z]{2}"))
    public static let timeZone = Key<String>("time-zone", .max(60))
    public static let place    = Key<Place?>("place")
    /// Lines such as "1 08:30-12:30 13:30-17:30": ISO weekday, then hours; no line: closed all day.
    public static let hours    = Key<LongText>("hours")

    public static let definition = Definition<DutyStation>(
        name: "duty-station", plural: "duty-stations", title: name, subtitle: code,
        layout: [Group("station", [name, code, kind, country, place]), Group("time", [timeZone, hours])],
        access: [.allow(.read, to: .everyone), .allow(.read, .create, .change, to: .administrator)],
        views: [ViewDefinition("all", sort: [.up(code)])], columns: [name, code, kind, country, timeZone], icon: "map")

    public static func prepare(_ draft: inout Record<DutyStation>, _ session: Session) throws {
        if let zone = draft.value(of: timeZone), TimeZone(identifier: zone) == nil { throw Refusal("not-a-time-zone", field: timeZone.name) }
        if let text = draft.value(of: hours), week(text.text) == nil { throw Refusal("not-hours", field: hours.name) }
    }

    /// Reads the hours; nil when a line is not of the form.
    static func week(_ text: String) -> [Int: [WorkingCalendar.Hours]]? {
        func minutes(_ text: Substring) -> Int? {
            let parts = text.split(separator: ":")
            guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute) else { return nil }
            return hour * 60 + minute
        }
        var week: [Int: [WorkingCalendar.Hours]] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: " ")
            guard let first = words.first, let day = Int(first), (1...7).contains(day) else { return nil }
            for word in words.dropFirst() {
                let ends = word.split(separator: "-")
                guard ends.count == 2, let start = minutes(ends[0]), let end = minutes(ends[1]) else { return nil }
                week[day, default: []].append(WorkingCalendar.Hours(start: start, end: end))
            }
        }
        return week
    }
}

/// A day on which a duty station is closed.
public enum Holiday: RecordType {
    public static let app = "directory"
    public static let name    = Key<LocalText>("name", .searchable)
    public static let station = Key<Ref<DutyStation>>("station", .indexed)
    public static let date    = Key<CalendarDate>("date", .indexed)

    public static let definition = Definition<Holiday>(
        name: "holiday", plural: "holidays", title: name, layout: [Group("holiday", [name, station, date])],
        access: [.allow(.read, to: .everyone), .allow(.read, .create, .change, to: .administrator)],
        views: [ViewDefinition("all", sort: [.up(date)])], columns: [date, name, station], calendar: date, with: [.imports], icon: "calendar")
}

/// A role given to a person: by whom it was given is in its history, until when is here.
public enum RoleGrant: RecordType {
    public static let app = "directory"
    public enum State: String, Choice { case given, withdrawn }
    public static let person       = Key<PersonID>("person", .indexed, .once)
    public static let role         = Key<String>("role", .indexed, .once, .max(80))
    public static let unit         = Key<UnitID?>("unit")
    public static let compartments = Key<String?>("compartments", .max(200))
    public static let until        = Key<Instant?>("until")
    public static let reason       = Key<String?>("reason", .max(500))

    public static let definition = Definition<RoleGrant>(
        name: "grant", plural: "grants", title: person, subtitle: role,
        layout: [Group("grant", [person, role, unit, compartments, until, reason])],
        lifecycle: Lifecycle(start: .given, phases: [.given: .active, .withdrawn: .stopped], moves: [
            Move("withdraw", from: [.given], to: .withdrawn, by: [.administrator], offers: [reason]),
        ]),
        access: [
            .allow(.read, to: Role("directory.holder", where: person.isMe)),
            .allow(.read, .create, .change, to: .administrator),
            .allow(.read, to: .auditor),
        ],
        views: [ViewDefinition("given", where: .state(State.given))], columns: [person, role, unit, until], icon: "key")

    public static func prepare(_ draft: inout Record<RoleGrant>, _ session: Session) throws {
        guard let name = draft.value(of: role) else { return }
        let known = session.platform.registry.apps.flatMap(\.roles).map(\.id) + [Role.administrator.id, Role.auditor.id]
        if !known.contains(name) { throw Refusal("no-such-role", field: role.name, ["role": name]) }
    }
}
