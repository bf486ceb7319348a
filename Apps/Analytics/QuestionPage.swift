import Foundation
import Kernel

/// Where questions are put together, without a query language: what, by what, of which records, over which period, against what, in which form. A plain form with
/// GET: its address is the question, and can be handed on.
struct QuestionPage {
    static let page = Page("question", show: { try QuestionPage($0).answer() }, send: { try SavePage(view: $0).answer() })
    static let working = Page("question/working", isInMenu: false, show: { view in
        let (question, answer) = try asked(view)
        let working = try AnswerWorking(view: view, question: question, answer: answer).working()
        return .working(working, title: working.question)
    })
    static let export = Page("question/export", isInMenu: false, show: { view in
        let (question, answer) = try asked(view)
        return try AnswerExport(view: view, question: question, answer: answer).file(view.parameter("as") ?? "csv")
    })

    /// Parameters of the page beside those of the question.
    static let own: Set<String> = ["of", "form", "as", "dashboard", "saved"]

    private static func asked(_ view: View) throws -> (Question, QuestionAnswer) {
        guard let question = try Question(view.query, ignoring: own) else { throw Refusal.absent }
        return (question, try view.session.ask(question))
    }

    let view: View
    private let question: Question?
    private let form: Form

    init(_ view: View) throws {
        self.view = view
        question = try QuestionPage.question(view)
        form = view.parameter("form").flatMap(Form.init) ?? .bar
    }

    /// What is chosen in the first box decides: whatever was chosen for another measure or another type of record before is let go.
    private static func question(_ view: View) throws -> Question? {
        guard let of = view.parameter("of") else { return try Question(view.query, ignoring: own) }
        let name = String(of.drop { $0 != ":" }.dropFirst()), isMeasure = of.hasPrefix("measure:")
        let chosen = isMeasure ? Question(measure: name) : Question(of: name)
        guard var question = try Question(view.query.merging(["measure": isMeasure ? [name] : [], "data": isMeasure ? [] : [name]]) { $1 }, ignoring: own) else { return chosen }
        guard view.parameter("measure") == nil || view.parameter("measure") == question.measure, view.parameter("data") == nil || view.parameter("data") == question.schema else { return chosen }
        if question.measure == nil, question.figure.isOfField, question.field == nil { question.figure = .count }
        return question
    }

    func answer() throws -> Page.Answer {
        let title = view.say("page.question")
        guard let question else {
            return .page(title: title, "<div class=\"page wide stack\">\(head(title))\(try QuestionForm(view: view, question: nil, form: form).html)<p class=\"muted\">\(view.say("say.start"))</p></div>")
        }
        view.ahead += ["chart.js"]
        let shown = try result(question)
        return .page(title: title, """
            <div class="page wide stack">\(head(title))<div class="ask-data">\(try QuestionForm(view: view, question: question, form: form).html)<div class="stack">\(shown)</div></div></div>
            """)
    }

    private func head(_ title: String) -> HTML { "<div class=\"head\"><div><h1>\(title)</h1><p class=\"muted\">\(view.say("say.question.about"))</p></div></div>" }

    /// What is wrong with a question is said in the place of its answer; the form keeps what was chosen.
    private func result(_ question: Question) throws -> HTML {
        do {
            let answer = try view.session.ask(question)
            let form = form.fitted(to: answer.plan)
            let shown = AnswerView(view: view, question: question, answer: answer, form: form, tools: exports(question)).html(id: "answer")
            return "\(shown)\(try SavePage(view: view).form(question, form))"
        } catch let refusal as Refusal where refusal.kind != .absent {
            return view.notice("bad", "<p>\(view.sentence(refusal))</p>")
        }
    }

    private func exports(_ question: Question) -> HTML {
        ["csv", "json"].map { kind -> HTML in
            "<a class=\"btn small quiet\" href=\"\(url: "/analytics/question/export?\(question.address)&as=\(kind)")\">\(view.icon("export"))\(kind.uppercased())</a>"
        }.joined()
    }
}

/// Keeps a question as a report, or puts it on a dashboard.
struct SavePage {
    let view: View

