import Kernel

/// What answers a question, wholly or in part: an incident, what a source said, or a text; and how sure that is.
enum Answer: RecordType {
    static let app = "situation"
    enum State: String, Choice { case proposed, accepted, rejected }

    static let requirement  = Key<Ref<Requirement>>("requirement", .indexed, .once)
    static let incident     = Key<Ref<Incident>?>("incident", .indexed, .once)
    static let sourceReport = Key<Ref<SourceReport>?>("source-report", .indexed, .once)
    static let text         = Key<LongText?>("text", .searchable)
    static let confidence   = Key<Admiralty.Confidence>("confidence", initial: .unknown)
    static let author       = Key<PersonID>("author", .systemSet, .indexed)
    static let owner        = Key<PersonID?>("owner", .systemSet)
    static let reviewer     = Key<PersonID?>("reviewer", .systemSet)
    static let reviewedAt   = Key<Instant?>("reviewed-at", .systemSet)
    static let remark       = Key<LongText?>("remark", .max(2_000))
    static let component    = Key<UnitID?>("component", .systemSet)
    static let label        = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)
    static let originatorControl = Key<Bool>("originator-control", .systemSet, initial: false)

    static let definition = Definition<Answer>(
        name: "answer", plural: "answers", numbering: "ANS-{year}-{000000}", title: requirement,
        layout: [
            Group("answer", [requirement, incident, sourceReport, text, confidence]),
            Group("review", [author, owner, reviewer, reviewedAt, remark]),
            Group("secrecy", [component, label, compartments, originatorControl]),
        ],
        lifecycle: Lifecycle(start: .proposed, phases: [.proposed: .fresh, .accepted: .done, .rejected: .stopped], moves: [
            Move("accept", from: [.proposed, .rejected], to: .accepted, by: [.dutyOfficer, .analyst], offers: [remark], then: review),
            Move("reject", from: [.proposed, .accepted], to: .rejected, by: [.dutyOfficer, .analyst], asks: [remark], then: review),
        ]),
        access: [
            .allow(.create, to: .dutyOfficer), .allow(.create, to: .analyst), .allow(.create, to: .component),
            .allow(.read, .change, .export, to: .dutyOfficer, where: isUncontrolled, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .change, .export, to: .analyst, where: isUncontrolled, classes: [.ordinary, .personal, .internal]),
            .allow(.read, to: .component, where: isUncontrolled),
            .allow(.read, to: .everyone, where: owner.isMe.and(isUncontrolled).or(author.isMe)),
        ],
        notices: [Notice("proposed", tell: owner, on: .created), Notice("accepted", tell: author, on: .move("accept")), Notice("rejected", tell: author, on: .move("reject"))],
        views: [
            ViewDefinition("to-review", where: .state(State.proposed), sort: [.up(requirement)]), ViewDefinition("accepted", where: .state(State.accepted)),
            ViewDefinition("mine", where: author.isMe),
        ],
        columns: [requirement, incident, confidence, author], unit: component, owner: owner, label: label, compartment: compartments,
        with: [.comments, .attachments], icon: "check")

    private static let isUncontrolled = originatorControl.equals(false).or(component.inMyUnits)

    /// As secret as the question and as what answers it; what the originator of that controls stays with the originator's component.
    static func prepare(_ draft: inout Record<Answer>, _ session: Session) throws {
        let rules = session.asService(app)
        if draft.version == 0 { draft[author] = PersonID(session.viewer.id) }
        if draft[incident] == nil, draft[sourceReport] == nil, draft[text] == nil { throw Refusal("required", field: text.name) }
        guard let id = draft.value(of: requirement) else { return }
        guard try session.record(id) != nil, let question = try rules.record(id) else { throw Refusal("no-such-record", field: requirement.name) }
        if draft.version == 0, question.state != .open { throw Refusal.rule("question-not-open", requirement, app: app) }
        draft[owner] = question[Requirement.owner]
        var secrecy = Secrecy(question.row), isControlled = false
        func take(_ source: Row, controlled: Bool) {
            secrecy = secrecy.with(Secrecy(source))
            if controlled { (secrecy.component, isControlled) = (Secrecy(source).component, true) }
        }
        if let whole = try subject(draft[incident], incident.name, isNew: draft.version == 0, session) {
            if draft.version == 0, draft[confidence] == .unknown { draft[confidence] = whole[Incident.confidence] }
            take(whole.row, controlled: whole[Incident.originatorControl])
        }
        if let whole = try subject(draft[sourceReport], sourceReport.name, isNew: draft.version == 0, session) {
            if draft.version == 0, draft[confidence] == .unknown { draft[confidence] = whole.grade.confidence }
            take(whole.row, controlled: whole[SourceReport.originatorControl])
        }
        (draft[component], draft[label], draft[compartments]) = (secrecy.component, secrecy.label, secrecy.compartments.sorted())
        draft[originatorControl] = isControlled
    }

    /// What answers, whole: the one who brings it must be able to read it; who judges the answer later need not.
    private static func subject<T: RecordType>(_ id: Ref<T>?, _ field: String, isNew: Bool, _ session: Session) throws -> Record<T>? {
        guard let id else { return nil }
        let mayRead = try !isNew || session.record(id) != nil
        guard mayRead, let whole = try session.asService(app).record(id) else { throw Refusal("no-such-record", field: field) }
        return whole
    }

    /// Nobody judges their own answer.
    @Sendable private static func review(_ answer: inout Record<Answer>, _ session: Session) throws {
        if answer[author].id == session.viewer.id { throw Refusal("own-answer", .forbidden, scope: app) }
        answer[reviewer] = PersonID(session.viewer.id)
        answer[reviewedAt] = session.now
    }

    static func of(_ requirement: Ref<Requirement>, _ session: Session) throws -> [Record<Answer>] {
        try session.find(Answer.self, where: self.requirement.equals(requirement), sort: [.up(reviewedAt)], limit: 1_000)
    }
}
