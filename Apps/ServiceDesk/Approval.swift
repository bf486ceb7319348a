import Kernel

/// Somebody's yes or no to a request, asked for by the rule of its catalogue item.
enum Approval: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case waiting, approved, refused, lapsed }

    static let subject   = Key<String>("subject", .systemSet)
    static let request   = Key<Ref<Request>>("request", .indexed, .once)
    static let step      = Key<Int>("step", .systemSet, initial: 1)
    static let requester = Key<PersonID>("requester", .systemSet)
    /// Whom the rule asks; nobody: whoever has the role for the requester's unit.
    static let approver  = Key<PersonID?>("approver", .indexed, .once)
    static let decidedBy = Key<PersonID?>("decided-by", .systemSet)
    static let decidedAt = Key<Instant?>("decided-at", .systemSet)
    static let reason    = Key<LongText?>("reason", .max(2_000))
    static let unit      = Key<UnitID?>("unit", .systemSet)
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartment = Key<String?>("compartment", .systemSet)

    private static let notMine = requester.isMe.negated

    static let definition = Definition<Approval>(
        name: "approval", plural: "approvals", title: subject, subtitle: requester,
        layout: [
            Group("approval", [subject, request, step, requester, approver]),
            Group("decision", [decidedBy, decidedAt, reason]),
            Group("secrecy", [unit, label, compartment]),
        ],
        lifecycle: Lifecycle(
            start: .waiting, phases: [.waiting: .waiting, .approved: .done, .refused: .stopped, .lapsed: .stopped],
            moves: [
                Move("approve", from: [.waiting], to: .approved, by: [.asked, .approver], offers: [reason], when: notMine, then: decide),
                Move("refuse",  from: [.waiting], to: .refused, by: [.asked, .approver], asks: [reason], when: notMine, then: decide),
                Move("lapse",   from: [.waiting], to: .lapsed, by: [], isQuiet: true),
            ]),
        access: [
            .allow(.read, to: .asked),
            .allow(.read, to: .requester),
            .allow(.read, to: .approver),
            .allow(.read, .create, to: .agent),
            .allow(.read, .create, to: .lead),
        ],
        notices: [Notice("asked", tell: approver, on: .created)],
        views: [
            ViewDefinition("waiting", where: .state(State.waiting)),
            ViewDefinition("mine", where: Condition.state(State.waiting).and(approver.isMe)),
        ],
        columns: [subject, requester, approver, decidedAt], unit: unit, owner: approver, label: label, compartment: compartment,
        icon: "check", follow: follow)

    /// An approval is as secret as its request, and nobody decides on what they ask for themselves.
    static func prepare(_ draft: inout Record<Approval>, _ session: Session) throws {
        guard draft.version == 0, let id = draft.value(of: request), let whole = try session.asService(app).record(id) else { return }
        guard [.new, .inProgress, .pending].contains(whole.state) else { throw Refusal.rule("request-is-over", request, app: app) }
        draft[subject] = whole[Request.subject]
        draft[requester] = whole[Request.requester]
        draft[unit] = whole[Request.unit]
        draft[label] = whole[Request.label]
        draft[compartment] = whole[Request.compartment]
        if draft[approver] == draft[requester] { draft[approver] = nil }
    }

    @Sendable private static func decide(_ approval: inout Record<Approval>, _ session: Session) throws {
        approval[decidedBy] = session.viewer.isService ? nil : PersonID(session.viewer.id)
        approval[decidedAt] = session.now
    }

    /// The request waits, goes on, or ends with the reason told.
    @Sendable private static func follow(_ event: String, _ approval: Record<Approval>, _ session: Session) throws {
        let rules = session.asService(app)
        guard let request = try rules.record(approval[self.request]) else { return }
        if event == "create" {
            try rules.move(request, "await-approval") {
                $0[Request.waitingFor] = .approval
                $0[Request.approver] = approval[approver]
            }
        }
        guard request.state == .pending, request[Request.waitingFor] == .approval else { return }
        switch event {
        case "move.approve":
            let others = Condition.all([self.request.equals(request.ref), .state(State.waiting)])
            if try rules.count(Approval.self, where: others).number == 0 { try rules.move(request, "approved") }
        case "move.refuse": try tell(approval, request, session, rules)
        default: return
        }
    }

    private static func tell(_ approval: Record<Approval>, _ request: Record<Request>, _ session: Session, _ rules: Session) throws {
        let reason = approval[self.reason]?.text ?? ""
        let told = try rules.move(request, "refused") { $0[Request.solution] = LongText(reason) }
        let language = Language(rawValue: request[Request.language].rawValue) ?? .en
        let sentence = session.platform.words.say(
            "say.approval-told", ["who": .text(session.viewer.name), "reason": .text(reason)], scope: app, in: language)
        try rules.comment(told.row, sentence, channel: "approval", language: language)
    }

    /// Asks for what the item's rule wants before the desk begins.
    static func begin(_ item: Record<CatalogueItem>, for request: Record<Request>, _ rules: Session) throws {
        let person: PersonID?
        switch item[CatalogueItem.approval] {
        case .none: return
        case .supervisor: person = try rules.record(request[Request.requester])?[Person.supervisor]
        case .owner: person = try rules.record(item[CatalogueItem.service])?[Service.owner]
        }
        try rules.create(Approval.self) {
            $0[self.request] = request.ref
            $0[approver] = person
        }
    }

    /// Nobody need decide any more.
    static func end(_ request: Record<Request>, _ rules: Session) throws {
        for approval in try rules.find(Approval.self, where: .all([self.request.equals(request.ref), .state(State.waiting)])) {
            try rules.move(approval, "lapse")
        }
    }
}
