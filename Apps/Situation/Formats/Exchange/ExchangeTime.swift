import Foundation
import Kernel

/// How well a time is known. `exact` is the minute or better; `year` is needed for UCDP's `date_prec` 5.
enum ExchangePrecision: String, Sendable, CaseIterable, Comparable {
    case exact, hour, day, week, month, year

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    static func < (left: ExchangePrecision, right: ExchangePrecision) -> Bool { left.rank < right.rank }
}

/// When something happened, as its source has it.
struct ExchangeTime: Hashable, Sendable {
    /// The first instant: for a day its midnight in the source's zone.
    var start: Instant
    /// The instant by which it was over, when the source says so: after a last day that is the midnight following it.
    var end: Instant?
    var precision: ExchangePrecision

    init(_ start: Instant, _ end: Instant? = nil, precision: ExchangePrecision) {
        self.start = start
        self.end = end == start ? nil : end
        self.precision = precision
    }

    /// The instants between which it happened, the second not included. Without an end it is the hour, day, ISO week, month or year of the zone
    /// that holds the start.
    func span(in zone: TimeZone) -> Range<Instant> {
        if let end, end > start { return start..<end }
        return Self.unit(of: start, precision, zone)
    }

    /// The first and the last day on the wall calendar of a zone.
    func days(in zone: TimeZone) -> (first: CalendarDate, last: CalendarDate) {
        let first = CalendarDate(start, in: zone)
        guard let end, end > start else { return (first, first) }
        return (first, CalendarDate(Instant(microseconds: end.microseconds - 1), in: zone))
    }

    /// The unit of time that holds an instant.
    static func unit(of instant: Instant, _ precision: ExchangePrecision, _ zone: TimeZone) -> Range<Instant> {
        let day = CalendarDate(instant, in: zone)
        let first: CalendarDate, next: CalendarDate
        switch precision {
        case .exact: return instant..<Instant(microseconds: instant.microseconds + 1)
        case .hour:
            let into = (instant.microseconds % 3_600_000_000 + 3_600_000_000) % 3_600_000_000
            let hour = Instant(microseconds: instant.microseconds - into)
            return hour..<hour.adding(seconds: 3600)
        case .day: (first, next) = (day, day.adding(days: 1))
        case .week:
            first = day.adding(days: 1 - day.weekday)
            next = first.adding(days: 7)
        case .month:
            first = day.adding(days: 1 - day.day)
            let later = first.adding(days: 31)
            next = later.adding(days: 1 - later.day)
        case .year:
            first = CalendarDate(year: day.year, month: 1, day: 1) ?? day
            next = CalendarDate(year: day.year + 1, month: 1, day: 1) ?? day
        }
        let (from, before) = (first.start(in: zone), next.start(in: zone))
        return from..<max(from, before)
    }
}
