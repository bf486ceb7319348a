import Kernel

/// A product as one reader has it: the parts they may read, numbered as if there were no others, and the highest mark among them.
struct ProductReading {
    struct Section {
        let section: ProductPart.Section
        let parts: [Record<ProductPart>]
    }

    let product: Record<Product>
    let sections: [Section]

    var parts: [Record<ProductPart>] { sections.flatMap(\.parts) }
    /// What is shown, marked as a whole.
    var secrecy: Secrecy { Secrecy.highest(parts.map(\.secrecy) + [product.titleSecrecy]) }
    /// SHA-256 of the text that is shown: what two readers hold can be told to be the same.
    var digest: String { ProductText.digest(title: product[Product.title], parts) }

    /// As the session may read it.
    init(_ product: Record<Product>, _ session: Session) throws {
        self.init(product, try ProductPart.of(product.ref, session, where: ProductPart.isIncluded))
    }

    /// As another person will read it once it is released, of what the session may read itself.
    init(_ product: Record<Product>, _ session: Session, as other: Access) throws {
        let parts = try ProductPart.of(product.ref, session, where: ProductPart.isIncluded)
        self.init(product, parts.filter { part in
            var released = part
            released[ProductPart.standing] = .released
            return other.decide(.read, released.row).isAllowed
        })
    }

    private init(_ product: Record<Product>, _ parts: [Record<ProductPart>]) {
        self.product = product
        sections = ProductPart.Section.allCases.compactMap { section in
            let own = parts.filter { $0[ProductPart.section] == section }
            return own.isEmpty ? nil : Section(section: section, parts: own)
        }
    }

    /// Whether another person will find the product itself.
    static func finds(_ product: Record<Product>, _ other: Access) -> Bool {
        var released = product
        released.enter(.released)
        return other.decide(.read, released.row).isAllowed
    }
}
