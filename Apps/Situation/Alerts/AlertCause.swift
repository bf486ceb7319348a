import Kernel

/// An incident behind an alert: as secret as both, so that a reader of the alert finds those of its incidents that are theirs to read, and a reader of
/// the incident learns of no alert that is not.
enum AlertCause: RecordType {
    static let app = "situation"

    static let alert    = Key<Ref<Alert>>("alert", .systemSet, .indexed)
    static let incident = Key<Ref<Incident>>("incident", .systemSet, .indexed)
    /// When it became part of the alert.
    static let since       = Key<Instant>("since", .systemSet)
    static let component   = Key<UnitID?>("component", .systemSet)
    static let label       = Key<Label>("label", .systemSet, initial: .unclassified)
    static let compartments = Key<[String]>("compartments", .systemSet)
    static let originatorControl = Key<Bool>("originator-control", .systemSet, initial: false)

    static let definition = Definition<AlertCause>(
        name: "alert-cause", plural: "alert-causes", title: incident, subtitle: alert,
        layout: [Group("cause", [alert, incident, since]), Group("secrecy", [component, label, compartments, originatorControl])],
        access: [
            .allow(.create, to: .administrator), .allow(.read, to: .dutyOfficer, where: isUncontrolled), .allow(.read, to: .analyst, where: isUncontrolled),
        ],
        columns: [incident, alert, since], unit: component, label: label, compartment: compartments, icon: "map")

    private static let isUncontrolled = originatorControl.equals(false).or(component.inMyUnits)

    static func prepare(_ draft: inout Record<AlertCause>, _ session: Session) throws {
        let rules = session.asService(app)
        guard let incident = try draft.value(of: incident).flatMap({ try rules.record($0) }), let alert = try draft.value(of: alert).flatMap({ try rules.record($0) }) else { return }
        let secrecy = incident.secrecy.with(Secrecy(alert.row))
        (draft[component], draft[label], draft[compartments]) = (secrecy.component, secrecy.label, secrecy.compartments.sorted())
        draft[originatorControl] = incident[Incident.originatorControl]
    }

    static func of(_ alert: Ref<Alert>, _ session: Session) throws -> [Record<AlertCause>] {
        try session.find(AlertCause.self, where: self.alert.equals(alert), sort: [.up(since)], limit: 2_000)
    }
}
