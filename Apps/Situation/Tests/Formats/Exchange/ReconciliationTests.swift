import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct ReconciliationTests {
    private func feature(_ id: String?, _ name: String) -> ExchangeFeature { ExchangeFeature(sourceID: id, name: name) }

    @Test func `a fingerprint is of what is said, not of how`() throws {
        let base = ExchangeFeature(
            sourceID: "a", place: Place(.area, positions([(0, 0), (4, 0), (4, 4), (0, 0)])), time: ExchangeTime(at("2019-06-03T06:00:00Z"), precision: .exact), name: "Caf\u{e9}", description: "a\nb",
            properties: [.init("x", .number("1.50")), .init("y", ["b": 1, "a": [.number("2e0")]]), .init("x", "again")])
        var same = base
        same.sourceID = "b"
        same.name = "Cafe\u{301}"
        same.description = "a\r\nb"
        same.place = Place(.area, positions([(4, 0), (0, 0), (4, 4), (4, 0)]))
        same.properties = [.init("y", ["a": [2], "b": .number("1.0")]), .init("x", "again"), .init("x", .number("15e-1"))]
        #expect(Fingerprint(of: base) == Fingerprint(of: same) && Fingerprint(Fingerprint(of: base).text) == Fingerprint(of: base))
        #expect([Fingerprint("2:" + String(repeating: "a", count: 64)), Fingerprint("1:abc"), Fingerprint("")] == [nil, nil, nil])
        let changes: [(inout ExchangeFeature) -> Void] = [
            { $0.name = nil }, { $0.name = "Cafe" }, { $0.description = "Caf\u{e9}"; $0.name = "a\nb" }, { $0.place = point(0, 0) }, { $0.place = nil }, { $0.time?.precision = .hour }, { $0.time?.end = at("2019-06-04T06:00:00Z") },
            { $0.categories = ["x"] }, { $0.sources = ["x"] }, { $0.actors = [.init("x")] }, { $0.actors = [.init("", role: "x")] }, { $0.fatalities = Fatalities(best: 1) }, { $0.fatalities = Fatalities(best: nil, low: 1) },
            { $0.placePrecision = 1 }, { $0.placeName = "x" }, { $0.properties[0].value = .string("1.5") }, { $0.properties.removeLast() }, { $0.properties[0].name = "xx" }, { $0.place = Place(.line, $0.place?.positions ?? []) },
            { $0.place = Place(.line, $0.place?.positions ?? []); $0.stamps = [nil, nil, nil, .earliest] },
        ]
        var seen = [Fingerprint(of: base)]
        for change in changes {
            var other = base
            change(&other)
            seen.append(Fingerprint(of: other))
        }
        #expect(Set(seen).count == changes.count + 1)
    }

    @Test func `the fingerprint of a known feature stays what it is`() {
        let feature = ExchangeFeature(sourceID: "a", place: point(18.5, 4.4), time: ExchangeTime(at("2019-06-03T06:00:00Z"), precision: .exact), name: "Name", properties: [.init("b", 2), .init("a", "1")])
        same(String(decoding: CanonicalFeature.bytes(feature).filter { $0 < 0x80 && $0 > 0x1f }, as: UTF8.self), "g5:Pointp16:@2@t23:1559541600000000//exactn4:Namek1:av3:\"1\"k1:bv1:2")
        same(Fingerprint(of: feature).text, "1:bd66e2352dc42c1f50aaceda3b153266b58d2af8dfb16b238392fef534ef71d8", "computed with Python's struct and hashlib")
    }

    @Test func `bringing a file in again creates, changes, keeps or asks`() {
        let rows = [feature("new", "1"), feature("same", "1"), feature("changed", "2"), feature("edited", "1"), feature("both", "2"), feature("old rules", "1"), feature("new", "1"), feature("same", "3"), feature(nil, "x"), feature(nil, "x"), feature("e\u{301}", "1")]
            .enumerated().map { ExchangeRow(number: $0 + 2, $1) }
        let one = Fingerprint(of: feature(nil, "1"))
        let stored: [String: Reconciliation.Stored] = [
            "id:same": .init(one, isEditedHere: false), "id:changed": .init(one, isEditedHere: false), "id:edited": .init(one, isEditedHere: true), "id:both": .init(one, isEditedHere: true),
            "id:old rules": .init(nil, isEditedHere: true), "id:gone": .init(one, isEditedHere: false), "id:\u{e9}": .init(one, isEditedHere: false),
        ]
        let plan = Reconciliation(stored: stored, incoming: rows)
        same(plan.lines.map(\.step), [.create, .same, .change, .same, .conflict, .conflict, .duplicate(of: 2, isSame: true), .duplicate(of: 3, isSame: false), .create, .duplicate(of: 10, isSame: true), .same])
        same(plan.missing, ["id:gone"])
        same(plan.counts, ["create": 2, "same": 3, "change": 1, "conflict": 2, "duplicate": 3])
        same(plan.lines[8].key, "content:" + Fingerprint(of: feature(nil, "x")).text)
        // Imported as it says, the same file changes nothing.
        let after = Dictionary(plan.lines.map { ($0.key, Reconciliation.Stored($0.fingerprint, isEditedHere: false)) }, uniquingKeysWith: { first, _ in first })
        let again = Reconciliation(stored: after, incoming: rows.filter { row in plan.lines.contains { $0.row == row.number && $0.step != .duplicate(of: 3, isSame: false) } })
        same(Set(again.counts.keys), ["same", "duplicate"])
    }

    @Test func `a feature goes through each format and comes back as it was`() {
        var dice = FeatureDice(41)
        let features = (0..<250).map { dice.feature($0) }
        let moment = at("2019-06-03T06:00:00Z"), lines = features.filter { $0.place?.shape == .line }
        let files: [(ExchangeFormat, [UInt8], [ExchangeFeature])] = [
            (.geoJSON, GeoJSONWriter.file(features, zone: bangui, disclaimer: "x"), features), (.kml, KMLWriter.file(features, name: "x", zone: bangui, disclaimer: "x"), features),
            (.gpx, GPXWriter.file(features, name: "x", zone: bangui, disclaimer: "x", at: moment).bytes, features.filter { $0.place?.shape == .point } + lines.filter(\.stamps.isEmpty) + lines.filter { !$0.stamps.isEmpty }),
        ]
        for (format, bytes, expected) in files {
            let report = format.read(bytes, .mission)
            let mended = report.features.map { feature in
                var feature = feature
                feature.sources = feature.sources.flatMap { $0.components(separatedBy: "; ") }
                return feature
            }
            let wrong = zip(mended, expected).filter { Fingerprint(of: $0) != Fingerprint(of: $1) || $0.sourceID != $1.sourceID }
            same(report.shown.filter { !$0.contains("antimeridian") }, [], format.rawValue)
            holds(wrong.isEmpty && mended.count == expected.count, "\(format) \(wrong.count) of \(mended.count): \(wrong.first.map { "\n\($0)\n\($1)" } ?? "")")
        }
    }
}
