import Foundation
import Kernel

/// The figures of the picture as tables with bars: every number leads to the list of exactly what it counts, or to how it came about.
enum FiguresPage {
    static let page = Page("figures", for: [.dutyOfficer, .analyst, .component], show: show)
    private static let periods = [30, 90, 365]

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let days = view.parameter("days").flatMap(Int.init).flatMap { periods.contains($0) ? $0 : nil } ?? 90
        let figures = try Figures(days: days, view.session)
        let working = FiguresWorking(figures: figures, view: view)
        let asked = view.parameter("why").flatMap(working.working)
        if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
        let panel = asked?.panel(heading: view.say("say.working"), close: view.say("say.working-close"), back: address(days), formats: view.formats)
        let options = periods.map { "<option value=\"\($0)\"\(flag: "selected", $0 == days)>\(view.say("say.exchange.days", ["n": .count($0)]))</option>" as HTML }
        view.live = Incident.schemaID
        return .page(title: view.say("page.figures"), """
        <div class="head"><div><h1>\(view.say("page.figures"))</h1><p class="muted">\(view.say("say.figures.lead"))</p></div></div>
        \(tabs(view, isPatrols: false))
        <form class="row" method="get" action="/situation/figures"><label for="days">\(view.say("say.exchange.period"))</label>\
        <select class="input short" id="days" name="days">\(options)</select><button class="btn">\(view.say("say.exchange.show"))</button></form>
        <div class="stack" data-region="figures">\(times(figures, days, view))
        \(table("say.figures.by-week", "say.figures.week", figures.weeks, days, view))\(table("say.figures.by-kind", "incident.kind", figures.kinds, days, view))\
        \(table("say.figures.by-category", "incident.category", figures.categories, days, view))\
        \(table("say.figures.by-component", "incident.component", figures.components, days, view))</div>
        \(panel)
        """)
    }

    /// Incidents, and patrols for those who read where they were.
    static func tabs(_ view: View, isPatrols: Bool) -> HTML {
        guard CoveragePage.page.roles.contains(where: view.session.access.holds) else { return .empty }
        return view.tabs(view.say("page.figures"), [
            View.Tab(view.say("incident.plural"), href: "/situation/figures", isCurrent: !isPatrols),
            View.Tab(view.say("patrol.plural"), href: "/situation/figures/patrols", isCurrent: isPatrols),
        ])
    }

    private static func address(_ days: Int, why: String? = nil) -> String { "/situation/figures?days=\(days)" + (why.map { "&why=\($0)" } ?? "") }

    // MARK: How long

    private static func times(_ figures: Figures, _ days: Int, _ view: View) -> HTML {
        let words = FiguresWorking(figures: figures, view: view), survival = figures.verification, response = figures.response
        func tile(_ name: String, _ value: String, _ basis: String, _ why: String) -> HTML {
            """
            <div class="measure"><span class="spread"><span>\(view.say(name))</span>\(view.why(address(days, why: why), "\(view.say(name)), \(value)"))</span>\
            <span class="val"><bdi>\(value)</bdi></span><span class="muted num">\(basis)</span></div>
            """
        }
        let verified = view.say("say.figures.verified", ["done": .formatted(view.formats.integer(survival.ended)), "n": .count(survival.open)])
        let arrived = view.say("say.figures.arrived", ["done": .formatted(view.formats.integer(response.times.count)), "n": .count(response.without)])
        return """
        <div class="measures">\(tile("say.figures.verification", words.text(survival.reading(0.5)), verified, "verification"))\
        \(tile("say.figures.verification-90", words.text(survival.reading(0.9)), verified, "verification"))\
        \(tile("say.figures.response", words.text(response.median), arrived, "response"))\
        \(tile("say.figures.response-90", words.text(response.slow), arrived, "response"))</div>
        """
    }

    // MARK: How many

    private static func table(_ title: String, _ head: String, _ parts: [Figures.Part], _ days: Int, _ view: View) -> HTML {
        guard !parts.isEmpty else { return .empty }
        let schema = view.session.platform.schema(of: Incident.self), most = max(1, parts.map(\.number).max() ?? 1)
        let rows = parts.prefix(60).map { part -> [HTML] in
            let number = view.formats.integer(part.number)
            let list = ListQuery.address(of: part.claim, schema: schema, session: view.session).map { "/situation/incidents?\($0)" }
            let shown: HTML = list.map { "<a class=\"num\" href=\"\(url: $0)\">\(number)<span class=\"sr\"> \(part.name)</span></a>" } ?? "<span class=\"num\">\(number)</span>"
            return [
                "<bdi>\(part.name)</bdi>", shown, "<meter class=\"meter\" min=\"0\" max=\"\(most)\" value=\"\(part.number)\" aria-label=\"\(part.name)\">\(number)</meter>",
            ]
        }
        let columns = [View.Column(view.say(head), isTitle: true), View.Column(view.say("incident.plural"), isNumber: true), View.Column(view.say("say.figures.bar"), isSilent: true)]
        return """
        <section class="stack snug"><h2><span class="why-line">\(view.say(title))\(view.why(address(days, why: "incidents"), view.say(title)))</span></h2>\
        \(view.table(view.say(title), columns, Array(rows)))</section>
        """
    }
}
