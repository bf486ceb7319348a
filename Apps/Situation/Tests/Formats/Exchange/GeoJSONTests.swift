import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct GeoJSONTests {
    private func collection(_ features: String...) -> String { #"{"type":"FeatureCollection","features":["# + features.joined(separator: ",") + "]}" }
    private func feature(_ geometry: String, _ more: String = #","properties":{}"#) -> String { #"{"type":"Feature","geometry":"# + geometry + more + "}" }
    private let here = #"{"type":"Point","coordinates":[18.5,4.4]}"#

    @Test func `each geometry becomes a place, or several, or a fault with its path`() {
        let rows: [(String, String)] = [
            (#"{"type":"Point","coordinates":[18.5,4.4]}"#, "Point"), (#"{"coordinates":[18.5,4.4,380,7],"type":"Point"}"#, "Point"), ("null", "-"),
            (#"{"type":"LineString","coordinates":[[1,2],[3,4]]}"#, "LineString"), (#"{"type":"MultiPoint","coordinates":[[1,2]]}"#, "Point"),
            (#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#, "Point Point 1 parts "),
            (#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,0]],[[1,1],[2,1],[2,2],[1,1]]]}"#, "Polygon 1 holes-dropped geometry.coordinates[0]"),
            (#"{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[1,2]},{"type":"LineString","coordinates":[[1,2],[3,4]]}]}"#, "Point LineString 1 parts "),
            (#"{"type":"GeometryCollection","geometries":[]}"#, "-"), (#"{"type":"MultiPoint","coordinates":[]}"#, "1 empty-geometry geometry.coordinates"),
            (#"{"type":"Point","coordinates":[18.5]}"#, "1 bad-position geometry.coordinates"), (#"{"type":"Point","coordinates":[]}"#, "1 bad-position geometry.coordinates"),
            (#"{"type":"Point","coordinates":[NaN,4]}"#, "1 not-finite geometry.coordinates[0]"), (#"{"type":"Point","coordinates":[1,-Infinity]}"#, "1 not-finite geometry.coordinates[1]"),
            (#"{"type":"Point","coordinates":[1,1e999]}"#, "1 not-finite geometry.coordinates[1]"), (#"{"type":"Point","coordinates":["1",2]}"#, "1 not-finite geometry.coordinates[0]"),
            (#"{"type":"Point","coordinates":[4.4,118.5]}"#, "1 axes-swapped geometry.coordinates"), (#"{"type":"Point","coordinates":[200,118.5]}"#, "1 latitude-range geometry.coordinates"),
            (#"{"type":"Point","coordinates":[180.01,4]}"#, "1 longitude-range geometry.coordinates"), (#"{"type":"Point","coordinates":{"a":1}}"#, "1 bad-position geometry.coordinates"),
            (#"{"type":"LineString","coordinates":[[1,2]]}"#, "1 line-too-short geometry.coordinates"), (#"{"type":"LineString","coordinates":[[1,2],[3,[4]]]}"#, "1 not-finite geometry.coordinates[1][1]"),
            (#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[4,4],[0,1]]]}"#, "1 ring-open geometry.coordinates[0]"), (#"{"type":"Polygon","coordinates":[]}"#, "1 ring-too-short geometry.coordinates[0]"),
            (#"{"type":"Polygon","coordinates":[[[0,0],[4,0],[0,0]]]}"#, "1 ring-too-short geometry.coordinates[0]"),
            (#"{"type":"Polygon","coordinates":[[[0,0],[4,4],[4,0],[0,4],[0,0]]]}"#, "1 ring-crosses geometry.coordinates[0][3]"),
            (#"{"type":"Polygon","coordinates":[[[0,0],[2,0],[1,1],[2,2],[0,2],[1,1],[0,0]]]}"#, "1 ring-touches geometry.coordinates[0][5]"),
            (#"{"type":"Polygon","coordinates":[[[0,0],[1,1],[2,2],[0,0]]]}"#, "1 ring-flat geometry.coordinates[0]"),
            (#"{"type":"MultiPolygon","coordinates":[[[[0,0],[4,0],[4,4],[0,0]]],[[[9,9],[8,9],[9,8],[9,7]]]]}"#, "1 ring-open geometry.coordinates[1][0] 1 parts "),
            (#"{"type":"Circle","coordinates":[1,2]}"#, "1 unknown-geometry geometry.type"), (#"{"coordinates":[1,2]}"#, "1 member-missing geometry.type"),
            (#"{"type":"Point"}"#, "1 member-missing geometry.coordinates"), (#"[1,2]"#, "1 member-kind geometry"), (#"{"type":"Point","type":"Point","coordinates":[1,2]}"#, "1 member-twice "),
            (#"{"type":"Polygon","coordinates":[[1,2],[3,4]]}"#, "1 bad-position geometry.coordinates[0][0]"), (#"{"type":"Point","coordinates":[0,0]}"#, "Point 1 null-island geometry.coordinates"),
        ]
        var wrong: [String] = []
        for (geometry, expected) in rows {
            let report = ExchangeFormat.geoJSON.read(collection(feature(geometry)))
            let found = (report.features.map { $0.place?.shape.rawValue ?? "-" } + report.shown.reversed()).joined(separator: " ")
            if found != expected { wrong.append("\(geometry): \(found)") }
        }
        #expect(wrong == [])
    }

    @Test func `a fault in one feature leaves the others, and the report says what would be imported`() {
        let report = ExchangeFormat.geoJSON.read(collection(
            feature(here, #","id":"a","properties":{"name":"One","z":1,"y":[1.50,null],"x":"two"}"#), "17", #"{"type":"Feature","properties":{}}"#, feature(here, #","id":"a","properties":null"#),
            feature(here, #","id":{},"properties":{}"#), feature(here, #","id":7,"properties":[]"#), #"{"type":"Thing"}"#, feature(here, #","properties":{"a":tru}"#), feature(here, #","properties":{"a":"\ud800"}"#),
            feature(here, #","id":8.50"#), feature(here, #","properties":{"start":"2019-06-03","end":"2019-06-02"}"#)))
        same(report.shown, [
            "2 member-kind ", "3 member-missing geometry", "4 duplicate-id ", "5 bad-id id", "6 member-kind properties", "7 unknown-type type", "8 bad-json properties.a", "9 bad-json properties.a", "11 time-order end",
        ])
        same([report.seen, report.taken, report.refused, report.rows.count], [11, 2, 9, 2])
        same(report.features.map(\.sourceID), ["a", "8.50"])
        same(report.features[0].properties.map { $0.name + "=" + $0.value.text }, ["z=1", "y=[1.50,null]", "x=\"two\""])
        same(report.columns.filter { $0.field != nil }.map { "\($0.name)=\($0.field?.rawValue ?? "")" }, ["name=name", "start=start", "end=end"])
        var taken: [Int] = []
        let streamed = ExchangeFormat.geoJSON.read(Array(collection(feature(here), "1", feature(here)).utf8), .mission) { taken.append($0.number) }
        same([taken, [streamed.rows.count, streamed.taken]], [[1, 3], [0, 2]], "a sink takes the rows as they come")
        same(report.faults.first { $0.code == .duplicateID }?.arguments, ["id": "a", "first": "1"])
    }

    @Test func `a file that breaks off gives what came before and is not whole`() {
        let whole = collection(feature(here), feature(here), feature(here))
        var wrong: [String] = []
        for length in 0..<whole.utf8.count {
            let report = ExchangeFormat.geoJSON.read(Array(whole.utf8.prefix(length)), .mission)
            let complete = String(decoding: whole.utf8.prefix(length), as: UTF8.self).components(separatedBy: feature(here)).count - 1
            if report.isWhole || report.taken != complete { wrong.append("\(length): \(report.taken)") }
        }
        #expect(wrong == [] && ExchangeFormat.geoJSON.read(whole).isWhole)
        let rows = [(whole + "x", "broken-json"), ("[]", "broken-json"), ("", "empty"), (#"{"type":"Topology"}"#, "not-this-format"), (#"{"type":"FeatureCollection"}"#, "not-this-format"), ("{\"type\":\"Feature\u{0}\"}", "not-utf-8"), ("PK\u{3}\u{4}abc", "packed")]
        #expect(rows.filter { ExchangeFormat.geoJSON.read($0.0).breakage?.code.rawValue != $0.1 }.map(\.0) == [])
        let bytes: [([UInt8], String)] = [([0x22, 0xe9, 0x74, 0xe9, 0x22], "latin-1"), ([0x22, 0x93, 0x22], "windows-1252"), ([0xff, 0xfe, 0x7b, 0], "utf-16"), ([0x7b, 0, 0x7d, 0, 0x20, 0], "utf-16")]
        #expect(bytes.map { ExchangeFormat.geoJSON.read($0.0, .mission).breakage?.arguments["guess"] } == bytes.map(\.1))
    }

    @Test func `another reference system is refused, WGS 84 by any of its names is not`() {
        func read(_ crs: String) -> String? { ExchangeFormat.geoJSON.read(#"{"type":"FeatureCollection","crs":"# + crs + #","features":[]}"#).breakage?.arguments["crs"] }
        func named(_ name: String) -> String { #"{"type":"name","properties":{"name":""# + name + #""}}"# }
        #expect(["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326"].compactMap { read(named($0)) } == [])
        #expect([named("EPSG:3857"), "null", "[", named("urn:ogc:def:crs:EPSG::32634")].map(read) == ["EPSG:3857", "null", nil, "urn:ogc:def:crs:EPSG::32634"])
    }

    @Test func `a single feature and a bare geometry are files too, and limits hold`() {
        #expect([feature(here), here, #"{"type":"GeometryCollection","geometries":["# + here + "]}"].map { ExchangeFormat.geoJSON.read($0).taken } == [1, 1, 1])
        var source = ExchangeSource.mission
        source.limits.rows = 2
        same(ExchangeFormat.geoJSON.read(collection(feature(here), feature(here), feature(here)), source).shown, ["3 too-many-rows "])
        source.limits.rows = 10
        source.limits.positions = 3
        same(ExchangeFormat.geoJSON.read(collection(feature(here), feature(#"{"type":"LineString","coordinates":[[1,2],[1,3],[1,4]]}"#), feature(here)), source).shown, ["2 too-many-positions geometry"])
        let nested = String(repeating: #"{"type":"GeometryCollection","geometries":["#, count: 12) + here + String(repeating: "]}", count: 12)
        let deep = #","properties":{"a":"# + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}"
        same(ExchangeFormat.geoJSON.read(collection(feature(nested), feature(here, deep), feature(here))).codes, ["nested-too-deep", "bad-json"])
        source = ExchangeSource(zone: bangui, parts: .refuse)
        same(ExchangeFormat.geoJSON.read(feature(#"{"type":"MultiPoint","coordinates":[[1,2],[3,4]]}"#), source).codes, ["parts-refused"])
    }

    @Test func `places that are probably meant otherwise are pointed out`() {
        let source = ExchangeSource(zone: bangui, area: .init(south: 2, west: 14, north: 11, east: 28))
        same(ExchangeFormat.geoJSON.read(collection(feature(here), feature(#"{"type":"Point","coordinates":[4.4,18.5]}"#), feature(#"{"type":"Point","coordinates":[-70,4]}"#)), source).shown, ["2 axes-suspicious geometry.coordinates", "3 outside-area geometry.coordinates"])
    }
}
