import Kernel

/// A step of the work on a request, from the plan of its catalogue item or added by an agent.
enum DeskTask: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case ready, waiting, done, skipped }

    static let title    = Key<LocalText>("title", .searchable)
    static let request  = Key<Ref<Request>>("request", .indexed, .once)
    static let place    = Key<Int>("place", .range(0...1_000), initial: 0)
    static let desk     = Key<Desk>("desk", initial: .newYork)
    static let assignee = Key<PersonID?>("assignee")
    static let after    = Key<Ref<DeskTask>?>("after")
    static let reason   = Key<String?>("reason", .max(500))
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartment = Key<String?>("compartment", .systemSet)

    static let definition = Definition<DeskTask>(
        name: "task", plural: "tasks", title: title, subtitle: request,
        layout: [
            Group("task", [title, request, place, after]),
            Group("work", [desk, assignee, reason]),
            Group("secrecy", [label, compartment]),
        ],
        lifecycle: Lifecycle(
            start: .ready, phases: [.ready: .active, .waiting: .waiting, .done: .done, .skipped: .stopped],
            moves: [
                Move("finish",  from: [.ready], to: .done, by: [.agent, .lead], then: finish),
                Move("skip",    from: [.ready, .waiting], to: .skipped, by: [.agent, .lead], asks: [reason]),
                Move("again",   from: [.done, .skipped], to: .ready, by: [.agent, .lead]),
                Move("hold",    from: [.ready], to: .waiting, by: [], isQuiet: true),
                Move("release", from: [.waiting], to: .ready, by: [], isQuiet: true),
                Move("lapse",   from: [.ready, .waiting], to: .skipped, by: [], isQuiet: true),
            ]),
        access: [
            .allow(.read, .create, .change, to: .agent),
            .allow(.read, .create, .change, to: .lead),
        ],
        views: [
            ViewDefinition("ready", where: .state(State.ready), sort: [.up(desk)]),
            ViewDefinition("mine", where: Condition.state(State.ready, .waiting).and(assignee.isMe)),
        ],
        columns: [title, request, desk, assignee], owner: assignee, label: label, compartment: compartment, icon: "check", follow: follow)

    /// A step is as secret as its request.
    static func prepare(_ draft: inout Record<DeskTask>, _ session: Session) throws {
        guard draft.version == 0, let id = draft.value(of: request), let whole = try session.asService(app).record(id) else { return }
        draft[label] = whole[Request.label]
        draft[compartment] = whole[Request.compartment]
    }

    @Sendable private static func finish(_ task: inout Record<DeskTask>, _ session: Session) throws {
        if !session.viewer.isService { task[assignee] = PersonID(session.viewer.id) }
    }

    /// What waited for this step may begin.
    @Sendable private static func follow(_ event: String, _ task: Record<DeskTask>, _ session: Session) throws {
        guard event == "move.finish" || event == "move.skip" else { return }
        let rules = session.asService(app)
        for next in try rules.find(DeskTask.self, where: .all([after.equals(task.ref), .state(State.waiting)])) { try rules.move(next, "release") }
    }

    /// Lays out the plan of the item; a step without a desk is for the request's.
    static func begin(_ item: Record<CatalogueItem>, for request: Record<Request>, _ rules: Session) throws {
        let plan: [PlannedTask]
        do { plan = try PlannedTask.all(item[CatalogueItem.tasks]?.text) } catch { return }
        var made: [Ref<DeskTask>] = []
        for (number, planned) in plan.enumerated() {
            let before = planned.after.flatMap { made.indices.contains($0) ? made[$0] : nil }
            let task = try rules.create(DeskTask.self) {
                $0[title] = planned.title
                $0[self.request] = request.ref
                $0[place] = number
                $0[desk] = planned.desk ?? request[Request.desk]
                $0[after] = before
            }
            made.append(task.ref)
            if before != nil { try rules.move(task, "hold") }
        }
    }

    /// What was not done need not be done any more.
    static func end(_ request: Record<Request>, _ rules: Session) throws {
        for task in try rules.find(DeskTask.self, where: .all([self.request.equals(request.ref), .state(State.ready, .waiting)])) {
            try rules.move(task, "lapse")
        }
    }
}
