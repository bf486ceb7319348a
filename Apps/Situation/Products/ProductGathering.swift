import Kernel

/// A part as a source draws it.
struct DrawnPart: Sendable {
    var section: ProductPart.Section
    var heading: String
    /// Empty: to be written by hand.
    var text: String
    /// What it is about: the incident it is drawn from, or the name of what no single record holds.
    var source: Record<Incident>?
    var topic: String?
    var secrecy = Secrecy.open
    var originator: UnitID?
    var controlled = false
    /// To whom it may be shown beyond the originator's component.
    var releasableTo = Distribution.everyone
}

/// Draws the parts of a product from the records of its period, under the rights and in the language of the one who drafts. What a person wrote or took out stays as
/// it is, however often it is drawn again.
struct ProductGathering {
    /// Something that parts are drawn from: incidents, patrols, requirements …
    typealias Source = (Record<Product>, Session) throws -> [DrawnPart]

    let product: Record<Product>
    let session: Session

    /// What came of it.
    struct Outcome: Equatable { var added = 0, renewed = 0, kept = 0, lapsed = 0 }

    static func sources(of kind: Product.Kind) -> [Source] {
        switch kind {
        case .sincrep: [IncidentSource.single, OutlookSource.assessment]
        case .sitrep, .daily, .weekly: [FigureSource.draw, IncidentSource.draw, PatrolSource.draw, RequirementSource.draw, AlertSource.draw, OutlookSource.outlook]
        }
    }

    /// The most parts of a product.
    static let most = 500

    @discardableResult
    func run() throws -> Outcome {
        let drawn = try Self.sources(of: product[Product.kind]).flatMap { try $0(product, session) }
        guard drawn.count <= Self.most else {
            throw Refusal("too-many-parts", .conflict, scope: Product.app, ["most": SituationWords(session: session).formats.integer(Self.most)])
        }
        var outcome = Outcome()
        var left = try ProductPart.of(product.ref, session).filter(\.isDrawn)
        for (number, part) in drawn.enumerated() {
            // In steps, so that a part may be moved between two others.
            let place = (number + 1) * 10
            guard let known = left.firstIndex(where: { $0[ProductPart.source] == part.source?.ref && $0[ProductPart.topic] == part.topic && $0[ProductPart.section] == part.section }) else {
                try add(part, place)
                outcome.added += 1
                continue
            }
            let kept = left.remove(at: known)
            if kept.isEdited || kept[ProductPart.inclusion] == .removed { outcome.kept += 1 } else if try renew(kept, part) { outcome.renewed += 1 }
        }
        for part in left where !part.isEdited && part[ProductPart.inclusion] == .included {
            try session.change(part) { $0[ProductPart.inclusion] = .lapsed }
            outcome.lapsed += 1
        }
        return outcome
    }

    private func add(_ part: DrawnPart, _ place: Int) throws {
        try session.create(ProductPart.self) { draft in
            draft[ProductPart.product] = product.ref
            draft[ProductPart.section] = part.section
            draft[ProductPart.place] = place
            draft[ProductPart.source] = part.source?.ref
            draft[ProductPart.topic] = part.topic
            draft[ProductPart.originator] = part.originator
            draft[ProductPart.controlled] = part.controlled
            draft[ProductPart.releasableTo] = part.releasableTo
            fill(&draft, part)
        }
    }

    /// Whether there was anything new in it.
    private func renew(_ kept: Record<ProductPart>, _ part: DrawnPart) throws -> Bool {
        let after = try session.change(kept) { draft in
            draft[ProductPart.inclusion] = .included
            fill(&draft, part)
        }
        return after.version != kept.version
    }

    private func fill(_ draft: inout Record<ProductPart>, _ part: DrawnPart) {
        draft[ProductPart.heading] = String(part.heading.prefix(200))
        draft[ProductPart.drawnHeading] = draft[ProductPart.heading]
        draft[ProductPart.text] = part.text.isEmpty ? nil : LongText(part.text)
        draft[ProductPart.drawn] = LongText(part.text)
        draft[ProductPart.releasableTo] = draft[ProductPart.releasableTo].filter(part.releasableTo.contains)
        draft.raise(to: part.secrecy)
    }
}
