import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct ExchangePageTests {
    @Test func `the files hold what the reader may export, in forms that are read back as they were`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report { $0[Incident.details] = "Two bursts, <then> silence & smoke"; $0[Incident.precision] = 100 }
        _ = try await desk.source(incident, .b, .probable) { $0[SourceReport.killed] = 3 }
        _ = try await desk.report(by: "vera") { $0[Incident.summary] = "A witness"; $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        holds(try await tomas.get("/situation/exchange").status == 200, "the page is there")
        let zone = try await desk.kit.viewer("tomas").timeZone
        var wrong: [String] = []
        for (form, format) in [("geojson", ExchangeFormat.geoJSON), ("kml", .kml), ("gpx", .gpx), ("csv", .acled)] {
            let answer = try await tomas.get("/situation/exchange/incidents.\(form)?days=7")
            let report = format.read(answer.bytes, ExchangeSource(zone: zone))
            let read = report.rows.map(\.feature)
            let centre = read.first?.place?.centre
            let isSame = read.count == 1 && read[0].sourceID == "INC-2026-000001" && centre.map { abs($0.latitude - 4.393797) < 1e-6 && abs($0.longitude - 18.559861) < 1e-6 } == true
                && read[0].fatalities?.best == 3
            if answer.status != 200 || !isSame || answer.body.contains("A witness") { wrong.append("\(form): \(answer.status), \(read.count) read, \(report.faults.prefix(3))") }
        }
        same(wrong, [])
    }

    @Test func `for others there is no exchange, and a form that there is not is absent`() async throws {
        let desk = try await SituationKit.make()
        for (handle, path, status) in [("amina", "/situation/exchange", 404), ("amina", "/situation/exchange/incidents.kml", 404), ("omar", "/situation/exchange/incidents.kml", 404), ("tomas", "/situation/exchange/incidents.exe", 404), ("tomas", "/situation/exchange/x", 404)] {
            let client = try await TestClient.signedIn(desk.kit, as: handle)
            same(try await client.get(path).status, status, "\(handle) \(path)")
        }
    }
}