    func form(_ question: Question, _ form: Form) throws -> HTML {
        let keeper = Dashboard.owner.isMe.and(.state(Dashboard.State.working))
        let boards = try view.session.find(Dashboard.self, where: keeper, sort: [.up(Dashboard.name)], limit: 100)
        let chosen = view.parameter("dashboard")
        let options: [HTML] = boards.map { "<option value=\"\($0.reference)\"\(flag: "selected", $0.reference == chosen)>\($0[Dashboard.name])</option>" }
        let name = Names(view, question, try view.session.plan(question)).title
        return """
            <form class="form keep" method="post" action="/analytics/question">\(view.token)<h2>\(view.say("say.keep"))</h2>
            <input type="hidden" name="question" value="\(question.address)"><input type="hidden" name="form" value="\(form.rawValue)">
            \(view.control("name", view.say("report.name"), isRequired: true) { "<input class=\"input\" name=\"name\" maxlength=\"120\" value=\"\(view.sent("name") ?? name)\"\($0)>" })
            \(view.control("where", view.say("say.keep.where")) { "<select class=\"input\" name=\"where\"\($0)><option value=\"\">\(view.say("say.keep.report"))</option>\(options)<option value=\"new\">\(view.say("say.keep.new"))</option></select>" })
            <div class="form-foot"><button class="btn primary">\(view.say("say.keep.do"))</button></div></form>
            """
    }

    func answer() throws -> Page.Answer {
        guard let question = try view.sent("question").flatMap({ try Question(address: $0) }), let form = view.sent("form").flatMap(Form.init) else { throw Refusal.absent }
        _ = try view.session.plan(question)
        guard let name = view.sent("name") else { throw Refusal("required", field: "name") }
        guard let place = view.sent("where") else {
            let report = try view.session.create(Report.self) { record in
                record[Report.name] = name
                record[Report.question] = LongText(question.address)
                record[Report.form] = form
            }
            return .redirect("/analytics/report/\(report.reference)")
        }
        let usual = Names(view, question, try view.session.plan(question)).title
        let tile = Tile(form == .number ? .third : .half, form, question, title: name == usual ? nil : name.replacing("\n", with: " "))
        if place == "new" {
            let board = try view.session.create(Dashboard.self) { record in
                record[Dashboard.name] = name
                record[Dashboard.tiles] = Tile.write([tile])
            }
            return .redirect("/analytics/dashboard/\(board.reference)")
        }
        guard let row = try view.session.row(view.session.platform.schema(of: Dashboard.self), named: place) else { throw Refusal.absent }
        let board = try view.session.change(Record<Dashboard>(row)) { $0[Dashboard.tiles] = Tile.write(Tile.read($0[Dashboard.tiles]?.text) + [tile]) }
        return .redirect("/analytics/dashboard/\(board.reference)")
    }
}

/// A kept report: its question asked anew, for whoever opens it.
enum ReportPage {
    static let page = Page("report/{reference}", isInMenu: false, show: show, send: { view in
        let row = try row(view)
        try Kept.share(view, row)
        return .redirect("/analytics/report/\(row.reference ?? "")")
    })

    private static func row(_ view: View) throws -> Row {
        guard let row = try view.session.row(view.session.platform.schema(of: Report.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return row
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let row = try row(view), report = Record<Report>(row)
        guard let question = try? Question(address: report[Report.question].text) else { throw Refusal.absent }
        Visit.note(view.session) { $0[Visit.report] = report.ref }
        view.ahead += ["chart.js"]
        let title = report[Report.name]
        let shown: HTML
        do {
            let answer = try view.session.ask(question)
            shown = AnswerView(view: view, question: question, answer: answer, form: report[Report.form].fitted(to: answer.plan)).html(id: "answer")
        } catch let refusal as Refusal where refusal.kind != .absent {
            shown = view.notice("bad", "<p>\(view.sentence(refusal))</p>")
        }
        return .page(title: title, """
            <div class="page wide stack">\(Kept.head(view, row, title: title, note: report[Report.note]?.text))\(shown)
            <p class="row"><a class="btn" href="\(url: "/analytics/question?\(question.address)&form=\(report[Report.form].rawValue)")">\(view.icon("edit"))\(view.say("say.change-question"))</a></p>
            \(Kept.sharing(view, row, action: "/analytics/report/\(report.reference)"))</div>
            """)
    }
}
