import Kernel

/// A part of a product: a heading and a text with a mark of their own, drawn from a record or written by hand. Who may not read it is not told that it is there.
enum ProductPart: RecordType {
    static let app = "situation"
    /// The sections, in the order they are printed.
    enum Section: String, Choice { case summary, incidents, patrols, requirements, alerts, outlook, other }
    /// `lapsed`: what it was drawn from is no longer in the picture of the period.
    enum Inclusion: String, Choice { case included, removed, lapsed }

    static let product   = Key<Ref<Product>>("product", .indexed, .once)
    static let section   = Key<Section>("section", .once, initial: .other)
    /// The order within the section; not for readers, whom a gap would tell of what they may not read.
    static let place     = Key<Int>("place", .systemSet, .fieldClass(.exact), initial: 0)
    static let heading   = Key<String>("heading", .searchable)
    static let text      = Key<LongText?>("text", .searchable)
    static let inclusion = Key<Inclusion>("inclusion", .systemSet, .fieldClass(.internal), initial: .included)

    /// The record it is drawn from.
    static let source       = Key<Ref<Incident>?>("source", .systemSet, .indexed)
    /// What a drawn part is about where that is no single record: the figures of the period.
    static let topic        = Key<String?>("topic", .systemSet, .fieldClass(.internal), .max(60))
    /// As it was drawn: what a person changed is told from it, and kept.
    static let drawnHeading = Key<String?>("drawn-heading", .systemSet, .fieldClass(.internal))
    static let drawn        = Key<LongText?>("drawn", .systemSet, .fieldClass(.internal))
    /// Who wrote in it last.
    static let writer       = Key<PersonID?>("writer", .systemSet, .fieldClass(.internal))

    /// Portion mark: at least that of the source.
    static let label       = Key<Label>("label", initial: .unclassified)
    static let compartments = Key<[String]>("compartments")
    /// The component that the source belongs to.
    static let originator  = Key<UnitID?>("originator", .systemSet)
    /// To whom what it was drawn from may be shown beyond its own component.
    static let releasableTo = Key<[Audience]>("releasable-to", .systemSet, .fieldClass(.internal), initial: Distribution.everyone)
    /// Nobody reads it whom the originator has not named, whatever their clearance.
    static let controlled  = Key<Bool>("controlled", initial: false)
    /// Persons and units that the originator opened it to, by id.
    static let openTo      = Key<[String]>("open-to", .systemSet, .fieldClass(.internal))

    // What the rules of access need to know of the product.
    static let unit     = Key<UnitID?>("unit", .systemSet)
    static let standing = Key<Product.State>("standing", .systemSet, .fieldClass(.internal), .indexed, initial: .draft)
    static let reach    = Key<[String]>("reach", .systemSet, .fieldClass(.internal))

    static let definition = Definition<ProductPart>(
        name: "product-part", plural: "product-parts", title: heading, subtitle: section,
        layout: [
            Group("part", [product, section, place, heading, text, inclusion]),
            Group("source", [source, topic, drawnHeading, drawn, writer]),
            Group("secrecy", [label, compartments, originator, releasableTo, controlled, openTo]),
            Group("product", [unit, standing, reach]),
        ],
        access: access, columns: [heading, section, product, label], unit: unit, label: label, compartment: compartments, with: [.innerHistory], icon: "file",
        tellings: [
            .why(text, ProductWorking.text), .why(label, ProductWorking.label), .why(releasableTo, ProductWorking.release), .lines(openTo, ProductWorking.openTo), .lines(reach, ProductWorking.partReach),
        ], follow: follow)

    static let isReadable = controlled.equals(false).or(openTo.includesMe).or(originator.inMyUnits)
    private static let inWork = standing.equals(.draft)
    private static let isOut = Condition.all([
        standing.equals(.released), inclusion.equals(.included), reach.includesMe, isReadable,
    ])
    private static let whole: Set<FieldClass> = [.ordinary, .personal, .internal]

    static let access: [Rule] = [
        .allow(.read, to: .dutyOfficer, where: isReadable, classes: whole),
        .allow(.read, .create, .change, to: .dutyOfficer, where: isReadable.and(inWork), classes: whole.union([.exact])),
        .allow(.read, to: .analyst, where: isReadable, classes: whole),
        .allow(.read, .create, .change, to: .analyst, where: isReadable.and(inWork), classes: whole.union([.exact])),
        .allow(.read, to: .releaser, where: isReadable, classes: whole),
        .allow(.read, to: .everyone, where: isOut),
    ]

    /// The parts of a product that the session may read, in the order they are printed.
    static func of(_ product: Ref<Product>, _ session: Session, where condition: Condition = .always) throws -> [Record<ProductPart>] {
        let found = try session.find(ProductPart.self, where: self.product.equals(product).and(condition), sort: [.up(place)], limit: 2_000)
        return found.enumerated().sorted { ($0.element.order, $0.offset) < ($1.element.order, $1.offset) }.map(\.element)
    }

    static let isIncluded = inclusion.equals(.included)
}

extension Record<ProductPart> {
    /// The place of its section.
    var order: Int { ProductPart.Section.allCases.firstIndex(of: self[ProductPart.section]) ?? 0 }
    var isDrawn: Bool { self[ProductPart.drawn] != nil }
    /// A person changed what was drawn.
    var isEdited: Bool { isDrawn && (words != (self[ProductPart.drawn]?.text ?? "") || self[ProductPart.heading] != self[ProductPart.drawnHeading]) }
    var words: String { self[ProductPart.text]?.text ?? "" }
}
