@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct KLVScannerTests {
    private func packet(_ number: Int, size: Int = 0) -> [UInt8] {
        KLVMaker.packet(KLVMaker.item(3, Array("M\(number)".utf8)) + (size > 0 ? KLVMaker.item(74, [UInt8](repeating: UInt8(number & 0x7F), count: size)) : []))
    }

    private func told(_ found: [KLVScanner.Found]) -> [String] {
        found.map { switch $0 { case .packet(let packet, let at): "\(packet.metadata.mission ?? "?")@\(at)"; case .fault(let fault, let at): "\(fault)@\(at)" } }
    }

    @Test func `packets are found among other bytes, damaged ones told and passed over`() {
        var stream: [UInt8] = [6, 0x0E, 0x2B, 0x34, 1, 2, 3] + packet(1)
        var wrong = packet(2)
        wrong[20] ^= 1
        stream += wrong + packet(3) + KLV.universalKey + [0x82, 0x30, 0x00, 9, 9] + packet(4) + [UInt8](repeating: 0, count: 300)
        var scanner = KLVScanner()
        var found = scanner.feed(stream)
        // The packet after a wrong length waits until that length is there, or the stream ends.
        same(told(found).map { String($0.prefix(8)) }, ["M1@7", "checksum", "M3@57"])
        found = scanner.finish()
        same(told(found), ["truncated@82", "M4@103"])
        same([scanner.pending, told(scanner.feed(packet(5))).count], [0, 1])
    }

    @Test func `any pieces give the same, and no more is held than one packet`() {
        var damage = Damage(31)
        var wrong: [String] = []
        for _ in 0..<150 {
            var stream: [UInt8] = []
            for number in 0..<damage.below(8) + 1 {
                var next = packet(number, size: [0, 40, 600][damage.below(3)])
                if damage.below(3) == 0 { next = damage.damaged(next) }
                stream += (0..<damage.below(30)).map { _ in UInt8(damage.below(256)) } + next
            }
            var one = KLVScanner(limit: 1000), other = KLVScanner(limit: 1000)
            let whole = one.feed(stream) + one.finish()
            var pieces: [KLVScanner.Found] = []
            for piece in damage.pieces(stream, most: 50) {
                pieces += other.feed(piece)
                if other.pending > 1019 { wrong.append("pending \(other.pending)") }
            }
            pieces += other.finish()
            if whole != pieces { wrong.append("\(told(whole)) \(told(pieces))") }
            for case .packet(_, let at) in whole where fault(KLV.Fault.self, { _ = try KLVPacket(stream[at...]) }) != nil { wrong.append("unsound at \(at)") }
        }
        #expect(wrong == [])
    }

    @Test func `keys with long lengths do not cost the square of the stream`() {
        let bait = KLV.universalKey + [0x82, 0x3F, 0xFF] + [0, 0]
        let stream = Array((0..<20_000).map { _ in bait }.joined()) + [UInt8](repeating: 0, count: 20_000) + packet(7)
        var scanner = KLVScanner()
        let found = scanner.feed(stream) + scanner.finish()
        holds(told(found).last?.hasPrefix("M7@") ?? false, "the sound packet at the end is found")
        holds(found.count < 20_001, "\(found.count)")
    }

    @Test func `random bytes and damaged packets end in faults`() {
        var damage = Damage(12)
        let sample = KLVMaker.packet(KLVMaker.items)
        var sound = 0
        for end in sample.indices { var scanner = KLVScanner(); sound += scanner.feed(sample[..<end]).count }
        for _ in 0..<1500 {
            let items = damage.damaged(KLVMaker.items)
            // With a right checksum, so that the items themselves are read.
            for bytes in [damage.damaged(sample), KLVMaker.packet(items)] {
                guard let packet = try? KLVPacket(bytes[...]) else { continue }
                let data = packet.metadata
                holds(data.corners.allSatisfy(\.isOnEarth) && data.sensorPosition?.isOnEarth ?? true, "\(data)")
                sound += 1
            }
        }
        holds(sound > 100, "\(sound)")
    }

    /// One stream cut into packets of 188 bytes, as a multiplexer would; other streams between them.
    private func transport(_ payload: [UInt8], stream: Int, first: Int = 0) -> [[UInt8]] {
        var packets: [[UInt8]] = [], at = 0, counter = first
        while at < payload.count {
            let rest = payload.count - at
            // What does not fill a packet is filled up by an adaptation field.
            let head: [UInt8] = rest >= 184 ? [] : rest == 183 ? [0] : [UInt8(183 - rest), 0] + [UInt8](repeating: 0xFF, count: 182 - rest)
            let flags = UInt8(head.isEmpty ? 0x10 : 0x30) | UInt8(counter & 0x0F)
            let body = payload[at..<at + 184 - head.count]
            packets.append([0x47, UInt8(at == 0 ? 0x40 : 0) | UInt8(stream >> 8), UInt8(stream & 0xFF), flags] + head + body)
            at += body.count
            counter += 1
        }
        return packets
    }

    @Test func `packets of a transport stream are put together again`() {
        let pes: [UInt8] = [0, 0, 1, 0xBD, 0, 0, 0x80, 0, 0]
        let data = transport(pes + packet(1, size: 900) + packet(2), stream: 0x101), video = transport([UInt8](repeating: 0x47, count: 2000), stream: 0x100)
        let mixed = zip(data, video).flatMap { [$0, $1, $0] } // Each packet of data twice, as the standard allows.
        let file = [1, 2, 3, 0x47] + Array(mixed.joined()) + Array([UInt8](repeating: 0, count: 188))
        holds(file.dropFirst(4).count > 188 * 6 && KLVTransport.begins(file.dropFirst(4)) && !KLVTransport.begins(file), "the marks of packets")
        var damage = Damage(8)
        var wrong: [String] = []
        for round in 0..<20 {
            var transport = KLVTransport()
            let pieces = round == 0 ? [file] : damage.pieces(file, most: 400)
            let found = pieces.flatMap { transport.feed($0) } + transport.finish()
            if told(found.map(\.what)).map({ String($0.prefix(3)) }) != ["M1@", "M2@"] || found.contains(where: { $0.stream != 0x101 }) { wrong.append("\(told(found.map(\.what)))") }
            if transport.skipped != 4 + 188 { wrong.append("\(transport.skipped)") }
        }
        #expect(wrong == [])
        // A head of a PES packet in the middle of one of ours is taken out; three bytes of a time stamp come with it.
        let long = packet(4, size: 700)
        let halves = self.transport([0, 0, 1, 0xBD, 0, 0, 0x80, 0x80, 3, 1, 2, 3] + long.prefix(300), stream: 9) + self.transport([0, 0, 1, 0xBD, 0, 0, 0x80, 0x80, 3, 1, 2, 3] + long.dropFirst(300), stream: 9, first: 2)
        var whole = KLVTransport()
        same(told((whole.feed(Array(halves.joined())) + whole.finish()).map(\.what)), ["M4@0"])
        // A search for the key in the file alone does not find the long one.
        var scanner = KLVScanner()
        same(told(scanner.feed(file) + scanner.finish()).contains { $0.hasPrefix("M1@") }, false)
    }

    @Test func `a gap in a transport stream truncates one packet only`() {
        let payload = packet(1, size: 900) + packet(2) + packet(3, size: 500)
        var packets = transport(payload, stream: 0x44, first: 14)
        packets.remove(at: 2)
        var transport = KLVTransport()
        let found = told((transport.feed(Array(packets.joined())) + transport.finish()).map(\.what)).map { String($0.prefix(3)) }
        same(found, ["tru", "M2@", "M3@"])
        // Scrambled, damaged and payload-less packets, and nonsense, are passed over.
        var damage = Damage(77)
        for _ in 0..<100 {
            var transport = KLVTransport()
            let bytes = damage.damaged(Array(packets.joined()))
            _ = damage.pieces(bytes, most: 300).flatMap { transport.feed($0) } + transport.finish()
        }
    }
}
