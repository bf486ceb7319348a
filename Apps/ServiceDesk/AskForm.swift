import Foundation
import Kernel

/// Asking for something: the form of a catalogue item, or the plain one.
enum AskForm {
    static let page = Page("portal/ask/{item}", isInMenu: false, show: show, send: send)

    /// "other" stands for what no item fits.
    private static func item(_ view: View) throws -> Record<CatalogueItem>? {
        guard let key = view.path["item"], key != "other" else { return nil }
        let offered = Condition.all([CatalogueItem.key.equals(key), .state(CatalogueItem.State.offered)])
        guard let item = try view.session.first(CatalogueItem.self, where: offered) else { throw Refusal.absent }
        return item
    }

    private static func questions(_ item: Record<CatalogueItem>?) -> FormDefinition {
        do { return try FormDefinition(item?[CatalogueItem.form]?.text) } catch { return .empty }
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let item = try item(view)
        let form = questions(item)
        let title = item.map { view.plain($0[CatalogueItem.name]) } ?? view.say("say.portal.ask")
        let schema = view.session.platform.schema(of: Request.self)
        // What is said about a question names it already.
        func name(_ field: String) -> String? { schema.field(field).map { view.label(schema, $0) } }
        let approval: HTML = item.map { $0[CatalogueItem.approval] }.flatMap { rule in
            rule == CatalogueItem.ApprovalRule.none ? nil : "<p class=\"hint\">\(view.say("say.portal.approval.\(rule.rawValue)"))</p>" as HTML
        } ?? .empty
        let question = view.parameter("q").map { String($0.prefix(2_000)) } ?? ""
        return .page(title: title, """
        \(view.wayBack)
        <div class="head"><div><h1>\(item.map { view.text($0[CatalogueItem.name]) } ?? HTML(text: title))</h1>\
        \(item.map { "<p class=\"muted\">\(view.text($0[CatalogueItem.description]))</p>" as HTML })\(approval)</div></div>
        \(view.faultSummary(name))
        <form class="form" method="post" action="/service-desk/portal/ask/\(view.path["item"] ?? "other")" data-draft="ask-\(view.path["item"] ?? "other")">\(view.token)
        <fieldset class="fieldset"><legend>\(view.say("say.portal.what"))</legend><div class="fields">\(what(view, schema, item, question))\
        \(form.questions.map { control($0, view) })</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("say.portal.how"))</legend><div class="fields two-up">\(["urgency", "impact", "affected"].compactMap(schema.field).map { view.field(schema, $0, value: $0.initial) })</div></fieldset>
        <div class="form-foot"><button class="btn primary tall">\(view.say("say.portal.send"))</button> <a class="btn quiet tall" href="/service-desk/portal">\(view.say("page.back"))</a></div>
        </form>
        """)
    }

    /// Title and description, begun with what was typed in the portal.
    private static func what(_ view: View, _ schema: Schema, _ item: Record<CatalogueItem>?, _ question: String) -> HTML {
        let line = question.split(separator: "\n").first.map { String($0.prefix(100)) }
        let begun: [String: Value] = [
            "subject": .text(line ?? item.map { view.plain($0[CatalogueItem.name]) } ?? ""), "details": question.isEmpty ? .null : .text(question),
        ]
        return ["subject", "details"].compactMap(schema.field).map { view.field(schema, $0, value: begun[$0.name] ?? .null, isFull: true) }.joined()
    }

    /// One question of the form.
    private static func control(_ question: FormDefinition.Question, _ view: View) -> HTML {
        let (name, id) = ("answer.\(question.name)", "answers.\(question.name)")
        let sent = view.form[name]?.first ?? ""
        let label = view.plain(question.label)
        let hint = question.hint.map { view.plain($0) }
        if question.kind == .boolean {
            let fault = view.fault(id)
            let error: HTML = fault.map { "<span class=\"error\" id=\"e-\(id)\">\(view.shape("bad"))\($0)</span>" } ?? .empty
            let ties: HTML = fault == nil ? .empty : " aria-invalid=\"true\" aria-describedby=\"e-\(id)\""
            return """
            <div class="field full\(fault == nil ? "" : " has-error")">\(error)<label class="choice"><input type="checkbox" id="f-\(id)" name="\(name)" value="true"\(flag: "checked", !sent.isEmpty)\(ties)>\(label)</label></div>
            """
        }
        return view.control(id, label, hint: hint, isRequired: question.isRequired) { ties in
            switch question.kind {
            case .date: "<input class=\"input short\"\(ties) type=\"date\" name=\"\(name)\" value=\"\(sent)\">"
            case .integer: "<input class=\"input short\"\(ties) type=\"text\" inputmode=\"numeric\" name=\"\(name)\" value=\"\(sent)\">"
            case .longText: "<textarea class=\"input\"\(ties) name=\"\(name)\" rows=\"4\" maxlength=\"10000\" dir=\"auto\">\(sent)</textarea>"
            case .choice:
                """
                <select class="input"\(ties) name="\(name)"><option value="">\(view.say("say.portal.choose"))</option>\
                \(question.choices.map { "<option value=\"\($0.value)\"\(flag: "selected", $0.value == sent)>\(view.text($0.label))</option>" as HTML })</select>
                """
            default: "<input class=\"input\"\(ties) name=\"\(name)\" maxlength=\"200\" dir=\"auto\" value=\"\(sent)\">"
            }
        }
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let item = try item(view)
        let form = questions(item)
        let schema = view.session.platform.schema(of: Request.self)
        var values = try view.values(of: ["subject", "details", "impact", "urgency", "affected"].compactMap(schema.field))
        // All that is missing is said at once: the request's own fields and the questions of the item.
        let missing = ["subject", "impact", "urgency"].filter { values[$0]?.isNull ?? true }.map { Refusal("required", field: $0) }
        let faults = missing + form.faults(form.answers(from: view.sent), in: view.language)
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
        values["language"] = .text(view.language.rawValue)
        if let item {
            values["item"] = .reference(item.id)
            values["answers"] = .text(form.answers(from: view.sent).text)
        }
        let row = try view.session.create(schema, values)
        view.accepted = ["ask-\(view.path["item"] ?? "other")"]
        return .redirect("/service-desk/portal/requests/\(row.reference ?? row.id.description)")
    }

    /// What was answered, as a person reads it; nothing when the form has changed since.
    @Sendable static func lines(_ request: Record<Request>, _ session: Session) throws -> [(label: String, text: String)] {
        guard let text = request[Request.answers]?.text, let id = request[Request.item], let answers = try? JSON(text: text),
              let item = try session.asService(Request.app).record(id), item[CatalogueItem.formVersion] == request[Request.formVersion]
        else { return [] }
        let language = session.viewer.language, formats = Formats(language: language, timeZone: session.viewer.timeZone)
        func word(_ key: String) -> String { session.platform.words.say(key, scope: Words.shared, in: language) }
        return questions(item).readable(answers, formats, yes: word("component.yes"), no: word("component.no")).map { (label: $0.question, text: $0.answer) }
    }

    /// The same for a page; a form that cannot be read says nothing.
    static func readable(_ request: Record<Request>, _ view: View) -> [(label: String, text: String)] { (try? lines(request, view.session)) ?? [] }
}
