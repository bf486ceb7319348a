import Foundation
@testable import Kernel
@testable import Store
import TestKit
import Testing

@Suite struct SearchTests {
    private func document(_ row: Row, _ text: String, _ part: SearchPart = .open, source: RecordID? = nil) -> SearchDocument {
        SearchDocument(schema: Samples.sample, record: row.id, part: part, source: source ?? row.id, terms: Grams.index(text))
    }

    @Test(arguments: Driver.all) func `A record is found by its words, in the parts that are asked, while it satisfies the condition`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var rows = sampleRows(4, seed: 41)
        for index in rows.indices {
            rows[index]["flag"] = .bool(index != 1)
            rows[index]["source"] = index == 0 ? .text("mail") : .null
        }
        let kept = rows
        try await store.write { store in
            for row in kept { try store.insert(row) }
            try store.index(document(kept[0], "A laptop for Nairobi"))
            try store.index(document(kept[1], "The laptop is broken"))
            try store.index(document(kept[2], "طلب حاسوب محمول"))
            try store.index(document(kept[2], "laptop of the director", .internal))
            try store.index(document(kept[3], "请求新的笔记本电脑"))
            try store.index(document(kept[3], "a message about a printer", source: RecordID(high: 5, low: 5)))
        }
        let asked: [(String, Set<SearchPart>, Condition)] = [
            ("laptop", [.open], .always), ("laptop", [.open, .internal], .always), ("laptop", [.open], Sample.flag.equals(true)), ("LAPTOP", [.open], .always),
            ("حاسوب", [.open], .always), ("笔记本", [.open], .always), ("printer", [.open], .always), ("laptop nairobi", [.open], .always), ("laptop", [.open], Sample.source.equals("mail")), ("zebra", [.open], .always),
        ]
        let found = try await store.read { store in
            try asked.map { Set(try store.search(Samples.sample, terms: Grams.query($0.0), parts: $0.1, where: $0.2, limit: 9)) }
        }
        let expected: [[Int]] = [[0, 1], [0, 1, 2], [0], [0, 1], [2], [3], [3], [0], [0], []]
        let wrong = zip(asked, zip(found, expected)).filter { $1.0 != Set($1.1.map { kept[$0].id }) }.map { "\($0.0): \($1.0.count) of \($1.1)" }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `What is taken out of the index is found no more, and the rest still is`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(2, seed: 42)
        let found = try await store.write { store in
            for row in rows { try store.insert(row) }
            for row in rows { try store.index(document(row, "water truck")) }
            try store.index(document(rows[0], "water in a message", source: RecordID(high: 6, low: 6)))
            try store.unindex(document(rows[0], "water truck"))
            try store.index(document(rows[0], "fuel truck"))
            try store.unindex(document(rows[1], "never indexed", source: RecordID(high: 7, low: 7)))
            return try ["water", "truck", "fuel"].map { try Set(store.search(Samples.sample, terms: Grams.query($0), parts: [.open], where: .always, limit: 9)) }
        }
        same(found, [Set(rows.map(\.id)), Set(rows.map(\.id)), [rows[0].id]])
    }

    @Test(arguments: Driver.all) func `Many documents of one record do not push the others out`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(5, seed: 43)
        let found = try await store.write { store in
            for row in rows { try store.insert(row) }
            for number in 0..<60 { try store.index(document(rows[0], "water water", source: RecordID(high: 8, low: UInt64(number)))) }
            for row in rows.dropFirst() { try store.index(document(row, "one more word and another, and then water")) }
            return try store.search(Samples.sample, terms: Grams.query("water"), parts: [.open], where: .always, limit: 5)
        }
        same(Set(found), Set(rows.map(\.id)))
    }

    @Test(arguments: Driver.all) func `Of what is found often, the newest are ranked, and what few may read is found however old it is`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var rows = sampleRows(600, seed: 44)
        for index in rows.indices { rows[index]["source"] = index == 3 ? .text("mail") : .text("phone") }
        let kept = rows
        let (common, own, short) = try await store.write { store in
            for row in kept {
                try store.insert(row)
                try store.index(document(row, "water in the well"))
            }
            try store.index(document(kept[590], "water", source: RecordID(high: 9, low: 9)))
            func find(_ condition: Condition, _ limit: Int) throws -> [RecordID] {
                try store.search(Samples.sample, terms: Grams.query("water"), parts: [.open], where: condition, limit: limit)
            }
            return (try find(.always, 4), try find(Sample.source.equals("mail"), 4), try find(.always, 1))
        }
        let places = Dictionary(uniqueKeysWithValues: kept.enumerated().map { ($1.id, $0) })
        holds(common.count == 4 && Set(common).count == 4, "four records, each once: \(common.count)")
        if driver.name != "PostgreSQL" { holds(common.allSatisfy { places[$0, default: 0] >= 560 }, "the newest: \(common.map { places[$0] ?? -1 })") }
        same(own, [kept[3].id])
        same(short, [kept[590].id])
    }

    @Test func `A search window is asked for by terms that no text gives, and the documents of a window share them`() {
        same(SearchWindow.all(1 << 20).map(\.term), ["#14-64", "#17-8", "#20-1"])
        same(Grams.index("#14-64 #17-8").filter { $0.hasPrefix("#") }, [])
    }

    @Test func `A ranking is given when enough was looked at, and else more is asked for`() {
        func best(_ sizes: [Int], limit: Int, most: Int, isAll: Bool = true) -> [UInt64]? {
            var ranking = SearchRanking(limit: limit)
            for (place, size) in sizes.enumerated() { ranking.add(RecordID(high: 0, low: UInt64(place / 2)), size: size) }
            return ranking.best(ofMost: most, isAll: isAll)?.map(\.low)
        }
        same(best([5, 4, 3, 2], limit: 9, most: 10), [1, 0])
        same(best([5, 4, 3, 2], limit: 2, most: 4), [1, 0])
        same(best([5, 4, 3, 2], limit: 3, most: 4), nil)
        same(best([5, 4, 3, 2], limit: 1, most: 10, isAll: false), nil)
    }
}
