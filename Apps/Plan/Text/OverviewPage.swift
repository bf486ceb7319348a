import Foundation
import Kernel

/// The plan in one scroll: of every subprogramme its objective, strategy, results, measures, deliverables and money, each figure with its working.
func overviewPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "overview") }
    let page = try OverviewPage(view: view, book: book)
    return .page(title: view.say("page.overview"), try page.html())
}

struct OverviewPage {
    let view: View
    let book: PlanBook
    private let words: PlanWords
    private let paragraphs: [Record<Paragraph>]
    private let results: [Record<ProgrammeResult>]
    private let measures: [Record<PerformanceMeasure>]
    private let mandates: [Record<Mandate>]
    private let asked: Record<PerformanceMeasure>?

    init(view: View, book: PlanBook) throws {
        self.view = view
        self.book = book
        words = PlanWords(view: view, figures: book.figures)
        let session = view.session, document = book.document.ref
        paragraphs = try session.find(Paragraph.self, where: Paragraph.document.equals(document), sort: [.up(Paragraph.order)], limit: 2000)
        results = try session.find(ProgrammeResult.self, where: ProgrammeResult.document.equals(document), sort: [.up(ProgrammeResult.place)], limit: 200)
        measures = try session.find(PerformanceMeasure.self, where: PerformanceMeasure.document.equals(document), sort: [.up(PerformanceMeasure.place)], limit: 500)
        mandates = try session.find(Mandate.self, where: Mandate.document.equals(document), sort: [.up(Mandate.resolution)], limit: 200)
        asked = view.parameter("why").flatMap { [measures] id in measures.first { $0.id.description == id } }
        if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
    }

    private var measuring: MeasuresPage { MeasuresPage(view: view, asked: asked?.id, address: "/plan/overview", level: 4) }

    func html() throws -> HTML {
        let panel = try asked.flatMap { record in try measuring.live(record).map { try measuring.working(record, $0) } }
        return """
            <div class="page stack">
            \(view.crumbs(book.document, view.say("page.overview")))
            <h1>\(view.say("page.overview"))</h1>
            <p>\(view.words(book.document[BudgetDocument.title]))</p>
            \(ChecksBar(book: book, words: words).html(tables: Set(["14", "15"].map(book.figures.table))))
            \(authority)
            \(try Deliverable.Programme.allCases.map(programme))
            </div>
            \(panel.map { view.panel($0, back: "/plan/overview") })
            """
    }

    private func fold(_ title: String, isOpen: Bool = false, _ body: HTML) -> HTML {
        body.isEmpty ? .empty : "<details class=\"more-box\"\(flag: "open", isOpen)><summary>\(view.arrow())\(title)</summary><div class=\"stack snug\">\(body)</div></details>"
    }

    // MARK: Authority

    private var authority: HTML {
        let items = mandates.map { mandate -> HTML in
            let standing = mandate[Mandate.standing]
            let mark: HTML = standing == .inForce ? .empty : view.state(false, view.say("mandate.standing.\(standing.rawValue)"))
            let title = mandate[Mandate.title].map { view.words($0) } ?? .empty
            return "<li><a href=\"\(url: mandate.address)\" rel=\"external noreferrer\"><bdi>\(mandate[Mandate.resolution])</bdi></a> \(title) \(mark)</li>"
        }
        return fold(view.say("mandate.plural"), items.isEmpty ? .empty : "<ul class=\"list\">\(items)</ul>")
    }

    /// What loses its basis when a resolution has changed or ended.
    private func unfounded(_ programme: Deliverable.Programme) -> HTML {
        let lost = mandates.filter { mandate in
            let components = mandate[Mandate.components].map(\.rawValue)
            return mandate[Mandate.standing] != .inForce && (components.isEmpty || components.contains(programme.rawValue))
        }
        guard !lost.isEmpty else { return .empty }
        let count = book.deliverables.count { $0[Deliverable.programme] == programme && $0[Deliverable.item] == nil }
        return view.notice("warn", HTML(text: view.say("say.overview.unfounded", ["mandates": .formatted(view.formats.list(lost.map { $0[Mandate.resolution] })), "n": .count(count)])))
    }

    // MARK: A subprogramme

    private func programme(_ programme: Deliverable.Programme) throws -> HTML {
        let own = paragraphs.filter { $0[Paragraph.programme] == programme }
        let objective = own.first { $0[Paragraph.kind] == .objective }
        let sections: [HTML] = [
            objective.map { "<p><b>\(view.say("paragraph.kind.objective")).</b> \(prose($0)) \(source($0))</p>" } ?? .empty,
            unfounded(programme),
            fold(view.say("paragraph.kind.strategy"), told(own.filter { [.strategy, .externalFactor, .gender].contains($0[Paragraph.kind]) })),
            fold(view.say("result.plural"), isOpen: true, try HTML(results.filter { $0[ProgrammeResult.programme] == programme }.map(result))),
            fold(view.say("paragraph.kind.evaluation"), told(own.filter { $0[Paragraph.kind] == .evaluation })),
            fold(view.say("deliverable.plural"), deliverables(programme)),
            fold(view.say("say.overview.money"), isOpen: true, money(programme)),
        ]
        return "<section class=\"stack snug\"><h2>\(view.say("deliverable.programme.\(programme.rawValue)"))</h2>\(sections)</section>"
    }

