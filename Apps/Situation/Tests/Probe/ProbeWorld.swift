import Foundation
import Kernel
import TestKit
@testable import Situation

/// The people and the incidents of the probes, and who may read which: the rule of access written a second time, from its formula.
enum ProbeWorld {
    /// What one incident is, as the formula needs it.
    struct Subject: Sendable {
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

    struct Reader: Sendable {
        let handle: String
        let clearance: Label
        let home: String
        let grants: [(role: Role, unit: String?, compartments: Set<String>)]
        var openings: [RecordID: Opening.Scope] = [:]
        var id: RecordID { World.person(handle).id }
    }

    static let readers = [
        Reader(handle: "amina", clearance: .unclassified, home: "budget", grants: [(.partner, nil, [])]),
        Reader(handle: "tomas", clearance: .confidential, home: "service-desk", grants: [(.dutyOfficer, nil, [])]),
        Reader(handle: "lina", clearance: .strictlyConfidential, home: "service-desk", grants: [(.analyst, "service-desk", ["protection"])]),
        Reader(handle: "vera", clearance: .strictlyConfidential, home: "service-desk", grants: [(.dataOwner, nil, ["protection", "conduct"])]),
        Reader(handle: "omar", clearance: .confidential, home: "office", grants: [(.component, "budget", ["protection"])]),
        Reader(handle: "ines", clearance: .confidential, home: "office", grants: [(.auditor, nil, [])]),
        Reader(handle: "root", clearance: .confidential, home: "office", grants: [(.headquarters, nil, [])]),
    ]

    // MARK: The formula

    static func below(_ unit: String) -> [RecordID] { (unit == "office" ? ["office", "service-desk", "budget"] : [unit]).map { World.unit($0).id } }

    static func isCleared(_ reader: Reader, _ subject: Subject, _ compartments: Set<String>) -> Bool {
        subject.label <= reader.clearance && subject.compartments.isSubset(of: compartments)
    }

    /// Clearance ∧ compartments ∧ (owner ∨ releasable ∨ opened) ∧ ¬(originator control ∧ not named), for one of the grants; and whose own report it is.
    static func may(_ reader: Reader, read subject: Subject) -> (reads: Bool, exactly: Bool) {
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
    static func platform(_ person: RecordID) -> Viewer { Viewer(id: person, name: "probe", clearance: .strictlyConfidential, isService: true) }

    static func make(_ count: Int) async throws -> (TestPlatform, [Subject], [Reader]) {
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
}
