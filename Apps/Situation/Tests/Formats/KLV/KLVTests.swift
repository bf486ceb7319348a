@testable import Situation
import Kernel
import Testing
import TestKit

/// Makes packets of ST 0601 for tests.
enum KLVMaker {
    static func length(_ count: Int, long: Bool = false) -> [UInt8] {
        count < 128 && !long ? [UInt8(count)] : count < 256 ? [0x81, UInt8(count)] : [0x82, UInt8(count >> 8), UInt8(count & 0xFF)]
    }

    static func item(_ tag: Int, _ value: [UInt8]) -> [UInt8] { (tag < 128 ? [UInt8(tag)] : [UInt8(0x80 | tag >> 7), UInt8(tag & 0x7F)]) + length(value.count) + value }

    static func packet(_ items: [UInt8], long: Bool = false) -> [UInt8] {
        let open = KLV.universalKey + length(items.count + 4, long: long) + items + [1, 2]
        let sum = KLV.sum(open[...])
        return open + [UInt8(sum >> 8), UInt8(sum & 0xFF)]
    }

    /// Everything that is read, in the example values of the standard.
    static let items = bytes(hex: """
        0208000459F4A6AA4AA8 03094D495353494F4E3031 040641462D313031 050271C2 0602FD3D 070208B8 0A054D51312D42 0B02454F 0D045595B66D 0E045B5360C4 0F02C221 1002CD9C 1102D917
        1204724A0A20 130487F84B86 14047DC55ECE 150403830926 16021281 1704F101A229 180414BC082B 190234F3 1A02C06E 1B02CBE9 1C02D765 1D02E2E0 1E02EE5B 1F02F9D6 20020552 210210CD
        28048F695262 29047654 57F2 2A02F823 380 18C 3904B38EACF1 3B07544F502047554E 410 10D 300301 01 01
        """)
}

@Suite struct KLVTests {
    @Test func `the vectors of the standard have their physical values`() throws {
        let packet = try KLVPacket(KLVMaker.packet(KLVMaker.items)[...])
        let data = packet.metadata
        same(data.malformed, [])
        same([data.mission, data.tailNumber, data.platform, data.sensor, data.callSign].map { $0 ?? "nil" }, ["MISSION01", "AF-101", "MQ1-B", "EO", "TOP GUN"])
        same([data.time?.iso, data.version.map { "\($0)" }, data.classification.map { "\($0)" }], ["2008-10-24T00:13:29.913Z", "13", "unclassified"])
        let values: [(Double?, Double, Double)] = [
            (data.heading, 159.97436, 1e-5), (data.pitch, -0.4315251, 1e-4), (data.roll, 3.405814, 1e-4), (data.sensorPosition?.latitude, 60.1768229669783, 1e-12),
            (data.sensorPosition?.longitude, 128.426759042045, 1e-12), (data.sensorAltitude, 14190.72, 5e-3), (data.horizontalView, 144.5713, 5e-5), (data.verticalView, 152.6436, 5e-5),
            (data.relativeAzimuth, 160.719211474396, 1e-7), (data.relativeElevation, -168.792324833941, 1e-12), (data.relativeRoll, 176.865437690572, 1e-7), (data.slantRange, 68590.98, 5e-3),
            (data.targetWidth, 722.8199, 5e-5), (data.frameCentre?.latitude, -10.5423886331461, 1e-12), (data.frameCentre?.longitude, 29.157890122923, 1e-12), (data.frameElevation, 3216.037, 5e-4),
            (data.target?.latitude, -79.1638500518929, 1e-12), (data.target?.longitude, 166.400812960416, 1e-12), (data.targetElevation, 18389.05, 5e-3), (data.groundSpeed, 140, 0), (data.groundRange, 3506979.0316, 1e-4),
        ]
        same(values.map { found, expected, most in found.map { abs($0 - expected) <= most } ?? false }, values.map { _ in true })
        let corners = [(-10.579637999887, 29.1273677986333), (-10.5661816260963, 29.140824172424), (-10.5527275411938, 29.1542782573265), (-10.5392711674031, 29.1677346311172)]
        same(zip(data.corners, corners).map { abs($0.latitude - $1.0) < 1e-11 && abs($0.longitude - $1.1) < 1e-11 }, [true, true, true, true])
    }

    @Test func `checksums are those of another program`() {
        // klvdata 0.0.3 (PyPI), common.packet_checksum, over packets of even and odd length.
        let cases = [(KLVMaker.items, "d80d"), (KLVMaker.items + bytes(hex: "5e0101"), "3810"), (KLVMaker.items + bytes(hex: "5e020102"), "3715")]
        same(cases.map { Array(KLVMaker.packet($0.0).suffix(2)) }, cases.map { bytes(hex: $0.1) })
    }

