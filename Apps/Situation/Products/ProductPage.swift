import Kernel

/// A product as its reader has it, on a page and as a document.
enum ProductPage {
    static let page = Page("product/{reference}", isInMenu: false, show: show, send: send)
    static let document = Page("product/{reference}/document", isInMenu: false, show: printed)

    static func product(_ view: View) throws -> Record<Product> {
        guard let row = try view.session.row(view.session.platform.schema(of: Product.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    /// What is read above unclassified is in the ledger.
    private static func reading(_ view: View) throws -> ProductReading {
        let reading = try ProductReading(product(view), view.session)
        for part in reading.parts where part[ProductPart.label] != .unclassified { _ = try view.session.opened(part.row) }
        return reading
    }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let reading = try reading(view), product = reading.product
        let markup = ProductMarkup(view: view, reading: reading)
        let banner = ProductMarkup.bannerLine(reading.secrecy, view)
        view.label = ProductMarkup.banner(reading.secrecy, view)
        return .page(title: "\(product.reference) \(product[Product.title])", """
        \(banner)
        <div class="head"><div><nav class="crumbs small" aria-label="\(view.say("product.plural"))"><a href="/situation/reporting">\(view.say("page.reporting"))</a></nav>\
        <h1><span class="mark">\(ProductMarkup.mark(product.titleSecrecy, view))</span> <bdi>\(product[Product.title])</bdi></h1>\
        <p class="row tight"><bdi class="ref">\(product.reference)</bdi> \(view.stateBadge(product.row))</p></div></div>
        \(actions(product, view))\(standing(product, view))\(markup.facts)
        \(reading.parts.isEmpty ? view.notice("info", HTML(text: view.say("say.product.nothing"))) : .empty)\(markup.sections)
        \(markup.seal)<p class="small muted">\(view.say("say.exchange.disclaimer"))</p>
        \(banner)
        """)
    }

    private static func actions(_ product: Record<Product>, _ view: View) -> HTML {
        let access = view.session.access
        var links: [HTML] = ["<a class=\"btn\" href=\"/situation/product/\(product.reference)/document\" download>\(view.icon("print"))\(view.say("say.product.pdf"))</a>"]
        if product.state == .draft, access.holds(.dutyOfficer) || access.holds(.analyst) {
            links.append("<a class=\"btn\" href=\"/situation/product/\(product.reference)/assemble\">\(view.icon("edit"))\(view.say("product.shortcut.assemble"))</a>")
        }
        if product.state == .released || product.state == .withdrawn, view.session.mayCreate(product.row.schema) {
            links.append("""
                <form method="post" action="/situation/product/\(product.reference)">\(view.token)<button class="btn">\(view.icon("copy"))\(view.say("say.product.new-edition"))</button></form>
                """)
        }
        links.append("<a class=\"btn quiet\" href=\"\(view.address(of: product))\">\(view.icon("records"))\(view.say("say.product.record"))</a>")
        return "<div class=\"row no-print\">\(links)</div>"
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let product = try product(view)
        guard product.state == .released || product.state == .withdrawn else { throw Refusal.absent }
        return .redirect(AssemblePage.address(try ProductEdition.begin(product, view.session)))
    }

    /// What is not released, or no longer, says so before anything else.
    private static func standing(_ product: Record<Product>, _ view: View) -> HTML {
        switch product.state {
        case .released: .empty
        case .draft, .submitted: view.notice("warn", HTML(text: view.say("say.product.not-released")))
        case .withdrawn:
            view.notice("bad", "\(view.say("say.product.is-withdrawn")) <bdi>\(product[Product.reason]?.text ?? "")</bdi>")
        }
    }

    @Sendable private static func printed(_ view: View) throws -> Page.Answer {
        .document(ProductMarkup(view: view, reading: try reading(view)).document)
    }
}
