import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Every reader, every incident, every surface on which incidents come out: what may not be read is nowhere. The rule is written here a second time, from
/// its formula, and held against all of them.
@Suite struct ProbeTests {
    /// What one incident is, as the formula needs it.
    private struct Subject: Sendable {
        let id: RecordID
        let reference, word, longitude: String
        let label: Label
        let compartments: Set<String>
        let audiences: Set<String>
        let isControlled: Bool
        let component: RecordID
        let state: String
        let reporter: RecordID
        let isCoarse: Bool
    }

    private struct Reader: Sendable {
        let handle: String
        let clearance: Label
        let home: String
        let grants: [(role: Role, unit: String?, compartments: Set<String>)]
        var openings: [RecordID: Opening.Scope] = [:]
        var id: RecordID { World.person(handle).id }
    }

    private static let readers = [
        Reader(handle: "amina", clearance: .unclassified, home: "budget", grants: [(.partner, nil, [])]),
        Reader(handle: "tomas", clearance: .confidential, home: "service-desk", grants: [(.dutyOfficer, nil, [])]),
        Reader(handle: "lina", clearance: .strictlyConfidential, home: "service-desk", grants: [(.analyst, "service-desk", ["protection"])]),
        Reader(handle: "vera", clearance: .strictlyConfidential, home: "service-desk", grants: [(.dataOwner, nil, ["protection", "conduct"])]),
        Reader(handle: "omar", clearance: .confidential, home: "office", grants: [(.component, "budget", ["protection"])]),
        Reader(handle: "ines", clearance: .confidential, home: "office", grants: [(.auditor, nil, [])]),
        Reader(handle: "root", clearance: .confidential, home: "office", grants: [(.headquarters, nil, [])]),
    ]

    // MARK: The formula

    private static func below(_ unit: String) -> [RecordID] { (unit == "office" ? ["office", "service-desk", "budget"] : [unit]).map { World.unit($0).id } }

    private static func isCleared(_ reader: Reader, _ subject: Subject, _ compartments: Set<String>) -> Bool {
        subject.label <= reader.clearance && subject.compartments.isSubset(of: compartments)
    }

    /// Clearance ∧ compartments ∧ (owner ∨ releasable ∨ opened) ∧ ¬(originator control ∧ not named), for one of the grants; and whose own report it is.
    private static func may(_ reader: Reader, read subject: Subject) -> (reads: Bool, exactly: Bool) {
        if subject.reporter == reader.id { return (true, true) }
        let mine = Set(reader.grants.compactMap(\.unit).flatMap(below) + [World.unit(reader.home).id]), isMine = mine.contains(subject.component)
        let isTold = ["reported", "under-verification", "verified", "closed"].contains(subject.state)
        func isShared(_ audience: Audience) -> Bool { subject.audiences.contains(audience.rawValue) && !subject.isControlled }
        var reads = false, exactly = false
        for grant in reader.grants where isCleared(reader, subject, grant.compartments) {
            guard grant.unit.map({ below($0).contains(subject.component) }) ?? true else { continue }
            switch grant.role {
            case .dataOwner: (reads, exactly) = (true, true)
            case .dutyOfficer, .analyst: if !subject.isControlled || isMine { (reads, exactly) = (true, true) }
            case .component: if isTold, isShared(.mission) || isMine { reads = true }
            case .headquarters: if isTold, isShared(.headquarters) { reads = true }
            case .partner: if ["verified", "closed"].contains(subject.state), isShared(.partners) { reads = true }
            case .auditor: reads = true
            default: break
            }
        }
        if let scope = reader.openings[subject.id], isCleared(reader, subject, reader.grants.reduce(into: []) { $0.formUnion($1.compartments) }) {
            reads = true
            if scope != .general { exactly = true }
        }
        return (reads, exactly)
    }

    // MARK: The world

    /// A person with the rights of the platform: what is kept is then any mixture of all.
    private static func platform(_ person: RecordID) -> Viewer { Viewer(id: person, name: "probe", clearance: .strictlyConfidential, isService: true) }

