import Kernel

/// The page of one record: title line, moves, fields, promises, conversation, files, history.
struct RecordPage {
    let record: RecordView
    let row: Row
    let open: Set<FieldClass>

    var view: View { record.view }
    var schema: Schema { record.schema }
    var session: Session { record.session }
    var href: String { record.href(row) }

    /// - Parameter name: id or reference number, from the address.
    init(_ record: RecordView, name: String) throws {
        self.record = record
        guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
        self.row = try record.session.opened(row)
        open = try record.session.openClasses(row)
        try record.session.loadLabels([row])
    }

    func screen() throws -> Screen {
        let main: HTML = """
            <header class="stack snug" data-region="head">\(try titleLine())\(try moves())</header>
            <div class="two"><div class="stack">
            <div class="stack" data-region="sheet">\(try clocks())\(sheet())</div>
            \(try RecordConversation(page: self).html())
            \(try RelatedRecords(page: self).html())
            </div><aside class="stack" aria-label="\(record.say("aside"))">\(try RecordTimeline(page: self).html())</aside></div>
            """
        var screen = Screen(title: [row.reference, session.title(row)].compactMap { $0 }.joined(separator: " "), app: schema.app, main: main, layout: .wide, live: row.id.description)
        if let name = schema.labelField, let field = schema.field(name), let raw = row.text(name), raw != Label.unclassified.rawValue {
            screen.label = view.choiceName(schema, field, raw)
        }
        return screen
    }

    // MARK: Title line

    private func titleLine() throws -> HTML {
        var parts: [HTML] = []
        if let reference = row.reference { parts.append("<bdi class=\"ref\">\(reference)</bdi>") }
        parts.append("<h1>\(record.title(row))</h1>")
        if schema.lifecycle != nil { parts.append(view.stateBadge(row)) }
        if let name = schema.labelField, let field = schema.field(name), let raw = row.text(name), raw != Label.unclassified.rawValue { parts.append(record.label(raw, field)) }
        if let name = schema.ownerField, let field = schema.field(name), let owner = row.id(name) {
            parts.append("<span class=\"small muted\">\(record.label(field)) \(record.person(owner))</span>")
        }
        if let clock = schema.clocks.first(where: { clock in clock.dueField.map { row.instant($0) != nil } ?? false }), let field = clock.dueField, row.phase.isOpen {
            parts.append("<span class=\"small row tight\"><span class=\"muted\">\(record.own("clock.\(clock.name)"))</span>\(record.due(row, clock.name, field))</span>")
        }
        return "<nav class=\"crumbs small\" aria-label=\"\(record.say("crumbs"))\"><a href=\"\(record.base)\">\(record.plural)</a></nav><div class=\"title-line\">\(parts)</div>"
    }

    // MARK: Moves

    /// A button for each move that may be made now, named by its verb; the first that leads forward is the primary one.
    private func moves() throws -> HTML {
        let moves = try session.moves(row)
        let primary = moves.first { schema.lifecycle?.isForward($0, from: row.state) ?? false }
        let ordered = [primary].compactMap { $0 } + moves.filter { $0.name != primary?.name }
        let buttons: [HTML] = ordered.prefix(5).map { button($0, classes: $0.name == primary?.name ? "btn primary" : "btn") }
        let edit: HTML = try session.mayChange(row) ? "<a class=\"btn\" href=\"\(href)/edit\">\(view.icon("edit"))\(record.say("edit"))</a>" : .empty
        return "<div class=\"row\">\(buttons)\(shortcuts())\(edit)\(try watch())\(try more(Array(ordered.dropFirst(5))))</div>"
    }

    private func button(_ move: MoveSchema, classes: String) -> HTML {
        // What asks for something gets a page of its own; the rest is done at once.
        guard move.asks.isEmpty && move.offers.isEmpty else {
            return "<a class=\"\(classes)\" role=\"button\" href=\"\(href)/moves/\(move.name)\">\(record.verb(move))…</a>"
        }
        return """
            <form method="post" action="\(href)/moves/\(move.name)">\(view.token)<input type="hidden" name="version" value="\(row.version)">\
            <button class="\(classes)">\(record.verb(move))</button></form>
            """
    }

    private func shortcuts() -> [HTML] {
        schema.shortcuts.filter { shortcut in
            shortcut.roles.contains { session.access.holds($0) } && shortcut.condition.holds(for: row)
        }.map { shortcut in
            let path = shortcut.path.replacing("{reference}", with: row.reference ?? row.id.description)
            return "<a class=\"btn\" href=\"/\(schema.app)/\(path)\">\(record.own("shortcut.\(shortcut.name)"))</a>"
        }
    }

