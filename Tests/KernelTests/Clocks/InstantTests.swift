import Foundation
import Kernel
import Testing

@Suite struct InstantTests {
    @Test func `what is written is read again`() throws {
        var dice = ClockDice(state: 3339)
        var wrong: [Int64] = []
        for _ in 0..<5000 {
            let places: Int64 = [1, 1000, 1_000_000, 86_400_000_000].randomElement(using: &dice) ?? 1
            let raw = Int64.random(in: Instant.earliest.microseconds...Instant.latest.microseconds, using: &dice)
            let instant = Instant(microseconds: raw / places * places)
            if Instant(iso: instant.iso) != instant { wrong.append(instant.microseconds) }
        }
        #expect(wrong == [])
        let moment = Instant(microseconds: 1_615_834_800_250_000)
        let data = try JSONEncoder().encode([moment])
        let read = try JSONDecoder().decode([Instant].self, from: data)
        #expect(String(decoding: data, as: UTF8.self) == #"["2021-03-15T19:00:00.25Z"]"# && read == [moment])
    }

    @Test func `dates agree with Foundation`() {
        var dice = ClockDice(state: 1582)
        var wrong: [String] = []
        let style = Date.ISO8601FormatStyle()
        for _ in 0..<2000 {
            // Before 1583 Foundation's calendar is Julian, ours is not.
            let second = Int64.random(in: -12_212_553_600..<253_402_300_800, using: &dice)
            let instant = Instant(microseconds: second * 1_000_000)
            if instant.iso != instant.date.formatted(style) || Instant(instant.date) != instant { wrong.append(instant.iso) }
        }
        #expect(wrong == [])
        let now = Instant.now
        #expect(Instant(now.date) == now && abs(now.date.timeIntervalSinceNow) < 60)
    }

    @Test func `offsets and fractions are understood`() {
        let rows = [
            ("2021-03-15T20:00:00+01:00", "2021-03-15T19:00:00Z"), ("2021-03-15T15:00:00-04:00", "2021-03-15T19:00:00Z"),
            ("2021-06-06T11:00:00+05:45", "2021-06-06T05:15:00Z"), ("2021-03-15T19:00:00.5Z", "2021-03-15T19:00:00.5Z"),
            ("2021-03-15T19:00:00.000001Z", "2021-03-15T19:00:00.000001Z"), ("2021-03-15T19:00:00.120000Z", "2021-03-15T19:00:00.12Z"),
            ("2021-03-15T19:00:00.123456789Z", "2021-03-15T19:00:00.123456Z"), ("2021-03-15T19:00:00.000Z", "2021-03-15T19:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"), ("9999-12-31T23:59:59.999999Z", "9999-12-31T23:59:59.999999Z"),
            ("2020-02-29T00:00:00Z", "2020-02-29T00:00:00Z"), ("1969-12-31T23:59:59.75Z", "1969-12-31T23:59:59.75Z"),
            ("1970-01-01T00:00:00-00:00", "1970-01-01T00:00:00Z"),
        ]
        #expect(rows.map { Instant(iso: $0.0)?.iso } == rows.map(\.1))
    }

    @Test func `anything but a full time with a zone is refused`() {
        let bad = [
            "", "2021-03-15", "2021-03-15T19:00Z", "2021-03-15T19:00:00", "2021-03-15 19:00:00Z", "2021-03-15t19:00:00z",
            "2021-3-15T19:00:00Z", "21-03-15T19:00:00Z", "+2021-03-15T19:00:00Z", "-2021-03-15T19:00:00Z", "2021-13-01T00:00:00Z",
            "2021-00-10T00:00:00Z", "2021-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2021-04-31T00:00:00Z", "2021-01-00T00:00:00Z",
            "2021-03-15T24:00:00Z", "2021-03-15T19:60:00Z", "2021-03-15T19:00:60Z", "2021-03-15T19:00:00.Z", "2021-03-15T19:00:00,5Z",
            "2021-03-15T19:00:00+0100", "2021-03-15T19:00:00+01", "2021-03-15T19:00:00+24:00", "2021-03-15T19:00:00+01:60",
            "2021-03-15T19:00:00Z ", " 2021-03-15T19:00:00Z", "2021-03-15T19:00:00ZZ", "2021-03-15T19:00:00Z+01:00",
            "0000-01-01T00:00:00Z", "0001-01-01T00:00:00+01:00", "9999-12-31T23:59:59-01:00", "10000-01-01T00:00:00Z",
            "٢٠٢١-03-15T19:00:00Z", "2021-03-15T19:00:00−04:00", "2021-W11-1T19:00:00Z", "2021-074T19:00:00Z", "20210315T190000Z",
        ]
        #expect(bad.filter { Instant(iso: $0) != nil } == [])
    }

