import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization

/// Reads whole request bodies within limits of size, time and memory.
struct BodyReader: Sendable {
    let budget: BodyBudget
    /// Whose part of the memory it is: a browser, a program or an address.
    let whom: String
    let limit: Int
    /// What is said of a body beyond the limit.
    let tooLarge: Refusal

    /// The bytes; their part of the budget is held until it is given back.
    func read(_ request: Request) async throws -> [UInt8] {
        try checkCoding(request)
        let length = try length(request)
        var bytes: [UInt8] = [], pace = BodyPace()
        let started = ContinuousClock.now
        do {
            for try await chunk in request.body {
                guard bytes.count + chunk.readableBytes <= limit else { throw tooLarge }
                guard budget.take(chunk.readableBytes, by: whom) else { throw Refusal("busy", .unavailable) }
                if bytes.isEmpty, let length { bytes.reserveCapacity(length) }
                bytes.append(contentsOf: chunk.readableBytesView)
                let passed = (ContinuousClock.now - started).components
                guard pace.isFastEnough(chunk.readableBytes, at: Double(passed.seconds) + Double(passed.attoseconds) / 1e18) else { throw SlowBody() }
            }
            // A connection that closes early ends the body, too: half a form must not be taken for a whole one.
            guard length == nil || length == bytes.count else { throw Refusal("malformed", .malformed) }
        } catch {
            budget.give(back: bytes.count, by: whom)
            throw BodyReader.fault(error)
        }
        return bytes
    }

    /// Packed bodies are not unpacked: a small one can become very large.
    private func checkCoding(_ request: Request) throws {
        guard let coding = request.headers[.contentEncoding]?.lowercased(), !coding.isEmpty, coding != "identity" else { return }
        throw Refusal("packed-body", .unsupported)
    }

    private func length(_ request: Request) throws -> Int? {
        guard let text = request.headers[.contentLength] else { return nil }
        guard let length = Int(text), length >= 0 else { throw Refusal("malformed", .malformed) }
        guard length <= limit else { throw tooLarge }
        return length
    }

    /// Our own refusals as they are; a connection that was closed under the body is a slow one; all else broke the rules of HTTP.
    private static func fault(_ error: any Error) -> any Error {
        if error is Refusal || error is SlowBody { return error }
        return error is ChannelError || error is IOError || error is CancellationError ? SlowBody() : Refusal("malformed", .malformed)
    }
}

/// How fast a body must come: at least a kilobyte a second in each ten seconds, and whole within a quarter of an hour.
struct BodyPace: Sendable {
    static let window = 10.0, least = 10_000, longest = 900.0
    private var start = 0.0
    private var bytes = 0

    /// - Parameter seconds: since the body began.
    mutating func isFastEnough(_ count: Int, at seconds: Double) -> Bool {
        bytes += count
        guard seconds - start >= BodyPace.window else { return true }
        defer { (start, bytes) = (seconds, 0) }
        return seconds <= BodyPace.longest && Double(bytes) >= Double(BodyPace.least) * (seconds - start) / BodyPace.window
    }
}

/// A body that comes so slowly that it only holds a connection, or never comes whole (408).
struct SlowBody: Error {}

/// What all bodies together may hold in memory at a time, and those of one sender: nobody can take it all.
final class BodyBudget: Sendable {
    private let state: Mutex<(left: Int, held: [String: Int])>
    private let mostOfOne: Int

    init(bytes: Int = 256_000_000, mostOfOne: Int = 128_000_000) {
        state = Mutex((bytes, [:]))
        self.mostOfOne = mostOfOne
    }

    func take(_ bytes: Int, by whom: String) -> Bool {
        state.withLock { state in
            let held = state.held[whom, default: 0] + bytes
            guard state.left >= bytes, held <= mostOfOne else { return false }
            state.left -= bytes
            state.held[whom] = held
            return true
        }
    }

    func give(back bytes: Int, by whom: String) {
        guard bytes > 0 else { return }
        state.withLock { state in
            state.left += bytes
            let held = state.held[whom, default: 0] - bytes
            state.held[whom] = held > 0 ? held : nil
        }
    }
}
