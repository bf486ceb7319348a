import Foundation
import Kernel
import Testing

@Suite struct WorkingCalendarTests {
    let vectors: ClockVectors

    init() throws {
        vectors = try ClockVectors.load()
    }

    @Test func `each due time of the vectors is met to the second`() {
        var wrong: [String] = []
        for row in vectors.cases {
            let calendar = vectors.calendar(row.calendar)
            let due = calendar.due(from: row.createdUtc, budget: row.budget, without: row.pauses)
            if due != row.dueUtc || row.dueUtc != row.dueLocal { wrong.append("\(row.name): \(due?.iso ?? "none")") }
            let elapsed = calendar.counted(from: row.createdUtc, to: row.dueUtc, without: row.pauses)
            if elapsed != row.budget { wrong.append("\(row.name): elapsed \(elapsed)") }
        }
        #expect(wrong == [] && vectors.cases.count == 18)
    }

    @Test func `each warning comes when one hour is left`() {
        var wrong: [String] = []
        for row in vectors.cases {
            let engine = ClockEngine(calendar: vectors.calendar(row.calendar), budget: row.budget)
            let warning = engine.warning(row.events, before: 3600)
            if warning != row.warn1HBeforeLocal { wrong.append("\(row.name): \(warning?.iso ?? "none")") }
            let reading = engine.read(row.events, at: row.dueUtc)
            if reading.due != row.dueUtc || reading.isBreached || reading.remaining != 0 { wrong.append("\(row.name): \(reading)") }
            if !engine.read(row.events, at: row.dueUtc.adding(seconds: 1)).isBreached { wrong.append("\(row.name): in time") }
        }
        #expect(wrong == [])
    }

    @Test func `elapsed working minutes leave out nights, weekends, holidays and pauses`() {
        let rows: [(String, String, String, [(String, String)], Int)] = [
            ("ny", "2021-06-04T16:00", "2021-06-07T10:30", [], 150),
            ("ny", "2021-05-28T16:00", "2021-06-01T09:30", [], 90),
            ("amman", "2021-06-03T15:00", "2021-06-06T09:00", [], 120),
            ("ny", "2021-06-05T10:00", "2021-06-06T18:00", [], 0),
            ("geneva", "2021-06-01T08:30", "2021-06-01T17:30", [("2021-06-01T10:00", "2021-06-01T14:00")], 300),
        ]
        let minutes = rows.map { name, from, to, pauses, _ in
            let calendar = vectors.calendar(name)
            let zone = calendar.timeZone
            return calendar.counted(
                from: local(from, zone), to: local(to, zone),
                without: pauses.map { local($0, zone)..<local($1, zone) }) / 60
        }
        #expect(minutes == rows.map(\.4))
    }

    @Test func `what is counted up to the due time is the budget, whatever the start and the pauses`() {
        var dice = ClockDice(state: 2021)
        var wrong: [String] = []
        for calendar in vectors.all {
            for _ in 0..<120 {
                let start = dice.instant()
                let budget = Int.random(in: 1...200_000, using: &dice)
                let pauses = (0..<Int.random(in: 0...4, using: &dice)).map { _ in
                    let from = start.adding(seconds: Int.random(in: -90_000...900_000, using: &dice))
                    return from..<from.adding(seconds: Int.random(in: 0...400_000, using: &dice))
                }
                guard let due = calendar.due(from: start, budget: budget, without: pauses) else {
                    wrong.append("\(calendar.name) \(start) \(budget): none")
                    continue
                }
                let counted = calendar.counted(from: start, to: due, without: pauses)
                let before = calendar.counted(from: start, to: due.adding(seconds: -1), without: pauses)
                if counted != budget || before != budget - 1 { wrong.append("\(calendar.name) \(start) \(budget) \(pauses)") }
            }
        }
        #expect(wrong == [])
    }

    @Test func `a calendar is open at the minutes Foundation finds in its hours`() {
        var wrong: [String] = []
        for calendar in vectors.all where calendar.week != nil {
            for week in ["2021-03-08T00:00", "2021-03-22T00:00", "2021-11-01T00:00", "2021-05-24T00:00"] {
                let start = local(week, calendar.timeZone)
                let range = start..<start.adding(days: 8)
                let open = Set(stride(from: 0, to: 8 * 1440, by: 5).map { start.adding(seconds: $0 * 60) }.filter { isInHours($0, calendar) })
                var counted: Set<Instant> = []
                for segment in calendar.open(in: range) {
                    counted.formUnion(stride(from: 0, to: segment.upperBound.seconds(since: segment.lowerBound), by: 300).map(segment.lowerBound.adding(seconds:)))
                }
                if open != counted || calendar.counted(from: start, to: range.upperBound) != open.count * 300 {
                    wrong.append("\(calendar.name) \(week)")
                }
            }
        }
        #expect(wrong == [])
    }

    /// Reads the wall clock with Foundation; the shift of the only night calendar never meets a holiday.
    private func isInHours(_ instant: Instant, _ calendar: WorkingCalendar) -> Bool {
        var foundation = Calendar(identifier: .gregorian)
        foundation.timeZone = TimeZone(identifier: calendar.timeZone) ?? .gmt
        let parts = foundation.dateComponents([.year, .month, .day, .weekday, .hour, .minute], from: instant.date)
        let minute = (parts.hour ?? 0) * 60 + (parts.minute ?? 0)
        let weekday = ((parts.weekday ?? 1) + 5) % 7 + 1
        let date = CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
        let isHoliday = date.map(calendar.holidays.contains) ?? false
        let today = isHoliday ? [] : calendar.week?[weekday] ?? []
        let yesterday = (calendar.week?[(weekday + 5) % 7 + 1] ?? []).filter { $0.end <= $0.start }
        return today.contains { minute >= $0.start && ($0.end <= $0.start || minute < $0.end) }
            || yesterday.contains { minute < $0.end }
    }

