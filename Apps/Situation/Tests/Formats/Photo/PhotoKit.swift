@testable import Situation

/// Makes small picture files whose parts are of the right form; the picture itself is nothing to look at.
enum PhotoKit {
    /// 4° 23′ 37.67″ N, 18° 33′ 35.5″ E within 5 m, to be turned by `orientation`, in either order of bytes.
    static func exif(isLittle: Bool = false, orientation: Int = 6, latitude: [(Int, Int)] = [(4, 1), (23, 1), (3767, 100)], north: String = "N") -> [UInt8] {
        func number(_ value: Int, _ count: Int) -> [UInt8] {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
            return isLittle ? bytes : bytes.reversed()
        }
        func entry(_ tag: Int, _ type: Int, _ count: Int, _ value: [UInt8]) -> [UInt8] {
            number(tag, 2) + number(type, 2) + number(count, 4) + value + [UInt8](repeating: 0, count: 4 - value.count)
        }
        func fractions(_ values: [(Int, Int)]) -> [UInt8] { values.flatMap { number($0.0, 4) + number($0.1, 4) } }
        let main = number(2, 2) + entry(0x0112, 3, 1, number(orientation, 2)) + entry(0x8825, 4, 1, number(38, 4)) + number(0, 4)
        let first = 38 + 2 + 5 * 12 + 4
        let gps = number(5, 2) + entry(1, 2, 2, Array(north.utf8) + [0]) + entry(2, 5, 3, number(first, 4)) + entry(3, 2, 2, Array("E".utf8) + [0])
            + entry(4, 5, 3, number(first + 24, 4)) + entry(0x1F, 5, 1, number(first + 48, 4)) + number(0, 4)
        let head = isLittle ? Array("II".utf8) : Array("MM".utf8)
        return head + number(42, 2) + number(8, 4) + main + gps + fractions(latitude) + fractions([(18, 1), (33, 1), (355, 10)]) + fractions([(5, 1)])
    }

    static func segment(_ marker: UInt8, _ body: [UInt8]) -> [UInt8] { [0xFF, marker, UInt8((body.count + 2) >> 8), UInt8((body.count + 2) & 0xFF)] + body }

    /// What makes the picture: tables, head, scan with a stuffed byte and a restart, end.
    static let picture: [UInt8] = segment(0xDB, [UInt8](repeating: 1, count: 65)) + segment(0xC0, [8, 0, 1, 0, 1, 1, 1, 0x11, 0])
        + segment(0xDA, [1, 1, 0, 0, 63, 0]) + [0x12, 0xFF, 0x00, 0x34, 0xFF, 0xD0, 0x56] + [0xFF, 0xD9]

    static let jfif = segment(0xE0, Array("JFIF\0".utf8) + [1, 1, 0, 0, 1, 0, 1, 0, 0])
    static let profile = segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 1, 9])

    static func jpeg(_ exif: [UInt8] = exif()) -> [UInt8] {
        [0xFF, 0xD8] + jfif + segment(0xE1, Array("Exif\0\0".utf8) + exif) + segment(0xE1, Array("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>SECRET</x:xmpmeta>".utf8))
            + profile + segment(0xED, Array("Photoshop 3.0\0SECRET".utf8)) + segment(0xE2, Array("MPF\0SECRET".utf8)) + segment(0xFE, Array("SECRET".utf8))
            + picture + Array("SECRET TRAILER".utf8)
    }

    static func chunk(_ name: String, _ body: [UInt8]) -> [UInt8] {
        func word(_ value: UInt32) -> [UInt8] { stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: value >> $0) } }
        return word(UInt32(body.count)) + Array(name.utf8) + body + word(PNGFile.crc(Array(name.utf8) + body))
    }

    static let pngHead = PNGFile.mark + chunk("IHDR", [0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
    static let pngPicture = chunk("gAMA", [0, 0, 0xB1, 0x8F]) + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])

    static func png(_ exif: [UInt8] = exif()) -> [UInt8] {
        pngHead + chunk("eXIf", exif) + chunk("tEXt", Array("Comment\0SECRET".utf8)) + chunk("iTXt", Array("XML:com.adobe.xmp\0SECRET".utf8))
            + chunk("tIME", [7, 0xEA, 11, 2, 9, 0, 0]) + chunk("prVt", Array("SECRET".utf8)) + pngPicture + Array("SECRET".utf8)
    }
}
