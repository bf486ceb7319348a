import Kernel

extension Incident {
    static func prepare(_ draft: inout Record<Incident>, _ session: Session) throws {
        // Whoever reported what it was split from keeps sight of it.
        if draft.version == 0, draft[splitFrom] == nil { draft[reporter] = PersonID(session.viewer.id) }
        if draft[component] == nil { draft[component] = try Ownership.component(for: session) }
        try Ownership.check(draft, session)
        draft[kind] = draft[category].kind
        if let end = draft[ended], let start = draft.value(of: occurred), end < start { throw Refusal.rule("ends-before-it-begins", ended, app: app) }
        // A clock that is a little fast is no reason to refuse a report.
        if let start = draft.value(of: occurred), start > session.now.adding(seconds: 900) { throw Refusal.rule("in-the-future", occurred, app: app) }
        if let arrival = draft[arrivedAt], let start = draft.value(of: occurred), arrival < start { throw Refusal.rule("arrived-before-it-occurred", arrivedAt, app: app) }
        try Arrival.keep(&draft, session)
        // Whoever was there before anybody reported it needed no time at all.
        draft[response] = (draft[reachedAt] ?? draft[arrivedAt]).flatMap { arrival in draft[reportedAt].map { .seconds(max(0, arrival.seconds(since: $0))) } }
        draft[grid] = draft[place].flatMap { try? MGRS($0.centre).description }
        draft[area] = draft[place].flatMap(draft[shownAs].place)
        draft[areaName] = draft[shownAs] == .exact ? draft[placeName] : nil
        try weigh(&draft, session)
    }

    /// What was said of an incident is as secret as the incident itself, from the moment that it is.
    @Sendable static func follow(_ event: String, _ incident: Record<Incident>, _ session: Session) throws {
        try ProductPart.follow(incident, session)
        let rules = session.asService(app)
        for report in try SourceReport.of(incident.ref, rules) {
            let isAlike = report[SourceReport.label] == incident[label] && report[SourceReport.compartments] == incident[compartments]
                && report[SourceReport.component] == incident[component] && report[SourceReport.originatorControl] == incident[originatorControl]
            if !isAlike { try rules.change(report) { $0[SourceReport.label] = incident[label] } }
        }
        try followAnswers(incident, rules)
        try Watch.follow(incident, session)
    }

    /// What it answers, and the alerts it is behind, are as secret as the incident too.
    private static func followAnswers(_ incident: Record<Incident>, _ rules: Session) throws {
        for answer in try rules.find(Answer.self, where: Answer.incident.equals(incident.ref), limit: 1_000) {
            try rules.change(answer) { $0[Answer.label] = incident[label] }
        }
        for cause in try rules.find(AlertCause.self, where: AlertCause.incident.equals(incident.ref), limit: 1_000) {
            try rules.change(cause) { $0[AlertCause.label] = incident[label] }
        }
    }

    /// Takes grade and figures from the source reports: the best graded of them is believed, and all of them bound what it may have been.
    private static func weigh(_ draft: inout Record<Incident>, _ session: Session) throws {
        guard draft.version > 0 else { return }
        let reports = try SourceReport.of(draft.ref, session.asService(app))
        draft[sources] = reports.count
        let best = SourceReport.best(of: reports)
        draft[grade] = best?.grade.code
        draft[confidence] = best?.grade.confidence ?? .unknown
        for figure in Figure.all {
            let range = figure.range(of: reports)
            draft[figure.best] = range?.best
            draft[figure.low] = range?.low
            draft[figure.high] = range?.high
        }
    }
}

/// One figure of casualties: told by each report, and of the incident as best, low and high, as the Uppsala Conflict Data Program keeps them.
struct Figure: Sendable {
    let told: Field<SourceReport, Int?>
    /// What a source itself says it was at least and at most, where it can.
    var toldLow, toldHigh: Field<SourceReport, Int?>?
    let best, low, high: Field<Incident, Int?>

    static let killed = Figure(
        told: SourceReport.killed, toldLow: SourceReport.killedLow, toldHigh: SourceReport.killedHigh, best: Incident.killed, low: Incident.killedLow, high: Incident.killedHigh)
    static let injured = Figure(told: SourceReport.injured, best: Incident.injured, low: Incident.injuredLow, high: Incident.injuredHigh)
    static let abducted = Figure(told: SourceReport.abducted, best: Incident.abducted, low: Incident.abductedLow, high: Incident.abductedHigh)
    static let all = [killed, injured, abducted]

    /// Best is what the best graded report with a figure says, the newest of equals; nil when no report has a figure.
    func range(of reports: [Record<SourceReport>]) -> (best: Int, low: Int, high: Int)? {
        let telling = reports.filter { $0[told] != nil }
        guard let best = SourceReport.best(of: telling)?[told] else { return nil }
        let figures = telling.flatMap { report in [told, toldLow, toldHigh].compactMap { $0.flatMap { report[$0] } } }
        return (best, figures.min() ?? best, figures.max() ?? best)
    }
}
