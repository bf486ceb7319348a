import Kernel

/// Something that happened and that a mission must know of, from the first report until it is closed (A/75/6, 29C.37, .43–.44).
enum Incident: RecordType {
    static let app = "situation"
    enum State: String, Choice {
        case draft, reported, underVerification = "under-verification", verified, unverifiable, refuted, closed, merged
    }

    static let summary  = Key<String>("summary", .searchable)
    static let details  = Key<LongText?>("details", .searchable)
    static let category = Key<Category>("category", .indexed, initial: .other)
    static let kind     = Key<Category.Kind>("kind", .systemSet, .indexed, initial: .other)
    static let severity = Key<Severity>("severity", .indexed, initial: .moderate)

    static let occurred      = Key<Instant>("occurred", .indexed)
    static let ended         = Key<Instant?>("ended")
    static let timePrecision = Key<TimePrecision>("time-precision", initial: .hour)

    static let place     = Key<Place?>("place")
    static let placeName = Key<String?>("place-name", .searchable)
    /// Metres within which the incident lies around the place.
    static let precision = Key<Int?>("precision", .range(0...500_000))
    static let grid      = Key<String?>("grid", .systemSet, .max(20))

    static let killed      = Key<Int?>("killed", .systemSet)
    static let killedLow   = Key<Int?>("killed-low", .systemSet)
    static let killedHigh  = Key<Int?>("killed-high", .systemSet)
    static let injured     = Key<Int?>("injured", .systemSet)
    static let injuredLow  = Key<Int?>("injured-low", .systemSet)
    static let injuredHigh = Key<Int?>("injured-high", .systemSet)
    static let abducted     = Key<Int?>("abducted", .systemSet)
    static let abductedLow  = Key<Int?>("abducted-low", .systemSet)
    static let abductedHigh = Key<Int?>("abducted-high", .systemSet)
    static let involvesOwn      = Key<Bool>("involves-own", initial: false)
    static let involvesChildren = Key<Bool>("involves-children", initial: false)

    static let sources    = Key<Int>("sources", .systemSet, initial: 0)
    static let grade      = Key<String?>("grade", .systemSet, .max(2))
    static let confidence = Key<Admiralty.Confidence>("confidence", .systemSet, .indexed, initial: .unknown)
    static let reason     = Key<LongText?>("reason", .max(2_000))

    static let reporter   = Key<PersonID>("reporter", .systemSet, .indexed)
    static let reportedAt = Key<Instant?>("reported-at", .systemSet)
    static let verifiedAt = Key<Instant?>("verified-at", .systemSet)
    /// From the report to the verification.
    static let latency    = Key<Duration?>("latency", .systemSet)
    /// When the first patrol or reaction force was there.
    static let arrivedAt  = Key<Instant?>("arrived-at")
    /// From the report to the arrival.
    static let response   = Key<Duration?>("response", .systemSet)
    static let component  = Key<UnitID?>("component", .indexed)
    static let officer    = Key<PersonID?>("officer", .indexed)
    static let mergedInto = Key<Ref<Incident>?>("merged-into", .indexed)
    static let splitFrom  = Key<Ref<Incident>?>("split-from", .once)

    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartment = Key<String?>("compartment", .max(60))

    static let isOpen = Condition.state(State.draft, .reported, .underVerification)
    static let isCurrent = Condition.state(State.reported, .underVerification, .verified)

    static let definition = Definition<Incident>(
        name: "incident", plural: "incidents", numbering: "INC-{year}-{000000}", title: summary, subtitle: placeName,
        layout: [
            Group("incident", [summary, details, category, kind, severity, involvesOwn, involvesChildren]),
            Group("when", [occurred, ended, timePrecision]),
            Group("where", [place, placeName, precision, grid]),
            Group("sources", [sources, grade, confidence, reason]),
            Group("casualties", [killed, killedLow, killedHigh, injured, injuredLow, injuredHigh, abducted, abductedLow, abductedHigh]),
            Group("handling", [component, officer, reporter, reportedAt, arrivedAt, response, verifiedAt, latency, mergedInto, splitFrom]),
            Group("secrecy", [label, compartment]),
        ],
        lifecycle: lifecycle, access: access, notices: notices, views: views,
        columns: [summary, category, severity, occurred, placeName, grade], unit: component, owner: officer, label: label, compartment: compartment,
        calendar: occurred, board: severity, with: [.comments, .attachments, .watchers, .tags, .imports], icon: "map",
        tellings: [
            .why(confidence, SourceWorking.explain), .why(grade, SourceWorking.explain),
            .why(killed, SourceWorking.killed), .why(injured, SourceWorking.injured), .why(abducted, SourceWorking.abducted),
        ], follow: follow)

    static let access: [Rule] = [
        .allow(.create, to: .everyone),
        .allow(.read, .comment, to: .reporter),
        .allow(.change, to: .reporter, where: .state(State.draft)),
        .allow(.read, .create, .change, .comment, .export, to: .dutyOfficer, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .change, .comment, .export, to: .analyst, classes: [.ordinary, .personal, .internal]),
        .allow(.read, to: .component, where: isCurrent.or(.state(State.closed))),
    ]

    static let notices = [
        Notice("assigned", tell: officer, on: .move("assign")),
        Notice("verified", tell: reporter, on: .move("verify")),
        Notice("refuted", tell: reporter, on: .move("refute")),
    ]

    static let views = [
        ViewDefinition("open", where: isOpen, sort: [.down(occurred)]),
        ViewDefinition("to-verify", where: .state(State.reported, .underVerification), sort: [.up(occurred)]),
        ViewDefinition("verified", where: .state(State.verified), sort: [.down(occurred)]),
        ViewDefinition("mine", where: officer.isMe.and(isOpen), sort: [.up(occurred)]),
        ViewDefinition("reported", where: reporter.isMe, sort: [.down(occurred)]),
    ]
}
