import Kernel

/// A patrol from its plan to its report: who goes where, when it must be heard of, and where it really went (A/75/6, 29C.37: 800 and more a month).
enum Patrol: RecordType {
    static let app = "situation"
    enum State: String, Choice { case planned, approved, underway, overdue, completed, aborted, cancelled }
    enum Kind: String, Choice { case foot, vehicle, air, river, joint, unmanned }

    static let purpose = Key<String>("purpose", .searchable)
    static let kind    = Key<Kind>("kind", .indexed, initial: .vehicle)
    static let leader  = Key<PersonID?>("leader", .indexed)
    static let crew    = Key<Int?>("crew", .range(1...5_000))
    static let vehicles = Key<Int?>("vehicles", .range(0...500))
    static let communications = Key<LongText?>("communications", .max(2_000))

    /// The way planned, a point a line, as people write them; and what it comes to.
    static let way     = Key<LongText?>("way", .max(4_000), .fieldClass(.exact))
    static let route   = Key<Place?>("route", .systemSet, .fieldClass(.exact))
    /// Metres along the ellipsoid: planned, and gone.
    static let planned = Key<Int?>("planned-length", .systemSet)
    static let gone    = Key<Int?>("length", .systemSet)
    static let plannedStart = Key<Instant>("planned-start", .indexed)
    static let plannedEnd   = Key<Instant>("planned-end")

    /// Minutes after which it must be heard of again, and for which the alarm waits beyond them.
    static let interval = Key<Int>("check-in-every", .range(1...1_440), initial: 60)
    static let grace    = Key<Int>("grace", .range(0...240), initial: 15)
    static let here     = Key<String?>("here", .max(100), .fieldClass(.exact))
    static let heardAt  = Key<Instant?>("heard-at", .systemSet)
    static let alarmAt  = Key<Instant?>("alarm-at", .systemSet, .indexed)
    static let last     = Key<Place?>("last", .systemSet, .fieldClass(.exact))
    static let startedAt = Key<Instant?>("started-at", .systemSet)
    static let endedAt   = Key<Instant?>("ended-at", .systemSet)
    static let report    = Key<LongText?>("report", .searchable, .max(20_000))

    static let component    = Key<UnitID?>("component", .indexed)
    static let label        = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    static let led = Role("situation.patrol-leader", where: leader.isMe)
    static let isOut = Condition.state(State.underway, .overdue)

    static let definition = Definition<Patrol>(
        name: "patrol", plural: "patrols", numbering: "PAT-{year}-{00000}", title: purpose, subtitle: kind,
        layout: [
            Group("patrol", [purpose, kind, leader, crew, vehicles, communications]),
            Group("plan", [plannedStart, plannedEnd, way, route, planned]),
            Group("underway", [interval, grace, here, heardAt, alarmAt, last, startedAt, endedAt, gone]),
            Group("report", [report]),
            Group("secrecy", [component, label, compartments]),
        ],
        lifecycle: Lifecycle(
            start: .planned,
            phases: [.planned: .fresh, .approved: .fresh, .underway: .active, .overdue: .active, .completed: .done, .aborted: .stopped, .cancelled: .stopped],
            moves: [
                // Nobody approves their own way.
                Move("approve", from: [.planned], to: .approved, by: [.dutyOfficer], when: .not(leader.isMe)),
                Move("start", from: [.approved], to: .underway, by: [led, .dutyOfficer], offers: [here], then: start),
                Move("check-in", from: [.underway, .overdue], to: .underway, by: [led, .dutyOfficer], offers: [here], then: hear),
                Move("overdue", from: [.underway], to: .overdue, by: [], isQuiet: true),
                Move("complete", from: [.underway, .overdue], to: .completed, by: [led, .dutyOfficer], asks: [report], offers: [here], then: end),
                Move("abort", from: [.underway, .overdue], to: .aborted, by: [led, .dutyOfficer], asks: [report], then: end),
                Move("cancel", from: [.planned, .approved], to: .cancelled, by: [led, .dutyOfficer], offers: [report]),
            ]),
        access: [
            .allow(.read, .create, .change, .comment, .export, to: .dutyOfficer, classes: [.ordinary, .personal, .internal, .exact]),
            .allow(.read, .comment, .export, to: .analyst, classes: [.ordinary, .personal, .internal, .exact]),
            .allow(.read, .create, .comment, to: led, classes: [.ordinary, .personal, .exact]),
            .allow(.change, to: led, where: .state(State.planned)),
            .allow(.read, to: .component),
        ],
        notices: [Notice("overdue", tell: leader, on: .move("overdue")), Notice("approved", tell: leader, on: .move("approve"))],
        views: [
            ViewDefinition("out", where: isOut, sort: [.up(alarmAt)]), ViewDefinition("coming", where: .state(State.planned, .approved), sort: [.up(plannedStart)]),
            ViewDefinition("mine", where: leader.isMe, sort: [.down(plannedStart)]), ViewDefinition("all", sort: [.down(plannedStart)]),
        ],
        columns: [purpose, kind, leader, plannedStart, alarmAt], unit: component, owner: leader, label: label, compartment: compartments, calendar: plannedStart,
        board: kind, with: [.comments, .attachments, .watchers], icon: "trip",
        tellings: [.why(alarmAt, PatrolWorking.alarm), .why(gone, PatrolWorking.length)],
        shortcuts: [Shortcut("way", "way/{reference}"), Shortcut("near", "near/{reference}")], follow: Arrival.follow)

