import Kernel

/// To whom a record may be shown beyond its own component.
enum Audience: String, Choice { case mission, headquarters, partners }

/// How coarsely others are shown where something happened. The owner chooses; the answer is the same for everybody and every time, so that asking often tells
/// no more.
enum Coarseness: String, Choice {
    case exact, hundredMetres = "hundred-metres", kilometre, tenKilometres = "ten-kilometres", hundredKilometres = "hundred-kilometres", nowhere

    /// Decimals of a degree, of which one is about 11 km; nil where nothing is rounded.
    var decimals: Int? {
        switch self {
        case .exact, .nowhere: nil
        case .hundredMetres: 3
        case .kilometre: 2
        case .tenKilometres: 1
        case .hundredKilometres: 0
        }
    }

    func place(_ place: Place) -> Place? {
        if self == .nowhere { return nil }
        return decimals.flatMap(Generalisation.init).map { $0.place(place) } ?? place
    }
}

/// Who owns what is brought in: a component, through whoever holds the post of data owner in it. A record is never without one.
enum Ownership {
    /// The component of the one who writes, or that of the whole organisation.
    static func component(for session: Session) throws -> UnitID? {
        if let unit = session.viewer.unit { return UnitID(unit) }
        return try session.asService(Incident.app).first(Unit.self, where: Unit.parent.isEmpty, sort: [.up(Unit.code)])?.ref
    }

    /// What the owner alone decides once the record is reported.
    private static let kept: [any FieldKey] = [
        Incident.component, Incident.label, Incident.compartments, Incident.releasableTo, Incident.originatorControl, Incident.isDiscoverable, Incident.shownAs,
    ]

    /// Refuses a change of ownership, classification or release by anybody but the owner.
    static func check(_ draft: Record<Incident>, _ session: Session) throws {
        guard draft.version > 0, !session.viewer.isService, let before = try session.asService(Incident.app).record(draft.ref), before.state != .draft else { return }
        guard let key = kept.first(where: { draft.row[$0.schema.name] != before.row[$0.schema.name] }) else { return }
        // Against the record as it was: nobody makes it their own by naming their unit.
        guard session.access.holds(.dataOwner, over: before.row) else { throw Refusal("only-the-owner", .forbidden, field: key.schema.name, scope: Incident.app) }
    }

    /// Those who hold a role for a component, the nearest first: by a grant for it, for a unit above it, or for all.
    static func holders(of role: Role = .dataOwner, in component: UnitID?, _ session: Session) throws -> [PersonID] { try circles(of: role, in: component, session).flatMap(\.self) }

    /// The same in circles: those for the unit itself, then for each unit above it, and those for all.
    static func circles(of role: Role, in component: UnitID?, _ session: Session) throws -> [[PersonID]] {
        let held = Condition.all([
            RoleGrant.role.equals(role.id), .state(RoleGrant.State.given), RoleGrant.until.isEmpty.or(RoleGrant.until.greater(than: session.now)),
        ])
        let rules = session.asService(Incident.app)
        var above: [RecordID] = [], next = component
        while let unit = next, !above.contains(unit.id) {
            above.append(unit.id)
            next = try rules.record(unit)?[Unit.parent]
        }
        let grants = try rules.find(RoleGrant.self, where: held, limit: 1_000)
        var circles = Array(repeating: Set<PersonID>(), count: above.count + 1)
        for grant in grants {
            guard let unit = grant[RoleGrant.unit] else { circles[above.count].insert(grant[RoleGrant.person]); continue }
            if let distance = above.firstIndex(of: unit.id) { circles[distance].insert(grant[RoleGrant.person]) }
        }
        return circles.filter { !$0.isEmpty }.map { $0.sorted { $0.id < $1.id } }
    }
}
