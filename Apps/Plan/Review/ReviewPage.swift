import Foundation
import Kernel

/// The review desk: both tracks with their stages, what was frozen, what was said of paragraphs, and the committees' questions.
func reviewPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "review") }
    return .page(title: view.say("page.review"), try ReviewPage(view: view, book: book).html())
}

/// Begins a track, moves one on, or freezes the document as it is.
func sendReview(_ view: View) throws -> Page.Answer {
    guard let id = view.sent("document").flatMap({ RecordID($0) }), let document = try view.session.record(Ref<BudgetDocument>(id)) else { throw Refusal.absent }
    switch view.sent("do") {
    case "begin":
        guard let track = view.sent("track").flatMap(ReviewTrack.Track.init(rawValue:)) else { throw Refusal.absent }
        try view.session.create(ReviewTrack.self) { record in
            record[ReviewTrack.document] = document.ref
            record[ReviewTrack.track] = track
        }
    case "freeze":
        guard let name = view.sent("name") else { throw Refusal("required", field: "name") }
        try view.session.create(Snapshot.self) { record in
            record[Snapshot.document] = document.ref
            record[Snapshot.name] = name
        }
    case "move":
        guard let id = view.sent("review").flatMap({ RecordID($0) }), let review = try view.session.record(Ref<ReviewTrack>(id)), let move = view.sent("move") else { throw Refusal.absent }
        try view.session.move(review, move) { record in
            if let report = view.sent("report") { record[ReviewTrack.report] = report }
            if let note = view.sent("note") { record[ReviewTrack.note] = LongText(note) }
        }
    default: throw Refusal.absent
    }
    return .redirect("/plan/review")
}

struct ReviewPage {
    let view: View
    let book: PlanBook

    private var session: Session { view.session }
    private var words: PlanWords { PlanWords(view: view, figures: book.figures) }

