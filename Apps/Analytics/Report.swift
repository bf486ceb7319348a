import Foundation
import Kernel

/// A question that somebody keeps, with the form of its answer. Everybody who opens it is answered from what they themselves may read.
enum Report: RecordType {
    static let app = "analytics"
    enum State: String, Choice { case working, certified, archived }

    static let name     = Key<String>("name", .searchable, .max(120))
    static let note     = Key<LongText?>("note", .searchable, .max(2_000))
    static let folder   = Key<String?>("folder", .indexed, .max(80))
    /// As an address says it (`Question.address`).
    static let question = Key<LongText>("question", .max(4_000), .ownForm)
    static let form     = Key<Form>("form", initial: .table)
    static let owner    = Key<PersonID>("owner", .systemSet, .indexed)
    /// Persons and units by id.
    static let shared   = Key<[String]>("shared", .ownForm)

    static let keeper = Role("analytics.report-keeper", where: owner.isMe), partner = Role("analytics.report-partner", where: shared.includesMe)

    static let definition = Definition<Report>(
        name: "report", plural: "reports", numbering: "REP-{year}-{00000}", title: name, subtitle: folder,
        layout: [Group("report", [name, note, folder, form]), Group("kept", [question, owner, shared])],
        lifecycle: Lifecycle(start: .working, phases: [.working: .active, .certified: .done, .archived: .stopped], moves: [
            Move("certify", from: [.working], to: .certified, by: [.curator]),
            Move("withdraw", from: [.certified], to: .working, by: [.curator]),
            Move("archive", from: [.working, .certified], to: .archived, by: [keeper, .curator]),
            Move("restore", from: [.archived], to: .working, by: [keeper, .curator]),
        ]),
        access: Kept.access(keeper: keeper, partner: partner),
        views: [ViewDefinition("live", where: .not(.state(State.archived)), sort: [.up(name)]), ViewDefinition("mine", where: owner.isMe), ViewDefinition("certified", where: .state(State.certified))],
        columns: [name, folder, form, owner], owner: owner, with: [.watchers, .comments], icon: "chart",
        shortcuts: [Shortcut("open", "report/{reference}")])

    static func prepare(_ draft: inout Record<Report>, _ session: Session) throws {
        if draft.value(of: owner) == nil { draft[owner] = PersonID(session.viewer.id) }
        guard let text = draft.value(of: question)?.text else { return }
        guard let read = try? Question(address: text), read.address == text else { throw Refusal.rule("not-a-question", question, app: app) }
    }
}

/// Tiles of figures on one page, one definition for all who open it: each sees it under their own rights, for the unit and the period that they choose.
enum Dashboard: RecordType {
    static let app = "analytics"
    enum State: String, Choice { case working, certified, archived }

    static let name   = Key<String>("name", .searchable, .max(120))
    static let note   = Key<LongText?>("note", .searchable, .max(2_000))
    static let folder = Key<String?>("folder", .indexed, .max(80))
    /// A line for each tile (`Tile`), so that two versions can be read beside one another.
    static let tiles  = Key<LongText?>("tiles", .max(20_000), .ownForm)
    static let owner  = Key<PersonID>("owner", .systemSet, .indexed)
    static let shared = Key<[String]>("shared", .ownForm)

    static let isLive = Condition.not(.state(State.archived))

    static let keeper = Role("analytics.dashboard-keeper", where: owner.isMe), partner = Role("analytics.dashboard-partner", where: shared.includesMe)

    static let definition = Definition<Dashboard>(
        name: "dashboard", plural: "dashboards", numbering: "DSH-{year}-{00000}", title: name, subtitle: folder,
        layout: [Group("dashboard", [name, note, folder]), Group("kept", [tiles, owner, shared])],
        lifecycle: Lifecycle(start: .working, phases: [.working: .active, .certified: .done, .archived: .stopped], moves: [
            Move("certify", from: [.working], to: .certified, by: [.curator]),
            Move("withdraw", from: [.certified], to: .working, by: [.curator]),
            Move("archive", from: [.working, .certified], to: .archived, by: [keeper, .curator]),
            Move("restore", from: [.archived], to: .working, by: [keeper, .curator]),
        ]),
        access: Kept.access(keeper: keeper, partner: partner),
        views: [ViewDefinition("live", where: isLive, sort: [.up(name)]), ViewDefinition("mine", where: owner.isMe), ViewDefinition("certified", where: .state(State.certified))],
        columns: [name, folder, owner], owner: owner, with: [.watchers, .comments], icon: "gauge",
        shortcuts: [Shortcut("open", "dashboard/{reference}")])

    static func prepare(_ draft: inout Record<Dashboard>, _ session: Session) throws {
        if draft.value(of: owner) == nil { draft[owner] = PersonID(session.viewer.id) }
        let lines = (draft[tiles]?.text ?? "").split(whereSeparator: \.isNewline)
        guard lines.allSatisfy({ Tile(line: String($0)) != nil }), lines.count <= Tile.most else { throw Refusal.rule("not-tiles", tiles, app: app, ["most": String(Tile.most)]) }
    }
}

/// What reports and dashboards have in common.
enum Kept {
    /// Whoever made one and whom it is shared with; everybody what is certified. What is certified stands as it is until it is withdrawn.
    static func access(keeper: Role, partner: Role) -> [Rule] {
        let certified = Condition.oneOf("state", [.text("certified")])
        return [
            .allow(.create, to: .everyone),
            .allow(.read, .comment, .export, to: keeper), .allow(.change, .erase, to: keeper, where: .not(certified)),
            .allow(.read, .comment, .export, to: partner),
            .allow(.read, .comment, .export, to: .everyone, where: certified),
            .allow(.read, .comment, .export, to: .curator), .allow(.change, to: .curator, where: .not(certified)),
        ]
    }
}

/// One opening of a report or a dashboard: what usage is counted from. It comes in bulk and says nothing but what, who and when.
enum Visit: RecordType {
    static let app = "analytics"
    static let dashboard = Key<Ref<Dashboard>?>("dashboard", .indexed)
    static let report    = Key<Ref<Report>?>("report", .indexed)
    static let person    = Key<PersonID>("person", .fieldClass(.personal))
    static let openedAt  = Key<Instant>("opened-at", .indexed)

    static let definition = Definition<Visit>(
        name: "visit", plural: "visits", title: openedAt, layout: [Group("visit", [openedAt, dashboard, report, person])],
        access: [.allow(.create, to: .administrator), .allow(.read, to: .curator)],
        columns: [openedAt, dashboard, report], with: [.series], icon: "eye", threshold: 5)

    /// Noted once the page has been read; that it could not be noted keeps nobody from reading.
    static func note(_ session: Session, _ fill: @escaping @Sendable (inout Record<Visit>) -> Void) {
        session.afterwards(isRequired: false) { session in
            // Nobody but the app itself makes them.
            try session.asService("analytics").append([session.draft(Visit.self) { visit in
                visit[person] = PersonID(session.viewer.id)
                visit[openedAt] = session.now
                fill(&visit)
            }])
        }
    }
}
