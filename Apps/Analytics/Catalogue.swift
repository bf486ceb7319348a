import Foundation
import Kernel

/// What there is to ask about: the measures and the types of record that the reader may read.
enum Catalogue {
    static func measures(_ session: Session) -> [Measure] { session.measures().filter { session.mayAsk($0) } }

    static func datasets(_ session: Session) -> [Schema] {
        session.platform.schemas.filter { $0.isRecord && session.access.condition(.read, on: $0) != .never }
    }
}

/// The catalogue: search, and a line for each measure and each type of record.
struct CataloguePage {
    static let page = Page("catalogue", show: { view in
        .page(title: view.say("page.catalogue"), try CataloguePage(view: view).html())
    })

    let view: View

    private struct Entry {
        let name, about, address, owner, ask: String
        let n: String
    }

    func html() throws -> HTML {
        let text = view.parameter("q") ?? "", words = Grams.fold(text).split(separator: " ")
        func fits(_ entry: Entry) -> Bool {
            let own = Grams.fold("\(entry.name) \(entry.about) \(entry.owner)")
            return words.allSatisfy { own.contains($0) }
        }
        let measures = Catalogue.measures(view.session).map { measure in
            Entry(
                name: Names.measure(measure, view), about: Names.definition(measure, view), address: "/analytics/measure/\(measure.name)",
                owner: view.say("app", of: measure.app), ask: "/analytics/question?measure=\(measure.name)", n: "")
        }.filter(fits)
        let datasets = try Catalogue.datasets(view.session).map { schema in
            let count = try view.session.count(schema, upTo: 10_000), fields = ListQuery.columns(schema, view.session).map { view.session.fieldLabel($0, in: schema) }
            return Entry(
                name: Names.records(schema, view), about: view.formats.list(fields.prefix(6) + (fields.count > 6 ? ["…"] : [])), address: "/analytics/data/\(schema.id)",
                owner: view.say("app", of: schema.app), ask: "/analytics/question?data=\(schema.id)", n: view.formats.integer(count.number) + (count.isCapped ? "+" : ""))
        }.filter(fits)
        return """
            <div class="page wide stack"><div class="head"><div><h1>\(view.say("page.catalogue"))</h1><p class="muted">\(view.say("say.catalogue.about"))</p></div></div>
            <form class="row" method="get" action="/analytics/catalogue" role="search"><label for="q">\(view.say("say.search"))</label>\
            <input class="input" type="search" id="q" name="q" value="\(text)"><button class="btn">\(view.icon("search"))\(view.say("say.search.do"))</button></form>
            \(section("say.measures", measures, hasNumber: false))\(section("say.datasets", datasets, hasNumber: true))</div>
            """
    }

    private func section(_ title: String, _ entries: [Entry], hasNumber: Bool) -> HTML {
        let name = view.say(title)
        guard !entries.isEmpty else { return "<section class=\"stack snug\"><h2>\(name)</h2><p class=\"muted\">\(view.say("say.none-found"))</p></section>" }
        var columns = [View.Column(view.say("say.name"), isTitle: true), View.Column(view.say(hasNumber ? "say.fields" : "say.definition")), View.Column(view.say("say.owner"))]
        if hasNumber { columns.append(View.Column("n", isNumber: true)) }
        columns.append(View.Column(view.say("say.ask"), isSilent: true))
        let rows = entries.map { entry -> [HTML] in
            [
                "<a href=\"\(url: entry.address)\">\(entry.name)</a>", "<span class=\"muted\">\(entry.about)</span>", "\(entry.owner)",
            ] + (hasNumber ? ["\(entry.n)"] : []) + ["<a class=\"btn small\" href=\"\(url: entry.ask)\" aria-label=\"\(view.say("say.ask-about", ["what": .text(entry.name)]))\">\(view.say("say.ask"))</a>"]
        }
        return "<section class=\"stack snug\"><h2>\(name)</h2>\(view.table(name, columns, rows))</section>"
    }
}

/// A type of record: whose it is, how whole it is, what its fields are good for, and who uses it.
struct DatasetPage {
    static let page = Page("data/{id}", isInMenu: false, show: { view in
        guard let schema = Catalogue.datasets(view.session).first(where: { $0.id == view.path["id"] }) else { throw Refusal.absent }
        let page = DatasetPage(view: view, schema: schema)
        return .page(title: Names.records(schema, view), try page.html())
    })

    let view: View
    let schema: Schema
    private var session: Session { view.session }

    func html() throws -> HTML {
        let n = try session.count(schema, upTo: .max).number
        let newest = try session.rows(Query(schema, sort: [Sort("changed-at", descending: true)], limit: 1)).first?.changedAt
        let measures = Catalogue.measures(session).filter { $0.schemaID == schema.id }
        let facts: [(String, HTML)] = [
            (view.say("say.owner"), "\(view.say("app", of: schema.app))"), (view.say("say.records"), "<a href=\"\(url: "/\(schema.app)/\(schema.plural)?all=yes")\">\(view.formats.integer(n))</a>"),
            (view.say("say.last-change"), newest.map { view.fullTime($0) } ?? "—"),
            (view.say("say.working.threshold"), schema.threshold > 0 ? "\(view.say("say.hidden.note", ["n": .formatted(view.formats.integer(schema.threshold))]))" : "\(view.say("say.working.threshold.none"))"),
        ]
        return """
            <div class="page wide stack"><nav class="crumbs" aria-label="\(view.say("page.catalogue"))"><a href="/analytics/catalogue">\(view.say("page.catalogue"))</a></nav>
            <div class="head"><h1>\(Names.records(schema, view))</h1><div class="end"><a class="btn primary" href="\(url: "/analytics/question?data=\(schema.id)")">\(view.say("say.ask"))</a></div></div>
            <dl class="facts">\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as HTML })</dl>
            \(try fields(n))\(Uses(view: view).measures(measures))\(try Uses(view: view).kept("data=\(schema.id)&"))</div>
            """
    }

