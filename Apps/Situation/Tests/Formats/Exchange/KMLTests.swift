import Foundation
import Kernel
import TestKit
import Testing
@testable import Situation

@Suite struct KMLTests {
    private func kml(_ body: String) -> String { #"<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2" xmlns:gx="http://www.google.com/kml/ext/2.2"><Document>"# + body + "</Document></kml>" }
    private func mark(_ body: String) -> String { kml("<Placemark>\(body)</Placemark>") }

    @Test func `a placemark brings its name, text without tags, time, folders and data in their order`() throws {
        let report = ExchangeFormat.kml.read(kml("""
            <name>Document</name><Style id="s"><IconStyle><Icon><href>http://elsewhere.example/i.png</href></Icon></IconStyle></Style>
            <Folder><name>Sector West</name><Folder><name>Week 23</name>
            <Placemark id="K-1"><name> Old   Ford </name><description><![CDATA[<p>Shots <b>heard</b> &amp; seen</p><br/>3 < 4]]></description>
            <TimeSpan><begin>2019-06-03</begin><end>2019-06-05</end></TimeSpan><address>By the river</address>
            <ExtendedData><Data name="zeta"><value>1</value></Data><Data name="Catégorie"><value>Armed clash</value></Data>
            <SchemaData schemaUrl="#x"><SimpleData name="alpha">2</SimpleData></SchemaData></ExtendedData>
            <Point><coordinates>18.5,4.4,380</coordinates></Point></Placemark></Folder></Folder>
            """))
        let feature = try #require(report.features.first)
        same(report.shown, [])
        same([feature.sourceID, feature.name, feature.description], ["K-1", "Old   Ford", "Shots heard & seen\n3 < 4"])
        same(feature.time, ExchangeTime(at("2019-06-02T23:00:00Z"), at("2019-06-05T23:00:00Z"), precision: .day))
        same(feature.categories, ["Armed clash"])
        same(feature.place, point(18.5, 4.4))
        same(feature.properties.map { $0.name + "=" + $0.text }, ["folder=Sector West / Week 23", "address=By the river", "zeta=1", "alpha=2"])
    }

    @Test func `each geometry becomes a place, or several, or a fault with its path`() {
        let ring = "<LinearRing><coordinates>0,0 4,0 4,4 0,0</coordinates></LinearRing>"
        let rows = [
            ("<Point><coordinates>18.5,4.4</coordinates></Point>", "Point"), ("<LineString><coordinates>\n1,2,0\t3,4,0\n</coordinates></LineString>", "LineString"), ("", "-"),
            ("<Polygon><outerBoundaryIs>\(ring)</outerBoundaryIs><innerBoundaryIs>\(ring)</innerBoundaryIs></Polygon>", "Polygon 1 holes-dropped Polygon/outerBoundaryIs/LinearRing"),
            ("<MultiGeometry><Point><coordinates>1,2</coordinates></Point><MultiGeometry>\("<LineString><coordinates>1,2 3,4</coordinates></LineString>")</MultiGeometry></MultiGeometry>", "Point LineString 1 parts "),
            ("<gx:Track><when>2019-06-03T06:00:00Z</when><when>2019-06-03T06:20:00Z</when><gx:coord>18.5 4.4 0</gx:coord><gx:coord>18.6 4.5 0</gx:coord></gx:Track>", "LineString"),
            ("<gx:Track><when>2019-06-03T06:00:00Z</when><gx:coord>18.5 4.4 0</gx:coord><gx:coord>18.6 4.5 0</gx:coord></gx:Track>", "1 uneven-track gx"),
            ("<Point><coordinates>18.5, 4.4</coordinates></Point>", "1 not-finite Point/coordinates[0]"), ("<Point><coordinates>18.5</coordinates></Point>", "1 bad-position Point/coordinates[0]"),
            ("<Point><coordinates>NaN,1</coordinates></Point>", "1 not-finite Point/coordinates[0]"), ("<Point><coordinates>0x10,1</coordinates></Point>", "1 not-finite Point/coordinates[0]"),
            ("<Point/>", "1 member-missing Point"), ("<Point><coordinates/></Point>", "1 empty-geometry Point"), ("<Point><coordinates>1,2 3,4</coordinates></Point>", "1 bad-position Point"),
            ("<Polygon/>", "1 member-missing Polygon"), ("<Point><coordinates>4.4,118.5</coordinates></Point>", "1 axes-swapped Point"),
            ("<Polygon><outerBoundaryIs><LinearRing><coordinates>0,0 4,0 4,4 0,1</coordinates></LinearRing></outerBoundaryIs></Polygon>", "1 ring-open Polygon/outerBoundaryIs/LinearRing"),
            ("<Model><Link><href>http://elsewhere.example/m.dae</href></Link></Model>", "- 1 not-kept Model"), ("<TimeStamp><when>soon</when></TimeStamp>", "1 bad-time TimeStamp/when"),
            ("<TimeSpan><begin>2019-06-05</begin><end>2019-06-03</end></TimeSpan>", "1 time-order TimeSpan"), ("<TimeSpan><end>2019-06</end></TimeSpan>", "-"),
        ]
        var wrong: [String] = []
        for (body, expected) in rows {
            let report = ExchangeFormat.kml.read(mark(body))
            let found = (report.features.map { $0.place?.shape.rawValue ?? "-" } + report.shown).joined(separator: " ").replacing("Track", with: "gx")
            if found != expected { wrong.append("\(body): \(found)") }
        }
        #expect(wrong == [])
    }

    @Test func `nothing outside the file is followed, and hostile XML is refused`() {
        let report = ExchangeFormat.kml.read(kml("<NetworkLink><Link><href>http://elsewhere.example/a.kml</href></Link></NetworkLink>\n<GroundOverlay/><Placemark><name>a</name></Placemark>"))
        same(report.shown, ["0 not-followed NetworkLink", "0 not-kept GroundOverlay"])
        same([report.faults[0].arguments, ["taken": String(report.taken)]], [["kind": "NetworkLink", "line": "1"], ["taken": "1"]])
        let rows: [(String, String?)] = [
            ("<!DOCTYPE kml [<!ENTITY a SYSTEM \"file:///etc/passwd\">]>" + kml("<Placemark><name>&a;</name></Placemark>"), "refused-xml"), (kml("<Placemark><name>&a;</name></Placemark>"), "refused-xml"),
            (kml("<Placemark>"), "broken-xml"), ("<kml/><kml/>", "broken-xml"), ("<gpx/>", "not-this-format"), (#"<kml xmlns="http://elsewhere.example/"/>"#, "not-this-format"), ("", "empty"),
            (kml(String(repeating: "<Folder>", count: 100)), "refused-xml"), (kml("\u{1}"), "broken-xml"), ("<?x?><kml/>", nil), (kml("<?x?><Placemark/>"), nil),
        ]
        #expect(rows.filter { ExchangeFormat.kml.read($0.0).breakage?.code.rawValue != $0.1 }.map(\.0) == [])
    }

    @Test func `one bad placemark leaves the others, by number and line`() {
        let report = ExchangeFormat.kml.read(kml("<Placemark id=\"a\"/>\n<Placemark id=\"b\"><Point/></Placemark>\n<Placemark id=\"a\"/><Placemark id=\"c\"/>"))
        same(report.shown, ["2 member-missing Point", "3 duplicate-id "])
        same(report.faults.map { $0.arguments["line"] }, ["2", "3"])
        same([report.seen, report.taken], [4, 2])
    }

    @Test func `text in ten thousand pieces is put together once`() {
        let many = String(repeating: "&amp;x", count: 10_000)
        same(ExchangeFormat.kml.read(mark("<description>\(many)</description>")).features.first?.description?.utf8.count, 20_000)
    }
}

@Suite struct GPXTests {
    private func gpx(_ body: String, version: String = "1/1") -> String { #"<gpx xmlns="http://www.topografix.com/GPX/"# + version + #"" version="1."# + version.suffix(1) + #"" creator="x">"# + body + "</gpx>" }

    @Test func `way points, routes and each segment of a track are read, times as UTC`() {
        for version in ["1/1", "1/0"] {
            let report = ExchangeFormat.gpx.read(gpx("""
                <metadata><name>x</name></metadata><wpt lat="4.4" lon="18.5"><ele>380</ele><time>2019-06-03T06:00:00</time><name>Gate</name><desc>Closed</desc><type>Checkpoint</type><src>Patrol</src></wpt>
                <rte><name>Plan</name><rtept lat="4" lon="18"/><rtept lat="5" lon="19"/></rte>
                <trk><name>Alpha</name><trkseg><trkpt lat="4" lon="18"><time>2019-06-03T06:00:00Z</time></trkpt><trkpt lat="4.1" lon="18"/><trkpt lat="4.2" lon="18"><time>2019-06-03T06:20:00Z</time></trkpt></trkseg><trkseg/>
                <trkseg><trkpt lat="5" lon="18"><time>2019-06-03T08:00:00Z</time></trkpt></trkseg></trk>
                """, version: version))
            same(report.shown, ["3 parts "])
            same(report.features.map { $0.place?.shape.rawValue }, ["Point", "LineString", "LineString", "Point"])
            same(report.features.map { $0.time.map { "\($0.start.iso) \($0.end?.iso ?? "")" } }, ["2019-06-03T06:00:00Z ", nil, "2019-06-03T06:00:00Z 2019-06-03T06:20:00Z", "2019-06-03T08:00:00Z "])
            same(report.features[2].stamps.map { $0?.iso }, ["2019-06-03T06:00:00Z", nil, "2019-06-03T06:20:00Z"])
            same([report.features[0].name, report.features[0].description, report.features[0].categories.first, report.features[0].sources.first], ["Gate", "Closed", "Checkpoint", "Patrol"])
        }
    }

    @Test func `faults have the point they are about`() {
        let rows = [
            (#"<wpt lat="4.4"/>"#, "1 half-coordinate wpt[0]"), (#"<wpt lat="a" lon="1"/>"#, "1 not-finite wpt[0]"), (#"<wpt lat="95" lon="181"/>"#, "1 latitude-range wpt"),
            (#"<rte><rtept lat="1" lon="2"/></rte>"#, "1 line-too-short rte/rtept"), (#"<trk><trkseg><trkpt lat="1" lon="2"/><trkpt lat="1" lon="200"/></trkseg></trk>"#, "1 longitude-range trk/trkseg[0]/trkpt[1]"),
            (#"<trk><trkseg><trkpt lat="1" lon="2"><time>late</time></trkpt></trkseg></trk>"#, "1 bad-time trk/trkseg[0]/trkpt[0]/time"), ("<trk/>", ""),
            (#"<trk><trkseg><trkpt lat="1" lon="2"><time>2019-06-03T08:00Z</time></trkpt><trkpt lat="1" lon="3"><time>2019-06-03T07:00Z</time></trkpt></trkseg></trk>"#, "1 track-backwards trk/trkseg[0]/trkpt"),
        ]
        #expect(rows.map { ExchangeFormat.gpx.read(gpx($0.0)).shown.joined() } == rows.map(\.1))
        #expect([#"<gpx version="2.0"/>"#, "<kml/>"].map { ExchangeFormat.gpx.read($0).codes } == [["not-this-format"], ["not-this-format"]])
    }

    @Test func `what GPX has no place for is named`() {
        let features = [ExchangeFeature(place: point(1, 2)), ExchangeFeature(), ExchangeFeature(place: Place(.area, positions([(0, 0), (4, 0), (4, 4), (0, 0)])))]
        same(GPXWriter.file(features, name: "x", zone: .gmt, disclaimer: "d", at: at("2019-06-03T06:00:00Z")).left, [1, 2])
    }
}
