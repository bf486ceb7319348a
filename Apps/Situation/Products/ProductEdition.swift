import Kernel

/// A new edition of a product that is out: a draft with the same parts, which takes the place of the old one when it is released.
enum ProductEdition {
    @discardableResult
    static func begin(_ old: Record<Product>, _ session: Session) throws -> Record<Product> {
        let parts = try ProductPart.of(old.ref, session, where: ProductPart.isIncluded)
        let whole = try ProductPart.of(old.ref, session.asService(Product.app), where: ProductPart.isIncluded)
        // Nobody is to leave out by a new edition what they do not see.
        guard parts.count == whole.count else { throw Refusal("edition-unread", .forbidden, scope: Product.app) }
        let product = try session.create(Product.self) { draft in
            draft[Product.kind] = old[Product.kind]
            draft[Product.title] = old[Product.title]
            draft[Product.from] = old[Product.from]
            draft[Product.until] = old[Product.until]
            draft[Product.incident] = old[Product.incident]
            draft[Product.unit] = old[Product.unit]
            draft[Product.recipients] = old[Product.recipients]
            draft[Product.label] = old[Product.label]
            draft[Product.titleCompartments] = old[Product.titleCompartments]
            draft[Product.edition] = old[Product.edition] + 1
            draft[Product.replaces] = old.ref
        }
        for part in parts { try copy(part, to: product, session) }
        return product
    }

    private static func copy(_ part: Record<ProductPart>, to product: Record<Product>, _ session: Session) throws {
        try session.create(ProductPart.self) { draft in
            draft[ProductPart.product] = product.ref
            draft[ProductPart.section] = part[ProductPart.section]
            draft[ProductPart.place] = part[ProductPart.place]
            draft[ProductPart.heading] = part[ProductPart.heading]
            draft[ProductPart.text] = part[ProductPart.text]
            draft[ProductPart.source] = part[ProductPart.source]
            draft[ProductPart.topic] = part[ProductPart.topic]
            draft[ProductPart.drawnHeading] = part[ProductPart.drawnHeading]
            draft[ProductPart.drawn] = part[ProductPart.drawn]
            draft[ProductPart.label] = part[ProductPart.label]
            draft[ProductPart.compartments] = part[ProductPart.compartments]
            draft[ProductPart.originator] = part[ProductPart.originator]
            draft[ProductPart.releasableTo] = part[ProductPart.releasableTo]
            draft[ProductPart.controlled] = part[ProductPart.controlled]
            draft[ProductPart.openTo] = part[ProductPart.openTo]
        }
    }

    /// The old one is withdrawn in the same moment, and says which took its place.
    static func replace(_ old: Ref<Product>, by product: Record<Product>, _ session: Session) throws {
        let rules = session.asService(Product.app)
        guard let old = try rules.record(old), old.state == .released else { return }
        let reason = SituationWords(session: session)("say.product.replaced-by", ["reference": .text(product.reference)])
        try rules.move(old, "withdraw") { $0[Product.reason] = LongText(reason) }
    }
}
