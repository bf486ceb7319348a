import Kernel

/// A priority information requirement: a question that must be answered by a date, who answers for it, and what came of it.
/// The first and the last step of the information cycle (A/75/6, 29C.43).
enum Requirement: RecordType {
    static let app = "situation"
    enum State: String, Choice { case open, answered, closed, expired }
    /// The precedence of the question, in the terms of message traffic.
    enum Priority: String, Choice { case immediate, priority, routine }

    static let question  = Key<String>("question", .searchable)
    static let purpose   = Key<LongText?>("purpose", .searchable)
    static let priority  = Key<Priority>("priority", .indexed, initial: .priority)
    static let owner     = Key<PersonID>("owner", .indexed)
    static let component = Key<UnitID?>("component", .indexed)
    static let asker     = Key<PersonID>("asker", .systemSet)

    static let deadline   = Key<Instant>("deadline", .indexed)
    static let openedAt   = Key<Instant>("opened-at", .systemSet)
    static let due        = Key<Instant?>("due", .systemSet)
    static let isInTime   = Key<Bool?>("is-in-time", .systemSet)
    /// When the owner was told that the deadline had passed; nil: not yet, or it was moved since.
    static let alarmedAt  = Key<Instant?>("alarmed-at", .systemSet)
    static let answeredAt = Key<Instant?>("answered-at", .systemSet)
    static let conclusion = Key<LongText?>("conclusion", .searchable)
    static let reason     = Key<LongText?>("reason", .max(2_000))

    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    static let isOpen = Condition.state(State.open)
    static let isOverdue = isOpen.and(deadline.before())

    static let definition = Definition<Requirement>(
        name: "requirement", plural: "requirements", numbering: "PIR-{year}-{0000}", title: question,
        layout: [
            Group("requirement", [question, purpose, priority]),
            Group("handling", [owner, component, asker, openedAt, deadline, due, isInTime, alarmedAt]),
            Group("answer", [answeredAt, conclusion, reason]),
            Group("secrecy", [label, compartments]),
        ],
        lifecycle: lifecycle, access: access, notices: [Notice("asked", tell: owner, on: .created), Notice("answered", tell: asker, on: .move("answer"))],
        clocks: [clock], views: views, columns: [question, priority, owner, deadline], unit: component, owner: owner, label: label,
        compartment: compartments, calendar: deadline, with: [.comments, .watchers, .tags], icon: "ask",
        tellings: [.why(conclusion, RequirementWorking.explain), .why(answeredAt, RequirementWorking.explain), .why(isInTime, RequirementWorking.explain)],
        follow: follow)

    private static let access: [Rule] = [
        .allow(.read, .create, .change, .comment, .export, to: .dutyOfficer, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .create, .change, .comment, .export, to: .analyst, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .comment, to: .component),
        // Who answers for it or asked it reads it within their clearance.
        .allow(.read, .comment, to: .everyone, where: owner.isMe.or(asker.isMe)),
    ]

    private static let views = [
        ViewDefinition("unanswered", where: isOpen, sort: [.up(deadline)]),
        ViewDefinition("overdue", where: isOverdue, sort: [.up(deadline)]),
        ViewDefinition("mine", where: owner.isMe.and(isOpen), sort: [.up(deadline)]),
        ViewDefinition("answered", where: .state(State.answered, .closed), sort: [.down(answeredAt)]),
    ]

    private static let clock = ClockDefinition(
        "answer", of: Requirement.self, due: due, met: isInTime, dependsOn: [deadline, openedAt],
        on: [
            (.created, .start), (.entering([State.open.rawValue]), .reset),
            (.entering([State.answered.rawValue]), .stop), (.entering([State.expired.rawValue]), .cancel),
        ],
        budget: { requirement, _ in requirement[deadline].seconds(since: requirement[openedAt]) },
        calendar: { _, _ in Alert.roundTheClock },
        rule: { _, session in SituationWords(session: session)("requirement.clock.answer") })
}
