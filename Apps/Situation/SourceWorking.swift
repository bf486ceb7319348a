import Kernel

/// Why an incident has its grade and its figures: every report with what it says, and which of them counted.
enum SourceWorking {
    @Sendable static func explain(_ incident: Record<Incident>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let reports = try SourceReport.of(incident.ref, session)
        let best = SourceReport.best(of: reports)
        let rows = reports.map { report in
            [
                report.reference, say("source-report.channel.\(report[SourceReport.channel].rawValue)"), report.grade.code,
                say("incident.confidence.\(report.grade.confidence.rawValue)"), say.formats.dateTime(report[SourceReport.received]),
            ]
        }
        let idle = Set(reports.indices.filter { reports[$0].id != best?.id })
        let table = Working.Part.table(
            head: [say("source-report"), say("source-report.channel"), say("incident.grade"), say("incident.confidence"), say("source-report.received")], rows: rows,
            idle: idle, hasTotal: false)
        return Explanation(summary: best.map { say("say.why.best", ["report": .text($0.reference), "grade": .text($0.grade.code)]) } ?? say("say.why.no-report"), [
            Working.Section(say("incident.group.sources"), reports.isEmpty ? [.text(say("say.why.no-report"))] : [table]),
            Working.Section(say("say.why.rule"), [.text(say("say.why.confidence-rule")), .text(say("say.why.best-rule"))]),
        ])
    }

    @Sendable static func killed(_ incident: Record<Incident>, _ session: Session) throws -> Explanation { try figure(.killed, incident, session) }
    @Sendable static func injured(_ incident: Record<Incident>, _ session: Session) throws -> Explanation { try figure(.injured, incident, session) }
    @Sendable static func abducted(_ incident: Record<Incident>, _ session: Session) throws -> Explanation { try figure(.abducted, incident, session) }

    private static func figure(_ figure: Figure, _ incident: Record<Incident>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let reports = try SourceReport.of(incident.ref, session).filter { $0[figure.told] != nil }
        let best = SourceReport.best(of: reports)
        let rows = reports.map { report in
            // A source may itself give a range: 3 (2–5).
            let told = [figure.told, figure.toldLow, figure.toldHigh].map { key in key.flatMap { report[$0] }.map { say.formats.integer($0) } ?? "—" }
            let range = told.dropFirst().allSatisfy { $0 == "—" } ? "" : " (\(told[1])–\(told[2]))"
            return [report.reference, report.grade.code, told[0] + range]
        }
        let idle = Set(reports.indices.filter { reports[$0].id != best?.id })
        let table = Working.Part.table(
            head: [say("source-report"), say("incident.grade"), say("incident.\(figure.best.name)")], rows: rows, idle: idle, hasTotal: false)
        let summary = figure.range(of: reports).map { range in
            say("say.why.range", [
                "best": .formatted(say.formats.integer(range.best)), "low": .formatted(say.formats.integer(range.low)),
                "high": .formatted(say.formats.integer(range.high)),
            ])
        }
        return Explanation(summary: summary ?? say("say.why.no-figure"), [
            Working.Section(say("incident.group.sources"), reports.isEmpty ? [.text(say("say.why.no-figure"))] : [table]),
            Working.Section(say("say.why.rule"), [.text(say("say.why.figure-rule"))]),
        ])
    }
}

/// The app's words in the language of the one who asks, where there is no page.
struct SituationWords {
    let session: Session
    var formats: Formats { Formats(language: session.viewer.language, timeZone: session.viewer.timeZone) }

    func callAsFunction(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say(key, arguments, scope: Incident.app, in: session.viewer.language)
    }
}
