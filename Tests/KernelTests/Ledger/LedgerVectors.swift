import Foundation
import Kernel
import Testing

/// `Vectors/tlog.json`: a log of five entries, signed and cosigned by an independent implementation.
struct LedgerVectors: Decodable {
    let logSeed, witnessSeed: String
    let entries: [String]
    let checkpoint: String
    let cosignatureTime: Int
    let inclusion, consistency: [String: [String]]
    let leafHashes: [String]

    static func load() throws -> LedgerVectors {
        let file = try #require(Bundle.module.url(forResource: "tlog", withExtension: "json", subdirectory: "Vectors"))
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(LedgerVectors.self, from: Data(contentsOf: file))
    }

    var bodies: [Data] { entries.map { Data($0.utf8) } }
    var tree: SmallTree { SmallTree(bodies.map { Merkle.leaf($0) }) }
    var log: NoteSigner { get throws { try NoteSigner(name: "mandate.example/audit", seed: bytes(hex: logSeed)) } }
    var witness: Cosigner { get throws { try Cosigner(name: "witness.example/w1", seed: bytes(hex: witnessSeed)) } }
}

/// A tree kept whole: every complete subtree by level, as a store would keep it.
struct SmallTree {
    private(set) var frontier = MerkleFrontier()
    private(set) var levels: [[Hash]] = []

    init(_ leaves: [Hash]) {
        for leaf in leaves {
            frontier.append(leaf) { level, index, hash in
                if level == levels.count { levels.append([]) }
                precondition(index == levels[level].count)
                levels[level].append(hash)
            }
        }
    }

    init(count: Int) { self.init((0..<count).map { Merkle.leaf(Data("\($0)".utf8)) }) }

    func subtree(_ level: Int, _ index: Int) -> Hash { levels[level][index] }
}

/// Bytes from hexadecimal digits.
func bytes(hex: String) -> Data {
    let digits = Array(hex)
    return Data(stride(from: 0, to: digits.count, by: 2).map { UInt8(String(digits[$0...$0 + 1]), radix: 16)! })
}

extension Hash {
    func flipped(_ bit: Int) -> Hash {
        var bytes = self.bytes
        bytes[bit / 8 % 32] ^= 1 << UInt8(bit % 8)
        return Hash(bytes)!
    }
}

/// The cases that `read` accepts although it should not.
func wronglyAccepted<Case>(_ cases: [Case], _ read: (Case) throws(LedgerFormatError) -> some Any) -> [Case] {
    cases.filter { (try? read($0)) != nil }
}

extension String {
    /// A copy with one text put for another; plainer for the compiler than `replacing(_:with:)` in long lists.
    func with(_ new: String, for old: String) -> String { replacingOccurrences(of: old, with: new) }
}
