import Kernel

/// A request for help, from the first message until the one who asked agrees that it is solved (A/75/6, 29C.39, .42).
enum Request: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case new, inProgress = "in-progress", pending, solved, closed, cancelled, deflected, merged }
    enum Kind: String, Choice { case incident, request, problem }
    enum Channel: String, Choice { case portal, mail, phone, api, chat, widget }
    enum WaitingFor: String, Choice { case requester, supplier, changeWindow = "change-window", approval }

    static let subject    = Key<String>("subject", .searchable)
    static let details    = Key<LongText?>("details", .searchable)
    static let kind       = Key<Kind>("kind", initial: .incident)
    static let service    = Key<Ref<Service>?>("service", .indexed)
    static let item       = Key<Ref<CatalogueItem>?>("item", .once, .ownForm)
    /// Answers to the item's questions: a JSON object. Item and answers come from the item's own form, or from a program.
    static let answers     = Key<LongText?>("answers", .ownForm)
    static let formVersion = Key<Int?>("form-version", .systemSet)

    static let requester = Key<PersonID>("requester", .indexed, .once)
    static let affected  = Key<PersonID?>("affected")
    static let unit      = Key<UnitID?>("unit", .systemSet)
    static let language  = Key<Person.Tongue>("language", initial: .en)
    static let channel   = Key<Channel>("channel", .once, initial: .portal)

    static let impact   = Key<Impact>("impact", initial: .individual)
    static let urgency  = Key<Urgency>("urgency", initial: .normal)
    static let priority = Key<Priority>("priority", .systemSet, .indexed, initial: .p4)

    static let desk         = Key<Desk>("desk", .indexed, initial: .newYork)
    static let tier         = Key<Int>("tier", .range(1...3), initial: 1)
    static let owner        = Key<PersonID?>("owner", .indexed)
    static let waitingFor   = Key<WaitingFor?>("waiting-for")
    static let approver     = Key<PersonID?>("approver", .systemSet)
    static let handoverNote = Key<LongText?>("handover-note", .max(2_000), .fieldClass(.internal))
    static let mergedInto   = Key<Ref<Request>?>("merged-into")

    static let firstResponseDue = Key<Instant?>("first-response-due", .systemSet)
    static let firstResponseMet = Key<Bool?>("first-response-met", .systemSet)
    static let nextResponseDue  = Key<Instant?>("next-response-due", .systemSet)
    static let nextResponseMet  = Key<Bool?>("next-response-met", .systemSet)
    static let resolutionDue    = Key<Instant?>("resolution-due", .systemSet, .indexed)
    static let resolutionMet    = Key<Bool?>("resolution-met", .systemSet)

    static let solution     = Key<LongText?>("solution", .searchable)
    /// Subject and solution may be shown, without names, to others who describe the same.
    static let isShared     = Key<Bool>("is-shared", initial: false)
    static let article      = Key<Ref<Article>?>("article")
    static let solvedAt     = Key<Instant?>("solved-at", .systemSet, .indexed)
    static let firstContact = Key<Bool?>("first-contact", .systemSet)
    /// Answers and hand-overs so far: one or none at the solution is a first contact.
    static let contacts     = Key<Int>("contacts", .systemSet, initial: 0)
    static let reopened     = Key<Int>("reopened", .systemSet, initial: 0)
    static let worked       = Key<Duration?>("worked", .systemSet)
    static let lasted       = Key<Duration?>("lasted", .systemSet)

    static let rating  = Key<Int?>("rating", .range(1...5))
    static let remark  = Key<LongText?>("remark", .max(2_000))
    static let ratedAt = Key<Instant?>("rated-at", .systemSet)

    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartment = Key<String?>("compartment", .systemSet)

    static let isOpen = Condition.state(State.new, .inProgress, .pending)
    static let isSolved = Condition.state(State.solved, .closed)

    static let definition = Definition<Request>(
        name: "request", plural: "requests", numbering: "REQ-{year}-{0000000}", title: subject, subtitle: service,
        layout: [
            Group("request", [subject, details, kind, service, item, answers, formVersion]),
            Group("people", [requester, affected, unit, language, channel]),
            Group("priority", [impact, urgency, priority]),
            Group("handling", [desk, tier, owner, waitingFor, approver, handoverNote, mergedInto]),
            Group("promises", [firstResponseDue, firstResponseMet, nextResponseDue, nextResponseMet, resolutionDue, resolutionMet]),
            Group("outcome", [solution, isShared, article, solvedAt, firstContact, contacts, reopened, worked, lasted]),
            Group("satisfaction", [rating, remark, ratedAt]),
            Group("secrecy", [label, compartment]),
        ],
        lifecycle: lifecycle, access: access, notices: notices, clocks: clocks, views: views,
        columns: [subject, requester, priority, desk, owner, resolutionDue], unit: unit, owner: owner, label: label, compartment: compartment,
        calendar: resolutionDue, board: priority, with: [.comments, .attachments, .watchers, .tags], icon: "desk",
        tellings: [.why(priority, PriorityPage.explain), .lines(answers, AskForm.lines)], heard: heard, follow: follow)

    static let access: [Rule] = [
        .allow(.create, .read, .comment, to: .requester),
        .allow(.read, .comment, to: .affected),
        .allow(.read, to: .asked),
        .allow(.read, to: .approver, where: waitingFor.equals(.approval)),
        .allow(.read, .create, .change, .comment, .export, to: .agent, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .create, .change, .comment, .export, to: .lead, classes: [.ordinary, .personal, .internal]),
        .allow(.read, .export, to: .serviceOwner, classes: [.ordinary, .personal, .internal]),
    ]

    static let notices = [
        Notice("answered", tell: requester, on: .message),
        Notice("written", tell: owner, on: .message),
        Notice("assigned", tell: owner, on: .move("assign")),
        Notice("handed-over", tell: owner, on: .move("hand-over")),
        Notice("waiting", tell: requester, on: .move("wait")),
        Notice("solved", tell: requester, on: .move("solve")),
        Notice("reopened", tell: owner, on: .move("reopen")),
        Notice("cancelled", tell: requester, on: .move("cancel")),
        Notice("approved", tell: requester, on: .move("approved")),
        Notice("refused", tell: requester, on: .move("refused")),
    ]

    static let views = [
        ViewDefinition("mine", where: isOpen.and(owner.isMe), sort: [.up(resolutionDue)]),
        ViewDefinition("free", where: isOpen.and(owner.isEmpty), sort: [.up(resolutionDue)]),
        ViewDefinition("open", where: isOpen, sort: [.up(resolutionDue)]),
        ViewDefinition("late", where: isOpen.and(resolutionDue.before()), sort: [.up(resolutionDue)]),
        ViewDefinition("asked", where: requester.isMe.or(affected.isMe), sort: [Sort("created-at", descending: true)]),
        ViewDefinition("solved", where: isSolved, sort: [.down(solvedAt)], columns: [subject, requester, desk, solvedAt, rating]),
    ]
}
