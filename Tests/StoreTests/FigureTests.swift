import Foundation
@testable import Kernel
import TestKit
import Testing

@Suite struct FigureTests {
    @Test(arguments: Driver.all) func `Counts, sums, means, extremes and percentiles are those of the rows`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(400, seed: 21)
        try await store.write { store in for row in rows { try store.insert(row) } }
        let claim = Condition.not(Sample.flag.equals(true))
        let counted = rows.filter(claim.holds)
        let numbers = counted.compactMap { $0.integer("count") }.sorted()
        func rank(_ p: Double) -> Double { Double(numbers[max(1, Int((p * Double(numbers.count)).rounded(.up))) - 1]) }
        let expected: [(Aggregation.Function, Int, Double)] = [
            (.count, counted.count, Double(counted.count)), (.sum("count"), numbers.count, Double(numbers.reduce(0, +))),
            (.mean("count"), numbers.count, Double(numbers.reduce(0, +)) / Double(numbers.count)), (.least("count"), numbers.count, rank(0)),
            (.greatest("count"), numbers.count, rank(1)), (.percentile("count", 0.5), numbers.count, rank(0.5)),
            (.percentile("count", 0.9), numbers.count, rank(0.9)), (.percentile("count", 0), numbers.count, rank(0)), (.percentile("count", 1), numbers.count, rank(1)),
        ]
        let found = try await store.read { store in
            try expected.map { try store.aggregate(Aggregation(Samples.sample, $0.0, where: claim)).first }
        }
        let wrong = zip(expected, found).filter { $1?.n != $0.1 || abs(($1?.value ?? .nan) - $0.2) > 1e-9 }.map { "\($0) is \(String(describing: $1))" }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `Sums of decimals and money are exact, and shown in the field's unit`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 22)
        let (rate, price, nothing) = try await store.write { store in
            for row in rows { try store.insert(row) }
            func one(_ function: Aggregation.Function, _ claim: Condition = .always) throws -> AggregateRow? {
                try store.aggregate(Aggregation(Samples.sample, function, where: claim)).first
            }
            return (try one(.sum("rate")), try one(.sum("price")), try one(.mean("count"), .never))
        }
        let units = rows.reduce(Int64(0)) { sum, row in if case .decimal(let number) = row["rate"] { sum + number.units } else { sum } }
        let minor = rows.reduce(Int64(0)) { sum, row in if case .money(let money) = row["price"] { sum + money.minor } else { sum } }
        same([rate?.exact, price?.exact], [units, minor])
        same([rate?.value, price?.value], [Double(units) / 100, Double(minor) / 100])
        same(nothing?.n, 0)
        same(nothing?.value, nil)
    }

    @Test(arguments: Driver.all) func `Groups are the values that the rows have, the empty one among them`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 23)
        try await store.write { store in for row in rows { try store.insert(row) } }
        let dimensions = [["colour"], ["flag"], ["person"], ["day"], ["state", "colour"], ["rate"], ["extra-number"], ["extra-choice"], ["span"], ["label"]]
        let wrong = try await store.read { store in
            try dimensions.filter { names in
                let groups = try store.aggregate(Aggregation(Samples.sample, .count, by: names))
                let found = Dictionary(groups.map { ($0.group, $0.n) }, uniquingKeysWith: +)
                return found != Dictionary(grouping: rows) { row in names.map { row[$0] } }.mapValues(\.count)
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `A percentile of each group is that of its rows, and the query can be shown`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 24)
        let medians = Aggregation(Samples.sample, .percentile("count", 0.5), by: ["colour"])
        let (found, query) = try await store.write { store in
            for row in rows { try store.insert(row) }
            return (try store.aggregate(medians), try store.explain(medians))
        }
        var expected: [[Value]: Double] = [:]
        for (colour, rows) in Dictionary(grouping: rows, by: { [$0["colour"]] }) {
            let numbers = rows.compactMap { $0.integer("count") }.sorted()
            if !numbers.isEmpty { expected[colour] = Double(numbers[max(1, (numbers.count + 1) / 2) - 1]) }
        }
        same(Dictionary(found.map { ($0.group, $0.value ?? .nan) }, uniquingKeysWith: { a, _ in a }), expected)
        holds(!query.isEmpty, "the query is shown")
    }

    @Test(arguments: Driver.all) func `A query is shown with its values, each written so that it stays one value`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let claim = Condition.all([
            .compare("title", .equal, .value(.text("it's; \"?\" or 1=1 --"))), .oneOf("count", [.integer(-3), .integer(7)]),
            .compare("person", .equal, .value(.reference(RecordID(high: 0, low: 255)))), .compare("note", .notEqual, .value(.text("a\u{0}b"))),
        ])
        let query = try await store.read { try $0.explain(Aggregation(Samples.sample, .percentile("count", 0.5), where: claim)) }
        for part in ["'it''s; \"?\" or 1=1 --'", "(-3,7)", "0.5"] + driver.literals {
            holds(query.contains(part), "\(part) in \(query)")
        }
        same(query.replacing("\"?\"", with: "").contains("?"), false)
    }

    @Test(arguments: Driver.all) func `How many lie in each period is how many of the rows do, the end of the last among them`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 25)
        try await store.write { store in for row in rows { try store.insert(row) } }
        let moments = rows.compactMap { $0.instant("at") }.sorted(), claim = Condition.not(Sample.flag.equals(true))
        let middle = moments[moments.count / 4], end = moments[moments.count * 3 / 4]
        for count in [1, 7, 24] {
            let periods = Periods(from: middle, seconds: end.seconds(since: middle), count: count)
            let found = try await store.read { try $0.counts(Samples.sample, of: "at", in: periods, where: claim) }
            let places = rows.filter(claim.holds).compactMap { $0.instant("at").flatMap(periods.place) }
            same(found, (0..<count).map { place in places.filter { $0 == place }.count }, "\(count)")
        }
    }

    @Test(arguments: Driver.all) func `What a series tells is set where it is newer, and nothing else`(driver: Driver) async throws {
        let store = try await driver.sampled()
        var row = sampleRows(1, seed: 26)[0]
        row["at"] = .instant(TestPlatform.start)
        let first = row
        let found = try await store.write { store in
            try store.insert(first)
            var read: [Row?] = []
            for (number, seconds) in [10, 5, 10].enumerated() {
                var told = Row(new: Samples.sample, id: first.id)
                told["at"] = .instant(TestPlatform.start.adding(seconds: seconds))
                told["count"] = .integer(Int64(number))
                told["title"] = .text("not told")
                try store.advance(told, ["at", "count"], by: "at")
                read.append(try store.row(Samples.sample, first.id))
            }
            return read
        }
        let seen = found.map { row in ["at", "count", "title"].map { row?[$0] } }
        same(seen, Array(repeating: [.instant(TestPlatform.start.adding(seconds: 10)), .integer(0), first["title"]], count: 3))
    }
}