    @Test func `arithmetic rounds down and stops at the ends of time`() {
        let zero = Instant(microseconds: 0)
        let differences = [1_500_000, 1_000_000, 999_999, 0, -1, -1_000_000, -1_000_001].map { Instant(microseconds: $0).seconds(since: zero) }
        #expect(differences == [1, 1, 0, 0, -1, -1, -2])
        let ends = [
            zero.adding(seconds: .max), zero.adding(days: .max), zero.adding(days: 4_000_000), Instant(microseconds: .max),
            Instant(Date(timeIntervalSince1970: .infinity)),
        ]
        let beginnings = [zero.adding(seconds: .min), zero.adding(days: .min), Instant(microseconds: .min), Instant(.distantPast).adding(days: -9)]
        #expect(ends.allSatisfy { $0 == .latest } && beginnings.allSatisfy { $0 == .earliest })
        #expect(zero.adding(days: 1).adding(seconds: -1).iso == "1970-01-01T23:59:59Z" && "\(zero)" == zero.iso)
    }
}

@Suite struct CalendarDateTests {
    @Test func `each day of 400 years is written, read, counted and named as Foundation does`() {
        var wrong: [String] = []
        var foundation = Calendar(identifier: .gregorian)
        foundation.timeZone = .gmt
        let first = CalendarDate(iso: "1899-12-31")
        for days in stride(from: 0, to: 146_097, by: 1) {
            guard let first, case let date = first.adding(days: days), CalendarDate(iso: date.iso) == date,
                date.days(since: first) == days, date.weekday == (6 + days) % 7 + 1
            else {
                wrong.append("\(days)")
                continue
            }
            guard days % 97 == 0, let same = foundation.date(from: DateComponents(year: date.year, month: date.month, day: date.day))
            else { continue }
            if (foundation.component(.weekday, from: same) + 5) % 7 + 1 != date.weekday || CalendarDate(Instant(same), in: .gmt) != date {
                wrong.append(date.iso)
            }
        }
        #expect(wrong == [] && first?.weekday == 7)
    }

    @Test func `dates that do not exist are refused`() {
        let bad = [
            "", "2021-2-03", "2021-02-29", "2021-04-31", "2021-00-01", "2021-13-01", "0000-01-01", "2021-01-32", "2021-01-01 ",
            "2021/01/01", "20210101", "2021-01-01T00:00:00Z", "-2021-01-01", "12021-01-01", "２０２１-01-01",
        ]
        #expect(bad.filter { CalendarDate(iso: $0) != nil } == [])
        let none = [CalendarDate(year: 2021, month: 2, day: 29), .init(year: 0, month: 1, day: 1), .init(year: 10_000, month: 1, day: 1)]
        #expect(none.allSatisfy { $0 == nil })
    }

    @Test func `a day begins at local midnight, or after it where midnight is skipped`() throws {
        let rows = [
            ("2021-06-01", "Asia/Kathmandu", "2021-05-31T18:15:00Z"), ("2021-03-26", "Asia/Amman", "2021-03-25T22:00:00Z"),
            ("2021-11-07", "America/New_York", "2021-11-07T04:00:00Z"), ("2021-11-08", "America/New_York", "2021-11-08T05:00:00Z"),
            ("2012-01-01", "Pacific/Apia", "2011-12-31T10:00:00Z"), ("1970-01-01", "UTC", "1970-01-01T00:00:00Z"),
        ]
        var wrong: [String] = []
        for (text, name, iso) in rows {
            let (date, zone) = (try #require(CalendarDate(iso: text)), try #require(TimeZone(identifier: name)))
            let start = date.start(in: zone)
            if start.iso != iso || CalendarDate(start, in: zone) != date || CalendarDate(start.adding(seconds: -1), in: zone) >= date {
                wrong.append("\(text) \(name): \(start)")
            }
        }
        #expect(wrong == [])
    }

    @Test func `local dates agree with Foundation in many zones`() throws {
        var dice = ClockDice(state: 24)
        var wrong: [String] = []
        for name in ["Africa/Casablanca", "America/St_Johns", "Asia/Tehran", "Australia/Lord_Howe", "Europe/Moscow", "Pacific/Apia", "Asia/Gaza"] {
            var foundation = Calendar(identifier: .gregorian)
            foundation.timeZone = try #require(TimeZone(identifier: name))
            for _ in 0..<150 {
                let instant = Instant(microseconds: Int64.random(in: -1_500_000_000...4_000_000_000, using: &dice) * 1_000_000)
                let parts = foundation.dateComponents([.year, .month, .day], from: instant.date)
                let date = CalendarDate(instant, in: foundation.timeZone)
                if date.year != parts.year || date.month != parts.month || date.day != parts.day { wrong.append("\(name) \(instant)") }
            }
        }
        #expect(wrong == [])
    }

    @Test func `days stop at the first and the last date and are written as text`() throws {
        let date = try #require(CalendarDate(iso: "2021-03-01"))
        let texts = [-1, 365, .max, .min].map { date.adding(days: $0).iso }
        #expect(texts == ["2021-02-28", "2022-03-01", "9999-12-31", "0001-01-01"])
        let data = try JSONEncoder().encode([date])
        let read = try JSONDecoder().decode([CalendarDate].self, from: data)
        #expect(String(decoding: data, as: UTF8.self) == #"["2021-03-01"]"# && read == [date])
    }
}
