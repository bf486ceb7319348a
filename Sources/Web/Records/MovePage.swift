import HTTPTypes
import Kernel

/// The form of a move that asks for something, or the reasons why the move is not possible.
struct MovePage {
    let record: RecordView
    let row: Row
    let move: MoveSchema

    private var view: View { record.view }

    init(_ record: RecordView, name: String, move: String) throws {
        guard let row = try record.session.row(record.schema, named: name), let move = record.schema.lifecycle?.move(move), !move.isQuiet else { throw Refusal.absent }
        self.record = record
        self.row = row
        self.move = move
    }

    var fields: [FieldSchema] { (move.asks + move.offers).compactMap(record.schema.field) }

    func screen() throws -> Screen {
        guard try record.session.moves(row).contains(where: { $0.name == move.name }) else { return try refusal() }
        let verb = record.verb(move), href = record.href(row)
        try record.session.loadLabels([row])
        let inputs: [HTML] = fields.map { field in view.field(record.schema, field, value: row[field.name], isRequired: move.asks.contains(field.name)) }
        let to: HTML = move.to.flatMap { record.schema.lifecycle?.state($0) }.map { state in
            let look = View.look(state.phase)
            return "\(view.stateBadge(row)) \(view.arrow("next")) \(view.badge(record.own("state.\(state.name)"), shape: look.shape, look.meaning))"
        } ?? view.stateBadge(row)
        let main: HTML = """
            <nav class="crumbs small" aria-label="\(record.say("crumbs"))"><a href="\(record.base)">\(record.plural)</a> / <a href="\(href)"><bdi>\(row.reference ?? record.session.title(row))</bdi></a></nav>
            <div class="head"><h1>\(verb)</h1></div>
            <p><a href="\(href)">\(record.title(row))</a></p><p class="row tight">\(to)</p>
            \(view.faultSummary(record.schema))
            <form class="form" method="post" action="\(href)/moves/\(move.name)" data-guard data-draft="move.\(move.name).\(row.id.description)">\(view.token)
            <input type="hidden" name="version" value="\(row.version)">\(FormPage.draftNote(record))\(inputs)
            <div class="form-foot"><button class="btn primary">\(verb)</button><a class="btn quiet" href="\(href)">\(record.say("cancel"))</a></div></form>
            """
        return Screen(title: "\(verb) · \(record.session.title(row))", app: record.schema.app, main: main)
    }

    /// Why the move is not possible now, and for whom it would be.
    private func refusal() throws -> Screen {
        let working = try record.session.working(row, of: "refusal:\(move.name)")
        var screen = WorkingPage(record: record, row: row, working: working).screen()
        screen.status = .forbidden
        return screen
    }
}
