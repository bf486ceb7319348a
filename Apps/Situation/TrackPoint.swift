import Kernel

/// One report of where a track was: its path. Reports come by the thousand and in lots, each of which is one entry in the ledger; the track shows the newest.
enum TrackPoint: RecordType {
    static let app = "situation"

    static let track    = Key<Ref<Track>>("track", .once)
    static let at       = Key<Instant>("at", .once)
    static let place    = Key<Place>("place", .once)
    static let height   = Key<Int?>("height", .once, .range(-1_000...100_000))
    static let accuracy = Key<Int?>("accuracy", .once, .range(0...500_000))
    static let course   = Key<Int?>("course", .once, .range(0...360))
    static let speed    = Key<Int?>("speed", .once, .range(0...50_000))
    static let how      = Key<String>("how", .once, .max(64))
    static let stale    = Key<Instant>("stale", .once)
    static let sender   = Key<PersonID?>("sender", .systemSet)
    static let unit     = Key<UnitID?>("unit", .systemSet)
    static let label    = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)

    static let definition = Definition<TrackPoint>(
        name: "track-point", plural: "track-points", title: track, subtitle: at,
        layout: [Group("position", [track, at, place, height, accuracy, course, speed, how, stale]), Group("secrecy", [sender, unit, label, compartments])],
        access: [
            .allow(.read, .create, .export, to: .dutyOfficer),
            .allow(.read, .export, to: .analyst),
            .allow(.read, to: .component),
            .allow(.read, .create, to: Role("situation.point-sender", where: sender.isMe)),
        ],
        views: [ViewDefinition("of-track", sort: [.up(track), .up(at)])],
        columns: [track, at, place, course, speed], unit: unit, label: label, compartment: compartments, with: [.series],
        newest: Newest(of: track, by: at, [place, height, accuracy, course, speed, how, stale]), icon: "target")

    /// A report is as secret as its track, and whose the track is.
    static func prepare(_ draft: inout Record<TrackPoint>, _ session: Session) throws {
        guard let ref = draft.value(of: track), let whole = try session.asService(app).record(ref) else { return }
        draft[sender] = whole[Track.sender]
        draft[unit] = whole[Track.unit]
        draft[label] = whole[Track.label]
        draft[compartments] = whole[Track.compartments]
    }
}
