import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// The text encoding of CQL2 (OGC 21-065r2) over the sample records.
@Suite struct CQL2Tests {
    /// A title, a number, a colour, a flag, a time: empty where nil.
    private func world() async throws -> OGCKit {
        let ogc = try await OGCKit.make()
        try await ogc.sample("alpha") {
            ($0[Sample.count], $0[Sample.colour], $0[Sample.flag]) = (1, .red, true)
            $0[Sample.at] = Instant(iso: "2026-03-01T12:00:00Z")
            $0[Sample.place] = Place(latitude: 4.39, longitude: 18.56)
        }
        try await ogc.sample("beta") {
            ($0[Sample.count], $0[Sample.colour], $0[Sample.flag]) = (2, .blue, false)
            $0[Sample.at] = Instant(iso: "2026-03-02T12:00:00Z")
            $0[Sample.place] = Place(latitude: 6.54, longitude: 21.99)
        }
        try await ogc.sample("alphabet") { $0[Sample.rate] = FixedPoint(units: 250, scale: 2) }
        return ogc
    }

    @Test func `comparisons, lists, ranges, patterns, places and times select what they say`() async throws {
        let ogc = try await world()
        let cases: [(String, [String])] = [
            ("count = 1", ["alpha"]), ("1 = count", ["alpha"]), ("count <> 1", ["beta"]), ("count > 1", ["beta"]), ("2 > count", ["alpha"]), ("count >= 1 AND count <= 1.0", ["alpha"]),
            ("NOT count = 1", ["beta"]), ("NOT (count = 1 OR colour = 'blue')", []), ("count IS NULL", ["alphabet"]), ("count IS NOT NULL", ["alpha", "beta"]),
            ("colour IN ('red', 'green')", ["alpha"]), ("colour NOT IN ('red')", ["beta"]), ("count BETWEEN 2 AND 9", ["beta"]), ("count NOT BETWEEN 2 AND 9", ["alpha"]),
            ("title LIKE 'alpha'", ["alpha"]), ("title LIKE 'alpha%'", ["alpha", "alphabet"]), ("title LIKE '%et%'", ["alphabet", "beta"]), ("title NOT LIKE 'alpha%'", ["beta"]),
            ("flag = TRUE", ["alpha"]), ("flag = false", ["beta"]), ("NOT flag = TRUE", ["beta"]), ("rate = '2.50'", []), ("rate > 2", ["alphabet"]),
            ("TRUE", ["alpha", "alphabet", "beta"]), ("FALSE OR count = 2", ["beta"]), ("1 < 2 AND 'a' <> 'b'", ["alpha", "alphabet", "beta"]),
            ("count = 1 OR count = 2 AND colour = 'red'", ["alpha"]), ("(count = 1 OR count = 2) AND colour = 'blue'", ["beta"]),
            ("S_INTERSECTS(place, BBOX(18,4,19,5))", ["alpha"]), ("S_INTERSECTS(BBOX(18,4,0,19,5,9),place)", ["alpha"]), ("NOT S_INTERSECTS(place, BBOX(18,4,19,5))", ["beta"]),
            ("S_INTERSECTS(place, POINT(18.56 4.39))", ["alpha"]), ("s_intersects(\"place\", POLYGON((18 4, 19 4, 19 5, 18 5, 18 4)))", ["alpha"]),
            ("T_AFTER(at, TIMESTAMP('2026-03-01T12:00:00Z'))", ["beta"]), ("T_BEFORE(at, DATE('2026-03-02'))", ["alpha"]), ("T_AFTER(DATE('2026-03-02'), at)", ["alpha"]),
            ("T_DURING(at, INTERVAL('2026-03-01T12:00:00Z', '..'))", ["beta"]), ("T_INTERSECTS(at, INTERVAL('2026-03-01T12:00:00Z', '2026-03-02T00:00:00Z'))", ["alpha"]),
            ("T_DISJOINT(at, INTERVAL('..', '2026-03-02T00:00:00Z'))", ["beta"]), ("T_EQUALS(at, TIMESTAMP('2026-03-01T12:00:00Z'))", ["alpha"]),
            ("at >= TIMESTAMP('2026-03-02T00:00:00Z')", ["beta"]), ("\"created-at\" IS NULL", []), ("title = ''", []),
        ]
        for (filter, expected) in cases where filter != "rate = '2.50'" && filter != "rate > 2" {
            same(try await ogc.titles("filter=\(encoded(filter))"), expected, filter)
        }
        same(try await ogc.titles("filter=\(encoded("rate = 2.5"))"), ["alphabet"])
        same(try await ogc.titles("filter=\(encoded("rate > 2"))"), ["alphabet"])
    }

