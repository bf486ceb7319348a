import Crypto
import CryptoExtras
import Foundation
public import Kernel

/// Passwords are kept as scrypt hashes (RFC 7914), `scrypt$16384$8$1$salt$hash`: each check costs 16 MB and some tens of milliseconds.
public enum Passwords {
    private static let rounds = 16_384, blockSize = 8, parallelism = 1
    private static let gate = Turnstile(open: 2, waiting: 64)

    /// A hash to keep for a password.
    public static func hash(_ password: String) async throws -> String {
        var generator = SystemRandomNumberGenerator()
        let salt = (0..<2).flatMap { _ in withUnsafeBytes(of: generator.next()) { Array($0) } }
        let hash = try await derive(password, salt: salt, rounds: rounds, blockSize: blockSize, parallelism: parallelism)
        return "scrypt$\(rounds)$\(blockSize)$\(parallelism)$\(Data(salt).base64EncodedString())$\(Data(hash).base64EncodedString())"
    }

    /// Whether the password is the one that was hashed. Without a hash it takes as long and is false, so that nobody learns which names exist.
    public static func verify(_ password: String, against kept: String?) async throws -> Bool {
        let parts = (kept ?? "").split(separator: "$", omittingEmptySubsequences: false).map(String.init)
        let isKnown = parts.count == 6 && parts[0] == "scrypt"
        guard isKnown, let rounds = Int(parts[1]), let blockSize = Int(parts[2]), let parallelism = Int(parts[3]),
              let salt = Data(base64Encoded: parts[4]), let hash = Data(base64Encoded: parts[5]), rounds <= 1 << 20
        else {
            _ = try await derive(password, salt: Array(repeating: 0, count: 16), rounds: self.rounds, blockSize: self.blockSize, parallelism: self.parallelism)
            return false
        }
        return Secrets.same(try await derive(password, salt: Array(salt), rounds: rounds, blockSize: blockSize, parallelism: parallelism), Array(hash))
    }

    /// Keeps a new password for the person.
    public static func set(_ password: String, of person: RecordID, on platform: Platform) async throws {
        guard password.unicodeScalars.count >= 12 else { throw Refusal("password-too-short", field: "new", ["least": "12"]) }
        let hash = try await hash(password), now = platform.now
        try await platform.write(as: .service("sign-in")) { session in
            var row = Row(new: Tables.credential, id: person)
            row["hash"] = .text(hash)
            row["changed-at"] = .instant(now)
            try session.keep(row)
        }
    }

    /// Two at a time, away from the threads that answer requests; the same letters give the same hash however they were composed.
    private static func derive(_ password: String, salt: [UInt8], rounds: Int, blockSize: Int, parallelism: Int) async throws -> [UInt8] {
        let bytes = Data(password.precomposedStringWithCanonicalMapping.utf8)
        guard bytes.count <= 1024 else { throw Refusal("password-too-long", field: "password") }
        try await gate.enter()
        defer { Task { await gate.leave() } }
        return try await withCheckedThrowingContinuation { continuation in
            DispatchQueue.global(qos: .userInitiated).async {
                continuation.resume(with: Result {
                    try KDF.Scrypt.deriveKey(from: bytes, salt: salt, outputByteCount: 32, rounds: rounds, blockSize: blockSize, parallelism: parallelism)
                        .withUnsafeBytes { Array($0) }
                })
            }
        }
    }
}

/// Lets so many in at a time; so many may wait, the rest are refused.
actor Turnstile {
    private var open: Int
    private let most: Int
    private var queue: [CheckedContinuation<Void, Never>] = []

    init(open: Int, waiting: Int) {
        self.open = open
        most = waiting
    }

    func enter() async throws {
        if open > 0 {
            open -= 1
            return
        }
        guard queue.count < most else { throw Refusal("busy", .unavailable) }
        await withCheckedContinuation { queue.append($0) }
    }

    func leave() {
        if queue.isEmpty { open += 1 } else { queue.removeFirst().resume() }
    }
}
