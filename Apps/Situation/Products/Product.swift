import Kernel

/// What the information cycle puts out: a report of a period or of one incident, put together from records, released by a second person, read by each recipient
/// as far as they may read (A/75/6, 29C.43–.44).
enum Product: RecordType {
    static let app = "situation"
    enum State: String, Choice { case draft, submitted, released, withdrawn }
    enum Kind: String, Choice {
        case sitrep, sincrep, daily, weekly

        /// Days that a report of the kind covers; nil: the drafter says.
        var days: Int? { switch self { case .daily: 1; case .weekly: 7; case .sitrep, .sincrep: nil } }
    }

    static let kind     = Key<Kind>("kind", .indexed, .once, initial: .daily)
    static let title    = Key<String>("title", .searchable)
    static let from     = Key<Instant>("from")
    static let until    = Key<Instant>("until", .indexed)
    /// What a special incident report is about.
    static let incident = Key<Ref<Incident>?>("incident", .once)
    static let unit     = Key<UnitID?>("unit", .indexed)
    /// The language it is drafted in.
    static let language = Key<Person.Tongue>("language", .systemSet, initial: .en)

    /// Persons and units it is sent to, by id.
    static let recipients = Key<[String]>("recipients", .ownForm)
    /// The same with the units below them: whom it reaches.
    static let reach      = Key<[String]>("reach", .systemSet, .fieldClass(.internal))

    static let drafter    = Key<PersonID>("drafter", .systemSet, .indexed)
    static let releaser   = Key<PersonID?>("releaser", .systemSet)
    static let releasedAt = Key<Instant?>("released-at", .systemSet, .indexed)
    static let edition    = Key<Int>("edition", .systemSet, initial: 1)
    static let replaces   = Key<Ref<Product>?>("replaces", .systemSet)
    static let reason     = Key<LongText?>("reason", .max(2_000))

    /// The title's own mark: who may read that there is such a product.
    static let label       = Key<Label>("label", initial: .unclassified)
    static let titleCompartments = Key<[String]>("title-compartments")
    /// The highest of its parts. For those who release it: everybody else is shown the highest of what they read.
    static let marking      = Key<Label>("marking", .systemSet, .fieldClass(.exact), initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet, .fieldClass(.exact))
    /// SHA-256 of the text as it was released, in hexadecimal.
    static let digest       = Key<String?>("digest", .systemSet, .fieldClass(.exact), .max(64))

    static let isOut = Condition.state(State.released, .withdrawn)

    static let definition = Definition<Product>(
        name: "product", plural: "products", numbering: "PRD-{year}-{000000}", title: title, subtitle: kind,
        layout: [
            Group("product", [kind, title, from, until, incident, unit, language]),
            Group("distribution", [recipients, reach]),
            Group("release", [drafter, releaser, releasedAt, edition, replaces, reason]),
            Group("secrecy", [label, titleCompartments, marking, compartments, digest]),
        ],
        lifecycle: lifecycle, access: access,
        notices: [
            Notice("returned", tell: drafter, on: .move("return")), Notice("released", tell: reach, on: .move("release")),
            Notice("withdrawn", tell: reach, on: .move("withdraw")), Notice("out", tell: drafter, on: .move("release")),
        ],
        views: [
            ViewDefinition("released", where: .state(State.released), sort: [.down(until)]),
            ViewDefinition("in-work", where: .state(State.draft, .submitted), sort: [.down(until)]),
            ViewDefinition("mine", where: drafter.isMe, sort: [.down(until)]),
        ],
        columns: [title, kind, until, releasedAt, edition], unit: unit, owner: drafter, label: label, compartment: titleCompartments, calendar: until,
        with: [.comments, .watchers, .innerHistory], icon: "file",
        tellings: [
            .why(marking, ProductWorking.marking), .why(digest, ProductWorking.digest), .lines(recipients, ProductWorking.recipients),
            .lines(reach, ProductWorking.reach),
        ],
        shortcuts: [
            Shortcut("read", "product/{reference}"),
            Shortcut("assemble", "product/{reference}/assemble", for: [.dutyOfficer, .analyst], where: .state(State.draft)),
            Shortcut("preview", "product/{reference}/preview", for: [.releaser, .dutyOfficer, .analyst]),
        ], follow: follow)

    private static let whole: Set<FieldClass> = [.ordinary, .personal, .internal]

    static let access: [Rule] = [
        .allow(.read, .create, .comment, .export, to: .dutyOfficer, classes: whole),
        .allow(.change, to: .dutyOfficer, where: .state(State.draft), classes: whole),
        .allow(.read, .create, .comment, .export, to: .analyst, classes: whole),
        .allow(.change, to: .analyst, where: .state(State.draft), classes: whole),
        .allow(.read, .comment, to: .releaser, classes: whole.union([.exact])),
        .allow(.read, to: .everyone, where: isOut.and(reach.includesMe)),
    ]
}
