import Kernel

/// What changed between a snapshot and another, or the document as it is now.
func redlinePage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "redline") }
    func frozen(_ name: String) throws -> (label: String, Frozen)? {
        guard let text = view.parameter(name) else { return nil }
        guard let id = RecordID(text), let snapshot = try view.session.record(Ref<Snapshot>(id)), let file = snapshot[Snapshot.file].first,
              let bytes = try view.session.content(of: file), let state = Frozen(bytes)
        else { throw Refusal.absent }
        return (snapshot[Snapshot.name], state)
    }
    guard let before = try frozen("from") else { throw Refusal.absent }
    let after = try frozen("to") ?? (view.say("say.review.now"), try Frozen(book.document, view.session))
    let redline = Redline(before.1, after.1)
    let title = view.say("page.redline")
    let nothing: HTML = redline.isEmpty ? view.notice("good", HTML(text: view.say("say.review.same"))) : .empty
    return .page(title: title, """
        <div class="page wide stack">
        \(view.crumbs(book.document, title))
        <h1>\(title)</h1>
        <p><bdi>\(before.label)</bdi> \(view.arrow()) <bdi>\(after.label)</bdi></p>
        \(nothing)\(figures(redline, book, view))\(texts(redline, view))
        </div>
        """)
}

private func figures(_ redline: Redline, _ book: PlanBook, _ view: View) -> HTML {
    guard !redline.figures.isEmpty else { return .empty }
    let words = PlanWords(view: view, figures: book.figures)
    let names = Dictionary(book.lines.keys.map { ($0.place, words.place($0)) }, uniquingKeysWith: { first, _ in first })
    let rows = redline.figures.map { figure -> HTML in
        let old: HTML = figure.before.map { "<del>\($0)</del>" } ?? "—", new: HTML = figure.after.map { "<ins>\($0)</ins>" } ?? "—"
        return "<tr><th scope=\"row\" class=\"wrap normal\">\(names[figure.place] ?? figure.place)<div class=\"muted small\"><code class=\"break\">\(figure.place)</code></div></th><td class=\"n\">\(old)</td><td class=\"n\">\(new)</td></tr>"
    }
    return """
        <section class="stack snug"><h2>\(view.say("say.review.figures"))</h2>\(view.scroll(view.say("say.review.figures"), """
        <table class="table snug"><caption class="sr">\(view.say("say.review.figures"))</caption><thead><tr><th scope="col">\(view.say("say.check.claim"))</th>\
        <th scope="col" class="n">\(view.say("say.cost.before"))</th><th scope="col" class="n">\(view.say("say.cost.after"))</th></tr></thead><tbody>\(rows)</tbody></table>
        """))</section>
        """
}

private func texts(_ redline: Redline, _ view: View) -> HTML {
    guard !redline.texts.isEmpty else { return .empty }
    let items = redline.texts.map { text -> HTML in
        let language = Language(rawValue: text.language) ?? .en
        let pieces = text.pieces.map { piece -> HTML in
            switch piece.kind {
            case .same: "\(piece.text)"
            case .gone: "<del>\(piece.text)</del>"
            case .new: "<ins>\(piece.text)</ins>"
            }
        }
        return """
            <section class="stack snug"><h3><bdi>\(text.place)</bdi> <span class="tag" lang="\(language.rawValue)">\(language.nativeName)</span></h3>\
            <p class="diff-text pre" lang="\(language.rawValue)" dir="\(language.direction)">\(pieces)</p></section>
            """
    }
    return "<section class=\"stack snug\"><h2>\(view.say("say.review.texts"))</h2>\(items)</section>"
}
