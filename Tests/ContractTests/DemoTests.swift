import Foundation
@testable import Kernel
import TestKit
import Testing

/// The demonstration organisation, as the server makes it.
enum Demonstration {
    static func make(apps: [App], size: Int, seed: UInt64) async throws -> TestPlatform {
        let kit = try await TestPlatform.empty(apps, isDemonstration: true)
        let world = DemoWorld(platform: kit.platform, seed: seed, today: kit.clock.now, size: size)
        for app in apps.sorted(by: { ($0.name == "directory" ? 0 : 1, $0.name) < ($1.name == "directory" ? 0 : 1, $1.name) }) { try await app.demo?(world) }
        return kit
    }

    /// A person of the demonstration, given every role there is.
    static func holder(of apps: [App], in kit: TestPlatform) async throws -> RecordID {
        let people = try await kit.platform.store.read { try $0.rows(Query(kit.platform.schema(of: Person.self), where: Person.isActive.equals(true), limit: 1)) }
        guard let person = people.first else { preconditionFailure("a demonstration without people") }
        try await kit.platform.write(as: .service("contract")) { session in
            for role in apps.flatMap(\.roles).map(\.id) + [Role.administrator.id] {
                try session.create(RoleGrant.self) { record in
                    record[RoleGrant.person] = PersonID(person.id)
                    record[RoleGrant.role] = role
                }
            }
        }
        return person.id
    }

    /// Every record without its id: references to others are told by what those are.
    static func told(_ kit: TestPlatform) async throws -> [String: [String]] {
        let schemas = kit.platform.schemas
        return try await kit.platform.store.read { store in
            let rows = try schemas.flatMap { try store.rows(Query($0, limit: .max)) }
            var names: [RecordID: String] = [:]
            for row in rows { names[row.id] = "\(row.schema.id) \(row.reference ?? "") \(row[row.schema.titleField].wire) \(row.createdAt)" }
            return Dictionary(grouping: rows, by: \.schema.id).mapValues { rows in
                rows.map { row in
                    zip(row.schema.fields, row.values).dropFirst().map { field, value in
                        if case .reference(let id) = value { return "\(field.name)=\(names[id] ?? id.description)" }
                        if case .text(let text) = value, let id = RecordID(text), let name = names[id] { return "\(field.name)=\(name)" }
                        if case .list(let words) = value { return "\(field.name)=\(words.map { RecordID($0).flatMap { names[$0] } ?? $0 }.sorted())" }
                        return "\(field.name)=\(value.json.text)"
                    }.joined(separator: " ")
                }.sorted()
            }
        }
    }
}

@Suite struct DemoTests {
    @Test func `The demonstration is the same twice for one seed, another for another, and every record type has something to show`() async throws {
        let first = try await Demonstration.told(Demonstration.make(apps: builtApps, size: 30, seed: 29))
        let second = try await Demonstration.told(Demonstration.make(apps: builtApps, size: 30, seed: 29))
        let third = try await Demonstration.told(Demonstration.make(apps: builtApps, size: 30, seed: 30))
        for (schema, rows) in first {
            let other = second[schema] ?? []
            let difference = zip(rows, other).first { $0 != $1 }.map { "\($0.prefix(400))\n is not \($1.prefix(400))" } ?? ""
            holds(rows == other, "\(schema): \(rows.count) and \(other.count) records; \(difference)")
        }
        holds(first != third, "another seed makes another organisation")
        let bare = Registry(builtApps).schemas.map(\.id).filter { first[$0]?.isEmpty ?? true }
        holds(bare.isEmpty, "nothing to show: \(bare)")
    }

    @Test func `The demonstration verifies against its ledger and its people can be signed in as`() async throws {
        let kit = try await Demonstration.make(apps: builtApps, size: 30, seed: 29)
        _ = try await LedgerKeeper(kit.platform).seal()
        let report = try await Verification(kit.platform).run()
        same(report.fault, nil)
        let person = try await Demonstration.holder(of: builtApps, in: kit)
        let client = TestClient(kit)
        try await client.signIn(person)
        same(try await client.get("/today").status, 200)
    }
}