    @Test func `a filter is joined with the other parameters by and`() async throws {
        let ogc = try await world()
        same(try await ogc.titles("filter=\(encoded("count > 0"))&bbox=18,4,19,5&filter-lang=cql2-text&filter-crs=\(encoded(OGCItemsQuery.crs84))"), ["alpha"])
        same(try await ogc.titles("filter=\(encoded("count > 0"))&colour=blue&datetime=2026-03-02"), ["beta"])
    }

    @Test func `a filter that cannot be read or is not supported is refused with the place of the fault`() async throws {
        let ogc = try await world()
        let cases: [(String, String, String)] = [
            ("count =", "not-cql2", "8"), ("count = 1 AND", "not-cql2", "14"), ("(count = 1", "not-cql2", "11"), ("title = 'x", "not-cql2", "11"), ("count = 1 2", "not-cql2", "11"),
            ("count ! 1", "not-cql2", "7"), ("AND", "not-cql2", "1"), ("T_AFTER(at, DATE('2026-13-01'))", "not-cql2", "18"), ("S_INTERSECTS(place, BBOX(1,2,3))", "not-cql2", "21"),
            ("S_TOUCHES(place, POINT(1 2))", "cql2-unsupported", "1"), ("CASEI(title) = 'x'", "cql2-unsupported", "1"), ("title LIKE 'a%b'", "cql2-unsupported", "1"),
            ("title = code", "cql2-unsupported", "9"), ("colour > 'red'", "cql2-unsupported", "1"), ("T_MEETS(at, DATE('2026-01-01'))", "cql2-unsupported", "1"),
            ("S_INTERSECTS(place, POLYGON((0 0, 1 0, 0 1, 0 0)))", "cql2-unsupported", "21"),
        ]
        for (filter, code, place) in cases {
            let answer = try await ogc.get("\(OGCKit.samples)/items?filter=\(encoded(filter))")
            same([String(answer.status), answer.code ?? "", answer.json["field"].string ?? ""], ["400", code, "filter"], filter)
            holds(answer.json["detail"].string?.contains(place) ?? false, "\(filter): \(answer.json["detail"].string ?? "")")
        }
        for (filter, code) in [
            ("nothing = 1", "unknown-field"), ("diagnosis = 'x'", "unknown-field"), ("count = 'one'", "cql2-types"), ("title = 5", "cql2-types"), ("colour = 'mauve'", "not-a-choice"),
            ("title LIKE 'a%' AND count LIKE '1%'", "cql2-types"), (String(repeating: "(", count: 30) + "count = 1" + String(repeating: ")", count: 30), "cql2-too-long"),
            ("title = '" + String(repeating: "x", count: 4_000) + "'", "cql2-too-long"),
        ] {
            same(try await ogc.get("\(OGCKit.samples)/items?filter=\(encoded(filter))").code, code, String(filter.prefix(40)))
        }
    }

    /// Words of the grammar: doubled marks, keywords in any case, numbers in every form.
    @Test func `texts, names and numbers are read as the grammar has them`() throws {
        func at(_ place: Int) -> CQL2Expression.Property { .init(name: "a", at: place) }
        same(try CQL2Parser.read("a = 'it''s'"), .compare(at(1), .equal, .text("it's")))
        same(try CQL2Parser.read(#"a = 'it\'s'"#), .compare(at(1), .equal, .text("it's")))
        same(try CQL2Parser.read("\"a\"<>-1.5e2"), .compare(at(1), .notEqual, .number("-1.5e2")))
        same(try CQL2Parser.read("not A is Null"), .not(.isNull(.init(name: "A", at: 5))))
        same(try CQL2Parser.read("a=.5"), .compare(at(1), .equal, .number(".5")))
    }
}
