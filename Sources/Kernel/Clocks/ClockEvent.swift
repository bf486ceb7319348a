/// What can happen to a clock.
public enum ClockAct: String, Codable, Sendable {
    /// Begins to count; nothing happens when the clock runs or is paused already, a stopped clock begins anew from zero.
    case start
    /// Stops counting until `resume`.
    case pause
    /// Counts again after `pause`.
    case resume
    /// What the clock waited for has happened.
    case stop
    /// Everything before is forgotten and the clock runs from zero.
    case reset
    /// The clock no longer applies; it is neither met nor missed.
    case cancel
}

/// One entry of the log a clock is computed from.
public struct ClockEvent: Hashable, Sendable, Codable {
    public var act: ClockAct
    /// When it took effect, which may be before it was recorded.
    public var at: Instant
    /// The move or message it came from, for the page that explains the due time.
    public var cause: String

    public init(act: ClockAct, at: Instant, cause: String) {
        self.act = act
        self.at = at
        self.cause = cause
    }
}

/// A stretch of a clock's life, as shown on the page that explains the due time.
public struct ClockSegment: Hashable, Sendable {
    public enum Kind: String, Codable, Sendable {
        /// The calendar was open and the clock ran.
        case counted
        /// The clock was paused, whether or not the calendar was open.
        case paused
        /// The clock ran but the calendar was closed.
        case closed
    }

    public var from: Instant
    public var to: Instant
    public var kind: Kind
    /// Seconds this segment adds to the count.
    public var counted: Int
    /// Seconds counted up to the end of this segment.
    public var total: Int

    public init(from: Instant, to: Instant, kind: Kind, counted: Int, total: Int) {
        self.from = from
        self.to = to
        self.kind = kind
        self.counted = counted
        self.total = total
    }
}
