import Kernel

/// What the organisation offers help with, and the promises it makes for it.
enum Service: RecordType {
    static let app = "service-desk"
    enum State: String, Choice { case offered, withdrawn }

    static let name        = Key<LocalText>("name", .searchable)
    static let key         = Key<String>("key", .unique, .max(60), .pattern("[a-z0-9-]+"))
    static let description = Key<LocalText?>("description", .searchable)
    static let icon        = Key<String>("icon", .max(30), .pattern("[a-z]+"), initial: "desk")
    static let owner       = Key<PersonID?>("owner")
    /// Opens its requests only to those whose grant has the compartment: "hr", "security".
    static let compartment = Key<String?>("compartment", .max(40), .pattern("[a-z-]+"))
    static let label       = Key<Label>("label", initial: .unclassified)
    /// Cells that differ from the standard matrix, as JSON.
    static let matrix      = Key<LongText?>("matrix")
    /// Minutes that differ from the standard promises, as JSON.
    static let promises    = Key<LongText?>("promises")

    static let definition = Definition<Service>(
        name: "service", plural: "services", title: name, subtitle: key,
        layout: [
            Group("service", [name, key, description, icon, owner]),
            Group("secrecy", [label, compartment]),
            Group("promises", [matrix, promises]),
        ],
        lifecycle: Lifecycle(start: .offered, phases: [.offered: .active, .withdrawn: .stopped], moves: [
            Move("withdraw", from: [.offered], to: .withdrawn, by: [.lead, .serviceOwner]),
            Move("offer",    from: [.withdrawn], to: .offered, by: [.lead, .serviceOwner]),
        ]),
        access: [
            .allow(.read, to: .everyone),
            .allow(.read, .create, .change, to: .lead),
            .allow(.read, .change, to: .serviceOwner),
        ],
        views: [ViewDefinition("offered", where: .state(State.offered)), ViewDefinition("withdrawn", where: .state(State.withdrawn))],
        columns: [name, key, owner, compartment], with: [.comments, .watchers], icon: "desk")

    /// The overrides are of the form that is read; a compartment without a label would open to every clearance, so it raises one.
    static func prepare(_ draft: inout Record<Service>, _ session: Session) throws {
        do { _ = try PriorityMatrix(overriding: draft[matrix]?.text) } catch { throw wrong("not-a-matrix", matrix, error) }
        do { _ = try Promise.all(overriding: draft[promises]?.text) } catch { throw wrong("not-promises", promises, error) }
        if draft[compartment] != nil, draft[label] == .unclassified { draft[label] = .confidential }
    }

    private static func wrong(_ code: String, _ key: Field<Service, LongText?>, _ error: any Error) -> Refusal {
        .rule(code, key, app: app, ["part": (error as? PriorityMatrix.Wrong)?.text ?? "JSON"])
    }
}
