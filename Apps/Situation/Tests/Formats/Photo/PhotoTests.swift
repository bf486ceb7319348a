@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct PhotoTests {
    @Test func `the place and the turn of a picture are read in both orders of bytes`() throws {
        for isLittle in [false, true] {
            for bytes in [PhotoKit.jpeg(PhotoKit.exif(isLittle: isLittle)), PhotoKit.png(PhotoKit.exif(isLittle: isLittle))] {
                let exif = try #require(try Photo(bytes).exif)
                // 4 + 23/60 + 37.67/3600 and 18 + 33/60 + 35.5/3600 degrees.
                same([exif.position.map { abs($0.latitude - 4.393797222) < 1e-9 && abs($0.longitude - 18.559861111) < 1e-9 }, exif.orientation == 6, exif.error == 5], [true, true, true])
            }
        }
        same(try Photo(PhotoKit.jpeg(PhotoKit.exif(north: "S"))).exif?.position.map { $0.latitude < 0 }, true)
        // No fix, no denominator, no letter, beyond the pole.
        let wrong = [
            PhotoKit.exif(latitude: [(4, 0), (23, 1), (0, 1)]), PhotoKit.exif(north: "X"), PhotoKit.exif(latitude: [(91, 1), (0, 1), (0, 1)]), Array(PhotoKit.exif().dropLast(40)),
        ]
        for exif in wrong { same(try Photo(PhotoKit.jpeg(exif)).exif?.position == nil, true) }
    }

    @Test func `what is taken out is everything but the picture, and the picture stays as it is`() throws {
        let turn = PhotoKit.segment(0xE1, Array("Exif\0\0".utf8) + EXIF.only(orientation: 6))
        same(try Photo(PhotoKit.jpeg()).bare, [0xFF, 0xD8] + turn + PhotoKit.jfif + PhotoKit.profile + PhotoKit.picture)
        same(try Photo(PhotoKit.jpeg(PhotoKit.exif(orientation: 1))).bare, [0xFF, 0xD8] + PhotoKit.jfif + PhotoKit.profile + PhotoKit.picture)
        same(try Photo(PhotoKit.png()).bare, PhotoKit.pngHead + PhotoKit.chunk("eXIf", EXIF.only(orientation: 6)) + PhotoKit.pngPicture)
        for bytes in [PhotoKit.jpeg(), PhotoKit.png()] {
            let bare = try Photo(bytes).bare, again = try Photo(bare)
            holds(!String(decoding: bare, as: UTF8.self).contains("SECRET"), "nothing else is left")
            same([again.exif?.orientation == 6, again.exif?.position == nil, again.bare == bare], [true, true, true])
        }
    }

    @Test func `damaged files are refused and never read beyond their end`() {
        func fault(_ bytes: [UInt8]) -> Photo.Fault? { do throws(Photo.Fault) { _ = try Photo(bytes); return nil } catch { return error } }
        same([fault([]), fault(Array("GIF89a".utf8)), fault(Array("RIFF....WEBP".utf8))], [.format, .format, .format])
        for whole in [PhotoKit.jpeg(), PhotoKit.png()] {
            let least = whole.count - (whole == PhotoKit.jpeg() ? 14 : 6)
            same((9..<least).filter { fault(Array(whole.prefix($0))) != .damaged }, [], "every cut before the end")
            // Any byte may be anything: no crash, and what is read of it is clean or refused.
            for at in whole.indices { for bit in [0x01, 0x80, 0xFF] as [UInt8] {
                var bytes = whole
                bytes[at] ^= bit
                _ = try? Photo(bytes).bare
            } }
        }
        // A directory that points to itself, or beyond the file, or has too many entries.
        for block in [[0x4D, 0x4D, 0, 42, 0, 0, 0, 8, 0xFF, 0xFF, 0, 0, 0, 0], [0x4D, 0x4D, 0, 42, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 0, 0], [0x49, 0x49, 42, 0]] as [[UInt8]] {
            same(EXIF(block[...]) == nil, true)
        }
    }
}
