public import Foundation
public import Kernel

/// The programme plan and budget: what a section of the budget document says, as records whose figures check one another (A/75/6 (Sect. 29C)).
public let plan = App(
    "plan", area: .planAndData, icon: "plan",
    records: [
        BudgetDocument.self, ResourceLine.self, Post.self, Deliverable.self, PerformanceMeasure.self, Recommendation.self, Waiver.self,
        ParameterSet.self, Parameter.self, Paragraph.self, Mandate.self, ProgrammeResult.self, Variance.self,
        ReviewTrack.self, Snapshot.self, Question.self, PostAction.self, GoalJudgement.self,
    ],
    roles: [.planOfficer],
    pages: [
        Page("overview", show: overviewPage), Page("resources", show: resourcesPage), Page("posts", show: postsPage), Page("chart", show: chartPage), Page("deliverables", show: deliverablesPage),
        Page("performance", show: measuresPage), Page("checks", show: checksPage), GoalsPage.page, Page("recosting", show: recostingPage),
        Page("what-if", show: whatIfPage), Page("text", show: textPage, send: sendText),
        Page("review", show: reviewPage, send: sendReview), Page("redline", isInMenu: false, show: redlinePage),
        Page("table", for: [.planOfficer], show: tablePage, send: saveTable), Page("table/check", for: [.planOfficer], isInMenu: false, send: checkTable),
        Page("out", show: outPage, send: bringLines), Page("out/{file}", isInMenu: false, takesToken: true, show: outFile),
        Page("print", isInMenu: false, show: printPage), Page("print/pdf", isInMenu: false, takesToken: true, show: printDocument),
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

/// The transcription that the demonstration starts with.
public func demonstrationPlan() throws -> Data {
    guard let file = planDocument else { throw CocoaError(.fileNoSuchFile, userInfo: [NSFilePathErrorKey: "Demo/29C.json"]) }
    return try Data(contentsOf: file)
}
