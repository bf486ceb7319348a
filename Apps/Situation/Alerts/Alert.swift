import Kernel

/// Somebody must look now: what a rule found, or what should have happened and did not. It is raised once, told, acknowledged or escalated, and closed.
enum Alert: RecordType {
    static let app = "situation"
    enum State: String, Choice { case raised, escalated, acknowledged, closed }
    enum Kind: String, Choice { case rule, overdueRequirement = "overdue-requirement", lateCheckIn = "late-check-in" }

    static let subject  = Key<String>("subject", .systemSet, .searchable)
    static let kind     = Key<Kind>("kind", .systemSet, .indexed, initial: .rule)
    static let rule     = Key<Ref<AlertRule>?>("rule", .systemSet, .indexed)
    /// The number of the record that it is about, where no rule raised it.
    static let about    = Key<String?>("about", .systemSet, .searchable, .max(60))
    static let severity = Key<Severity>("severity", .systemSet, initial: .moderate)
    static let raisedAt = Key<Instant>("raised-at", .systemSet, .indexed)

    // What only the rule's owner reads: others may read fewer of the incidents, and a figure would tell them of the rest.
    static let from        = Key<Instant?>("window-from", .systemSet, .fieldClass(.internal))
    static let count       = Key<Int?>("incidents", .systemSet, .fieldClass(.internal))
    static let expected    = Key<FixedPoint?>("expected", .systemSet, .scale(4), .fieldClass(.internal))
    static let probability = Key<FixedPoint?>("probability", .systemSet, .scale(9), .fieldClass(.internal))
    static let centre      = Key<Place?>("centre", .systemSet, .fieldClass(.internal))

    static let owner   = Key<PersonID?>("owner", .systemSet)
    /// The post that it goes to, where it is for no person by name.
    static let post     = Key<Post?>("post", .systemSet, .indexed)
    static let postUnit = Key<UnitID?>("post-unit", .systemSet)
    /// Whose it is now, the others whose turn it is with them, and all who have been told so far.
    static let officer = Key<PersonID>("officer", .systemSet, .indexed)
    static let turn    = Key<[String]>("turn", .systemSet)
    static let told    = Key<[String]>("told", .systemSet)
    static let deputy  = Key<PersonID?>("deputy", .systemSet)
    static let minutes = Key<Int>("minutes", .systemSet, initial: 30)
    /// The end of the quiet hours that it waits for.
    static let quietUntil     = Key<Instant?>("quiet-until", .systemSet)
    static let toldAt         = Key<Instant?>("told-at", .systemSet)
    static let acknowledgeBy  = Key<Instant?>("acknowledge-by", .systemSet, .indexed)
    static let isInTime       = Key<Bool?>("is-in-time", .systemSet)
    /// When it goes to the next, while somebody is left.
    static let nextAt         = Key<Instant?>("next-at", .systemSet, .indexed)
    static let escalatedAt    = Key<Instant?>("escalated-at", .systemSet)
    static let acknowledgedBy = Key<PersonID?>("acknowledged-by", .systemSet)
    static let acknowledgedAt = Key<Instant?>("acknowledged-at", .systemSet)
    /// From the telling to the acknowledgement.
    static let response       = Key<Duration?>("response", .systemSet)
    static let outcome        = Key<LongText?>("outcome", .max(5_000))
    /// What there is one open alert of.
    static let slot        = Key<String?>("slot", .systemSet, .unique, .max(120), .fieldClass(.internal))
    static let component   = Key<UnitID?>("component", .systemSet)
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)

    static let isOpen = Condition.state(State.raised, .escalated, .acknowledged)
    static let roundTheClock = WorkingCalendar(name: "24/7", timeZone: "UTC", week: nil)

    static let definition = Definition<Alert>(
        name: "alert", plural: "alerts", numbering: "ALR-{year}-{000000}", title: subject, subtitle: kind,
        layout: [
            Group("alert", [subject, kind, rule, about, severity, raisedAt]), Group("finding", [count, expected, probability, from, centre]),
            Group("handling", [post, postUnit, officer, turn, told, deputy, owner, minutes, quietUntil, toldAt, acknowledgeBy, isInTime, nextAt, escalatedAt, acknowledgedBy, acknowledgedAt, response, outcome]),
            Group("secrecy", [slot, component, label, compartments]),
        ],
        lifecycle: lifecycle, access: access,
        notices: [Notice("told", tell: turn, on: .move("tell")), Notice("escalated", tell: turn, on: .move("escalate"))],
        clocks: [clock], views: views, columns: [subject, kind, severity, raisedAt, acknowledgeBy, officer], unit: component, owner: officer,
        label: label, compartment: compartments, calendar: raisedAt, with: [.comments, .watchers], icon: "bell",
        tellings: [
            .why(subject, AlertWorking.explain), .why(count, AlertWorking.explain), .why(expected, AlertWorking.explain), .why(probability, AlertWorking.explain),
            .why(severity, AlertWorking.explain), .lines(turn, AlertWorking.turn), .lines(told, AlertWorking.told),
        ])

    private static let access: [Rule] = [
        // Rules and jobs make them.
        .allow(.create, to: .administrator),
        .allow(.read, .change, .comment, .export, to: .dutyOfficer), .allow(.read, .change, .comment, .export, to: .analyst),
        .allow(.read, .comment, to: .everyone, where: officer.isMe.or(deputy.isMe).or(told.includesMe)),
        .allow(.read, to: .everyone, where: owner.isMe, classes: [.ordinary, .personal, .internal]),
    ]

    private static let views = [
        ViewDefinition("unacknowledged", where: .state(State.raised, .escalated), sort: [.up(acknowledgeBy)]),
        ViewDefinition("mine", where: officer.isMe.or(turn.includesMe).and(isOpen), sort: [.up(acknowledgeBy)]),
        ViewDefinition("open", where: isOpen, sort: [.down(raisedAt)]), ViewDefinition("closed", where: .state(State.closed), sort: [.down(raisedAt)]),
    ]

    private static let clock = ClockDefinition(
        "acknowledgement", of: Alert.self, due: acknowledgeBy, met: isInTime,
        on: [(.move("tell"), .start), (.entering([State.acknowledged.rawValue]), .stop), (.entering([State.closed.rawValue]), .stop)],
        budget: { alert, _ in alert[minutes] * 60 }, calendar: { _, _ in roundTheClock },
        rule: { _, session in SituationWords(session: session)("alert.clock.acknowledgement") })
}
