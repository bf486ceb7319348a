import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct WarningIssueTests {
    /// tomas writes, and may approve what others wrote; vera approves.
    private func desk() async throws -> SituationKit {
        let desk = try await SituationKit.make()
        try await desk.kit.grant("tomas", .warningApprover)
        try await desk.kit.grant("vera", .warningApprover)
        return desk
    }

    private func write(_ desk: SituationKit, by handle: String = "tomas", _ fill: @escaping @Sendable (inout Record<Warning>) -> Void = { _ in }) async throws -> Ref<Warning> {
        try await desk.as(handle) { session in
            let warning = try session.create(Warning.self) { warning in
                warning[Warning.headline] = LocalText([.en: "Shelling near the bridge", .fr: "Tirs d’artillerie près du pont", .ar: "قصف قرب الجسر"])
                warning[Warning.instruction] = LocalText([.en: "Stay indoors.", .fr: "Restez à l’intérieur."])
                warning[Warning.areaName] = "Bangui, 1st district"
                warning[Warning.place] = Place(latitude: 4.393797, longitude: 18.559861)
                warning[Warning.radius] = 1_500
                warning[Warning.responses] = [.shelter, .avoid]
                warning[Warning.expires] = session.now.adding(seconds: 6 * 3600)
                fill(&warning)
            }
            return warning.ref
        }
    }

    private func move(_ desk: SituationKit, _ warning: Ref<Warning>, _ name: String, by handle: String) async throws {
        try await desk.as(handle) { session in
            guard let record = try session.record(warning) else { throw Refusal.absent }
            try session.move(record, name) { if name == "return" { $0[Warning.reason] = "Say until when." } }
        }
    }

    private func read(_ desk: SituationKit, _ warning: Ref<Warning>) async throws -> Record<Warning> {
        let found = try await desk.kit.platform.read(as: .service("test")) { try $0.record(warning) }
        guard let found else { throw Refusal.absent }
        return found
    }

    private func code(_ body: () async throws -> Void) async -> String? {
        do { try await body() } catch let refusal as Refusal { return refusal.code } catch { return "\(error)" }
        return nil
    }

    @Test func `who wrote a warning does not approve it, and who approves it sends valid CAP in each language that was written`() async throws {
        let desk = try await desk()
        let warning = try await write(desk)
        try await move(desk, warning, "submit", by: "tomas")
        same(await code { try await move(desk, warning, "approve", by: "tomas") }, "warning-own")
        same(await code { try await move(desk, warning, "approve", by: "lina") }, "may-not-move")
        try await move(desk, warning, "approve", by: "vera")
        let vera = try await TestClient.signedIn(desk.kit, as: "vera")
        let sent = try await vera.get("/situation/cap/\(try await read(desk, warning).reference)")
        same(sent.header("content-type"), "application/cap+xml")
        let reading = try CAPAlert.read(sent.bytes, profile: .publishing)
        same(reading.findings, [])
        let alert = try #require(reading.alert)
        same([alert.sender, alert.status.rawValue, alert.messageType.rawValue, alert.scope.rawValue], ["situation@mandate.test", "Actual", "Alert", "Public"])
        same(alert.infos.map(\.language).sorted(), ["ar", "en", "fr"])
        same(alert.infos.map { $0.areas.first?.circles.first?.radius }, [1.5, 1.5, 1.5])
        same(alert.infos.first { $0.language == "fr" }?.headline, "Tirs d’artillerie près du pont")
    }

    @Test func `an exercise never ends what is real, and an update of ours ends the one before it`() async throws {
        let desk = try await desk()
        let first = try await write(desk)
        try await move(desk, first, "submit", by: "tomas")
        try await move(desk, first, "approve", by: "vera")
        same(await code { _ = try await write(desk) { $0[Warning.kind] = .cancel; $0[Warning.replaces] = first; $0[Warning.reality] = .exercise } }, "warning-other-reality")
        desk.kit.clock.advance(60)
        let update = try await write(desk) { $0[Warning.kind] = .update; $0[Warning.replaces] = first }
        try await move(desk, update, "submit", by: "tomas")
        try await move(desk, update, "approve", by: "vera")
        same([try await read(desk, first).state, try await read(desk, update).state], [.superseded, .active])
        same(try await read(desk, update)[Warning.references]?.text.hasPrefix("situation@mandate.test,WRN-"), true)
    }

    @Test func `a warning goes to no more people than may know, and not without place and end`() async throws {
        let desk = try await desk()
        let secret = try await write(desk, by: "vera") { $0[Warning.label] = .confidential }
        same(await code { try await move(desk, secret, "submit", by: "vera") }, "warning-too-secret")
        let endless = try await write(desk) { $0[Warning.expires] = nil; $0[Warning.place] = nil; $0[Warning.radius] = nil }
        same(await code { try await move(desk, endless, "submit", by: "tomas") }, "several")
        let long = try await write(desk) { $0[Warning.kind] = .alert }
        try await move(desk, long, "submit", by: "tomas")
        try await move(desk, long, "return", by: "vera")
        same(try await read(desk, long).state, .draft)
    }

    @Test func `a warning of an incident takes its place and its secrecy`() async throws {
        let desk = try await desk()
        let incident = try await desk.report { $0[Incident.placeName] = "Kodo"; $0[Incident.precision] = 400 }
        let warning = try await desk.as("tomas") { session in
            try session.create(Warning.self) { warning in
                warning[Warning.incident] = incident
                warning[Warning.headline] = LocalText([.en: "Shots"])
                warning[Warning.expires] = session.now.adding(seconds: 3600)
            }.ref
        }
        let read = try await read(desk, warning)
        same([read[Warning.areaName], read[Warning.radius].map(String.init), read[Warning.place]?.centre.latitude.description], ["Kodo", "400", "4.393797"])
    }
}
