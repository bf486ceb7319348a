import Kernel

/// Lines whose change is explained, with the reasons, their sum, and what they leave open.
struct ExplainedTable {
    let words: PlanWords
    let book: PlanBook

    private var view: View { words.view }

    func html(_ isAbout: (Record<Variance>) -> Bool) throws -> HTML {
        let lines = try Explained.all(book, view.session).filter { $0.reasons.contains(where: isAbout) }
        guard !lines.isEmpty else { return .empty }
        let title = view.say("variance.plural")
        return "<section class=\"stack snug\"><h2>\(title)</h2>\(lines.map(table))</section>"
    }

    private func dollars(_ amount: FixedPoint) -> String { view.formats.money(minor: amount.units, currency: "USD") }

    private func table(_ explained: Explained) -> HTML {
        let cell = explained.line.cell
        let name = words.place(cell)
        let whole = FixedPoint(units: explained.sum.units + explained.rest.units, scale: 2)
        let rows = explained.reasons.map { reason in
            "<tr><th scope=\"row\" class=\"wrap normal\"><a href=\"\(url: view.address(of: reason))\"><bdi>\(reason[Variance.item])</bdi></a> \(view.words(reason[Variance.text]))</th><td class=\"n\"><bdi>\(dollars(reason[Variance.amount]))</bdi></td></tr>" as HTML
        }
        let verdict = explained.addsUp ? view.state(true, view.say("say.explained.adds-up"))
            : "\(view.shape("warn", "warn")) \(view.say("say.explained.rest", ["rest": .formatted(dollars(explained.rest))]))"
        let why = "/plan/resources?table=11&why=\(cell.object?.rawValue ?? ""),\(cell.column.rawValue)"
        return """
            <table class="table snug"><caption class="small">\(name)</caption><thead class="sr"><tr><th scope="col">\(view.say("variance.text"))</th><th scope="col" class="n">\(view.say("say.amount"))</th></tr></thead>
            <tbody>\(rows)<tr><th scope="row">\(view.say("say.sum"))</th><td class="n"><bdi>\(dollars(explained.sum))</bdi></td></tr>
            <tr><th scope="row"><a href="\(url: why)">\(name)</a></th><td class="n"><bdi>\(dollars(whole))</bdi></td></tr></tbody></table>
            <p>\(verdict)</p>
            """
    }
}
