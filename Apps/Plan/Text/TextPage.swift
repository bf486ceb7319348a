import Foundation
import Kernel

/// The paragraphs of the document: a programme's in the reader's language, one paragraph in all six side by side, or every number of the text that does not agree.
func textPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "text") }
    let own = Paragraph.document.equals(book.document.ref)
    let paragraphs = try view.session.find(Paragraph.self, where: own, sort: [.up(Paragraph.order)], limit: 2000)
    guard !paragraphs.isEmpty else { return emptyPlan(view, "text", "paragraph.empty") }
    let page = TextPage(view: view, book: book, words: PlanWords(view: view, figures: book.figures), paragraphs: paragraphs)
    guard let asked = view.parameter("paragraph") else { return .page(title: view.say("page.text"), try page.list()) }
    guard let paragraph = paragraphs.first(where: { $0[Paragraph.place] == asked || $0.id.description == asked }) else { throw Refusal.absent }
    return .page(title: "\(view.say("page.text")) \(paragraph[Paragraph.place])", try page.one(paragraph))
}

/// An officer confirms a language of a paragraph, or somebody says something of it.
func sendText(_ view: View) throws -> Page.Answer {
    guard let id = view.sent("paragraph").flatMap({ RecordID($0) }), let paragraph = try view.session.record(Ref<Paragraph>(id)) else { throw Refusal.absent }
    if view.form["comment"] != nil {
        try view.session.comment(paragraph.row, view.sent("comment") ?? "", language: view.language)
    } else {
        guard let language = view.sent("language").flatMap(Language.init(rawValue:)), paragraph.texts.texts[language] != nil else { throw Refusal.absent }
        if paragraph.standing(language) == .drifted { throw Refusal("text-drifted", .invalid, scope: "plan") }
        try view.session.change(paragraph) { record in
            if !record[Paragraph.confirmed].contains(language.rawValue) { record[Paragraph.confirmed].append(language.rawValue) }
        }
    }
    return .redirect("/plan/text?paragraph=\(PlanAddress.encode(paragraph[Paragraph.place]))")
}

struct TextPage {
    let view: View
    let book: PlanBook
    let words: PlanWords
    let paragraphs: [Record<Paragraph>]

    /// What the list shows: a programme, what stands outside of programmes, or the numbers that do not agree.
    private var shows: [String] { Deliverable.Programme.allCases.map(\.rawValue) + ["rest", "numbers"] }

    func check(_ paragraphs: [Record<Paragraph>]) -> ProseCheck {
        ProseCheck(paragraphs, book) { language in
            ResourceLine.Object.nonPosts.map { ($0, view.session.platform.words.say("resource-line.object.\($0.rawValue)", scope: "plan", in: language)) }
        }
    }

    func address(_ paragraph: String) -> String { "/plan/text?paragraph=\(PlanAddress.encode(paragraph))" }

    // MARK: The list

    func list() throws -> HTML {
        let show = view.parameter("show") ?? shows[0]
        guard shows.contains(show) else { throw Refusal.absent }
        let tabs = shows.map { name -> HTML in
            let label = name == "rest" || name == "numbers" ? view.say("say.text.\(name)") : view.say("deliverable.programme.\(name)")
            return "<a href=\"/plan/text?show=\(name)\"\(attribute: "aria-current", name == show ? "page" : nil)>\(label)</a>"
        }
        let own = paragraphs.filter { ($0[Paragraph.programme]?.rawValue ?? "rest") == show }
        return """
            <div class="page stack">
            \(view.crumbs(book.document, view.say("page.text")))
            <h1>\(view.say("page.text"))</h1>
            <nav class="tabs" aria-label="\(view.say("page.text"))">\(tabs)</nav>
            \(show == "numbers" ? numbers + (try ExplainedTable(words: words, book: book).html { _ in true }) : HTML(own.map(entry)))
            </div>
            """
    }

    private func entry(_ paragraph: Record<Paragraph>) -> HTML {
        let place = paragraph[Paragraph.place]
        let title = place == "foreword" ? view.say("say.foreword") : place
        let dots = Language.allCases.map { language -> HTML in
            let standing = paragraph.standing(language)
            return "<span class=\"nowrap small\">\(shape(standing))<span lang=\"\(language.rawValue)\">\(language.nativeName)</span><span class=\"sr\"> \(view.say("say.text.standing.\(standing.rawValue)"))</span></span> "
        }
        return """
            <section class="stack snug"><h2 class="t2"><a href="\(url: address(place))"><bdi>\(title)</bdi></a> <span class="muted small normal">\(view.say("paragraph.kind.\(paragraph[Paragraph.kind].rawValue)"))</span></h2>
            \(prose(paragraph.texts))<p class="row tight">\(dots)</p></section>
            """
    }

    private func shape(_ standing: Paragraph.Standing) -> HTML {
        switch standing {
        case .missing: view.shape("new")
        case .draft: view.shape("half")
        case .confirmed: view.shape("done", "good")
        case .drifted: view.shape("warn", "warn")
        }
    }

