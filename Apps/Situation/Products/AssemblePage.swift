import Kernel

/// Putting a product together: draw, write, order, take out, mark, address. Buttons only, no script needed.
enum AssemblePage {
    static let page = Page("product/{reference}/assemble", for: [.dutyOfficer, .analyst], isInMenu: false, show: show, send: send)

    static func address(_ product: Record<Product>) -> String { "/situation/product/\(product.reference)/assemble" }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let product = try ProductPage.product(view)
        // Of what the one who works on it may read.
        let parts = try ProductPart.of(product.ref, view.session, where: ProductPart.isIncluded)
        let mark = Secrecy.highest(parts.map(\.secrecy)).with(product.titleSecrecy)
        let shown = ProductMarkup.banner(mark, view)
        let marking: HTML = product.row.shows(.exact) ? view.why("\(view.address(of: product))/working?of=field:marking", shown) : "<bdi>\(shown)</bdi>"
        let banner = ProductMarkup.bannerLine(mark, view)
        view.label = shown
        return .page(title: "\(product.reference) \(product[Product.title])", """
        \(banner)
        <div class="head"><div><nav class="crumbs small" aria-label="\(view.say("product.plural"))"><a href="/situation/reporting">\(view.say("page.reporting"))</a></nav>\
        <h1><span class="mark">\(ProductMarkup.mark(product.titleSecrecy, view))</span> <bdi>\(product[Product.title])</bdi></h1>\
        <p class="row tight"><bdi class="ref">\(product.reference)</bdi> \(view.stateBadge(product.row)) \(marking)</p></div></div>
        \(view.faultSummary(view.session.platform.schema(of: ProductPart.self)))
        \(try actions(product, view))
        \(product.state == .draft ? try PartForms(view: view, product: product).html : view.notice("warn", HTML(text: view.say("say.product.frozen"))))
        \(banner)
        """)
    }

    /// The moves that may be made, and the ways to see how it reads.
    private static func actions(_ product: Record<Product>, _ view: View) throws -> HTML {
        let moves = try view.session.moves(product.row).filter(\.asks.isEmpty).map { move -> HTML in
            """
            <form method="post" action="\(view.address(of: product))/moves/\(move.name)">\(view.token)<input type="hidden" name="version" value="\(product.version)">\
            <button class="btn primary">\(view.say("product.move.\(move.name)"))</button></form>
            """
        }
        let draw: HTML = product.state != .draft ? .empty : """
            <form method="post" action="\(address(product))">\(view.token)<button class="btn" name="do" value="draw">\(view.icon("refresh"))\(view.say("say.product.draw"))</button></form>
            """
        return """
        <div class="row no-print">\(moves)\(draw)<a class="btn" href="/situation/product/\(product.reference)">\(view.icon("eye"))\(view.say("product.shortcut.read"))</a>\
        <a class="btn" href="/situation/product/\(product.reference)/preview">\(view.icon("people"))\(view.say("product.shortcut.preview"))</a>\
        <a class="btn quiet" href="\(view.address(of: product))">\(view.icon("records"))\(view.say("say.product.record"))</a></div>
        """
    }

    // MARK: What was sent

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let product = try ProductPage.product(view)
        let desk = AssemblyDesk(view: view, product: product)
        let place = try desk.act()
        return .redirect(address(product) + place)
    }
}

/// What the buttons of the page do; each answers with the place on the page to go on at.
struct AssemblyDesk {
    let view: View
    let product: Record<Product>

    private var session: Session { view.session }

    func act() throws -> String {
        guard let act = view.sent("do") else { throw Refusal.absent }
        switch act {
        case "draw":
            guard product.state == .draft else { throw Refusal("product-frozen", .conflict, scope: Product.app) }
            try ProductGathering(product: product, session: session).run()
            return ""
        case "add": return "#" + anchor(try add())
        case "send-to": try sendTo(); return "#recipients"
        case let act where act.hasPrefix("not-to:"):
            try session.change(product) { $0[Product.recipients].removeAll { $0 == act.dropFirst(7) } }
            return "#recipients"
        default: return "#" + anchor(try change(act))
        }
    }

    private func anchor(_ part: Record<ProductPart>) -> String { "part-\(part.id.description)" }

    private func part() throws -> Record<ProductPart> {
        guard let id = view.sent("part").flatMap({ RecordID($0) }), let part = try session.record(Ref<ProductPart>(id)), part[ProductPart.product] == product.ref else {
            throw Refusal.absent
        }
        return part
    }

    private func change(_ act: String) throws -> Record<ProductPart> {
        let part = try part()
        switch act {
        case "save": return try session.change(part) { try write(&$0) }
        case "remove": return try session.change(part) { $0[ProductPart.inclusion] = .removed }
        case "restore": return try session.change(part) { $0[ProductPart.inclusion] = .included }
        case "open": return try session.change(part) { $0[ProductPart.openTo] = product[Product.reach] }
        case "up": return try shift(part, by: -1)
        case "down": return try shift(part, by: 1)
        default: throw Refusal.absent
        }
    }

    private static let written = ["heading", "text", "label", "compartments"]

    private func write(_ part: inout Record<ProductPart>) throws {
        let schema = session.platform.schema(of: ProductPart.self)
        let values = try view.values(of: Self.written.compactMap(schema.field))
        if case .text(let heading) = values["heading"] { part[ProductPart.heading] = heading } else { throw Refusal("required", field: "heading") }
        part[ProductPart.text] = values["text"].flatMap { LongText($0) }
        part[ProductPart.label] = values["label"].flatMap { Label($0) } ?? part[ProductPart.label]
        part[ProductPart.compartments] = values["compartments"].flatMap { [String]($0) } ?? []
        part[ProductPart.controlled] = view.form["controlled"]?.contains("true") ?? false
    }

    private func add() throws -> Record<ProductPart> {
        try session.create(ProductPart.self) { part in
            part[ProductPart.product] = product.ref
            part[ProductPart.section] = view.sent("section").flatMap(ProductPart.Section.init) ?? .other
            try write(&part)
        }
    }

    /// Changes places with the neighbour in the same section; the section is counted anew, so that equal places cannot stand in the way.
    private func shift(_ part: Record<ProductPart>, by step: Int) throws -> Record<ProductPart> {
        var section = try ProductPart.of(product.ref, session, where: ProductPart.section.equals(part[ProductPart.section]).and(ProductPart.isIncluded))
        guard let place = section.firstIndex(where: { $0.id == part.id }), section.indices.contains(place + step) else { return part }
        section.swapAt(place, place + step)
        for (number, other) in section.enumerated() where other[ProductPart.place] != (number + 1) * 10 {
            try session.change(other) { $0[ProductPart.place] = (number + 1) * 10 }
        }
        return part
    }

    // MARK: To whom

    private func sendTo() throws {
        let person = FieldSchema(name: "person", kind: .reference, target: Person.schemaID)
        var named: [RecordID] = view.sent("unit").flatMap { RecordID($0) }.map { [$0] } ?? []
        if case .reference(let id) = try view.value(sent: person) { named.append(id) }
        guard !named.isEmpty else { throw Refusal("no-recipients", field: "person", scope: Product.app) }
        try session.change(product) { draft in
            for id in named where !draft[Product.recipients].contains(id.description) { draft[Product.recipients].append(id.description) }
        }
    }
}
