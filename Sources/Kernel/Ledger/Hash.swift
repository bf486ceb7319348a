internal import Crypto
public import Foundation

/// A SHA-256 hash (FIPS 180-4): 32 bytes, kept without a heap allocation.
public struct Hash: Hashable, Sendable, BitwiseCopyable, CustomStringConvertible {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    /// The length of every hash in bytes.
    public static let byteCount = 32

    /// Reads a hash; nil unless there are exactly 32 bytes.
    public init?(_ bytes: some Sequence<UInt8>) {
        let complete = withUnsafeMutableBytes(of: &words) { buffer in
            var count = 0
            for byte in bytes {
                guard count < buffer.count else { return false }
                buffer[count] = byte
                count += 1
            }
            return count == buffer.count
        }
        guard complete else { return nil }
    }

    /// Reads the standard base64 of RFC 4648 section 4; nil unless it is the canonical spelling of 32 bytes.
    public init?(base64: String) {
        guard base64.utf8.count == 44, let data = LedgerText.base64(base64) else { return nil }
        self.init(data)
    }

    /// SHA-256 of the bytes, without a Merkle prefix.
    public init(of bytes: some DataProtocol) {
        self.init(digest: SHA256.hash(data: bytes))
    }

    init(digest: SHA256.Digest) {
        digest.withUnsafeBytes { source in
            withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: source) }
        }
    }

    /// Lends the 32 bytes without copying them.
    public func withUnsafeBytes<Value>(_ body: (UnsafeRawBufferPointer) throws -> Value) rethrows -> Value {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// The 32 bytes as an array.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The 32 bytes as data, as a tile or a database column holds them.
    public var data: Data { withUnsafeBytes { Data($0) } }

    /// The standard padded base64 of RFC 4648 section 4, as checkpoints and proofs write it.
    public var base64: String { data.base64EncodedString() }

    /// The base64 form.
    public var description: String { base64 }

    /// Whether both are the same 32 bytes.
    public static func == (left: Hash, right: Hash) -> Bool { left.words == right.words }

    /// Feeds the 32 bytes to Swift's hashing.
    public func hash(into hasher: inout Hasher) {
        withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}
