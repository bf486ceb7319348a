import Foundation
public import Kernel

/// Data and analytics: what is measured, questions that anybody may ask of it, and dashboards made from their answers (A/75/6 (Sect. 29C), 29C.2, 29C.19, 29C.24).
public let analytics = App(
    "analytics", area: .planAndData, icon: "gauge",
    records: [Dashboard.self, Report.self, Visit.self],
    roles: [.curator],
    pages: [
        CataloguePage.page, QuestionPage.page, UsagePage.page, DatasetPage.page, MeasurePage.page, QuestionPage.working,
        QuestionPage.export, DashboardPage.page, ReportPage.page,
    ],
    measures: analyticsMeasures,
    words: Bundle.module.url(forResource: "Words", withExtension: nil),
    demo: makeAnalytics)

extension Role {
    /// Certifies reports and dashboards, sees how they are used, and archives what nobody opens.
    static let curator = Role("analytics.curator")
}

private let analyticsMeasures = [
    Measure("analytics.opened", of: Visit.self, .count, over: Visit.openedAt, by: [Visit.dashboard], source: "A/75/6 (Sect. 29C), 29C.24"),
    Measure("analytics.dashboards", of: Dashboard.self, .count, where: Dashboard.isLive, by: [Dashboard.folder], source: "A/75/6 (Sect. 29C), foreword"),
]
