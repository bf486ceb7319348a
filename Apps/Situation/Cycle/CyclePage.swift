import Foundation
import Kernel

/// The information cycle at work: the questions that nobody has answered yet, and for each what has come in that may answer it. Works without JavaScript.
enum CyclePage {
    static let page = Page("cycle", for: [.dutyOfficer, .analyst, .component], show: show)
    static let questionPage = Page("cycle/{reference}", for: [.dutyOfficer, .analyst, .component], isInMenu: false, show: showQuestion, send: sendAnswer)

    /// Days looked back over for what may answer a question.
    private static let days = 30

    // MARK: The questions

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let session = view.session, schema = session.platform.schema(of: Requirement.self)
        let open = try session.find(Requirement.self, where: Requirement.isOpen, sort: [.up(Requirement.deadline)], limit: 200)
        try session.loadLabels(open.map(\.row))
        let rows = try open.map { requirement -> [HTML] in
            let proposed = Answer.requirement.equals(requirement.ref).and(.state(Answer.State.proposed))
            return [
                "<a class=\"plain\" href=\"\(url: address(requirement))\"><bdi>\(requirement[Requirement.question])</bdi></a> <span class=\"ref\"><bdi>\(requirement.reference)</bdi></span>",
                view.value(requirement.row, Requirement.priority.name), view.person(requirement[Requirement.owner].id),
                view.dueLine(requirement[Requirement.deadline], href: "\(view.address(of: requirement))/working?of=due:answer"),
                number(try session.count(Answer.self, where: proposed).number, view), number(try candidates(for: requirement, session).count, view),
            ]
        }
        let columns = [
            View.Column(view.say("requirement.question"), isTitle: true), View.Column(view.say("requirement.priority")), View.Column(view.say("requirement.owner")),
            View.Column(view.say("requirement.deadline")), View.Column(view.say("say.cycle.proposed"), isNumber: true), View.Column(view.say("say.cycle.hints"), isNumber: true),
        ]
        let new: HTML = session.mayCreate(schema) ? "<a class=\"btn\" href=\"/situation/requirements/new\">\(view.icon("plus"))\(view.say("say.cycle.ask"))</a>" : .empty
        let body = open.isEmpty ? view.empty(view.say("say.cycle.nothing-open"), view.say("requirement.empty"), action: new) : view.table(view.say("page.cycle"), columns, rows)
        view.live = Requirement.schemaID
        return .page(title: view.say("page.cycle"), """
        <div class="head"><div><h1>\(view.say("page.cycle"))</h1><p class="muted">\(view.say("say.cycle.lead"))</p></div><div class="end row">\(open.isEmpty ? .empty : new)\
        <a class="btn quiet" href="/situation/requirements?view=answered">\(view.say("requirement.view.answered"))</a></div></div>
        <div data-region="questions">\(body)</div>
        """)
    }

    private static func number(_ n: Int, _ view: View) -> HTML { "<span class=\"num\">\(view.formats.integer(n))</span>" }

    static func address(_ requirement: Record<Requirement>) -> String { "/situation/cycle/\(requirement.reference)" }

    /// Incidents of the last days that an indicator of the question points to and that are no answer of it yet, the newest first.
    static func candidates(for requirement: Record<Requirement>, _ session: Session) throws -> [(incident: Record<Incident>, sign: Record<Indicator>)] {
        let indicators = try Indicator.of(requirement.ref, session)
        guard !indicators.isEmpty else { return [] }
        let claim = Condition.all([Incident.isCurrent, Incident.occurred.atLeast(session.now.adding(days: -days)), .any(indicators.map(\.claim))])
        let known = Set(try Answer.of(requirement.ref, session).compactMap { $0[Answer.incident] })
        return try session.find(Incident.self, where: claim, sort: [.down(Incident.occurred)], limit: 500).compactMap { incident in
            guard !known.contains(incident.ref), let sign = indicators.first(where: { $0.matches(incident) }) else { return nil }
            return (incident, sign)
        }
    }

    // MARK: One question

    private static func requirement(_ view: View) throws -> Record<Requirement> {
        guard let row = try view.session.row(view.session.platform.schema(of: Requirement.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    @Sendable private static func showQuestion(_ view: View) throws -> Page.Answer {
        let requirement = try requirement(view), session = view.session
        let mayAnswer = requirement.state == .open && session.mayCreate(session.platform.schema(of: Answer.self))
        view.live = Answer.schemaID
        let due: HTML = requirement.state == .open
            ? view.dueLine(requirement[Requirement.deadline], href: "\(view.address(of: requirement))/working?of=due:answer") : .empty
        let purpose: HTML = requirement[Requirement.purpose].map { "<div class=\"prose\" dir=\"auto\">\(Markdown.html($0.text))</div>" } ?? .empty
        return .page(title: requirement[Requirement.question], """
        <nav class="crumbs" aria-label="\(view.say("page.cycle"))"><a href="/situation/cycle">\(view.say("page.cycle"))</a></nav>
        <div class="title-line"><span class="ref"><bdi>\(requirement.reference)</bdi></span><h1><bdi>\(requirement[Requirement.question])</bdi></h1>\(view.stateBadge(requirement.row))\(due)\
        <a class="btn quiet end" href="\(view.address(of: requirement))">\(view.say("say.cycle.open"))</a></div>
        \(view.faultSummary { _ in view.say("say.cycle.what") })
        \(purpose)
        <div class="stack" data-region="answers">\(try answers(requirement, view))\(mayAnswer ? try hints(requirement, view) : .empty)</div>
        \(mayAnswer ? form(view) : .empty)
        """)
    }

    private static func answers(_ requirement: Record<Requirement>, _ view: View) throws -> HTML {
        let answers = try Answer.of(requirement.ref, view.session)
        let items = try answers.map { answer -> HTML in
            let text: HTML = answer[Answer.text].map { "<p class=\"small\" dir=\"auto\">\($0.text.prefix(300))</p>" } ?? .empty
            let about: HTML = try answer[Answer.incident].flatMap { try view.session.record($0) }.map { view.link($0.row) }
                ?? answer[Answer.sourceReport].flatMap { try view.session.record($0) }.map { view.link($0.row) } ?? .empty
            return """
            <li class="stack snug"><div class="spread"><span><a href="\(view.address(of: answer))"><bdi>\(answer.reference)</bdi></a> \(about)</span>\(view.stateBadge(answer.row))</div>\(text)\
            <p class="small muted">\(view.value(answer.row, Answer.confidence.name)) · \(view.person(answer[Answer.author].id))</p></li>
            """
        }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.cycle.no-answer"))</p>" : "<ul class=\"list loose\">\(items)</ul>"
        return "<section class=\"stack snug\" aria-labelledby=\"answers\"><h2 id=\"answers\">\(view.say("answer.plural"))</h2>\(list)</section>"
    }

    /// What the indicators point to, each with a button that makes it an answer.
    private static func hints(_ requirement: Record<Requirement>, _ view: View) throws -> HTML {
        let items = try candidates(for: requirement, view.session).prefix(30).map { incident, sign -> HTML in
            """
            <li class="spread"><span>\(view.link(incident.row))<br><span class="small muted">\(view.time(incident[Incident.occurred])) · <bdi>\(sign[Indicator.sign])</bdi></span></span>\
            <button class="btn small" name="subject" value="\(incident.reference)">\(view.say("say.cycle.answers-it"))<span class="sr"> \(incident.reference)</span></button></li>
            """
        }
        let list: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.cycle.no-hint", ["n": .count(days)]))</p>" : "<form method=\"post\">\(view.token)<ul class=\"list loose\">\(items)</ul></form>"
        return """
        <section class="stack snug" aria-labelledby="hints"><div class="spread"><h2 id="hints">\(view.say("say.cycle.hints"))</h2>\
        <a class="small" href="/situation/indicators/new">\(view.say("say.cycle.add-indicator"))</a></div>\(list)</section>
        """
    }

    // MARK: Answering

    private static func form(_ view: View) -> HTML {
        let schema = view.session.platform.schema(of: Answer.self)
        let fields = [Answer.text.name, Answer.confidence.name].compactMap(schema.field).map { view.field(schema, $0, value: $0.initial, isFull: true) }
        let subject = view.control("subject", view.say("say.cycle.what"), hint: view.say("say.cycle.what-hint")) {
            "<input class=\"input short\" name=\"subject\" maxlength=\"40\" dir=\"ltr\" autocomplete=\"off\"\($0) value=\"\(view.form["subject"]?.first ?? "")\">"
        }
        return """
        <form class="form" method="post" data-draft="situation-answer">\(view.token)<fieldset class="fieldset"><legend>\(view.say("say.cycle.answer"))</legend><div class="fields">\
        \(subject)\(fields)</div></fieldset>\
        <div class="form-foot"><button class="btn primary">\(view.say("say.cycle.propose"))</button></div></form>
        """
    }

    @Sendable private static func sendAnswer(_ view: View) throws -> Page.Answer {
        let requirement = try requirement(view), session = view.session
        let schema = session.platform.schema(of: Answer.self)
        let values = try view.values(of: [Answer.text.name, Answer.confidence.name].compactMap(schema.field))
        let subject = try view.sent("subject").map { try answering($0.trimmingCharacters(in: .whitespaces).uppercased(), session) }
        try session.create(Answer.self) { answer in
            answer[Answer.requirement] = requirement.ref
            if let row = subject, row.schema.id == Incident.schemaID { answer[Answer.incident] = Ref(row.id) }
            if let row = subject, row.schema.id == SourceReport.schemaID { answer[Answer.sourceReport] = Ref(row.id) }
            answer[Answer.text] = values[Answer.text.name].flatMap { LongText($0) }
            answer[Answer.confidence] = values[Answer.confidence.name].flatMap { Admiralty.Confidence($0) } ?? .unknown
        }
        view.accepted = ["situation-answer"]
        return .redirect(address(requirement))
    }

    /// An incident or a source report by its number.
    private static func answering(_ name: String, _ session: Session) throws -> Row {
        for schema in [session.platform.schema(of: Incident.self), session.platform.schema(of: SourceReport.self)] {
            if let row = try session.row(schema, named: name) { return row }
        }
        throw Refusal("no-such-answer", field: "subject", scope: Incident.app)
    }
}
