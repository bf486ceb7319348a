/// Packs bytes as gzip (RFC 1951, RFC 1952): matches of up to 258 bytes found by hash chains, in one block of fixed codes.
/// It packs text to about a third, which is what the style sheet and the script need, once, at start.
enum Deflate {
    static func gzip(_ bytes: [UInt8]) -> [UInt8] {
        var out = BitWriter()
        out.bytes = [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 2, 0xFF]
        out.put(1, 1)
        out.put(1, 2)
        pack(bytes, &out)
        out.code(256)
        out.flush()
        let sum = crc(bytes), count = UInt32(truncatingIfNeeded: bytes.count)
        for word in [sum, count] { for shift in stride(from: 0, to: 32, by: 8) { out.bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(shift))) } }
        return out.bytes
    }

    private static func pack(_ bytes: [UInt8], _ out: inout BitWriter) {
        var heads = [Int32](repeating: -1, count: 1 << 15)
        var chain = [Int32](repeating: -1, count: bytes.count)
        func hash(_ at: Int) -> Int { (Int(bytes[at]) << 10 ^ Int(bytes[at + 1]) << 5 ^ Int(bytes[at + 2])) & 0x7FFF }
        func insert(_ at: Int) {
            guard at + 2 < bytes.count else { return }
            let key = hash(at)
            chain[at] = heads[key]
            heads[key] = Int32(at)
        }
        func longest(_ at: Int) -> (length: Int, distance: Int) {
            guard at + 2 < bytes.count else { return (0, 0) }
            var best = (length: 0, distance: 0), candidate = Int(heads[hash(at)]), tries = 64
            let most = min(258, bytes.count - at)
            while candidate >= 0, at - candidate <= 32_768, tries > 0 {
                var length = 0
                while length < most, bytes[candidate + length] == bytes[at + length] { length += 1 }
                if length > best.length { best = (length, at - candidate) }
                candidate = Int(chain[candidate])
                tries -= 1
            }
            return best
        }
        var at = 0
        while at < bytes.count {
            let match = longest(at)
            guard match.length >= 3 else {
                out.code(Int(bytes[at]))
                insert(at)
                at += 1
                continue
            }
            out.match(match.length, match.distance)
            for offset in 0..<match.length { insert(at + offset) }
            at += match.length
        }
    }

    private static func crc(_ bytes: [UInt8]) -> UInt32 {
        let table = (0..<256).map { index -> UInt32 in (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 } }
        return ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }
}

/// Bits, the lowest first; codes, the highest first.
private struct BitWriter {
    var bytes: [UInt8] = []
    private var held: UInt32 = 0, count: UInt32 = 0

    mutating func put(_ value: UInt32, _ bits: UInt32) {
        held |= value << count
        count += bits
        while count >= 8 {
            bytes.append(UInt8(truncatingIfNeeded: held))
            held >>= 8
            count -= 8
        }
    }

    mutating func flush() { if count > 0 { put(0, 8 - count) } }

    private mutating func putCode(_ code: UInt32, _ bits: UInt32) {
        put((0..<bits).reduce(0) { $0 | (code >> $1 & 1) << (bits - 1 - $1) }, bits)
    }

    /// A byte, the end (256) or a length symbol, in the fixed code.
    mutating func code(_ symbol: Int) {
        let symbol32 = UInt32(symbol)
        switch symbol {
        case ..<144: putCode(0x30 + symbol32, 8)
        case ..<256: putCode(0x190 + symbol32 - 144, 9)
        case ..<280: putCode(symbol32 - 256, 7)
        default: putCode(0xC0 + symbol32 - 280, 8)
        }
    }

    private static let lengths = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258]
    private static let lengthBits: [UInt32] = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
    private static let distances = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ]

    mutating func match(_ length: Int, _ distance: Int) {
        let l = (Self.lengths.lastIndex { $0 <= length }) ?? 0
        code(257 + l)
        put(UInt32(length - Self.lengths[l]), Self.lengthBits[l])
        let d = (Self.distances.lastIndex { $0 <= distance }) ?? 0
        putCode(UInt32(d), 5)
        put(UInt32(distance - Self.distances[d]), d < 2 ? 0 : UInt32(d / 2 - 1))
    }
}
