/// The open segments of a calendar from an instant on, in order and never overlapping, computed day by day.
struct OpenSegments: IteratorProtocol {
    /// Days without any segment after which a calendar counts as one that never opens again: five years.
    static let patience = 1827

    private let zone: Zone?
    /// By ISO weekday, sorted by start; empty when the calendar is always open.
    private let week: [[WorkingCalendar.Hours]]
    private let holidays: Set<CalendarDate>
    private let calendarIsAlwaysOpen: Bool
    private let lastDay: Int

    /// Where the next segment may begin.
    private var cursor: Instant
    private var day: Int
    private var place = 0

    init(_ calendar: WorkingCalendar, from start: Instant) {
        cursor = start
        holidays = calendar.holidays
        if let hours = calendar.week {
            let zone = Zone.named(calendar.timeZone) ?? Zone.gmt
            self.zone = zone
            week = (0...7).map { day in (hours[day] ?? []).sorted { ($0.start, $0.end) < ($1.start, $1.end) } }
            calendarIsAlwaysOpen = false
            day = zone.localDay(of: start) - Self.reach
            lastDay = zone.localDay(of: .latest)
        } else {
            zone = nil
            week = []
            calendarIsAlwaysOpen = true
            (day, lastDay) = (0, 0)
        }
    }

    /// A segment that begins two days earlier can still be open: over midnight, and over a day a zone skipped.
    private static let reach = 2

    /// The next segment, cut to begin no earlier than the cursor; nil after five years without one.
    mutating func next() -> Range<Instant>? {
        guard let zone else { return nextWhenAlwaysOpen() }
        let end = min(lastDay, max(day, zone.localDay(of: cursor)) + Self.patience)
        while day <= end {
            let hours = week[Civil.weekday(days: day)]
            if place < hours.count, isWorkday(day) {
                let segment = hours[place]
                place += 1
                let to = zone.instant(day: segment.end <= segment.start ? day + 1 : day, minutes: segment.end)
                guard to > cursor else { continue }
                let from = max(zone.instant(day: day, minutes: segment.start), cursor)
                guard from < to else { continue }
                cursor = to
                return from..<to
            }
            day += 1
            place = 0
        }
        return nil
    }

    /// Passes over everything before an instant.
    mutating func skip(to instant: Instant) {
        guard instant > cursor else { return }
        cursor = instant
        guard let zone else { return }
        let first = zone.localDay(of: instant) - Self.reach
        if first > day {
            day = first
            place = 0
        }
    }

    private mutating func nextWhenAlwaysOpen() -> Range<Instant>? {
        guard calendarIsAlwaysOpen, cursor < .latest else { return nil }
        defer { cursor = .latest }
        return cursor..<Instant.latest
    }

    private func isWorkday(_ day: Int) -> Bool {
        holidays.isEmpty || !holidays.contains(CalendarDate(number: day))
    }
}

/// Pauses sorted, merged and without empty ones.
struct Pauses: Hashable, Sendable {
    private(set) var ranges: [Range<Instant>] = []

    init(_ pauses: [Range<Instant>]) {
        for pause in pauses.sorted(by: { $0.lowerBound < $1.lowerBound }) where !pause.isEmpty {
            if let last = ranges.last, pause.lowerBound <= last.upperBound {
                ranges[ranges.count - 1] = last.lowerBound..<max(last.upperBound, pause.upperBound)
            } else {
                ranges.append(pause)
            }
        }
    }
}

/// The open segments of a calendar without the pauses, in order.
struct CountedSegments: IteratorProtocol {
    private var segments: OpenSegments
    private let pauses: [Range<Instant>]
    private var pause = 0
    private var rest: Range<Instant>?

    init(_ calendar: WorkingCalendar, from start: Instant, without pauses: Pauses) {
        segments = OpenSegments(calendar, from: start)
        self.pauses = pauses.ranges
    }

    mutating func next() -> Range<Instant>? {
        while let segment = rest ?? segments.next() {
            rest = nil
            while pause < pauses.count, pauses[pause].upperBound <= segment.lowerBound { pause += 1 }
            guard pause < pauses.count, pauses[pause].lowerBound < segment.upperBound else { return segment }
            let current = pauses[pause]
            if current.upperBound < segment.upperBound {
                rest = current.upperBound..<segment.upperBound
            } else {
                segments.skip(to: current.upperBound)
            }
            if segment.lowerBound < current.lowerBound { return segment.lowerBound..<current.lowerBound }
        }
        return nil
    }
}
