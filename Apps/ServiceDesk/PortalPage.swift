import Foundation
import Kernel

/// Where everybody asks: describe it, find an answer, or choose from the catalogue; and see how one's own requests stand.
enum PortalPage {
    static let page = Page("portal", show: show)
    static let articlePage = Page("portal/articles/{key}", isInMenu: false, show: showArticle, send: sendArticle)
    static let solvedPage = Page("portal/solved/{reference}", isInMenu: false, show: showSolved)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        .page(title: view.say("page.portal"), """
        <div class="head"><div><h1>\(view.say("say.portal.title"))</h1><p class="muted">\(view.say("say.portal.lead"))</p></div></div>
        \(try search(view))
        \(try mine(view))
        \(try catalogue(view))
        """)
    }

    // MARK: Describing

    private static func search(_ view: View) throws -> HTML {
        let text = view.parameter("q") ?? ""
        let found = text.isEmpty ? HTML.empty : try SuggestPage.list(view, text)
        let nothing: HTML = text.isEmpty || !found.isEmpty ? .empty : "<p>\(view.say("say.portal.nothing-found"))</p>"
        return """
        <form class="form wide" method="get" action="/service-desk/portal" data-repeat><div class="field full"><label for="q">\(view.say("say.portal.describe"))</label>\
        <textarea class="input" id="q" name="q" rows="3" maxlength="2000" dir="auto" data-suggest="/service-desk/portal/suggest" data-suggest-into="#suggestions">\(text)</textarea></div>\
        <div class="row"><button class="btn">\(view.icon("search"))\(view.say("say.portal.find"))</button>\
        <button class="btn primary" formaction="/service-desk/portal/ask/other">\(view.say("say.portal.ask-desk"))</button></div></form>
        <div id="suggestions" class="suggestions" role="status">\(found)\(nothing)</div>
        """
    }

    // MARK: My requests

    private static func mine(_ view: View) throws -> HTML {
        let own = Request.requester.isMe.or(Request.affected.isMe)
        let open = try view.session.find(Request.self, where: own.and(Request.isOpen), sort: [Sort("created-at", descending: true)], limit: 20)
        let done = try view.session.find(Request.self, where: own.and(.state(Request.State.solved, .closed, .deflected)), sort: [.down(Request.solvedAt)], limit: 5)
        try view.session.loadLabels((open + done).map(\.row))
        let lines = (open + done).map { line($0, view) }
        let list: HTML = lines.isEmpty
            ? "<p class=\"muted\">\(view.say("say.portal.none-yet"))</p>"
            : "<ul class=\"list loose\">\(lines)</ul>"
        return """
        <section class="stack snug" aria-labelledby="mine"><div class="spread"><h2 id="mine">\(view.say("say.portal.mine"))</h2>\
        <a href="/service-desk/requests?view=asked">\(view.say("say.portal.all"))</a></div>\(list)</section>
        """
    }

    private static func line(_ request: Record<Request>, _ view: View) -> HTML {
        let isDone = !request.row.phase.isOpen
        let rate: HTML = [.solved, .closed].contains(request.state) && request[Request.rating] == nil && request[Request.requester].id == view.session.viewer.id
            ? "<a class=\"btn small\" href=\"/service-desk/portal/requests/\(request.reference)/rate\">\(view.say("request.move.rate"))<span class=\"sr\"> \(request[Request.subject])</span></a>" : .empty
        let due: HTML = isDone ? .empty : request[Request.resolutionDue].map { due in
            let text = view.say("say.portal.due", ["time": .formatted(view.formats.relativeDay(due, now: view.now))])
            return " · \(view.why(HTML(text: text), "\(view.address(of: request))/working?of=due:resolution", view.say("request.clock.resolution")))"
        } ?? .empty
        return """
        <li><div class="spread"><a href="/service-desk/portal/requests/\(request.reference)"><bdi>\(request[Request.subject])</bdi></a>\(view.stateBadge(request.row))</div>\
        <div class="spread"><p class="small muted"><bdi>\(request.reference)</bdi> · \(PortalRequest.holder(request, view))\(due)</p>\(rate)</div></li>
        """
    }

    // MARK: Catalogue

    private static func catalogue(_ view: View) throws -> HTML {
        let services = try view.session.find(Service.self, where: .state(Service.State.offered), limit: 100)
        let items = try view.session.find(CatalogueItem.self, where: .state(CatalogueItem.State.offered), limit: 300)
        let kind = try view.session.viewer.station.flatMap { try view.session.record(Ref<DutyStation>($0)) }?[DutyStation.kind]
        let offered = items.filter { item in item[CatalogueItem.offeredAt].isEmpty || kind.map(item[CatalogueItem.offeredAt].contains) ?? false }
        let groups = Dictionary(grouping: offered, by: { $0[CatalogueItem.service] })
        let sorted = services.sorted { view.plain($0[Service.name]).localizedStandardCompare(view.plain($1[Service.name])) == .orderedAscending }
        let sections = sorted.compactMap { service -> HTML? in
            guard let items = groups[service.ref], !items.isEmpty else { return nil }
            return "<section class=\"stack snug\"><h3>\(view.text(service[Service.name]))</h3><ul class=\"bigtiles\">\(items.map { tile($0, service, view) })</ul></section>"
        }
        return """
        <section class="stack" aria-labelledby="catalogue"><h2 id="catalogue">\(view.say("say.portal.catalogue"))</h2>
        <ul class="bigtiles"><li><a class="bigtile" href="/service-desk/portal/ask/other">\(view.icon("ask"))<b>\(view.say("say.portal.ask"))</b><span>\(view.say("say.portal.ask-note"))</span></a></li></ul>
        <div class="catalogue">\(sections)</div></section>
        """
    }

    private static func tile(_ item: Record<CatalogueItem>, _ service: Record<Service>, _ view: View) -> HTML {
        """
        <li><a class="bigtile" href="/service-desk/portal/ask/\(item[CatalogueItem.key])">\(view.icon(service[Service.icon]))<b>\(view.text(item[CatalogueItem.name]))</b>\
        <span>\(view.text(item[CatalogueItem.description]))</span></a></li>
        """
    }

    // MARK: An article

    private static func article(_ view: View) throws -> Record<Article> {
        let named = Condition.all([Article.key.equals(view.path["key"] ?? ""), Article.isPublished])
        guard let article = try view.session.first(Article.self, where: named) else { throw Refusal.absent }
        return article
    }

    @Sendable private static func showArticle(_ view: View) throws -> Page.Answer {
        let article = try article(view)
        let question = view.parameter("q") ?? ""
        let body = article[Article.body].best(for: view.language)
        let other: HTML = body.map { $0.language == view.language ? .empty : "<p class=\"notice is-info\">\(view.say("say.portal.other-language"))</p>" } ?? .empty
        let reviewed = article[Article.reviewOn].map { view.say("say.portal.review", ["date": .formatted(view.formats.dateLong($0))]) }
        let language = body?.language ?? view.language
        return .page(title: view.plain(article[Article.title]), """
        \(view.wayBack)
        <div class="head"><div><h1>\(view.text(article[Article.title]))</h1><p class="muted small">\(reviewed)</p></div></div>
        \(other)<article class="prose" lang="\(language.rawValue)" dir="\(language.direction)">\(Markdown.html(body?.text ?? ""))</article>
        <form class="row" method="post" action="/service-desk/portal/articles/\(article[Article.key])">\(view.token)<input type="hidden" name="q" value="\(question)">\
        <span class="strong">\(view.say("say.portal.did-it-help"))</span>\
        <button class="btn primary" name="do" value="solved">\(view.say("say.portal.this-solved-it"))</button>\
        <button class="btn" name="do" value="ask">\(view.say("say.portal.ask-desk"))</button></form>
        """)
    }

    /// "This solved it" keeps the question as a request that nobody had to answer; so the desk knows what the article is worth.
    @Sendable private static func sendArticle(_ view: View) throws -> Page.Answer {
        let article = try article(view)
        let question = view.sent("q").map { String($0.prefix(2_000)) } ?? ""
        let isSolved = view.sent("do") == "solved"
        try view.session.move(article.row, isSolved ? "helped" : "did-not-help", version: nil)
        guard isSolved else {
            let text = question.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return .redirect("/service-desk/portal/ask/other?q=\(text)")
        }
        guard !question.isEmpty else { return .redirect("/service-desk/portal") }
        let tongue = Person.Tongue(rawValue: view.language.rawValue) ?? .en
        let line = question.split(separator: "\n").first.map { String($0.prefix(180)).trimmingCharacters(in: .whitespaces) } ?? ""
        let request = try view.session.create(Request.self) {
            $0[Request.subject] = line.isEmpty ? view.plain(article[Article.title]) : line
            $0[Request.details] = LongText(question)
            $0[Request.language] = tongue
            $0[Request.service] = article[Article.service]
        }
        try view.session.move(request, "deflect") { $0[Request.article] = article.ref }
        return .redirect("/service-desk/portal")
    }

    // MARK: What helped somebody else

    @Sendable private static func showSolved(_ view: View) throws -> Page.Answer {
        let named = Condition.all([Suggestions.isPublic, .compare("reference", .equal, .value(.text(view.path["reference"] ?? "")))])
        guard let request = try view.session.asService(Request.app).first(Request.self, where: named) else { throw Refusal.absent }
        let language = request[Request.language].rawValue
        let text = (view.parameter("q") ?? "").addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
        return .page(title: request[Request.subject], """
        \(view.wayBack)
        <div class="head"><div><h1 lang="\(language)" dir="auto">\(request[Request.subject])</h1><p class="muted small">\(view.say("say.portal.solved-before"))</p></div></div>
        <div class="prose" lang="\(language)" dir="auto">\(Markdown.html(request[Request.solution]?.text ?? ""))</div>
        <p class="row"><a class="btn" href="/service-desk/portal">\(view.say("page.back"))</a> <a class="btn primary" href="/service-desk/portal/ask/other?q=\(text)">\(view.say("say.portal.ask-desk"))</a></p>
        """)
    }
}