    private func fields(_ n: Int) throws -> HTML {
        let dimensions = Set(Question.dimensions(schema, session).map(\.name)), figures = Set(Question.fields(schema, for: .sum, session).map(\.name))
        let rows = try ListQuery.columns(schema, session).map { field -> [HTML] in
            let filled = field.required ? n : try session.count(schema, where: .not(.isNull(field.name)), upTo: .max).number
            let share = n > 0 ? view.formats.percent(Double(filled) / Double(n)) : "—"
            let uses = [dimensions.contains(field.name) ? view.say("say.use.group") : nil, figures.contains(field.name) ? view.say("say.use.reckon") : nil].compactMap { $0 }
            return ["\(session.fieldLabel(field, in: schema))", "\(view.say("say.kind.\(field.kind.rawValue)"))", "<span class=\"muted\">\(view.formats.list(uses))</span>", "\(share)"]
        }
        let title = view.say("say.fields")
        let columns = [View.Column(view.say("say.name"), isTitle: true), View.Column(view.say("say.kind")), View.Column(view.say("say.use")), View.Column(view.say("say.filled"), isNumber: true)]
        return "<section class=\"stack snug\"><h2>\(title)</h2>\(view.table(title, columns, rows))</section>"
    }
}

/// A measure: its definition, its value now, what it can be asked by, and who uses it.
struct MeasurePage {
    static let page = Page("measure/{name}", isInMenu: false, show: { view in
        guard let measure = Catalogue.measures(view.session).first(where: { $0.name == view.path["name"] }), let schema = view.session.platform.schema(measure.schemaID) else { throw Refusal.absent }
        return .page(title: Names.measure(measure, view), try html(view, measure, schema))
    })

    private static func html(_ view: View, _ measure: Measure, _ schema: Schema) throws -> HTML {
        var question = Question(measure: measure.name)
        question.isCompared = measure.period != nil
        let answer = try view.session.ask(question)
        var facts: [(String, HTML)] = [
            (view.say("say.owner"), "\(view.say("app", of: measure.app))"), (view.say("say.working.measure-version"), "\(view.formats.integer(measure.version))"),
            (view.say("say.working.counted"), "<a href=\"\(url: "/analytics/data/\(schema.id)")\">\(Names.records(schema, view))</a>"),
        ]
        if measure.condition != .always { facts.append((view.say("say.working.filter"), "\(view.session.text(of: measure.condition, on: schema))")) }
        if !measure.source.isEmpty { facts.append((view.say("say.working.source"), "\(measure.source)")) }
        let ways = measure.dimensions.compactMap(schema.field).filter { view.session.mayAsk($0, schema) }.map { field -> HTML in
            "<li><a href=\"\(url: "/analytics/question?measure=\(measure.name)&by=\(field.name)")\">\(view.say("say.title.by", ["what": .formatted(Names.measure(measure, view)), "by": .formatted(view.session.fieldLabel(field, in: schema))]))</a></li>"
        }
        return """
            <div class="page wide stack"><nav class="crumbs" aria-label="\(view.say("page.catalogue"))"><a href="/analytics/catalogue">\(view.say("page.catalogue"))</a></nav>
            <div class="head"><div><h1>\(Names.measure(measure, view))</h1><p class="muted">\(Names.definition(measure, view))</p></div><div class="end"><a class="btn primary" href="\(url: "/analytics/question?measure=\(measure.name)")">\(view.say("say.ask"))</a></div></div>
            \(AnswerView(view: view, question: question, answer: answer, form: .number, title: view.say("say.now")).html(id: "now"))
            <dl class="facts">\(facts.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as HTML })</dl>\(ways.isEmpty ? .empty : "<ul class=\"list\">\(ways)</ul>")
            \(try Uses(view: view).kept("measure=\(measure.name)"))</div>
            """
    }
}

/// Who uses what: measures of a type of record; reports and dashboards that ask of it, as far as the reader may read them.
struct Uses {
    let view: View

    func measures(_ measures: [Measure]) -> HTML {
        guard !measures.isEmpty else { return .empty }
        let items = measures.map { "<li><a href=\"\(url: "/analytics/measure/\($0.name)")\">\(Names.measure($0, view))</a> <span class=\"muted\">\(Names.definition($0, view))</span></li>" as HTML }
        return "<section class=\"stack snug\"><h2>\(view.say("say.measures"))</h2><ul class=\"list\">\(items)</ul></section>"
    }

    func kept(_ part: String) throws -> HTML {
        let boards = try view.session.find(Dashboard.self, where: Dashboard.tiles.contains(part), sort: [.up(Dashboard.name)], limit: 50).map { ("/analytics/dashboard/\($0.reference)", $0[Dashboard.name]) }
        let reports = try view.session.find(Report.self, where: Report.question.contains(part), sort: [.up(Report.name)], limit: 50).map { ("/analytics/report/\($0.reference)", $0[Report.name]) }
        let items = (boards + reports).map { "<li><a href=\"\(url: $0.0)\"><bdi>\($0.1)</bdi></a></li>" as HTML }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.used-by.none"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return "<section class=\"stack snug\"><h2>\(view.say("say.used-by"))</h2>\(list)</section>"
    }
}
