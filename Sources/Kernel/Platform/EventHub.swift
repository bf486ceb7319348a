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
    }
    private let state = Mutex(State())

    public var listeners: Int { state.withLock { $0.listeners.count } }

    /// Events from now on; a listener that falls 256 behind loses the oldest.
    public func listen() -> AsyncStream<Item> {
        let (stream, continuation) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(256))
        let number = state.withLock { state in
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
        give(events.map(Item.event))
    }

    func miss() { give([.gap]) }

    private func give(_ items: [Item]) {
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { for item in items { listener.yield(item) } }
    }

    /// Ends every stream: the server stops.
    public func close() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.finish() }
    }
}
