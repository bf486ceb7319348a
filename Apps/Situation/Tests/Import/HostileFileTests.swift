import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Files of strangers through the page: each is told what is wrong with it, and nothing of it is half brought in.
@Suite struct HostileFileTests {
    private func point(_ coordinates: String, _ more: String = "\"date\":\"2026-10-01\"") -> String {
        #"{"type":"Feature","id":"a","geometry":{"type":"Point","coordinates":\#(coordinates)},"properties":{"name":"x",\#(more)}}"#
    }

    @Test func `broken and hostile files are refused with what is wrong`() async throws {
        let kml = #"<kml xmlns="http://www.opengis.net/kml/2.2"><Placemark id="a"><name>x</name><TimeStamp><when>2026-10-01</when></TimeStamp><Point><coordinates>20,5</coordinates></Point></Placemark></kml>"#
        let files: [(text: String, says: String)] = [
            (#"<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>"# + kml.replacing(">x<", with: ">&b;<"), "not accepted for reasons of security"),
            (#"<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a SYSTEM "file:///etc/passwd">]>"# + kml.replacing(">x<", with: ">&a;<"), "not accepted for reasons of security"),
            (kml.replacing("</Point>", with: ""), "not well-formed XML"),
            (#"{"type":"FeatureCollection","features":["# + point("[20,5]") + ",", "breaks off or is not JSON"),
            (point("[120,95]"), "No place has the latitude"),
            (point("[20,105]").replacing("20,105", with: "4.4,118.5"), "in each other’s place"),
            (point("[20,5]", #""date":"2026-10-01T06:00""#), "has no time zone"),
            (point("[20,5]", #""date":"2026-02-30""#), "does not exist"),
            (#"{"type":"Feature","id":"a","geometry":{"type":"Polygon","coordinates":[[[0,0],[2,2],[2,0],[0,2],[0,0]]]},"properties":{"name":"x","date":"2026-10-01"}}"#, "crosses itself"),
            (#"{"type":"Feature","id":"a","geometry":{"type":"Polygon","coordinates":[[[0,80],[120,80],[-120,80],[0,80]]]},"properties":{"name":"x","date":"2026-10-01"}}"#, "round a pole"),
            (#"{"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"EPSG:3857"}},"features":["# + point("[20,5]") + "]}", "Convert them to WGS 84"),
            (#"<gpx version="1.1" creator="x" xmlns="http://www.topografix.com/GPX/1/1"><trk><name>x</name><trkseg><trkpt lat="5" lon="20"><time>2026-10-01T06:00:00Z</time></trkpt><trkpt lat="5.1" lon="20"><time>2026-10-01T07:00:00Z</time></trkpt></trkseg></trk></gpx>"#, "This is a track, not an incident"),
        ]
        var desk = try await ImportDesk.make(), wrong: [String] = []
        for file in files {
            _ = try await desk.bring(file.text, name: "a", zone: "")
            let page = try await desk.look().body
            if !page.contains(file.says) || page.contains("value=\"import\"") { wrong.append("\(file.says): \(page.components(separatedBy: "is-bad").dropFirst().prefix(3).joined().prefix(600))") }
        }
        same(wrong, [])
        same(try await desk.incidents().count, 0)
    }

    @Test func `what is of no format is said at the field, and what was typed stays`() async throws {
        var desk = try await ImportDesk.make()
        for (bytes, says) in [("PK\u{3}\u{4}x", "packed"), ("just words", "none of the formats"), ("\u{ff}\u{fe}", "none of the formats")] {
            let answer = try await desk.bring(bytes, provider: "Réseau <b>")
            same(answer.status, 422, says)
            holds(answer.body.contains(says) && answer.body.contains("Réseau &lt;b&gt;") && answer.body.contains("e-file"), says)
        }
        let none = try await desk.client.post("/situation/exchange/import", ["provider": "x"])
        holds(none.status == 422 && none.body.contains("e-file"), "a file is needed")
    }

    @Test func `places across the antimeridian and at the poles are taken as they are`() async throws {
        var desk = try await ImportDesk.make()
        let line = #"{"type":"Feature","id":"b","geometry":{"type":"LineString","coordinates":[[179.9,-17],[-179.9,-17]]},"properties":{"name":"y","date":"2026-10-02"}}"#
        _ = try await desk.bring(#"{"type":"FeatureCollection","features":["# + point("[0,90]") + "," + line + "]}", name: "a.geojson")
        same(try await desk.run().status, 303)
        same(try await desk.incidents().compactMap { $0[Incident.place]?.centre.latitude }, [90, -17])
        holds(try await desk.incidents()[0][Incident.grid]?.isEmpty == false, "the pole has a grid reference of UPS")
    }

    @Test func `what exports come back is what went out`() async throws {
        var desk = try await ImportDesk.make()
        let incident = try await desk.desk.report { $0[Incident.details] = "Two bursts, <then> silence & smoke" }
        _ = try await desk.desk.source(incident, .b, .probable) { $0[SourceReport.killed] = 3 }
        var files: [String: String] = [:]
        for form in ["geojson", "kml", "gpx", "csv"] { files[form] = try await desk.client.get("/situation/exchange/incidents.\(form)?days=7").body }
        for (form, file) in files {
            _ = try await desk.bring(file, name: "a.\(form)", provider: form)
            same(try await desk.run().status, 303, form)
        }
        let all = try await desk.incidents()
        same(all.map { $0[Incident.category] }, Array(repeating: .armedClash, count: 5))
        same(all.map { $0[Incident.killed] }, Array(repeating: 3, count: 5))
    }
}
