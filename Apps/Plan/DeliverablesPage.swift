import Kernel

/// What the programme delivers: planned and actual two years before, planned the year before, planned.
func deliverablesPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "deliverables") }
    let words = PlanWords(view: view, figures: book.figures)
    let year = book.figures.year
    let heads = [(ResourceLine.Column.planned, year - 2), (.actual, year - 2), (.planned, year - 1), (.planned, year)]
    let sections = Deliverable.Programme.allCases.map { programme -> HTML in
        let lines = book.deliverables.filter { $0[Deliverable.programme] == programme }
        guard let table = lines.first?[Deliverable.table] else { return .empty }
        let name = view.say("deliverable.programme.\(programme.rawValue)")
        return """
            <section class="stack snug"><h2>\(name) \(view.tag(view.say("say.part.table", ["name": .text(table)])))</h2>
            \(view.scroll(name, """
            <table class="table flush">
            <caption class="sr">\(view.say("page.deliverables"))</caption>
            <thead><tr><th scope="col">\(view.say("deliverable.text"))</th>\(heads.map { "<th scope=\"col\" class=\"n\">\(words.column($0, $1))</th>" as HTML })</tr></thead>
            \(Deliverable.Category.allCases.map { category($0, lines, view) })</table>
            """))</section>
            """
    }
    return .page(title: view.say("page.deliverables"), """
        <div class="page wide stack">
        \(view.crumbs(book.document, view.say("page.deliverables")))
        <h1>\(view.say("page.deliverables"))</h1>
        \(sections)
        <p class="small muted">\(view.say("say.source", ["symbol": .text(book.figures.symbol)]))</p>
        </div>
        """)
}

/// The lines of one category, those that are counted and those that are described.
private func category(_ category: Deliverable.Category, _ lines: [Record<Deliverable>], _ view: View) -> HTML {
    let own = lines.filter { $0[Deliverable.category] == category }
    guard !own.isEmpty else { return .empty }
    return """
        <tbody><tr><th scope="rowgroup" colspan="5" class="wrap"><bdi>\(category.rawValue.uppercased())</bdi>. \(view.say("deliverable.category.\(category.rawValue)"))</th></tr>
        \(own.map { line($0, view) })</tbody>
        """
}

private func line(_ record: Record<Deliverable>, _ view: View) -> HTML {
    let text = record[Deliverable.text].best(for: view.language) ?? ("", view.language)
    let words: HTML = "<bdi\(attribute: "lang", view.foreign(text.1))>\(text.0)</bdi>"
    let values = Deliverable.values.map { record[$0] }
    if values.allSatisfy({ $0 == nil }) { return "<tr><th scope=\"row\" class=\"wrap normal\" colspan=\"5\">\(words)</th></tr>\n" }
    let cells: [HTML] = values.map { value in
        "<td class=\"n\"><bdi>\(value.map { view.formats.budget(FixedPoint(units: Int64($0), scale: 0).decimal, scale: 0) } ?? "—")</bdi></td>"
    }
    let label: HTML = record[Deliverable.item].map { "\(view.formats.integer($0)). \(words)" } ?? "<a class=\"plain\" href=\"\(url: view.address(of: record))\">\(words)</a>"
    // What is numbered is part of the line above it.
    let classes = record[Deliverable.item] == nil ? "wrap" : "wrap normal in"
    return "<tr><th scope=\"row\" class=\"\(classes)\">\(label)</th>\(cells)</tr>\n"
}
