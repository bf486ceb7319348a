import Kernel

/// One thing that can be asked for: its questions, who must agree, and the steps that follow.
enum CatalogueItem: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case draft, offered, withdrawn }
    enum ApprovalRule: String, Choice { case none, supervisor, owner }

    static let name        = Key<LocalText>("name", .searchable)
    static let key         = Key<String>("key", .unique, .max(60), .pattern("[a-z0-9-]+"))
    static let description = Key<LocalText?>("description", .searchable)
    static let service     = Key<Ref<Service>>("service", .indexed)
    static let kind        = Key<Request.Kind>("kind", initial: .request)
    /// The kinds of duty station whose people may ask; none means all.
    static let offeredAt   = Key<[DutyStation.Sort]>("offered-at")
    static let form        = Key<LongText?>("form")
    /// Raised with every change of the form; a request keeps the number it was answered with.
    static let formVersion = Key<Int>("form-version", .systemSet, initial: 1)
    static let approval    = Key<ApprovalRule>("approval", initial: ApprovalRule.none)
    /// A JSON list of `{"title": {"en": …}, "desk": "geneva", "after": 1}`; `after` counts from 1.
    static let tasks       = Key<LongText?>("tasks")

    static let definition = Definition<CatalogueItem>(
        name: "item", plural: "items", title: name, subtitle: key,
        layout: [
            Group("item", [name, key, description, service, kind, offeredAt]),
            Group("form", [form, formVersion]),
            Group("work", [approval, tasks]),
        ],
        lifecycle: Lifecycle(start: .draft, phases: [.draft: .fresh, .offered: .active, .withdrawn: .stopped], moves: [
            Move("offer",    from: [.draft, .withdrawn], to: .offered, by: [.lead, .serviceOwner]),
            Move("withdraw", from: [.offered], to: .withdrawn, by: [.lead, .serviceOwner]),
        ]),
        access: [
            .allow(.read, to: .everyone, where: .state(State.offered)),
            .allow(.read, to: .agent),
            .allow(.read, .create, .change, to: .lead),
            .allow(.read, .create, .change, to: .serviceOwner),
        ],
        views: [ViewDefinition("offered", where: .state(State.offered)), ViewDefinition("draft", where: .state(State.draft))],
        columns: [name, service, kind, approval, formVersion], with: [.comments], icon: "cols")

    /// Form and task plan are of the form that is read; the version goes up when the questions change.
    static func prepare(_ draft: inout Record<CatalogueItem>, _ session: Session) throws {
        do { _ = try FormDefinition(draft[form]?.text) } catch { throw wrong("not-a-form", form, error) }
        do { _ = try PlannedTask.all(draft[tasks]?.text) } catch { throw wrong("not-a-task-plan", tasks, error) }
        if draft.version > 0, let before = try session.asService(app).record(draft.ref), before[form] != draft[form] {
            draft[formVersion] = before[formVersion] + 1
        }
    }

    private static func wrong(_ code: String, _ key: Field<CatalogueItem, LongText?>, _ error: any Error) -> Refusal {
        .rule(code, key, app: app, ["part": (error as? FormDefinition.Fault)?.place ?? "JSON"])
    }
}

/// A step of an item's plan.
struct PlannedTask: Hashable {
    let title: LocalText
    let desk: Desk?
    /// The place, from 0, of the step that comes before.
    let after: Int?

    static func all(_ text: String?) throws -> [PlannedTask] {
        guard let text, !text.isEmpty else { return [] }
        guard let items = try JSON(text: text).array, items.count <= 40 else { throw FormDefinition.Fault(place: "[]") }
        return try items.enumerated().map { place, json in
            var texts: [Language: String] = [:]
            for (code, title) in json["title"].object ?? [:] { if let language = Language(rawValue: code), let title = title.string { texts[language] = title } }
            guard !texts.isEmpty else { throw FormDefinition.Fault(place: "\(place + 1).title") }
            let desk = json["desk"].string
            if let desk, Desk(rawValue: desk) == nil { throw FormDefinition.Fault(place: "\(place + 1).desk") }
            let after = json["after"].integer
            if let after, !(1...max(1, place)).contains(after) || place == 0 { throw FormDefinition.Fault(place: "\(place + 1).after") }
            return PlannedTask(title: LocalText(texts), desk: desk.flatMap(Desk.init), after: after.map { $0 - 1 })
        }
    }
}
