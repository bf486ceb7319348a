import Kernel

/// How a product stands on a page and on paper: the same sections, numbers and marks.
struct ProductMarkup {
    let view: View
    let reading: ProductReading

    private var product: Record<Product> { reading.product }
    /// The text is in the language of the one who drafted it.
    private var language: String { product[Product.language].rawValue }

    // MARK: Marks

    /// "(C)", the mark of a part, before its heading.
    static func mark(_ secrecy: Secrecy, _ view: View) -> String {
        "(" + ([view.say("say.mark.\(secrecy.label.rawValue)")] + secrecy.compartments.sorted()).joined(separator: "/") + ")"
    }

    /// The classification of the whole, as it is printed.
    static func banner(_ secrecy: Secrecy, _ view: View) -> String {
        ([view.say("incident.label.\(secrecy.label.rawValue)")] + secrecy.compartments.sorted()).joined(separator: " // ").uppercased()
    }

    static func bannerLine(_ secrecy: Secrecy, _ view: View) -> HTML {
        "<p class=\"classification\(secrecy.label == .unclassified ? "" : " confidential")\">\(banner(secrecy, view))</p>"
    }

    // MARK: Content

    var sections: [HTML] {
        reading.sections.enumerated().map { number, section -> HTML in
            let parts = section.parts.enumerated().map { part($1, "\(number + 1).\($0 + 1)") }
            let name = view.say("product-part.section.\(section.section.rawValue)")
            return "<section class=\"stack snug\"><h2><span class=\"num\">\(view.formats.digits("\(number + 1)"))</span> \(name)</h2>\(parts)</section>"
        }
    }

    private func part(_ part: Record<ProductPart>, _ number: String) -> HTML {
        let text: HTML = part[ProductPart.text].map { "<div class=\"stack snug\" lang=\"\(language)\" dir=\"auto\">\(Markdown.html($0.text))</div>" } ?? .empty
        let heading: HTML = "<h3><span class=\"num\">\(view.formats.digits(number))</span> <span class=\"mark\">\(Self.mark(part.secrecy, view))</span> <bdi lang=\"\(language)\">\(part[ProductPart.heading])</bdi></h3>"
        return "\(heading)\(text)\(source(part))"
    }

    /// The record that it is drawn from, for those who may read it.
    private func source(_ part: Record<ProductPart>) -> HTML {
        guard let id = part[ProductPart.source], let source = try? view.session.record(id) else { return .empty }
        return "<p class=\"small muted source\">\(view.say("product-part.source")) <a href=\"\(view.address(of: source))\"><bdi>\(source.reference)</bdi></a></p>"
    }

    /// What it is, of when, by whom.
    var facts: HTML {
        var rows: [(String, HTML)] = [
            (view.say("product.kind"), HTML(text: view.say("product.kind.\(product[Product.kind].rawValue)"))),
            (view.say("say.product.period"), HTML(text: view.say("say.product.from-until", [
                "from": .formatted(view.formats.dateTime(product[Product.from])), "until": .formatted(view.formats.dateTime(product[Product.until])),
            ]))),
        ]
        if let unit = product[Product.unit], let name = try? view.session.label(Unit.schemaID, unit.id) { rows.append((view.say("product.unit"), "<bdi>\(name)</bdi>")) }
        rows.append((view.say("product.edition"), HTML(text: view.formats.integer(product[Product.edition]))))
        if let at = product[Product.releasedAt] {
            rows.append((view.say("product.released-at"), view.fullTime(at)))
            rows.append((view.say("product.releaser"), view.person(product[Product.releaser]?.id)))
        }
        let names = (try? ProductWorking.names(product[Product.recipients], view.session)) ?? []
        if !names.isEmpty { rows.append((view.say("product.recipients"), HTML(text: view.formats.list(names.map(\.text))))) }
        return "<dl class=\"facts\">\(rows.map { "<dt>\($0.0)</dt><dd>\($0.1)</dd>" as HTML })</dl>"
    }

    /// The check sum of what is shown.
    var seal: HTML { "<p class=\"small muted break\">\(view.say("say.product.seal")) <code dir=\"ltr\">\(reading.digest)</code></p>" }

    // MARK: On paper

    var document: PrintDocument {
        let state: HTML = product.state == .released ? .empty : "<p class=\"notice\">\(view.say("product.state.\(product.state.rawValue)"))</p>"
        return PrintDocument(
            name: product.reference, title: product[Product.title], language: view.language, author: view.session.platform.configuration.organisation,
            reference: product.reference, banner: Self.banner(reading.secrecy, view), disclaimer: view.say("say.exchange.disclaimer"), made: view.now,
            body: "<h1><span class=\"mark\">\(Self.mark(product.titleSecrecy, view))</span> <bdi lang=\"\(language)\">\(product[Product.title])</bdi></h1>\(state)\(facts)\(sections)\(seal)")
    }
}
