import Foundation
@testable import Kernel
@testable import Store
import TestKit
import Testing

/// A list longer than what is counted says about how many there are, where the database can tell.
@Suite struct EstimateTests {
    @Test func `a long list says about how many there are on PostgreSQL, and that there are more on SQLite`() async throws {
        let program = try await Program.make()
        let platform = program.kit.platform
        _ = try await program.create(["title": "One", "colour": "red"])
        let schema = platform.schema(of: Sample.self)
        let number = 10_050
        try await platform.store.write { store in
            guard let first = try store.rows(Query(schema, limit: 1)).first else { return }
            for place in 1..<number {
                var row = first
                row["id"] = .reference(RecordID(high: 7, low: UInt64(place)))
                row["reference"] = .text("X-\(place)")
                try store.insert(row)
            }
        }
        let postgres = platform.store as? PostgresStore
        if let postgres { try TestDatabase.run("ANALYZE sample_record", on: postgres.address) }
        let page = try await TestClient.signedIn(program.kit, as: "tomas").get("/sample/records?all=1")
        // Tomás reads Spanish.
        holds(page.body.contains(postgres == nil ? "data-region=\"count\">1000+<" : "data-region=\"count\"><span title=\"Estimación"), "\(page.body.firstMatch(of: /data-region="count">.{0,200}/)?.output ?? "no count")")
        if postgres != nil { holds(page.body.contains(">aprox. 10.100</span>") && page.body.contains("de aprox. 10.100"), "the estimate to three digits, in the head and under the table") }
        let count = try await program.get("\(Program.records)?count=true&limit=1").json["count"]
        same(count, postgres == nil ? ["number": 10_000, "is-capped": true] : ["number": 10_000, "is-capped": true, "about": 10_100])
        // What is counted to its end is not estimated, nor is what a search finds.
        same(try await program.get("\(Program.records)?count=true&limit=1&filter[colour]=blue").json["count"], ["number": 0, "is-capped": false])
    }

    @Test func `numbers are rounded to three digits`() async throws {
        same([0, 7, 999, 1000, 1234, 1235, 9_996, 1_987_654, 20_049_999].map(Count.rounded), [0, 7, 999, 1000, 1230, 1240, 10_000, 1_990_000, 20_000_000])
    }
}