    /// In the reader's language, or another with its name.
    private func prose(_ text: LocalText) -> HTML {
        guard let best = text.best(for: view.language) else { return .empty }
        let tag: HTML = best.language == view.language ? .empty : " <span class=\"tag\">\(best.language.nativeName)</span>"
        return "<p class=\"pre\"\(attribute: "lang", view.foreign(best.language)) dir=\"\(best.language.direction)\">\(best.text)</p>\(tag)"
    }

    // MARK: One paragraph

    func one(_ paragraph: Record<Paragraph>) throws -> HTML {
        let place = paragraph[Paragraph.place]
        let check = check(paragraphs)
        let mayChange = (try? view.session.mayChange(paragraph.row)) ?? false
        let edit: HTML = mayChange ? "<a class=\"btn small\" href=\"\(url: view.address(of: paragraph))/edit\">\(view.icon("edit"))\(view.say("say.text.edit"))</a>" : .empty
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, place))
            <div class="head"><h1><bdi>\(place == "foreword" ? view.say("say.foreword") : place)</bdi></h1><div class="end row tight">\(edit)<a class="btn small quiet" href="\(url: view.address(of: paragraph))">\(view.say("say.text.comments"))</a></div></div>
            <p class="muted">\(view.say("paragraph.kind.\(paragraph[Paragraph.kind].rawValue)"))</p>
            <div class="cols two-up">\(Language.allCases.map { column(paragraph, $0, check.ties(place, $0), mayChange) })</div>
            \(table(check.ties.filter { $0.place == place && $0.language == paragraph.texts.original }))
            \(try ExplainedTable(words: words, book: book).html { $0[Variance.item].hasPrefix(place + " ") })
            \(try comments(paragraph))
            </div>
            """
    }

    /// What was said of the paragraph, and a line to say something.
    private func comments(_ paragraph: Record<Paragraph>) throws -> HTML {
        let said = try view.session.comments(paragraph.row).map { comment -> HTML in
            "<li>\(view.person(comment.author)) · \(view.time(comment.at))<div dir=\"auto\">\(comment.body)</div></li>"
        }
        let list: HTML = said.isEmpty ? .empty : "<ul class=\"list\">\(said)</ul>"
        return """
            <section class="stack snug"><h2>\(view.say("say.review.comments"))</h2>\(list)
            <form class="stack snug" method="post" action="/plan/text">\(view.token)<input type="hidden" name="paragraph" value="\(paragraph.id.description)">\
            <label class="field"><span>\(view.say("say.review.comment"))</span><textarea class="input low" name="comment" required maxlength="4000" dir="auto"></textarea></label>\
            <div><button class="btn">\(view.say("say.review.send-comment"))</button></div></form></section>
            """
    }

    private func column(_ paragraph: Record<Paragraph>, _ language: Language, _ ties: [ProseCheck.Tie], _ mayChange: Bool) -> HTML {
        let standing = paragraph.standing(language)
        let text = paragraph.texts.texts[language]
        let body: HTML = text.map { "<p class=\"pre\" lang=\"\(language.rawValue)\" dir=\"\(language.direction)\">\(marked($0, ties))</p>" } ?? "<p class=\"muted\">\(view.say("say.text.standing.missing"))</p>"
        let drift: HTML = (language == paragraph.texts.original ? nil : text.flatMap { _ in paragraph.drift(language) }).map { odd in
            "<p class=\"small\">\(view.shape("warn", "warn"))\(view.say("say.text.drift", ["numbers": .formatted(view.formats.list(odd.map(shown)))]))</p>"
        } ?? .empty
        let confirm: HTML = mayChange && standing == .draft ? """
            <form method="post" action="/plan/text">\(view.token)<input type="hidden" name="paragraph" value="\(paragraph.id.description)">\
            <button class="btn small" name="language" value="\(language.rawValue)">\(view.say("say.text.confirm"))<span class="sr"> \(language.nativeName)</span></button></form>
            """ : .empty
        return """
            <section class="card"><div class="card-body stack snug"><h2 class="t1"><span lang="\(language.rawValue)">\(language.nativeName)</span></h2>\
            <p class="small">\(shape(standing)) \(view.say("say.text.standing.\(standing.rawValue)"))</p>\(body)\(drift)\(confirm)</div></section>
            """
    }

    /// The text with its numbers set apart.
    private func marked(_ text: String, _ ties: [ProseCheck.Tie]) -> HTML {
        let scalars = Array(text.unicodeScalars)
        func piece(_ range: Range<Int>) -> String { String(String.UnicodeScalarView(scalars[range])) }
        var html = HTML()
        var at = 0
        for tie in ties {
            html.appendText(piece(at..<tie.number.range.lowerBound))
            let word = piece(tie.number.range)
            if tie.finding != nil { html += "<mark>\(view.shape("warn", "warn"))\(word)</mark>" } else { html += "<b>\(word)</b>" }
            at = tie.number.range.upperBound
        }
        html.appendText(piece(at..<scalars.count))
        return html
    }

    func shown(_ amount: ProseNumber.Amount) -> String {
        let number = view.formats.decimal(amount.value, scale: amount.value == Decimal(Rounding.whole(amount.value)) ? 0 : 1)
        switch amount.unit {
        case .percent: return view.say("say.per-cent", ["n": .formatted(number)])
        case .dollars: return view.formats.money(minor: Rounding.cents(amount.value), currency: "USD")
        case .plain: return number
        }
    }
}
