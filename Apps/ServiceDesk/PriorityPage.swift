import Kernel

/// Why a request has its priority: the matrix that was used, the cell that counted, and what is promised for it.
enum PriorityPage {
    static let page = Page("why/priority/{reference}", isInMenu: false) { view in
        let session = view.session
        guard let row = try session.row(session.platform.schema(of: Request.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        let request = Record<Request>(row)
        let working = try working(request, view)
        let panel = working.panel(
            heading: view.say("component.working", of: Words.shared), close: view.say("component.close", of: Words.shared), back: view.address(of: row),
            formats: view.formats)
        return .page(title: working.question, "<h1 class=\"sr\">\(working.question)</h1>\(panel)")
    }

    private static func working(_ request: Record<Request>, _ view: View) throws -> Working {
        let service = try request[Request.service].flatMap { try view.session.record($0) }
        let isOwn = service?[Service.matrix]?.text.isEmpty == false
        let rule = isOwn ? view.say("say.why.matrix-own", ["service": .formatted(view.plain(service?[Service.name]))]) : view.say("say.why.matrix-standard")
        let because = view.say("say.why.because", [
            "impact": .formatted(view.say("request.impact.\(request[Request.impact].rawValue)")),
            "urgency": .formatted(view.say("request.urgency.\(request[Request.urgency].rawValue)")),
        ])
        return Working(
            question: view.say("say.why.priority", ["reference": .text(request.reference)]), answer: view.priority(request), summary: because,
            sections: [
                Working.Section(rule, [table(request, try Request.matrix(of: request[Request.service], view.session), view)]),
                Working.Section(view.say("say.why.promises"), try promises(request, view)),
            ])
    }

    /// Every cell of the matrix as a line; all but the one that counted are idle.
    private static func table(_ request: Record<Request>, _ matrix: PriorityMatrix, _ view: View) -> Working.Part {
        let cells = Impact.allCases.flatMap { impact in Urgency.allCases.map { (impact, $0) } }
        let rows = cells.map { impact, urgency in
            [view.say("request.impact.\(impact.rawValue)"), view.say("request.urgency.\(urgency.rawValue)"), view.formats.integer(matrix[impact, urgency].number)]
        }
        let idle = cells.indices.filter { cells[$0] != (request[Request.impact], request[Request.urgency]) }
        return .table(
            head: [view.say("request.impact"), view.say("request.urgency"), view.say("request.priority")], rows: rows, idle: Set(idle), hasTotal: false)
    }

    private static func promises(_ request: Record<Request>, _ view: View) throws -> [Working.Part] {
        let promise = try Request.promise(for: request, view.session)
        func line(_ clock: String, _ minutes: Int) -> Working.Part {
            let value = minutes > 0 ? view.formats.duration(seconds: minutes * 60) : "—"
            return .fact(view.say("request.clock.\(clock)"), value, link: "\(view.address(of: request))/working?of=due:\(clock)")
        }
        return [
            line("first-response", promise.first), line("next-response", promise.next), line("resolution", promise.resolution),
            .text(view.say(request[Request.priority] == .p1 ? "say.why.round-the-clock" : "say.why.working-hours")),
        ]
    }
}
