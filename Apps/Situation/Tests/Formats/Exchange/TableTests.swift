import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct TableTests {
    static func acled(_ cells: [String: String] = [:]) -> [String] {
        let base = [
            "event_id_cnty": "XZA1", "event_date": "2019-06-03", "year": "2019", "time_precision": "1", "disorder_type": "Political violence", "event_type": "Battles", "sub_event_type": "Armed clash",
            "actor1": "Blue Column", "assoc_actor_1": "Blue Youth; Blue Elders", "inter1": "3", "actor2": "Green Column", "iso": "999", "country": "Fictia", "admin1": "North", "location": "Old Ford",
            "latitude": "4.4", "longitude": "18.5", "geo_precision": "2", "source": "Fictia Daily; Radio Ford", "source_scale": "National", "notes": "On 3 June, \"two\" columns\nmet.", "fatalities": "3", "timestamp": "1560000000",
        ].merging(cells) { $1 }
        return ConflictTable.acled.map { base[$0] ?? "" }
    }

    static func ged(_ cells: [String: String] = [:]) -> [String] {
        let base = [
            "id": "500001", "relid": "FIC-2019-1-1", "year": "2019", "type_of_violence": "1", "conflict_name": "Fictia: Government", "side_a": "Government of Fictia", "side_b": "Green Column", "number_of_sources": "-1",
            "source_article": "\"Fictia Daily,2019-06-04,Clash; many flee\";\"Radio Ford\"", "where_prec": "5", "where_coordinates": "Old Ford town", "latitude": "4.4", "longitude": "18.5", "geom_wkt": "POINT (18.5 4.4)",
            "date_prec": "3", "date_start": "2019-06-03 00:00:00.000", "date_end": "2019-06-09 00:00:00.000", "deaths_a": "1", "best": "4", "high": "9", "low": "2", "gwnoa": "999",
        ].merging(cells) { $1 }
        return ConflictTable.ged.map { base[$0] ?? "" }
    }

    static func table(_ rows: [[String]]) -> [UInt8] { rows.flatMap { CSV.line($0) } }

    private func read(_ format: ExchangeFormat, _ rows: [[String]]) -> ExchangeReport {
        format.read(Self.table([format == .acled ? ConflictTable.acled : ConflictTable.ged] + rows), .mission)
    }

    @Test func `an event of ACLED is read whole`() throws {
        let report = read(.acled, [Self.acled()])
        let feature = try #require(report.features.first)
        same(report.shown, [])
        same(feature, ExchangeFeature(
            sourceID: "XZA1", place: point(18.5, 4.4), placePrecision: 25_000, placeName: "Old Ford", time: ExchangeTime(at("2019-06-02T23:00:00Z"), precision: .day),
            description: "On 3 June, \"two\" columns\nmet.", categories: ["Battles", "Armed clash"],
            actors: [.init("Blue Column", role: "actor1"), .init("Blue Youth", role: "assoc_actor_1"), .init("Blue Elders", role: "assoc_actor_1"), .init("Green Column", role: "actor2")],
            fatalities: Fatalities(best: 3), sources: ["Fictia Daily", "Radio Ford"],
            properties: [("disorder_type", "Political violence"), ("inter1", "3"), ("iso", "999"), ("country", "Fictia"), ("admin1", "North"), ("source_scale", "National"), ("timestamp", "1560000000")].map { ExchangeProperty($0.0, .string($0.1)) }))
    }

    @Test func `an event of GED is read whole, with its header or without`() throws {
        let rows = [Self.ged(), Self.ged(["id": "500002", "date_start": "broken"])]
        for headed in [true, false] {
            let bytes = Self.table((headed ? [ConflictTable.ged] : []) + rows)
            same(ExchangeFormat.recognised(bytes), .ged)
            let report = ExchangeFormat.ged.read(bytes, .mission)
            same(report.shown, ["\(headed ? 3 : 2) bad-time date_start"])
            let feature = try #require(report.features.first)
            same(feature.time, ExchangeTime(at("2019-06-02T23:00:00Z"), at("2019-06-09T23:00:00Z"), precision: .week))
            same([feature.categories, feature.sources, [feature.placeName ?? ""]], [["state-based conflict"], ["\"Fictia Daily,2019-06-04,Clash; many flee\"", "\"Radio Ford\""], ["Old Ford town"]])
            same(feature.fatalities, Fatalities(best: 4, low: 2, high: 9))
            same(feature.placePrecision, 100_000)
            same(feature.properties.map(\.name), ["relid", "conflict_name", "number_of_sources", "deaths_a", "gwnoa"])
        }
        // A bad cell in the first row does not make a header of it.
        same(ExchangeFormat.ged.read(Self.table([Self.ged(["latitude": "north"]), Self.ged(["id": "2"])]), .mission).shown, ["1 bad-number latitude"])
    }

    @Test func `every bad cell is named, and one bad row leaves the others`() {
        let acled: [([String: String], String)] = [
            (["event_id_cnty": ""], "bad-id event_id_cnty"), (["event_date": "31 June 2019"], "no-such-time event_date"), (["event_date": "soon"], "bad-time event_date"), (["event_date": ""], "member-missing event_date"),
            (["year": "2018"], "year-differs year"), (["time_precision": "4"], "unknown-code time_precision"), (["geo_precision": "9"], "unknown-code geo_precision"), (["latitude": ""], "half-coordinate latitude"),
            (["latitude": "four"], "bad-number latitude"), (["latitude": "118.5", "longitude": "4.4"], "axes-swapped latitude, longitude"), (["latitude": "NaN"], "bad-number latitude"), (["fatalities": "-1"], "negative-number fatalities"),
            (["fatalities": "a few"], "bad-number fatalities"), (["fatalities": "1,23"], "bad-number fatalities"), (["event_date": "03/06/2019"], "day-first event_date"), (["notes": "a\u{7}b"], "controls-removed notes"),
        ]
        var wrong: [String] = []
        for (cells, expected) in acled {
            let report = read(.acled, [Self.acled(["event_id_cnty": "first"]), Self.acled(cells), Self.acled(["event_id_cnty": "last"])])
            let isWarning = expected.hasPrefix("day-first") || expected.hasPrefix("controls")
            if report.shown != ["4 " + expected] || report.taken != (isWarning ? 3 : 2) { wrong.append("\(cells): \(report.shown)") }
        }
        let ged: [([String: String], String)] = [
            (["date_end": "2019-06-02"], "time-order date_end"), (["type_of_violence": "4"], "unknown-code type_of_violence"), (["type_of_violence": ""], "member-missing type_of_violence"), (["date_prec": "0"], "unknown-code date_prec"),
            (["high": "3"], "fatalities-order "), (["year": "2020"], "year-differs year"), (["year": "2020", "date_end": "2020-01-02", "date_prec": "5"], ""), (["geom_wkt": "POINT (4.4 18.5)"], "geometries-differ geom_wkt"), (["where_prec": "8"], "unknown-code where_prec"), (["best": ""], ""), (["date_prec": "3.0", "year": "2019.0"], ""),
        ]
        for (cells, expected) in ged {
            let report = read(.ged, [Self.ged(cells)])
            if report.shown != (expected.isEmpty ? [] : ["2 " + expected]) { wrong.append("\(cells): \(report.shown)") }
        }
        #expect(wrong == [])
        same(ExchangeFormat.acled.read(Self.table([ConflictTable.acled, Self.acled()]), ExchangeSource()).shown, ["2 zone-needed event_date"])
    }

    @Test func `tables are read as spreadsheets write them`() {
        let head = ConflictTable.acled, row = Self.acled(["latitude": "4,4", "longitude": "18,5", "notes": "a;b\r\nc"])
        func joined(_ mark: String, _ end: String) -> [UInt8] {
            Array([head.map { $0.uppercased() }, row].map { $0.map { "\"" + $0.replacing("\"", with: "\"\"") + "\"" }.joined(separator: mark) }.joined(separator: end).utf8)
        }
        let files = [joined(",", "\r\n"), [0xef, 0xbb, 0xbf] + joined(";", "\n"), joined("\t", "\r") + [0x0d], Array("sep=;\r\n".utf8) + joined(";", "\r\n"), joined(",", "\n\n,,,\n")]
        let reports = files.map { ExchangeFormat.acled.read($0, .mission) }
        same(reports.map { $0.features.map { Fingerprint(of: $0) } }, Array(repeating: [Fingerprint(of: reports[0].features[0])], count: 5))
        same(reports.map(\.shown), [[], [], [], [], []])
        let name = "event_id_cnty,event_date,event_type,latitude,longitude\n"
        let rows: [(String, [String])] = [
            (name + "a,2019-06-03,x,1\nb,2019-06-03,x,1,2\nc,2019-06-03,x,1,2,3", ["2 uneven-cells ", "4 uneven-cells "]), (name + "a,\"2019-06-03\"x,x,1,2\nb,2019-06-03,x,1,2", ["2 misplaced-quote "]),
            (name + "a,2019-06-03,5\" gun,1,2", ["2 stray-quote "]), (name + "a,2019-06-03,x,1,2\nb,\"2019-06-03,x,1,2\n", ["3 open-quote "]), ("a,b\n1,2", ["1 columns-missing "]), (name.replacing("event_type", with: "event_date"), ["1 column-twice "]),
            (String(repeating: "a,", count: 400), ["1 too-many-columns "]), ("\"a\"b,c\n1,2", ["1 bad-header "]), ("\n\n", ["0 empty "]),
        ]
        #expect(rows.map { ExchangeFormat.acled.read($0.0).shown } == rows.map(\.1))
    }

    @Test func `numbers are read in one country's way or another's`() {
        let decimals: [(String, Double?)] = [("4.39", 4.39), ("4,39", 4.39), ("-4.39°", -4.39), ("−4.39", -4.39), (" 4.39\u{a0}", 4.39), ("4e1", 40), (".5", 0.5), ("1,234.5", nil), ("4.3.9", nil), ("nan", nil), ("0x4", nil), ("e4", nil), ("", nil), ("4 39", nil), ("٤", nil), ("1e999", nil)]
        #expect(decimals.map { NumberText.decimal($0.0) } == decimals.map(\.1))
        let counts: [(String, NumberText.Count)] = [
            ("12", .number(12)), ("1,234", .number(1234)), ("1 234 567", .number(1_234_567)), ("1'234", .number(1234)), ("3.0", .number(3)), ("0", .number(0)), ("-0", .number(0)), ("1,23", .none), ("1,2345", .none), ("1,234 567", .none),
            ("1.000", .none), ("1.5", .none), ("-3", .negative), ("", .none), ("a", .none), ("999999999999999999999", .none), (",123", .none), ("1234,567", .none), ("1.", .none),
        ]
        #expect(counts.map { NumberText.count($0.0) } == counts.map(\.1))
    }

    @Test func `what came from a table goes back into it`() throws {
        for (format, cells) in [(ExchangeFormat.acled, Self.acled()), (.ged, Self.ged()), (.ged, Self.ged(["date_prec": "2", "date_end": "2019-06-03", "where_prec": "7", "type_of_violence": "3"]))] {
            let first = read(format, [cells])
            let writer = try #require(ConflictWriter(format, zone: bangui))
            let again = format.read(writer.file(first.features), .mission)
            same(again.features, first.features)
            var reader = TableReader(writer.line(first.features[0]), ExchangeLimits())
            let written = reader.record()?.cells ?? [], names = format == .acled ? ConflictTable.acled : ConflictTable.ged
            let changed = zip(names, zip(cells, written)).filter { $1.0 != $1.1 }.map { "\($0): \($1.1)" }
            same(changed.filter { !$0.hasPrefix("date_") }, [], "dates lose their midnight, nothing else changes")
        }
        let own = ExchangeFeature(sourceID: "MSN-2019-000123", place: point(18.5, 4.4), placePrecision: 300, time: ExchangeTime(at("2019-06-03T06:20:00Z"), precision: .exact), name: "=cmd", actors: [.init("Blue")])
        let line = try #require(ConflictWriter(.acled, zone: bangui)).line(own)
        same(String(decoding: line, as: UTF8.self), "MSN-2019-000123,2019-06-03,2019,1,,,,Blue,,,,,,,,,,,,,,,4.4,18.5,1,,,'=cmd,,,\r\n")
        holds(ConflictWriter(.kml, zone: .gmt) == nil, "other formats are not tables")
    }
}
