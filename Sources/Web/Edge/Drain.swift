import ServiceLifecycle
import Synchronization

/// The end of a server behind a load balancer: asked to stop, it goes on answering for some seconds and says that it is going, so that nothing more is
/// sent to it; only then it closes its socket.
final class Drain: Service {
    private let seconds: Int
    private let going = Atomic(false)

    init(seconds: Int) { self.seconds = seconds }

    /// `/readyz` says no, and each answer is the last of its connection.
    var isGoing: Bool { going.load(ordering: .relaxed) }

    func begin() { going.store(true, ordering: .relaxed) }

    func run() async throws {
        try await gracefulShutdown()
        begin()
        try await Task.sleep(for: .seconds(seconds))
    }
}
