import Kernel

/// What is promised for a priority, in minutes of open time.
struct Promise: Hashable {
    var first: Int
    var next: Int
    var resolution: Int

    /// The standard; a service may set others.
    static let standard: [Priority: Promise] = [
        .p1: Promise(first: 60, next: 60, resolution: 240),
        .p2: Promise(first: 60, next: 120, resolution: 480),
        .p3: Promise(first: 240, next: 480, resolution: 1_440),
        .p4: Promise(first: 480, next: 480, resolution: 2_400),
        .p5: Promise(first: 960, next: 960, resolution: 4_800),
    ]

    /// The standard with a service's own minutes: `{"p1": {"first": 15, "resolution": 120}}`; 0 promises nothing.
    static func all(overriding text: String?) throws -> [Priority: Promise] {
        guard let text, !text.isEmpty else { return standard }
        guard let rows = try JSON(text: text).object else { throw PriorityMatrix.Wrong(text: "{}") }
        var promises = standard
        for (name, row) in rows {
            guard let priority = Priority(rawValue: name), let minutes = row.object else { throw PriorityMatrix.Wrong(text: name) }
            for (name, value) in minutes {
                guard let minutes = value.integer, (0...525_600).contains(minutes) else { throw PriorityMatrix.Wrong(text: value.text) }
                switch name {
                case "first": promises[priority]?.first = minutes
                case "next": promises[priority]?.next = minutes
                case "resolution": promises[priority]?.resolution = minutes
                default: throw PriorityMatrix.Wrong(text: name)
                }
            }
        }
        return promises
    }
}

extension Request {
    /// Reasons to wait that stop the clocks: a supplier's delay is ours, so it does not.
    static let pauses = [WaitingFor.requester, .changeWindow, .approval].map(\.rawValue)

    /// First response, next response and resolution, each with its own starts, stops and pauses.
    static let clocks: [ClockDefinition] = [
        clock("first-response", due: firstResponseDue, met: firstResponseMet, \.first, [
            (.created, .start),
            (.answerBesides([requester.name, affected.name]), .stop),
            (.entering([State.solved.rawValue]), .stop),
        ]),
        clock("next-response", due: nextResponseDue, met: nextResponseMet, \.next, [
            (.message(from: requester.name), .start),
            (.message(from: affected.name), .start),
            (.move("reopen"), .start),
            (.answerBesides([requester.name, affected.name]), .stop),
            (.entering([State.solved.rawValue]), .stop),
        ]),
        clock("resolution", due: resolutionDue, met: resolutionMet, \.resolution, [
            (.created, .start),
            // Begins anew when it is opened again; while it runs a start changes nothing.
            (.entering([State.inProgress.rawValue]), .start),
            (.entering([State.solved.rawValue]), .stop),
        ]),
    ]

    private static func clock(
        _ name: String, due: Field<Request, Instant?>, met: Field<Request, Bool?>, _ minutes: any KeyPath<Promise, Int> & Sendable,
        _ triggers: [(ClockDefinition.Trigger, ClockAct)]
    ) -> ClockDefinition {
        let common: [(ClockDefinition.Trigger, ClockAct)] = [
            (.leaving([State.pending.rawValue]), .resume),
            (.setting(waitingFor.name, [WaitingFor.supplier.rawValue]), .resume),
            (.setting(waitingFor.name, pauses), .pause),
            (.entering([State.cancelled, .deflected, .merged].map(\.rawValue)), .cancel),
        ]
        return ClockDefinition(
            name, of: Request.self, due: due, met: met, dependsOn: [priority, service, affected], on: triggers + common,
            budget: { request, session in try promise(for: request, session)[keyPath: minutes] * 60 },
            calendar: calendar,
            rule: { request, session in
                func say(_ key: String) -> String { session.platform.words.say(key, scope: app, in: session.viewer.language) }
                return "\(say("request.clock.\(name)")) · \(say("request.priority.\(request[priority].rawValue)"))"
            })
    }

    /// What is promised for a request: its service's minutes, or the standard.
    static func promise(for request: Record<Request>, _ session: Session) throws -> Promise {
        let text = try request[service].flatMap { try session.record($0) }?[Service.promises]?.text
        let all: [Priority: Promise]
        do { all = try Promise.all(overriding: text) } catch { all = Promise.standard }
        return all[request[priority]] ?? Promise(first: 0, next: 0, resolution: 0)
    }

    static let roundTheClock = WorkingCalendar(name: "24/7", timeZone: "UTC", week: nil)
    /// For people whose duty station is not known.
    static let officeHours = WorkingCalendar(
        name: "09–17 UTC", timeZone: "UTC", week: Dictionary(uniqueKeysWithValues: (1...5).map { ($0, [WorkingCalendar.Hours(start: 540, end: 1020)]) }))

    /// Priority 1 counts day and night; everything else the working hours where the affected person is.
    static func calendar(of request: Record<Request>, _ session: Session) throws -> WorkingCalendar {
        if request[priority] == .p1 { return roundTheClock }
        let person = try (request[affected] ?? request.value(of: requester)).flatMap { try session.record($0) }
        return try person?[Person.station].flatMap { try session.calendar(of: $0) } ?? officeHours
    }
}
