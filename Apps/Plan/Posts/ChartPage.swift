import Kernel

/// The organization chart, drawn from the posts: a list in a list, with a box for each unit, its posts by source and grade, and what is being done to them.
func chartPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "chart") }
    return .page(title: view.say("page.chart"), try ChartPage(view: view, book: book).html())
}

struct ChartPage {
    let view: View
    let book: PlanBook
    private let words: PlanWords
    private let units: [RecordID: Record<Unit>]
    private let actions: [Record<PostAction>]

    init(view: View, book: PlanBook) throws {
        self.view = view
        self.book = book
        words = PlanWords(view: view, figures: book.figures)
        units = Dictionary(uniqueKeysWithValues: try view.session.find(Unit.self, limit: 5000).map { ($0.id, $0) })
        actions = try view.session.find(PostAction.self, where: PostAction.document.equals(book.document.ref), sort: [.down(PostAction.effective)], limit: 200)
    }

    private var drawn: Set<RecordID> { Set(book.posts.compactMap { $0[Post.unit]?.id }) }

    func html() throws -> HTML {
        let asked = view.parameter("why").flatMap { RecordID($0) }
        guard view.parameter("why") == nil || asked.map(drawn.contains) == true else { throw Refusal.absent }
        try view.session.loadLabels(book.posts.map(\.row))
        let roots = drawn.filter { id in units[id]?[Unit.parent].map { !drawn.contains($0.id) } ?? true }
        let rest = book.posts.filter { $0[Post.unit] == nil }
        let note: HTML = rest.isEmpty ? .empty : "<p class=\"small muted\">\(view.say("post.kind.reconciliation")): \(posts(rest))</p>"
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.chart")))
            <div class="head"><h1>\(view.say("page.chart"))</h1>\(propose)</div>
            \(totals)
            \(view.scroll(view.say("page.chart"), "<ul class=\"orgchart\">\(sorted(roots).map { branch($0, asked) })</ul>"))
            \(note)
            \(try table())
            </div>
            \(asked.map { view.panel(working($0), back: "/plan/chart") })
            """
    }

    private var propose: HTML {
        guard view.session.mayCreate(view.session.platform.schema(of: PostAction.self)) else { return .empty }
        return "<div class=\"end\"><a class=\"btn small\" href=\"/plan/post-actions/new?document=\(book.document.id.description)\">\(view.icon("plus"))\(view.say("say.chart.propose"))</a></div>"
    }

    /// Posts by source against what the tables approve.
    private var totals: HTML {
        let items = ResourceLine.Source.allCases.map { source -> HTML in
            let count = book.figures.approvedPosts(PostSet(source: source))
            let column: ResourceLine.Column = source == .regularBudget ? .proposed : .estimate
            let cell = Cell(table: book.figures.table("15"), component: .subtotal, source: source, column: column, year: book.figures.year)
            let printed = Int((book.figures.amounts[cell] ?? 0) / 10)
            let text = "\(words.source(source)): \(view.formats.integer(count))" + (count == printed ? "" : " ≠ \(view.formats.integer(printed)) (\(words.table(cell)))")
            let why = "/plan/resources?table=15&why=\(source.rawValue).subtotal,\(column.rawValue)-\(book.figures.year)"
            return "<span class=\"why-line\">\(view.state(count == printed, text))\(view.why(text, why, isOpen: false))</span>"
        }
        return "<div class=\"checks\">\(items)</div>"
    }

    // MARK: Boxes

    private func name(_ id: RecordID) -> String { units[id]?[Unit.name].best(for: view.language)?.text ?? "—" }

    private func sorted(_ ids: some Sequence<RecordID>) -> [RecordID] {
        let order = Dictionary(book.posts.enumerated().compactMap { index, post in post[Post.unit].map { ($0.id, index) } }, uniquingKeysWith: min)
        return ids.sorted { (order[$0] ?? 0, $0.description) < (order[$1] ?? 0, $1.description) }
    }

    private func branch(_ id: RecordID, _ asked: RecordID?) -> HTML {
        let own = book.posts.filter { $0[Post.unit]?.id == id }
        let below = sorted(drawn.filter { units[$0]?[Unit.parent]?.id == id })
        let total = own.reduce(0) { $0 + $1[Post.number] }
        let language = units[id]?[Unit.name].best(for: view.language)?.language
        let lines = ResourceLine.Source.allCases.compactMap { source -> HTML? in
            let records = own.filter { $0[Post.source] == source && $0[Post.number] != 0 }
            return records.isEmpty ? nil : "<div class=\"small\"><span class=\"muted\">\(words.source(source)):</span> \(posts(records))</div>"
        }
        let done = actions.filter { action in action.state == .proposed && own.contains { $0.id == action[PostAction.post].id } }.map { action -> HTML in
            "<div class=\"small\"><a href=\"\(url: view.address(of: action))\">\(view.shape("half"))\(view.say("post-action.kind.\(action[PostAction.kind].rawValue)")) × \(view.formats.integer(action[PostAction.number]))</a></div>"
        }
        let list: HTML = below.isEmpty ? .empty : "<ul>\(below.map { branch($0, asked) })</ul>"
        let count = view.formats.integer(total)
        return """
            <li><div class="org-box"><div class="spread"><a class="plain strong" href="/directory/units/\(id.description)"\(attribute: "lang", language.flatMap(view.foreign))><bdi>\(name(id))</bdi></a>\
            <span class="why-line num"><b>\(count)</b>\(view.why("\(name(id)), \(count)", "/plan/chart?why=\(id.description)", isOpen: asked == id))</span></div>\(lines)\(done)</div>\(list)</li>

            """
    }

    /// "1 D-1, 4 P-4, 8 GS (OL)".
    private func posts(_ records: [Record<Post>]) -> String {
        Post.Grade.allCases.compactMap { grade -> String? in
            let count = records.filter { $0[Post.grade] == grade }.reduce(0) { $0 + $1[Post.number] }
            return count == 0 ? nil : "\(view.formats.integer(count))\u{A0}\(words.rank(grade.rank).replacing(" ", with: "\u{A0}"))"
        }.joined(separator: view.language == .zh ? "，" : view.language == .ar ? "، " : ", ")
    }

    // MARK: Working and actions

    private func working(_ id: RecordID) -> Working {
        let own = book.posts.filter { $0[Post.unit]?.id == id }
        let total = own.reduce(0) { $0 + $1[Post.number] }
        let rows = own.map { post in
            ["\(words.rank(post[Post.grade].rank)) · \(words.source(post[Post.source]))", view.formats.integer(post[Post.number])]
        }
        let made = actions.filter { action in own.contains { $0.id == action[PostAction.post].id } }
        let records = own.prefix(12).map { Working.Part.fact(words.rank($0[Post.grade].rank), words.source($0[Post.source]), link: view.address(of: $0)) }
        let facts = made.map { Working.Part.fact($0.reference, "\(view.say("post-action.kind.\($0[PostAction.kind].rawValue)")) × \(view.formats.integer($0[PostAction.number])), \(view.formats.dateShort($0[PostAction.effective]))", link: view.address(of: $0)) }
        var sections = [
            Working.Section(view.say("say.lines"), [.table(head: [view.say("say.line"), view.say("post.number")], rows: rows + [[view.say("say.sum"), view.formats.integer(total)]], idle: [], hasTotal: true)]),
            Working.Section(view.say("post.plural"), Array(records)),
        ]
        if !facts.isEmpty { sections.append(Working.Section(view.say("post-action.plural"), facts)) }
        return Working(question: name(id), answer: view.formats.integer(total), sections: sections)
    }

    private func table() throws -> HTML {
        guard !actions.isEmpty else { return .empty }
        let rows = try actions.map { action -> HTML in
            let post = try view.session.label(Post.schemaID, action[PostAction.post].id) ?? "—"
            return """
                <tr><th scope="row"><a href="\(url: view.address(of: action))"><bdi>\(action.reference)</bdi></a></th><td>\(view.say("post-action.kind.\(action[PostAction.kind].rawValue)"))</td>\
                <td class="wrap"><bdi>\(post)</bdi></td><td class="n">\(view.formats.integer(action[PostAction.number]))</td><td>\(view.day(action[PostAction.effective]))</td><td>\(view.stateText(action.row))</td></tr>

                """
        }
        let heads = ["say.chart.number", "post-action.kind", "post-action.post", "post-action.number", "post-action.effective", "say.check.verdict"]
        return """
            <section class="stack snug"><h2>\(view.say("post-action.plural"))</h2>\(view.scroll(view.say("post-action.plural"), """
            <table class="table snug"><caption class="sr">\(view.say("post-action.plural"))</caption><thead><tr>\(heads.enumerated().map { "<th scope=\"col\"\(attribute: "class", $0 == 3 ? "n" : nil)>\(view.say($1))</th>" as HTML })</tr></thead><tbody>\(rows)</tbody></table>
            """))</section>
            """
    }
}