    func html() throws -> HTML {
        let tracks = try session.find(ReviewTrack.self, where: ReviewTrack.document.equals(book.document.ref), limit: 10)
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.review")))
            <h1>\(view.say("page.review"))</h1>
            \(view.faultSummary())
            <p>\(view.state(book.open.isEmpty, view.say("say.review.open", ["n": .count(book.open.count)]))) <a href="/plan/checks">\(view.say("page.checks"))</a></p>
            <div class="cols two-up">\(try ReviewTrack.Track.allCases.map { track in try section(track, tracks.first { $0[ReviewTrack.track] == track }) })</div>
            \(try snapshots())
            \(try comments())
            \(try questions())
            </div>
            """
    }

    private func hidden(_ act: String) -> HTML {
        "\(view.token)<input type=\"hidden\" name=\"document\" value=\"\(book.document.id.description)\"><input type=\"hidden\" name=\"do\" value=\"\(act)\">"
    }

    // MARK: Tracks

    private func section(_ track: ReviewTrack.Track, _ record: Record<ReviewTrack>?) throws -> HTML {
        let name = view.say("review.track.\(track.rawValue)")
        let states = ReviewTrack.State.allCases
        let at = record.flatMap { states.firstIndex(of: $0.state) } ?? 0
        let steps = states.enumerated().map { index, state -> HTML in
            let key = state == .committee ? "say.review.committee.\(track.rawValue)" : "review.state.\(state.rawValue)"
            let mark = index < at ? view.shape("done", "good") : index == at && record != nil ? view.shape("half", "info") : view.shape("new")
            let name: HTML = index == at && record != nil ? "<b>\(view.say(key))</b>" : "<span class=\"muted\">\(view.say(key))</span>"
            return "<li class=\"row tight\"\(attribute: "aria-current", index == at && record != nil ? "step" : nil)>\(mark)\(name)</li>"
        }
        let body: HTML
        if let record {
            let report: HTML = record[ReviewTrack.report].map { "<p class=\"small\">\(view.say("review.report")): <bdi>\($0)</bdi></p>" } ?? .empty
            body = "\(report)\(try session.moves(record.row).map { move(record, $0) })<p class=\"small\"><a href=\"\(url: view.address(of: record))/history\">\(view.say("say.review.history"))</a></p>"
        } else if session.mayCreate(session.platform.schema(of: ReviewTrack.self)) {
            body = "<form method=\"post\" action=\"/plan/review\">\(hidden("begin"))<button class=\"btn\" name=\"track\" value=\"\(track.rawValue)\">\(view.say("say.review.begin"))<span class=\"sr\">: \(name)</span></button></form>"
        } else {
            body = "<p class=\"muted\">\(view.say("say.review.not-begun"))</p>"
        }
        return "<section class=\"card\"><div class=\"card-body stack snug\"><h2>\(name)</h2><ol class=\"list tight\">\(steps)</ol>\(body)</div></section>"
    }

    private func move(_ record: Record<ReviewTrack>, _ move: MoveSchema) -> HTML {
        let name = view.say("review.move.\(move.name)"), id = "\(record.id.description)-\(move.name)"
        let asks = move.asks.map { field -> HTML in
            "<label class=\"field\" for=\"\(id)\"><span class=\"small\">\(view.say("review.\(field)"))</span><input class=\"input\" id=\"\(id)\" name=\"\(field)\" required dir=\"auto\"></label>"
        }
        return """
            <form class="row" method="post" action="/plan/review">\(hidden("move"))<input type="hidden" name="review" value="\(record.id.description)">\(asks)\
            <button class="btn small" name="move" value="\(move.name)">\(name)<span class="sr">: \(view.say("review.track.\(record[ReviewTrack.track].rawValue)"))</span></button></form>
            """
    }

    // MARK: Snapshots

    private func snapshots() throws -> HTML {
        let all = try session.find(Snapshot.self, where: Snapshot.document.equals(book.document.ref), sort: [Sort("created-at", descending: true)], limit: 50)
        let rows = all.map { snapshot -> HTML in
            """
            <tr><th scope="row"><a href="\(url: view.address(of: snapshot))"><bdi>\(snapshot[Snapshot.name])</bdi></a></th><td data-label="\(view.say("say.review.when"))">\(view.time(snapshot.createdAt))</td>\
            <td class="wrap" data-label="\(view.say("snapshot.hash"))"><code class="break">\(snapshot[Snapshot.hash])</code></td><td data-label="\(view.say("page.redline"))"><a href="/plan/redline?from=\(snapshot.id.description)">\(view.say("say.review.compare-now"))<span class="sr">: \(snapshot[Snapshot.name])</span></a></td></tr>

            """
        }
        let options = all.map { "<option value=\"\($0.id.description)\">\($0[Snapshot.name])</option>" as HTML }
        let compare: HTML = all.count < 2 ? .empty : """
            <form class="row" method="get" action="/plan/redline"><label class="field"><span>\(view.say("say.cost.before"))</span><select class="input" name="from">\(options)</select></label>\
            <label class="field"><span>\(view.say("say.cost.after"))</span><select class="input" name="to">\(options)</select></label><button class="btn">\(view.say("say.cost.compare"))</button></form>
            """
        let freeze: HTML = session.mayCreate(session.platform.schema(of: Snapshot.self)) ? """
            <form class="row" method="post" action="/plan/review">\(hidden("freeze"))<label class="field"><span>\(view.say("snapshot.name"))</span><input class="input" name="name" required maxlength="120" dir="auto"></label>\
            <button class="btn">\(view.say("say.review.freeze"))</button></form>
            """ : .empty
        let heads = ["snapshot.name", "say.review.when", "snapshot.hash", "page.redline"].map { "<th scope=\"col\">\(view.say($0))</th>" as HTML }
        let table: HTML = all.isEmpty ? "<p class=\"muted\">\(view.say("snapshot.empty"))</p>" : view.scroll(view.say("snapshot.plural"), """
            <table class="table snug cards"><caption class="sr">\(view.say("snapshot.plural"))</caption><thead><tr>\(heads)</tr></thead><tbody>\(rows)</tbody></table>
            """)
        return "<section class=\"stack snug\"><h2>\(view.say("snapshot.plural"))</h2>\(table)\(compare)\(freeze)</section>"
    }

    // MARK: Comments and questions

    /// What was said of paragraphs, the newest first.
    private func comments() throws -> HTML {
        let paragraphs = try session.find(Paragraph.self, where: Paragraph.document.equals(book.document.ref), sort: [.up(Paragraph.order)], limit: 2000)
        var said: [(Record<Paragraph>, Comment)] = []
        for paragraph in paragraphs { said += try session.comments(paragraph.row, limit: 20).map { (paragraph, $0) } }
        let items = said.sorted { $0.1.at > $1.1.at }.prefix(20).map { paragraph, comment -> HTML in
            "<li><a href=\"/plan/text?paragraph=\(url: PlanAddress.encode(paragraph[Paragraph.place]))\"><bdi>\(paragraph[Paragraph.place])</bdi></a> · \(view.person(comment.author)) · \(view.time(comment.at))<div dir=\"auto\">\(comment.body)</div></li>"
        }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.review.no-comments"))</p>" : "<ul class=\"list\">\(items)</ul>"
        return "<section class=\"stack snug\"><h2>\(view.say("say.review.comments"))</h2>\(list)</section>"
    }

    private func questions() throws -> HTML {
        guard session.sees(session.platform.schema(of: Question.self)) else { return .empty }
        let own = Question.document.equals(book.document.ref)
        let counts = try Question.State.allCases.map { state in (state, try session.count(Question.self, where: own.and(.state(state))).number) }
        let today = CalendarDate(session.now, in: view.formats.timeZone)
        let late = try session.count(Question.self, where: own.and(.state(Question.State.asked, .assigned)).and(Question.due.less(than: today))).number
        let facts = counts.map { "<dt>\(view.say("question.state.\($0.0.rawValue)"))</dt><dd class=\"num\">\(view.formats.integer($0.1))</dd>" as HTML }
        return """
            <section class="stack snug"><h2>\(view.say("question.plural"))</h2><dl class="facts">\(facts)<dt>\(view.say("say.review.late"))</dt><dd class="num">\(view.formats.integer(late))</dd></dl>
            <p><a class="btn small" href="/plan/questions">\(view.say("question.plural"))</a></p></section>
            """
    }
}
