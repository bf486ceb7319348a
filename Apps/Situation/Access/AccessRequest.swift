import Kernel

/// A request to read a record that exists and may not be read. Its owner decides for a time; where that cannot be waited for, two persons break the glass
/// and the owner is told.
enum AccessRequest: RecordType {
    static let app = "situation"
    enum State: String, Choice { case asked, breaking, granted, refused, withdrawn }

    /// The reference number by which the record is asked for; its id is kept beside it and opens nothing by itself.
    static let about    = Key<String>("about", .once, .indexed, .max(60))
    static let record   = Key<String?>("record", .systemSet, .indexed, .max(36))
    static let asker    = Key<PersonID>("asker", .systemSet, .indexed)
    static let reason   = Key<LongText>("reason", .once, .max(2_000))
    static let scope    = Key<Opening.Scope>("scope", initial: .general)
    /// Hours for which it is asked and, once decided, for which it was opened.
    static let hours    = Key<Int>("hours", .range(1...2_160), initial: 72)
    static let owner    = Key<PersonID?>("owner", .systemSet, .indexed)
    static let decidedBy = Key<PersonID?>("decided-by", .systemSet)
    static let confirmedBy = Key<PersonID?>("confirmed-by", .systemSet)
    static let until    = Key<Instant?>("until", .systemSet)
    static let answer   = Key<LongText?>("answer", .max(2_000))
    static let component = Key<UnitID?>("component", .systemSet)

    static let asking = Role("situation.asker", where: asker.isMe)
    static let deciding = Role("situation.record-owner", where: owner.isMe)
    /// Hours for which broken glass stays open.
    static let glass = 4

    static let definition = Definition<AccessRequest>(
        name: "access-request", plural: "access-requests", numbering: "ACC-{year}-{0000}", title: about, subtitle: asker,
        layout: [
            Group("asked", [about, asker, reason, scope, hours]),
            Group("decision", [owner, decidedBy, confirmedBy, until, answer, component, record]),
        ],
        lifecycle: Lifecycle(
            start: .asked, phases: [.asked: .waiting, .breaking: .active, .granted: .done, .refused: .stopped, .withdrawn: .stopped],
            moves: [
                Move("grant", from: [.asked], to: .granted, by: [deciding, .dataOwner], offers: [scope, hours, answer], when: notMine, then: grant),
                Move("refuse", from: [.asked, .breaking], to: .refused, by: [deciding, .dataOwner], asks: [answer], when: notMine, then: decide),
                Move("break-glass", from: [.asked], to: .breaking, by: [asking]),
                Move("confirm", from: [.breaking], to: .granted, by: [.dutyOfficer, .headquarters], when: notMine, then: confirm),
                Move("close", from: [.granted], to: .withdrawn, by: [deciding, .dataOwner, asking], offers: [answer], then: close),
            ]),
        access: [
            .allow(.create, to: .everyone),
            .allow(.read, .comment, to: asking),
            .allow(.read, .comment, to: deciding),
            .allow(.read, .comment, to: .dataOwner),
            .allow(.read, to: .dutyOfficer, where: .state(State.breaking)),
            .allow(.read, to: .headquarters, where: .state(State.breaking)),
        ],
        notices: [
            Notice("asked", tell: owner, on: .created), Notice("broken", tell: owner, on: .move("confirm")),
            Notice("granted", tell: asker, on: .move("grant")), Notice("confirmed", tell: asker, on: .move("confirm")), Notice("refused", tell: asker, on: .move("refuse")),
        ],
        views: [
            ViewDefinition("waiting", where: .state(State.asked, .breaking), sort: [.down(until)]),
            ViewDefinition("mine", where: asker.isMe), ViewDefinition("open", where: .state(State.granted), sort: [.up(until)]),
        ],
        columns: [about, asker, scope, owner, until], unit: component, owner: owner, with: [.comments], icon: "key")

    private static let notMine = Condition.not(asker.isMe)

    /// What is asked for is found by the rules alone; that it is not there, and that it may not even be known of, is one answer.
    static func prepare(_ draft: inout Record<AccessRequest>, _ session: Session) throws {
        guard draft.version == 0 else { return }
        draft[asker] = PersonID(session.viewer.id)
        let rules = session.asService(app), name = draft.value(of: about)?.uppercased() ?? ""
        let schema = session.platform.schema(of: Incident.self)
        guard let row = try rules.row(schema, named: name), row.reference == name else { throw Refusal.rule("nothing-to-ask-for", about, app: app) }
        if try session.row(schema, row.id) != nil, draft[scope] == .general { throw Refusal.rule("already-open", about, app: app) }
        let incident = Record<Incident>(row)
        guard try incident[Incident.isDiscoverable] || session.row(schema, row.id) != nil, incident.state != .draft else { throw Refusal.rule("nothing-to-ask-for", about, app: app) }
        draft[about] = name
        draft[record] = row.id.description
        draft[component] = incident[Incident.component]
        draft[owner] = try Ownership.holders(in: incident[Incident.component], session).first { $0.id != session.viewer.id }
    }

    private static func subject(_ request: Record<AccessRequest>, _ session: Session) throws -> Row {
        let schema = session.platform.schema(of: Incident.self)
        guard let id = request[record].flatMap({ RecordID($0) }), let row = try session.asService(app).row(schema, id) else { throw Refusal.absent }
        return row
    }

    @Sendable private static func decide(_ request: inout Record<AccessRequest>, _ session: Session) throws { request[decidedBy] = PersonID(session.viewer.id) }

    @Sendable private static func grant(_ request: inout Record<AccessRequest>, _ session: Session) throws {
        // What is opened is the owner's to open: one who may not read it opens nothing.
        let row = try subject(request, session)
        guard session.access.holds(.dataOwner, over: row) else { throw Refusal("only-the-owner", .forbidden, scope: app) }
        try decide(&request, session)
        try open(&request, row, hours: request[hours], session)
    }

    /// The second person of the two: any duty officer, or headquarters, but the one who asks.
    @Sendable private static func confirm(_ request: inout Record<AccessRequest>, _ session: Session) throws {
        request[confirmedBy] = PersonID(session.viewer.id)
        request[hours] = min(request[hours], glass)
        try open(&request, try subject(request, session), hours: request[hours], session)
    }

    private static func open(_ request: inout Record<AccessRequest>, _ row: Row, hours: Int, _ session: Session) throws {
        let end = session.now.adding(seconds: hours * 3_600)
        _ = try session.open(row, to: request[asker], scope: request[scope], until: end, reason: request.reference)
        request[until] = end
    }

    @Sendable private static func close(_ request: inout Record<AccessRequest>, _ session: Session) throws {
        let rules = session.asService(app)
        let given = Condition.all([Opening.person.equals(request[asker]), Opening.record.equals(request[record] ?? ""), .state(Opening.State.given)])
        for opening in try rules.find(Opening.self, where: given, limit: 100) where opening[Opening.reason] == request.reference { try rules.move(opening, "withdraw") }
        request[until] = session.now
    }
}
