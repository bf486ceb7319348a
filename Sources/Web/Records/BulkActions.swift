import Foundation
import Kernel

/// The bar over a list with what can be done to the chosen rows.
struct BulkBar {
    let record: RecordView
    let rows: [Row]

    /// The moves that can be made on at least one of the rows.
    private var moves: [MoveSchema] {
        guard let lifecycle = record.schema.lifecycle else { return [] }
        return lifecycle.moves.filter { move in !move.isQuiet && rows.contains { record.session.access.mayMove(move, $0) } }
    }

    func html() -> HTML {
        let buttons: [HTML] = moves.map { move in
            "<button class=\"btn small\" name=\"act\" value=\"move:\(move.name)\">\(record.verb(move))\(move.asks.isEmpty ? "" : "…")</button>"
        }
        var more: [HTML] = []
        if record.schema.features.contains(.tags) { more.append("<button class=\"btn small\" name=\"act\" value=\"tag\">\(record.view.icon("tag"))\(record.say("bulk.tag"))</button>") }
        if record.schema.features.contains(.watchers) { more.append("<button class=\"btn small\" name=\"act\" value=\"watch\">\(record.view.icon("eye"))\(record.say("watch"))</button>") }
        guard !buttons.isEmpty || !more.isEmpty else { return .empty }
        return """
            <div class="bulk" role="group" aria-label="\(record.say("bulk"))" data-bulk><b data-bulk-count\(record.counted("bulk.chosen"))>\(record.say("bulk.choose"))</b>\(buttons)\(more)</div>
            """
    }
}

/// What is to be done to several records, as the form of a list sent it.
struct BulkRequest: Sendable {
    enum Act: Sendable, Equatable {
        case move(String)
        case tag, watch
    }

    static let most = 200

    let act: Act
    let ids: [RecordID]
    let values: [String: [String]]
    /// The page to go back to.
    let back: String
    /// The form with what the act asks for was sent, too.
    let isComplete: Bool

    init(_ form: [String: [String]], schema: Schema) throws {
        let name = form["act"]?.first ?? ""
        if name == "tag", schema.features.contains(.tags) {
            act = .tag
        } else if name == "watch", schema.features.contains(.watchers) {
            act = .watch
        } else if name.hasPrefix("move:"), let move = schema.lifecycle?.move(String(name.dropFirst(5))), !move.isQuiet {
            act = .move(move.name)
        } else {
            throw Refusal("bulk-what", .malformed)
        }
        var seen: Set<RecordID> = []
        ids = (form["id"] ?? []).compactMap(RecordID.init).filter { seen.insert($0).inserted }
        guard ids.count <= BulkRequest.most else { throw Refusal("bulk-too-many", .malformed, ["most": String(BulkRequest.most)]) }
        values = form
        back = form["back"]?.first ?? "/\(schema.app)/\(schema.plural)"
        isComplete = form["complete"]?.first == "1"
    }

    /// What has to be asked before it can be done; empty: nothing.
    func asks(_ schema: Schema) -> [FieldSchema] {
        guard case .move(let name) = act, let move = schema.lifecycle?.move(name) else { return [] }
        return (move.asks + move.offers).compactMap(schema.field)
    }
}

/// The second step of a bulk action, and its result.
struct BulkPages {
    let record: RecordView
    let request: BulkRequest

    private var verb: String {
        switch request.act {
        case .move(let name): record.own("move.\(name)")
        case .tag: record.say("bulk.tag")
        case .watch: record.say("watch")
        }
    }

