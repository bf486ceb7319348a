import Kernel
import Synchronization

/// Hands what is told to those who listen in this process.
final class Announcer: Sendable {
    private struct State {
        var next = 0
        var listeners: [Int: AsyncStream<Announcement>.Continuation] = [:]
    }
    private let state = Mutex(State())

    /// - Parameter isListening: nothing is missed from now on.
    func listen(isListening: Bool) -> AsyncStream<Announcement> {
        let (stream, continuation) = AsyncStream.makeStream(of: Announcement.self)
        let number = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = continuation
            return state.next
        }
        if isListening { continuation.yield(.listening) }
        continuation.onTermination = { [weak self] _ in
            self?.state.withLock { _ = $0.listeners.removeValue(forKey: number) }
        }
        return stream
    }

    func tell(_ announcements: [Announcement]) {
        guard !announcements.isEmpty else { return }
        let listeners = state.withLock { Array($0.listeners.values) }
        for listener in listeners { for one in announcements { listener.yield(one) } }
    }

    func end() {
        for listener in state.withLock({ Array($0.listeners.values) }) { listener.finish() }
    }
}
