internal import Crypto
public import Foundation

/// The Merkle tree of RFC 6962 section 2.1 over SHA-256.
///
/// Roots and proofs are made from the hashes of *complete subtrees*: `subtree(level, index)` is the hash of the
/// leaves `index << level ..< (index + 1) << level`, so level 0 is the leaves. Each call asks for O(log size) of them.
public enum Merkle {
    /// The leaf hash of RFC 6962 section 2.1: SHA-256(0x00 || entry).
    public static func leaf(_ entry: some DataProtocol) -> Hash {
        var sha = SHA256()
        withUnsafeBytes(of: UInt8(0)) { sha.update(bufferPointer: $0) }
        sha.update(data: entry)
        return Hash(digest: sha.finalize())
    }

    /// The node hash of RFC 6962 section 2.1: SHA-256(0x01 || left || right).
    public static func node(_ left: Hash, _ right: Hash) -> Hash {
        withUnsafeTemporaryAllocation(byteCount: 65, alignment: 1) { buffer in
            buffer[0] = 1
            left.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[1..<33]).copyMemory(from: $0) }
            right.withUnsafeBytes { UnsafeMutableRawBufferPointer(rebasing: buffer[33..<65]).copyMemory(from: $0) }
            var sha = SHA256()
            sha.update(bufferPointer: UnsafeRawBufferPointer(buffer))
            return Hash(digest: sha.finalize())
        }
    }

    /// The root of the tree without leaves (RFC 6962 section 2.1): SHA-256 of nothing.
    public static let emptyRoot = Hash(digest: SHA256().finalize())

    /// The Merkle tree hash of RFC 6962 section 2.1 over leaf hashes that are all at hand.
    public static func root(_ leaves: [Hash]) -> Hash {
        guard !leaves.isEmpty else { return emptyRoot }
        var row = leaves
        var count = row.count
        while count > 1 {
            for pair in 0..<count / 2 {
                row[pair] = node(row[2 * pair], row[2 * pair + 1])
            }
            if count % 2 == 1 { row[count / 2] = row[count - 1] }
            count = (count + 1) / 2
        }
        return row[0]
    }

    /// The Merkle tree hash of RFC 6962 section 2.1 for the first `size` leaves, from stored subtrees.
    public static func root(size: Int, subtree: (Int, Int) throws -> Hash) rethrows -> Hash {
        precondition(size >= 0, "a ledger has no negative size")
        return size == 0 ? emptyRoot : try hash(from: 0, count: size, subtree)
    }

    /// The inclusion proof (RFC 6962 section 2.1.1, "audit path") of the leaf `index` in the tree of `size` leaves,
    /// from the leaf's sibling upwards. The index must be below the size.
    public static func inclusionProof(
        index: Int, size: Int, subtree: (Int, Int) throws -> Hash
    ) rethrows -> [Hash] {
        precondition(index >= 0 && index < size, "an inclusion proof needs an index within the tree")
        var proof: [Hash] = []
        proof.reserveCapacity(size.bitWidth - size.leadingZeroBitCount)
        var start = 0, count = size
        while count > 1 {
            let half = largestPowerOfTwo(below: count)
            if index < start + half {
                proof.append(try hash(from: start + half, count: count - half, subtree))
                count = half
            } else {
                proof.append(try hash(from: start, count: half, subtree))
                start += half
                count -= half
            }
        }
        proof.reverse()
        return proof
    }

    /// The consistency proof of RFC 6962 section 2.1.2 that the tree of `old` leaves is a prefix of the tree of `new`.
    ///
    /// It is empty when both sizes are equal, and when `old` is 0, because every tree extends the empty one.
    public static func consistencyProof(
        from old: Int, to new: Int, subtree: (Int, Int) throws -> Hash
    ) rethrows -> [Hash] {
        precondition(old >= 0 && old <= new, "a consistency proof goes from a size to a later one")
        guard old > 0, old < new else { return [] }
        var proof: [Hash] = []
        proof.reserveCapacity(new.bitWidth - new.leadingZeroBitCount + 1)
        var start = 0, count = new
        while start + count != old {
            let half = largestPowerOfTwo(below: count)
            if old <= start + half {
                proof.append(try hash(from: start + half, count: count - half, subtree))
                count = half
            } else {
                proof.append(try hash(from: start, count: half, subtree))
                start += half
                count -= half
            }
        }
        // A prefix that is one complete subtree is the old root itself, which the verifier already has.
        if start > 0 { proof.append(try hash(from: start, count: count, subtree)) }
        proof.reverse()
        return proof
    }

    /// The strict inclusion check of RFC 9162 section 2.1.3.2: neither a missing nor a superfluous hash is accepted.
    public static func verifyInclusion(leaf: Hash, index: Int, size: Int, proof: [Hash], root: Hash) -> Bool {
        guard index >= 0, index < size else { return false }
        var position = index, last = size - 1, hash = leaf
        for other in proof {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                hash = node(other, hash)
                let shift = position.trailingZeroBitCount
                (position, last) = (position >> shift, last >> shift)
            } else {
                hash = node(hash, other)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && hash == root
    }

    /// The strict consistency check of RFC 9162 section 2.1.4.2.
    ///
    /// Equal sizes need equal roots and no proof. An old size of 0 is refused, since it would prove nothing about any
    /// root; who accepts a first checkpoint does so by a rule of its own (C2SP tlog-witness).
    public static func verifyConsistency(
        from old: Int, oldRoot: Hash, to new: Int, newRoot: Hash, proof: [Hash]
    ) -> Bool {
        guard old > 0, old <= new else { return false }
        if old == new { return proof.isEmpty && oldRoot == newRoot }
        guard let first = proof.first else { return false }
        let shift = (~(old - 1)).trailingZeroBitCount
        var position = (old - 1) >> shift, last = (new - 1) >> shift
        let oldIsComplete = old & (old - 1) == 0
        var oldHash = oldIsComplete ? oldRoot : first, newHash = oldHash
        for other in oldIsComplete ? proof[...] : proof.dropFirst() {
            guard last != 0 else { return false }
            if position & 1 == 1 || position == last {
                oldHash = node(other, oldHash)
                newHash = node(other, newHash)
                let shift = position.trailingZeroBitCount
                (position, last) = (position >> shift, last >> shift)
            } else {
                newHash = node(newHash, other)
            }
            (position, last) = (position >> 1, last >> 1)
        }
        return last == 0 && oldHash == oldRoot && newHash == newRoot
    }

    /// The hash of leaves that begin where a subtree of at least `count` leaves does, folded from the right.
    private static func hash(from start: Int, count: Int, _ subtree: (Int, Int) throws -> Hash) rethrows -> Hash {
        var rest = count & (count - 1)
        var level = count.trailingZeroBitCount
        var result = try subtree(level, (start + rest) >> level)
        while rest != 0 {
            level = rest.trailingZeroBitCount
            rest &= rest - 1
            result = node(try subtree(level, (start + rest) >> level), result)
        }
        return result
    }

    private static func largestPowerOfTwo(below count: Int) -> Int {
        1 << (count.bitWidth - 1 - (count - 1).leadingZeroBitCount)
    }
}
