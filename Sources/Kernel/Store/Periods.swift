/// Periods of one length that follow one another.
public struct Periods: Sendable, Hashable {
    public let start: Instant
    /// Microseconds of each.
    public let step: Int64
    public let count: Int

    /// - Parameter seconds: of all of them together, a second each at least.
    public init(from start: Instant, seconds: Int, count: Int) {
        self.start = start
        self.count = count
        step = Int64(max(seconds, count)) * 1_000_000 / Int64(count)
    }

    /// Where they begin, and the end of the last.
    public var edges: [Instant] { (0...count).map { Instant(microseconds: start.microseconds + Int64($0) * step) } }

    /// The one that holds the moment; nil for what lies outside. The end of the last belongs to it.
    public func place(of moment: Instant) -> Int? {
        let since = moment.microseconds - start.microseconds
        return since < 0 || since > step * Int64(count) ? nil : min(Int(since / step), count - 1)
    }
}
