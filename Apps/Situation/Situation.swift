import Foundation
public import Kernel

/// What happened, where, how sure that is, and who must act (A/75/6, 29C.37, .43–.44).
public let situation = App(
    "situation", area: .field, icon: "map",
    records: [Incident.self, SourceReport.self, Requirement.self, Indicator.self, Answer.self, AlertRule.self, Alert.self, AlertCause.self],
    roles: [.dutyOfficer, .analyst, .component, .dataOwner],
    pages: [
        ReportPage.page, ReportPage.sentPage, CyclePage.page, CyclePage.questionPage, EarlyWarningPage.page, FiguresPage.page, ExchangePage.page,
        ExchangePage.file,
    ],
    measures: SituationMeasures.all, jobs: Watch.jobs,
    words: Bundle.module.resourceURL?.appending(path: "Words"), demo: makeSituation)

extension Role {
    /// Keeps the picture of the moment: takes reports, verifies, assigns, closes (joint operations centre).
    static let dutyOfficer = Role("situation.duty-officer")
    /// Weighs what was collected (joint mission analysis centre).
    static let analyst = Role("situation.analyst")
    /// Reads what concerns their component, within their clearance.
    static let component = Role("situation.component")
    /// May learn who a source is; each reading is in the ledger.
    static let dataOwner = Role("situation.data-owner")

    static let reporter = Role("situation.reporter", where: Incident.reporter.isMe)
    static let reporterOfSource = Role("situation.author", where: SourceReport.author.isMe)
}
