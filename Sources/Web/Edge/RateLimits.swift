import Kernel
import Synchronization

/// Token buckets: each session or address may do so much at once and so much a second, by the class of request. They are kept by each server for itself,
/// since a count in the database would cost every request a write: each of several servers allows its share, so that together they never allow more.
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

        /// The part of one of so many servers; never less than one at once.
        func share(of servers: Int) -> (burst: Double, perSecond: Double) {
            let (burst, perSecond) = allowance, servers = Double(max(1, servers))
            return (max(1, burst / servers), perSecond / servers)
        }
    }

    private struct Bucket {
        var tokens: Double
        var at: Instant
    }
    private let buckets = Mutex<[String: Bucket]>([:])

    /// Takes one token; else the seconds until there is one.
    /// - Parameter servers: how many share what is allowed.
    func take(_ kind: Kind, by whom: String, at now: Instant, of servers: Int = 1) -> Int? {
        let (burst, perSecond) = kind.share(of: servers)
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
