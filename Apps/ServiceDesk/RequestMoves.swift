import Kernel

extension Request {
    /// Days in which the one who asked may open a solved request again, and after which it closes by itself.
    static let reopenDays = 14

    private static let open: [State] = [.new, .inProgress, .pending]

    static let lifecycle = Lifecycle<Request>(
        start: .new,
        phases: [.new: .fresh, .inProgress: .active, .pending: .waiting, .solved: .done, .closed: .done,
                 .cancelled: .stopped, .deflected: .done, .merged: .stopped],
        moves: [
            Move("take", from: [.new, .inProgress], to: .inProgress, by: [.agent, .lead],
                 when: owner.isMe.negated.or(.state(State.new)), then: take),
            Move("assign", from: open, to: nil, by: [.agent, .lead], asks: [owner], offers: [tier], then: assign),
            Move("hand-over", from: open, to: nil, by: [.agent, .lead], asks: [desk], offers: [handoverNote], then: handOver),
            Move("wait", from: open, to: .pending, by: [.agent, .lead], asks: [waitingFor], when: isNotAwaitingApproval, then: wait),
            Move("resume", from: [.pending], to: .inProgress, by: [.agent, .lead], when: isNotAwaitingApproval),
            Move("solve", from: open, to: .solved, by: [.agent, .lead], asks: [solution], offers: [isShared, article],
                 when: isNotAwaitingApproval),
            Move("reopen", from: [.solved], to: .inProgress, by: [.requester, .affected, .agent, .lead], then: reopen),
            Move("close", from: [.solved], to: .closed, by: [.requester, .agent, .lead]),
            Move("rate", from: [.solved, .closed], to: nil, by: [.requester], asks: [rating], offers: [remark], then: rate),
            Move("withdraw", from: open, to: .cancelled, by: [.requester]),
            Move("cancel", from: open, to: .cancelled, by: [.agent, .lead], asks: [solution]),
            Move("merge", from: open, to: .merged, by: [.agent, .lead], asks: [mergedInto], then: merge),
            Move("deflect", from: [.new], to: .deflected, by: [.requester], offers: [article], isQuiet: true),
            Move("await-approval", from: open, to: .pending, by: [], isQuiet: true),
            Move("approved", from: [.pending], to: .new, by: [], when: waitingFor.equals(.approval), isQuiet: true),
            Move("refused", from: [.pending], to: .cancelled, by: [], asks: [solution], when: waitingFor.equals(.approval), isQuiet: true),
        ])

    private static let isNotAwaitingApproval = waitingFor.equals(.approval).negated

    @Sendable private static func take(_ request: inout Record<Request>, _ session: Session) throws {
        request[owner] = PersonID(session.viewer.id)
        if let desk = try Desk.of(station: session.viewer.station, session) { request[self.desk] = desk }
    }

    /// A colleague who answers requests, and who is at one of the desks, takes the request to their desk.
    @Sendable private static func assign(_ request: inout Record<Request>, _ session: Session) throws {
        guard let person = request[owner] else { return }
        let rules = session.asService(app)
        let works = try rules.first(RoleGrant.self, where: .all([
            RoleGrant.person.equals(person), Desk.answers,
        ]))
        guard works != nil else { throw Refusal.rule("not-an-agent", owner, app: app) }
        if let desk = try Desk.of(station: rules.record(person)?[Person.station]?.id, session) { request[self.desk] = desk }
    }

    @Sendable private static func handOver(_ request: inout Record<Request>, _ session: Session) throws {
        if let before = try stored(request, session), before[desk] == request[desk] { throw Refusal.rule("same-desk", desk, app: app) }
        request[owner] = request[priority].followsTheSun ? try request[desk].dutyAgent(session, compartment: request[compartment]) : nil
        request[contacts] += 1
    }

    @Sendable private static func wait(_ request: inout Record<Request>, _ session: Session) throws {
        // Only the rule of a catalogue item makes a request wait for approval: it knows whom to ask.
        if request[waitingFor] == .approval { throw Refusal.rule("approval-by-rule-only", waitingFor, app: app) }
        if request[owner] == nil, session.access.holds(.agent) || session.access.holds(.lead), !session.viewer.isService {
            request[owner] = PersonID(session.viewer.id)
        }
    }

    @Sendable private static func reopen(_ request: inout Record<Request>, _ session: Session) throws {
        let works = session.access.holds(.agent) || session.access.holds(.lead)
        if !works, !mayReopen(request, at: session.now) { throw Refusal("too-late-to-reopen", .conflict, scope: app, ["days": String(reopenDays)]) }
        openAgain(&request)
    }

    @Sendable private static func rate(_ request: inout Record<Request>, _ session: Session) throws {
        request[ratedAt] = session.now
    }

    @Sendable private static func merge(_ request: inout Record<Request>, _ session: Session) throws {
        if request[mergedInto] == request.ref { throw Refusal.rule("merged-into-itself", mergedInto, app: app) }
    }

    static func mayReopen(_ request: Record<Request>, at now: Instant) -> Bool {
        request[solvedAt].map { now < $0.adding(days: reopenDays) } ?? false
    }

    static func openAgain(_ request: inout Record<Request>) {
        request[reopened] += 1
        request[solvedAt] = nil
        request[firstContact] = nil
        request[worked] = nil
        request[lasted] = nil
    }

    /// The request as it stands in the store, to compare a draft with.
    static func stored(_ request: Record<Request>, _ session: Session) throws -> Record<Request>? {
        request.version == 0 ? nil : try session.asService(app).record(request.ref)
    }
}
