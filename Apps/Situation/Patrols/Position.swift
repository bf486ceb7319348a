import Kernel

/// Where a patrol was at a moment. Positions come by the thousand and in lots; what a lot brought is one entry in the ledger.
enum Position: RecordType {
    static let app = "situation"
    /// How it came to be known.
    enum How: String, Choice { case device, reported, imported }

    static let patrol    = Key<Ref<Patrol>>("patrol", .once)
    static let at        = Key<Instant>("at", .once)
    static let place     = Key<Place>("place", .once, .fieldClass(.exact))
    /// Metres around the place.
    static let accuracy  = Key<Int?>("accuracy", .once, .range(0...500_000))
    static let how       = Key<How>("how", .once, initial: .device)
    static let component    = Key<UnitID?>("component", .systemSet)
    static let label        = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)
    static let leader       = Key<PersonID?>("leader", .systemSet)

    static let definition = Definition<Position>(
        name: "position", plural: "positions", title: patrol, subtitle: at,
        layout: [Group("position", [patrol, at, place, accuracy, how]), Group("secrecy", [component, label, compartments, leader])],
        access: [
            .allow(.read, .create, .export, to: .dutyOfficer, classes: [.ordinary, .personal, .exact]),
            .allow(.read, .export, to: .analyst, classes: [.ordinary, .personal, .exact]),
            .allow(.read, .create, to: Role("situation.patrol-leader", where: leader.isMe), classes: [.ordinary, .personal, .exact]),
        ],
        views: [ViewDefinition("of-patrol", sort: [.up(patrol), .up(at)]), ViewDefinition("newest", sort: [.down(at)])],
        columns: [patrol, at, place, how], unit: component, label: label, compartment: compartments, calendar: at, with: [.series], icon: "target")

    /// A position is as secret as its patrol.
    static func prepare(_ draft: inout Record<Position>, _ session: Session) throws {
        if let moment = draft.value(of: at), moment > session.now.adding(seconds: 900) { throw Refusal.rule("in-the-future", at, app: app) }
        guard let ref = draft.value(of: patrol), let whole = try session.asService(app).record(ref) else { return }
        draft[component] = whole[Patrol.component]
        draft[label] = whole[Patrol.label]
        draft[compartments] = whole[Patrol.compartments]
        draft[leader] = whole[Patrol.leader]
    }
}

/// The way that a patrol really went.
struct PatrolTrack: Sendable {
    struct Point: Sendable {
        let at: Instant
        let position: Place.Position
    }
    let points: [Point]

    static func of(_ patrol: Ref<Patrol>, _ session: Session, most: Int = 20_000) throws -> PatrolTrack {
        let found = try session.find(Position.self, where: Position.patrol.equals(patrol), sort: [.up(Position.patrol), .up(Position.at)], limit: most)
        // One that hides the place from the reader has none.
        return PatrolTrack(points: found.compactMap { record in record.value(of: Position.place).map { Point(at: record[Position.at], position: $0.centre) } })
    }

    /// Its newest positions, in their order.
    static func newest(_ patrol: Ref<Patrol>, _ session: Session, most: Int) throws -> PatrolTrack {
        let found = try session.find(Position.self, where: Position.patrol.equals(patrol), sort: [.down(Position.patrol), .down(Position.at)], limit: most)
        return PatrolTrack(points: found.reversed().compactMap { record in record.value(of: Position.place).map { Point(at: record[Position.at], position: $0.centre) } })
    }

    /// Metres of each leg along the ellipsoid.
    var legs: [Double] { zip(points, points.dropFirst()).map { Geodesic.distance(from: $0.position, to: $1.position) } }
    var length: Int? { points.count > 1 ? Int(legs.reduce(0, +).rounded()) : nil }
    /// Seconds from the first point to the last.
    var duration: Int { points.last.flatMap { last in points.first.map { last.at.seconds(since: $0.at) } } ?? 0 }
    /// Kilometres an hour; nil for one that took no time.
    var speed: Double? { duration > 0 ? legs.reduce(0, +) / Double(duration) * 3.6 : nil }
    var line: Place? { Place(.line, points.map(\.position)) }
}
