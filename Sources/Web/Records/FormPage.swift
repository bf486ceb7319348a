import Foundation
import Kernel

/// The form of a record type: to make a record, or to change one.
struct FormPage {
    let record: RecordView
    /// The record that is changed, opened; nil for a new one.
    let row: Row?
    private let fields: [FieldSchema]
    private let values: Row

    private var view: View { record.view }
    private var schema: Schema { record.schema }

    /// A form for a new record, filled in advance from the address: `?service=…`, of texts in several languages `?headline.fr=…`, or `?from=` another record.
    init(new record: RecordView) throws {
        guard record.session.mayCreate(record.schema) else { throw record.session.sees(record.schema) ? Refusal("may-not-create", .forbidden) : Refusal.absent }
        self.record = record
        row = nil
        fields = FormPage.settable(record, row: nil)
        var draft = record.session.draft(record.schema)
        for name in record.session.ownFieldsForCreating(record.schema) where draft[name].isNull { draft[name] = .reference(record.session.viewer.id) }
        // When it was is mostly now, and a minute to correct.
        if let moment = fields.first(where: { $0.name == record.schema.calendarField && $0.kind == .instant && $0.required }), draft[moment.name].isNull {
            draft[moment.name] = .instant(record.view.now)
        }
        if let from = record.view.parameter("from"), let source = try record.session.row(record.schema, named: from) {
            for field in fields where field.kind != .files && field.kind != .secret && !field.isUnique { draft[field.name] = source[field.name] }
        }
        for field in fields { if let text = record.view.parameter(field.name), let value = try? Value.reading(text, for: field) { draft[field.name] = value } }
        for field in fields where field.kind == .words {
            let texts = Language.allCases.compactMap { language in record.view.parameter("\(field.name).\(language.rawValue)").map { (language, $0) } }
            if !texts.isEmpty { draft[field.name] = .words(Dictionary(texts, uniquingKeysWith: { first, _ in first })) }
        }
        values = draft
    }

    init(edit record: RecordView, name: String) throws {
        guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
        guard try record.session.mayChange(row) else { throw Refusal("may-not-change", .forbidden) }
        self.record = record
        let open = try record.session.opened(row)
        self.row = open
        values = open
        fields = FormPage.settable(record, row: row)
    }

    /// The fields the reader may fill: declared and added ones that no rule sets and no form of the app's own asks for, of classes open to them.
    static func settable(_ record: RecordView, row: Row?) -> [FieldSchema] {
        let open = row.flatMap { try? record.session.openClasses($0) } ?? record.session.classesForCreating(record.schema)
        return record.schema.ownFields.filter { !$0.isSystemSet && !$0.isOwnForm && open.contains($0.fieldClass) && (row == nil || !$0.isOnce) }
    }

    // MARK: Page

    func screen() throws -> Screen {
        let title = row.map { record.say("edit.title", ["name": .text(record.session.title($0))]) } ?? record.newTitle
        let action = row.map { "\(record.href($0))/edit" } ?? "\(record.base)/new"
        let conflicts = try Conflicts(record: record, row: row, fields: fields)
        let shown = FormPage(record: conflicts.record, row: row, fields: fields, values: values)
        let (main, rest) = shown.split()
        let groups = try shown.groups(main, conflicts)
        let more: HTML = rest.isEmpty ? .empty : """
            <details class="more-box full" id="more-fields"\(flag: "open", rest.contains { view.fault($0.name) != nil })><summary>\(view.icon("plus"))\(record.say("form.more"))</summary>
            <div class="stack">\(try shown.groups(rest, conflicts))</div></details>
            """
        let version: HTML = row.map { "<input type=\"hidden\" name=\"version\" value=\"\($0.version)\">" } ?? .empty
        let draft = "\(row == nil ? "new" : "edit").\(row?.id.description ?? schema.id)"
        let isUpload = fields.contains { $0.kind == .files }
        let main2: HTML = """
            <div class="head"><h1>\(title)</h1></div>
            \(conflicts.notice())\(conflicts.isStale ? .empty : view.faultSummary(schema))
            <form class="form wide" method="post" action="\(action)" data-guard data-draft="\(draft)"\(attribute: "enctype", isUpload ? "multipart/form-data" : nil)>\(view.token)\(version)
            \(FormPage.draftNote(record))\(groups)\(more)
            <div class="form-foot"><button class="btn primary">\(record.say(row == nil ? "create" : "save"))</button>\
            <a class="btn quiet" href="\(row.map(record.href) ?? record.base)">\(record.say("cancel"))</a></div></form>
            """
        return Screen(title: title, app: schema.app, main: main2)
    }

    private init(record: RecordView, row: Row?, fields: [FieldSchema], values: Row) {
        self.record = record
        self.row = row
        self.fields = fields
        self.values = values
    }

    /// Says that typed text was found again.
    static func draftNote(_ record: RecordView) -> HTML {
        """
        <div class="notice is-info" data-draft-note hidden>\(record.view.shape("info"))<div>\(record.say("draft"))  <time></time></div>\
        <div class="end"><button class="btn small" type="button" data-draft-drop>\(record.say("draft.drop"))</button></div></div>
        """
    }

