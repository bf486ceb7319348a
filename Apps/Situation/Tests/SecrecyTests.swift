import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct SecrecyTests {
    @Test func `a secret incident and all that is said of it does not exist for others`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report(by: "vera") {
            $0[Incident.summary] = "A witness came forward"
            $0[Incident.label] = .strictlyConfidential
            $0[Incident.compartments] = ["protection"]
        }
        let report = try await desk.source(incident, by: "vera", .b, .probable) { $0[SourceReport.said] = "The witness names the commander." }
        for (handle, sees) in [("vera", true), ("tomas", false), ("lina", false), ("omar", false), ("ines", false), ("amina", false)] {
            let found = try await desk.as(handle) { session in
                let schema = session.platform.schema(of: Incident.self), reports = session.platform.schema(of: SourceReport.self)
                return [
                    try session.record(incident) != nil, try session.count(Incident.self).number == 1, try session.row(schema, named: "INC-2026-000001") != nil,
                    try !session.search(schema, "witness").isEmpty, try session.record(report) != nil, try !session.search(reports, "commander").isEmpty,
                ]
            }
            same(found, Array(repeating: sees, count: 6), handle)
        }
        await refuses("no-such-record", field: "incident") { _ = try await desk.source(incident, .b, .probable) }
    }

    @Test func `a report follows the secrecy of its incident`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        let report = try await desk.source(incident, by: "lina", .b, .probable)
        try await desk.as("vera") { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] }
        }
        let seen = try await desk.as("tomas") { try $0.record(report) != nil }
        let kept = try await desk.as("vera") { try $0.record(report)?[SourceReport.compartments] }
        same([String(seen), kept?.first ?? ""], ["false", "protection"])
    }

    @Test func `who the source is reads only the data owner, and the ledger keeps that`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        let report = try await desk.source(incident, by: "vera", .b, .probable) { $0[SourceReport.source] = Secret("The baker, Rue 4") }
        func source(_ handle: String) async throws -> String? {
            try await desk.as(handle) { session in
                guard let row = try session.record(report)?.row else { return nil }
                if case .secret(let text) = try session.opened(row)["source"] { return text }
                return nil
            }
        }
        same(try await source("vera"), "The baker, Rue 4")
        same(try await source("tomas"), nil)
        let reads = try await desk.kit.platform.store.read { try $0.entries(of: report.id).filter { $0.facts["fields"]?.array?.contains("source") == true }.count }
        same(reads, 1)
    }
}
