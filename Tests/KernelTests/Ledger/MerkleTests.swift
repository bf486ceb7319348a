import Foundation
import Kernel
import Testing

@Suite struct MerkleTests {
    @Test func `the roots of the RFC 6962 reference leaves`() {
        let leaves = [
            "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
        ].map { Merkle.leaf(bytes(hex: $0)) }
        let roots = [
            0: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=", 1: "bjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBhevoB0=",
            2: "+sVCA+fMaWzw38tCySodnbr3CtnmIfS9jZhmLwDjwSU=", 3: "rra8/idLcKFPsGel5VeCZNsPqbUa9eC6FZFY8yngbnc=",
            4: "037kGJdt2VdTwcc4Yrk5j6Kiz5tP8P3+izDNlSCWFLc=", 6: "duZ9rbzfHhDht03cYIq9L5jfsW+851J3tSMqEn8gh+8=",
            8: "XcnaeacGWamtVZy3Ad7ZoqudgjqtL0lgz+Nw7/RgQyg=",
        ]
        let made = roots.keys.map { ($0, Merkle.root(Array(leaves.prefix($0))).base64) }
        #expect(Dictionary(uniqueKeysWithValues: made) == roots)
    }

    @Test func `the tree and proofs of the own vectors`() throws {
        let vectors = try LedgerVectors.load()
        let tree = vectors.tree
        let inclusion = vectors.inclusion.keys.map { key in
            (key, Merkle.inclusionProof(index: Int(key)!, size: 5, subtree: tree.subtree).map(\.base64))
        }
        let consistency = vectors.consistency.keys.map { key in
            (key, Merkle.consistencyProof(from: Int(key)!, to: 5, subtree: tree.subtree).map(\.base64))
        }
        #expect(tree.levels[0].map(\.base64) == vectors.leafHashes)
        #expect(tree.frontier.root.base64 == "TLMc3yTrzQVmuDoafWJEuFEV5rSP6UKAJKyJu7t9swE=")
        #expect(Dictionary(uniqueKeysWithValues: inclusion) == vectors.inclusion)
        #expect(Dictionary(uniqueKeysWithValues: consistency) == vectors.consistency)
    }

