import Kernel

/// How secret a record is and whose it is: what belongs to a record takes this over from it.
struct Secrecy: Hashable, Sendable {
    var component: UnitID?
    var label: Label
    var compartment: String?

    init(component: UnitID?, label: Label, compartment: String?) {
        (self.component, self.label, self.compartment) = (component, label, compartment)
    }

    init(_ incident: Record<Incident>) {
        self.init(component: incident[Incident.component], label: incident[Incident.label], compartment: incident[Incident.compartment])
    }

    init(_ report: Record<SourceReport>) {
        self.init(component: report[SourceReport.component], label: report[SourceReport.label], compartment: report[SourceReport.compartment])
    }

    init(_ requirement: Record<Requirement>) {
        self.init(component: requirement[Requirement.component], label: requirement[Requirement.label], compartment: requirement[Requirement.compartment])
    }

    /// Of any record type, by the parts its declaration names.
    init(_ row: Row) {
        self.init(
            component: row.schema.unitField.flatMap(row.id).map { UnitID($0) },
            label: row.schema.labelField.flatMap(row.text).flatMap(Label.init) ?? .unclassified, compartment: row.schema.compartmentField.flatMap(row.text))
    }

    /// Whether both are in a compartment, and not in the same.
    func isApart(from other: Secrecy) -> Bool { compartment.flatMap { own in other.compartment.map { $0 != own } } ?? false }

    /// As secret as both: the higher label, and the compartment of either; where they are apart, that of the other.
    func joined(with other: Secrecy) -> Secrecy {
        Secrecy(component: component ?? other.component, label: max(label, other.label), compartment: other.compartment ?? compartment)
    }
}
