import Foundation
import Kernel

/// The boxes of a question. What one may not read is not offered.
struct QuestionForm {
    let view: View
    let question: Question?
    let form: Form

    private var session: Session { view.session }

    var html: HTML {
        get throws {
            let schema = try schema
            let plan = question.flatMap { try? session.plan($0) }
            let body: HTML = schema == nil || question == nil ? .empty : "\(figure(schema))\(dimensions(schema))\(try filters(schema))\(try unit(schema))\(period(schema))\(forms(plan))"
            return """
                <form class="form ask-form" method="get" action="/analytics/question" aria-label="\(view.say("page.question"))">\(hidden)\(what)\(body)
                <div class="form-foot"><button class="btn primary">\(view.say(question == nil ? "say.choose" : "say.ask"))</button></div></form>
                """
        }
    }

    private var schema: Schema? {
        get throws {
            guard let question else { return nil }
            let id = question.measure.flatMap { session.platform.registry.measure($0)?.schemaID } ?? question.schema
            guard let schema = session.platform.schema(id), session.sees(schema) else { throw Refusal.absent }
            return schema
        }
    }

    /// What the page was opened with: another choice in the first box then starts a new question.
    private var hidden: HTML {
        let board: HTML = view.parameter("dashboard").map { "<input type=\"hidden\" name=\"dashboard\" value=\"\($0)\">" } ?? .empty
        guard let question else { return board }
        let name = question.measure == nil ? "data" : "measure", value = question.measure ?? question.schema
        return "<input type=\"hidden\" name=\"\(name)\" value=\"\(value)\">\(board)"
    }

    private func select(_ name: String, _ label: String, _ options: [HTML], hint: String? = nil) -> HTML {
        view.control(name.replacing("[", with: "-").replacing("]", with: ""), label, hint: hint, isRequired: name == "of") { "<select class=\"input\" name=\"\(name)\"\($0)>\(options)</select>" }
    }

    private func option(_ value: String, _ text: String, _ isChosen: Bool) -> HTML { "<option value=\"\(value)\"\(flag: "selected", isChosen)>\(text)</option>" }

    // MARK: What

    private var what: HTML {
        let measures = Dictionary(grouping: Catalogue.measures(session), by: \.app), schemas = Dictionary(grouping: Catalogue.datasets(session), by: \.app)
        let groups = session.platform.registry.apps.flatMap { app -> [HTML] in
            let own = (measures[app.name] ?? []).map { option("measure:\($0.name)", Names.measure($0, view), question?.measure == $0.name) }
            let types = (schemas[app.name] ?? []).map { option("data:\($0.id)", view.say("say.records-of", ["records": .formatted(Names.records($0, view))]), question?.measure == nil && question?.schema == $0.id) }
            let name = view.say("app", of: app.name)
            return own.isEmpty && types.isEmpty ? [] : ["<optgroup label=\"\(name)\">\(own)\(types)</optgroup>"]
        }
        return select("of", view.say("say.what"), [option("", view.say("say.choose-one"), question == nil)] + groups, hint: view.say("say.what.hint"))
    }

    private func figure(_ schema: Schema?) -> HTML {
        guard let schema, let question, question.measure == nil else { return .empty }
        let figures = Question.Figure.allCases.filter { !$0.isOfField || !Question.fields(schema, for: $0, session).isEmpty }
        let names = Set(figures.filter(\.isOfField).flatMap { Question.fields(schema, for: $0, session).map(\.name) })
        let fields = schema.fields.filter { names.contains($0.name) }.map { option($0.name, session.fieldLabel($0, in: schema), question.field == $0.name) }
        let list = select("figure", view.say("say.figure"), figures.map { option($0.rawValue, view.say("say.reckon.\($0.rawValue)"), question.figure == $0) })
        return fields.isEmpty ? list : "\(list)\(select("field", view.say("say.field"), [option("", "—", question.field == nil)] + fields, hint: view.say("say.field.hint")))"
    }

    // MARK: By what

    private func dimensions(_ schema: Schema?) -> HTML {
        guard let schema, let question else { return .empty }
        let choices = Question.dimensions(schema, session).flatMap { field -> [(Question.Dimension, String)] in
            let label = session.fieldLabel(field, in: schema)
            switch field.kind {
            case .instant, .date:
                return Grain.allCases.map { grain in
                    (.init(field.name, grain: grain), view.say("say.dimension.time", ["field": .formatted(label), "grain": .formatted(view.say("say.grain.\(grain.rawValue)"))]))
                }
            case .place:
                return [4, 6, 8, 10].map { zoom in (.init(field.name, zoom: zoom), view.say("say.dimension.square", ["field": .formatted(label), "n": .formatted(view.formats.integer(40_000 >> zoom))])) }
            default: return [(.init(field.name), label)]
            }
        }
        func box(_ name: String, _ chosen: Question.Dimension?) -> HTML {
            select(name, view.say("say.\(name)"), [option("", "—", chosen == nil)] + choices.map { option($0.0.text, $0.1, $0.0 == chosen) })
        }
        return "\(box("by", question.dimensions.first))\(box("then", question.dimensions.dropFirst().first))"
    }

    // MARK: Which records

