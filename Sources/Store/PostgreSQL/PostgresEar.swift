import Foundation
import Kernel
import Synchronization

/// Listens for what other servers tell, on a connection and a thread of its own.
final class PostgresEar: Sendable {
    static let channel = "mandate"

    private struct State {
        var isStarted = false, isListening = false, isEnded = false
    }
    private let state = Mutex(State())
    private let pool: PostgresPool
    private let announcer: Announcer

    init(_ pool: PostgresPool, _ announcer: Announcer) {
        self.pool = pool
        self.announcer = announcer
    }

    func listen() -> AsyncStream<Announcement> {
        let (isFirst, isListening) = state.withLock { state in
            defer { state.isStarted = true }
            return (!state.isStarted && !state.isEnded, state.isListening)
        }
        let stream = announcer.listen(isListening: isListening)
        if isFirst {
            let thread = Thread { [self] in run() }
            thread.name = "mandate listens"
            thread.start()
        }
        return stream
    }

    func end() { state.withLock { $0.isEnded = true } }

    private var isEnded: Bool { state.withLock(\.isEnded) }

    private func run() {
        var pause = 0.1
        while !isEnded {
            do {
                let connection = try pool.connect("mandate listens")
                try connection.simple("LISTEN \(Self.channel)")
                // What a server left behind when it ended between its commit and this.
                try PostgresStore.settle(connection, telling: [])
                hear(true)
                pause = 0.1
                while !isEnded {
                    let found = try connection.notifications(within: 1)
                    announcer.tell(found.map(Announcement.told))
                }
            } catch {
                hear(false)
                if isEnded { return }
                Thread.sleep(forTimeInterval: pause)
                pause = min(2, pause * 2)
            }
        }
    }

    private func hear(_ isListening: Bool) {
        let changed = state.withLock { state in
            defer { state.isListening = isListening }
            return state.isListening != isListening
        }
        if changed { announcer.tell([isListening ? .listening : .deaf]) }
    }
}
