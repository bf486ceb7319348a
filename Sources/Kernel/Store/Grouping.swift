public import Foundation

/// What records are put together by in a figure.
public enum Grouping: Sendable, Hashable {
    /// The value of a field.
    case field(String)
    /// The first day of the stretch of the calendar that a moment, in the zone of the offsets, or a day lies in.
    case stretch(String, Grain, ZoneOffsets)
    /// The number of the square of a map that a place lies in (`MapCurve`), at a zoom.
    case square(String, zoom: Int)
    /// Whether a moment is at or after another.
    case since(String, Instant)

    public var field: String {
        switch self {
        case .field(let name), .stretch(let name, _, _), .square(let name, _), .since(let name, _): name
        }
    }
}

/// A stretch of the calendar: weeks begin on Monday (ISO 8601).
public enum Grain: String, Sendable, CaseIterable {
    case day, week, month, quarter, year

    /// The first day of the stretch that the day lies in.
    public func start(of date: CalendarDate) -> CalendarDate {
        switch self {
        case .day: date
        case .week: date.adding(days: 1 - date.weekday)
        case .month: CalendarDate(year: date.year, month: date.month, day: 1) ?? date
        case .quarter: CalendarDate(year: date.year, month: (date.month - 1) / 3 * 3 + 1, day: 1) ?? date
        case .year: CalendarDate(year: date.year, month: 1, day: 1) ?? date
        }
    }

    /// The first day of the stretch after the one that begins on the day.
    public func next(after start: CalendarDate) -> CalendarDate {
        let longest = switch self { case .day: 1; case .week: 7; case .month: 31; case .quarter: 92; case .year: 366 }
        return self.start(of: start.adding(days: longest))
    }
}

/// What the wall clocks of a time zone are ahead of UTC, with every change between two years: both databases reckon days by the same numbers.
public struct ZoneOffsets: Sendable, Hashable {
    public struct Change: Sendable, Hashable {
        /// Seconds since 1970 from which the offset holds.
        public let second: Int
        public let offset: Int
    }

    public let zone: String
    /// Seconds ahead before the first change.
    public let first: Int
    public let changes: [Change]

    /// - Parameter years: changes before the first and after the last day of these are not known; the nearest offset stands for them.
    public init(_ zone: TimeZone, years: ClosedRange<Int> = 1970...2060) {
        let known = Zone.of(zone)
        let start = Civil.days(year: years.lowerBound, month: 1, day: 1) * 86_400, end = Civil.days(year: years.upperBound + 1, month: 1, day: 1) * 86_400
        self.zone = zone.identifier
        first = known.offset(at: start)
        changes = known.changes(from: start, until: end).map { Change(second: $0.from, offset: $0.offset) }
    }
}
