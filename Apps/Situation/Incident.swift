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

    /// Where exactly. Those who may not know it see the area.
    static let place     = Key<Place?>("place", .fieldClass(.exact))
    static let placeName = Key<String?>("place-name", .fieldClass(.exact))
    /// Metres within which the incident lies around the place.
    static let precision = Key<Int?>("precision", .range(0...500_000), .fieldClass(.exact))
    static let grid      = Key<String?>("grid", .systemSet, .max(20), .fieldClass(.exact))
    /// How coarsely others are shown where it was, and what that comes to: the same for everybody and every time.
    static let shownAs  = Key<Coarseness>("shown-as", initial: .exact)
    static let area     = Key<Place?>("area", .systemSet)
    static let areaName = Key<String?>("area-name", .systemSet, .searchable)

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
    static let reportedAt = Key<Instant?>("reported-at", .systemSet, .indexed)
    static let verifiedAt = Key<Instant?>("verified-at", .systemSet)
    /// From the report to the verification.
    static let latency    = Key<Duration?>("latency", .systemSet)
    /// When the first patrol was there by its own positions, and when the first patrol or reaction force was there as somebody wrote it down.
    static let reachedAt  = Key<Instant?>("reached-at", .systemSet)
    static let arrivedAt  = Key<Instant?>("arrived-at")
    /// From the report to the arrival: by positions, else as it was written down.
    static let response   = Key<Duration?>("response", .systemSet)
    static let component  = Key<UnitID?>("component", .indexed)
    static let officer    = Key<PersonID?>("officer", .indexed)
    static let mergedInto = Key<Ref<Incident>?>("merged-into", .indexed)
    static let splitFrom  = Key<Ref<Incident>?>("split-from", .systemSet, .indexed)

    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")
    static let releasableTo = Key<[Audience]>("releasable-to", initial: [.mission, .headquarters])
    /// Nobody outside the component passes it on or reads it without having been named.
    static let originatorControl = Key<Bool>("originator-control", initial: false)
    /// Whether those who may not read it are told that there is something that they can ask for.
    static let isDiscoverable    = Key<Bool>("discoverable", initial: false)

    static let isOpen = Condition.state(State.draft, .reported, .underVerification)
    static let isCurrent = Condition.state(State.reported, .underVerification, .verified)

    static let definition = Definition<Incident>(
        name: "incident", plural: "incidents", numbering: "INC-{year}-{000000}", title: summary, subtitle: areaName,
        layout: [
            Group("incident", [summary, details, category, kind, severity, involvesOwn, involvesChildren]),
            Group("when", [occurred, ended, timePrecision]),
            Group("where", [place, placeName, precision, grid, shownAs, area, areaName]),
            Group("sources", [sources, grade, confidence, reason]),
            Group("casualties", [killed, killedLow, killedHigh, injured, injuredLow, injuredHigh, abducted, abductedLow, abductedHigh]),
            Group("handling", [component, officer, reporter, reportedAt, reachedAt, arrivedAt, response, verifiedAt, latency, mergedInto, splitFrom]),
            Group("secrecy", [label, compartments, releasableTo, originatorControl, isDiscoverable]),
        ],
        lifecycle: lifecycle, access: access, notices: notices, views: views,
        columns: [summary, category, severity, occurred, areaName, grade], unit: component, owner: officer, label: label, compartment: compartments,
        calendar: occurred, board: severity, with: [.comments, .attachments, .watchers, .tags, .imports], icon: "map",
        tellings: [
            .why(reachedAt, ArrivalWorking.explain), .why(response, ArrivalWorking.explain), .why(confidence, SourceWorking.explain), .why(grade, SourceWorking.explain),
            .why(area, PlaceWorking.area), .why(killed, SourceWorking.killed), .why(injured, SourceWorking.injured), .why(abducted, SourceWorking.abducted),
        ],
        shortcuts: [
            Shortcut("near", "near/{reference}", for: [.dutyOfficer, .analyst], where: area.isFilled.or(place.isFilled)),
            Shortcut("answer", "answer/{reference}", for: [.dutyOfficer, .analyst], where: isCurrent),
            Shortcut("warn", "warn/{reference}", for: [.dutyOfficer, .analyst], where: isCurrent),
            Shortcut("split", "split/{reference}", for: [.dutyOfficer, .analyst], where: Split.isPossible),
        ], follow: follow)

    static let access: [Rule] = [
        .allow(.create, to: .everyone),
        .allow(.read, .comment, to: .reporter, classes: [.ordinary, .personal, .exact]),
        .allow(.change, to: .reporter, where: .state(State.draft)),
        .allow(.read, .change, .comment, .export, to: .dataOwner, classes: working),
        .allow(.read, .create, .change, .comment, .export, to: .dutyOfficer, where: isUncontrolled, classes: working),
        .allow(.read, .change, .comment, .export, to: .analyst, where: isUncontrolled, classes: working),
        .allow(.read, to: .component, where: isTold.and(isShared(with: .mission).or(component.inMyUnits))),
        .allow(.read, .export, to: .headquarters, where: isTold.and(isShared(with: .headquarters))),
        .allow(.read, to: .partner, where: .state(State.verified, .closed).and(isShared(with: .partners)), classes: [.ordinary]),
        .allow(.read, to: .named, labelMinded: true),
        .allow(.read, to: .namedExactly, classes: [.ordinary, .personal, .exact], labelMinded: true),
    ]

    private static let working: Set<FieldClass> = [.ordinary, .personal, .internal, .exact]
    /// Of the component's own people, and of others unless its originator has kept it.
    private static let isUncontrolled = originatorControl.equals(false).or(component.inMyUnits)
    private static let isTold = isCurrent.or(.state(State.closed))
    private static func isShared(with audience: Audience) -> Condition { releasableTo.includes(audience.rawValue).and(originatorControl.equals(false)) }

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

extension Record<Incident> {
    /// Where it was, as closely as the one it was read for may know.
    var shownPlace: Place? { self[Incident.place] ?? self[Incident.area] }
    var position: Place.Position? { shownPlace?.centre }
    /// Whether its owner lets other components of the mission read it.
    var isForMission: Bool { self[Incident.releasableTo].contains(.mission) }
    var shownName: String? { self[Incident.placeName] ?? self[Incident.areaName] }
}

extension Incident {
    /// Those that may lie in the box for one reader or another. Whether one does is then asked of where it is shown to the reader: the claim alone would tell
    /// of exact places.
    static func isNear(_ box: Condition.Box) -> Condition { place.within(box).or(area.within(box)) }
}
