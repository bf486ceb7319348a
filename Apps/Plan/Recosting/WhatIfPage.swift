import Foundation
import Kernel

/// The section before and after a change of rates, vacancy, prices or posts, side by side. An address says all of it: nothing is stored.
func whatIfPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "what-if") }
    let base = try CostBase(book, view.session)
    let words = PlanWords(view: view, figures: book.figures)
    guard let set = try base.set(view.parameter("set"), back: 0) else {
        return .page(title: view.say("page.what-if"), RecostingPage.missing(view, book, view.say("parameter-set.empty")))
    }
    let prices = try base.prices(set)
    let currencies = Set(prices.prices.filter { $0.kind == .rate }.compactMap(\.scope.currency)).sorted()
    func page(_ view: View, _ result: (CostSheet, Costing)?) throws -> Page.Answer {
        let page = WhatIfPage(view: view, book: book, words: PlanWords(view: view, figures: book.figures), base: base, set: set, prices: prices, currencies: currencies, result: result)
        return .page(title: view.say("page.what-if"), try page.html())
    }
    do {
        let scenario = try Scenario(view, currencies: currencies, stations: Set(base.stations.values))
        let costing = Costing(before: prices, after: scenario.applied(to: prices))
        return try page(view, (try scenario.sheet(try base.lines(prices), costing), costing))
    } catch let missing as MissingPrice {
        return .page(title: view.say("page.what-if"), RecostingPage.missing(view, book, words.sentence(missing)))
    } catch let refusal as Refusal where !refusal.faults.isEmpty {
        // The same page with what was typed and what is wrong with it.
        return try page(View(session: view.session, app: view.app, query: view.query, csrf: view.csrf, address: view.address, refusal: refusal), nil)
    }
}

struct WhatIfPage {
    let view: View
    let book: PlanBook
    let words: PlanWords
    let base: CostBase
    let set: Record<ParameterSet>
    let prices: PriceBook
    let currencies: [String]
    let result: (sheet: CostSheet, costing: Costing)?

    private static let fields = ["set", "inflation", "posts", "grade", "from", "to", "station"]

    /// The address with all that was asked, and the number that is asked why.
    private func address(_ why: String?) -> String {
        let names = WhatIfPage.fields + currencies.map { "rate-\($0)" } + Scenario.categories.map { "vacancy-\($0.rawValue)" }
        let parts = names.compactMap { name in view.parameter(name).map { "\(name)=\(PlanAddress.encode($0))" } } + (why.map { ["why=\(PlanAddress.encode($0))"] } ?? [])
        return "/plan/what-if" + (parts.isEmpty ? "" : "?" + parts.joined(separator: "&"))
    }

