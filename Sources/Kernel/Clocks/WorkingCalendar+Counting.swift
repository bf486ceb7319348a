extension WorkingCalendar {
    /// The open segments inside a range, in order, cut to the range, one per segment and day even where they touch.
    ///
    /// A calendar that is always open gives the range itself. Segments that overlap are cut, never counted twice.
    public func open(in range: Range<Instant>) -> [Range<Instant>] {
        var result: [Range<Instant>] = []
        var segments = OpenSegments(self, from: range.lowerBound)
        while let segment = segments.next(), segment.lowerBound < range.upperBound {
            result.append(segment.clamped(to: range))
        }
        return result
    }

    /// Whole seconds of open time between two instants, pauses left out; zero when `end` is not after `start`.
    public func counted(from start: Instant, to end: Instant, without pauses: [Range<Instant>] = []) -> Int {
        Int(microseconds(from: start, to: end, without: Pauses(pauses)) / 1_000_000)
    }

    /// The instant at which a budget in seconds is used up; at close of business that is the closing time.
    ///
    /// Nil without a budget (zero or less), and when the calendar does not open for five years.
    public func due(from start: Instant, budget seconds: Int, without pauses: [Range<Instant>] = []) -> Instant? {
        due(from: start, budget: seconds, without: Pauses(pauses))
    }

    /// Whether the instant lies in a segment; the closing time itself does not.
    public func isOpen(at instant: Instant) -> Bool {
        var segments = OpenSegments(self, from: instant)
        return segments.next()?.lowerBound == instant
    }

    /// The first moment after an instant at which a closed calendar opens; nil when that is not within five years.
    ///
    /// While the calendar is open this is the opening after the next closing; always open has none.
    public func nextOpening(after instant: Instant) -> Instant? {
        var segments = OpenSegments(self, from: instant)
        var closed = instant
        while let segment = segments.next() {
            if segment.lowerBound > closed { return segment.lowerBound }
            closed = segment.upperBound
            // Day and night without a break for years: there is no opening to wait for.
            if closed.seconds(since: instant) > OpenSegments.patience * 86_400 { return nil }
        }
        return nil
    }
}

extension WorkingCalendar {
    /// As `counted`, in microseconds.
    func microseconds(from start: Instant, to end: Instant, without pauses: Pauses) -> Int64 {
        var total: Int64 = 0
        var segments = CountedSegments(self, from: start, without: pauses)
        while let segment = segments.next(), segment.lowerBound < end {
            total += min(segment.upperBound, end).microseconds - segment.lowerBound.microseconds
        }
        return total
    }

    func due(from start: Instant, budget seconds: Int, without pauses: Pauses) -> Instant? {
        let (budget, isTooLong) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        guard seconds > 0, !isTooLong else { return nil }
        var left = budget
        var segments = CountedSegments(self, from: start, without: pauses)
        while let segment = segments.next() {
            let length = segment.upperBound.microseconds - segment.lowerBound.microseconds
            if length >= left { return Instant(microseconds: segment.lowerBound.microseconds + left) }
            left -= length
        }
        return nil
    }
}