    @Test func `full corners, heights and extended values come before the short ones`() throws {
        var items: [UInt8] = KLVMaker.items
        for tag in 82...89 { items += KLVMaker.item(tag, tag.isMultiple(of: 2) ? [0x40, 0, 0, 0] : [0xC0, 0, 0, 1]) }
        items += KLVMaker.item(90, [0x7F, 0xFF, 0xFF, 0xFF]) + KLVMaker.item(91, [0x80, 0, 0, 1]) + KLVMaker.item(75, [0xFF, 0xFF]) + KLVMaker.item(78, [0, 0])
        items += KLVMaker.item(96, [0x00, 0xD9, 0x2A]) + KLVMaker.item(104, [0x2F, 0x92, 0x1E]) + KLVMaker.item(143, [1, 2])
        let packet = try KLVPacket(KLVMaker.packet(items)[...]), data = packet.metadata
        same(packet[143], [1, 2])
        same(data.corners.map { [($0.latitude * 1e6).rounded(), ($0.longitude * 1e6).rounded()] }, Array(repeating: [45_000_000, -90_000_000], count: 4))
        same([data.pitch, data.roll, data.frameHeight], [90, -90, -900])
        same([data.targetWidth, data.sensorHeight].map { ($0 ?? 0) * 100 }.map { $0.rounded() / 100 }, [13898.5, 23456.23])
        same([KLVScale.mapped(from: 0, to: 1_500_000).value([0xC8, 0, 0]), KLVScale.mapped(from: 0, to: 1_500_000).value([0x7F, 0xFF, 0xFF])], [nil, nil])
    }

    @Test func `out of range and empty are nothing, a wrong form is noted`() throws {
        let items = KLVMaker.item(6, [0x80, 0x00]) + KLVMaker.item(13, [0x80, 0, 0, 0]) + KLVMaker.item(14, [0, 0, 0, 0]) + KLVMaker.item(3, []) + KLVMaker.item(11, [0x45, 0x4F, 0, 0])
            + KLVMaker.item(5, [1]) + KLVMaker.item(2, [0, 1]) + KLVMaker.item(4, [0xFF, 0xFE]) + KLVMaker.item(59, [0x41, 0x0A]) + KLVMaker.item(48, [1, 1, 9]) + KLVMaker.item(65, [])
        let data = try KLVPacket(KLVMaker.packet(items)[...]).metadata
        same([data.pitch == nil, data.sensorPosition == nil, data.mission == nil, data.heading == nil, data.version == nil, data.corners == []], [true, true, true, true, true, true])
        same(data.sensor, "EO")
        same(data.malformed, [2, 4, 5, 48, 59])
        same(try KLVPacket(KLVMaker.packet(KLVMaker.item(2, [UInt8](repeating: 0xFF, count: 8)))[...]).metadata.malformed, [2])
        // Offsets without a centre say nothing.
        let offsets = (26...33).flatMap { KLVMaker.item($0, [0, 1]) }
        same(try KLVPacket(KLVMaker.packet(offsets)[...]).metadata.corners, [])
        // Across 180°.
        let edge = KLVMaker.item(23, [0, 0, 0, 0]) + KLVMaker.item(24, [0x7F, 0xFF, 0xFF, 0xFF]) + offsets
        holds(try KLVPacket(KLVMaker.packet(edge)[...]).metadata.corners.allSatisfy { $0.longitude < -179.9 && $0.longitude >= -180 }, "corners beyond 180°")
    }

    @Test func `a packet is refused by its breach`() throws {
        let good = KLVMaker.packet(KLVMaker.items)
        func told(_ bytes: [UInt8]) -> KLV.Fault? { fault(KLV.Fault.self) { _ = try KLVPacket(bytes[...]) } }
        same(told(good), nil)
        same(good.indices.filter { told(Array(good[..<$0])) != .truncated }, [])
        // One bit wrong anywhere behind the length: the sum tells, or the checksum is no longer where it was.
        let flipped = (18..<good.count).flatMap { at in (0..<8).map { bit in
            var bytes = good
            bytes[at] ^= 1 << UInt8(bit)
            return told(bytes)
        } }
        same(flipped.filter { if case .checksum = $0 { false } else { $0 != .checksumMissing } }, [])
        let key = KLV.universalKey
        let cases: [([UInt8], KLV.Fault?)] = [
            ([], .truncated), ([1], .key), (key + [0x80], .length), (key + [0x89], .length), (key + [0x84, 0xFF, 0xFF, 0xFF, 0xFF], .tooLong(Int(Int32.max))), (key + [0x82, 0x40, 0x01], .tooLong(16384)),
            (key + [3, 1, 2, 3], .checksumMissing), (key + [4, 1, 2, 0, 0], .checksum(stated: 0, found: KLV.sum((key + [4, 1, 2])[...]))), (KLVMaker.packet([5, 9, 1]), .truncated), (KLVMaker.packet([0x80, 1, 1]), .tag),
            (KLVMaker.packet([0x81, 0x81, 0x81, 0x81, 1, 0]), .tag), (KLVMaker.packet([5, 2, 1]), .truncated), (KLVMaker.packet([UInt8](repeating: 0, count: 4000)), .tooManyItems(1000)), (KLVMaker.packet([], long: true), nil),
        ]
        for (bytes, expected) in cases { same(told(bytes), expected, "\(bytes.dropFirst(16).prefix(8))") }
        same(KLV.sum([0x01, 0x02, 0xFF, 0x00, 0x80][...]), 0x0102 &+ 0xFF00 &+ 0x8000)
    }
}