    private static func world(_ count: Int) async throws -> (TestPlatform, [Subject], [Reader]) {
        let kit = try await TestPlatform.make([situation])
        for reader in readers {
            for grant in reader.grants where grant.role != .auditor { try await kit.grant(reader.handle, grant.role, unit: grant.unit, compartments: grant.compartments.sorted()) }
        }
        var dice = SeededGenerator(seed: 41), subjects: [Subject] = []
        let states = Incident.State.allCases.map(\.rawValue)
        for number in 0..<count {
            let label = Label.allCases.randomElement(using: &dice) ?? .unclassified
            let compartments = ["protection", "conduct"].filter { _ in Int.random(in: 0..<4, using: &dice) == 0 }
            let audiences = Audience.allCases.filter { _ in Bool.random(using: &dice) }
            let isControlled = Int.random(in: 0..<5, using: &dice) == 0, isCoarse = Bool.random(using: &dice)
            let component = World.unit(["office", "service-desk", "budget"][Int.random(in: 0..<3, using: &dice)])
            let state = states.randomElement(using: &dice) ?? "reported", reporter = readers[Int.random(in: 0..<readers.count, using: &dice)].id
            // Six decimals that no other has, and that no rounding leaves.
            let longitude = 18 + Double(number) * 0.001_003 + 0.000_111, word = "zq\(10_000 + number)x"
            let row = try await kit.platform.write(as: platform(reporter)) { session in
                var row = try session.create(Incident.self) {
                    $0[Incident.summary] = "Market \(word)"
                    $0[Incident.occurred] = session.now.adding(seconds: -3_600 - number)
                    $0[Incident.place] = Place(latitude: 4.123_457, longitude: longitude)
                    $0[Incident.shownAs] = isCoarse ? .tenKilometres : .exact
                    $0[Incident.label] = label
                    $0[Incident.compartments] = compartments
                    $0[Incident.releasableTo] = audiences
                    $0[Incident.originatorControl] = isControlled
                    $0[Incident.component] = component
                }.row
                row["state"] = .text(state)
                row["verified-at"] = .instant(session.now)
                return row
            }
            try await kit.platform.store.write { store in _ = try store.update(row, expected: nil) }
            subjects.append(Subject(
                id: row.id, reference: row.reference ?? "", word: word, longitude: String(format: "%.6f", longitude), label: label, compartments: Set(compartments),
                audiences: Set(audiences.map(\.rawValue)), isControlled: isControlled, component: component.id, state: state,
                reporter: reporter, isCoarse: isCoarse))
        }
        var opened = readers
        for place in opened.indices {
            let (handle, clearance) = (opened[place].handle, opened[place].clearance)
            let chosen = subjects.filter { _ in Int.random(in: 0..<25, using: &dice) == 0 }.map { ($0.id, Opening.Scope.allCases.randomElement(using: &dice) ?? .general) }
            opened[place].openings = Dictionary(uniqueKeysWithValues: chosen)
            try await kit.platform.write(as: platform(World.person("vera").id)) { session in
                if let person = try session.record(World.person(handle)) { try session.change(person) { $0[Person.clearance] = clearance } }
                for (id, scope) in chosen {
                    guard let row = try session.row(session.platform.schema(of: Incident.self), id) else { continue }
                    _ = try session.open(row, to: World.person(handle), scope: scope, until: session.now.adding(seconds: 3_600), reason: nil)
                }
            }
        }
        return (kit, subjects, opened)
    }

    // MARK: The surfaces

    /// Surfaces of the session, each asked for one incident.
    private static let inside: [(name: String, ask: @Sendable (Session, Subject) throws -> Bool)] = [
        ("record", { session, subject in try session.record(Ref<Incident>(subject.id)) != nil }),
        ("record by number", { session, subject in try session.row(session.platform.schema(of: Incident.self), named: subject.reference) != nil }),
        ("count", { session, subject in try session.count(Incident.self, where: .compare("id", .equal, .value(.reference(subject.id)))).number > 0 }),
        ("search", { session, subject in try !session.search(session.platform.schema(of: Incident.self), subject.word).isEmpty }),
        ("history", { session, subject in
            let row = Row(new: session.platform.schema(of: Incident.self), id: subject.id)
            return try !session.history(row).isEmpty
        }),
    ]

