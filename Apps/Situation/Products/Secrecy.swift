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

    init(label: Label, compartments: [String]) { self.init(label: label, compartments: Set(compartments)) }

    /// As secret as both: the higher label, and the compartments of the two.
    func with(_ other: Secrecy) -> Secrecy { Secrecy(label: max(label, other.label), compartments: compartments.union(other.compartments)) }

    /// The highest of several; unclassified when there are none.
    static func highest(_ all: some Sequence<Secrecy>) -> Secrecy { all.reduce(.open) { $0.with($1) } }

    var isOpen: Bool { self == .open }
}

extension Record<Incident> {
    var secrecy: Secrecy { Secrecy(label: self[Incident.label], compartments: self[Incident.compartments]) }
}

extension Record<ProductPart> {
    var secrecy: Secrecy { Secrecy(label: self[ProductPart.label], compartments: self[ProductPart.compartments]) }
}

extension Record<Product> {
    /// Of the title alone.
    var titleSecrecy: Secrecy { Secrecy(label: self[Product.label], compartments: self[Product.titleCompartments]) }
}
