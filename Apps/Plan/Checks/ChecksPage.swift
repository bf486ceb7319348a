import Kernel

/// All relations of the document with their verdicts: what fails first, the rest by table.
func checksPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "checks") }
    let page = ChecksPage(view: view, book: book, words: PlanWords(view: view, figures: book.figures))
    return .page(title: view.say("page.checks"), try page.html())
}

struct ChecksPage {
    let view: View
    let book: PlanBook
    let words: PlanWords

    /// What is shown: the faults, the counter-tests, or the relations of one table.
    enum Show: Hashable {
        case faults, waived, counterTests, table(String), text, annex

        var key: String {
            switch self {
            case .faults: "faults"
            case .waived: "waived"
            case .counterTests: "counter-tests"
            case .text: "text"
            case .annex: "annex"
            case .table(let table): table
            }
        }
    }

    func html() throws -> HTML {
        let shows = self.shows
        let asked = view.parameter("show") ?? "faults"
        guard let show = shows.first(where: { $0.key == asked }) else { throw Refusal.absent }
        let list = verdicts(show)
        let kept = book.verdicts.count(where: \.isKept)
        let number = { (n: Int) in WordArgument.formatted(view.formats.integer(n)) }
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.checks")))
            <h1>\(view.say("page.checks"))</h1>
            <p>\(view.say("say.checks-summary", [
                "kept": number(kept), "total": number(book.verdicts.count), "faults": number(book.verdicts.count(where: \.isFault)),
                "counter": number(book.verdicts.count(where: \.relation.kind.isCounterTest)),
            ])) \(view.say("say.waived-count", ["n": .count(verdicts(.waived).count)])) \(view.say("say.checks-explained"))</p>
            <nav class="tabs" aria-label="\(view.say("page.checks"))">\(shows.map { tab($0, isCurrent: $0 == show) })</nav>
            \(show == .counterTests ? "<p class=\"muted\">\(view.say("say.counter-tests-explained"))</p>" : .empty)
            \(list.isEmpty ? "<div class=\"empty\"><p>\(view.say("say.no-faults"))</p></div>" : table(list))
            </div>
            """
    }

    private var shows: [Show] {
        let tables = Set(book.relations.flatMap(\.cells).filter { $0.part == .table }.map(\.table))
        let order = tables.sorted { (Int($0.split(separator: ".").last ?? "") ?? 0) < (Int($1.split(separator: ".").last ?? "") ?? 0) }
        return [.faults] + (verdicts(.waived).isEmpty ? [] : [.waived]) + [.counterTests] + order.map(Show.table) + [.text, .annex]
    }

    private func verdicts(_ show: Show) -> [Verdict] {
        switch show {
        case .faults: book.verdicts.filter(\.isFault)
        case .waived: book.verdicts.filter { book.waiver(of: $0) != nil }
        case .counterTests: book.verdicts.filter(\.relation.kind.isCounterTest)
        case .table(let table):
            book.verdicts.filter { verdict in
                verdict.relation.printed.contains { if case .cell(let cell) = $0.what { cell.part == .table && cell.table == table } else { false } }
            }
        case .text: book.verdicts.filter { verdict in verdict.relation.cells.contains { $0.part == .text } }
        case .annex: book.verdicts.filter(\.relation.countsPosts)
        }
    }

    private func tab(_ show: Show, isCurrent: Bool) -> HTML {
        let name: String = switch show {
        case .table(let table): table
        default: view.say("say.show.\(show.key)")
        }
        return """
            <a href="/plan/checks?show=\(url: PlanAddress.encode(show.key))"\(attribute: "aria-current", isCurrent ? "page" : nil)><bdi>\(name)</bdi> \
            <span class="count">\(view.formats.integer(verdicts(show).count))</span></a>
            """
    }

    private func table(_ list: [Verdict]) -> HTML {
        let heads = ["claim", "computation", "base", "printed", "computed", "difference", "verdict"]
        let figures = ["printed", "computed", "difference"]
        return view.scroll(view.say("page.checks"), """
            <table class="table snug cards"><caption class="sr">\(view.say("page.checks"))</caption>
            <thead><tr>\(heads.map { "<th scope=\"col\"\(attribute: "class", figures.contains($0) ? "n" : nil)>\(view.say("say.check.\($0)"))</th>" as HTML })</tr></thead>
            <tbody>\(list.map(row))</tbody></table>
            """)
    }

    private func label(_ column: String) -> String { view.say("say.check.\(column)") }

    private func row(_ verdict: Verdict) -> HTML {
        let unit = words.unit(verdict.relation)
        let formula = words.formula(verdict.relation)
        let isCounter = verdict.relation.kind.isCounterTest
        let waiver = book.waiver(of: verdict)
        let good = verdict.isKept || isCounter
        let word = view.say(verdict.isKept ? "say.holds" : isCounter ? "say.counter-test" : waiver == nil ? "say.fails" : "say.waived")
        let sources = verdict.relation.terms.count > 4 ? [] : verdict.relation.terms.map(words.name)
        return """
            <tr><th scope="row" class="wrap">\(verdict.relation.printed.first.map(words.name) ?? verdict.relation.id)<div class="muted small"><code>\(verdict.relation.id)</code></div></th>
            <td class="wrap" data-label="\(label("computation"))"><div><bdi class="num">\(formula.isEmpty ? "—" : formula)</bdi><div class="muted small">\(sources.joined(separator: " · "))</div></div></td>
            <td class="wrap" data-label="\(label("base"))"><div>\(words.base(verdict.relation))</div></td>
            <td class="n" data-label="\(label("printed"))"><bdi>\(words.number(verdict.printed, like: unit))</bdi></td><td class="n" data-label="\(label("computed"))"><bdi>\(words.number(verdict.computed, like: unit))</bdi></td>
            <td class="n" data-label="\(label("difference"))"><bdi>\(verdict.isKept ? "—" : words.number(verdict.difference, like: unit))</bdi></td>
            <td class="wrap"><div>\(view.state(good, word))\(waived(verdict, waiver))</div></td></tr>

            """
    }

    /// Who lets it stand, until when and why; for officers the way to let it stand.
    private func waived(_ verdict: Verdict, _ waiver: Record<Waiver>?) -> HTML {
        if let waiver {
            let until = view.say("say.waived-until", ["date": .formatted(view.formats.dateLong(waiver[Waiver.until]))])
            return """
                <div class="small muted"><a href="\(url: view.address(of: waiver))">\(until)</a> \(view.person(waiver[Waiver.owner]?.id))</div>
                <div class="small" dir="auto">\(waiver[Waiver.reason].text)</div>
                """
        }
        guard verdict.isFault, view.session.mayCreate(view.session.platform.schema(of: Waiver.self)) else { return .empty }
        let address = "/plan/waivers/new?document=\(book.document.id.description)&relation=\(PlanAddress.encode(verdict.relation.id))"
        return "<div class=\"small\"><a href=\"\(url: address)\">\(view.say("say.waive"))</a></div>"
    }
}
