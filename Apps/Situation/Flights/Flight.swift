import Kernel

/// A flight of an unmanned aircraft: planned, flown, and what its camera looked at (A/75/6, foreword: micro-UAVs; MISB ST 0601).
enum Flight: RecordType {
    static let app = "situation"
    enum State: String, Choice { case planned, airborne, flown, cancelled }

    static let purpose  = Key<String>("purpose", .searchable)
    static let aircraft = Key<String>("aircraft", .searchable, .max(80))
    static let tail     = Key<String?>("tail", .searchable, .max(40))
    static let pilot    = Key<PersonID?>("pilot", .indexed)
    static let unit     = Key<UnitID?>("unit", .indexed)
    /// Where it is to fly, and how high at most: metres above the ground.
    static let area     = Key<Place?>("area")
    static let ceiling  = Key<Int?>("ceiling", .range(0...20_000))
    static let begins   = Key<Instant>("begins", .indexed)
    static let ends     = Key<Instant>("ends")
    static let tookOff  = Key<Instant?>("took-off", .systemSet)
    static let landed   = Key<Instant?>("landed", .systemSet)
    static let reason   = Key<LongText?>("reason", .max(2_000))
    /// Where the film is kept: films are too large for attachments.
    static let film     = Key<String?>("film", .max(500), .pattern("https://[^\\s<>\"]+"))

    static let track     = Key<Place?>("track", .systemSet)
    static let footprint = Key<Place?>("footprint", .systemSet)
    /// Metres along the track.
    static let distance  = Key<Int?>("distance", .systemSet)
    static let packets   = Key<Int?>("packets", .systemSet)
    /// The file that the metadata came from, and what was read of it.
    static let source    = Key<[FileRef]>("source", .systemSet)

    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    static let definition = Definition<Flight>(
        name: "flight", plural: "flights", numbering: "UAV-{year}-{00000}", title: purpose, subtitle: aircraft,
        layout: [
            Group("flight", [purpose, aircraft, tail, pilot, unit]),
            Group("plan", [begins, ends, area, ceiling]),
            Group("flown", [tookOff, landed, track, distance, footprint, packets, film, source, reason]),
            Group("secrecy", [label, compartments]),
        ],
        lifecycle: lifecycle, access: access, views: views, columns: [purpose, aircraft, unit, begins, pilot],
        unit: unit, owner: pilot, label: label, compartment: compartments, calendar: begins, with: [.comments, .attachments, .watchers], icon: "cam",
        tellings: [.why(distance, FlightWorking.distance), .why(footprint, FlightWorking.footprint)])

    static let lifecycle = Lifecycle<Flight>(
        start: .planned, phases: [.planned: .fresh, .airborne: .active, .flown: .done, .cancelled: .stopped],
        moves: [
            Move("take-off", from: [.planned], to: .airborne, by: [.dutyOfficer, .pilot, .flyer]) { $0[tookOff] = $1.now },
            Move("land", from: [.airborne], to: .flown, by: [.dutyOfficer, .pilot, .flyer]) { $0[landed] = $1.now },
            Move("cancel", from: [.planned], to: .cancelled, by: [.dutyOfficer, .pilot, .flyer], asks: [reason]),
        ])

    static let access: [Rule] = [
        .allow(.read, .create, .change, .comment, .export, to: .dutyOfficer, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .create, .change, .comment, to: .pilot),
        .allow(.read, .change, .comment, to: .flyer),
        .allow(.read, .comment, .export, to: .analyst, classes: [.ordinary, .personal, .internal]),
        .allow(.read, to: .component),
    ]

    static let views = [
        ViewDefinition("now", where: .state(State.airborne), sort: [.down(begins)]),
        ViewDefinition("planned", where: .state(State.planned), sort: [.up(begins)]),
        ViewDefinition("flown", where: .state(State.flown), sort: [.down(begins)]),
        ViewDefinition("mine", where: pilot.isMe, sort: [.down(begins)]),
    ]

    static func prepare(_ draft: inout Record<Flight>, _ session: Session) throws {
        if draft.version == 0 {
            if draft[pilot] == nil, session.access.holds(.pilot), !session.viewer.isService { draft[pilot] = PersonID(session.viewer.id) }
            if draft[unit] == nil { draft[unit] = session.viewer.unit.map { UnitID($0) } }
        }
        if let start = draft.value(of: begins), let end = draft.value(of: ends), end <= start { throw Refusal.rule("flight-ends-first", ends, app: app) }
        if let shape = draft[area]?.shape, shape != .area { throw Refusal.rule("flight-area", area, app: app) }
    }
}

extension Role {
    /// Flies unmanned aircraft for a unit.
    static let pilot = Role("situation.pilot")
    /// Flies or has flown this one.
    static let flyer = Role("situation.flyer", where: Flight.pilot.isMe)
}
