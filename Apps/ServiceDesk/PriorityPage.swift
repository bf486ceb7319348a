import Kernel

/// Why a request has its priority: the matrix that was used, the cell that counted, and what is promised for it.
enum PriorityPage {
    static let page = Page("why/priority/{reference}", isInMenu: false) { view in
        let session = view.session
        guard let row = try session.row(session.platform.schema(of: Request.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        let request = Record<Request>(row), because = try explain(request, session)
        let working = Working(
            question: view.say("say.why.priority", ["reference": .text(request.reference)]), answer: view.priority(request), summary: because.summary,
            sections: because.sections)
        let panel = working.panel(
            heading: view.say("component.working", of: Words.shared), close: view.say("component.close", of: Words.shared), back: view.address(of: row),
            formats: view.formats)
        return .page(title: working.question, "<h1 class=\"sr\">\(working.question)</h1>\(panel)")
    }

    /// The same wherever the priority is explained: on this page, and beside the field on the record's own.
    @Sendable static func explain(_ request: Record<Request>, _ session: Session) throws -> Explanation {
        let say = DeskWords(session: session)
        let service = try request[Request.service].flatMap { try session.record($0) }
        let name = service?[Service.name].best(for: session.viewer.language)?.text ?? ""
        let isOwn = service?[Service.matrix]?.text.isEmpty == false
        let rule = isOwn ? say("say.why.matrix-own", ["service": .formatted(name)]) : say("say.why.matrix-standard")
        let because = say("say.why.because", [
            "impact": .formatted(say("request.impact.\(request[Request.impact].rawValue)")),
            "urgency": .formatted(say("request.urgency.\(request[Request.urgency].rawValue)")),
        ])
        return Explanation(summary: because, [
            Working.Section(rule, [table(request, try Request.matrix(of: request[Request.service], session), say)]),
            Working.Section(say("say.why.promises"), try promises(request, session, say)),
        ])
    }

    /// Every cell of the matrix as a line; all but the one that counted are idle.
    private static func table(_ request: Record<Request>, _ matrix: PriorityMatrix, _ say: DeskWords) -> Working.Part {
        let cells = Impact.allCases.flatMap { impact in Urgency.allCases.map { (impact, $0) } }
        let rows = cells.map { impact, urgency in
            [say("request.impact.\(impact.rawValue)"), say("request.urgency.\(urgency.rawValue)"), say.formats.integer(matrix[impact, urgency].number)]
        }
        let idle = cells.indices.filter { cells[$0] != (request[Request.impact], request[Request.urgency]) }
        return .table(head: [say("request.impact"), say("request.urgency"), say("request.priority")], rows: rows, idle: Set(idle), hasTotal: false)
    }

    private static func promises(_ request: Record<Request>, _ session: Session, _ say: DeskWords) throws -> [Working.Part] {
        let promise = try Request.promise(for: request, session)
        let page = "/\(request.row.schema.app)/\(request.row.schema.plural)/\(request.reference)"
        func line(_ clock: String, _ minutes: Int) -> Working.Part {
            let value = minutes > 0 ? say.formats.duration(seconds: minutes * 60) : "—"
            return .fact(say("request.clock.\(clock)"), value, link: "\(page)/working?of=due:\(clock)")
        }
        return [
            line("first-response", promise.first), line("next-response", promise.next), line("resolution", promise.resolution),
            .text(say(request[Request.priority] == .p1 ? "say.why.round-the-clock" : "say.why.working-hours")),
        ]
    }
}

/// The desk's words in the language of the one who asks, where there is no page.
private struct DeskWords {
    let session: Session
    var formats: Formats { Formats(language: session.viewer.language, timeZone: session.viewer.timeZone) }

    func callAsFunction(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say(key, arguments, scope: Request.app, in: session.viewer.language)
    }
}
