import Foundation
public import Kernel

/// What happened, where, how sure that is, and who must act (A/75/6, 29C.37, .43–.44).
public let situation = App(
    "situation", area: .field, icon: "map",
    records: [
        Incident.self, SourceReport.self,
        AccessRequest.self,
        Batch.self, Warning.self,
        Patrol.self, Position.self, Sector.self, Track.self, TrackPoint.self, Flight.self,
        Product.self, ProductPart.self,
        Requirement.self, Indicator.self, Answer.self, AlertRule.self, Alert.self, AlertCause.self,
    ],
    roles: [
        .dutyOfficer, .analyst, .component, .dataOwner, .headquarters, .partner,
        .warningApprover,
        .pilot,
        .releaser,
    ],
    pages: [
        RoomPage.page, RoomPage.picture, RoomPage.record, RoomPage.working, RoomPage.workingFile,
        RestrictedPage.page, OwnerLedgerPage.page, ReportPage.page, ReportPage.sentPage, SplitPage.page,
        ExchangePage.page, ImportPage.page, BatchPage.page, ExchangePage.file,
        IncidentWarning.page, WarningPages.receive, WarningPages.index, WarningPages.message,
        CyclePage.page, CyclePage.questionPage, AnswerPage.page, EarlyWarningPage.page, FiguresPage.page, CoveragePage.page,
        PatrolPages.near, PatrolPages.positions, WayPage.page, WayPage.file, TrackPage.page,
        FlightPages.list, FlightPages.metadata, FlightPages.file,
    ] + ProductPages.all,
    measures: SituationMeasures.all,
    jobs: [
        JobDefinition("situation.batches", every: 3_600) { run in try await Batch.letGo(run) },
        Patrol.late,
    ] + Watch.jobs,
    doors: [LiveTalk.door],
    words: Bundle.module.resourceURL?.appending(path: "Words"), demo: makeSituation)

extension Role {
    /// Keeps the picture of the moment: takes reports, verifies, assigns, closes (joint operations centre).
    static let dutyOfficer = Role("situation.duty-officer")
    /// Weighs what was collected (joint mission analysis centre).
    static let analyst = Role("situation.analyst")
    /// Reads what concerns their component, within their clearance.
    static let component = Role("situation.component")
    /// The post that owns what its component brings in: classifies it, releases it, opens it to others, and may learn who a source is. Whoever is given the
    /// role for the unit has the post; each reading of a source is in the ledger.
    static let dataOwner = Role("situation.data-owner")
    /// The crisis centre at headquarters.
    static let headquarters = Role("situation.headquarters")
    /// A partner outside the mission: the country team, another organisation.
    static let partner = Role("situation.partner")

    /// Releases what others drafted (chief of the operations centre or of the analysis centre).
    static let releaser = Role("situation.releaser")

    static let reporter = Role("situation.reporter", where: Incident.reporter.isMe)
    /// Who took an incident out of another.
    static let splitter = Role("situation.splitter", where: Incident.splitFrom.isFilled.and(.isMe("created-by")))
    /// Those to whom the record was opened by name, for a time; with the exact place; with all that is said of it.
    static let named = Role("situation.named", where: Condition.isOpened("id", nil))
    static let namedExactly = Role("situation.named-exactly", where: .isOpened("id", .exact))
    static let namedWholly = Role("situation.named-wholly", where: .isOpened(SourceReport.incident.name, .sensitive))
    static let reporterOfSource = Role("situation.author", where: SourceReport.author.isMe)
}
