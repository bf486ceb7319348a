import Kernel

/// Something done to posts: from when, why, and to how many. Made, it changes the posts themselves.
enum PostAction: RecordType {
    static let app = "plan"

    enum State: String, Choice { case proposed, made, withdrawn }
    enum Kind: String, Choice { case establish, abolish, reclassify, redeploy, reassign, convert }

    static let document      = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    static let kind          = Key<Kind>("kind", .indexed)
    static let post          = Key<Ref<Post>>("post", .indexed)
    static let number        = Key<Int>("number", .range(1...1000), initial: 1)
    /// What they become: the grade of a reclassification, the unit and component of a redeployment, the source of a conversion.
    static let toGrade       = Key<Post.Grade?>("to-grade")
    static let toUnit        = Key<UnitID?>("to-unit")
    static let toComponent   = Key<Post.Component?>("to-component")
    static let toSource      = Key<ResourceLine.Source?>("to-source")
    static let effective     = Key<CalendarDate>("effective", .indexed)
    static let justification = Key<LongText>("justification", .searchable, .max(4000))

    static let definition = Definition<PostAction>(
        name: "post-action", plural: "post-actions", numbering: "PA-{year}-{000}", title: kind, subtitle: post,
        layout: [
            Group("action", [document, kind, post, number]), Group("target", [toGrade, toUnit, toComponent, toSource]),
            Group("reason", [effective, justification]),
        ],
        lifecycle: Lifecycle(start: .proposed, phases: [.withdrawn: .stopped], moves: [
            Move("make", from: [.proposed], to: .made, by: [.planOfficer], then: { try apply($0, $1) }),
            Move("withdraw", from: [.proposed], to: .withdrawn, by: [.planOfficer]),
        ]),
        access: planAccess, views: [ViewDefinition("all", sort: [.down(effective)])], columns: [kind, post, number, effective], icon: "people")

    /// An action says what its kind needs, and takes no more posts than there are.
    static func prepare(_ draft: inout Record<PostAction>, _ session: Session) throws {
        guard let kind = draft.value(of: kind), let ref = draft.value(of: post), let source = try session.record(ref) else { return }
        let needed: (any FieldKey)? = switch kind {
        case .reclassify where draft[toGrade] == nil: toGrade
        case .redeploy where draft[toUnit] == nil: toUnit
        case .convert where draft[toSource] == nil: toSource
        default: nil
        }
        if let needed { throw Refusal("required", field: needed.schema.name) }
        if draft.state == .proposed, kind != .establish, draft[number] > source[Post.number] {
            throw Refusal.rule("not-so-many-posts", number, app: app, ["n": String(source[Post.number])])
        }
    }

    private static func apply(_ action: Record<PostAction>, _ session: Session) throws {
        guard let source = try session.record(action[post]) else { throw Refusal.absent }
        let count = action[number], kind = action[kind]
        if kind == .reassign { return }
        if kind != .establish {
            guard count <= source[Post.number] else { throw Refusal.rule("not-so-many-posts", number, app: app, ["n": String(source[Post.number])]) }
            try session.change(source) { $0[Post.number] -= count }
        }
        if kind == .abolish { return }
        if kind == .establish {
            try session.change(source) { $0[Post.number] += count }
            return
        }
        var target = source.count
        if let grade = action[toGrade] { target.grade = grade }
        if let component = action[toComponent] { target.component = component }
        if let source = action[toSource] { target.source = source }
        var unit = source[Post.unit]
        if let to = action[toUnit] {
            unit = to
            let there = try session.first(Post.self, where: Post.document.equals(source[Post.document]).and(Post.unit.equals(to)))
            target.unit = try there?[Post.name] ?? session.record(to)?[Unit.name].best(for: .en)?.text ?? target.unit
        }
        let place = target.place
        if let found = try session.first(Post.self, where: Post.document.equals(source[Post.document]).and(Post.place.equals(place))) {
            try session.change(found) { $0[Post.number] += count }
        } else {
            try session.create(Post.self) { record in
                record[Post.place] = place
                record[Post.document] = source[Post.document]
                record[Post.name] = target.unit
                record[Post.unit] = unit
                record[Post.component] = target.component
                record[Post.source] = target.source
                record[Post.grade] = target.grade
                record[Post.kind] = target.kind
                record[Post.station] = source[Post.station]
                record[Post.number] = count
            }
        }
    }
}
