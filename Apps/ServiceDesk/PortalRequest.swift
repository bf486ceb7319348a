import Foundation
import Kernel

/// One's own request in plain words: how it stands, who has it, what comes next, by when; and what one can do.
enum PortalRequest {
    static let page = Page("portal/requests/{reference}", isInMenu: false, show: show, send: send)

    static func request(_ view: View) throws -> Record<Request> {
        let schema = view.session.platform.schema(of: Request.self)
        guard let row = try view.session.row(schema, named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(try view.session.opened(row))
    }

    private static func isMine(_ request: Record<Request>, _ view: View) -> Bool {
        let me = view.session.viewer.id
        return request[Request.requester].id == me || request[Request.affected]?.id == me
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let request = try request(view)
        guard isMine(request, view) else { return .redirect(view.address(of: request)) }
        let moves = try view.session.moves(request.row).map(\.name)
        view.live = request.id.description
        return .page(title: "\(request.reference) · \(request[Request.subject])", """
        \(view.wayBack)
        <header class="title-line" data-region="title"><span class="ref"><bdi>\(request.reference)</bdi></span><h1><bdi>\(request[Request.subject])</bdi></h1>\(view.stateBadge(request.row))</header>
        \(view.faultSummary { $0 == "text" ? view.say("say.portal.add") : request.row.schema.field($0).map { view.label(request.row.schema, $0) } })
        <div class="two"><div class="stack"><div data-region="outcome">\(outcome(request, view))</div>\(try thread(request, view))\(add(request, view))\(try view.files(request.row))</div>
        <aside class="stack" aria-label="\(view.say("say.portal.standing"))">\(try standing(request, view))<div class="stack" data-region="actions">\(rating(request, view, moves))\(actions(request, view, moves))</div></aside></div>
        """)
    }

    // MARK: How it stands

    /// Who has it, in a few words.
    static func holder(_ request: Record<Request>, _ view: View) -> HTML {
        guard request.row.phase.isOpen else { return HTML(text: view.desk(request[Request.desk])) }
        let desk = view.desk(request[Request.desk])
        guard let owner = request[Request.owner] else { return HTML(text: view.say("say.portal.with-desk", ["desk": .formatted(desk)])) }
        return "<bdi>\(view.name(of: owner.id))</bdi>, \(desk)"
    }

    private static func standing(_ request: Record<Request>, _ view: View) throws -> HTML {
        var facts: [(String, HTML)] = [(view.say("say.portal.who"), holder(request, view))]
        if request.row.phase.isOpen { facts.append((view.say("say.portal.next"), try next(request, view))) }
        let page = view.address(of: request)
        func due(_ key: Field<Request, Instant?>, _ clock: String) {
            guard let due = request[key] else { return }
            let label = view.say("request.clock.\(clock)")
            facts.append((label, "<span class=\"why-line num\">\(view.formats.relativeDay(due, now: view.now))\(view.why("\(page)/working?of=due:\(clock)", label))</span>"))
        }
        if request.row.phase.isOpen {
            if request[Request.firstResponseMet] == nil { due(Request.firstResponseDue, "first-response") }
            due(Request.resolutionDue, "resolution")
        }
        facts.append((view.say("request.priority"), "<span class=\"why-line\">\(view.priority(request))\(view.why("/service-desk/why/priority/\(request.reference)", view.say("request.priority")))</span>"))
        facts.append((view.say("say.portal.asked"), view.time(request.createdAt)))
        if let affected = request[Request.affected], affected != request[Request.requester] { facts.append((view.say("request.affected"), "<bdi>\(view.name(of: affected.id))</bdi>")) }
        for line in AskForm.readable(request, view) { facts.append((line.label, "<bdi>\(line.text)</bdi>")) }
        return """
        <section class="card" data-region="standing"><div class="card-head"><h2>\(view.say("say.portal.standing"))</h2></div>\
        <div class="card-body"><dl class="facts">\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as HTML })</dl></div></section>
        """
    }

    /// What happens next, and who is to do it.
    private static func next(_ request: Record<Request>, _ view: View) throws -> HTML {
        if request.state == .pending, let reason = request[Request.waitingFor] {
            let who = request[Request.approver].map { view.name(of: $0.id) } ?? view.say("role.approver")
            return HTML(text: view.say("say.portal.waits.\(reason.rawValue)", ["who": .text(who)]))
        }
        let ready = Condition.all([DeskTask.request.equals(request.ref), .state(DeskTask.State.ready)])
        if let task = try view.session.asService(Request.app).first(DeskTask.self, where: ready, sort: [.up(DeskTask.place)]) { return view.text(task[DeskTask.title]) }
        return HTML(text: view.say(request.state == .new ? "say.portal.next.new" : "say.portal.next.work"))
    }

    private static func outcome(_ request: Record<Request>, _ view: View) -> HTML {
        guard !request.row.phase.isOpen, let solution = request[Request.solution]?.text else { return .empty }
        let (tint, shape) = request.state == .cancelled ? ("warn", "no") : ("good", "done")
        return """
        <div class="notice is-\(tint)">\(view.shape(shape))<div lang="\(request[Request.language].rawValue)" dir="auto"><b>\(view.say("request.state.\(request.state.rawValue)"))</b>\(Markdown.html(solution))</div></div>
        """
    }

    // MARK: What was said

    private static func thread(_ request: Record<Request>, _ view: View) throws -> HTML {
        let opening: HTML = message(
            view.name(of: request[Request.requester].id), request.createdAt, request[Request.details]?.text ?? request[Request.subject],
            request[Request.language].rawValue, request[Request.requester].id, view)
        var parts: [(Instant, Int, HTML)] = [(request.createdAt, 0, opening)]
        for line in try view.session.comments(request.row) where line.visibility == .open {
            parts.append((line.at, 1, message(line.author, line.at, line.body, line.language?.rawValue, line.by, view)))
        }
        parts += try view.events(request.row).map { event in
            (event.at, 2, "<div class=\"event\">\(view.shape(event.shape, event.tint))<span>\(event.text)</span>\(view.time(event.at))</div>" as HTML)
        }
        let sorted = parts.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        return "<section class=\"stack snug\" aria-labelledby=\"said\" data-region=\"thread\"><h2 id=\"said\">\(view.say("say.portal.said"))</h2>\(sorted)</section>"
    }

    private static func message(_ author: String, _ at: Instant, _ text: String, _ language: String?, _ by: RecordID, _ view: View) -> HTML {
        let name = by == view.session.viewer.id ? view.say("say.desk.you") : author
        return """
        <article class="msg">\(view.avatar(author))<header><b><bdi>\(name)</bdi></b>\(view.time(at))</header>\
        <div class="body prose"\(attribute: "lang", language) dir="auto">\(Markdown.html(text))</div></article>
        """
    }

    private static func add(_ request: Record<Request>, _ view: View) -> HTML {
        let isDone = request.state == .solved && Request.mayReopen(request, at: view.now)
        guard request.row.phase.isOpen || isDone else { return "<p class=\"muted\">\(view.say("say.portal.is-over"))</p>" }
        return """
        <form class="form wide" method="post" action="/service-desk/portal/requests/\(request.reference)" data-draft="add-\(request.reference)">\(view.token)
        \(view.control("text", view.say("say.portal.add"), hint: isDone ? view.say("say.portal.add-reopens") : nil, isRequired: true) {
            "<textarea class=\"input\"\($0) name=\"text\" rows=\"4\" maxlength=\"20000\" dir=\"auto\">\(view.form["text"]?.first ?? "")</textarea>"
        })
        <div class="row"><button class="btn primary" name="do" value="add">\(view.say("say.portal.send"))</button></div></form>
        """
    }

    // MARK: What one can do

    private static func rating(_ request: Record<Request>, _ view: View, _ moves: [String]) -> HTML {
        if let rating = request[Request.rating] {
            return """
                <section class="card"><div class="card-head"><h2>\(view.say("request.rating"))</h2></div>\
                <p class="card-body">\(view.say("say.rating.given", ["n": .formatted(view.formats.integer(rating))]))</p></section>
                """
        }
        guard moves.contains("rate") else { return .empty }
        return "<section class=\"card\"><div class=\"card-body\">\(RatePage.form(request, view, chosen: nil))</div></section>"
    }

    private static func actions(_ request: Record<Request>, _ view: View, _ moves: [String]) -> HTML {
        let offered = ["close", "reopen", "withdraw"].filter(moves.contains).filter { $0 != "reopen" || Request.mayReopen(request, at: view.now) }
        guard !offered.isEmpty else { return .empty }
        let buttons = offered.map { move -> HTML in
            let word = view.say(move == "close" ? "say.portal.accept" : "request.move.\(move)")
            return "<button class=\"btn block\" name=\"do\" value=\"\(move)\">\(word)</button>"
        }
        return "<form class=\"stack snug\" method=\"post\" action=\"/service-desk/portal/requests/\(request.reference)\">\(view.token)\(buttons)</form>"
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let request = try request(view)
        guard isMine(request, view) else { throw Refusal.absent }
        switch view.sent("do") {
        case "add":
            guard let text = view.sent("text") else { throw Refusal("required", field: "text") }
            try view.session.comment(request.row, text, channel: "portal")
            view.accepted = ["add-\(request.reference)"]
        case "rate": try RatePage.rate(request, view)
        case let move? where ["close", "reopen", "withdraw"].contains(move): try view.session.move(request.row, move, version: nil)
        default: throw Refusal.absent
        }
        return .redirect("/service-desk/portal/requests/\(request.reference)")
    }
}
