import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// What a data owner reads of their own records in the ledger.
@Suite struct OwnerLedgerTests {
    private let desk: SituationKit

    init() async throws { desk = try await SituationKit.make() }

    private func ask(by handle: String) async throws -> Ref<AccessRequest> {
        try await desk.as(handle) { session in
            try session.create(AccessRequest.self) {
                ($0[AccessRequest.about], $0[AccessRequest.reason], $0[AccessRequest.hours]) = ("INC-2026-000001", "A convoy passes there tomorrow.", 2)
            }.ref
        }
    }

    private func decide(_ request: Ref<AccessRequest>, _ move: String) async throws {
        try await desk.as("vera") { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            try session.move(record, move) { $0[AccessRequest.answer] = "So decided." }
        }
    }

    @Test func `how long who asked waited, how many were refused, what is open and who read it`() async throws {
        _ = try await desk.report(by: "vera") { ($0[Incident.label], $0[Incident.isDiscoverable]) = (.confidential, true) }
        let granted = try await ask(by: "omar"), refused = try await ask(by: "tomas")
        desk.kit.clock.advance(1_800)
        try await decide(granted, "grant")
        try await decide(refused, "refuse")
        _ = try await ask(by: "amina")
        desk.kit.clock.advance(3_600)
        let client = try await TestClient.signedIn(desk.kit, as: "vera")
        for _ in 0..<2 { same(try await client.get("/situation/incidents/INC-2026-000001").status, 200) }
        let ledger = try await desk.as("vera") { try OwnerLedger(days: 30, $0) }
        same(ledger.sharing.reading(0.5), .reached(1_800))
        same([ledger.sharing.ended, ledger.sharing.open, ledger.refused], [1, 1, 1])
        same(ledger.uses.map { [$0.readings, $0.people] }, [[2, 1]])
        same(ledger.open.map { $0[Opening.person] }, [World.person("omar")])
        for why in ["sharing", "refused", "readings", "open"] { same(try await client.get("/situation/owned?why=\(why)").status, 200, why) }
        same(try await client.get("/situation/owned?why=other").status, 404)
    }

    @Test func `what another component owns is not in it, and who owns nothing finds no such page`() async throws {
        try await desk.kit.grant("ines", .dataOwner, unit: "service-desk")
        _ = try await desk.report(by: "vera") { ($0[Incident.label], $0[Incident.isDiscoverable], $0[Incident.component]) = (.confidential, true, World.unit("budget")) }
        _ = try await ask(by: "omar")
        let ledger = try await desk.as("ines") { try OwnerLedger(days: 30, $0) }
        same([ledger.asked.count, ledger.uses.count, ledger.open.count], [0, 0, 0])
        same(try await TestClient.signedIn(desk.kit, as: "tomas").get("/situation/owned").status, 404)
    }
}
