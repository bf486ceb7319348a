/// The right edge of a growing RFC 6962 tree: the hashes of its complete subtrees, the largest first.
///
/// This is all a log needs in memory to append and to give its root (the *compact range* `[0, size)`); it holds as
/// many hashes as the size has binary ones.
public struct MerkleFrontier: Sendable, Equatable {
    /// The number of leaves.
    public private(set) var size: Int
    /// The hashes of the complete subtrees, the largest (leftmost) first.
    public private(set) var hashes: [Hash]

    /// The empty tree.
    public init() {
        size = 0
        hashes = []
    }

    /// Restores a stored edge; nil unless the number of hashes fits the size.
    public init?(size: Int, hashes: [Hash]) {
        guard size >= 0, hashes.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.hashes = hashes
    }

    /// Adds a leaf hash (RFC 6962 section 2.1).
    public mutating func append(_ leaf: Hash) {
        append(leaf) { _, _, _ in }
    }

    /// Adds a leaf hash and reports every subtree it completes, the leaf itself first, as `(level, index, hash)`.
    ///
    /// These are the values `Merkle.inclusionProof` later asks for. When `completed` throws, nothing was added.
    public mutating func append(_ leaf: Hash, completed: (Int, Int, Hash) throws -> Void) rethrows {
        let merges = (~size).trailingZeroBitCount
        var hash = leaf
        try completed(0, size, hash)
        for level in 0..<merges {
            hash = Merkle.node(hashes[hashes.count - 1 - level], hash)
            try completed(level + 1, size >> (level + 1), hash)
        }
        hashes.removeLast(merges)
        hashes.append(hash)
        size += 1
    }

    /// The Merkle tree hash of RFC 6962 section 2.1.
    public var root: Hash {
        guard var result = hashes.last else { return Merkle.emptyRoot }
        for hash in hashes.dropLast().reversed() {
            result = Merkle.node(hash, result)
        }
        return result
    }
}
