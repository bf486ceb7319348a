/// The parts of a PNG file (ISO/IEC 15948): its mark and its chunks.
struct PNGFile {
    static let mark: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// The first is the mark with the head.
    private(set) var parts: [Photo.Part] = []
    /// The TIFF block of the chunk eXIf.
    private(set) var exif: Range<Int>?

    /// Chunks that the picture needs, or that its colours and size do; texts, times, Exif and what is private are none of it.
    private static let pictures: Set<String> = [
        "PLTE", "IDAT", "IEND", "tRNS", "cHRM", "gAMA", "iCCP", "sBIT", "sRGB", "bKGD", "hIST", "pHYs", "sPLT", "acTL", "fcTL", "fdAT", "cICP", "mDCV", "cLLI",
    ]

    init(_ bytes: [UInt8]) throws(Photo.Fault) {
        var at = Self.mark.count
        while true {
            guard at + 12 <= bytes.count else { throw .damaged }
            let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
            let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
            guard at + 12 + length <= bytes.count, parts.isEmpty == (name == "IHDR") else { throw .damaged }
            let end = at + 12 + length
            if name == "eXIf", exif == nil { exif = (at + 8)..<(end - 4) }
            parts.append(Photo.Part(range: parts.isEmpty ? 0..<end : at..<end, isPicture: name == "IHDR" || Self.pictures.contains(name)))
            at = end
            guard name == "IEND" else { continue }
            if at < bytes.count { parts.append(Photo.Part(range: at..<bytes.count, isPicture: false)) }
            return
        }
    }

    /// A chunk with a TIFF block.
    static func chunk(exif: [UInt8]) -> [UInt8] {
        let body = Array("eXIf".utf8) + exif
        return word(UInt32(exif.count)) + body + word(crc(body))
    }

    private static func word(_ number: UInt32) -> [UInt8] { stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: number >> $0) } }

    /// CRC-32 of ISO 3309, bit by bit: the only chunk that is made here has some thirty bytes.
    static func crc(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { sum, byte in
            (0..<8).reduce(sum ^ UInt32(byte)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0xEDB8_8320 : sum >> 1 }
        }
    }
}
