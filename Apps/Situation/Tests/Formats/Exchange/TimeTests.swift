import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct TimeTests {
    private func read(_ text: String, _ source: ExchangeSource = .mission) -> String {
        var notes = RowNotes(row: 1, source: source, positionsLeft: 0)
        let moment = TimeReading(source: source).moment(text, at: "t", &notes)
        return ([moment.map { "\($0.instant.iso) \($0.precision)" }].compactMap(\.self) + notes.faults.map(\.code.rawValue)).joined(separator: " ")
    }

    @Test func `every form of ISO 8601 that files use is read, with how precise it is`() {
        let rows = [
            ("2019-06-03T06:20:00Z", "2019-06-03T06:20:00Z exact"), ("2019-06-03t06:20z", "2019-06-03T06:20:00Z exact"), ("20190603T062000Z", "2019-06-03T06:20:00Z exact"),
            ("2019-06-03T06:20:00+01:00", "2019-06-03T05:20:00Z exact"), ("2019-06-03T06:20:00-0330", "2019-06-03T09:50:00Z exact"), ("2019-06-03T06+01", "2019-06-03T05:00:00Z hour"),
            ("2019-06-03 06:20:00.5", "2019-06-03T05:20:00.5Z exact"), ("2019-06-03T06:20:00,123456789 UTC", "2019-06-03T06:20:00.123456Z exact"), ("2019-06-03T06:20", "2019-06-03T05:20:00Z exact"),
            ("2019-06-03T24:00Z", "2019-06-04T00:00:00Z exact"), ("2016-12-31T23:59:60Z", "2017-01-01T00:00:00Z exact"), ("2019-06-03", "2019-06-02T23:00:00Z day"),
            ("20190603", "2019-06-02T23:00:00Z day"), ("2019-154", "2019-06-02T23:00:00Z day"), ("2019154", "2019-06-02T23:00:00Z day"), ("2019-06", "2019-05-31T23:00:00Z month"),
            ("2019", "2018-12-31T23:00:00Z year"), ("2019-W23", "2019-06-02T23:00:00Z week"), ("2019W23", "2019-06-02T23:00:00Z week"), ("2019-W23-1", "2019-06-02T23:00:00Z day"),
            ("2019W231", "2019-06-02T23:00:00Z day"), ("2020-W53-7", "2021-01-02T23:00:00Z day"), ("2019-W01", "2018-12-30T23:00:00Z week"), ("2019-06-03Z", "2019-06-03T00:00:00Z day"),
            ("2019-06-03+02:00", "2019-06-02T22:00:00Z day"), ("2019-06-05:00", "2019-06-01T05:00:00Z month"), (" 2019-06-03\n", "2019-06-02T23:00:00Z day"),
            ("3 June 2019", "2019-06-02T23:00:00Z day"), ("03-Jun-19", "2019-06-02T23:00:00Z day"), ("June 3, 2019", "2019-06-02T23:00:00Z day"), ("13/06/2019", "2019-06-12T23:00:00Z day"),
            ("3 Sept. 98", "1998-09-02T23:00:00Z day"), ("06/06/2019", "2019-06-05T23:00:00Z day"),
        ]
        #expect(rows.map { read($0.0) } == rows.map(\.1))
    }

    @Test func `what is no time, or no real one, is a fault that says which`() {
        let bad = ["", "yesterday", "19-06-03", "2019-6-3", "2019-06-03T", "2019-06-03T6:20Z", "2019-06-03T06:20:00.Z", "201906", "2019-06-03T06:20:00Zx", "2019-06-03  06:20", "1559543000", "٢٠١٩-06-03", "2019-06-03/2019-06-04", "2019-W23-", "2019-", String(repeating: "2", count: 9000)]
        let unreal = ["2019-02-29", "2019-13-01", "2019-06-31T00:00Z", "2019-06-03T25:00Z", "2019-06-03T24:01Z", "2019-06-03T06:60Z", "2019-06-03T06:20:61Z", "2019-W53", "2019-W00", "2019-366", "2019-000", "0000-01-01", "2019-W23-8", "31 June 2019", "2019-06-03T06:20+24:00"]
        #expect(bad.filter { read($0) != "bad-time" } + unreal.filter { read($0) != "no-such-time" } == [])
        #expect(["03/04/2019", "2019-06-03T06:20", "2019"].map { read($0, ExchangeSource()) } == ["date-order", "zone-needed", "zone-needed"])
        let orders: [ExchangeSource.DateOrder] = [.dayFirst, .monthFirst]
        #expect(orders.map { read("03/04/2019", ExchangeSource(zone: .gmt, dateOrder: $0)) } == ["2019-04-03T00:00:00Z day", "2019-03-04T00:00:00Z day"])
    }

    @Test func `a time that the clock skips is refused, one that comes twice is pointed out`() {
        let source = ExchangeSource(zone: TimeZone(identifier: "Europe/Zurich") ?? .gmt)
        let cases = ["2019-03-31T02:30", "2019-10-27T02:30", "2019-03-31T03:30", "2019-10-27T03:00", "2019-10-27T02:30+01:00"]
        #expect(cases.map { read($0, source) } == [
            "skipped-time", "2019-10-27T00:30:00Z exact time-twice", "2019-03-31T01:30:00Z exact", "2019-10-27T02:00:00Z exact", "2019-10-27T01:30:00Z exact",
        ])
    }

    @Test func `a time spans the unit it is precise to, or what its source bounds`() {
        let noon = at("2019-06-05T11:00:00Z")
        let spans = ExchangePrecision.allCases.map { precision -> String in
            let span = ExchangeTime(noon, precision: precision).span(in: bangui)
            return "\(span.lowerBound.iso) \(span.upperBound.iso)"
        }
        #expect(spans == [
            "2019-06-05T11:00:00Z 2019-06-05T11:00:00.000001Z", "2019-06-05T11:00:00Z 2019-06-05T12:00:00Z", "2019-06-04T23:00:00Z 2019-06-05T23:00:00Z",
            "2019-06-02T23:00:00Z 2019-06-09T23:00:00Z", "2019-05-31T23:00:00Z 2019-06-30T23:00:00Z", "2018-12-31T23:00:00Z 2019-12-31T23:00:00Z",
        ])
        let bounded = ExchangeTime(at("2019-06-02T23:00:00Z"), at("2019-06-05T23:00:00Z"), precision: .week)
        let days = bounded.days(in: bangui)
        same([days.first.iso, days.last.iso], ["2019-06-03", "2019-06-05"])
        same(bounded.span(in: bangui), bounded.start..<at("2019-06-05T23:00:00Z"))
        let ends = [ExchangeTime(.latest, precision: .year), ExchangeTime(.earliest, precision: .week), ExchangeTime(.latest, precision: .hour)]
        holds(ends.allSatisfy { $0.span(in: bangui).lowerBound <= $0.span(in: bangui).upperBound }, "the ends of time have spans")
    }
}
