import Foundation
@testable import Kernel
@testable import Store
import TestKit
import Testing

@Suite struct ListTests {
    static let sorts: [[Sort]] = [
        [], [Sort("id", descending: true)], [.up(Sample.colour)], [.down(Sample.colour)], [.up(Sample.count), .down(Sample.at)], [.down(Sample.flag), .up(Sample.colour), .up(Sample.title)],
        [.down(Sample.cost)], [.up(Sample.rate), .down(Sample.day)], [.up(Sample.title)], [.down(Sample.person), .down(Sample.span)], [Sort("extra-number"), Sort("extra-text", descending: true)],
        [Sort("state"), Sort("extra-at", descending: true)], [Sort("created-at", descending: true)],
    ]

    @Test(arguments: Driver.all) func `Pages by key give the whole sorted list, through ties and empty values, in both directions`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(300, seed: 11)
        let claim = Condition.not(Sample.colours.includes("red"))
        try await store.write { store in for row in rows { try store.insert(row) } }
        let wrong = try await store.read { store in
            try Self.sorts.filter { sort in
                let whole = try store.rows(Query(Samples.sample, where: claim, sort: sort, limit: 1000)).map(\.id)
                var paged: [RecordID] = [], after: Cursor?
                repeat {
                    let page = try store.rows(Query(Samples.sample, where: claim, sort: sort, limit: 7, after: after))
                    paged += page.map(\.id)
                    after = page.last.map { Cursor(after: $0, sort: sort) }
                } while after != nil
                return paged != whole || whole != Self.sorted(rows.filter(claim.holds), sort).map(\.id)
            }
        }
        #expect(wrong == [])
    }

    /// The order as the store must have it: empty values first, ties by id in the direction of the last key.
    private static func sorted(_ rows: [Row], _ sort: [Sort]) -> [Row] {
        rows.sorted { a, b in
            for key in sort {
                let (left, right) = (a[key.field], b[key.field])
                if left.isNull, right.isNull { continue }
                if left.isNull || right.isNull { return left.isNull != key.descending }
                let order = if case (.money(let left), .money(let right)) = (left, right) {
                    Condition.order(.integer(left.minor), .integer(right.minor))
                } else { Condition.order(left, right) }
                if order != .equal { return (order == .less) != key.descending }
            }
            return (a.id < b.id) != (sort.last?.descending ?? false)
        }
    }

    @Test(arguments: Driver.all) func `A cursor survives its way through an address`(driver: Driver) async throws {
        let rows = sampleRows(200, seed: 12)
        let wrong = Self.sorts.filter { sort in
            rows.contains { row in
                let cursor = Cursor(after: row, sort: sort)
                return (try? Cursor(text: cursor.text(sort: sort), schema: Samples.sample, sort: sort)) != cursor
            }
        }
        #expect(wrong == [])
    }

    @Test(arguments: Driver.all) func `A count is exact up to its limit, and says when there are more`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(50, seed: 13)
        let claim = Sample.flag.isFilled
        let n = rows.filter(claim.holds).count
        let counts = try await store.write { store in
            for row in rows { try store.insert(row) }
            return try [n - 1, n, n + 1, 0, .max].map { try store.count(Samples.sample, where: claim, upTo: $0) }
        }
        let expected = [(n - 1, true), (n, false), (n, false), (0, true), (n, false)].map { Count(number: $0.0, isCapped: $0.1) }
        same(counts, expected)
    }

    @Test(arguments: Driver.all) func `Rows come one by one as they come all at once`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = sampleRows(100, seed: 14)
        let (one, all) = try await store.write { store in
            for row in rows { try store.insert(row) }
            let query = Query(Samples.sample, where: Sample.count.isFilled, sort: [.up(Sample.count)], limit: 60)
            var ids: [RecordID] = []
            try store.each(query) { ids.append($0.id) }
            return (ids, try store.rows(query).map(\.id))
        }
        same(one, all)
    }

    @Test func `A list in the order of its ids is in that of the primary key, which PostgreSQL walks only when it is named as it is`() {
        let wrong = [Dialect.sqlite, .postgres].flatMap { dialect -> [String] in
            let made = QuerySQL(layout: TableLayout(Samples.sample, dialect))
            return [([], "ORDER BY \"id\""), ([Sort("id", descending: true)], "ORDER BY \"id\" DESC"), ([Sort("id")], "ORDER BY \"id\"")].compactMap { sort, end in
                let sql = made.fragment(Query(Samples.sample, sort: sort)).sql
                return sql.hasSuffix("\(end) LIMIT 50") ? nil : sql
            }
        }
        same(wrong, [])
    }

    @Test func `How long a page is stands in its SQL, so that its plan can be kept, unless an argument decides how many records there are`() {
        let made = QuerySQL(layout: TableLayout(Samples.sample, .postgres)), id = RecordID(high: 1, low: 1)
        func ends(_ condition: Condition) -> String { made.fragment(Query(Samples.sample, where: condition)).sql.split(separator: " ").last.map(String.init) ?? "" }
        let mine = Condition.compare("person", .equal, .value(.reference(id))), red = Sample.colour.equals(.red)
        same([.always, red, mine.or(red), .all([mine.or(Sample.count.isEmpty), red])].map(ends), ["50", "50", "50", "50"])
        same([mine, .all([red, mine]), .not(mine), Sample.count.equals(3)].map(ends), ["?", "?", "?", "?"])
    }

    @Test func `A declared choice is written as it is declared, any other word is an argument`() {
        let made = ConditionSQL(layout: TableLayout(Samples.sample, .postgres))
        let fragments = [Value.text("red"), .text("red' OR true")].map { made.fragment(.compare("colour", .equal, .value($0))) }
        same(fragments.map(\.sql), ["(\"colour\" = 'red')", "(\"colour\" = ?)"])
        same(fragments.map(\.arguments), [[], [.text("red' OR true")]])
        same(made.fragment(.oneOf("extra-choice", [.text("one")])).arguments, [.text("one")])
    }
}
