import Foundation
import Kernel

/// The demonstration organisation: duty stations, holidays, units, people and what they may do. All of it is fictional.
func makeOrganisation(_ world: DemoWorld) async throws {
    let moment = world.today.adding(days: -400)
    let places = try await makePlaces(world, at: moment)
    var generator = world.generator("people")
    let cast = Cast(try content(PeopleContent.self, "people"), size: min(400, max(240, world.size * 2 / 25)), using: &generator)
    let people = cast.people
    let roles = Set(world.platform.registry.apps.flatMap(\.roles).map(\.id) + [Role.administrator.id, Role.auditor.id])
    try await world.platform.write(as: .service("demonstration"), at: moment) { session in
        try makePeople(people, places, session, roles: roles)
    }
}

/// Heads of units first, from the top down, so that everybody has somebody to report to.
private func makePeople(_ people: [Newcomer], _ places: Places, _ session: Session, roles: Set<String>) throws {
    var heads: [String: PersonID] = [:]
    var made: Set<String> = []
    func head(above unit: String) -> PersonID? {
        var unit = places.parents[unit]
        while let key = unit {
            if let head = heads[key] { return head }
            unit = places.parents[key]
        }
        return nil
    }
    for unit in places.order {
        guard let person = people.filter({ $0.unit == unit }).max(by: { $0.standing < $1.standing }) else { continue }
        heads[unit] = try make(person, under: head(above: unit), places, session, roles: roles)
        made.insert(person.handle)
    }
    for person in people where !made.contains(person.handle) {
        _ = try make(person, under: heads[person.unit] ?? head(above: person.unit), places, session, roles: roles)
    }
    for (unit, head) in heads.sorted(by: { $0.key < $1.key }) {
        guard let id = places.units[unit], let record = try session.record(id) else { continue }
        try session.change(record) { $0[Unit.head] = head }
    }
}

private func make(_ person: Newcomer, under supervisor: PersonID?, _ places: Places, _ session: Session, roles: Set<String>) throws -> PersonID {
    let made = try session.create(Person.self) { record in
        record[Person.name] = person.name
        record[Person.nativeName] = person.nativeName
        record[Person.handle] = person.handle
        record[Person.mail] = "\(person.handle)@example.org"
        record[Person.position] = person.position
        record[Person.station] = places.stations[person.station]
        record[Person.unit] = places.units[person.unit]
        record[Person.supervisor] = supervisor
        record[Person.language] = Person.Tongue(rawValue: person.language) ?? .en
        record[Person.clearance] = person.clearance
        record[Person.isFictional] = true
    }
    // A role that no app of this installation declares cannot be given.
    for role in person.roles where roles.contains(role) {
        try session.create(RoleGrant.self) { record in
            record[RoleGrant.person] = made.ref
            record[RoleGrant.role] = role
            record[RoleGrant.compartments] = person.compartments.isEmpty ? nil : person.compartments.joined(separator: ",")
        }
    }
    return made.ref
}
