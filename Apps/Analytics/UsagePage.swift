import Kernel

/// How much is used, and what nobody opens: it is proposed for the archive, never put there by itself.
enum UsagePage {
    static let page = Page("usage", for: [.curator], show: { view in
        .page(title: view.say("page.usage"), try html(view))
    })
    private static let idle = 180

    private static func html(_ view: View) throws -> HTML {
        var byMonth = Question(measure: "analytics.opened", by: [.init(Visit.openedAt.name, grain: .month)])
        byMonth.isCompared = true
        var byBoard = Question(measure: "analytics.opened", by: [.init(Visit.dashboard.name)])
        byBoard.isCompared = true
        view.ahead += ["chart.js"]
        let shown = try [(byMonth, Form.line), (byBoard, Form.bar)].enumerated().map { place, item in
            AnswerView(view: view, question: item.0, answer: try view.session.ask(item.0), form: item.1).html(id: "usage-\(place)")
        }
        return """
            <div class="page wide stack"><div class="head"><div><h1>\(view.say("page.usage"))</h1><p class="muted">\(view.say("say.usage.about"))</p></div></div>
            <div class="figures">\(shown.map { "<div class=\"is-half\">\($0)</div>" as HTML })</div>\(try unopened(view))</div>
            """
    }

    private static func unopened(_ view: View) throws -> HTML {
        let since = view.now.adding(days: -idle), recent = Visit.openedAt.atLeast(since)
        func opened(_ field: String) throws -> Set<Value> {
            var found: Set<Value> = []
            try view.session.each(Query(view.session.platform.schema(of: Visit.self), where: recent.and(.not(.isNull(field))), limit: .max)) { found.insert($0[field]) }
            return found
        }
        let (boards, reports) = (try opened(Visit.dashboard.name), try opened(Visit.report.name))
        let old = Condition.compare("created-at", .less, .value(.instant(since)))
        let idle = try view.session.find(Dashboard.self, where: Dashboard.isLive.and(old), limit: 500).map(\.row).filter { !boards.contains(.reference($0.id)) }
            + view.session.find(Report.self, where: Condition.not(.state(Report.State.archived)).and(old), limit: 500).map(\.row).filter { !reports.contains(.reference($0.id)) }
        let title = view.say("say.usage.idle", ["n": .formatted(view.formats.integer(UsagePage.idle))])
        guard !idle.isEmpty else { return "<section class=\"stack snug\"><h2>\(title)</h2><p class=\"muted\">\(view.say("say.usage.idle.none"))</p></section>" }
        let rows = idle.map { row -> [HTML] in
            [view.link(row), view.person(row.id("owner")), view.fullTime(row.changedAt), "<a class=\"btn small\" href=\"\(url: view.address(of: row) + "/moves/archive")\">\(view.say("\(row.schema.name).move.archive"))</a>"]
        }
        let columns = [View.Column(view.say("say.name"), isTitle: true), View.Column(view.say("dashboard.owner")), View.Column(view.say("say.last-change")), View.Column(view.say("say.usage.archive"), isSilent: true)]
        return "<section class=\"stack snug\"><h2>\(title)</h2>\(view.table(title, columns, rows))</section>"
    }
}
