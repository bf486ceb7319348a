import Kernel

/// When the first patrol was there: the first position within reach of an incident after it was reported. What a person typed counts where no patrol has positions.
struct Arrival: Sendable {
    let at: Instant
    let patrol: Ref<Patrol>
    /// Metres along the ellipsoid.
    let distance: Double

    /// Metres within which a patrol was there.
    static let near = 1_000
    /// An incident placed roughly is reached within what is known of its place; never from farther than this.
    static let farthest = 10_000
    /// Whoever comes later did not come because of it.
    static let days = 7
    /// Positions that are looked through at most, of a week and a box of some kilometres.
    private static let most = 20_000

    static func reach(of incident: Record<Incident>) -> Int {
        min(farthest, max(near, (incident.value(of: Incident.precision) ?? nil) ?? 0))
    }

    /// The first that was there, of what the session may read and of patrols no more secret than the incident: the moment would tell of them.
    static func first(at incident: Record<Incident>, _ session: Session) throws -> Arrival? { try all(at: incident, session).min { $0.at < $1.at } }

    /// For each patrol that was there its first position in reach.
    static func all(at incident: Record<Incident>, _ session: Session) throws -> [Arrival] {
        guard let centre = (incident.value(of: Incident.place) ?? nil)?.centre, let reported = incident[Incident.reportedAt], reported < session.now else { return [] }
        let circle = Circle(centre: centre, radius: Double(reach(of: incident)))
        let claim = Condition.all([
            Position.at.atLeast(reported), Position.at.atMost(reported.adding(days: days)), Position.place.within(circle.box),
            Position.label.isOneOf(Label.allCases.filter { $0 <= incident[Incident.label] }), Position.compartments.hasOnly(incident[Incident.compartments]),
        ])
        var firsts: [RecordID: Arrival] = [:]
        for position in try session.find(Position.self, where: claim, sort: [.up(Position.at)], limit: most) {
            guard let there = position.value(of: Position.place)?.centre, firsts[position[Position.patrol].id] == nil else { continue }
            let away = Geodesic.distance(from: centre, to: there)
            if away <= circle.radius { firsts[position[Position.patrol].id] = Arrival(at: position[Position.at], patrol: position[Position.patrol], distance: away) }
        }
        return firsts.values.sorted { ($0.at, $0.patrol.id) < ($1.at, $1.patrol.id) }
    }

    // MARK: Kept with the incident

    /// The incident is where it was not, was reported at another moment, or is more or less secret: what was there is looked up anew.
    static func keep(_ draft: inout Record<Incident>, _ session: Session) throws {
        let rules = session.asService(Incident.app)
        guard draft.version > 0, let before = try rules.record(draft.ref) else { return }
        let asked: [any FieldKey] = [Incident.place, Incident.precision, Incident.reportedAt, Incident.label, Incident.compartments]
        guard asked.contains(where: { draft.row[$0.schema.name] != before.row[$0.schema.name] }) else { return }
        draft[Incident.reachedAt] = try first(at: draft, rules)?.at
    }

    /// A patrol was heard of, or its track came in: the incidents that it was at are told. While it is out its newest positions are looked at, once it is back all.
    @Sendable static func follow(_ event: String, _ patrol: Record<Patrol>, _ session: Session) throws {
        guard patrol[Patrol.startedAt] != nil else { return }
        let rules = session.asService(Patrol.app), isOut = [.underway, .overdue].contains(patrol.state)
        let track = isOut ? try PatrolTrack.newest(patrol.ref, rules, most: 500) : try PatrolTrack.of(patrol.ref, rules)
        guard let first = track.points.first, let last = track.points.last, let box = GeoBox(around: track.points.map(\.position)) else { return }
        let claim = Condition.all([
            Incident.reportedAt.atLeast(first.at.adding(days: -days)), Incident.reportedAt.atMost(last.at), Incident.place.within(Circle(around: box, wider: Double(farthest)).box),
            Incident.reachedAt.isEmpty.or(Incident.reachedAt.greater(than: first.at)),
        ])
        for incident in try rules.find(Incident.self, where: claim, limit: 1_000) {
            let found = try Arrival.first(at: incident, rules)?.at
            if found != incident[Incident.reachedAt] { try rules.change(incident) { $0[Incident.reachedAt] = found } }
        }
    }
}

/// How long it took until somebody was there, and how that is known.
enum ArrivalWorking {
    @Sendable static func explain(_ incident: Record<Incident>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let reported = incident[Incident.reportedAt] else { return Explanation(summary: say("say.arrival.none"), []) }
        let reached = incident[Incident.reachedAt], typed = incident[Incident.arrivedAt]
        var facts = [Working.Part.fact(say("incident.reported-at"), say.formats.dateTime(reported), link: nil)]
        if let reached { facts.append(.fact(say("incident.reached-at"), say.formats.dateTime(reached), link: nil)) }
        if let typed { facts.append(.fact(say("incident.arrived-at"), say.formats.dateTime(typed), link: nil)) }
        if let response = incident[Incident.response] { facts.append(.fact(say("incident.response"), say.formats.duration(seconds: Int(response.components.seconds)), link: nil)) }
        let there = try Arrival.all(at: incident, session)
        let patrols = try session.find(Patrol.self, where: .oneOf("id", there.map { .reference($0.patrol.id) }), limit: 500)
        let names = Dictionary(patrols.map { ($0.id, "\($0.reference) \($0[Patrol.purpose])") }, uniquingKeysWith: { first, _ in first })
        let rows = there.prefix(50).map { [names[$0.patrol.id] ?? "—", say.formats.dateTime($0.at), say.formats.integer(Int($0.distance.rounded()))] }
        if !rows.isEmpty { facts.append(.table(head: [say("patrol"), say("position.at"), say("say.arrival.metres")], rows: Array(rows), idle: [], hasTotal: false)) }
        let how = reached != nil ? "say.arrival.seen" : typed != nil ? "say.arrival.typed" : "say.arrival.none"
        return Explanation(summary: say(how), [
            Working.Section(say("say.warning.computation"), note: say("say.arrival.only-yours"), facts),
            Working.Section(say("say.why.rule"), [
                .text(say("say.arrival.rule", ["metres": .formatted(say.formats.integer(Arrival.reach(of: incident))), "days": .formatted(say.formats.integer(Arrival.days))])),
            ]),
        ])
    }
}
