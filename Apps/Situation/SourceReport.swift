import Kernel

/// What one source says of an incident, with how far it is trusted. Who the source is stays apart, encrypted, and each reading of it is in the ledger.
enum SourceReport: RecordType {
    static let app = "situation"
    enum Channel: String, Choice { case patrol, radio, phone, contact, partner, media, socialMedia = "social-media", sensor, aircraft, other }

    static let incident    = Key<Ref<Incident>>("incident", .indexed)
    static let channel     = Key<Channel>("channel", initial: .contact)
    static let said        = Key<LongText>("said", .searchable)
    static let language    = Key<Person.Tongue?>("language")
    static let received    = Key<Instant>("received", .indexed)
    static let source      = Key<Secret?>("source", .fieldClass(.sensitive))
    static let reliability = Key<Admiralty.Reliability>("reliability", initial: .f)
    static let credibility = Key<Admiralty.Credibility>("credibility", initial: .unknown)
    static let killed   = Key<Int?>("killed", .range(0...1_000_000))
    /// Where the source itself gives a range.
    static let killedLow  = Key<Int?>("killed-low", .range(0...1_000_000))
    static let killedHigh = Key<Int?>("killed-high", .range(0...1_000_000))
    static let injured  = Key<Int?>("injured", .range(0...1_000_000))
    static let abducted = Key<Int?>("abducted", .range(0...1_000_000))
    /// The batch that brought it, under which name its source knows the event, what the source said then, and what was made of it here.
    static let batch       = Key<Ref<Batch>?>("batch", .systemSet, .indexed)
    static let origin      = Key<String?>("origin", .systemSet, .indexed, .max(500))
    static let fingerprint = Key<String?>("fingerprint", .systemSet, .max(80))
    static let imported    = Key<String?>("imported", .systemSet, .max(80))
    /// Names one sending of one person: sent again it makes nothing new.
    static let sentKey     = Key<String?>("sent-key", .systemSet, .unique, .max(80))
    static let author   = Key<PersonID>("author", .systemSet, .indexed)
    static let component   = Key<UnitID?>("component", .systemSet)
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)
    static let originatorControl = Key<Bool>("originator-control", .systemSet, initial: false)

    static let definition = Definition<SourceReport>(
        name: "source-report", plural: "source-reports", numbering: "SRC-{year}-{000000}", title: incident, subtitle: channel,
        layout: [
            Group("report", [incident, channel, said, language, received]),
            Group("grade", [reliability, credibility, source]),
            Group("casualties", [killed, killedLow, killedHigh, injured, abducted]),
            Group("origin", [batch, origin, fingerprint, imported, sentKey]),
            Group("secrecy", [author, component, label, compartments, originatorControl]),
        ],
        access: [
            .allow(.create, to: .dutyOfficer), .allow(.create, to: .analyst), .allow(.create, to: .reporterOfSource),
            .allow(.read, to: .reporterOfSource),
            .allow(.read, .change, .export, to: .dutyOfficer, where: isUncontrolled, classes: [.ordinary, .personal, .internal]),
            .allow(.read, .change, .export, to: .analyst, where: isUncontrolled, classes: [.ordinary, .personal, .internal]),
            .allow(.read, to: .dataOwner, classes: [.ordinary, .personal, .internal, .sensitive]),
            .allow(.read, to: .namedWholly, classes: [.ordinary, .personal, .internal, .sensitive], labelMinded: true),
        ],
        views: [ViewDefinition("newest", sort: [.down(received)]), ViewDefinition("mine", where: author.isMe, sort: [.down(received)])],
        columns: [incident, channel, reliability, credibility, received], unit: component, owner: author, label: label, compartment: compartments,
        calendar: received, with: [.attachments], icon: "eye", follow: follow)

    private static let isUncontrolled = originatorControl.equals(false).or(component.inMyUnits)

    /// A report is as secret as its incident, and is graded by those whose work it is: what others bring is from a source that nobody has judged yet.
    static func prepare(_ draft: inout Record<SourceReport>, _ session: Session) throws {
        if draft.version == 0 {
            draft[author] = PersonID(session.viewer.id)
            if !session.access.holds(.dutyOfficer), !session.access.holds(.analyst) {
                draft[reliability] = .f
                draft[credibility] = .unknown
            }
            if draft.value(of: received) == nil { draft[received] = session.now }
        }
        if let moment = draft.value(of: received), moment > session.now.adding(seconds: 900) { throw Refusal.rule("in-the-future", received, app: app) }
        guard let id = draft.value(of: incident) else { return }
        // Of an incident that may not be read nothing may be said: it does not exist.
        guard try session.record(id) != nil, let whole = try session.asService(app).record(id) else { throw Refusal("no-such-record", field: incident.name) }
        draft[component] = whole[Incident.component]
        draft[label] = whole[Incident.label]
        draft[compartments] = whole[Incident.compartments]
        draft[originatorControl] = whole[Incident.originatorControl]
    }

    /// The incident is weighed anew; one from which the report was taken away is too.
    @Sendable private static func follow(_ event: String, _ report: Record<SourceReport>, _ session: Session) throws {
        guard let incident = report.value(of: incident) else { return }
        let rules = session.asService(app)
        guard let whole = try rules.record(incident) else { return }
        try rules.change(whole) { $0[Incident.sources] = 0 }
    }

    /// All that was said of an incident, the newest first.
    static func of(_ incident: Ref<Incident>, _ session: Session) throws -> [Record<SourceReport>] {
        try session.find(SourceReport.self, where: self.incident.equals(incident), sort: [.down(received)], limit: 1_000)
    }

    /// The best graded, the newest of equals, and of two of one moment the one that was taken down last.
    static func best(of reports: [Record<SourceReport>]) -> Record<SourceReport>? {
        reports.reduce(nil) { best, report in
            guard let best else { return report }
            if Admiralty.isBetter(report.grade, than: best.grade) { return report }
            return report.grade == best.grade && (report[received], report.reference) > (best[received], best.reference) ? report : best
        }
    }
}

extension Record<SourceReport> {
    var grade: Admiralty { Admiralty(reliability: self[SourceReport.reliability], credibility: self[SourceReport.credibility]) }
}
