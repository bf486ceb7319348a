import Foundation
import Kernel

/// The section at two sets of parameters, by component and by object of expenditure, with what the difference is made of; and what the printed recosting allows.
func recostingPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "recosting") }
    let base = try CostBase(book, view.session)
    let words = PlanWords(view: view, figures: book.figures)
    guard let before = try base.set(view.parameter("from"), back: 1), let after = try base.set(view.parameter("to"), back: 0) else {
        return .page(title: view.say("page.recosting"), RecostingPage.missing(view, book, view.say("parameter-set.empty")) + ForensicsTable(words: words).html())
    }
    let costing = Costing(before: try base.prices(before), after: try base.prices(after))
    let sheet: CostSheet
    do { sheet = try CostSheet(base.lines(costing.before), costing) } catch let missing as MissingPrice {
        return .page(title: view.say("page.recosting"), RecostingPage.missing(view, book, words.sentence(missing)))
    }
    let page = RecostingPage(view: view, book: book, words: words, sheet: sheet, base: base, before: before, after: after, costing: costing)
    return .page(title: view.say("page.recosting"), try page.html())
}

struct RecostingPage {
    let view: View
    let book: PlanBook
    let words: PlanWords
    let sheet: CostSheet
    let base: CostBase
    let before: Record<ParameterSet>, after: Record<ParameterSet>
    let costing: Costing

    static func missing(_ view: View, _ book: PlanBook, _ text: String) -> HTML {
        """
        <div class="page wide stack">\(view.crumbs(book.document, view.say("page.recosting")))<h1>\(view.say("page.recosting"))</h1>
        <div class="empty"><p>\(text)</p><p><a href="/plan/parameter-sets">\(view.say("parameter-set.plural"))</a></p></div></div>
        """
    }

    private func address(_ why: String?) -> String {
        "/plan/recosting?from=\(before.id.description)&to=\(after.id.description)\(why.map { "&why=\(PlanAddress.encode($0))" } ?? "")"
    }

    private var tables: [CostTable] {
        let components = Post.Component.allCases.map { component in
            CostTable.Row(key: component.rawValue, label: words.component(component.line), items: sheet.items.filter { $0.line.component == component })
        }
        let objects = ResourceLine.Object.single.map { object in
            CostTable.Row(key: object.rawValue, label: words.object(object), items: sheet.items.filter { $0.line.object == object })
        }
        return [
            CostTable(title: view.say("say.cost.by-component"), label: view.say("resource-line.component"), rows: components, effects: Effect.ofPrices),
            CostTable(title: view.say("say.cost.by-object"), label: view.say("resource-line.object"), rows: objects.filter { !$0.items.isEmpty }, effects: Effect.ofPrices),
        ]
    }

    func html() throws -> HTML {
        let tables = tables
        let why = view.parameter("why")
        let found = why.flatMap { why in tables.lazy.compactMap { table in table.asked(why).map { (table, $0.row, $0.column) } }.first }
        if why != nil, found == nil { throw Refusal.absent }
        let explain = CostWorking(words: words, costing: costing, sets: [(view.say("say.cost.before"), before), (view.say("say.cost.after"), after)])
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.recosting")))
            <div class="head"><h1>\(view.say("page.recosting"))</h1><div class="end"><a class="btn small" href="/plan/what-if">\(view.say("page.what-if"))</a></div></div>
            <p>\(view.say("say.cost.explained"))</p>
            \(choice)
            \(tables.map { $0.html(words, asked: why, address: address) })
            <p class="small muted">\(view.say("say.cost.columns-add-up"))</p>
            \(ForensicsTable(words: words).html())
            </div>
            \(found.map { view.panel(explain.working($0.0, $0.1, $0.2), back: address(nil)) })
            """
    }

    /// Which two sets are compared.
    private var choice: HTML {
        func select(_ name: String, _ label: String, _ now: Record<ParameterSet>) -> HTML {
            let options = base.sets.map { set -> HTML in
                let text = "\(set[ParameterSet.name]), \(view.formats.dateShort(set[ParameterSet.effective]))"
                return "<option value=\"\(set.id.description)\"\(flag: "selected", set.id == now.id)>\(text)</option>"
            }
            return "<label class=\"field\"><span>\(label)</span><select class=\"input\" name=\"\(name)\">\(options)</select></label>"
        }
        return """
            <form class="row" method="get" action="/plan/recosting">\(select("from", view.say("say.cost.before"), before))\(select("to", view.say("say.cost.after"), after))\
            <button class="btn">\(view.say("say.cost.compare"))</button></form>
            """
    }
}

extension PlanWords {
    /// What a set lacks.
    func sentence(_ missing: MissingPrice) -> String {
        let scope = missing.scope
        let parts = [scope.station, scope.currency, scope.object.map(object), scope.grade.map { rank($0.rank) }, scope.category.map { view.say("parameter.category.\($0.rawValue)") }]
        let what = ([view.say("parameter.kind.\(missing.kind.rawValue)")] + parts.compactMap { $0 }).joined(separator: " · ")
        return view.say("say.cost.missing", ["what": .text(what)])
    }
}
