import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct RequestTests {
    @Test func `the declarations are sound and every word is there in six languages`() async throws {
        let kit = try await TestPlatform.make([serviceDesk])
        let problems = kit.platform.registry.problems(words: kit.platform.words).filter { $0.app == Request.app }
        same(problems.map(\.description), [])
    }

    @Test func `impact and urgency give the priority, and a service may have its own cells`() async throws {
        let standard = PriorityMatrix.standard
        same(Impact.allCases.map { impact in Urgency.allCases.map { standard[impact, $0].number } }, [[1, 1, 2, 3], [1, 2, 3, 4], [2, 3, 3, 4], [2, 3, 4, 5]])
        let desk = try await DeskKit.make()
        let mail = desk.mail
        try await desk.as("lina") { session in
            guard let service = try session.record(mail) else { throw Refusal.absent }
            try session.change(service) { $0[Service.matrix] = "{\"individual\": {\"low\": 1}}" }
        }
        let request = try await desk.ask { $0[Request.service] = mail; $0[Request.urgency] = .low }
        same(try await desk.read(request)[Request.priority], .p1)
        await refuses("not-a-matrix", field: "matrix") {
            try await desk.as("lina") { session in
                guard let service = try session.record(mail) else { throw Refusal.absent }
                try session.change(service) { $0[Service.matrix] = "{\"planet\": {\"low\": 1}}" }
            }
        }
    }

    @Test func `a request takes requester, unit, desk and language from who asks`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.read(try await desk.ask())
        same(request[Request.requester], World.person("amina"))
        same(request[Request.affected], World.person("amina"))
        same(request[Request.unit], World.unit("budget"))
        same(request[Request.desk], .nairobi)
        same(request.reference, "REQ-2026-0000001")
    }

    @Test func `each move is for those it is meant for`() async throws {
        let desk = try await DeskKit.make()
        let moves: [(name: String, by: String, after: [String])] = [
            ("take", "tomas", []), ("wait", "tomas", []), ("resume", "tomas", ["wait"]), ("solve", "tomas", []), ("close", "amina", ["solve"]),
            ("reopen", "amina", ["solve"]), ("rate", "amina", ["solve"]), ("withdraw", "amina", []), ("cancel", "tomas", []),
            ("hand-over", "lina", []), ("assign", "lina", []),
        ]
        for move in moves {
            let request = try await desk.ask()
            for before in move.after { try await desk.move(request, before, by: "tomas", fill) }
            for other in ["omar", "root", "ines"] {
                await refuses(other == "ines" ? "may-not-move" : "absent") { try await desk.move(request, move.name, by: other, fill) }
            }
            if ["take", "wait", "resume", "solve", "cancel", "hand-over", "assign"].contains(move.name) {
                await refuses("may-not-move") { try await desk.move(request, move.name, by: "amina", fill) }
            }
            if ["rate", "withdraw"].contains(move.name) { await refuses("may-not-move") { try await desk.move(request, move.name, by: "tomas", fill) } }
            try await desk.move(request, move.name, by: move.by, fill)
        }
    }

    @Sendable private func fill(_ request: inout Record<Request>) {
        if request[Request.solution] == nil { request[Request.solution] = "Replaced the cable" }
        if request.state != .pending { request[Request.waitingFor] = .requester }
        request[Request.desk] = .bangkok
        request[Request.owner] = World.person("tomas")
        if request.state == .solved { request[Request.rating] = 5 }
    }

    @Test func `who takes it has it, only agents can be given it, and a note goes with a hand-over`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        let taken = try await desk.move(request, "take", by: "tomas")
        same([taken[Request.owner] == World.person("tomas"), taken[Request.desk] == .geneva, taken.state == .inProgress], [true, true, true])
        await refuses("not-an-agent", field: "owner") { try await desk.move(request, "assign", by: "lina") { $0[Request.owner] = World.person("omar") } }
        await refuses("same-desk") { try await desk.move(request, "hand-over", by: "tomas") { $0[Request.desk] = .geneva } }
        let moved = try await desk.move(request, "hand-over", by: "tomas") {
            $0[Request.desk] = .amman
            $0[Request.handoverNote] = "The antenna is being repointed"
        }
        same([moved[Request.owner] == nil, moved[Request.desk] == .amman], [true, true])
        let notes = try await desk.as("lina") { try $0.comments(moved.row).map { "\($0.visibility) \($0.body)" } }
        same(notes, ["internal The antenna is being repointed"])
        same(try await desk.as("amina") { try $0.comments(moved.row).count }, 0)
    }

    @Test func `an answer takes the request, a message goes on with what waited, and opens again what was solved`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        try await desk.say(request, "Which antenna is it?", by: "tomas")
        same(try await desk.read(request)[Request.owner], World.person("tomas"))
        same(try await desk.state(request), .inProgress)
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .requester }
        try await desk.say(request, "internal", by: "tomas", .internal)
        same(try await desk.state(request), .pending)
        try await desk.say(request, "The one on the roof", by: "amina")
        same(try await desk.state(request), .inProgress)
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .supplier }
        try await desk.say(request, "Any news?", by: "amina")
        same(try await desk.state(request), .pending, "a supplier is still waited for")
        try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Repointed" }
        desk.advance(hours: 24 * 13)
        try await desk.say(request, "It drops again", by: "amina")
        let again = try await desk.read(request)
        same([again.state == .inProgress, again[Request.reopened] == 1, again[Request.solvedAt] == nil], [true, true, true])
        try await desk.move(request, "solve", by: "tomas")
        desk.advance(hours: 24 * 15)
        await refuses("too-late-to-reopen") { try await desk.move(request, "reopen", by: "amina") }
        try await desk.say(request, "Thank you", by: "amina")
        same(try await desk.state(request), .solved)
        same(try await closeSolved(desk.run), 1)
        same(try await desk.state(request), .closed)
    }

    @Test func `a solved request says how long it took and whether one contact was enough`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        desk.advance(hours: 26)
        let solved = try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Repointed" }
        same(solved[Request.lasted], .seconds(26 * 3_600))
        // Monday noon to Tuesday 14:00 in Nairobi, open 08:30–12:30 and 13:30–17:30: 0:30 + 4:00, then 4:00 + 0:30.
        same(solved[Request.worked], .seconds(9 * 3_600))
        same(solved[Request.firstContact], true)
        same(solved[Request.owner], World.person("tomas"))
    }

    @Test func `only who asked rates, from one to five, once it is solved`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        await refuses("illegal-move") { try await desk.move(request, "rate", by: "amina") { $0[Request.rating] = 5 } }
        try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Repointed" }
        await refuses("out-of-range", field: "rating") { try await desk.move(request, "rate", by: "amina") { $0[Request.rating] = 6 } }
        await refuses("required", field: "rating") { try await desk.move(request, "rate", by: "amina") }
        await refuses("rating-is-the-requesters", field: "rating") {
            try await desk.as("tomas") { session in
                guard let record = try session.record(request) else { throw Refusal.absent }
                try session.change(record) { $0[Request.rating] = 5 }
            }
        }
        let rated = try await desk.move(request, "rate", by: "amina") { $0[Request.rating] = 4; $0[Request.remark] = "Quick" }
        same([rated[Request.rating] == 4, rated[Request.ratedAt] == desk.kit.clock.now, rated.state == .solved], [true, true, true])
        let reading = try await desk.as("lina") { try $0.read(DeskMeasures.satisfaction, until: $0.now.adding(seconds: 1)) }
        same([reading.n, reading.hits ?? 0, reading.population ?? 0], [1, 1, 1])
    }

    @Test func `who asks cannot fill in what the desk is to find out`() async throws {
        let desk = try await DeskKit.make()
        await refuses("field-not-settable", field: "solution") { _ = try await desk.ask { $0[Request.solution] = "Done" } }
        await refuses("field-not-settable", field: "owner") { _ = try await desk.ask { $0[Request.owner] = World.person("tomas") } }
        await refuses("field-not-settable", field: "rating") { _ = try await desk.ask(by: "tomas") { $0[Request.rating] = 5 } }
        await refuses("may-not-create") { _ = try await desk.ask { $0[Request.requester] = World.person("omar") } }
        let phone = try await desk.ask(by: "tomas") { $0[Request.requester] = World.person("omar"); $0[Request.channel] = .phone }
        same(try await desk.read(phone)[Request.desk], .amman)
    }
}