    /// Asks for what the act needs, once for all rows.
    func question() throws -> Screen {
        let view = record.view, session = record.session
        let rows = try request.ids.compactMap { try session.row(record.schema, $0) }
        try session.loadLabels(rows)
        let items: [HTML] = rows.prefix(20).map { "<li><input type=\"hidden\" name=\"id\" value=\"\($0.id.description)\"><a href=\"\(record.href($0))\">\(record.title($0))</a> <bdi class=\"ref\">\($0.reference)</bdi></li>" }
        let rest: [HTML] = rows.dropFirst(20).map { "<input type=\"hidden\" name=\"id\" value=\"\($0.id.description)\">" }
        let fields = request.asks(record.schema)
        let required: Set<String> = if case .move(let name) = request.act { Set(record.schema.lifecycle?.move(name)?.asks ?? []) } else { [] }
        let boxes: [HTML] = fields.map { view.field(record.schema, $0, isRequired: required.contains($0.name)) }
        let tag: HTML = request.act == .tag
            ? "<div class=\"field\"><label for=\"tag\">\(record.say("tag.word"))</label><input class=\"input\" id=\"tag\" name=\"tag\" required maxlength=\"60\"></div>" : .empty
        let name: String = switch request.act { case .move(let name): "move:\(name)"; case .tag: "tag"; case .watch: "watch" }
        let main: HTML = """
            <div class="head"><h1>\(record.say("bulk.title", ["what": .text(verb), "n": .count(rows.count)]))</h1></div>
            \(view.faultSummary(record.schema))
            <form class="form" method="post" action="\(record.base)/bulk">\(view.token)<input type="hidden" name="act" value="\(name)">
            <input type="hidden" name="complete" value="1"><input type="hidden" name="back" value="\(request.back)">
            <ul class="list tight">\(items)</ul>\(rest)\(boxes)\(tag)
            <div class="form-foot"><button class="btn primary">\(verb)</button><a class="btn quiet" href="\(url: request.back)">\(record.say("cancel"))</a></div></form>
            """
        return Screen(title: verb, app: record.schema.app, main: main)
    }

    /// What was done and what was not, each with its reason.
    func result(_ outcomes: [BulkOutcome]) throws -> Screen {
        let view = record.view, session = record.session
        let done = outcomes.filter { $0.refusal == nil }.count
        let rows: [HTML] = try outcomes.map { outcome in
            let row = try session.row(record.schema, outcome.id)
            let name: HTML = row.map { "<a class=\"plain\" href=\"\(record.href($0))\">\(record.title($0))</a> <bdi class=\"ref\">\($0.reference)</bdi>" } ?? "<code>\(outcome.id.description)</code>"
            let state: HTML = outcome.refusal == nil
                ? "<span class=\"state is-good\">\(view.shape("done"))\(record.say("bulk.done"))</span>"
                : "<span class=\"state is-bad\">\(view.shape("bad"))\(record.say("bulk.refused"))</span>"
            let why = outcome.refusal.map { ([$0] + $0.faults).filter { $0.code != "several" }.map(view.sentence).joined(separator: " ") } ?? ""
            return "<tr><td>\(name)</td><td data-label=\"\(record.say("bulk.outcome"))\">\(state)</td><td data-label=\"\(record.say("bulk.why"))\">\(why)</td></tr>\n"
        }
        let main: HTML = """
            <div class="head"><h1>\(verb)</h1></div>
            <dl class="tally"><div class="is-good"><dt>\(record.say("bulk.done"))</dt><dd>\(view.formats.integer(done))</dd></div>\
            <div\(attribute: "class", outcomes.count > done ? "is-bad" : nil)><dt>\(record.say("bulk.refused"))</dt><dd>\(view.formats.integer(outcomes.count - done))</dd></div></dl>
            <table class="table"><thead><tr><th scope="col">\(record.name)</th><th scope="col">\(record.say("bulk.outcome"))</th><th scope="col">\(record.say("bulk.why"))</th></tr></thead><tbody>\(rows)</tbody></table>
            <p><a class="btn" href="\(url: request.back)">\(record.say("bulk.back"))</a></p>
            """
        return Screen(title: verb, app: record.schema.app, main: main)
    }
}

/// What became of one of the chosen records.
struct BulkOutcome: Sendable {
    let id: RecordID
    let refusal: Refusal?
}

extension BulkRequest {
    /// Does the act to each record in a transaction of its own.
    func run(_ platform: Platform, as viewer: Viewer, schema: Schema) async throws -> [BulkOutcome] {
        var outcomes: [BulkOutcome] = []
        for id in ids {
            do {
                try await platform.write(as: viewer) { session in
                    guard let row = try session.row(schema, id) else { throw Refusal.absent }
                    try apply(row, session)
                }
                outcomes.append(BulkOutcome(id: id, refusal: nil))
            } catch let refusal as Refusal {
                outcomes.append(BulkOutcome(id: id, refusal: refusal))
            }
        }
        return outcomes
    }

    private func apply(_ row: Row, _ session: Session) throws {
        switch act {
        case .watch: try session.watch(row, true)
        case .tag:
            guard let word = values["tag"]?.first, !word.trimmingCharacters(in: .whitespaces).isEmpty else { throw Refusal("required", field: "tag") }
            try session.setTags(row, try session.tags(row) + [word])
        case .move(let name):
            let view = View(session: session, app: row.schema.app, form: values)
            try session.move(row, name, view.values(of: asks(row.schema)), version: nil)
        }
    }
}
