@testable import Situation
import Foundation
import Kernel
import Testing
import TestKit

@Suite struct ReportPhotoTests {
    private let form = ["category": "fire", "severity": "minor", "summary": "A roof burns", "occurred": "2026-11-02T08:00", "time-precision": "hour", "channel": "patrol"]

    private func report(_ desk: SituationKit, _ more: [String: String], _ bytes: [UInt8]) async throws -> (status: Int, body: String) {
        let client = try await TestClient.signedIn(desk.kit, as: "amina")
        _ = try await client.get("/situation/report")
        let answer = try await client.post("/situation/report", form.merging(more) { $1 }, files: [("photo", "IMG_1.jpg", "image/jpeg", bytes)])
        return (answer.status, answer.body)
    }

    /// What a person finds at the first incident: its grid, and the files with whether they name a place.
    private func found(_ desk: SituationKit, _ handle: String) async throws -> [String] {
        try await desk.as(handle) { session in
            guard let incident = try session.first(Incident.self, where: .always) else { return [] }
            let files = try session.attachments(incident.row).map { file -> String in
                let bytes = try session.platform.files.read(file.file.hash).map { Array($0) } ?? []
                return "\(file.file.name) \(file.file.type) \(try Photo(bytes).exif?.position == nil ? "bare" : "placed")"
            }
            return [incident[Incident.grid] ?? "-"] + files.sorted()
        }
    }

    @Test func `the place goes unless it is to stay`() async throws {
        let desk = try await SituationKit.make()
        same(try await report(desk, [:], PhotoKit.jpeg()).status, 303)
        same(try await found(desk, "amina"), ["-", "IMG_1.jpg image/jpeg bare"])
    }

    @Test func `where it is to stay it becomes the incident's, and the file as taken is for those who do the work`() async throws {
        let desk = try await SituationKit.make()
        same(try await report(desk, ["photo-place": "keep"], PhotoKit.jpeg()).status, 303)
        same(try await found(desk, "tomas"), ["34NBK2918486098", "IMG_1.jpg image/jpeg bare", "IMG_1.jpg image/jpeg placed"])
        same(try await found(desk, "amina"), ["34NBK2918486098", "IMG_1.jpg image/jpeg bare"])
    }

    @Test func `a place that was written goes before the picture's`() async throws {
        let desk = try await SituationKit.make()
        same(try await report(desk, ["photo-place": "keep", "where": "5.0, 20.0"], PhotoKit.png()).status, 303)
        let place = try await desk.as("tomas") { try $0.first(Incident.self, where: .always)?[Incident.place]?.centre }
        same(place, Place.Position(longitude: 20, latitude: 5))
    }

    @Test func `what is no picture is said at the field, and nothing is reported`() async throws {
        let desk = try await SituationKit.make()
        let refused = try await report(desk, [:], Array("%PDF-1.7".utf8)), damaged = try await report(desk, [:], Array(PhotoKit.jpeg().prefix(100)))
        same([refused.status, damaged.status], [422, 422])
        holds(refused.body.contains("id=\"e-photo\"") && refused.body.contains("A roof burns"), "at the field, with what was typed")
        same(try await desk.as("tomas") { try $0.count(Incident.self).number }, 0)
    }
}