    @Test func `opening and closing times are known`() {
        let geneva = vectors.calendar("geneva")
        func at(_ text: String) -> Instant { local(text, geneva.timeZone) }
        let openings = ["2021-06-01T12:29", "2021-06-01T12:30", "2021-06-04T17:30", "2021-06-05T09:00"]
            .map { geneva.nextOpening(after: at($0)) }
        #expect(openings == ["2021-06-01T13:30", "2021-06-01T13:30", "2021-06-07T08:30", "2021-06-07T08:30"].map(at))
        let open = ["2021-06-01T08:30", "2021-06-01T12:29", "2021-06-01T12:30", "2021-06-05T09:00"].map { geneva.isOpen(at: at($0)) }
        #expect(open == [true, true, false, false])
    }

    @Test func `a shift over midnight is still open in the small hours, also after a day the zone skipped`() throws {
        let night = vectors.calendar("night")
        let open = ["2021-06-05T21:59", "2021-06-05T22:00", "2021-06-06T03:00", "2021-06-06T06:00", "2021-06-07T03:00"]
            .map { night.isOpen(at: local($0, night.timeZone)) }
        #expect(open == [false, true, true, false, false])
        // Samoa went from Thursday 29 December 2011 to Saturday: this shift ends on Saturday morning after eight hours.
        let samoa = WorkingCalendar(name: "samoa", timeZone: "Pacific/Apia", week: [4: [try #require(.init("22:00", "06:00"))]])
        let noon = local("2011-12-30T12:00", "UTC")
        let around = samoa.open(in: noon.adding(days: -2)..<noon.adding(days: 2)).map { "\($0)" }
        #expect(samoa.counted(from: noon, to: noon.adding(days: 1)) == 4 * 3600 && around == ["2011-12-30T08:00:00Z..<2011-12-30T16:00:00Z"])
    }

    @Test func `there is no due time without a budget or an opening`() {
        let ny = vectors.calendar("ny")
        let never = WorkingCalendar(name: "never", timeZone: "UTC", week: [:])
        let start = local("2021-06-01T10:00", "UTC")
        let all = start.adding(days: -1)..<Instant.latest
        let none = [
            ny.due(from: start, budget: 0), ny.due(from: start, budget: -5), never.due(from: start, budget: 1),
            ny.due(from: start, budget: .max), ny.due(from: start, budget: 60, without: [all]), never.nextOpening(after: start),
            vectors.calendar("always").nextOpening(after: start), vectors.calendar("always").due(from: start, budget: .max),
        ]
        #expect(none.allSatisfy { $0 == nil })
    }

    @Test func `overlapping hours are counted once, times a zone skipped move forward`() throws {
        let hours = [WorkingCalendar.Hours("08:00", "12:00"), .init("10:00", "14:00"), .init("22:00", "09:00")].compactMap { $0 }
        let day = local("2021-06-01T00:00", "UTC")
        let double = WorkingCalendar(name: "double", timeZone: "UTC", week: [2: hours, 3: hours])
        // Tuesday 8–14 and 22–24, Wednesday 0–14.
        #expect(double.counted(from: day, to: day.adding(hours: 46)) == 22 * 3600)
        let skipped = WorkingCalendar(
            name: "skipped", timeZone: "America/New_York", week: [7: [try #require(.init("02:30", "04:00"))]])
        let open = skipped.open(in: local("2021-03-13T00:00", "UTC")..<local("2021-03-16T00:00", "UTC"))
        let twice = WorkingCalendar(name: "twice", timeZone: "America/New_York", week: [7: [try #require(.init("01:30", "03:00"))]])
        let long = twice.open(in: local("2021-11-06T00:00", "UTC")..<local("2021-11-09T00:00", "UTC"))
        #expect((open + long).map { "\($0)" } == [
            "2021-03-14T07:30:00Z..<2021-03-14T08:00:00Z", "2021-11-07T05:30:00Z..<2021-11-07T08:00:00Z",
        ])
    }

    @Test func `a calendar survives being written, and nonsense is refused`() throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        var text = ""
        for calendar in vectors.all {
            let data = try encoder.encode(calendar)
            if try JSONDecoder().decode(WorkingCalendar.self, from: data) != calendar { text = calendar.name }
        }
        let night = String(decoding: try encoder.encode(vectors.calendar("night")), as: UTF8.self)
        #expect(text == "" && night == #"{"holidays":[],"name":"night","timeZone":"America\/New_York","version":1,"week":{"6":[["22:00","06:00"]]}}"#)
        let bad = [
            night.replacing("York", with: "Nowhere"), night.replacing("\"6\"", with: "\"8\""), night.replacing("22:00", with: "24:00"),
            night.replacing("06:00", with: "6:00"), night.replacing("06:00", with: "06:60"), night.replacing(",\"06:00\"", with: ""),
        ]
        let read = bad.compactMap { try? JSONDecoder().decode(WorkingCalendar.self, from: Data($0.utf8)) }
        #expect(read.isEmpty)
    }
}

extension Instant {
    func adding(hours: Int) -> Instant { adding(seconds: hours * 3600) }
    func adding(minutes: Int) -> Instant { adding(seconds: minutes * 60) }
}
