import Kernel

/// Where products are begun, released and read.
enum ReportingPage {
    static let page = Page("reporting", show: show, send: send)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let session = view.session
        let isWorking = session.access.holds(.dutyOfficer) || session.access.holds(.analyst) || session.access.holds(.releaser)
        let work: [HTML] = isWorking ? [
            try list("submitted", .state(Product.State.submitted), "product/{reference}/preview", view), try list("drafts", .state(Product.State.draft), "product/{reference}/assemble", view),
        ] : []
        return .page(title: view.say("page.reporting"), """
        <div class="head"><div><h1>\(view.say("page.reporting"))</h1><p class="muted">\(view.say("say.product.lead"))</p></div></div>
        \(view.faultSummary(session.platform.schema(of: Product.self)))
        \(work)\(try list("released", Product.isOut, "product/{reference}", view))
        \(session.mayCreate(session.platform.schema(of: Product.self)) ? form(view) : .empty)
        <p class="small muted">\(view.say("say.product.feeds")) <a href="/situation/feed/products.atom" download>Atom</a> · <a href="/situation/feed/products.rss" download>RSS</a> · \
        <a href="/account/tokens">\(view.say("say.product.token"))</a></p>
        """)
    }

    private static func list(_ name: String, _ claim: Condition, _ path: String, _ view: View) throws -> HTML {
        let found = try view.session.find(Product.self, where: claim, sort: [.down(Product.until)], limit: 30)
        let items = found.map { product -> HTML in
            let address = "/situation/" + path.replacing("{reference}", with: product.reference)
            return """
            <li><div class="spread"><a href="\(address)"><bdi>\(product[Product.title])</bdi></a>\(view.stateBadge(product.row))</div>\
            <p class="small muted"><bdi>\(product.reference)</bdi> · \(view.say("product.kind.\(product[Product.kind].rawValue)")) · \(view.time(product[Product.until]))</p></li>
            """
        }
        let content: HTML = items.isEmpty ? "<p class=\"muted\">\(view.say("say.product.none"))</p>" : "<ul class=\"list loose\">\(items)</ul>"
        return "<section class=\"stack snug\" aria-labelledby=\"l-\(name)\"><h2 id=\"l-\(name)\">\(view.say("say.product.\(name)"))</h2>\(content)</section>"
    }

    // MARK: A new one

    private static let asked = ["kind", "until", "from", "incident"]

    private static func form(_ view: View) -> HTML {
        let schema = view.session.platform.schema(of: Product.self)
        let fields = asked.compactMap(schema.field).map { field -> HTML in
            let value: Value = switch field.name { case "until": .instant(view.now); case "kind": field.initial; default: .null }
            return view.field(schema, field, value: value, isRequired: field.name == "kind" || field.name == "until", isFull: true)
        }
        return """
        <section class="stack snug" aria-labelledby="new"><h2 id="new">\(view.say("say.product.new"))</h2>\
        <form class="form" method="post" action="/situation/reporting">\(view.token)<div class="fields">\(fields)</div>\
        <div class="form-foot"><button class="btn primary">\(view.say("say.product.begin"))</button></div></form></section>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let session = view.session, schema = session.platform.schema(of: Product.self)
        let values = try view.values(of: asked.compactMap(schema.field))
        guard let kind = values["kind"].flatMap({ Product.Kind($0) }) else { throw Refusal("required", field: "kind") }
        guard case .instant(let until) = values["until"] else { throw Refusal("required", field: "until") }
        var from = until.adding(days: -(kind.days ?? 1))
        if case .instant(let start) = values["from"] { from = start }
        var incident: Record<Incident>?
        if case .reference(let id) = values["incident"] {
            guard let found = try session.record(Ref<Incident>(id)) else { throw Refusal("no-such-record", field: "incident") }
            incident = found
        }
        let product = try begin(kind, from, until, incident, session)
        return .redirect("/situation/product/\(product.reference)/assemble")
    }

    /// A draft with everything drawn that belongs into it.
    @discardableResult
    static func begin(_ kind: Product.Kind, _ from: Instant, _ until: Instant, _ incident: Record<Incident>?, _ session: Session) throws -> Record<Product> {
        let product = try session.create(Product.self) { draft in
            draft[Product.kind] = kind
            draft[Product.from] = kind == .sincrep ? incident?[Incident.occurred] ?? from : from
            draft[Product.until] = until
            draft[Product.incident] = kind == .sincrep ? incident?.ref : nil
            draft[Product.title] = title(kind, from, until, incident, SituationWords(session: session))
        }
        try ProductGathering(product: product, session: session).run()
        return try session.record(product.ref) ?? product
    }

    private static func title(_ kind: Product.Kind, _ from: Instant, _ until: Instant, _ incident: Record<Incident>?, _ say: SituationWords) -> String {
        let name = say("product.kind.\(kind.rawValue)")
        if kind == .sincrep, let incident {
            return String(say("say.product.sincrep-title", ["kind": .formatted(name), "title": .formatted(incident[Incident.summary])]).prefix(200))
        }
        let days = kind == .daily ? say.formats.dateLong(CalendarDate(until, in: say.formats.timeZone)) : say("say.product.from-until", [
            "from": .formatted(say.formats.date(from)), "until": .formatted(say.formats.date(until)),
        ])
        return say("say.product.period-title", ["kind": .formatted(name), "days": .formatted(days)])
    }
}

/// The pages about products, for the app's table of contents.
enum ProductPages {
    static let all = [ReportingPage.page, AssemblePage.page, PreviewPage.page, ProductPage.document, ProductPage.page, FeedPage.file]
}
