import Kernel

/// Annex I: posts by unit and grade, one table for each source of funds, with totals that are those of table 29C.15.
func postsPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "posts") }
    return .page(title: view.say("page.posts"), try PostsPage(view: view, book: book, words: PlanWords(view: view, figures: book.figures)).html())
}

struct PostsPage {
    let view: View
    let book: PlanBook
    let words: PlanWords

    /// One line of a table: posts of a unit by grade.
    private struct Line {
        let name: HTML
        let posts: [PostCount]
        var isPrinted = true
        var note: String?
    }

    func html() throws -> HTML {
        try view.session.loadLabels(book.posts.map(\.row))
        let totals = ResourceLine.Source.allCases.map { book.figures.approvedPosts(PostSet(source: $0)) }
        let sum = totals.map { words.number(Int64($0) * 10, .posts) }.joined(separator: " + ") + " = " + words.number(Int64(totals.reduce(0, +)) * 10, .posts)
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.posts")))
            <div class="head"><h1>\(view.say("page.posts"))</h1><span class="tag">\(view.say("say.annex"))</span></div>
            <p>\(view.say("say.posts-by-source", ["year": .formatted(words.year(book.figures.year))])) <b class="num"><bdi>\(sum)</bdi></b></p>
            \(try ResourceLine.Source.allCases.map(table))
            <p class="small muted">\(view.say("say.source", ["symbol": .text(book.figures.symbol)])) <a href="/plan/checks?show=annex">\(view.say("page.checks"))</a></p>
            </div>
            """
    }

    private func table(_ source: ResourceLine.Source) throws -> HTML {
        let own = book.posts.filter { $0[Post.source] == source }
        let total = book.figures.posts.filter { $0.source == source }
        let grades = Post.Grade.allCases.map { "<th scope=\"col\">\(words.rank($0.rank))</th>" as HTML }
        let body = try Post.Component.allCases.map { component in try rows(component, own.filter { $0[Post.component] == component }) }
        return """
            <section class="stack snug"><h2>\(words.source(source))</h2>
            \(view.scroll(words.source(source), """
            <table class="sheet"><caption class="sr">\(words.source(source)), \(view.say("say.unit.posts"))</caption>
            <colgroup><col class="obj broad"><col span="11"></colgroup>
            <thead><tr><th scope="col">\(view.say("post.unit"))</th>\(grades)<th scope="col">\(words.rank(.total))</th></tr></thead>
            <tbody>\(body)</tbody>
            <tfoot>\(row(Line(name: "\(words.rank(.total))", posts: total)))</tfoot></table>
            """))</section>
            """
    }

    /// A component's units as the annex draws them, what reconciles them, and their sum.
    private func rows(_ component: Post.Component, _ records: [Record<Post>]) throws -> HTML {
        guard !records.isEmpty else { return .empty }
        var lines: [Line] = []
        var order: [String] = []
        for record in records where record[Post.kind] != .reconciliation && !order.contains(record[Post.name]) { order.append(record[Post.name]) }
        for name in order {
            for kind in [Post.Kind.established, .secondColumn] {
                let own = records.filter { $0[Post.name] == name && $0[Post.kind] == kind }
                guard let first = own.first else { continue }
                let label: HTML = try first[Post.unit].map { unit in
                    "<a class=\"plain\" href=\"/directory/units/\(unit.id.description)\"><bdi>\(try view.session.label("directory.unit", unit.id) ?? name)</bdi></a>"
                } ?? "<bdi>\(name)</bdi>"
                lines.append(Line(name: label, posts: own.map(\.count), note: kind == .secondColumn ? view.say("post.kind.second-column") : nil))
            }
        }
        for record in records where record[Post.kind] == .reconciliation {
            lines.append(Line(name: "<i>\(view.say("post.kind.reconciliation"))</i>", posts: [record.count], isPrinted: false, note: reconciled(record.count)))
        }
        let sum = Line(name: "<b>\(view.say("post.component.\(component.rawValue)"))</b>", posts: records.map(\.count))
        return "\(lines.map(row))\(row(sum))"
    }

    /// What the annex prints and what the component's figure prints.
    private func reconciled(_ post: PostCount) -> String {
        let boxes = book.figures.printedPosts(PostSet(source: post.source, component: post.component, grade: post.grade))
        let figure = Relations.drawn.first { $0.component == post.component.line }.map { book.figures.table($0.figure) } ?? ""
        return view.say("say.reconciled", [
            "boxes": .formatted(view.formats.integer(boxes)), "figure": .text(figure), "number": .formatted(view.formats.integer(boxes + post.number)),
            "grade": .text(words.rank(post.grade.rank)),
        ])
    }

    private func row(_ line: Line) -> HTML {
        func cell(_ number: Int) -> HTML {
            "<td class=\"n\(number == 0 ? " nil" : "")\"><bdi>\(words.number(number == 0 ? nil : Int64(number) * 10, .posts))</bdi></td>"
        }
        let grades = Post.Grade.allCases.map { grade in cell(line.posts.filter { $0.grade == grade }.reduce(0) { $0 + $1.number }) }
        let note: HTML = line.note.map { "<div class=\"muted small\">\($0)</div>" } ?? .empty
        return "<tr><th scope=\"row\" class=\"wrap\">\(line.name)\(note)</th>\(grades)\(cell(line.posts.reduce(0) { $0 + $1.number }))</tr>\n"
    }
}
