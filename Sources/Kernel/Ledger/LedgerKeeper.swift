public import Foundation

/// Keeps the ledger's tree: takes the committed entries in turn into the tree and signs a checkpoint of it. The write path only appends; this runs
/// beside it, within two seconds. A checkpoint is made from what is in the store, so it can never contradict it.
public struct LedgerKeeper: Sendable {
    public let platform: Platform
    /// Leaves of a tile: its hash is kept, the hashes inside are recomputed from the leaves.
    static let tile = 256

    public init(_ platform: Platform) { self.platform = platform }

    /// Signs a checkpoint over all entries committed so far; returns its size. Nothing is done when nothing is new.
    @discardableResult
    public func seal() async throws -> Int {
        let signer = platform.signer
        let origin = platform.configuration.origin
        let state = try await platform.store.read { store in (try store.ledgerSize(), try store.checkpoint()?.size ?? 0) }
        guard state.0 > state.1 else { return state.1 }
        return try await platform.store.write { store in
            let before = try store.checkpoint()?.size ?? 0
            let size = try store.ledgerSize()
            guard size > before else { return before }
            var tree = LedgerTree(store, size: size)
            let kept = before / Self.tile
            var tiles: [(level: Int, index: Int, hash: Hash)] = []
            for index in kept..<max(kept, size / Self.tile) {
                let hash = try tree.subtree(level: 8, index: index)
                tree.know(level: 8, index: index, hash)
                tiles.append((1, index, hash))
                // Each 256th tile completes one of the level above, and so on.
                var level = 2, place = index + 1
                while place % Self.tile == 0 {
                    place /= Self.tile
                    let above = try tree.subtree(level: 8 * level, index: place - 1)
                    tree.know(level: 8 * level, index: place - 1, above)
                    tiles.append((level, place - 1, above))
                    level += 1
                }
            }
            let root = try Merkle.root(size: size) { try tree.subtree(level: $0, index: $1) }
            let checkpoint = Checkpoint(origin: origin, size: size, root: root)
            let note = try SignedNote(text: checkpoint.text, lines: [signer.sign(checkpoint.text)]).description
            try store.keep(checkpoint: note, size: size, tiles: tiles)
            return size
        }
    }

    /// The last signed checkpoint.
    public func checkpoint() async throws -> String? { try await platform.store.read { try $0.checkpoint()?.note } }

    /// A proof that entry `index` is in the signed ledger, to be checked offline (C2SP tlog-proof); nil when it is not signed yet.
    public func proof(of index: Int) async throws -> (entry: Data, proof: LedgerProof)? {
        try await platform.store.read { store in
            guard let (size, note) = try store.checkpoint(), index >= 0, index < size, let entry = try store.entries(from: index, limit: 1).first
            else { return nil }
            var tree = LedgerTree(store, size: size)
            let hashes = try Merkle.inclusionProof(index: index, size: size) { try tree.subtree(level: $0, index: $1) }
            return (Data(entry.leaf), try LedgerProof(index: index, hashes: hashes, note: try SignedNote(note)))
        }
    }

    /// The hashes that prove that the tree of `old` entries is the beginning of the one of `new`.
    public func consistency(from old: Int, to new: Int) async throws -> [Hash]? {
        try await platform.store.read { store in
            guard let (size, _) = try store.checkpoint(), old > 0, old <= new, new <= size else { return nil }
            var tree = LedgerTree(store, size: new)
            return try Merkle.consistencyProof(from: old, to: new) { try tree.subtree(level: $0, index: $1) }
        }
    }

    /// A tile of the tlog-tiles layout, or a bundle of entries; nil when the ledger does not reach so far.
    public func tile(_ tile: Tile) async throws -> Data? {
        try await platform.store.read { store in
            let size = try store.checkpoint()?.size ?? 0
            guard tile.isWithin(size: size) else { return nil }
            var tree = LedgerTree(store, size: size)
            return try tile.data { try tree.subtree(level: $0, index: $1) }
        }
    }

    public func bundle(_ bundle: EntryBundle) async throws -> Data? {
        try await platform.store.read { store in
            let size = try store.checkpoint()?.size ?? 0
            guard bundle.isWithin(size: size) else { return nil }
            let entries = try store.entries(from: bundle.index * Self.tile, limit: bundle.width)
            return try EntryBundle.encode(entries.map { Data($0.leaf) })
        }
    }
}

/// Hashes of complete subtrees, read from the kept tiles where there are, and computed from the leaves where not.
struct LedgerTree {
    private let store: any StoreReader
    private let size: Int
    private var known: [Int: [Int: Hash]] = [:]

    init(_ store: any StoreReader, size: Int) {
        self.store = store
        self.size = size
    }

    mutating func know(level: Int, index: Int, _ hash: Hash) { known[level, default: [:]][index] = hash }

    mutating func subtree(level: Int, index: Int) throws -> Hash {
        if let hash = known[level]?[index] { return hash }
        if level > 0, level % 8 == 0, let hash = try store.tileHash(level: level / 8, index: index) {
            know(level: level, index: index, hash)
            return hash
        }
        if level <= 8 { try load(tile: (index << level) / 256) }
        if let hash = known[level]?[index] { return hash }
        let hash = Merkle.node(try subtree(level: level - 1, index: index * 2), try subtree(level: level - 1, index: index * 2 + 1))
        know(level: level, index: index, hash)
        return hash
    }

    /// Hashes the leaves of one tile, 256 at most.
    private mutating func load(tile: Int) throws {
        guard known[0]?[tile * 256] == nil else { return }
        var index = tile * 256
        for entry in try store.entries(from: index, limit: min(256, size - index)) {
            know(level: 0, index: index, Merkle.leaf(Data(entry.leaf)))
            index += 1
        }
    }
}