    /// Surfaces that bring many at once.
    private static let pages = [
        "/api/v1/situation/incidents?limit=200", "/situation/incidents?all=1", "/situation/incidents/export.csv", "/situation/room/picture?days=0", "/situation/room?days=0&show=list",
        "/ogc/collections/situation.incident/items?limit=1000", "/ogc/collections/situation.incident/items?f=html", "/ogc/collections/situation.incident/tiles/WebMercatorQuad/0/0/0",
        "/situation/exchange/incidents.geojson?days=3660", "/situation/exchange/incidents.kml?days=3660", "/situation/exchange/incidents.gpx?days=3660",
        "/situation/exchange/incidents.csv?days=3660", "/situation/feed/incidents.atom", "/situation/feed/incidents.rss", "/search?q=market", "/today",
    ]

    @Test func `a hundred thousand probes find no leak`() async throws {
        let (kit, subjects, readers) = try await Self.world(660)
        var probes = 0, leaks: [String] = [], missing: [String] = [], told: [String: Int] = [:]
        for reader in readers {
            let allowed = Dictionary(uniqueKeysWithValues: subjects.map { ($0.word, Self.may(reader, read: $0)) })
            func judge(_ surface: String, _ shown: Set<String>) {
                probes += subjects.count
                told[surface, default: 0] += shown.count
                for subject in subjects where shown.contains(subject.word) && allowed[subject.word]?.reads != true { leaks.append("\(reader.handle) finds \(subject.reference) in \(surface)") }
            }
            let viewer = try await kit.viewer(reader.handle)
            for (name, ask) in Self.inside {
                let shown = try await kit.platform.read(as: viewer) { session in Set(try subjects.filter { try ask(session, $0) }.map(\.word)) }
                judge(name, shown)
                if name == "record" { missing += subjects.filter { allowed[$0.word]?.reads == true && !shown.contains($0.word) }.map { "\(reader.handle) misses \($0.reference)" } }
            }
            let marks = try await kit.platform.read(as: viewer) { session in
                try LiveIncidents.source.read(session, .operation, .all).values.compactMap { $0.detail.remarks }.joined()
            }
            let client = try await TestClient.signedIn(kit, as: reader.handle)
            var bodies = [("Cursor on Target", marks)]
            for path in Self.pages { bodies.append((path, try await client.get(path).body)) }
            for (surface, body) in bodies {
                judge(surface, Set(body.matches(of: /zq\d{5}x/).map { String($0.0) }))
                for subject in subjects where subject.isCoarse && allowed[subject.word]?.exactly != true && body.contains(subject.longitude) {
                    leaks.append("\(reader.handle) learns where \(subject.reference) was in \(surface)")
                }
            }
        }
        same(Array(leaks.prefix(10)), [])
        same(Array(missing.prefix(10)), [])
        // A surface that tells nobody anything proves nothing.
        same(told.filter { $0.value == 0 }.keys.sorted(), [])
        holds(probes >= 100_000, "\(probes) probes")
    }

    @Test func `what may not be read is answered as what is not there`() async throws {
        let (kit, subjects, readers) = try await Self.world(40)
        var different: [String] = []
        for reader in readers {
            let client = try await TestClient.signedIn(kit, as: reader.handle)
            for subject in subjects where !Self.may(reader, read: subject).reads {
                for path in ["/situation/incidents/", "/api/v1/situation/incidents/", "/situation/near/", "/situation/room/record/", "/ogc/collections/situation.incident/items/"] {
                    let hidden = try await client.get(path + subject.reference), absent = try await client.get(path + "INC-2026-999999")
                    let body = hidden.body.replacing(subject.reference, with: "INC-2026-999999")
                    func steady(_ text: String) -> String { text.replacing(/[0-9a-z]{8,}/, with: "") }
                    if hidden.status != absent.status || steady(body) != steady(absent.body) { different.append("\(reader.handle) \(path)\(subject.reference): \(hidden.status)") }
                }
            }
        }
        same(Array(different.prefix(10)), [])
    }
}
