import Foundation
import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct HandoverTests {
    private static let hours: [Desk: (zone: String, week: [Int], day: [(String, String)])] = [
        .bangkok: ("Asia/Bangkok", [1, 2, 3, 4, 5], [("07:45", "11:45"), ("12:30", "16:00")]),
        .brindisi: ("Europe/Rome", [1, 2, 3, 4, 5], [("08:00", "12:30"), ("13:30", "17:00")]),
        .geneva: ("Europe/Zurich", [1, 2, 3, 4, 5], [("08:30", "12:30"), ("13:30", "17:30")]),
        .nairobi: ("Africa/Nairobi", [1, 2, 3, 4, 5], [("08:30", "12:30"), ("13:30", "17:30")]),
        .newYork: ("America/New_York", [1, 2, 3, 4, 5], [("09:00", "12:30"), ("13:30", "17:30")]),
        .amman: ("Asia/Amman", [7, 1, 2, 3, 4], [("08:00", "12:30"), ("13:00", "16:00")]),
    ]

    private static func calendars() -> [Desk: WorkingCalendar] {
        let christmas = Set([CalendarDate(year: 2026, month: 12, day: 25), CalendarDate(year: 2027, month: 1, day: 1)].compactMap { $0 })
        return hours.reduce(into: [:]) { calendars, line in
            let day = line.value.day.compactMap { WorkingCalendar.Hours($0.0, $0.1) }
            calendars[line.key] = WorkingCalendar(
                name: line.key.station, timeZone: line.value.zone, week: Dictionary(uniqueKeysWithValues: line.value.week.map { ($0, day) }), holidays: christmas)
        }
    }

    @Test func `at every minute of a year one desk holds it, an open one whenever any is open, and a closed one only until the next opens`() {
        let start = TestPlatform.start
        let sun = FollowTheSun(HandoverTests.calendars(), over: start.adding(days: -1)..<start.adding(days: 375))
        var holder = Desk.newYork
        var faults: [String] = []
        var moves = 0
        for minute in 0..<(365 * 1_440) {
            let now = start.adding(seconds: minute * 60)
            let next = sun.desk(after: holder, at: now)
            if next != holder { moves += 1 }
            if !sun.isOpen(next, at: now), Desk.allCases.contains(where: { sun.isOpen($0, at: now) }) { faults.append("\(now.iso) \(next)") }
            if sun.isOpen(holder, at: now), next != holder { faults.append("\(now.iso) taken from \(holder)") }
            holder = next
        }
        same(faults, [])
        holds(moves > 700 && moves < 1_500, "about three hand-overs a working day: \(moves)")
    }

    @Test func `the job moves what is urgent from a closed desk to an open one, with a note and an owner, and leaves the rest`() async throws {
        let desk = try await DeskKit.make()
        let urgent = try await desk.ask { $0[Request.urgency] = .critical }
        let calm = try await desk.ask()
        try await desk.move(urgent, "take", by: "tomas")
        desk.kit.clock.set(TestPlatform.start.adding(seconds: 3 * 3_600))
        same(try await followTheSun(desk.run), 0, "noon in Geneva closes nothing")
        // 17:40 in Geneva: New York is open, and vera is the only one there.
        desk.kit.clock.set(TestPlatform.start.adding(seconds: 7 * 3_600 + 2_400))
        same(try await followTheSun(desk.run), 1)
        let moved = try await desk.read(urgent)
        same([moved[Request.desk] == .newYork, moved[Request.owner] == World.person("vera"), moved.state == .inProgress], [true, true, true])
        let notes = try await desk.as("lina") { try $0.comments(moved.row).map(\.visibility) }
        same(notes, [.internal])
        same(try await desk.read(calm)[Request.desk], .nairobi)
    }

    @Test func `a new urgent request goes to a desk that is open`() async throws {
        let desk = try await DeskKit.make()
        desk.kit.clock.set(TestPlatform.start.adding(seconds: 10 * 3_600))
        same(try await desk.read(try await desk.ask { $0[Request.urgency] = .critical })[Request.desk], .newYork)
        same(try await desk.read(try await desk.ask())[Request.desk], .nairobi)
    }
}
