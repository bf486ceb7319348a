import Kernel

/// Damages good samples in the ways networks, disks and people do, the same for the same seed.
struct Damage {
    var dice: SeededGenerator

    init(_ seed: UInt64) { dice = SeededGenerator(seed: seed) }

    mutating func below(_ bound: Int) -> Int { Int.random(in: 0..<max(bound, 1), using: &dice) }

    /// One to four changes: bytes flipped, cut out, doubled, moved, put in from `words`, or everything behind a byte lost.
    mutating func damaged(_ bytes: [UInt8], words: [String] = []) -> [UInt8] {
        var bytes = bytes
        for _ in 0...below(4) {
            let at = below(bytes.count), length = min(below(12) + 1, bytes.count - at)
            switch below(7) {
            case 0 where !bytes.isEmpty: bytes[at] = UInt8(below(256))
            case 1 where !bytes.isEmpty: bytes[at] ^= 1 << UInt8(below(8))
            case 2: bytes.removeSubrange(at..<at + length)
            case 3: bytes.insert(contentsOf: Array(bytes[at..<at + length]), at: below(bytes.count))
            case 4: bytes.insert(contentsOf: (0..<length).map { _ in UInt8(below(256)) }, at: at)
            case 5: if let word = words.randomElement(using: &dice) { bytes.insert(contentsOf: Array(word.utf8), at: at) }
            default: bytes.removeLast(min(below(40), bytes.count))
            }
        }
        return bytes
    }

    /// The bytes in pieces of random length, empty ones among them.
    mutating func pieces(_ bytes: [UInt8], most: Int) -> [[UInt8]] {
        var pieces: [[UInt8]] = [], at = 0
        while at < bytes.count {
            let length = min(below(most + 1), bytes.count - at)
            pieces.append(Array(bytes[at..<at + length]))
            at += length
        }
        return pieces
    }

    /// Text of all kinds of scalars that XML can carry.
    mutating func text(_ most: Int) -> String {
        let ranges: [ClosedRange<UInt32>] = [0x20...0x7E, 0x20...0x7E, 0x9...0xD, 0x7F...0xFF, 0x300...0x36F, 0x400...0x4FF, 0x600...0x6FF, 0x2028...0x202E, 0xFFF0...0xFFFD, 0x1F600...0x1F64F]
        var scalars = String.UnicodeScalarView()
        for _ in 0..<below(most + 1) {
            let range = ranges[below(ranges.count)]
            guard let scalar = Unicode.Scalar(UInt32.random(in: range, using: &dice)), ![0xB, 0xC].contains(scalar.value) else { continue }
            scalars.append(below(6) == 0 ? Unicode.Scalar(UInt8("&<>\"'\r".utf8.randomElement(using: &dice) ?? 38)) : scalar)
        }
        return String(scalars)
    }
}

func bytes(hex: String) -> [UInt8] {
    let digits = Array(hex.utf8).filter { $0 > 0x20 }
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(decoding: digits[$0...$0 + 1], as: UTF8.self), radix: 16) }
}

/// The fault a body ends with; nil when it ends well or otherwise.
func fault<F: Error>(_ type: F.Type, _ body: () throws -> Void) -> F? {
    do { try body() } catch { return error as? F }
    return nil
}
