/// Reads clocks from their events; nothing is stored, so another calendar or budget gives a new reading of the same log.
///
///     let engine = ClockEngine(calendar: geneva, budget: 4 * 3600)
///     engine.read(events, at: .now).due
public struct ClockEngine: Sendable {
    /// The calendar whose open hours are counted.
    public let calendar: WorkingCalendar
    /// Seconds of open time allowed; zero or less means there is no clock.
    public let budget: Int

    public init(calendar: WorkingCalendar, budget: Int) {
        self.calendar = calendar
        self.budget = budget
    }

    /// The state of the clock at an instant; later events have not happened yet.
    public func read(_ events: [ClockEvent], at now: Instant) -> ClockReading {
        guard budget > 0, let run = ClockRun.all(events, until: now).last else { return ClockReading(budget: budget) }
        return read(run, at: now)
    }

    /// A reading of each run of a clock that was started again after it stopped, in order; the last one is `read`.
    ///
    /// A reset forgets the runs before it.
    public func runs(_ events: [ClockEvent], at now: Instant) -> [ClockReading] {
        guard budget > 0 else { return [] }
        return ClockRun.all(events, until: now).map { read($0, at: now) }
    }

    /// Counted, paused and closed stretches of the latest run, from its start to `end` or to its stop, without gaps.
    public func segments(_ events: [ClockEvent], until end: Instant) -> [ClockSegment] {
        guard budget > 0, let run = ClockRun.all(events, until: end).last else { return [] }
        return run.segments(calendar, upTo: end)
    }

    /// The instant at which so many seconds of open time are left.
    ///
    /// Nil when the budget is not longer than that, and when the clock, all events considered, is not running.
    public func warning(_ events: [ClockEvent], before seconds: Int) -> Instant? {
        let (part, isTooLong) = budget.subtractingReportingOverflow(seconds)
        guard seconds >= 0, !isTooLong, part > 0, let run = ClockRun.all(events, until: nil).last,
            run.end == nil, run.pausedSince == nil
        else { return nil }
        return calendar.due(from: run.start, budget: part, without: run.allPauses)
    }

    private func read(_ run: ClockRun, at now: Instant) -> ClockReading {
        let limit = run.limit(now)
        let pauses = run.allPauses
        let due = calendar.due(from: run.start, budget: budget, without: pauses)
        // A paused clock stands still: it is late only when it was late before the pause.
        let isBreached = due.map { min(limit, run.pausedSince ?? limit) > $0 } ?? false
        let state: ClockReading.State =
            switch run.end?.isCancelled {
            case false: isBreached ? .missed : .met
            case true: .cancelled
            case nil: run.pausedSince == nil ? .running : .paused
            }
        let counted = Int(calendar.microseconds(from: run.start, to: limit, without: pauses) / 1_000_000)
        return ClockReading(
            state: state, startedAt: run.start, due: state == .paused || state == .cancelled ? nil : due,
            stoppedAt: run.end?.at, counted: counted, budget: budget, isBreached: isBreached,
            pausedSince: state == .paused ? run.pausedSince : nil, calendar: calendar, run: run)
    }
}
