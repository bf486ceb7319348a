import Foundation
import Kernel
import TestKit
import Testing

@Suite struct ConditionTests {
    @Test(arguments: Driver.all.prefix(1)) func `A condition finds in the store what it holds for in memory`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var rows = sampleRows(10_000, seed: 31)
        for index in rows.indices where index % 3 == 0 { rows[index]["title"] = .text("e\u{301}té \(index % 7)") }
        for index in rows.indices where index % 3 == 1 { rows[index]["title"] = .text("été \(index % 7)") }
        let kept = rows
        try await store.write { store in for row in kept { try store.insert(row) } }
        var random = RandomConditions(seed: 32, Samples.sample, rows: Array(rows.prefix(500)), records: people)
        let conditions = (0..<300).map { _ in random.condition() }
        let wrong = try await store.read { store in
            try conditions.enumerated().compactMap { index, condition -> String? in
                // Each condition is held against 300 rows one by one, each tenth is counted over all of them.
                let some = kept[(index * 31) % 9_700..<(index * 31) % 9_700 + 300]
                let among = Condition.oneOf("id", some.map { .reference($0.id) })
                let ids = Set(try store.rows(Query(Samples.sample, where: .all([among, condition]), limit: .max)).map(\.id))
                if let row = some.first(where: { ids.contains($0.id) != condition.holds(for: $0) || condition.simplified.holds(for: $0) != condition.holds(for: $0) }) {
                    return "\(condition) for \(condition.fields.map { "\($0): \(row[$0])" })"
                }
                guard index % 10 == 0 else { return nil }
                let number = try store.count(Samples.sample, where: condition, upTo: .max).number
                return number == kept.count { condition.holds(for: $0) } ? nil : "\(condition) for \(number) rows"
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `A negation finds all the other rows`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(500, seed: 33)
        try await store.write { store in for row in rows { try store.insert(row) } }
        var random = RandomConditions(seed: 34, Samples.sample, rows: rows, records: people)
        let conditions = (0..<100).map { _ in random.condition(depth: 1) }
        let wrong = try await store.read { store in
            try conditions.filter { condition in
                let here = try store.count(Samples.sample, where: condition, upTo: .max).number
                return try here + store.count(Samples.sample, where: condition.negated, upTo: .max).number != rows.count
            }
        }
        #expect(wrong == [])
    }
}
