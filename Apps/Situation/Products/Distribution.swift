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
        return try rules.members(of: ids.compactMap { RecordID($0) }).filter { person in
            guard let access = try rules.access(of: PersonID(person)) else { return false }
            if let originator, access.viewer.unit == originator.id { return true }
            return !audiences(of: access).isDisjoint(with: releasableTo)
        }.map(\.description).sorted()
    }
}