    private func filters(_ schema: Schema?) throws -> HTML {
        guard let schema, let question else { return .empty }
        var boxes: [HTML] = [], offered: Set<String> = []
        for field in Question.dimensions(schema, session) where field.name != schema.unitField {
            guard let values = try values(field, schema), !values.isEmpty else { continue }
            let own = question.filters.filter { $0.field == field.name }
            guard own.allSatisfy({ $0.operation == nil && $0.values.count == 1 }), own.count < 2 else { continue }
            let chosen = own.first?.values.first, name = "filter[\(field.name)]"
            offered.insert(name)
            boxes.append(select(name, session.fieldLabel(field, in: schema), [option("", view.say("say.any"), chosen == nil)] + values.map { option($0.0, $0.1, $0.0 == chosen) }))
        }
        // What an address brought that no box here can say stays with the question, and can be taken off.
        let kept = question.filters.filter { !offered.contains($0.parameter) }
        let notes = kept.map { filter -> HTML in
            let claim = (try? filter.condition(schema, session)).map { session.text(of: $0, on: schema) } ?? filter.parameter
            return "<label class=\"choice\"><input type=\"checkbox\" name=\"\(filter.parameter)\" value=\"\(filter.value)\" checked> <span>\(claim)</span></label>"
        }
        if boxes.isEmpty, notes.isEmpty { return .empty }
        return "<details class=\"fieldset\"\(flag: "open", !question.filters.isEmpty)><summary>\(view.say("say.filters"))</summary>\(notes)\(boxes)</details>"
    }

    /// What a field can be, where that is a list short enough to choose from.
    private func values(_ field: FieldSchema, _ schema: Schema) throws -> [(String, String)]? {
        switch field.kind {
        case .bool: return ["true", "false"].map { ($0, view.say($0 == "true" ? "records.yes" : "records.no", of: Words.shared)) }
        case .choice: return field.choices.map { ($0, session.choiceWord($0, of: field, in: schema)) }
        case .text: return schema.lifecycle?.states.map { ($0.name, view.stateName(schema, $0.name)) }
        case .reference where field.target == Person.schemaID: return [("me", view.say("say.me"))]
        case .reference:
            guard let target = field.target.flatMap(session.platform.schema) else { return nil }
            let rows = try session.rows(Query(target, limit: 61))
            return rows.count > 60 ? nil : rows.map { ($0.id.description, session.title($0)) }.sorted { $0.1 < $1.1 }
        default: return nil
        }
    }

    private func unit(_ schema: Schema?) throws -> HTML {
        guard let schema, let question, let field = schema.unitField.flatMap(schema.field), session.mayAsk(field, schema) else { return .empty }
        return try UnitBox(view: view).html(chosen: question.unit)
    }

    private func period(_ schema: Schema?) -> HTML {
        guard let schema, let question else { return .empty }
        let measure = question.measure.flatMap(session.platform.registry.measure)
        let moments = Question.periods(schema, session)
        guard !moments.isEmpty else { return .empty }
        let usual = measure?.period
        let over = select("over", view.say("say.over"), [option("", usual == nil ? view.say("say.period.all") : view.say("say.period.usual"), question.over == nil)] + moments.map { option($0.name, session.fieldLabel($0, in: schema), question.over == $0.name) })
        func day(_ name: String, _ date: CalendarDate?) -> HTML { view.control(name, view.say("say.\(name)")) { "<input class=\"input short\" type=\"date\" name=\"\(name)\" value=\"\(date?.iso ?? "")\"\($0)>" } }
        return """
            <fieldset class="fieldset"><legend>\(view.say("say.period"))</legend>\(over)\(PeriodBox(view: view).html(chosen: question.days, hasUsual: usual != nil))\(day("from", question.from))\(day("until", question.until))\
            <label class="choice"><input type="checkbox" name="compare" value="yes"\(flag: "checked", question.isCompared)> <span>\(view.say("say.compare"))</span></label></fieldset>
            """
    }

    // MARK: In which form

    private func forms(_ plan: QuestionPlan?) -> HTML {
        let fitting = plan.map(Form.fitting) ?? Form.allCases
        let chosen = plan.map { form.fitted(to: $0) } ?? form
        let list = select("form", view.say("say.form"), fitting.map { option($0.rawValue, view.say("report.form.\($0.rawValue)"), $0 == chosen) })
        return "\(list)\(view.control("top", view.say("say.top")) { "<input class=\"input short\" type=\"number\" name=\"top\" min=\"1\" max=\"\(Question.mostGroups)\" value=\"\(question?.top ?? Question.standardTop)\"\($0)>" })"
    }
}

/// A unit to choose, with all below it.
struct UnitBox {
    let view: View

    func html(chosen: String?) throws -> HTML {
        let units = try view.session.find(Unit.self, limit: 500)
        let list = units.map { (value: $0[Unit.code] ?? $0.id.description, id: $0.id.description, name: view.session.title($0.row)) }.sorted { $0.name < $1.name }
        let options = list.map { "<option value=\"\($0.value)\"\(flag: "selected", $0.value == chosen || $0.id == chosen)>\($0.name)</option>" as HTML }
        return view.control("unit", view.say("say.unit")) { "<select class=\"input\" name=\"unit\"\($0)><option value=\"\">\(view.say("say.unit.all"))</option>\(options)</select>" }
    }
}

/// How far back.
struct PeriodBox {
    let view: View
    static let days = [7, 30, 90, 182, 365, 730]

    /// - Parameter hasUsual: where nothing is chosen, a measure has a period of its own.
    func html(chosen: Int?, hasUsual: Bool = true) -> HTML {
        let days = PeriodBox.days.contains(chosen ?? 0) || chosen == nil || chosen == 0 ? PeriodBox.days : PeriodBox.days + [chosen ?? 0]
        let options = days.map { "<option value=\"\($0)\"\(flag: "selected", $0 == chosen)>\(view.say("say.days", ["n": .count($0)]))</option>" as HTML }
        return view.control("days", view.say("say.back")) { """
            <select class="input" name="days"\($0)>\(hasUsual ? "<option value=\"\">\(view.say("say.period.usual"))</option>" as HTML : .empty)\(options)<option value="0"\(flag: "selected", chosen == 0 || !hasUsual && chosen == nil)>\(view.say("say.period.all"))</option></select>
            """ }
    }
}