    private func prose(_ paragraph: Record<Paragraph>) -> HTML {
        guard let best = paragraph.texts.best(for: view.language) else { return .empty }
        return "<span class=\"pre\"\(attribute: "lang", view.foreign(best.language)) dir=\"\(best.language.direction)\">\(best.text)</span>"
    }

    private func source(_ paragraph: Record<Paragraph>) -> HTML {
        "<a class=\"small\" href=\"/plan/text?paragraph=\(url: PlanAddress.encode(paragraph[Paragraph.place]))\"><bdi>\(paragraph[Paragraph.place])</bdi></a>"
    }

    private func told(_ paragraphs: [Record<Paragraph>]) -> HTML { HTML(paragraphs.map { "<p>\(prose($0)) \(source($0))</p>" }) }

    private func result(_ result: Record<ProgrammeResult>) throws -> HTML {
        func paragraph(_ key: Field<ProgrammeResult, Ref<Paragraph>?>) -> Record<Paragraph>? { result[key].flatMap { ref in paragraphs.first { $0.id == ref.id } } }
        let parts: [(String, Record<Paragraph>?)] = [
            ("result.narrative", paragraph(ProgrammeResult.narrative)), ("result.challenge", paragraph(ProgrammeResult.challenge)),
            ("result.response", paragraph(ProgrammeResult.response)), ("result.progress", paragraph(ProgrammeResult.progress)),
        ]
        let texts = parts.compactMap { name, record in record.map { fold(view.say(name), "<p>\(prose($0)) \(source($0))</p>") } }
        let measure = try result[ProgrammeResult.measure].flatMap { ref in measures.first { $0.id == ref.id } }.map { try measuring.section([$0]) } ?? .empty
        let kind = view.say("result.kind.\(result[ProgrammeResult.kind].rawValue)")
        return "<article class=\"stack snug\"><h3>\(view.words(result[ProgrammeResult.title])) <span class=\"tag\">\(kind)</span></h3>\(texts)\(measure)</article>"
    }

    // MARK: Deliverables and money

    private func deliverables(_ programme: Deliverable.Programme) -> HTML {
        let own = book.deliverables.filter { $0[Deliverable.programme] == programme && $0[Deliverable.item] == nil }
        let items = own.map { line -> HTML in
            let planned = line[Deliverable.plannedNext], actual = line[Deliverable.actualPast]
            let year = book.figures.year
            let numbers = [actual.map { "\(words.column(.actual, year - 2)): \(view.formats.integer($0))" }, planned.map { "\(words.column(.planned, year)): \(view.formats.integer($0))" }]
            return """
                <li><a class="plain" href="\(url: view.address(of: line))">\(view.words(line[Deliverable.text]))</a> <span class="muted small num">\(numbers.compactMap { $0 }.joined(separator: " · "))</span></li>
                """
        }
        return items.isEmpty ? .empty : "<ul class=\"list\">\(items)</ul><p><a href=\"/plan/deliverables\">\(view.say("page.deliverables"))</a></p>"
    }

    private func money(_ programme: Deliverable.Programme) -> HTML {
        guard let component = ResourceLine.Component(rawValue: programme.rawValue) else { return .empty }
        let year = book.figures.year
        let columns: [(ResourceLine.Column, Int, String)] = [
            (.expenditure, year - 2, "expenditure-\(year - 2)"), (.appropriation, year - 1, "appropriation-\(year - 1)"), (.totalChange, year, "total-change"),
            (.beforeRecosting, year, "before-recosting"), (.recosting, year, "recosting"), (.afterRecosting, year, "after-recosting"),
        ]
        let cells = columns.map { column, year, key -> HTML in
            let cell = Cell(table: book.figures.table("14"), component: component, source: .regularBudget, column: column, year: year)
            let shown = words.number(book.figures.amounts[cell], .thousandDollars)
            return "<dt>\(words.column(column, year))</dt><dd class=\"num\">\(figure(shown, "/plan/resources?table=14&why=regular-budget.\(component.rawValue),\(key)#asked"))</dd>"
        }
        let posts = ResourceLine.Source.allCases.map { source -> HTML in
            let count = book.figures.posts.filter { $0.component.line == component && $0.source == source }.reduce(0) { $0 + $1.number }
            let why = "/plan/resources?table=15&why=\(source.rawValue).\(component.rawValue),\(source == .regularBudget ? "proposed" : "estimate")-\(year)#asked"
            return "<dt>\(view.say("say.unit.posts")), \(words.source(source))</dt><dd class=\"num\">\(figure(words.number(Int64(count) * 10, .posts), why))</dd>"
        }
        return "<p class=\"small muted\">\(words.source(.regularBudget)), \(view.say("say.unit.thousand-dollars"))</p><dl class=\"facts\">\(cells)\(posts)</dl>"
    }

    private func figure(_ shown: String, _ why: String) -> HTML {
        "<span class=\"why-line\"><bdi>\(shown)</bdi>\(view.why(shown, why, isOpen: false))</span>"
    }
}

extension HTML {
    /// Fragments one after the other.
    init(_ parts: [HTML]) { self = parts.reduce(into: HTML()) { $0 += $1 } }
}
