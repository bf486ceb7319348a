@testable import Situation
import Kernel
import TestKit

/// Makes the metadata of a flight: an aircraft that flies north from Bangui at 1,000 m and looks at a square of 0.01° beside it.
enum FlightMaker {
    static func angle(_ degrees: Double, of limit: Double) -> [UInt8] {
        let raw = UInt32(bitPattern: Int32((degrees / limit * Double(Int32.max)).rounded()))
        return stride(from: 24, through: 0, by: -8).map { UInt8(truncatingIfNeeded: raw >> $0) }
    }

    static func packet(second: Int, latitude: Double, longitude: Double = 18.56, hasCorners: Bool = true) -> [UInt8] {
        let time = UInt64(TestPlatform.start.adding(seconds: second).microseconds)
        var items = KLVMaker.item(2, stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: time >> $0) })
        items += KLVMaker.item(5, [0, 0]) + KLVMaker.item(13, angle(latitude, of: 90)) + KLVMaker.item(14, angle(longitude, of: 180))
        items += KLVMaker.item(15, [0x18, 0x72])
        if hasCorners {
            for (number, corner) in [(0.01, 0.0), (0.01, 0.01), (0.0, 0.01), (0.0, 0.0)].enumerated() {
                items += KLVMaker.item(82 + 2 * number, angle(latitude + corner.0, of: 90)) + KLVMaker.item(83 + 2 * number, angle(longitude + corner.1, of: 180))
            }
        }
        return KLVMaker.packet(items)
    }

    /// One packet a second.
    static func film(seconds: Int) -> [UInt8] {
        (0..<seconds).flatMap { second in packet(second: second, latitude: 4.39 + Double(second) * 0.001) }
    }

    /// The same in a transport stream: one payload of 184 bytes a packet, the last one padded by an adaptation field.
    static func transport(_ payload: [UInt8], stream: Int = 0x101) -> [UInt8] {
        var rest = payload[...], counter: UInt8 = 0, out: [UInt8] = []
        while !rest.isEmpty {
            let piece = rest.prefix(184), padding = 184 - piece.count
            let isPadded = padding > 0
            out += [0x47, UInt8(stream >> 8), UInt8(stream & 0xFF), (isPadded ? 0x30 : 0x10) | counter]
            if isPadded { out += [UInt8(padding - 1)] + (padding > 1 ? [0] + [UInt8](repeating: 0xFF, count: padding - 2) : []) }
            out += piece
            rest = rest.dropFirst(piece.count)
            counter = (counter + 1) & 0x0F
        }
        return out
    }
}
