import Foundation
import Kernel

/// Administration: the fields added to record types without a rebuild.
struct AddedFieldPages {
    let view: View

    private var session: Session { view.session }
    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { view.say("records.added.\(key)", of: Words.shared, arguments) }

    init(_ view: View) throws {
        guard view.session.access.holds(.administrator) else { throw Refusal.absent }
        self.view = view
    }

    /// The form's own fields; their words are the platform's under `added-field.…`.
    private var fields: [FieldSchema] {
        [
            FieldSchema(name: "name", kind: .text, required: true, traits: [.max(60)]),
            FieldSchema(name: "kind", kind: .choice, required: true, choices: Session.addableKinds.map(\.rawValue)),
            FieldSchema(name: "is-required", kind: .bool, required: true),
            FieldSchema(name: "choices", kind: .longText, traits: [.max(20_000)]),
            FieldSchema(name: "label", kind: .words, required: true, traits: [.max(80)]),
        ]
    }

    func screen() -> Screen {
        let schemas = session.platform.schemas.filter(\.isRecord)
        let lists: [HTML] = schemas.compactMap { schema in
            let added = schema.fields.filter(\.isAdded)
            guard !added.isEmpty else { return nil }
            let rows: [[HTML]] = added.map { field in
                [
                    "<b>\(view.label(schema, field))</b>", "<code>\(field.name)</code>", "\(view.say("added-field.kind.\(field.kind.rawValue)", of: Words.shared))",
                    field.required ? "\(say("yes"))" : "\(say("no"))", "\(field.choices.joined(separator: ", "))",
                ]
            }
            let columns = ["label", "name", "kind", "is-required", "choices"].map { View.Column(view.say("added-field.\($0)", of: Words.shared)) }
            let record = RecordView(view: view, schema: schema)
            return "<section class=\"stack snug\"><h2><a href=\"\(record.base)\">\(record.plural)</a></h2>\(view.table(record.plural, columns, rows))</section>\n"
        }
        let none: HTML = lists.isEmpty ? view.empty(say("none"), say("none.text")) : .empty
        let options: [HTML] = schemas.map { schema in
            let name = "\(view.say("app", of: schema.app)) · \(view.say(schema.name + ".plural", of: schema.app))"
            return "<option value=\"\(schema.id)\"\(flag: "selected", view.sent("schema") == schema.id)>\(name)</option>\n"
        }
        let inputs: [HTML] = fields.map { view.field(Tables.addedField, $0) }
        let main: HTML = """
            <div class="head"><h1>\(say("title"))</h1></div><p class="muted">\(say("text"))</p>
            \(view.faultSummary { name in view.say("added-field.\(name)", of: Words.shared) })
            \(none)\(lists)
            <section class="stack"><h2 id="add">\(say("add"))</h2>
            <form class="form wide" method="post" action="/admin/fields">\(view.token)
            <div class="field"><label for="f-schema">\(say("schema"))</label><select class="input" id="f-schema" name="schema" required>\(options)</select></div>
            \(inputs)<div class="form-foot"><button class="btn primary">\(say("add"))</button></div></form></section>
            """
        return Screen(title: say("title"), main: main)
    }

    func send() throws -> Reply {
        guard let schema = view.sent("schema").flatMap(session.platform.schema), let kind = view.sent("kind").flatMap(FieldKind.init) else { throw Refusal("field-kind", field: "kind") }
        var labels: [Language: String] = [:]
        for language in Language.allCases { if let text = view.sent("label.\(language.rawValue)") { labels[language] = text } }
        let choices = (view.sent("choices") ?? "").split(whereSeparator: \.isNewline).map(String.init)
        try session.addField(
            to: schema, name: (view.sent("name") ?? "").trimmingCharacters(in: .whitespaces), kind: kind, isRequired: view.sent("is-required") == "true",
            choices: choices, labels: labels)
        return .redirect("/admin/fields", Flash("records.added.done"))
    }
}
