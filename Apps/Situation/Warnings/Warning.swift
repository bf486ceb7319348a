import Kernel

/// A warning to people in a place, as the Common Alerting Protocol has it (OASIS CAP 1.2): written and approved here, or received from somebody else.
enum Warning: RecordType {
    static let app = "situation"
    enum State: String, Choice { case draft, submitted, active, superseded, cancelled, recorded }
    enum Direction: String, Choice { case issued, received }
    /// CAP `status`: an exercise is never taken for the real thing, nor the other way round.
    enum Reality: String, Choice { case actual, exercise, system, test, draft }
    /// CAP `msgType`.
    enum Kind: String, Choice { case alert, update, cancel, ack, error }
    enum Scope: String, Choice { case `public`, restricted, `private` }
    enum Subject: String, Choice { case geo, met, safety, security, rescue, fire, health, env, transport, infra, cbrne, other }
    enum Response: String, Choice { case shelter, evacuate, prepare, execute, avoid, monitor, assess, allClear = "all-clear", nothing = "none" }
    enum Urgency: String, Choice { case immediate, expected, future, past, unknown }
    enum Gravity: String, Choice { case extreme, severe, moderate, minor, unknown }
    enum Certainty: String, Choice { case observed, likely, possible, unlikely, unknown }

    static let headline    = Key<LocalText>("headline", .searchable, .max(160))
    static let description = Key<LocalText?>("description", .searchable)
    static let instruction = Key<LocalText?>("instruction")
    static let reality     = Key<Reality>("reality", .indexed, initial: .actual)
    static let kind        = Key<Kind>("kind", initial: .alert)
    /// The warning that an update or a cancellation takes the place of.
    static let replaces    = Key<Ref<Warning>?>("replaces", .indexed)
    static let incident    = Key<Ref<Incident>?>("incident", .indexed)

    static let subject   = Key<Subject>("subject", .indexed, initial: .security)
    static let responses = Key<[Response]>("responses")
    static let urgency   = Key<Urgency>("urgency", initial: .immediate)
    static let gravity   = Key<Gravity>("gravity", .indexed, initial: .severe)
    static let certainty = Key<Certainty>("certainty", initial: .likely)
    static let effective = Key<Instant?>("effective")
    static let onset     = Key<Instant?>("onset")
    static let expires   = Key<Instant?>("expires", .indexed)

    static let areaName = Key<String>("area-name", .searchable)
    static let place    = Key<Place?>("place")
    /// Metres around a point; an area has its own outline.
    static let radius   = Key<Int?>("radius", .range(0...500_000))
    static let contact  = Key<String?>("contact")

    static let scope       = Key<Scope>("scope", initial: .public)
    /// The rule that limits who may know, for scope Restricted; those it is for, for scope Private.
    static let restriction = Key<String?>("restriction")
    static let note        = Key<String?>("note")
    static let reason      = Key<LongText?>("reason", .max(2_000))

    static let direction  = Key<Direction>("direction", .systemSet, initial: .issued)
    static let identifier = Key<String?>("identifier", .systemSet, .indexed, .max(300))
    static let sender     = Key<String?>("sender", .systemSet, .max(300))
    static let sent       = Key<Instant?>("sent", .systemSet, .indexed)
    /// `sender,identifier,sent` of the earlier messages that this one names.
    static let references = Key<LongText?>("references", .systemSet)
    /// The message itself, as it was sent or came.
    static let document   = Key<[FileRef]>("document", .systemSet)
    static let findings   = Key<Int?>("findings", .systemSet)
    static let author     = Key<PersonID>("author", .systemSet, .indexed)
    static let approver   = Key<PersonID?>("approver", .systemSet)

    static let component   = Key<UnitID?>("component", .indexed)
    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")

    /// In effect at the moment of asking, of one reality.
    static func inEffect(_ reality: Reality) -> Condition {
        let now = Condition.Operand.now(offset: 0)
        return .all([
            .state(State.active), Warning.reality.equals(reality), .any([.isNull(expires.name), .compare(expires.name, .greater, now)]),
            .any([.isNull(effective.name), .compare(effective.name, .lessOrEqual, now)]),
        ])
    }

    private static let isOut = Condition.state(State.active, .superseded, .cancelled, .recorded)

    static let definition = Definition<Warning>(
        name: "warning", plural: "warnings", numbering: "WRN-{year}-{00000}", title: headline, subtitle: areaName,
        layout: [
            Group("warning", [reality, kind, replaces, incident, headline, description, instruction]),
            Group("assessment", [subject, gravity, urgency, certainty, responses]),
            Group("when", [effective, onset, expires]),
            Group("where", [areaName, place, radius]),
            Group("distribution", [scope, restriction, contact, note]),
            Group("message", [direction, identifier, sender, sent, references, document, findings]),
            Group("handling", [author, approver, reason, component, label, compartments]),
        ],
        lifecycle: lifecycle,
        access: [
            .allow(.create, to: .dutyOfficer), .allow(.create, to: .analyst),
            .allow(.read, to: .warningAuthor), .allow(.change, to: .warningAuthor, where: .state(State.draft)),
            .allow(.read, to: .dutyOfficer), .allow(.read, to: .analyst), .allow(.read, to: .warningApprover),
            .allow(.read, to: .component, where: isOut),
            .allow(.read, to: .everyone, where: isOut.and(scope.equals(.public)).and(reality.equals(.actual))),
        ],
        notices: [Notice("approved", tell: author, on: .move("approve")), Notice("returned", tell: author, on: .move("return"))],
        views: [
            ViewDefinition("active", where: inEffect(.actual), sort: [.down(sent)]),
            ViewDefinition("to-approve", where: .state(State.submitted), sort: [.up(effective)]),
            ViewDefinition("exercises", where: reality.equals(.actual).negated, sort: [.down(sent)]),
            ViewDefinition("mine", where: author.isMe, sort: [.down(sent)]),
        ],
        columns: [reality, headline, subject, gravity, areaName, expires], unit: component, owner: author, label: label, compartment: compartments,
        calendar: sent, with: [.comments, .watchers], icon: "bell", tellings: [.why(findings, FindingWords.explain)])
}

extension Role {
    /// Lets warnings go out that others wrote.
    static let warningApprover = Role("situation.warning-approver")
    static let warningAuthor = Role("situation.warning-author", where: Warning.author.isMe)
}
