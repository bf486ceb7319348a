/// What a clock shows at one instant.
public struct ClockReading: Hashable, Sendable {
    public enum State: String, Codable, Sendable {
        /// Not started, or without a budget.
        case idle
        case running
        case paused
        /// Stopped in time, the due instant included.
        case met
        /// Stopped after the due instant.
        case missed
        case cancelled
    }

    public let state: State
    public let startedAt: Instant?
    /// When the budget is used up; nil while paused, when cancelled, and when the calendar does not open.
    public let due: Instant?
    /// When the clock was stopped or cancelled.
    public let stoppedAt: Instant?
    /// Seconds of open time counted so far.
    public let counted: Int
    /// Seconds of open time allowed.
    public let budget: Int
    /// Whether the due instant has passed; a pause neither causes nor heals it.
    public let isBreached: Bool
    /// When the pause began in which the clock stands.
    public let pausedSince: Instant?
    private let calendar: WorkingCalendar?
    private let run: ClockRun?

    /// Seconds of open time left; negative when late.
    public var remaining: Int { budget - counted }

    /// Counted, paused and closed stretches from the start to `end` or to the stop, without gaps; computed when asked for.
    public func segments(upTo end: Instant) -> [ClockSegment] {
        guard let calendar, let run else { return [] }
        return run.segments(calendar, upTo: end)
    }

    /// A clock that has not started.
    init(budget: Int) {
        self.init(
            state: .idle, startedAt: nil, due: nil, stoppedAt: nil, counted: 0, budget: max(0, budget),
            isBreached: false, pausedSince: nil, calendar: nil, run: nil)
    }

    init(
        state: State, startedAt: Instant?, due: Instant?, stoppedAt: Instant?, counted: Int, budget: Int,
        isBreached: Bool, pausedSince: Instant?, calendar: WorkingCalendar?, run: ClockRun?
    ) {
        self.state = state
        self.startedAt = startedAt
        self.due = due
        self.stoppedAt = stoppedAt
        self.counted = counted
        self.budget = budget
        self.isBreached = isBreached
        self.pausedSince = pausedSince
        self.calendar = calendar
        self.run = run
    }
}
