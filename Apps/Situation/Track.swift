import Kernel

/// Where something that moves is now, as its own device or somebody else's report says: the live picture, one record a uid and setting. What it was reported
/// at before is its path (`TrackPoint`).
enum Track: RecordType {
    static let app = "situation"
    /// The affiliation of MIL-STD-2525, as Cursor on Target writes it.
    enum Affiliation: String, Choice { case friend, assumedFriend = "assumed-friend", neutral, unknown, pending, suspect, hostile }

    static let uid      = Key<String>("uid", .indexed, .max(256))
    static let callsign = Key<String?>("callsign", .searchable, .max(100))
    /// The type of Cursor on Target, such as a-f-G-U-C.
    static let kind     = Key<String>("kind", .max(128))
    static let affiliation = Key<Affiliation>("affiliation", .systemSet, initial: .unknown)
    static let how      = Key<String>("how", .max(64))
    static let place    = Key<Place>("place")
    /// Metres above the ellipsoid, and around the place.
    static let height   = Key<Int?>("height", .range(-1_000...100_000))
    static let accuracy = Key<Int?>("accuracy", .range(0...500_000))
    /// Degrees from true north; kilometres an hour.
    static let course   = Key<Int?>("course", .range(0...360))
    static let speed    = Key<Int?>("speed", .range(0...50_000))
    static let at       = Key<Instant>("at", .indexed)
    static let stale    = Key<Instant>("stale", .indexed)
    static let isExercise = Key<Bool>("is-exercise", .systemSet, initial: false)
    /// The `opex` of an exercise or simulation.
    static let setting  = Key<String?>("setting", .max(256))
    /// One track a uid and setting, also for two servers that hear of it at the same moment.
    static let key      = Key<String>("key", .systemSet, .unique, .max(520))
    static let sender   = Key<PersonID>("sender", .systemSet, .indexed)
    static let unit     = Key<UnitID?>("unit", .systemSet)
    static let label    = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    static let definition = Definition<Track>(
        name: "track", plural: "tracks", title: uid, subtitle: callsign,
        layout: [
            Group("track", [uid, callsign, kind, affiliation, how]),
            Group("position", [place, height, accuracy, course, speed]),
            Group("time", [at, stale]),
            Group("setting", [isExercise, setting, key, sender, unit, label, compartments]),
        ],
        access: [
            .allow(.read, .create, .change, .export, to: .dutyOfficer),
            .allow(.read, .export, to: .analyst),
            .allow(.read, to: .component),
            .allow(.read, .create, .change, to: .sender),
        ],
        views: [
            ViewDefinition("now", where: stale.after().and(isExercise.equals(false)), sort: [.down(at)]),
            ViewDefinition("exercises", where: isExercise.equals(true), sort: [.down(at)]),
        ],
        columns: [uid, callsign, affiliation, at, stale], unit: unit, owner: sender, label: label, compartment: compartments, icon: "map")

    static func prepare(_ draft: inout Record<Track>, _ session: Session) throws {
        if draft.version == 0 {
            draft[sender] = PersonID(session.viewer.id)
            draft[unit] = session.viewer.unit.map { UnitID($0) }
        }
        draft[key] = key(draft[uid], draft[setting])
        draft[isExercise] = draft[setting] != nil
        draft[affiliation] = draft.value(of: kind).flatMap(CoTKind.init)?.affiliation.flatMap(Affiliation.init) ?? .unknown
    }

    static func key(_ uid: String, _ setting: String?) -> String { "\(uid) \(setting ?? "o")" }
}

extension Track.Affiliation {
    /// Of the affiliations of Cursor on Target, those that a live picture tells apart.
    init?(_ affiliation: CoTKind.Affiliation) {
        switch affiliation {
        case .friend: self = .friend
        case .assumedFriend: self = .assumedFriend
        case .neutral: self = .neutral
        case .pending: self = .pending
        case .suspect, .joker: self = .suspect
        case .hostile, .faker: self = .hostile
        case .unknown, .unspecified, .other: self = .unknown
        }
    }
}

extension Role {
    static let sender = Role("situation.sender", where: Track.sender.isMe)
}
