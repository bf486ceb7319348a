import Kernel

/// How secret something is: its label and the compartments it is kept in.
struct Secrecy: Hashable, Sendable {
    var label: Label
    var compartments: Set<String>

    static let open = Secrecy(label: .unclassified, compartments: [])

    init(label: Label, compartments: Set<String>) {
        self.label = label
        self.compartments = compartments
    }

    init(label: Label, compartment: String?) { self.init(label: label, compartments: compartment.map { [$0] } ?? []) }

    /// As secret as both: the higher label, and the compartments of the two.
    func with(_ other: Secrecy) -> Secrecy { Secrecy(label: max(label, other.label), compartments: compartments.union(other.compartments)) }

    /// The highest of several; unclassified when there are none.
    static func highest(_ all: some Sequence<Secrecy>) -> Secrecy { all.reduce(.open) { $0.with($1) } }

    var isOpen: Bool { self == .open }
}

extension Record<Incident> {
    var secrecy: Secrecy { Secrecy(label: self[Incident.label], compartment: self[Incident.compartment]) }
}

extension Record<ProductPart> {
    var secrecy: Secrecy { Secrecy(label: self[ProductPart.label], compartment: self[ProductPart.compartment]) }
}

extension Record<Product> {
    /// Of the title alone.
    var titleSecrecy: Secrecy { Secrecy(label: self[Product.label], compartment: self[Product.compartment]) }
}