    @Test func `the growing edge, the stored subtrees and the definition give one root`() {
        let leaves = SmallTree(count: 300).levels[0]
        var frontier = MerkleFrontier()
        var wrong: [Int] = []
        for size in 0...300 {
            let defined = definition(leaves.prefix(size))
            let tree = SmallTree(Array(leaves.prefix(size)))
            let restored = MerkleFrontier(size: size, hashes: frontier.hashes)
            let same = frontier.root == defined && Merkle.root(Array(leaves.prefix(size))) == defined
                && Merkle.root(size: size, subtree: tree.subtree) == defined && restored == frontier
                && MerkleFrontier(size: size, hashes: frontier.hashes + [defined]) == nil
            if !same { wrong.append(size) }
            if size < 300 { frontier.append(leaves[size]) }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `an edge whose subtrees could not be stored is unchanged`() {
        struct Full: Error {}
        var frontier = SmallTree(count: 7).frontier
        let before = frontier
        try? frontier.append(Merkle.leaf(Data())) { level, _, _ in if level == 2 { throw Full() } }
        #expect(frontier == before)
    }

    @Test func `every inclusion proof up to 70 leaves holds and no altered one does`() {
        let tree = SmallTree(count: 70)
        var wrong: [String] = []
        for size in 1...70 {
            let root = Merkle.root(size: size, subtree: tree.subtree)
            for index in 0..<size {
                let proof = Merkle.inclusionProof(index: index, size: size, subtree: tree.subtree)
                let leaf = tree.subtree(0, index)
                func holds(
                    _ leaf: Hash, _ proof: [Hash], _ root: Hash, index: Int = index, size: Int = size
                ) -> Bool {
                    Merkle.verifyInclusion(leaf: leaf, index: index, size: size, proof: proof, root: root)
                }
                let bit = size * 31 + index
                let altered = proof.indices.map { place in
                    var proof = proof
                    proof[place] = proof[place].flipped(bit + place)
                    return proof
                }
                let good = holds(leaf, proof, root) && !holds(leaf.flipped(bit), proof, root)
                    && !holds(leaf, proof, root.flipped(bit)) && !altered.contains { holds(leaf, $0, root) }
                    && !holds(leaf, proof + [root], root) && (proof.isEmpty || !holds(leaf, proof.dropLast(), root))
                    && !holds(leaf, proof, root, index: -1) && !holds(leaf, proof, root, index: size)
                    && !(0..<size).contains { $0 != index && holds(leaf, proof, root, index: $0) }
                if !good { wrong.append("\(index) of \(size)") }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `every consistency proof up to 70 leaves holds and no altered one does`() {
        let tree = SmallTree(count: 70)
        let roots = (0...70).map { Merkle.root(size: $0, subtree: tree.subtree) }
        var wrong: [String] = []
        for new in 1...70 {
            for old in 1...new {
                let proof = Merkle.consistencyProof(from: old, to: new, subtree: tree.subtree)
                func holds(_ proof: [Hash], _ oldRoot: Hash = roots[old], _ newRoot: Hash = roots[new]) -> Bool {
                    Merkle.verifyConsistency(from: old, oldRoot: oldRoot, to: new, newRoot: newRoot, proof: proof)
                }
                let bit = new * 31 + old
                let altered = proof.indices.map { place in
                    var proof = proof
                    proof[place] = proof[place].flipped(bit + place)
                    return proof
                }
                let good = holds(proof) && !holds(proof, roots[old].flipped(bit))
                    && !holds(proof, roots[old], roots[new].flipped(bit)) && !altered.contains { holds($0) }
                    && !holds(proof + [roots[new]]) && (proof.isEmpty || !holds(proof.dropLast()))
                    && (old == new || !holds([]))
                if !good { wrong.append("\(old) to \(new)") }
            }
        }
        #expect(wrong.isEmpty)
    }

    @Test func `one proof with each of its bits flipped`() {
        let tree = SmallTree(count: 70)
        let root = tree.frontier.root
        let proof = Merkle.inclusionProof(index: 41, size: 70, subtree: tree.subtree)
        let accepted = (0..<proof.count * 256).filter { bit in
            var altered = proof
            altered[bit / 256] = altered[bit / 256].flipped(bit % 256)
            return Merkle.verifyInclusion(
                leaf: tree.subtree(0, 41), index: 41, size: 70, proof: altered, root: root)
        }
        #expect(accepted.isEmpty)
    }

    @Test func `nothing is consistent with an empty or a larger old tree`() {
        let tree = SmallTree(count: 3)
        let root = tree.frontier.root
        let accepted = [(0, 0), (0, 3), (-1, 3), (4, 3)].filter { old, new in
            Merkle.verifyConsistency(from: old, oldRoot: root, to: new, newRoot: root, proof: [])
        }
        #expect(accepted.isEmpty)
        #expect(Merkle.consistencyProof(from: 0, to: 3, subtree: tree.subtree).isEmpty)
    }

    @Test func `a hash is 32 bytes in one spelling`() {
        let hash = Merkle.emptyRoot
        let refused = [
            "", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU", "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFV=",
            "47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU=", " 47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU",
        ].allSatisfy { Hash(base64: $0) == nil }
        #expect(refused && Hash(hash.bytes.dropLast()) == nil && Hash(hash.bytes + [0]) == nil)
        #expect(Hash(base64: hash.description) == hash && Hash(hash.data) == hash && Hash(of: Data()) == hash)
    }

    /// RFC 6962 section 2.1, word for word.
    private func definition(_ leaves: ArraySlice<Hash>) -> Hash {
        if leaves.isEmpty { return Hash(of: Data()) }
        if leaves.count == 1 { return leaves[leaves.startIndex] }
        var half = 1
        while half * 2 < leaves.count { half *= 2 }
        return Merkle.node(definition(leaves.prefix(half)), definition(leaves.dropFirst(half)))
    }
}
