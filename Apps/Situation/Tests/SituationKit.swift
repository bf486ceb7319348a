import Kernel
import TestKit
@testable import Situation

/// An operations centre in the named world: amina reports, tomas is the duty officer, lina the analyst, omar reads for his unit, vera keeps what is secret.
struct SituationKit: Sendable {
    let kit: TestPlatform

    static func make() async throws -> SituationKit {
        let kit = try await TestPlatform.make([situation])
        try await kit.grant("tomas", .dutyOfficer)
        try await kit.grant("lina", .analyst)
        try await kit.grant("omar", .component, unit: "budget")
        try await kit.grant("vera", .dutyOfficer, compartments: ["protection"])
        try await kit.grant("vera", .dataOwner, compartments: ["protection"])
        return SituationKit(kit: kit)
    }

    /// Does something as a person of the named world.
    @discardableResult
    func `as`<T: Sendable>(_ handle: String, _ body: @escaping @Sendable (Session) throws -> T) async throws -> T {
        try await kit.platform.write(as: try await kit.viewer(handle), body)
    }

    /// A reported incident near Bangui, by amina unless somebody else is named.
    func report(
        by handle: String = "amina", _ latitude: Double = 4.393797, _ longitude: Double = 18.559861,
        _ fill: @escaping @Sendable (inout Record<Incident>) -> Void = { _ in }
    ) async throws -> Ref<Incident> {
        try await self.as(handle) { session in
            let incident = try session.create(Incident.self) { draft in
                draft[Incident.summary] = "Shots at the market"
                draft[Incident.category] = .armedClash
                draft[Incident.occurred] = session.now.adding(seconds: -3600)
                draft[Incident.place] = Place(latitude: latitude, longitude: longitude)
                fill(&draft)
            }
            return try session.move(incident, "report").ref
        }
    }

    func source(
        _ incident: Ref<Incident>, by handle: String = "tomas", _ reliability: Admiralty.Reliability, _ credibility: Admiralty.Credibility,
        _ fill: @escaping @Sendable (inout Record<SourceReport>) -> Void = { _ in }
    ) async throws -> Ref<SourceReport> {
        try await self.as(handle) { session in
            try session.create(SourceReport.self) { report in
                report[SourceReport.incident] = incident
                report[SourceReport.said] = "They heard shots."
                report[SourceReport.received] = session.now
                report[SourceReport.reliability] = reliability
                report[SourceReport.credibility] = credibility
                fill(&report)
            }.ref
        }
    }

    func move(_ incident: Ref<Incident>, _ name: String, by handle: String = "tomas", _ edit: @escaping @Sendable (inout Record<Incident>) -> Void = { _ in }) async throws {
        try await self.as(handle) { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.move(record, name, edit)
        }
    }

    func read(_ incident: Ref<Incident>) async throws -> Record<Incident> {
        let found = try await kit.platform.read(as: .service("test")) { try $0.record(incident) }
        guard let found else { throw Refusal.absent }
        return found
    }
}
