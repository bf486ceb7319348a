import Synchronization

/// Something that happened to a record, as told to live pages, webhooks and the bus.
public struct Event: Sendable, Hashable {
    public let id: RecordID
    public let at: Instant
    /// "create", "change", "move.<name>", "comment", …
    public let kind: String
    public let schema: String
    public let record: RecordID
    public let version: Int
    /// Whose notice it is.
    public var person: RecordID?
}

/// Hands committed events to those who listen on this server.
public final class EventHub: Sendable {
    /// What a listener gets.
    public enum Item: Sendable, Hashable {
        case event(Event)
        /// Events may have been missed: what is shown should be read again.
        case gap
    }

    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<Item>.Continuation] = [:]
        /// The latest events with the moment at which this server told of them, and the moment of the last that is no longer remembered.
        var recent: [(at: Instant, event: Event)] = []
        var forgotten = Instant.now

        func items(since moment: Instant) -> [Item] {
            // Always a gap after a minute: whether there was one must not tell what others do.
            let isKnown = moment > forgotten && moment > Instant.now.adding(seconds: -EventHub.secondsKept)
            return isKnown ? recent.drop { $0.at < moment }.map { .event($0.event) } : [.gap]
        }

        mutating func keep(_ events: [Event]) {
            let now = Instant.now, old = now.adding(seconds: -EventHub.secondsKept)
            recent += events.map { (now, $0) }
            let over = max(recent.count - EventHub.mostKept, recent.firstIndex { $0.at > old } ?? 0)
            guard over > 0 else { return }
            forgotten = recent[over - 1].at
            recent.removeFirst(over)
        }
    }
    private static let secondsKept = 60
    private static let mostKept = 1_024
    private let state = Mutex(State())

    public var listeners: Int { state.withLock { $0.listeners.count } }

    /// Events from now on, or from a moment on, as long as they are remembered; where they are not, it begins with a gap. A page's stream begins at the
    /// moment before the page was read: what happens between the two is not lost. A listener that falls 256 behind loses the oldest.
    public func listen(since moment: Instant? = nil) -> AsyncStream<Item> {
        let (stream, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { state in
            for item in moment.map(state.items) ?? [] { continuation.yield(item) }
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    func publish(_ events: [Event]) {
        guard !events.isEmpty else { return }
        give(events.map(Item.event)) { $0.keep(events) }
    }

    func miss() {
        give([.gap]) { state in
            state.recent = []
            state.forgotten = .now
        }
    }

    /// Remembered and handed out in one step: who begins to listen meanwhile gets it once.
    private func give(_ items: [Item], _ remember: (inout sending State) -> Void) {
        let listeners = state.withLock { state in
            remember(&state)
            return Array(state.listeners.values)
        }
        for listener in listeners { for item in items { listener.yield(item) } }
    }

    /// Ends every stream: the server stops.
    public func close() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.finish() }
    }
}
