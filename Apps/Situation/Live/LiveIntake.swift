import Kernel
import Synchronization

/// What one connection reports, on its way to the store: at once after a pause, else in lots, so that thousands of reports a second are few transactions.
final class LiveIntake: Sendable {
    /// Between two lots.
    private static let between = Duration.milliseconds(200)
    /// More than this wait only as long as it takes to keep them: nothing more is read before there is room, so a database that is slow slows those who send.
    private static let most = 1_000

    private let waiting = Mutex<(events: [CoTEvent], isOver: Bool)>(([], false))
    private let wake: AsyncStream<Void>.Continuation
    private let wakes: AsyncStream<Void>

    init() { (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// Returns when there is room for more.
    func put(_ events: [CoTEvent]) async throws {
        waiting.withLock { $0.events += events }
        wake.yield()
        while waiting.withLock({ $0.events.count > Self.most && !$0.isOver }) { try await Task.sleep(for: .milliseconds(20)) }
    }

    /// Nothing more comes.
    func end() {
        waiting.withLock { $0.isOver = true }
        wake.yield()
    }

    /// Keeps what comes until nothing more does or `keep` says that the conversation must end.
    func keep(_ keep: ([CoTEvent]) async throws -> Bool) async throws {
        for await _ in wakes {
            let (events, isOver) = waiting.withLock { waiting in
                defer { waiting.events = [] }
                return waiting
            }
            if !events.isEmpty, try await !keep(events) { return }
            if isOver { return }
            try await Task.sleep(for: Self.between)
        }
    }
}
