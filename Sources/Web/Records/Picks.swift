import Foundation
import Kernel

/// The records a reference field may point to, for selects and pickers.
struct Picks {
    let record: RecordView
    let field: FieldSchema

    /// A select holds at most so many.
    static let few = 50

    private var target: Schema? { field.target.flatMap(record.platform.schema) }

    /// All the records to choose from, when they are few; nil when a search is better.
    func few() throws -> [Row]? {
        guard let target else { return nil }
        let rows = try record.session.rows(Query(target, sort: Picks.order(target), limit: Picks.few + 1))
        guard rows.count <= Picks.few else { return nil }
        try record.session.loadLabels(rows)
        return rows.sorted { record.session.title($0) < record.session.title($1) }
    }

    /// By title where the store can sort by it, else newest first.
    private static func order(_ target: Schema) -> [Sort] {
        let sortable: Set<FieldKind> = [.text, .choice, .integer, .date, .instant]
        return target.field(target.titleField).map { sortable.contains($0.kind) } == true ? [Sort(target.titleField)] : [Sort("id", descending: true)]
    }

    /// Makes the select or text field with the id into a search box, where there is a script.
    func picker(for id: String, title: String? = nil) -> HTML {
        guard let target else { return .empty }
        return """
            <input class="input" type="text" hidden disabled data-picker="/pick/\(target.app)/\(target.plural)" data-picker-target="\(id)"\(attribute: "data-title", title) \
            maxlength="200" data-none="\(record.say("pick.none"))" data-remove="\(record.say("pick.remove"))"\(record.counted("pick.found"))>
            """
    }

    /// The way to the page that names a record's code.
    func lookUp() -> HTML {
        guard let target else { return .empty }
        return "<a class=\"small\" href=\"/pick/\(target.app)/\(target.plural)\">\(record.say("pick.look-up"))</a>"
    }
}

/// `/pick/{app}/{plural}?q=`: suggestions for pickers as JSON, and a page to look a record up where there is no script.
struct PickPage {
    let record: RecordView

    private func found(_ text: String) throws -> [Row] {
        let session = record.session, schema = record.schema
        guard !text.isEmpty else {
            return try session.rows(Query(schema, sort: [Sort(schema.features.contains(.series) ? "id" : "changed-at", descending: true)], limit: 12))
        }
        if let row = try session.row(schema, named: text) { return [row] }
        return try session.search(schema, String(text.prefix(200)), limit: 12)
    }

    private var text: String { (record.view.parameter("q") ?? "").trimmingCharacters(in: .whitespacesAndNewlines) }

    /// What stands beside the title: subtitle or reference.
    private func note(_ row: Row) -> String? {
        if let name = row.schema.subtitleField, let field = row.schema.field(name), !row[name].isNull {
            return record.session.shown(row[name], of: field, in: row.schema, record.view.formats)
        }
        return row.reference
    }

    func json() throws -> JSON {
        guard record.session.sees(record.schema) else { throw Refusal.absent }
        let rows = try found(text)
        try record.session.loadLabels(rows)
        return .array(rows.map { row in
            ["id": .string(row.id.description), "title": .string(record.session.title(row)), "note": note(row).map(JSON.string) ?? .null]
        })
    }

    func screen() throws -> Screen {
        guard record.session.sees(record.schema) else { throw Refusal.absent }
        let rows = try found(text)
        try record.session.loadLabels(rows)
        let items: [HTML] = rows.map { row in
            """
            <tr><td><a class="plain" href="\(record.href(row))">\(record.title(row))</a></td><td>\(note(row))</td>\
            <td><code>\(row.reference ?? row.id.description)</code></td></tr>

            """
        }
        let list: HTML = rows.isEmpty ? "<p>\(record.say("pick.none"))</p>" : """
            <table class="table"><thead><tr><th scope="col">\(record.name)</th><th scope="col">\(record.say("pick.note"))</th><th scope="col">\(record.say("pick.code"))</th></tr></thead><tbody>\(items)</tbody></table>
            """
        let main: HTML = """
            <div class="head"><h1>\(record.plural)</h1></div><p class="muted">\(record.say("pick.text"))</p>
            <form class="row" method="get" role="search"><input class="input short" type="search" name="q" maxlength="200" value="\(text)" aria-label="\(record.say("search"))">
            <button class="btn">\(record.say("search"))</button></form>
            \(list)
            """
        return Screen(title: record.plural, app: record.schema.app, main: main)
    }
}
