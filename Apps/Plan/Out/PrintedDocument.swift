import Kernel

/// The whole document as it is printed: paragraphs in their order with the tables that follow them, annexes at the end. Plain semantic HTML, for a page and for PDF.
struct PrintedDocument {
    let view: View
    let book: PlanBook
    /// Wide tables scroll on a screen; paper has them as they are.
    let isOnScreen: Bool
    private let words: PlanWords
    private let paragraphs: [Record<Paragraph>]

    init(view: View, book: PlanBook, isOnScreen: Bool = false) throws {
        self.view = view
        self.book = book
        self.isOnScreen = isOnScreen
        words = PlanWords(view: view, figures: book.figures)
        paragraphs = try view.session.find(Paragraph.self, where: Paragraph.document.equals(book.document.ref), sort: [.up(Paragraph.order)], limit: 2000)
    }

    /// The paragraph that a table follows.
    private static let after: [(paragraph: Int, tabs: [Tab])] = [
        (67, [.resources, .postChanges, .posts]), (68, [.components, .componentPosts, .categories]), (75, [.compliance]), (80, [.parts]),
    ]

    var title: String { book.document[BudgetDocument.title].best(for: view.language)?.text ?? book.figures.symbol }

    func body() throws -> HTML {
        var html = HTML()
        var heading = ""
        var left = PrintedDocument.after
        for paragraph in paragraphs {
            let kind = view.say("paragraph.kind.\(paragraph[Paragraph.kind].rawValue)")
            let programme = paragraph[Paragraph.programme].map { view.say("deliverable.programme.\($0.rawValue)") }
            let own = [programme, kind].compactMap { $0 }.joined(separator: view.language == .zh ? "：" : ": ")
            if own != heading { html += "<h2>\(own)</h2>\n" }
            heading = own
            html += prose(paragraph)
            let number = paragraph[Paragraph.place].split(separator: ".").last.flatMap { Int($0) } ?? 0
            while let next = left.first, next.paragraph <= number {
                html += HTML(next.tabs.flatMap(tables))
                left.removeFirst()
            }
        }
        html += HTML(left.flatMap(\.tabs).flatMap(tables))
        html += posts
        return html + (try advice())
    }

    private func prose(_ paragraph: Record<Paragraph>) -> HTML {
        guard let best = paragraph.texts.best(for: view.language) else { return .empty }
        let place = paragraph[Paragraph.place] == "foreword" ? HTML.empty : "<bdi class=\"mark\">\(paragraph[Paragraph.place])</bdi> "
        let lines = best.text.split(separator: "\n").map(String.init)
        let rest = lines.dropFirst().map { "<p\(attribute: "lang", view.foreign(best.language)) dir=\"\(best.language.direction)\">\($0)</p>\n" as HTML }
        return "<p>\(place)<span\(attribute: "lang", view.foreign(best.language)) dir=\"\(best.language.direction)\">\(lines.first ?? "")</span></p>\n\(rest)"
    }

    private func tables(_ tab: Tab) -> [HTML] {
        let name = view.say("say.part.table", ["name": .text(tab.tables(book.figures).joined(separator: ", "))])
        return Sheets(words: words, figures: book.figures).sheets(tab).map { sheet in
            let heads = sheet.heads.map { "<th scope=\"col\" class=\"n\">\(words.column($0.column, $0.year))</th>" as HTML }
            let rows = sheet.rows.map { row -> HTML in
                let cells = sheet.heads.map { head -> HTML in
                    "<td class=\"n\"><bdi>\(words.number(book.figures.amounts[sheet.cell(row, head)], head.column == .percentage ? .percent : sheet.unit))</bdi></td>"
                }
                return "<tr><th scope=\"row\">\(row.label)</th>\(cells)</tr>\n"
            }
            let title = "\(sheet.title) (\(sheet.caption))"
            let table: HTML = """
                <table class="figures\(isOnScreen ? " table snug" : "")"><caption>\(title)</caption><thead><tr><th scope="col">\(sheet.label)</th>\(heads)</tr></thead><tbody>\(rows)</tbody></table>
                """
            return "<h3>\(name)</h3>\(isOnScreen ? view.scroll(title, table) : table)\n"
        }
    }

    private var posts: HTML {
        let rows = book.posts.filter { $0[Post.number] != 0 }.map { post -> HTML in
            "<tr><th scope=\"row\"><bdi>\(post[Post.name])</bdi></th><td>\(words.source(post[Post.source]))</td><td>\(words.rank(post[Post.grade].rank))</td><td class=\"n\"><bdi>\(view.formats.integer(post[Post.number]))</bdi></td></tr>\n"
        }
        let table: HTML = """
            <table class="figures\(isOnScreen ? " table snug" : "")"><caption>\(view.say("page.posts"))</caption><thead><tr><th scope="col">\(view.say("post.unit"))</th><th scope="col">\(view.say("post.source"))</th>\
            <th scope="col">\(view.say("post.grade"))</th><th scope="col" class="n">\(view.say("post.number"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """
        return "<h2>\(view.say("page.posts"))</h2>\(isOnScreen ? view.scroll(view.say("page.posts"), table) : table)\n"
    }

    private func advice() throws -> HTML {
        let all = try view.session.find(Recommendation.self, where: Recommendation.document.equals(book.document.ref), sort: [.up(Recommendation.report)], limit: 500)
        guard !all.isEmpty else { return .empty }
        let items = all.map { item -> HTML in
            let action: HTML = item[Recommendation.action].map { "<p>\(view.say("recommendation.action")): \(view.words($0))</p>" } ?? .empty
            return "<h3><bdi>\(item[Recommendation.report]), \(item[Recommendation.paragraph])</bdi></h3><p>\(view.words(item[Recommendation.text]))</p>\(action)\n"
        }
        return "<h2>\(view.say("recommendation.plural"))</h2>\(items)"
    }

    /// How many relations hold, for the document's end: it tells on itself.
    var standing: String {
        view.say("say.checks-summary", [
            "kept": .formatted(view.formats.integer(book.verdicts.count(where: \.isKept))), "total": .formatted(view.formats.integer(book.verdicts.count)),
            "faults": .formatted(view.formats.integer(book.verdicts.count(where: \.isFault))), "counter": .formatted(view.formats.integer(book.verdicts.count(where: \.relation.kind.isCounterTest))),
        ])
    }
}

/// The document as a page to read and print.
func printPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "out") }
    let document = try PrintedDocument(view: view, book: book, isOnScreen: true)
    return .page(title: book.figures.symbol, """
        <div class="page stack prose">\(view.crumbs(book.document, view.say("say.out.html")))
        <p class="spread"><b><bdi>\(book.figures.symbol)</bdi></b><span>\(view.formats.date(view.now))</span></p><h1>\(document.title)</h1>
        \(try document.body())<p class="small">\(document.standing)</p></div>
        """)
}

/// The same as a tagged PDF.
func printDocument(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { throw Refusal.absent }
    let document = try PrintedDocument(view: view, book: book)
    return .document(PrintDocument(
        name: LineTable.code(book.figures.symbol), title: document.title, language: view.language, author: view.session.platform.configuration.organisation,
        reference: book.figures.symbol, made: view.now, body: "<h1>\(document.title)</h1>\(try document.body())<p class=\"small\">\(document.standing)</p>"))
}
