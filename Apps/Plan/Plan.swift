import Foundation
public import Kernel

/// The programme plan and budget: what a section of the budget document says, as records whose figures check one another (A/75/6 (Sect. 29C)).
public let plan = App(
    "plan", area: .planAndData, icon: "plan",
    records: [BudgetDocument.self, ResourceLine.self, Post.self, Deliverable.self, PerformanceMeasure.self, Recommendation.self, GoalJudgement.self],
    roles: [.planOfficer],
    pages: [
        Page("resources", show: resourcesPage), Page("posts", show: postsPage), Page("deliverables", show: deliverablesPage),
        Page("performance", show: measuresPage), Page("checks", show: checksPage), GoalsPage.page,
    ],
    measures: planMeasures,
    words: Bundle.module.url(forResource: "Words", withExtension: nil),
    demo: makePlan)

extension Role {
    /// Prepares the plan and budget of a section.
    static let planOfficer = Role("plan.officer")
}

/// Everybody reads the plan; officers write it.
let planAccess: [Rule] = [.allow(.read, .export, to: .everyone), .allow(.create, .change, to: .planOfficer)]

private let planMeasures = [
    Measure("plan.posts", of: Post.self, .sum(Post.number), by: [Post.source, Post.grade, Post.component], source: "29C.15"),
    // What the section's table of resources says after recosting, without its own total, in thousands of United States dollars.
    Measure(
        "plan.resources", of: ResourceLine.self, .sum(ResourceLine.amount),
        where: ResourceLine.part.equals(.table).and(ResourceLine.column.equals(.afterRecosting)).and(ResourceLine.component.isEmpty)
            .and(ResourceLine.object.isFilled).and(ResourceLine.object.differs(from: .total)),
        by: [ResourceLine.object], source: "29C.11"),
]

/// The transcription of section 29C of the proposed programme budget for 2021.
let planDocument = Bundle.module.url(forResource: "29C", withExtension: "json", subdirectory: "Demo")

/// The demonstration's plan: the document as printed.
private func makePlan(_ world: DemoWorld) async throws {
    guard let file = planDocument else {
        throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Demo/29C.json"])
    }
    _ = try await importPlan(Data(contentsOf: file), into: world.platform, as: .service("demonstration"), at: world.today.adding(days: -300))
    try await world.platform.write(as: .service("demonstration")) { session in
        try judgeDemonstration(9, .confirmed, nil, session)
        try judgeDemonstration(13, .rejected, "The secretariat spoken of is that of the Organization, not that of the climate convention.", session)
    }
}

/// A person's word on the first deliverable that comes close to a goal.
private func judgeDemonstration(_ goal: Int, _ verdict: GoalJudgement.Verdict, _ reason: String?, _ session: Session) throws {
    let close = try session.find(Deliverable.self, sort: [.up(Deliverable.place)], limit: 500).first { record in
        let text = record[Deliverable.text].texts[.en] ?? ""
        return Goals.index(.en).matches(text).contains { $0.goal == goal && $0.score >= GoalIndex.threshold }
    }
    guard let close else { return }
    _ = try session.create(GoalJudgement.self) { draft in
        draft[GoalJudgement.document] = close[Deliverable.document]
        draft[GoalJudgement.subject] = close.id.description
        draft[GoalJudgement.text] = close[Deliverable.text].texts[.en] ?? ""
        draft[GoalJudgement.goal] = goal
        draft[GoalJudgement.verdict] = verdict
        draft[GoalJudgement.reason] = reason
    }
}
