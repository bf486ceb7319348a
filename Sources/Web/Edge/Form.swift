import Foundation
import HTTPTypes
import Hummingbird
import Kernel
import NIOCore
import Synchronization

/// A form as it was sent: text fields, and files.
struct Form: Sendable {
    struct File: Sendable {
        let name: String
        /// As the browser says; to be checked against the content.
        let type: String
        let bytes: [UInt8]
    }
    var fields: [String: [String]] = [:]
    var files: [String: [File]] = [:]

    /// Bytes of one file, of a whole body, and of the body of somebody who has not signed in.
    static let mostOfFile = 25_000_000, mostOfBody = 60_000_000, mostOfVisitor = 65_536
}

/// Reads request bodies within limits of size, time and memory.
struct FormReader: Sendable {
    let budget: BodyBudget
    let limit: Int

    /// The form of a request; refuses types that are none.
    func read(_ request: Request) async throws -> Form {
        let type = request.headers[.contentType] ?? ""
        let kind = type.prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces).lowercased()
        if let length = request.headers[.contentLength] {
            guard let length = Int(length), length >= 0 else { throw Refusal("malformed", .malformed) }
            guard length <= limit else { throw Refusal("body-too-large", .tooLarge) }
            if length == 0 { return Form() }
        } else if request.headers[.transferEncoding] == nil, type.isEmpty {
            return Form()
        }
        switch kind {
        case "application/x-www-form-urlencoded":
            let bytes = try await body(request, limit: min(limit, 2_000_000))
            defer { budget.give(back: bytes.count) }
            return Form(fields: try AddressText.pairs(bytes, limit: 2000))
        case "multipart/form-data":
            guard let boundary = Multipart.boundary(type) else { throw Refusal("malformed", .malformed) }
            let bytes = try await body(request, limit: limit)
            defer { budget.give(back: bytes.count) }
            return try Multipart(boundary: boundary).read(bytes)
        default: throw Refusal("form-type", .unsupported)
        }
    }

    /// The whole body. It must come at more than a kilobyte a second after the first twenty seconds.
    private func body(_ request: Request, limit: Int) async throws -> [UInt8] {
        let started = ContinuousClock.now
        var bytes: [UInt8] = []
        if let length = request.headers[.contentLength].flatMap({ Int($0) }) { bytes.reserveCapacity(min(length, limit)) }
        do {
            for try await chunk in request.body {
                guard bytes.count + chunk.readableBytes <= limit else { throw Refusal("body-too-large", .tooLarge) }
                guard budget.take(chunk.readableBytes) else { throw Refusal("busy", .unavailable) }
                bytes.append(contentsOf: chunk.readableBytesView)
                let seconds = Int((ContinuousClock.now - started).components.seconds)
                if seconds > 20, bytes.count < (seconds - 20) * 1000 + 1000 { throw SlowBody() }
            }
        } catch {
            budget.give(back: bytes.count)
            // Anything but our own refusals is a connection that was closed under the body.
            throw error is Refusal ? error : SlowBody()
        }
        return bytes
    }
}

/// A body that comes so slowly that it only holds a connection, or never comes whole (408).
struct SlowBody: Error {}

/// What all bodies together may hold in memory at a time.
final class BodyBudget: Sendable {
    private let left: Mutex<Int>
    init(bytes: Int = 256_000_000) { left = Mutex(bytes) }

    func take(_ bytes: Int) -> Bool {
        left.withLock { left in
            guard left >= bytes else { return false }
            left -= bytes
            return true
        }
    }
    func give(back bytes: Int) { left.withLock { $0 += bytes } }
}
