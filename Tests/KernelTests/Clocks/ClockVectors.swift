import Foundation
import Kernel

/// The service-level vectors of `Vectors/sla.json`: calendars, and cases with their due times.
struct ClockVectors: Decodable {
    struct Week: Decodable {
        let tz: String
        let week: [Int: [WorkingCalendar.Hours]]?
        let holidays: Set<CalendarDate>
    }

    struct Case: Decodable {
        let name, calendar, tz: String
        let createdUtc, dueUtc, dueLocal: Instant
        let warn1HBeforeLocal: Instant?
        let budgetMinutes: Int
        let pausesLocal: [[String]]

        var budget: Int { budgetMinutes * 60 }

        var pauses: [Range<Instant>] {
            pausesLocal.map { local($0[0], tz)..<local($0[1], tz) }
        }

        /// The log that gives these pauses.
        var events: [ClockEvent] {
            [event(.start, createdUtc)] + pauses.flatMap { [event(.pause, $0.lowerBound), event(.resume, $0.upperBound)] }
        }
    }

    let calendars: [String: Week]
    let cases: [Case]

    static func load() throws -> ClockVectors {
        guard let url = Bundle.module.url(forResource: "sla", withExtension: "json", subdirectory: "Vectors") else {
            throw CocoaError(.fileNoSuchFile)
        }
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(ClockVectors.self, from: Data(contentsOf: url))
    }

    func calendar(_ name: String) -> WorkingCalendar {
        guard let week = calendars[name] else { preconditionFailure("no calendar \(name)") }
        return WorkingCalendar(name: name, timeZone: week.tz, week: week.week, holidays: week.holidays)
    }

    var all: [WorkingCalendar] { calendars.keys.sorted().map(calendar) }
}

/// The instant of a wall-clock time `2021-06-01T10:00`, found by Foundation and not by the code under test.
func local(_ text: String, _ zone: String) -> Instant {
    let numbers = text.split(whereSeparator: { "-T:".contains($0) }).compactMap { Int($0) }
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = TimeZone(identifier: zone) ?? .gmt
    let parts = DateComponents(year: numbers[0], month: numbers[1], day: numbers[2], hour: numbers[3], minute: numbers[4])
    return Instant(calendar.date(from: parts) ?? .distantPast)
}

func event(_ act: ClockAct, _ at: Instant) -> ClockEvent {
    ClockEvent(act: act, at: at, cause: act.rawValue)
}

/// Numbers that are the same in each run (SplitMix64).
struct ClockDice: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var value = state
        value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
        value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
        return value ^ (value >> 31)
    }

    /// A second between 2019 and 2029, with microseconds.
    mutating func instant() -> Instant {
        Instant(microseconds: Int64.random(in: 1_546_300_800_000_000..<1_861_920_000_000_000, using: &self))
    }
}