    /// What is asked first, and what a later move asks anyway: those fields wait behind "more" while they are empty.
    private func split() -> (main: [FieldSchema], rest: [FieldSchema]) {
        let later = Set(schema.lifecycle?.moves.flatMap { $0.asks + $0.offers } ?? [])
        func waits(_ field: FieldSchema) -> Bool {
            !field.required && later.contains(field.name) && (values[field.name].isNull || values[field.name] == field.initial) && view.form[field.name]?.first?.isEmpty ?? true
        }
        return (fields.filter { !waits($0) }, fields.filter(waits))
    }

    private func groups(_ fields: [FieldSchema], _ conflicts: Conflicts) throws -> HTML {
        let names = Set(fields.map(\.name))
        let declared = schema.groups.map { group in (title: record.own("group.\(group.name)"), fields: group.fields.filter { names.contains($0.name) }) }
        let added = (title: record.say("added"), fields: fields.filter(\.isAdded))
        let shown = (declared + [added]).filter { !$0.fields.isEmpty }
        return shown.map { group -> HTML in
            let inputs: [HTML] = group.fields.map { input($0, conflicts) }
            return "<fieldset class=\"fieldset\"><legend>\(group.title)</legend><div class=\"fields two-up\">\(inputs)</div></fieldset>\n"
        }.joined()
    }

    private func input(_ field: FieldSchema, _ conflicts: Conflicts) -> HTML {
        var html = view.field(schema, field, value: values[field.name], isFull: field.name == schema.titleField && field.kind == .text ? true : nil)
        if field.kind == .files, case .files(let files) = values[field.name] {
            html += files.map { file -> HTML in
                """
                <label class="choice full"><input type="checkbox" name="\(field.name).remove" value="\(file.hash)"><span>\(record.say("files.remove", ["name": .text(file.name)]))</span></label>
                """
            }.joined()
        }
        return html + conflicts.choice(field) + "\n"
    }

    // MARK: Reading the form

    /// The values as they were sent, but for those where the other version is taken; `files` are in the depot already.
    static func values(_ record: RecordView, row: Row?, files: [String: [FileRef]]) throws -> [String: Value] {
        let view = record.view
        let taken = Set(view.form.keys.filter { $0.hasPrefix("take.") && view.form[$0]?.last == "theirs" }.map { String($0.dropFirst(5)) })
        let fields = settable(record, row: row).filter { !taken.contains($0.name) }
        var values = try view.values(of: fields)
        for field in fields where field.kind == .files {
            let kept = if let row, case .files(let files) = row[field.name] { files } else { [FileRef]() }
            let removed = Set(view.form["\(field.name).remove"] ?? [])
            let all = kept.filter { !removed.contains($0.hash) } + (files[field.name] ?? [])
            if all != kept { values[field.name] = all.isEmpty ? .null : .files(all) }
        }
        return values
    }
}

/// What two people changed at the same time, when a form was sent for a version that is no longer the last.
struct Conflicts {
    /// The form again, with their values where the sender had left a field alone.
    let record: RecordView
    private let row: Row?
    private let theirs: Set<String>
    private let who: RecordID?
    let isStale: Bool

    init(record: RecordView, row: Row?, fields: [FieldSchema]) throws {
        self.row = row
        guard let row, record.view.refusal?.kind == .stale, let base = record.view.sent("version").flatMap(Int.init) else {
            (self.record, theirs, who, isStale) = (record, [], nil, false)
            return
        }
        let history = try record.session.history(row)
        let since = history.filter { $0.version > base }
        let changed = Set(since.flatMap { $0.changes.map(\.field.name) })
        var form = record.view.form, both: Set<String> = []
        for field in fields where changed.contains(field.name) {
            let before = history.last { line in line.version <= base && line.changes.contains { $0.field.name == field.name } }?
                .changes.first { $0.field.name == field.name }?.value ?? .null
            let mine = try? record.view.value(sent: field) ?? .null
            if mine?.json == before || mine == row[field.name] {
                // The sender left it alone, or wrote the same: theirs stands.
                for key in form.keys where key == field.name || key.hasPrefix(field.name + ".") { form[key] = nil }
            } else {
                both.insert(field.name)
            }
        }
        let view = record.view
        let again = View(
            session: view.session, app: view.app, path: view.path, query: view.query, form: form, csrf: view.csrf, address: view.address, refusal: nil)
        self.record = RecordView(view: again, schema: record.schema)
        (theirs, who, isStale) = (both, since.last?.by, true)
    }

    func notice() -> HTML {
        guard isStale else { return .empty }
        let key = theirs.isEmpty ? "stale.merged" : "stale.both"
        return record.view.notice("warn", "<p><b>\(record.say("stale")) \(record.person(who))</b></p><p>\(record.say(key, ["n": .count(theirs.count)]))</p>")
    }

    /// Mine or theirs, under the field that both changed.
    func choice(_ field: FieldSchema) -> HTML {
        guard theirs.contains(field.name), let row else { return .empty }
        let name = "take.\(field.name)"
        return """
            <fieldset class="field full has-error"><legend class="small">\(record.say("stale.field", ["field": .text(record.label(field))]))</legend>
            <label class="choice"><input type="radio" name="\(name)" value="mine" checked><span>\(record.say("stale.mine"))</span></label>
            <label class="choice"><input type="radio" name="\(name)" value="theirs"><span>\(record.say("stale.theirs")) \(record.value(field, row))</span></label></fieldset>
            """
    }
}
