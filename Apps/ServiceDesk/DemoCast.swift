import Foundation
import Kernel

/// Who takes part in the demonstration: everybody as a viewer, agents by desk, calendars by duty station.
struct DemoCast: Sendable {
    struct Member: Sendable {
        let viewer: Viewer
        let handle: String
        let language: Language
        let station: String
        let kind: DutyStation.Sort
        let stationName: LocalText
        let calendar: WorkingCalendar
    }
    private(set) var members: [Member] = []
    private(set) var agents: [Desk: [Member]] = [:]
    /// Those to whom a compartment is open.
    private(set) var trusted: [String: [Member]] = [:]
    private(set) var sun: FollowTheSun
    private(set) var lead: Viewer

    func member(_ handle: String) -> Member? { members.first { $0.handle == handle } }

    init(_ world: DemoWorld) async throws {
        let platform = world.platform
        let (people, stations, calendars, grants) = try await platform.read(as: .service("demonstration")) { session in
            let stations = try session.find(DutyStation.self, limit: 1_000)
            let calendars = Dictionary(uniqueKeysWithValues: try stations.map { ($0.id, try session.calendar(of: $0.ref)) })
            let people = try session.find(Person.self, where: Person.isActive.equals(true), sort: [.up(Person.handle)], limit: 100_000)
            return (people, stations, calendars, try session.find(RoleGrant.self, where: .state(RoleGrant.State.given), limit: 100_000))
        }
        let places = Dictionary(uniqueKeysWithValues: stations.map { ($0.id, $0) })
        var found: [Member] = []
        for person in people {
            guard let id = person[Person.station]?.id, let station = places[id], let calendar = calendars[id] ?? nil,
                  let viewer = try await platform.viewer(of: person.id)
            else { continue }
            found.append(Member(
                viewer: viewer, handle: person[Person.handle], language: Language(rawValue: person[Person.language].rawValue) ?? .en,
                station: station[DutyStation.code], kind: station[DutyStation.kind], stationName: station[DutyStation.name], calendar: calendar))
        }
        members = found
        let answering = Set(grants.filter { [Role.agent.id, Role.lead.id].contains($0[RoleGrant.role]) && $0[RoleGrant.compartments] == nil }.map { $0[RoleGrant.person].id })
        for desk in Desk.allCases { agents[desk] = found.filter { $0.station == desk.station && answering.contains($0.viewer.id) } }
        for compartment in ["hr", "security"] {
            trusted[compartment] = found.filter { $0.viewer.clearance > .unclassified && $0.viewer.grants.contains { $0.compartments.contains(compartment) && $0.role == Role.agent.id } }
        }
        sun = FollowTheSun(
            Dictionary(uniqueKeysWithValues: Desk.allCases.compactMap { desk in
                stations.first { $0[DutyStation.code] == desk.station }.flatMap { calendars[$0.id] ?? nil }.map { (desk, $0) }
            }), over: world.today.adding(days: -420)..<world.today.adding(days: 30))
        guard let lead = found.first(where: { member in member.viewer.grants.contains { $0.role == Role.lead.id } }) ?? found.first else { throw Refusal.absent }
        self.lead = lead.viewer
    }
}

/// Opens the confidential services to a few agents: somebody must be able to answer them.
func openCompartments(_ world: DemoWorld) async throws {
    try await world.platform.write(as: .service("demonstration"), at: world.today.adding(days: -399)) { session in
        let agents = Set(try session.find(RoleGrant.self, where: RoleGrant.role.equals(Role.agent.id), limit: 10_000).map { $0[RoleGrant.person] })
        for (compartment, desk, number) in [("hr", Desk.nairobi, 2), ("hr", .geneva, 1), ("security", .newYork, 2), ("security", .bangkok, 1)] {
            let station = try session.first(DutyStation.self, where: DutyStation.code.equals(desk.station))
            guard let station else { continue }
            let people = try session.find(Person.self, where: Person.station.equals(station.ref), sort: [.down(Person.handle)], limit: 1_000)
            let chosen = people.filter { agents.contains($0.ref) && !["joseph", "eiman", "sofia", "vera"].contains($0[Person.handle]) }.prefix(number)
            for person in chosen {
                if person[Person.clearance] == .unclassified { try session.change(person) { $0[Person.clearance] = .confidential } }
                try session.create(RoleGrant.self) {
                    $0[RoleGrant.person] = person.ref
                    $0[RoleGrant.role] = Role.agent.id
                    $0[RoleGrant.compartments] = compartment
                }
            }
        }
    }
}
