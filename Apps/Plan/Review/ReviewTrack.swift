import Kernel

/// The way of a document through review: one track for the plan, by the Committee for Programme and Coordination, and one for the resources, by the
/// Advisory Committee (resolution 72/266 A, paragraph 11). Every stage freezes the document as it was.
enum ReviewTrack: RecordType {
    static let app = "plan"

    enum Track: String, Choice { case plan, resources }
    enum State: String, Choice {
        case draft, proposal, committee, fifthCommittee = "fifth-committee", appropriated, revised, performance
    }

    static let document = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let track    = Key<Track>("track", .indexed, .once)
    /// Symbol of the committee's report.
    static let report   = Key<String?>("report", .searchable, .max(60))
    static let note     = Key<LongText?>("note", .max(4000))

    static let definition = Definition<ReviewTrack>(
        name: "review", plural: "reviews", title: track, subtitle: document,
        layout: [Group("review", [document, track, report, note])],
        lifecycle: Lifecycle(start: .draft, phases: [.performance: .done], moves: [
            Move("propose", from: [.draft], to: .proposal, by: [.planOfficer], then: { try approve($0, $1); try freeze("proposal", $0, $1) }),
            Move("submit", from: [.proposal], to: .committee, by: [.planOfficer], then: { try freeze("committee", $0, $1) }),
            Move("send-back", from: [.proposal, .committee, .fifthCommittee], to: .draft, by: [.planOfficer], asks: [note]),
            Move("report", from: [.committee], to: .fifthCommittee, by: [.planOfficer], asks: [report], then: { try freeze("fifth-committee", $0, $1) }),
            Move("appropriate", from: [.fifthCommittee], to: .appropriated, by: [.planOfficer], then: { try together($0, $1); try approve($0, $1); try freeze("appropriated", $0, $1) }),
            Move("revise", from: [.appropriated], to: .revised, by: [.planOfficer], then: { try approve($0, $1); try freeze("revised", $0, $1) }),
            Move("report-performance", from: [.appropriated, .revised], to: .performance, by: [.planOfficer], then: { try freeze("performance", $0, $1) }),
        ]),
        access: planAccess + [.allow(.comment, to: .everyone)], views: [ViewDefinition("all", sort: [.up(track)])], columns: [document, track, report],
        with: [.comments, .watchers], icon: "check", shortcuts: [Shortcut("desk", "review")])

    static func prepare(_ draft: inout Record<ReviewTrack>, _ session: Session) throws {
        guard let document = draft.value(of: document), let track = draft.value(of: track) else { return }
        let same = ReviewTrack.document.equals(document).and(ReviewTrack.track.equals(track))
        if let other = try session.first(ReviewTrack.self, where: same), other.id != draft.id { throw Refusal.rule("track-twice", ReviewTrack.track, app: app) }
    }

    /// No line is approved while one of its relations fails and no waiver lets it stand, nor while the reasons for its change do not add up to it.
    private static func approve(_ review: Record<ReviewTrack>, _ session: Session) throws {
        guard review[track] == .resources, let document = try session.record(review[document]) else { return }
        let book = try PlanBook(document, session)
        if !book.open.isEmpty {
            throw Refusal("relations-fail", .conflict, scope: app, ["n": String(book.open.count), "names": book.open.prefix(9).map(\.relation.id).joined(separator: ", ")])
        }
        for explained in try Explained.all(book, session) where !explained.addsUp {
            let isWaived = book.verdicts(on: explained.line.cell).contains { book.waiver(of: $0) != nil }
            if !isWaived { throw Refusal("unexplained", .conflict, scope: app, ["line": explained.line[ResourceLine.place], "rest": explained.rest.description]) }
        }
    }

    /// What is appropriated was reviewed by both committees.
    private static func together(_ review: Record<ReviewTrack>, _ session: Session) throws {
        let others = try session.find(ReviewTrack.self, where: document.equals(review[document]).and(track.differs(from: review[track])))
        let reported: Set<State> = [.fifthCommittee, .appropriated, .revised, .performance]
        guard let other = others.first, reported.contains(other.state) else { throw Refusal("other-track-first", .conflict, scope: app) }
    }

    private static func freeze(_ stage: String, _ review: Record<ReviewTrack>, _ session: Session) throws {
        let name = "\(review[track].rawValue): \(stage)"
        let document = review[document]
        try session.create(Snapshot.self) { snapshot in
            snapshot[Snapshot.document] = document
            snapshot[Snapshot.name] = name
        }
    }
}

/// A question of a committee, and the answer that is sent to it.
enum Question: RecordType {
    static let app = "plan"

    enum State: String, Choice { case asked, assigned, answered, sent }
    enum Body: String, Choice { case cpc, acabq, fifthCommittee = "fifth-committee" }

    static let document  = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let body      = Key<Body>("body", .indexed)
    static let subject   = Key<String>("subject", .searchable, .max(200))
    static let text      = Key<LongText>("text", .searchable)
    static let paragraph = Key<Ref<Paragraph>?>("paragraph", .indexed)
    static let due       = Key<CalendarDate?>("due", .indexed)
    static let handler   = Key<PersonID?>("handler", .indexed)
    static let answer    = Key<LongText?>("answer", .searchable)

    static let definition = Definition<Question>(
        name: "question", plural: "questions", numbering: "Q-{year}-{0000}", title: subject, subtitle: body,
        layout: [Group("question", [document, body, subject, text, paragraph]), Group("answer", [due, handler, answer])],
        lifecycle: Lifecycle(start: .asked, moves: [
            Move("assign", from: [.asked, .assigned], to: .assigned, by: [.planOfficer], asks: [handler], offers: [due]),
            Move("answer", from: [.asked, .assigned], to: .answered, by: [.planOfficer, .planRespondent], asks: [answer]),
            Move("send", from: [.answered], to: .sent, by: [.planOfficer]),
            Move("reopen", from: [.answered, .sent], to: .assigned, by: [.planOfficer]),
        ]),
        access: [
            .allow(.read, .create, .change, .comment, .export, to: .planOfficer),
            .allow(.read, .comment, to: .planRespondent),
        ],
        notices: [Notice("assigned", tell: handler, on: .move("assign"))],
        views: [
            ViewDefinition("open", where: .state(State.asked, .assigned), sort: [.up(due)]), ViewDefinition("all", sort: [.down(due)]),
        ],
        columns: [body, subject, due, handler], owner: handler, with: [.comments, .attachments, .imports], icon: "ask")
}

extension Role {
    /// The one whom a question was given to.
    static let planRespondent = Role("plan.respondent", where: Question.handler.isMe)
}
