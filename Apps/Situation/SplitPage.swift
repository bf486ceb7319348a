import Kernel

/// Taking one incident apart: which sources tell of something else, and what that is. Works without JavaScript.
enum SplitPage {
    static let page = Page("split/{reference}", for: [.dutyOfficer, .analyst], isInMenu: false, show: show, send: send)

    private static let asked = ["summary", "details", "category", "severity", "occurred", "time-precision"]

    private static func incident(_ view: View) throws -> Record<Incident> {
        guard let row = try view.session.row(view.session.platform.schema(of: Incident.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let incident = try incident(view), title = view.say("incident.shortcut.split")
        let head: HTML = """
        <nav class="crumbs small" aria-label="\(view.say("incident.plural"))"><a href="\(view.address(of: incident))"><bdi>\(incident.reference) \(incident[Incident.summary])</bdi></a></nav>
        <div class="head"><div><h1>\(title)</h1><p class="muted">\(view.say("say.split.lead"))</p></div></div>
        """
        guard Split.isPossible.holds(for: incident.row) else { return .page(title: title, "\(head)<p>\(view.sentence(Refusal("not-to-be-split", scope: Incident.app)))</p>") }
        let reports = try SourceReport.of(incident.ref, view.session)
        guard reports.count > 1 else {
            return .page(title: title, """
            \(head)\(view.notice("info", HTML(text: view.say("say.split.one-source"))))
            <p><a class="btn" href="/situation/source-reports/new">\(view.say("say.split.add-source"))</a></p>
            """)
        }
        return .page(title: title, "\(head)\(form(incident, reports, view))")
    }

    private static func form(_ incident: Record<Incident>, _ reports: [Record<SourceReport>], _ view: View) -> HTML {
        let schema = incident.row.schema
        func fields(_ names: [String]) -> [HTML] {
            names.compactMap(schema.field).map { field in
                // What the second is called is for whoever tells the two apart; the rest is as likely to be the same.
                view.field(schema, field, value: ["summary", "details"].contains(field.name) ? .null : incident.row[field.name], isFull: true)
            }
        }
        func name(_ field: String) -> String? {
            switch field {
            case "report": view.say("say.split.sources")
            case "where": view.say("say.report.where")
            default: schema.field(field).map { view.label(schema, $0) }
            }
        }
        return """
        \(view.faultSummary(name))
        <form class="form" method="post" action="/situation/split/\(incident.reference)">\(view.token)
        \(sources(reports, view))
        <fieldset class="fieldset"><legend>\(view.say("say.split.second"))</legend><div class="fields">\(fields(asked))</div></fieldset>
        <fieldset class="fieldset"><legend>\(view.say("incident.group.where"))</legend><div class="fields">\(ReportPage.place(view, incident.position.map { CoordinateText.decimal($0) }))\
        \(fields(["place-name"]))</div></fieldset>
        <p class="small muted">\(view.say("say.split.access"))</p>
        <div class="form-foot"><button class="btn primary">\(view.say("incident.shortcut.split"))</button></div></form>
        """
    }

    private static func sources(_ reports: [Record<SourceReport>], _ view: View) -> HTML {
        let chosen = Set(view.form["report"] ?? []), fault = view.fault("report")
        let choices = reports.map { report -> HTML in
            """
            <li class="stack snug"><label class="choice"><input type="checkbox" name="report" value="\(report.reference)"\(flag: "checked", chosen.contains(report.reference))>\
            <span><bdi>\(report.reference)</bdi> · \(view.say("source-report.channel.\(report[SourceReport.channel].rawValue)")) · <span class="num">\(report.grade.code)</span></span></label>\
            <p class="small" dir="auto">\(report[SourceReport.said].text.prefix(300))</p><p class="small muted">\(view.fullTime(report[SourceReport.received]))</p></li>
            """
        }
        let line: HTML = fault.map { "<p class=\"error\" id=\"e-report\">\(view.shape("bad"))\($0)</p>" } ?? .empty
        return """
        <fieldset class="fieldset\(fault == nil ? "" : " has-error")" id="f-report"\(attribute: "aria-describedby", fault == nil ? "h-report" : "h-report e-report")>\
        <legend>\(view.say("say.split.sources"))</legend><p class="hint" id="h-report">\(view.say("say.split.sources-hint"))</p>\(line)\
        <ul class="list loose">\(choices)</ul></fieldset>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let incident = try incident(view), session = view.session, schema = incident.row.schema
        var values = try view.values(of: (asked + ["place-name"]).compactMap(schema.field))
        if let sent = try ReportPage.place(sent: view) {
            values["place"] = .place(sent.place)
            values["precision"] = .integer(Int64(sent.precision))
        }
        let chosen = Set(view.form["report"] ?? [])
        let reports = try SourceReport.of(incident.ref, session).filter { chosen.contains($0.reference) }
        return .redirect(view.address(of: try Split.off(incident, with: reports, values, session)))
    }
}