    func html() throws -> HTML {
        let table = result.map { self.table($0.sheet) }
        let found = view.parameter("why").flatMap { why in table.flatMap { table in table.asked(why).map { (table, $0.row, $0.column) } } }
        if view.parameter("why") != nil, found == nil { throw Refusal.absent }
        let explain = result.map { CostWorking(words: words, costing: $0.costing, sets: [(view.say("say.cost.before"), set)]) }
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.what-if")))
            <h1>\(view.say("page.what-if"))</h1>
            <p>\(view.say("say.what-if.explained", ["set": .text(set[ParameterSet.name])]))</p>
            \(view.faultSummary())
            \(form)
            \(table.map { $0.html(words, asked: view.parameter("why"), address: address) })
            \(table == nil ? .empty : "<p class=\"small muted\">\(view.say("say.cost.columns-add-up"))</p>" as HTML)
            </div>
            \(found.flatMap { found in explain.map { view.panel($0.working(found.0, found.1, found.2), back: address(nil)) } })
            """
    }

    private func table(_ sheet: CostSheet) -> CostTable {
        let rows = Post.Component.allCases.map { component in
            CostTable.Row(key: component.rawValue, label: words.component(component.line), items: sheet.items.filter { $0.line.component == component })
        }
        return CostTable(title: view.say("say.what-if.result"), label: view.say("resource-line.component"), rows: rows, effects: Effect.allCases)
    }

    // MARK: The form

    /// A labelled control that shares its line with another.
    private func box(_ name: String, _ label: String, _ input: (HTML) -> HTML) -> HTML {
        let fault = view.fault(name)
        let ties: HTML = " id=\"f-\(name)\"\(attribute: "aria-describedby", fault.map { _ in "e-\(name)" })\(attribute: "aria-invalid", fault.map { _ in "true" })"
        let line: HTML = fault.map { "<span class=\"error\" id=\"e-\(name)\">\(view.shape("bad"))\($0)</span>" } ?? .empty
        return "<div class=\"field\(fault == nil ? "" : " has-error")\"><label for=\"f-\(name)\">\(label)</label>\(line)\(input(ties))</div>"
    }

    private func number(_ name: String, _ label: String, now: Decimal?, unit: String?) -> HTML {
        box(name, label) { ties in
            let standing = now.map { view.formats.decimal($0, scale: 6) } ?? ""
            let input: HTML = "<input class=\"input short n\" inputmode=\"decimal\" name=\"\(name)\" value=\"\(view.parameter(name) ?? "")\" placeholder=\"\(trimmed(standing))\" dir=\"ltr\" autocomplete=\"off\"\(ties)>"
            return unit.map { "<span class=\"affix\">\(input)<span><bdi>\($0)</bdi></span></span>" } ?? input
        }
    }

    /// Without the noughts at its end.
    private func trimmed(_ text: String) -> String {
        guard let point = text.lastIndex(where: { !$0.isNumber }) else { return text }
        let kept = text[point...].reversed().drop { $0.isNumber && $0.wholeNumberValue == 0 }
        return String(text[..<point]) + (kept.count > 1 ? String(kept.reversed()) : "")
    }

    private func select(_ name: String, _ label: String, _ options: [(String, String)]) -> HTML {
        box(name, label) { ties in
            let now = view.parameter(name)
            let items = ([("", "—")] + options).map { "<option value=\"\($0.0)\"\(flag: "selected", $0.0 == now)>\($0.1)</option>" as HTML }
            return "<select class=\"input\" name=\"\(name)\"\(ties)>\(items)</select>"
        }
    }

    private var form: HTML {
        let percent = view.say("say.per-cent.sign")
        let rates = currencies.map { number("rate-\($0)", view.say("say.what-if.rate", ["currency": .text($0)]), now: prices.rate($0), unit: "\($0)/USD") }
        let vacancies = Scenario.categories.map { category in
            number("vacancy-\(category.rawValue)", view.say("say.what-if.vacancy.\(category.rawValue)"), now: prices.price(.vacancy, PriceScope(category: category)).map { $0 * 100 }, unit: percent)
        }
        let components = Post.Component.allCases.map { ($0.rawValue, words.component($0.line)) }
        let stations = base.stations.values.sorted().map { ($0, $0) }
        return """
            <form class="form wide" method="get" action="/plan/what-if"><input type="hidden" name="set" value="\(set.id.description)">
            <fieldset class="fieldset"><legend>\(view.say("say.what-if.prices"))</legend><div class="fields two-up">\(rates)\(vacancies)\(number("inflation", view.say("say.what-if.inflation"), now: nil, unit: percent))</div></fieldset>
            <fieldset class="fieldset"><legend>\(view.say("say.what-if.posts"))</legend><div class="fields two-up">\(number("posts", view.say("say.what-if.number"), now: nil, unit: nil))\
            \(select("grade", view.say("post.grade"), Post.Grade.allCases.map { ($0.rawValue, words.rank($0.rank)) }))\(select("from", view.say("say.what-if.from"), components))\
            \(select("to", view.say("say.what-if.to"), components))\(select("station", view.say("say.what-if.station"), stations))</div></fieldset>
            <div class="form-foot"><button class="btn primary">\(view.say("say.what-if.show"))</button><a class="btn quiet" href="/plan/what-if">\(view.say("say.what-if.reset"))</a></div></form>
            """
    }
}
