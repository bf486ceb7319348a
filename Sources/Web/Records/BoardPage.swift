import Kernel

/// A list as columns of cards: by state, or by the choice field that the record type names. A card moves by a select and a button.
struct BoardPage {
    let list: ListPage

    /// Cards of all columns together: with the form that each has, more would be too heavy a page for a bad link.
    static let shown = 24

    private var record: RecordView { list.record }
    private var view: View { list.view }
    private var schema: Schema { list.schema }

    private struct Column {
        let value: String
        let title: String
        let phase: Phase?
    }

    /// The field the columns are made of.
    private var field: FieldSchema? {
        let byState = schema.lifecycle == nil ? nil : schema.field("state")
        guard let name = schema.boardField, let field = schema.field(name), !field.choices.isEmpty,
              record.session.access.commonClasses(schema).contains(field.fieldClass)
        else { return byState }
        // A field that rules set cannot be moved by hand: the states are the better board, unless there are none.
        return field.isSystemSet ? byState ?? field : field
    }

    func html() throws -> HTML {
        guard let field else { return list.empty() }
        let columns: [Column] = field.isSystem
            ? (schema.lifecycle?.states ?? []).map { Column(value: $0.name, title: record.own("state.\($0.name)"), phase: $0.phase) }
            : field.choices.map { Column(value: $0, title: view.choiceName(schema, field, $0), phase: nil) }
        let counts = try columns.map { try record.session.count(schema, where: claim($0, field), upTo: 1000) }
        let most = max(3, BoardPage.shown / max(2, counts.filter { $0.number > 0 }.count))
        let html: [HTML] = try zip(columns, counts).map { try column($0, field, count: $1, most: most) }
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(record.plural)\" data-region=\"list\"><div class=\"board\">\(html)</div></div>"
    }

    private func claim(_ column: Column, _ field: FieldSchema) -> Condition {
        list.query.condition.and(.compare(field.name, .equal, .value(.text(column.value))))
    }

    private func column(_ column: Column, _ field: FieldSchema, count: Count, most: Int) throws -> HTML {
        let session = record.session
        let rows = count.number == 0 ? [] : try session.rows(Query(schema, where: claim(column, field), sort: list.query.sort, limit: most))
        try session.loadLabels(rows)
        let cards: [HTML] = rows.map { card($0, field) }
        let look = column.phase.map(View.look)
        let shape: HTML = look.map { view.shape($0.shape, $0.meaning) } ?? .empty
        let all: HTML = count.number > rows.count || count.isCapped ? """
            <a class="small" href="\(url: "\(record.base)?filter[\(field.name)]=\(AddressText.encode(column.value))")">\(record.say("board.all", ["n": .formatted(record.number(count))]))</a>
            """ : .empty
        let id = "col-\(column.value)"
        return """
            <section class="board-col" data-drop="\(column.value)" aria-labelledby="\(id)"><header>\(shape)<h2 id="\(id)">\(column.title)</h2><span class="count">\(record.number(count))</span></header>
            <ol>\(cards)</ol>\(all)</section>

            """
    }

    private func card(_ row: Row, _ field: FieldSchema) -> HTML {
        let reference: HTML = row.reference.map { "<bdi class=\"ref\">\($0)</bdi>" } ?? .empty
        let owner: HTML = schema.ownerField.flatMap { row.id($0) }.map { "<span class=\"muted\">\(record.person($0))</span>" } ?? .empty
        let due: HTML = schema.clocks.last { $0.dueField != nil }.flatMap { clock in clock.dueField.map { field in
            let line = record.due(row, clock.name, field)
            return line.isEmpty ? .empty : "<span class=\"row tight\"><span class=\"muted\">\(record.own("clock.\(clock.name)"))</span> \(line)</span>"
        } } ?? .empty
        return """
            <li class="board-card" data-card data-row><a class="title" href="\(record.href(row))">\(record.title(row))</a>\
            <span class="spread">\(reference)\(owner)</span>\(due)\(move(row, field))</li>

            """
    }

    private func move(_ row: Row, _ field: FieldSchema) -> HTML {
        var options: [(value: String, name: String)] = []
        if field.isSystem {
            for move in schema.lifecycle?.moves ?? [] where !move.isQuiet && record.session.access.mayMove(move, row) {
                if let to = move.to, to != row.state, !options.contains(where: { $0.value == to }) { options.append((to, record.verb(move))) }
            }
        } else if record.session.access.decide(.change, row).isAllowed, !field.isSystemSet, !field.isOnce {
            options = field.choices.filter { $0 != row.text(field.name) }.map { ($0, view.choiceName(schema, field, $0)) }
        }
        guard !options.isEmpty else { return .empty }
        let items: [HTML] = options.map { "<option value=\"\($0.value)\">\($0.name)</option>" }
        let name = row.reference ?? record.session.title(row)
        return """
            <form data-move method="post" action="\(record.href(row))/board">\(view.token)<input type="hidden" name="version" value="\(row.version)">\
            <input type="hidden" name="back" value="\(view.address)"><select class="input" name="to" aria-label="\(record.say("board.to", ["name": .text(name)]))">\(items)</select>\
            <button class="btn small">\(record.say("board.move"))</button></form>
            """
    }

    /// Makes the move that leads to the column, or sets the field; a move that asks for something leads to its own page.
    static func send(_ record: RecordView, name: String) throws -> Reply {
        let session = record.session, view = record.view, schema = record.schema
        guard let row = try session.row(schema, named: name), let to = view.sent("to") else { throw Refusal.absent }
        let back = view.sent("back") ?? "\(record.base)?as=board"
        let version = view.sent("version").flatMap(Int.init)
        let moves = try session.moves(row).filter { $0.to == to }
        if let move = moves.first(where: { $0.asks.isEmpty }) ?? moves.first {
            guard move.asks.isEmpty else { return .redirect("\(record.href(row))/moves/\(move.name)") }
            try session.move(row, move.name, version: version)
        } else if let name = schema.boardField, let field = schema.field(name), field.choices.contains(to) {
            try session.change(row, [name: .text(to)], version: version)
        } else {
            throw Refusal("may-not-move", .forbidden, ["move": to])
        }
        return .redirect(back)
    }
}
