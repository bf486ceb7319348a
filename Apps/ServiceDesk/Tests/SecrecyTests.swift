import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct SecrecyTests {
    @Test func `a confidential service makes requests that other desks cannot find, count or search`() async throws {
        let desk = try await DeskKit.make()
        let hr = desk.hr
        let request = try await desk.ask { $0[Request.service] = hr; $0[Request.subject] = "My dependency allowance" }
        let made = try await desk.read(request)
        same([made[Request.label] == .confidential, made[Request.compartment] == "hr"], [true, true])
        for (handle, sees) in [("amina", true), ("vera", true), ("tomas", false), ("lina", false), ("omar", false), ("ines", false)] {
            let found = try await desk.as(handle) { session in
                let schema = session.platform.schema(of: Request.self)
                return [
                    try session.record(request) != nil, try session.count(Request.self).number == 1, try session.row(schema, named: made.reference) != nil,
                    try !session.search(schema, "dependency").isEmpty, try session.read(DeskMeasures.backlog).n == 1,
                ]
            }
            same(found, Array(repeating: sees, count: 5), handle)
        }
    }

    @Test func `its steps and approvals are as secret as the request`() async throws {
        let desk = try await DeskKit.make()
        let hr = desk.hr
        let item = try await desk.asService { session in
            let item = try session.create(CatalogueItem.self) {
                $0[CatalogueItem.name] = LocalText([.en: "Leave"])
                $0[CatalogueItem.key] = "leave"
                $0[CatalogueItem.service] = hr
                $0[CatalogueItem.tasks] = LongText(DeskKit.plan)
                $0[CatalogueItem.approval] = .supervisor
            }
            return try session.move(item, "offer").ref
        }
        _ = try await desk.ask { $0[Request.item] = item }
        for (handle, number) in [("vera", 1), ("tomas", 0), ("lina", 0)] {
            let counts = try await desk.as(handle) { [try $0.count(DeskTask.self).number, try $0.count(Approval.self).number] }
            same(counts, [number * 2, number], handle)
        }
    }

    @Test func `a shared solution is shown to others without its request`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask { $0[Request.subject] = "Antenna moves in the storm" }
        try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Tighten the rope"; $0[Request.isShared] = true }
        let found = try await desk.as("omar") { session in
            let shared = try Suggestions("my antenna moves", session).shared(limit: 3, language: .en).map { $0[Request.subject] }
            return (shared, try session.record(request) == nil)
        }
        same(found.0, ["Antenna moves in the storm"])
        holds(found.1, "omar cannot read the request itself")
    }
}
