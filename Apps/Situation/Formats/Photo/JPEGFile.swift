/// The parts of a JPEG file (ITU-T T.81, annex B), one after another.
struct JPEGFile {
    static let mark: [UInt8] = [0xFF, 0xD8, 0xFF]

    private(set) var parts: [Photo.Part] = [Photo.Part(range: 0..<2, isPicture: true)]
    /// The TIFF block within the first Exif segment.
    private(set) var exif: Range<Int>?

    private static let exifMark = Array("Exif\0\0".utf8)

    init(_ bytes: [UInt8]) throws(Photo.Fault) {
        var at = 2
        while true {
            // A marker may be preceded by any number of FF.
            let start = at
            guard at + 1 < bytes.count, bytes[at] == 0xFF else { throw .damaged }
            while at < bytes.count, bytes[at] == 0xFF { at += 1 }
            guard at < bytes.count else { throw .damaged }
            let marker = bytes[at]
            at += 1
            if marker == 0xD9 {
                // The end of the picture. What follows is none of it: second pictures of some telephones, films, trailers.
                parts.append(Photo.Part(range: start..<at, isPicture: true))
                if at < bytes.count { parts.append(Photo.Part(range: at..<bytes.count, isPicture: false)) }
                return
            }
            if marker == 0x01 || (0xD0...0xD7).contains(marker) {
                parts.append(Photo.Part(range: start..<at, isPicture: true))
                continue
            }
            guard at + 2 <= bytes.count else { throw .damaged }
            let length = Int(bytes[at]) << 8 | Int(bytes[at + 1])
            guard length >= 2, at + length <= bytes.count else { throw .damaged }
            let body = (at + 2)..<(at + length)
            at += length
            if marker == 0xE1, exif == nil, bytes[body].starts(with: Self.exifMark) { exif = (body.lowerBound + 6)..<body.upperBound }
            if marker == 0xDA { at = Self.endOfScan(bytes, from: at) }
            parts.append(Photo.Part(range: start..<at, isPicture: Self.isPicture(marker, bytes[body])))
        }
    }

    /// Where the coded data of a scan end: at a marker that is neither a stuffed FF nor a restart.
    private static func endOfScan(_ bytes: [UInt8], from start: Int) -> Int {
        var at = start
        while at + 1 < bytes.count {
            if bytes[at] == 0xFF, bytes[at + 1] != 0, bytes[at + 1] != 0xFF, !(0xD0...0xD7).contains(bytes[at + 1]) { return at }
            at += 1
        }
        return bytes.count
    }

    /// Of application segments and comments only those that the picture's colours need: JFIF, an ICC profile, Adobe's transform.
    private static func isPicture(_ marker: UInt8, _ body: ArraySlice<UInt8>) -> Bool {
        switch marker {
        case 0xE0: body.starts(with: Array("JFIF\0".utf8))
        case 0xE2: body.starts(with: Array("ICC_PROFILE\0".utf8))
        case 0xEE: body.starts(with: Array("Adobe".utf8))
        case 0xE1...0xEF, 0xFE: false
        default: true
        }
    }

    /// A segment with a TIFF block.
    static func segment(exif: [UInt8]) -> [UInt8] {
        let length = exif.count + exifMark.count + 2
        return [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 0xFF)] + exifMark + exif
    }
}
