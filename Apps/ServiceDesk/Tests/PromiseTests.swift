import Kernel
import Testing
import TestKit
@testable import ServiceDesk

/// Monday 2 November 2026, noon in Nairobi, where amina works 08:30–12:30 and 13:30–17:30.
@Suite struct PromiseTests {
    @Test func `a request of priority 3 is due in working hours, one of priority 1 day and night`() async throws {
        let desk = try await DeskKit.make()
        let working = try await desk.read(try await desk.ask { $0[Request.urgency] = .high })
        same(working[Request.priority], .p3)
        // 4 h from noon: 0:30 before the break, 3:30 after it.
        same(working[Request.firstResponseDue]?.iso, "2026-11-02T14:00:00Z")
        // 24 h are three days: from Monday noon to Thursday noon.
        same(working[Request.resolutionDue]?.iso, "2026-11-05T09:00:00Z")
        let urgent = try await desk.read(try await desk.ask { $0[Request.urgency] = .critical; $0[Request.impact] = .site })
        same([urgent[Request.firstResponseDue], urgent[Request.resolutionDue]], [desk.kit.clock.now.adding(seconds: 3_600), desk.kit.clock.now.adding(seconds: 14_400)])
    }

    @Test func `an answer stops the first response, a message by who asked starts the next one and more of them do not move it`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask { $0[Request.urgency] = .high }
        desk.advance(minutes: 10)
        try await desk.say(request, "for colleagues", by: "tomas", .internal)
        same(try await desk.clocks(request)["first-response"]?.state, .running)
        try await desk.say(request, "Which antenna?", by: "tomas")
        same(try await desk.clocks(request)["first-response"]?.state, .met)
        same(try await desk.read(request)[Request.firstResponseMet], true)
        desk.advance(minutes: 5)
        try await desk.say(request, "The one on the roof", by: "amina")
        let due = try await desk.read(request)[Request.nextResponseDue]
        desk.advance(minutes: 5)
        try await desk.say(request, "It is raining", by: "amina")
        same(try await desk.read(request)[Request.nextResponseDue], due)
        try await desk.say(request, "Please tighten the rope", by: "tomas")
        same(try await desk.read(request)[Request.nextResponseMet], true)
    }

    @Test func `waiting for who asked pauses the clocks, waiting for a supplier does not`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask { $0[Request.urgency] = .high }
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .requester }
        same(try await desk.clocks(request)["resolution"]?.state, .paused)
        same(try await desk.read(request)[Request.resolutionDue], nil)
        desk.advance(hours: 24)
        try await desk.say(request, "Here it is", by: "amina")
        // A day of pause is eight hours of open time: the due time moves by one day.
        same(try await desk.read(request)[Request.resolutionDue]?.iso, "2026-11-06T09:00:00Z")
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .supplier }
        same(try await desk.clocks(request)["resolution"]?.state, .running)
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .changeWindow }
        same(try await desk.clocks(request)["resolution"]?.state, .paused)
        try await desk.move(request, "wait", by: "tomas") { $0[Request.waitingFor] = .supplier }
        same(try await desk.clocks(request)["resolution"]?.state, .running)
    }

    @Test func `a new priority computes the clocks anew from their events`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        desk.advance(hours: 1)
        try await desk.as("tomas") { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            try session.change(record) { $0[Request.impact] = .organisation; $0[Request.urgency] = .critical }
        }
        same(try await desk.read(request)[Request.resolutionDue], TestPlatform.start.adding(seconds: 14_400), "counted from the beginning")
    }

    @Test func `closing does not turn a missed promise into a kept one, and opening again begins anew`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask { $0[Request.impact] = .organisation; $0[Request.urgency] = .critical }
        desk.advance(hours: 5)
        same(try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Repointed" }[Request.resolutionMet], false)
        same(try await desk.move(request, "close", by: "amina")[Request.resolutionMet], false)
        let other = try await desk.ask { $0[Request.impact] = .organisation; $0[Request.urgency] = .critical }
        try await desk.move(other, "solve", by: "tomas") { $0[Request.solution] = "Repointed" }
        desk.advance(hours: 1)
        let again = try await desk.move(other, "reopen", by: "amina")
        same(again[Request.resolutionMet], nil)
        same(again[Request.resolutionDue], desk.kit.clock.now.adding(seconds: 14_400))
        same(try await desk.clocks(other)["next-response"]?.state, .running)
    }

    @Test func `withdrawn requests keep no promise and break none`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.ask()
        let gone = try await desk.move(request, "withdraw", by: "amina")
        same([gone[Request.firstResponseDue], gone[Request.resolutionDue]], [nil, nil])
        same([gone[Request.firstResponseMet], gone[Request.resolutionMet]], [nil, nil])
    }
}
