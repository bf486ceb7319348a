import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct ApprovalTests {
    /// A request for a laptop: lina owns the service and is asked.
    private func asked() async throws -> (DeskKit, Ref<Request>, Ref<Approval>) {
        let desk = try await DeskKit.make()
        let laptop = desk.laptop
        let request = try await desk.ask { $0[Request.item] = laptop }
        let approval = try await desk.as("lina") { session in
            guard let approval = try session.first(Approval.self, where: Approval.request.equals(request)) else { throw Refusal.absent }
            return approval.ref
        }
        return (desk, request, approval)
    }

    private func decide(_ desk: DeskKit, _ approval: Ref<Approval>, _ move: String, by handle: String, reason: String? = nil) async throws {
        try await desk.as(handle) { session in
            guard let record = try session.record(approval) else { throw Refusal.absent }
            try session.move(record, move) { $0[Approval.reason] = reason.map { LongText($0) } }
        }
    }

    @Test func `a request that needs approval waits for it, its clocks stand, and nobody works around it`() async throws {
        let (desk, request, _) = try await asked()
        let waiting = try await desk.read(request)
        same([waiting.state == .pending, waiting[Request.waitingFor] == .approval, waiting[Request.approver] == World.person("lina")], [true, true, true])
        same(try await desk.clocks(request)["first-response"]?.state, .paused)
        for move in ["resume", "wait", "solve"] {
            await refuses("may-not-move") { try await desk.move(request, move, by: "tomas") { $0[Request.solution] = "Given" } }
        }
        try await desk.say(request, "Is there news?", by: "amina")
        same(try await desk.state(request), .pending, "asking does not approve")
        let other = try await desk.ask()
        await refuses("approval-by-rule-only") { try await desk.move(other, "wait", by: "tomas") { $0[Request.waitingFor] = .approval } }
    }

    @Test func `who is asked decides, not who asked, nor an agent`() async throws {
        let (desk, request, approval) = try await asked()
        await refuses("may-not-move") { try await decide(desk, approval, "approve", by: "amina") }
        await refuses("may-not-move") { try await decide(desk, approval, "approve", by: "tomas") }
        await refuses("absent") { try await decide(desk, approval, "approve", by: "omar") }
        try await decide(desk, approval, "approve", by: "lina")
        let going = try await desk.read(request)
        same([going.state == .new, going[Request.waitingFor] == nil, going[Request.approver] == nil], [true, true, true])
        same(try await desk.clocks(request)["first-response"]?.state, .running)
    }

    @Test func `a refusal ends the request and tells the reason in the language of who asked`() async throws {
        let (desk, request, approval) = try await asked()
        await refuses("required", field: "reason") { try await decide(desk, approval, "refuse", by: "lina") }
        try await decide(desk, approval, "refuse", by: "lina", reason: "The old one is two years old")
        let ended = try await desk.read(request)
        same(ended.state, .cancelled)
        let told = try await desk.as("amina") { try $0.comments(ended.row).map(\.body) }
        same(told, ["Lina Haddad did not approve. The reason: The old one is two years old"])
        same(try await desk.as("tomas") { try $0.count(DeskTask.self, where: .state(DeskTask.State.ready, .waiting)).number }, 0)
    }

    @Test func `a person with the role decides for their unit, and an approval lapses with its request`() async throws {
        let (desk, request, approval) = try await asked()
        try await desk.kit.grant("omar", .approver, unit: "budget")
        let sees = try await desk.as("omar") { try $0.record(approval) != nil && $0.record(request) != nil }
        holds(sees, "omar sees what waits for approval in the budget unit")
        try await desk.move(request, "withdraw", by: "amina")
        await refuses("illegal-move") { try await decide(desk, approval, "approve", by: "lina") }
    }
}
