import Crypto
import Foundation
import Kernel

/// Failed sign-ins by name and by address: after five in a row each further try waits longer. Unknown names are counted as known ones are.
/// They are counted in the database, so that tries at several servers count together; without it nobody signs in anyway.
struct FailedSignIns: Sendable {
    let platform: Platform
    /// Seconds after which a failure is forgotten.
    private static let kept = 3600

    /// Who failed, and how many failures in a row cost nothing.
    struct Try: Sendable {
        let key: String
        let free: Int
    }

    /// Seconds to wait before the next try; nil when it may be made now.
    func wait(_ keys: [String], at now: Instant) async throws -> Int? {
        let ids = keys.map(Self.id)
        let blocked = try await platform.store.read { store in try ids.compactMap { try store.row(Tables.failedSignIn, $0)?.instant("blocked-until") } }
        return blocked.map { $0.seconds(since: now) + 1 }.filter { $0 > 0 && $0 < 86_400 }.max()
    }

    func failed(_ tries: [Try], at now: Instant) async throws {
        // In one order, so that two who count the same wait for each other only once.
        let tries = tries.map { (id: Self.id($0.key), free: $0.free) }.sorted { $0.id < $1.id }
        for attempt in 1... {
            do {
                return try await platform.store.write { store in for (id, free) in tries { try Self.count(id, free: free, at: now, store) } }
            } catch StoreFault.duplicate where attempt < 5 {
                // Counted for the first time, and by another at the same moment: there is something to add to now.
            }
        }
    }

    private static func count(_ id: RecordID, free: Int, at now: Instant, _ store: any StoreWriter) throws {
        let old = now.adding(seconds: -kept)
        let known = try store.row(Tables.failedSignIn, id)
        var row = known ?? Row(new: Tables.failedSignIn, id: id)
        var count = row.integer("count") ?? 0
        if let at = row.instant("at"), at < old { count = 0 }
        count += 1
        row["count"] = .integer(Int64(count))
        row["at"] = .instant(now)
        if count >= free { row["blocked-until"] = .instant(now.adding(seconds: min(900, 30 << min(5, count - free)))) }
        if known != nil {
            _ = try store.update(row, expected: nil)
        } else {
            // The table grows here and nowhere else.
            try store.delete(Tables.failedSignIn, where: .compare("at", .less, .value(.instant(old))))
            try store.insert(row)
        }
    }

    func succeeded(_ key: String) async throws {
        let id = Self.id(key)
        guard try await platform.store.read({ try $0.row(Tables.failedSignIn, id) }) != nil else { return }
        try await platform.store.write { try $0.delete(Tables.failedSignIn, id) }
    }

    /// Half of the SHA-256: names and addresses themselves are not kept.
    private static func id(_ key: String) -> RecordID {
        guard let id = RecordID(bytes: Array(SHA256.hash(data: Data(key.utf8))).prefix(16)) else { preconditionFailure("SHA-256 has 32 bytes") }
        return id
    }
}
