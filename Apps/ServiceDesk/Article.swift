import Kernel

/// An answer written once, in the organisation's languages, for everybody to find (29C.48: solutions in real time).
enum Article: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case draft, published, retired }

    static let title    = Key<LocalText>("title", .searchable)
    static let key      = Key<String>("key", .unique, .max(60), .pattern("[a-z0-9-]+"))
    static let body     = Key<LocalText>("body", .searchable)
    static let service  = Key<Ref<Service>?>("service", .indexed)
    static let keywords = Key<String?>("keywords", .searchable, .max(500))
    static let editor   = Key<PersonID?>("editor")
    static let reviewOn = Key<CalendarDate?>("review-on", .indexed)
    static let helpful   = Key<Int>("helpful", .systemSet, initial: 0)
    static let unhelpful = Key<Int>("unhelpful", .systemSet, initial: 0)

    static let isPublished = Condition.state(State.published)

    static let definition = Definition<Article>(
        name: "article", plural: "articles", title: title, subtitle: service,
        layout: [
            Group("article", [title, key, body]),
            Group("finding", [service, keywords]),
            Group("care", [editor, reviewOn, helpful, unhelpful]),
        ],
        lifecycle: Lifecycle(start: .draft, phases: [.draft: .fresh, .published: .active, .retired: .stopped], moves: [
            Move("publish", from: [.draft, .retired], to: .published, by: [.editor, .lead], asks: [reviewOn], then: publish),
            Move("revise",  from: [.published], to: .draft, by: [.editor, .lead]),
            Move("retire",  from: [.published, .draft], to: .retired, by: [.editor, .lead]),
            Move("helped",         from: [.published], to: nil, by: [.everyone], isQuiet: true) { article, _ in article[helpful] += 1 },
            Move("did-not-help",   from: [.published], to: nil, by: [.everyone], isQuiet: true) { article, _ in article[unhelpful] += 1 },
        ]),
        access: [
            .allow(.read, to: .everyone, where: isPublished),
            .allow(.read, to: .agent),
            .allow(.read, .create, .change, .comment, to: .editor, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .create, .change, .comment, to: .lead, classes: [.ordinary, .personal, .internal]),
        ],
        views: [
            ViewDefinition("published", where: isPublished),
            ViewDefinition("draft", where: .state(State.draft)),
            ViewDefinition("review", where: isPublished, sort: [.up(reviewOn)], columns: [title, editor, reviewOn, helpful, unhelpful]),
        ],
        columns: [title, service, reviewOn, helpful, unhelpful], owner: editor, calendar: reviewOn, with: [.comments, .attachments, .watchers, .tags],
        icon: "learn")

    @Sendable private static func publish(_ article: inout Record<Article>, _ session: Session) throws {
        if article[editor] == nil, !session.viewer.isService { article[editor] = PersonID(session.viewer.id) }
    }
}
