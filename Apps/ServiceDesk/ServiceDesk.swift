import Foundation
public import Kernel

/// One place to ask for help: every request gets someone who answers, a promise and a solution (A/75/6, 29C.39, .42, .46–48, .55).
public let serviceDesk = App(
    "service-desk", area: .service, icon: "desk",
    records: [Request.self, Service.self, CatalogueItem.self, DeskTask.self, Approval.self, Article.self],
    roles: [.agent, .lead, .approver, .editor, .serviceOwner],
    pages: [
        DeskPage.page, PortalPage.page, SuggestPage.page, AskForm.page, PortalRequest.page, RatePage.page, PortalPage.articlePage,
        PortalPage.solvedPage, PriorityPage.page,
    ],
    measures: DeskMeasures.all,
    jobs: [
        JobDefinition("service-desk.follow-the-sun", every: 300) { run in try await followTheSun(run) },
        JobDefinition("service-desk.close-solved", every: 3_600) { run in try await closeSolved(run) },
    ],
    words: Bundle.module.resourceURL?.appending(path: "Words"), demo: makeServiceDesk)

extension Role {
    /// Answers requests at a desk.
    static let agent = Role("service-desk.agent")
    /// Runs the desks: catalogue, hand-overs, articles.
    static let lead = Role("service-desk.lead")
    /// Decides on approvals for people of their unit, beside those whom the rule names.
    static let approver = Role("service-desk.approver")
    /// Writes the articles.
    static let editor = Role("service-desk.editor")
    /// Answers for services and their catalogue.
    static let serviceOwner = Role("service-desk.owner")

    static let requester = Role("service-desk.requester", where: Request.requester.isMe)
    static let affected = Role("service-desk.affected", where: Request.affected.isMe)
    /// Whom the rule of the catalogue item asks.
    static let asked = Role("service-desk.asked", where: Request.approver.isMe)
}
