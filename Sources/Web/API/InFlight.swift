import Foundation
import Kernel
import Synchronization

/// The keys of requests that this server is answering now; those of others are told by the store.
final class InFlight: Sendable {
    private let keys = Mutex<Set<String>>([])

    /// False when the key is being answered already.
    func enter(_ key: String) -> Bool { keys.withLock { $0.insert(key).inserted } }
    func leave(_ key: String) { keys.withLock { _ = $0.remove(key) } }
}

extension API {
    /// Changes as the one who asks, in one transaction; with an `Idempotency-Key`, at most once.
    func write(_ request: APIRequest, _ body: @escaping @Sendable (Session) throws -> APIAnswer) async throws -> APIAnswer {
        let viewer = try writer(request)
        guard let key = try request.idempotencyKey() else { return try await platform.write(as: viewer, body) }
        return try await once(key, request, viewer) { digest in
            try await platform.write(as: viewer) { session in
                if let kept = try session.keptAnswer(key) { return try APIAnswer(again: kept, digest) }
                let answer = try body(session)
                try session.keep(answer.kept(digest), under: key)
                return answer
            }
        }
    }

    /// The same for work of several transactions: the answer is kept after the last of them.
    func writeInSteps(_ request: APIRequest, _ body: @Sendable (Viewer) async throws -> APIAnswer) async throws -> APIAnswer {
        let viewer = try writer(request)
        guard let key = try request.idempotencyKey() else { return try await body(viewer) }
        return try await once(key, request, viewer) { digest in
            if let kept = try await platform.write(as: viewer, { try $0.hold(key, digest: digest) }) { return try APIAnswer(again: kept, digest) }
            do {
                let answer = try await body(viewer)
                try await platform.write(as: viewer) { session in
                    try session.release(key)
                    try session.keep(answer.kept(digest), under: key)
                }
                return answer
            } catch {
                // Where this fails, too, the key is free again when the hold has grown old.
                try? await platform.write(as: viewer) { try $0.release(key) }
                throw error
            }
        }
    }

    /// The one who may change something with this request.
    func writer(_ request: APIRequest) throws -> Viewer {
        let viewer = try request.signedIn()
        if request.token?.isReadOnly ?? false { throw Refusal("token-read-only", .forbidden) }
        return viewer
    }

    private func once(_ key: String, _ request: APIRequest, _ viewer: Viewer, _ body: (String) async throws -> APIAnswer) async throws -> APIAnswer {
        let place = "\(viewer.id)/\(key)"
        guard inFlight.enter(place) else { throw Refusal("idempotency-key-in-use", .conflict, field: "Idempotency-Key") }
        defer { inFlight.leave(place) }
        do {
            return try await body(request.digest)
        } catch let refusal as Refusal where refusal.code == "duplicate" && refusal.field == "key" {
            // Another server answered under the key at the same moment, and its answer is there now. Where it is the record that has a field of this
            // name, the second try says so.
            return try await body(request.digest)
        }
    }
}

extension APIRequest {
    /// 1 to 128 visible ASCII characters; nil without the header.
    func idempotencyKey() throws -> String? {
        guard let key = headers["idempotency-key"] else { return nil }
        guard (1...128).contains(key.utf8.count), key.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw Refusal("not-an-idempotency-key", .malformed, field: "Idempotency-Key")
        }
        return key
    }

    /// What makes two requests the same: method, address, precondition and body.
    var digest: String {
        let head = [method, path, queryText, headers["if-match"] ?? "", mediaType ?? ""].joined(separator: "\n")
        return Platform.digest(head + "\n" + Platform.hex(body))
    }
}

extension APIAnswer {
    func kept(_ digest: String) -> KeptAnswer {
        KeptAnswer(status: status, headers: headers, body: String(decoding: body, as: UTF8.self), digest: digest)
    }

    /// The answer that was given before to the same request; another request under its key is refused.
    init(again kept: KeptAnswer, _ digest: String) throws {
        guard kept.digest == digest else { throw Refusal("idempotency-key-reused", field: "Idempotency-Key") }
        self.init(status: kept.status, headers: kept.headers.merging(["idempotency-replayed": "true"]) { $1 }, body: Array(kept.body.utf8))
    }
}
