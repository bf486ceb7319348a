import Kernel
import Synchronization

/// Token buckets: each session or address may do so much at once and so much a second, by the class of request.
final class RateLimits: Sendable {
    enum Kind: String, Sendable, CaseIterable {
        case read, write, search, signIn = "sign-in", asset, api

        /// How many at once, and how many come back each second.
        var allowance: (burst: Double, perSecond: Double) {
            switch self {
            case .read: (200, 20)
            case .write: (60, 2)
            case .search: (60, 10)
            case .signIn: (20, 0.2)
            case .asset: (400, 50)
            case .api: (300, 30)
            }
        }
    }

    private struct Bucket {
        var tokens: Double
        var at: Instant
    }
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Takes one token; else the seconds until there is one.
    func take(_ kind: Kind, by whom: String, at now: Instant) -> Int? {
        let (burst, perSecond) = kind.allowance
        return buckets.withLock { buckets in
            if buckets.count > 50_000 { Self.sweep(&buckets, now) }
            let key = "\(kind.rawValue) \(whom)"
            var bucket = buckets[key] ?? Bucket(tokens: burst, at: now)
            let passed = max(0, Double(now.microseconds - bucket.at.microseconds) / 1e6)
            bucket.tokens = min(burst, bucket.tokens + passed * perSecond)
            bucket.at = now
            defer { buckets[key] = bucket }
            if bucket.tokens >= 1 {
                bucket.tokens -= 1
                return nil
            }
            return max(1, Int(((1 - bucket.tokens) / perSecond).rounded(.up)))
        }
    }

    /// Forgets those who have not asked for ten minutes, or everybody when that is not enough.
    private static func sweep(_ buckets: inout [String: Bucket], _ now: Instant) {
        let old = now.adding(seconds: -600)
        buckets = buckets.filter { $0.value.at > old }
        if buckets.count > 40_000 { buckets.removeAll() }
    }
}

/// Failed sign-ins by name and by address: after five in a row each further try waits longer. Unknown names are counted as known ones are.
final class FailedSignIns: Sendable {
    private struct Failures {
        var count: Int
        var blockedUntil: Instant
        var at: Instant
    }
    private let failures = Mutex<[String: Failures]>([:])

    /// Seconds to wait before the next try; nil when it may be made now.
    func wait(_ keys: [String], at now: Instant) -> Int? {
        failures.withLock { failures in
            keys.compactMap { failures[$0]?.blockedUntil }.map { $0.seconds(since: now) + 1 }.filter { $0 > 0 && $0 < 86_400 }.max()
        }
    }

    func failed(_ key: String, at now: Instant, free: Int) {
        failures.withLock { failures in
            if failures.count > 20_000 { failures = failures.filter { $0.value.at > now.adding(seconds: -3600) } }
            if failures.count > 20_000 { failures.removeAll() }
            var entry = failures[key] ?? Failures(count: 0, blockedUntil: .earliest, at: now)
            if entry.at < now.adding(seconds: -3600) { entry.count = 0 }
            entry.count += 1
            entry.at = now
            if entry.count >= free { entry.blockedUntil = now.adding(seconds: min(900, 30 << min(5, entry.count - free))) }
            failures[key] = entry
        }
    }

    func succeeded(_ key: String) { failures.withLock { _ = $0.removeValue(forKey: key) } }
}
