/// One life of a clock, from its start to its stop: what is left of the events once repetitions are set aside.
struct ClockRun: Hashable, Sendable {
    struct End: Hashable, Sendable {
        let at: Instant
        let isCancelled: Bool
    }

    let start: Instant
    /// Pauses that ended.
    private(set) var pauses: [Range<Instant>] = []
    /// When the pause began that has not ended, or in which the clock was stopped.
    private(set) var pausedSince: Instant?
    private(set) var end: End?

    init(start: Instant) {
        self.start = start
    }

    /// The runs that events make up, in order of time; events at the same instant stay in the order given.
    ///
    /// Events after `horizon` have not happened. A reset forgets the runs before it.
    static func all(_ events: [ClockEvent], until horizon: Instant?) -> [ClockRun] {
        var runs: [ClockRun] = []
        for event in inOrder(events) {
            if let horizon, event.at > horizon { break }
            switch event.act {
            case .reset: runs = [ClockRun(start: event.at)]
            case .start where runs.last.map { $0.end != nil } ?? true: runs.append(ClockRun(start: event.at))
            default:
                if !runs.isEmpty { runs[runs.count - 1].take(event) }
            }
        }
        return runs
    }

    private static func inOrder(_ events: [ClockEvent]) -> [ClockEvent] {
        if zip(events, events.dropFirst()).allSatisfy({ $0.at <= $1.at }) { return events }
        return events.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }

    private mutating func take(_ event: ClockEvent) {
        guard end == nil else { return }
        switch event.act {
        case .pause:
            if pausedSince == nil { pausedSince = event.at }
        case .resume:
            if let since = pausedSince { pauses.append(since..<event.at) }
            pausedSince = nil
        case .stop: end = End(at: event.at, isCancelled: false)
        case .cancel: end = End(at: event.at, isCancelled: true)
        case .start, .reset: break
        }
    }

    /// All pauses, the open one without end.
    var allPauses: Pauses {
        guard let pausedSince else { return Pauses(pauses) }
        return Pauses(pauses + [pausedSince..<Instant.latest])
    }

    /// The last instant up to which the clock lived when looked at on `now`.
    func limit(_ now: Instant) -> Instant {
        max(start, min(now, end?.at ?? now))
    }

    /// Counted, paused and closed stretches from the start to `now` or the end, without gaps.
    func segments(_ calendar: WorkingCalendar, upTo now: Instant) -> [ClockSegment] {
        let limit = limit(now)
        var ledger = SegmentLedger(at: start)
        var pauses = allPauses.ranges[...]
        var counted = CountedSegments(calendar, from: start, without: allPauses)
        while let segment = counted.next(), segment.lowerBound < limit {
            ledger.fill(to: segment.lowerBound, pauses: &pauses)
            ledger.add(.counted, to: min(segment.upperBound, limit))
        }
        ledger.fill(to: limit, pauses: &pauses)
        return ledger.segments
    }
}

/// Collects segments one after another and keeps the running total.
private struct SegmentLedger {
    private(set) var segments: [ClockSegment] = []
    private var cursor: Instant
    private var microseconds: Int64 = 0

    init(at start: Instant) {
        cursor = start
    }

    /// Splits the stretch up to an instant, in which nothing is counted, into paused and closed parts.
    mutating func fill(to end: Instant, pauses: inout ArraySlice<Range<Instant>>) {
        while let pause = pauses.first, pause.lowerBound < end {
            add(.closed, to: pause.lowerBound)
            add(.paused, to: min(pause.upperBound, end))
            if pause.upperBound > end { return }
            pauses.removeFirst()
        }
        add(.closed, to: end)
    }

    mutating func add(_ kind: ClockSegment.Kind, to end: Instant) {
        guard end > cursor else { return }
        let before = Int(microseconds / 1_000_000)
        if kind == .counted { microseconds += end.microseconds - cursor.microseconds }
        let total = Int(microseconds / 1_000_000)
        segments.append(ClockSegment(from: cursor, to: end, kind: kind, counted: total - before, total: total))
        cursor = end
    }
}
