import Kernel

/// Whom a part reaches: of the recipients of its product those to whom what it was drawn from may be released. The originator's own component has what is its own.
enum Distribution {
    static let everyone = Audience.allCases

    /// What a person is to whoever released something: of the mission, unless they hold nothing but the role of a partner or of headquarters.
    static func audiences(of access: Access) -> Set<Audience> {
        var audiences: Set<Audience> = []
        if access.holds(.partner) { audiences.insert(.partners) }
        if access.holds(.headquarters) { audiences.insert(.headquarters) }
        let own: [Role] = [.dutyOfficer, .analyst, .component, .dataOwner, .releaser]
        if audiences.isEmpty || own.contains(where: access.holds) { audiences.insert(.mission) }
        return audiences
    }

    /// - Parameter ids: persons and units by id.
    /// - Returns: the same where everybody may have it; otherwise persons, as the units have them now. Who joins a unit later was not asked about.
    static func reach(_ ids: [String], releasableTo: [Audience], originator: UnitID?, _ rules: Session) throws -> [String] {
        if Set(releasableTo) == Set(everyone) { return ids }
        return try people(ids.compactMap { RecordID($0) }, rules).filter { person in
            guard let access = try rules.access(of: PersonID(person)) else { return false }
            if let originator, access.viewer.unit == originator.id || access.viewer.grants.contains(where: { $0.units?.contains(originator.id) ?? false }) { return true }
            return !audiences(of: access).isDisjoint(with: releasableTo)
        }.map(\.description).sorted()
    }

    /// The persons named, those in the units, and those who hold something for them or for a unit above: whom a list of units speaks of (`includesMe`).
    private static func people(_ ids: [RecordID], _ rules: Session) throws -> Set<RecordID> {
        var units: Set<RecordID> = []
        for id in ids {
            var next: UnitID? = UnitID(id)
            while let unit = next, let record = try rules.record(unit), units.insert(unit.id).inserted { next = record[Unit.parent] }
        }
        let held = Condition.state(RoleGrant.State.given).and(RoleGrant.unit.isOneOf(units.sorted().map { UnitID($0) }))
        return Set(try rules.members(of: ids) + rules.find(RoleGrant.self, where: held, limit: 5_000).map { $0[RoleGrant.person].id })
    }
}
