import Foundation
import Kernel

/// A dashboard as whoever opens it may see it, for the unit and the period they choose; those who keep it arrange it here too.
struct DashboardPage {
    static let page = Page("dashboard/{reference}", isInMenu: false, show: { view in
        let page = try DashboardPage(view)
        Visit.note(view.session) { [ref = page.board.ref] in $0[Visit.dashboard] = ref }
        return .page(title: page.board[Dashboard.name], try page.html())
    }, send: { try DashboardPage($0).send() })

    let view: View
    private let board: Record<Dashboard>
    private let tiles: [Tile]
    private let mayChange: Bool

    private init(_ view: View) throws {
        guard let row = try view.session.row(view.session.platform.schema(of: Dashboard.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        self.view = view
        board = Record(row)
        tiles = Tile.read(board[Dashboard.tiles]?.text)
        mayChange = view.session.access.decide(.change, row).isAllowed
    }

    private var address: String { "/analytics/dashboard/\(board.reference)" }

    private func html() throws -> HTML {
        view.ahead += ["chart.js"]
        let shown = try tiles.enumerated().map { try tile($1, $0) }
        let body: HTML = tiles.isEmpty ? view.empty(view.say("say.board.empty"), action: mayChange ? adding : .empty) : "<div class=\"figures\">\(shown)</div>"
        return """
            <div class="page wide stack">\(Kept.head(view, board.row, title: board[Dashboard.name], note: board[Dashboard.note]?.text))\(try filters())\(body)\
            \(mayChange && !tiles.isEmpty ? "<p class=\"row\">\(adding)</p>" : .empty)\(Kept.sharing(view, board.row, action: address))</div>
            """
    }

    private var adding: HTML { "<a class=\"btn\" href=\"\(url: "/analytics/question?dashboard=\(board.reference)")\">\(view.icon("plus"))\(view.say("say.board.add"))</a>" }

    private func filters() throws -> HTML {
        guard !tiles.isEmpty else { return .empty }
        return """
            <form class="narrowing no-print" method="get" action="\(url: address)">\(try UnitBox(view: view).html(chosen: view.parameter("unit")))\
            \(PeriodBox(view: view).html(chosen: view.parameter("days").flatMap(Int.init)))<button class="btn">\(view.say("say.board.show"))</button></form>
            """
    }

    // MARK: Tiles

    /// The tile's question for the unit and the period chosen, as far as it knows of either.
    private func asked(_ tile: Tile) -> Question {
        var question = tile.question
        let id = question.measure.flatMap { view.session.platform.registry.measure($0)?.schemaID } ?? question.schema
        guard let schema = view.session.platform.schema(id) else { return question }
        if let unit = view.parameter("unit"), let field = schema.unitField.flatMap(schema.field), view.session.mayAsk(field, schema) { question.unit = unit }
        let hasPeriod = question.over != nil || question.measure.flatMap { view.session.platform.registry.measure($0)?.period } != nil
        if hasPeriod, question.from == nil, question.until == nil, let days = view.parameter("days").flatMap(Int.init), (0...36_600).contains(days) { question.days = days }
        return question
    }

    private func tile(_ tile: Tile, _ place: Int) throws -> HTML {
        let question = asked(tile), tools = mayChange ? tools(tile, place) : .empty
        let shown: HTML
        do {
            let answer = try view.session.ask(question)
            shown = AnswerView(view: view, question: question, answer: answer, form: tile.form.fitted(to: answer.plan), title: tile.title, tools: tools).html(id: "tile-\(place)")
        } catch let refusal as Refusal {
            // What its maker may ask, not everybody may: the tile says so and tells no more.
            let text = refusal.kind == .absent || refusal.code == "unknown-field" ? view.say("say.board.not-yours") : view.sentence(refusal)
            shown = "<section class=\"chart answer\"><header><div class=\"end row tight\">\(tools)</div></header><div><p class=\"muted\">\(view.shape("lock"))\(text)</p></div></section>"
        }
        return "<div class=\"is-\(tile.size.rawValue)\">\(shown)</div>"
    }

    private func tools(_ tile: Tile, _ place: Int) -> HTML {
        func button(_ what: String, _ icon: String) -> HTML {
            "<button class=\"btn small quiet icon\" name=\"do\" value=\"\(what)\" aria-label=\"\(view.say("say.tile.\(what)", ["n": .formatted(view.formats.integer(place + 1))]))\" title=\"\(view.say("say.tile.\(what)", ["n": .formatted(view.formats.integer(place + 1))]))\">\(view.icon(icon))</button>"
        }
        return """
            <form class="row tight no-print" method="post" action="\(url: address)">\(view.token)<input type="hidden" name="tile" value="\(place)">\
            <input type="hidden" name="version" value="\(board.version)">\(place > 0 ? button("earlier", "up") : .empty)\(place < tiles.count - 1 ? button("later", "down") : .empty)\
            \(button("size", "cols"))\(button("remove", "x"))</form>
            """
    }

    private func send() throws -> Page.Answer {
        if view.sent("share") != nil || view.sent("unshare") != nil {
            try Kept.share(view, board.row)
            return .redirect(address)
        }
        guard let place = view.sent("tile").flatMap(Int.init), tiles.indices.contains(place) else { throw Refusal.absent }
        // The places are those of the version that was seen.
        guard view.sent("version") == String(board.version) else { throw Refusal("stale", .stale) }
        var tiles = tiles
        switch view.sent("do") {
        case "earlier" where place > 0: tiles.swapAt(place, place - 1)
        case "later" where place < tiles.count - 1: tiles.swapAt(place, place + 1)
        case "size": tiles[place].size = tiles[place].size == .third ? .half : tiles[place].size == .half ? .full : .third
        case "remove": tiles.remove(at: place)
        default: throw Refusal.absent
        }
        _ = try view.session.change(board) { $0[Dashboard.tiles] = Tile.write(tiles) }
        return .redirect(address)
    }
}
