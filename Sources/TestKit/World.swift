import Foundation
public import Kernel

/// The named world: who is who in tests, documents and pictures.
public enum World {
    /// An id that is the same in every test: kind 1 stations, 2 units, 3 persons.
    static func id(_ kind: UInt64, _ number: Int) -> RecordID {
        RecordID(high: 0x0190_0000_0000_7000 | kind, low: 0x8000_0000_0000_0000 | UInt64(number))
    }

    public struct Station: Sendable {
        public let name: [Language: String]
        public let code: String
        public let country: String
        public let zone: String
        public let sort: DutyStation.Sort
        public let latitude: Double, longitude: Double
        public let hours: String
    }

    /// Working hours from Monday to Friday.
    static let week = (1...5).map { "\($0) 08:30-12:30 13:30-17:30" }.joined(separator: "\n")
    /// Working hours from Sunday to Thursday.
    static let sundayWeek = [7, 1, 2, 3, 4].map { "\($0) 08:00-16:00" }.joined(separator: "\n")

    public static let stations: [Station] = [
        Station(
            name: [.en: "New York", .fr: "New York", .es: "Nueva York", .ru: "Нью-Йорк", .zh: "纽约", .ar: "نيويورك"], code: "NYC", country: "US",
            zone: "America/New_York", sort: .headquarters, latitude: 40.7489, longitude: -73.968, hours: week),
        Station(
            name: [.en: "Geneva", .fr: "Genève", .es: "Ginebra", .ru: "Женева", .zh: "日内瓦", .ar: "جنيف"], code: "GVA", country: "CH",
            zone: "Europe/Zurich", sort: .regional, latitude: 46.2267, longitude: 6.1402, hours: week),
        Station(
            name: [.en: "Nairobi", .fr: "Nairobi", .es: "Nairobi", .ru: "Найроби", .zh: "内罗毕", .ar: "نيروبي"], code: "NBO", country: "KE",
            zone: "Africa/Nairobi", sort: .regional, latitude: -1.2345, longitude: 36.8172, hours: week),
        Station(
            name: [.en: "Amman", .fr: "Amman", .es: "Ammán", .ru: "Амман", .zh: "安曼", .ar: "عمّان"], code: "AMM", country: "JO",
            zone: "Asia/Amman", sort: .serviceCentre, latitude: 31.9539, longitude: 35.9106, hours: sundayWeek),
    ]

    public struct Unit: Sendable {
        public let name: String
        public let code: String
        /// The code of the unit above.
        public let parent: String?
    }

    public static let units = [
        Unit(name: "Office of Support Operations", code: "office", parent: nil),
        Unit(name: "Service desk", code: "service-desk", parent: "office"),
        Unit(name: "Budget", code: "budget", parent: "office"),
    ]

    public struct Person: Sendable {
        public let handle: String
        public let name: String
        public let station: String
        public let unit: String
        public var clearance = Label.unclassified
        /// Roles, where some app declares them.
        public var roles: [String] = []
        public var compartments: [String] = []
        public var language = Kernel.Person.Tongue.en
    }

    public static let persons = [
        Person(handle: "amina", name: "Amina Odhiambo", station: "NBO", unit: "budget"),
        Person(handle: "tomas", name: "Tomás Herrera", station: "GVA", unit: "service-desk", roles: ["service-desk.agent"], language: .es),
        Person(handle: "lina", name: "Lina Haddad", station: "AMM", unit: "service-desk", roles: ["service-desk.agent", "service-desk.lead"], language: .ar),
        Person(
            handle: "vera", name: "Vera Sokolova", station: "NYC", unit: "service-desk", clearance: .strictlyConfidential,
            roles: ["service-desk.agent"], compartments: compartments, language: .ru),
        Person(handle: "omar", name: "Omar Farouk", station: "AMM", unit: "office"),
        Person(handle: "ines", name: "Inès Laurent", station: "GVA", unit: "office", roles: ["platform.auditor"], language: .fr),
        Person(handle: "root", name: "Robin Ott", station: "NYC", unit: "office", roles: ["platform.administrator"]),
    ]