    static func prepare(_ draft: inout Record<Patrol>, _ session: Session) throws {
        if draft.version == 0, draft[leader] == nil, !session.viewer.isService { draft[leader] = PersonID(session.viewer.id) }
        if draft[component] == nil { draft[component] = try Ownership.component(for: session) }
        if let start = draft.value(of: plannedStart), let end = draft.value(of: plannedEnd), end <= start { throw Refusal.rule("ends-before-it-begins", plannedEnd, app: app) }
        try draw(&draft)
        draft[alarmAt] = alarm(draft)
    }

    /// The planned way as a line: one point of it a line of text.
    private static func draw(_ draft: inout Record<Patrol>) throws {
        guard let text = draft[way]?.text, !text.allSatisfy(\.isWhitespace) else { (draft[route], draft[planned]) = (nil, nil); return }
        let points = try text.split(whereSeparator: \.isNewline).enumerated().map { number, line in
            do { return try CoordinateText.read(String(line)).position } catch {
                throw Refusal.rule("not-a-point", way, app: app, ["line": String(number + 1), "text": String(line.prefix(60))])
            }
        }
        guard let line = points.count == 1 ? Place(.point, points) : Place(.line, points) else { throw Refusal.rule("not-a-way", way, app: app) }
        draft[route] = line
        draft[planned] = points.count > 1 ? Int(Geodesic.length(of: points).rounded()) : nil
    }

    /// When the alarm goes: the last word of it, and the minutes it may be silent. Nil unless it is out.
    static func alarm(_ patrol: Record<Patrol>) -> Instant? {
        guard [.underway, .overdue].contains(patrol.state), let heard = patrol[heardAt] else { return nil }
        return heard.adding(seconds: (patrol[interval] + patrol[grace]) * 60)
    }

    // MARK: Moves

    @Sendable private static func start(_ patrol: inout Record<Patrol>, _ session: Session) throws {
        patrol[startedAt] = session.now
        try hear(&patrol, session)
    }

    /// It was heard of: from where, if it said so, becomes a position of its track.
    @Sendable private static func hear(_ patrol: inout Record<Patrol>, _ session: Session) throws {
        patrol[heardAt] = session.now
        guard let text = patrol[here] else { return }
        guard let reading = try? CoordinateText.read(text), let place = Place(latitude: reading.position.latitude, longitude: reading.position.longitude) else {
            throw Refusal.rule("not-a-place", here, app: app)
        }
        patrol[here] = nil
        patrol[last] = place
        let ref = patrol.ref
        try session.asService(app).append([session.asService(app).draft(Position.self) {
            $0[Position.patrol] = ref
            $0[Position.place] = place
            $0[Position.accuracy] = Int(reading.uncertainty.rounded(.up))
            $0[Position.at] = session.now
            $0[Position.how] = .reported
        }])
    }

    @Sendable private static func end(_ patrol: inout Record<Patrol>, _ session: Session) throws {
        try hear(&patrol, session)
        patrol[endedAt] = session.now
        patrol[gone] = try PatrolTrack.of(patrol.ref, session.asService(app)).length
    }

    // MARK: The alarm

    /// Those that should have been heard of.
    static let late = JobDefinition("situation.late-patrols", every: 30) { run in try await lookForLate(run) }

    static func lookForLate(_ run: JobRun) async throws {
        try await run.each(Patrol.self, where: Condition.all([.state(State.underway), alarmAt.isFilled, .compare(alarmAt.name, .lessOrEqual, .now(offset: 0))]), limit: 500) { session, patrol in
            let late = try session.move(patrol, "overdue")
            // To whoever is on duty for its component then; without anybody, to the one who leads it.
            if let first = try Ownership.holders(of: .dutyOfficer, in: late[component], session).first ?? late[leader] {
                try Alert.raise(.lateCheckIn, about: late.row, to: first, post: (.dutyOfficer, late[component]), deputy: late[leader], severity: .severe, minutes: 15, session)
            }
            return true
        }
    }
}
