import Kernel

/// What exists and may not be read, where its owner lets that be known: a number, whose it is, and in which month; and the form to ask for it.
enum RestrictedPage {
    static let page = Page("restricted", show: show, send: send)
    private static let most = 100

    /// The newest first, for one who may not read them.
    static func records(_ session: Session) throws -> [Record<Incident>] {
        let readable = session.access.condition(.read, on: session.platform.schema(of: Incident.self))
        let known = Condition.all([Incident.isDiscoverable.equals(true), .not(.state(Incident.State.draft, .merged)), readable.negated])
        return try session.asService(Incident.app).find(Incident.self, where: known, sort: [.down(Incident.occurred)], limit: most)
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let records = try records(view.session)
        let rows = try records.map { record -> HTML in
            let unit = try record[Incident.component].flatMap { try view.session.label(Unit.schemaID, $0.id) } ?? ""
            return """
            <tr><th scope="row" class="num"><bdi>\(record.reference)</bdi></th><td><bdi>\(unit)</bdi></td><td>\(view.formats.month(CalendarDate(record[Incident.occurred], in: view.session.viewer.timeZone)))</td>\
            <td><a class="btn small" href="/situation/restricted?about=\(url: record.reference)#ask">\(view.say("say.restricted.ask"))<span class="sr"> \(record.reference)</span></a></td></tr>
            """
        }
        let heads = ["access-request.about", "incident.component", "say.restricted.month"].map { "<th scope=\"col\">\(view.say($0))</th>" as HTML }
        let table: HTML = rows.isEmpty ? "<p class=\"muted\">\(view.say("say.restricted.none"))</p>" : """
            <div class="table-box"><table class="table"><thead><tr>\(heads)<td></td></tr></thead><tbody>\(rows)</tbody></table></div>
            """
        return .page(title: view.say("page.restricted"), """
        <div class="head"><div><h1>\(view.say("page.restricted"))</h1><p class="muted">\(view.say("say.restricted.lead"))</p></div></div>
        \(table)
        \(form(view))
        """)
    }

    private static func form(_ view: View) -> HTML {
        let schema = view.session.platform.schema(of: AccessRequest.self)
        let fields = [AccessRequest.about.schema, AccessRequest.reason.schema, AccessRequest.scope.schema, AccessRequest.hours.schema].map { field -> HTML in
            let first: Value = field.name == "about" ? view.parameter("about").map(Value.text) ?? .null : field.initial
            return view.field(schema, field, value: first, isFull: true)
        }
        return """
        \(view.faultSummary { name in schema.field(name).map { view.label(schema, $0) } })
        <form class="form" id="ask" method="post" action="/situation/restricted">\(view.token)
        <fieldset class="fieldset"><legend>\(view.say("say.restricted.form"))</legend><div class="fields">\(fields)</div></fieldset>
        <div class="form-foot"><button class="btn primary">\(view.say("say.restricted.send"))</button></div></form>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let schema = view.session.platform.schema(of: AccessRequest.self)
        let asked = ["about", "reason", "scope", "hours"].compactMap(schema.field)
        return .redirect(view.address(of: try view.session.create(schema, view.values(of: asked))))
    }
}