    /// The compartments that vera's grants open.
    public static let compartments = ["conduct", "medical", "security", "hr", "investigation", "test"]

    /// The person's id, the same in every test.
    public static func person(_ handle: String) -> PersonID { PersonID(id(3, place(of: handle, in: persons.map(\.handle)))) }
    /// The unit's id by its code.
    public static func unit(_ code: String) -> UnitID { UnitID(id(2, place(of: code, in: units.map(\.code)))) }
    /// The duty station's id by its code.
    public static func station(_ code: String) -> Ref<DutyStation> { Ref(id(1, place(of: code, in: stations.map(\.code)))) }

    private static func place(of name: String, in names: [String]) -> Int {
        guard let place = names.firstIndex(of: name) else { preconditionFailure("\(name) is not in the named world") }
        return place + 1
    }
}

extension TestPlatform {
    /// Puts the named world into the directory.
    func makeWorld() async throws {
        let known = Set(platform.registry.apps.flatMap(\.roles).map(\.id) + [Role.administrator.id, Role.auditor.id])
        try await platform.write(as: .service("world")) { session in
            for station in World.stations { try session.add(station) }
            for unit in World.units { try session.add(unit) }
            for person in World.persons { try session.add(person) }
            for person in World.persons {
                for role in person.roles where known.contains(role) {
                    try session.grant(World.person(person.handle), role, unit: nil, compartments: person.compartments, until: nil)
                }
            }
        }
    }

    /// A person of the named world, with what they hold now.
    public func viewer(_ handle: String) async throws -> Viewer {
        guard let viewer = try await platform.viewer(of: World.person(handle).id) else { preconditionFailure("\(handle) has left the named world") }
        return viewer
    }

    /// Gives a role to a person of the named world; the role must be declared by an app.
    public func grant(
        _ handle: String, _ role: Role, unit: String? = nil, compartments: [String] = [], until: Instant? = nil
    ) async throws {
        try await platform.write(as: .service("world")) { session in
            try session.grant(World.person(handle), role.id, unit: unit.map(World.unit), compartments: compartments, until: until)
        }
    }
}

extension Session {
    fileprivate func add(_ station: World.Station) throws {
        try create(DutyStation.self, id: World.station(station.code).id) { record in
            record[DutyStation.name] = LocalText(station.name)
            record[DutyStation.code] = station.code
            record[DutyStation.kind] = station.sort
            record[DutyStation.country] = station.country
            record[DutyStation.timeZone] = station.zone
            record[DutyStation.place] = Place(latitude: station.latitude, longitude: station.longitude)
            record[DutyStation.hours] = LongText(station.hours)
        }
    }

    fileprivate func add(_ unit: World.Unit) throws {
        try create(Unit.self, id: World.unit(unit.code).id) { record in
            record[Unit.name] = LocalText([.en: unit.name])
            record[Unit.code] = unit.code
            record[Unit.parent] = unit.parent.map(World.unit)
        }
    }

    fileprivate func add(_ person: World.Person) throws {
        try create(Person.self, id: World.person(person.handle).id) { record in
            record[Person.name] = person.name
            record[Person.handle] = person.handle
            record[Person.mail] = "\(person.handle)@mandate.test"
            record[Person.station] = World.station(person.station)
            record[Person.unit] = World.unit(person.unit)
            record[Person.clearance] = person.clearance
            record[Person.language] = person.language
            record[Person.isFictional] = true
        }
    }

    fileprivate func grant(_ person: PersonID, _ role: String, unit: UnitID?, compartments: [String], until: Instant?) throws {
        try create(RoleGrant.self) { record in
            record[RoleGrant.person] = person
            record[RoleGrant.role] = role
            record[RoleGrant.unit] = unit
            record[RoleGrant.compartments] = compartments.isEmpty ? nil : compartments.joined(separator: ",")
            record[RoleGrant.until] = until
        }
    }
}
