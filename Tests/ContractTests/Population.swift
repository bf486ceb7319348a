import Foundation
@testable import Kernel
import TestKit

/// All apps in one installation, with random records of every type and people who hold all kinds of roles.
struct Population: Sendable {
    let kit: TestPlatform
    let viewers: [Viewer]
    /// How many records the rules let be made, by type.
    let made: [String: Int]

    var platform: Platform { kit.platform }

    static let service = Viewer.service("contract")

    /// - Parameter isScrambled: owners, labels, compartments, units and states are then mixed past the rules, so that access meets every combination.
    static func make(_ apps: [App], seed: UInt64, perType: Int, isScrambled: Bool) async throws -> Population {
        let kit = try await TestPlatform.make(apps)
        try await kit.giveRoles()
        var maker = RecordMaker(kit: kit, seed: seed)
        try await maker.learnWorld()
        var made: [String: Int] = [:]
        // What refers to another type may need it first: twice round reaches everything that can be made.
        for _ in 0..<2 {
            for schema in kit.platform.schemas where made[schema.id, default: 0] < perType {
                made[schema.id, default: 0] += try await maker.make(schema, perType - made[schema.id, default: 0])
            }
        }
        if isScrambled { for schema in kit.platform.schemas where !["directory.person", "directory.unit", "directory.duty-station", "directory.grant"].contains(schema.id) { try await maker.scramble(schema, atLeast: perType) } }
        var viewers: [Viewer] = []
        for person in World.persons { viewers.append(try await kit.viewer(person.handle)) }
        return Population(kit: kit, viewers: viewers, made: made)
    }

    /// One population for the tests that only read.
    static let everything = Task { try await make(allApps + [sampleApp], seed: 61, perType: 20, isScrambled: true) }

    /// Every row of a type, past all rules.
    func rows(_ schema: Schema) async throws -> [Row] { try await platform.store.read { try $0.rows(Query(schema, limit: .max)) } }
}

extension TestPlatform {
    /// Tomas holds every role everywhere, lina every role in her unit, vera with clearance and compartments, omar held them until yesterday.
    func giveRoles() async throws {
        for role in platform.registry.apps.flatMap(\.roles) {
            try await grant("tomas", role)
            try await grant("lina", role, unit: "service-desk")
            try await grant("vera", role, compartments: Array(World.compartments.prefix(3)))
            try await grant("omar", role, until: clock.now.adding(days: -1))
        }
    }
}

/// Makes random records as a service, through the rules; and mixes them past the rules.
struct RecordMaker {
    let kit: TestPlatform
    var values: RandomValues

    init(kit: TestPlatform, seed: UInt64) {
        self.kit = kit
        values = RandomValues(seed: seed)
    }

    mutating func learnWorld() async throws {
        for schema in kit.platform.schemas { try await learn(schema) }
    }

    private mutating func learn(_ schema: Schema) async throws {
        values.records[schema.id] = try await kit.platform.store.read { try $0.rows(Query(schema, limit: 10_000)).map(\.id) }
    }

    /// Makes so many records, or as many as the rules allow in fifteen tries for each.
    mutating func make(_ schema: Schema, _ number: Int) async throws -> Int {
        var made = 0
        for _ in 0..<number where try await makeOne(schema) { made += 1 }
        try await learn(schema)
        return made
    }

    private mutating func makeOne(_ schema: Schema) async throws -> Bool {
        var left: Set<String> = []
        for attempt in 0..<15 {
            var draft: [String: Value] = [:]
            for field in schema.ownFields where !field.isSystemSet && !left.contains(field.name) {
                // Later tries fill less: rules refuse combinations more often than single values.
                guard field.required || values.flip(attempt < 5 ? 0.7 : 0.2), let value = value(of: field, schema) else { continue }
                draft[field.name] = value
            }
            kit.clock.advance(60)
            let sent = draft
            do {
                try await kit.platform.write(as: Population.service) { session in _ = try session.create(schema, sent) }
                return true
            } catch let refusal as Refusal {
                for fault in [refusal] + refusal.faults {
                    if let name = fault.field, schema.field(name)?.required == false, fault.code != "required" { left.insert(name) }
                }
            } catch StoreFault.duplicate { continue }
        }
        return false
    }

    private mutating func value(of field: FieldSchema, _ schema: Schema) -> Value? {
        if field.name == schema.compartmentField, field.kind == .text { return .text(values.pick(World.compartments)) }
        if field.name == "time-zone" { return .text(values.pick(["Africa/Nairobi", "Europe/Zurich"])) }
        return values.value(of: field)
    }

    /// Gives every record of the type another owner, unit, label, compartment, person and state; makes rows where the rules let none be made.
    mutating func scramble(_ schema: Schema, atLeast number: Int) async throws {
        var rows = try await kit.platform.store.read { try $0.rows(Query(schema, limit: .max)) }
        // A unique field of a narrow pattern has few values: then there are fewer rows.
        for _ in 0..<number * 3 where rows.count < number {
            var row = values.row(schema)
            row["reference"] = schema.numbering == nil ? .null : .text("X-\(1_000 + rows.count)")
            let new = row
            do { try await kit.platform.store.write { try $0.insert(new) } } catch StoreFault.duplicate { continue }
            rows.append(row)
        }
        let touched = rows.map { row in
            var row = row
            for field in schema.ownFields where field.target == "directory.person" || field.target == "directory.unit" || field.kind == .bool {
                if values.flip() { row[field.name] = field.required ? values.value(of: field) ?? row[field.name] : values.flip(0.3) ? .null : values.value(of: field) ?? .null }
            }
            if let label = schema.labelField { row[label] = values.pick(Label.allCases).value }
            if let name = schema.compartmentField, let field = schema.field(name) { row[name] = values.flip(0.4) ? .null : value(of: field, schema) ?? .null }
            if let states = schema.lifecycle?.states { row["state"] = .text(values.pick(states).name) }
            return row
        }
        try await kit.platform.store.write { store in for row in touched { _ = try store.update(row, expected: nil) } }
        try await learn(schema)
    }
}
