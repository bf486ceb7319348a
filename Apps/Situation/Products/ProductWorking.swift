import Kernel

/// Why a product and its parts are marked as they are, what a figure counts, and whether the text is still the one that was released.
enum ProductWorking {
    // MARK: Marks

    @Sendable static func marking(_ product: Record<Product>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        let parts = try ProductPart.of(product.ref, session, where: ProductPart.isIncluded)
        let title = [say("product.title"), mark(product.titleSecrecy, say)]
        let rows = [title] + parts.map { [$0[ProductPart.heading], mark($0.secrecy, say)] }
        let idle = Set(([product.titleSecrecy] + parts.map(\.secrecy)).enumerated().filter { $1.label < product[Product.marking] }.map(\.offset))
        return Explanation(summary: say("say.product.marking-rule"), [
            Working.Section(say("product-part.plural"), [.table(head: [say("product-part.heading"), say("product-part.label")], rows: rows, idle: idle, hasTotal: false)]),
        ])
    }

    @Sendable static func label(_ part: Record<ProductPart>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let source = try part[ProductPart.source].flatMap({ try session.record($0) }) else { return Explanation(summary: say("say.product.label-by-hand"), []) }
        return Explanation(summary: say("say.product.label-rule"), [
            Working.Section(say("product-part.source"), [
                .fact(source.reference, mark(source.secrecy, say), link: "/situation/incidents/\(source.reference)"),
            ]),
        ])
    }

    @Sendable static func release(_ part: Record<ProductPart>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        func names(_ audiences: [Audience]) -> String { audiences.isEmpty ? "—" : say.formats.list(audiences.map { say("incident.releasable-to.\($0.rawValue)") }) }
        var facts = [Working.Part.fact(say("product-part.releasable-to"), names(part[ProductPart.releasableTo]), link: nil)]
        if let source = try part[ProductPart.source].flatMap({ try session.record($0) }) {
            facts.append(.fact(source.reference, names(source[Incident.releasableTo]), link: "/situation/incidents/\(source.reference)"))
        }
        return Explanation(summary: say("say.product.release-rule"), [Working.Section(say("product-part.source"), facts)])
    }

    static func mark(_ secrecy: Secrecy, _ say: SituationWords) -> String {
        ([say("incident.label.\(secrecy.label.rawValue)")] + secrecy.compartments.sorted()).joined(separator: " · ")
    }

    // MARK: Text

    @Sendable static func text(_ part: Record<ProductPart>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        var sections: [Working.Section] = []
        if let source = try part[ProductPart.source].flatMap({ try session.record($0) }) {
            sections.append(Working.Section(say("product-part.source"), [
                .fact(source.reference, source[Incident.summary], link: "/situation/incidents/\(source.reference)"),
            ]))
        }
        // Of a question or an alert the topic is its address.
        if let topic = part[ProductPart.topic], topic.contains("/") {
            sections.append(Working.Section(say("product-part.source"), [.fact(say("product-part.source"), topic.split(separator: "/").last.map(String.init) ?? topic, link: "/situation/\(topic)")]))
        }
        if let topic = part[ProductPart.topic], let product = try session.record(part[ProductPart.product]), topic == FigureSource.open || topic == FigureSource.all {
            let counted = try FigureSource.counted(product, session).filter { topic == FigureSource.all || $0.secrecy.isOpen }
            sections.append(Working.Section(say("say.product.counted"), [figures(counted, say), .text(say("say.product.figure-rule"))]))
        }
        if part.isEdited, let drawn = part[ProductPart.drawn] { sections.append(Working.Section(say("product-part.drawn"), [.text(drawn.text)])) }
        let isDrawn = part[ProductPart.source] != nil || part[ProductPart.topic] != nil
        return Explanation(summary: say(part.isEdited ? "say.product.edited" : isDrawn ? "say.product.drawn" : "say.product.by-hand"), sections)
    }

    private static func figures(_ incidents: [Record<Incident>], _ say: SituationWords) -> Working.Part {
        func cell(_ number: Int?) -> String { number.map(say.formats.integer) ?? "" }
        let rows = incidents.map { incident in
            [incident.reference, say("incident.kind.\(incident[Incident.kind].rawValue)")] + Figure.all.map { cell(incident[$0.best]) }
        }
        let total = [say.formats.integer(incidents.count), ""] + Figure.all.map { cell(FigureSource.sum($0, incidents)?.best) }
        return .table(
            head: [say("incident"), say("incident.kind")] + Figure.all.map { say("incident.\($0.best.name)") }, rows: rows + [total], idle: [], hasTotal: true)
    }

    @Sendable static func digest(_ product: Record<Product>, _ session: Session) throws -> Explanation {
        let say = SituationWords(session: session)
        guard let digest = product[Product.digest] else { return Explanation(summary: say("say.product.not-frozen"), []) }
        // Of the whole text, also of what this reader may not read: only the answer is told.
        let parts = try ProductPart.of(product.ref, session.asService(Product.app), where: ProductPart.isIncluded)
        let now = ProductText.digest(title: product[Product.title], parts)
        return Explanation(summary: say("say.product.digest-rule"), [
            Working.Section(say("product.digest"), [.check(now == digest, say(now == digest ? "say.product.unchanged" : "say.product.changed")), .formula(now)]),
        ])
    }

    // MARK: People

    @Sendable static func recipients(_ product: Record<Product>, _ session: Session) throws -> [(label: String, text: String)] { try names(product[Product.recipients], session) }
    @Sendable static func reach(_ product: Record<Product>, _ session: Session) throws -> [(label: String, text: String)] { try names(product[Product.reach], session) }
    @Sendable static func partReach(_ part: Record<ProductPart>, _ session: Session) throws -> [(label: String, text: String)] { try names(part[ProductPart.reach], session) }
    @Sendable static func openTo(_ part: Record<ProductPart>, _ session: Session) throws -> [(label: String, text: String)] { try names(part[ProductPart.openTo], session) }

    /// Persons and units by name, as far as the session may read them.
    static func names(_ ids: [String], _ session: Session) throws -> [(label: String, text: String)] {
        let say = SituationWords(session: session)
        return try ids.compactMap { RecordID($0) }.compactMap { id in
            if let unit = try session.record(UnitID(id)) { return (say("say.product.unit"), session.title(unit.row)) }
            return try session.record(PersonID(id)).map { (say("say.product.person"), session.title($0.row)) }
        }
    }
}
