import Kernel

/// How secret a record is and whose it is: what belongs to a record, and what is drawn from it, takes this over.
struct Secrecy: Hashable, Sendable {
    var component: UnitID?
    var label: Label
    var compartments: Set<String>

    static let open = Secrecy(label: .unclassified, compartments: [])

    init(component: UnitID? = nil, label: Label, compartments: some Sequence<String>) {
        (self.component, self.label, self.compartments) = (component, label, Set(compartments))
    }

    /// Of any record type, by the parts its declaration names.
    init(_ row: Row) {
        self.init(
            component: row.schema.unitField.flatMap(row.id).map { UnitID($0) },
            label: row.schema.labelField.flatMap(row.text).flatMap(Label.init) ?? .unclassified, compartments: row.schema.compartmentField.map(row.list) ?? [])
    }

    /// As secret as both: the higher label, and the compartments of the two.
    func with(_ other: Secrecy) -> Secrecy {
        Secrecy(component: component ?? other.component, label: max(label, other.label), compartments: compartments.union(other.compartments))
    }

    /// The highest of several; unclassified when there are none.
    static func highest(_ all: some Sequence<Secrecy>) -> Secrecy { all.reduce(.open) { $0.with($1) } }

    var isOpen: Bool { label == .unclassified && compartments.isEmpty }
}

extension Record<Incident> {
    var secrecy: Secrecy { Secrecy(row) }
}

extension Record<ProductPart> {
    var secrecy: Secrecy { Secrecy(label: self[ProductPart.label], compartments: self[ProductPart.compartments]) }
}

extension Record<Product> {
    /// Of the title alone.
    var titleSecrecy: Secrecy { Secrecy(label: self[Product.label], compartments: self[Product.titleCompartments]) }
}
