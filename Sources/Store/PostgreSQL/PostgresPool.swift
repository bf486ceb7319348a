import Dispatch
import Foundation
import Kernel
import Synchronization

/// A bounded number of connections; each use has one for itself, on a thread of its own, since libpq waits for its answers.
final class PostgresPool: Sendable {
    private struct State {
        var idle: [PostgresConnection] = []
        var open = 0
        var waiting: [(number: Int, continuation: CheckedContinuation<PostgresConnection?, any Error>)] = []
        var numbers = 0
        var isClosed = false
    }
    private let state = Mutex(State())
    private let address: String
    private let most: Int
    private let threads = DispatchQueue(label: "mandate.postgresql", attributes: .concurrent)

    /// Seconds to wait for a connection while all are in use.
    private static let patience = 15

    init(_ address: String, most: Int) {
        self.address = address
        self.most = most
    }

    func connect(_ name: String) throws -> PostgresConnection { try PostgresConnection(address, name: name) }

    /// Uses a connection. One that is in an unknown state afterwards is closed.
    func use<T: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> T) async throws -> T {
        let known = try await take()
        return try await withCheckedThrowingContinuation { continuation in
            threads.async {
                do {
                    let connection = try known ?? self.connect("mandate")
                    let result = Result { try body(connection) }
                    self.give(connection.isIdle || connection.rollback() ? connection : nil)
                    continuation.resume(with: result)
                } catch {
                    self.give(nil)
                    continuation.resume(throwing: error)
                }
            }
        }
    }

    /// Closes what is not in use: where one connection was lost, the others were too.
    func drop() {
        let idle = state.withLock { state in
            defer {
                state.open -= state.idle.count
                state.idle = []
            }
            return state.idle
        }
        _ = idle
    }

    func close() {
        let (idle, waiting) = state.withLock { state in
            defer { (state.idle, state.waiting, state.isClosed) = ([], [], true) }
            return (state.idle, state.waiting)
        }
        _ = idle
        for one in waiting { one.continuation.resume(throwing: StoreFault.unavailable("the store is closed")) }
    }

    /// A connection; nil when one is to be opened. Waits in turn while all are in use.
    private func take() async throws -> PostgresConnection? {
        try await withCheckedThrowingContinuation { continuation in
            let number = state.withLock { state -> Int? in
                if state.isClosed {
                    continuation.resume(throwing: StoreFault.unavailable("the store is closed"))
                    return nil
                }
                while let connection = state.idle.popLast() {
                    guard connection.isIdle else {
                        state.open -= 1
                        continue
                    }
                    continuation.resume(returning: connection)
                    return nil
                }
                if state.open < most {
                    state.open += 1
                    continuation.resume(returning: nil)
                    return nil
                }
                state.numbers += 1
                state.waiting.append((state.numbers, continuation))
                return state.numbers
            }
            if let number { giveUp(number) }
        }
    }

    private func giveUp(_ number: Int) {
        threads.asyncAfter(deadline: .now() + .seconds(Self.patience)) { [weak self] in
            let late = self?.state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
            }
            late?.continuation.resume(throwing: StoreFault.unavailable("all connections to the database are in use"))
        }
    }

    /// Gives a connection back; nil when it was closed or never opened.
    private func give(_ connection: PostgresConnection?) {
        state.withLock { state in
            if state.isClosed {
                state.open -= 1
            } else if !state.waiting.isEmpty {
                state.waiting.removeFirst().continuation.resume(returning: connection)
            } else if let connection {
                state.idle.append(connection)
            } else {
                state.open -= 1
            }
        }
    }
}

/// Numbers that count up. They are taken outside the transaction that asks: numbering is what all transactions meet in, and none waits for another here.
/// A number whose transaction fails is not given again.
final class PostgresCounters: Sendable {
    private let connection = Mutex<PostgresConnection?>(nil)
    private let pool: PostgresPool

    init(_ pool: PostgresPool) { self.pool = pool }

    func next(_ counter: String) throws -> Int {
        try connection.withLock { connection in
            for attempt in 0... {
                if connection == nil || connection?.isAlive == false {
                    connection = try pool.connect("mandate counters")
                    // Written before the transaction that uses the number is, whose own commit waits for the disk.
                    try connection?.simple("SET synchronous_commit = off")
                }
                let query = Fragment(
                    "INSERT INTO counter (name, value) VALUES (?, 1) ON CONFLICT (name) DO UPDATE SET value = counter.value + 1 RETURNING value", [.text(counter)])
                do {
                    return try connection?.run(query).first?.integer(0) ?? 1
                } catch let fault as PostgresFault where fault.isLoss && attempt == 0 {
                    connection = nil
                }
            }
            throw StoreFault.unavailable("the counters cannot be reached")
        }
    }

    func close() { connection.withLock { $0 = nil } }
}
