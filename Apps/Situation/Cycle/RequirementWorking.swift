import Kernel

/// Why a question counts as answered: every answer the reader may read, who judged it when, and the rule.
enum RequirementWorking {
    @Sendable static func explain(_ requirement: Record<Requirement>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let answers = try Answer.of(requirement.ref, session)
        let accepted = answers.filter { $0.state == .accepted }
        let rows = try answers.map { answer in
            [
                answer.reference, try subject(answer, session), say("answer.confidence.\(answer[Answer.confidence].rawValue)"),
                say("answer.state.\(answer.state.rawValue)"), try answer[Answer.reviewer].flatMap { try session.label(Person.schemaID, $0.id) } ?? "—",
                answer[Answer.reviewedAt].map(say.formats.dateTime) ?? "—",
            ]
        }
        let head = ["answer", "say.cycle.what", "answer.confidence", "say.cycle.review", "answer.reviewer", "answer.reviewed-at"].map { say($0) }
        let idle = Set(answers.indices.filter { answers[$0].state != .accepted })
        return Explanation(summary: say("say.cycle.accepted", ["n": .count(accepted.count)]), [
            Working.Section(say("answer.plural"), answers.isEmpty ? [.text(say("say.cycle.no-answer"))] : [.table(head: head, rows: rows, idle: idle, hasTotal: false)]),
            Working.Section(say("say.why.rule"), [.text(say("say.cycle.rule")), .text(say("say.cycle.only-yours"))]),
        ])
    }

    /// What answers it, by number; a text by itself has no other.
    static func subject(_ answer: Record<Answer>, _ session: Session) throws -> String {
        if let incident = try answer[Answer.incident].flatMap({ try session.record($0) }) { return incident.reference }
        if let report = try answer[Answer.sourceReport].flatMap({ try session.record($0) }) { return report.reference }
        return "—"
    }
}
