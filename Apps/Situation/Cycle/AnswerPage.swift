import Kernel

/// From an incident to the open questions that it may answer, those first whose indicators point to it. Works without JavaScript.
enum AnswerPage {
    static let page = Page("answer/{reference}", for: [.dutyOfficer, .analyst], isInMenu: false, show: show)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let session = view.session
        guard let row = try session.row(session.platform.schema(of: Incident.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        let incident = Record<Incident>(row)
        let answered = Set(try session.find(Answer.self, where: Answer.incident.equals(incident.ref), limit: 500).map { $0[Answer.requirement] })
        let open = try session.find(Requirement.self, where: Requirement.isOpen, sort: [.up(Requirement.deadline)], limit: 200)
        let questions = try open.map { requirement in (requirement, sign: try Indicator.of(requirement.ref, session).first { $0.matches(incident) }) }
        let lines = (questions.filter { $0.sign != nil } + questions.filter { $0.sign == nil }).map { requirement, sign in
            line(requirement, sign, incident, isAnswered: answered.contains(requirement.ref), view)
        }
        let list: HTML = lines.isEmpty ? "<p class=\"muted\">\(view.say("say.cycle.nothing-open"))</p>" : "<ul class=\"list loose\">\(lines)</ul>"
        return .page(title: view.say("incident.shortcut.answer"), """
        <nav class="crumbs small" aria-label="\(view.say("incident.plural"))"><a href="\(view.address(of: incident))"><bdi>\(incident.reference) \(incident[Incident.summary])</bdi></a></nav>
        <div class="head"><div><h1>\(view.say("incident.shortcut.answer"))</h1><p class="muted">\(view.say("say.cycle.answer-lead"))</p></div></div>
        \(list)
        """)
    }

    private static func line(
        _ requirement: Record<Requirement>, _ sign: Record<Indicator>?, _ incident: Record<Incident>, isAnswered: Bool, _ view: View
    ) -> HTML {
        let hint: HTML = sign.map { " · <bdi>\($0[Indicator.sign])</bdi>" } ?? .empty
        // The question's own page takes it, as it takes any other.
        let act: HTML = isAnswered ? "<span class=\"muted small\">\(view.say("say.cycle.is-answer"))</span>" : """
        <form method="post" action="\(CyclePage.address(requirement))">\(view.token)<button class="btn small" name="subject" value="\(incident.reference)">\(view.say("say.cycle.answers-it"))\
        <span class="sr"> \(requirement.reference)</span></button></form>
        """
        return """
        <li class="spread"><span><a href="\(CyclePage.address(requirement))"><bdi>\(requirement[Requirement.question])</bdi></a><br>\
        <span class="small muted"><bdi>\(requirement.reference)</bdi> · \(view.value(requirement.row, Requirement.priority.name))\(hint)</span></span>\(act)</li>
        """
    }
}
