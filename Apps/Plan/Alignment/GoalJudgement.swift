import Kernel

/// A person's word on whether a text of the plan serves a Sustainable Development Goal. It counts more than the score; who gave it, and when, is in its history.
enum GoalJudgement: RecordType {
    static let app = "plan"

    enum Verdict: String, Choice { case confirmed, rejected }

    static let document = Key<Ref<BudgetDocument>>("document", .indexed, .once)
    /// The id of the record whose text it is.
    static let subject  = Key<String>("subject", .indexed, .once, .max(36))
    /// What the text says, as it was judged.
    static let text     = Key<String>("text", .searchable, .max(4_000))
    static let goal     = Key<Int>("goal", .indexed, .once, .range(1...17))
    static let verdict  = Key<Verdict>("verdict", .indexed)
    static let reason   = Key<String?>("reason", .searchable, .max(1_000))

    static let definition = Definition<GoalJudgement>(
        name: "goal-judgement", plural: "goal-judgements", title: text, subtitle: reason,
        layout: [Group("judgement", [document, subject, text, goal, verdict, reason])],
        access: planAccess, views: [ViewDefinition("all", sort: [.up(goal)])], columns: [goal, verdict, text, reason], icon: "check")

    /// One word on a text and a goal: who thinks otherwise changes it.
    static func prepare(_ draft: inout Record<GoalJudgement>, _ session: Session) throws {
        let same = subject.equals(draft[subject]).and(goal.equals(draft[goal])).and(document.equals(draft[document]))
        if let other = try session.first(GoalJudgement.self, where: same), other.id != draft.id { throw Refusal.rule("already-judged", goal, app: app) }
    }
}