    private func watch() throws -> HTML {
        guard schema.features.contains(.watchers) else { return .empty }
        let isOn = try session.watches(row)
        return """
            <form method="post" action="\(href)/watch">\(view.token)<input type="hidden" name="on" value="\(!isOn)">\
            <button class="btn quiet" aria-pressed="\(isOn)">\(view.icon("eye"))\(record.say(isOn ? "watching" : "watch"))</button></form>
            """
    }

    private func more(_ rest: [MoveSchema]) throws -> HTML {
        var items: [HTML] = rest.map { move in
            move.asks.isEmpty && move.offers.isEmpty ? button(move, classes: "") : "<a href=\"\(href)/moves/\(move.name)\">\(record.verb(move))…</a>"
        }
        items.append("<a href=\"\(href)/history\">\(view.icon("history"))\(record.say("history"))</a>")
        items.append("<a href=\"\(href)/working?of=access\">\(view.icon("lock"))\(record.say("access"))</a>")
        if session.mayCreate(schema) { items.append("<a href=\"\(record.base)/new?from=\(row.id.description)\">\(view.icon("copy"))\(record.say("copy"))</a>") }
        let closed: [HTML] = try session.closedMoves(row).map { move in
            "<a href=\"\(href)/working?of=refusal:\(move.name)\">\(view.icon("lock"))\(record.say("why-not", ["move": .text(record.verb(move))]))</a>"
        }
        if !closed.isEmpty { items += ["<hr>"] + closed }
        return """
            <details class="menu-box end" id="more"><summary class="btn icon" aria-label="\(record.say("more"))">\(view.icon("more"))</summary>
            <div class="menu-pop"><div class="menu">\(items)</div></div></details>
            """
    }

    // MARK: Promises

    private func clocks() throws -> HTML {
        let clocks = try session.clocks(row).filter { $0.reading.state != .idle && $0.reading.state != .cancelled }
        guard !clocks.isEmpty else { return .empty }
        return "<div class=\"clocks\" role=\"group\" aria-label=\"\(record.say("clocks"))\" data-volatile>\(clocks.map { view.clockCard($0, of: row) })</div>"
    }

    // MARK: Fields

    /// What is filled, by groups; the names of what is empty wait behind a summary.
    private func sheet() -> HTML {
        let shown = schema.ownFields.filter(isShown)
        let names = Set(shown.filter { !row[$0.name].isNull }.map(\.name))
        var html = HTML()
        for group in schema.groups {
            let fields = group.fields.filter { names.contains($0.name) }
            if !fields.isEmpty { html += section(record.own("group.\(group.name)"), list(fields)) }
        }
        let added = shown.filter { $0.isAdded && names.contains($0.name) }
        if !added.isEmpty { html += section(record.say("added"), list(added)) }
        let empty = shown.filter { !names.contains($0.name) }
        guard !empty.isEmpty else { return html }
        return html + """
            <details class="more-box" id="empty-fields"><summary>\(record.say("empty-fields", ["n": .count(empty.count)]))</summary>\
            <p class="small muted">\(view.formats.list(empty.map(record.label)))</p></details>
            """
    }

    private func section(_ title: String, _ list: HTML) -> HTML { "<section class=\"stack snug\"><h2>\(title)</h2>\(list)</section>\n" }

    /// The title stands above, and what a clock mirrors stands in its card.
    private func isShown(_ field: FieldSchema) -> Bool {
        guard open.contains(field.fieldClass), field.name != schema.titleField || field.kind == .words else { return false }
        return !schema.clocks.contains { $0.dueField == field.name || $0.metField == field.name }
    }

    private func list(_ fields: [FieldSchema]) -> HTML {
        let pairs: [HTML] = fields.map { field in
            let isWide = [.longText, .secret, .files, .place].contains(field.kind)
            // What rules set can be asked how it came about.
            let why: HTML = field.isSystemSet || schema.explains(field) ? record.why(row, of: "field:\(field.name)", about: record.label(field)) : .empty
            return "<div\(attribute: "class", isWide ? "full" : nil)><dt>\(record.label(field))</dt><dd>\(record.value(field, row))\(why)</dd></div>\n"
        }
        return "<dl class=\"sheet\">\(pairs)</dl>"
    }
}
