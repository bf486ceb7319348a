@testable import Situation
import Kernel
import Testing
import TestKit

/// Made with takproto 3.0.1 (PyPI) from `patrolXML`: `xml2proto(…, MESH)` and `(…, STREAM)`.
private let meshHex = """
    bf01bf1299020a09612d662d472d552d431209556e646566696e65641a05312d722d632209652d4d495241444f522a0c414e44524f49442d3766336130fabefadfb12d38fabefadfb12d40e0e48ce0b1
    2d4a036d2d6751ae47e17a14ae1140598fc2f5285c8f3240610000000000d8774069cdcccccccccc234071000000e0cf1263417a99010a2b3c72656d61726b733e506f6e742064652053696275742026
    616d703b20666f72643c2f72656d61726b733e12150a092a3a2d313a737463701208504154524f4c20331a110a044379616e12095465616d204c656164220c0a03475053120544544544322a02084e32
    1a0a0550484f4e4512084154414b2d4349561a0232392203342e353a12090000000000000440110000000000f07040
    """

@Suite struct TAKTests {
    @Test func `an event goes into the bytes that takproto makes, and back`() throws {
        let event = try CoTEvent(xml: Array(patrolXML.utf8))
        let mesh = bytes(hex: meshHex), message = TAKMessage(event: event)
        same(try message.datagram(), mesh)
        let read = try TAKMessage(datagram: mesh)
        same(read.event.map { sorted($0) }, sorted(event))
        same(read.unread, 0)
        // A stream's frame says the length instead of the version.
        same(try message.streamed(), [0xBF, 0x9C, 0x02] + mesh.dropFirst(3))
        // XML comes as a datagram too.
        same(try TAKMessage(datagram: Array(patrolXML.utf8)).event, event)
        same(try TAKMessage(datagram: [0xBF, 0, 0xBF] + Array(patrolXML.utf8)).event, event)
    }

    private func sorted(_ event: CoTEvent) -> CoTEvent {
        var event = event
        event.detail.elements.sort { $0.name < $1.name }
        return event
    }

    @Test func `the frame of field json is met`() throws {
        // tak_v1_framing: 134 bytes, of which 131 are the message and 128 the event, whose first field is a type of nine letters.
        var event = event(type: "a-f-G-U-C")
        event.uid = String(repeating: "u", count: 128 - (try TAKMessage(event: event).payload().count - 2) + 1)
        let frame = try TAKMessage(event: event).streamed()
        same(frame.count, 134)
        same(Array(frame.prefix(12)), bytes(hex: "bf83011280010a09612d662d"))
        same(Array(try TAKMessage(event: event).datagram().prefix(3)), bytes(hex: "bf01bf"))
    }

    @Test func `only what a message says in full becomes one`() throws {
        func xmlDetail(_ detail: String) throws -> [String] {
            let event = try CoTEvent(xml: Array("<event version='2' uid='u' type='a-f-G' time='2020-01-01T00:00:00Z' start='2020-01-01T00:00:00Z' stale='2020-01-01T00:00:00Z' how='m-g'><point lat='0' lon='0'/><detail>\(detail)</detail></event>".utf8))
            let again = try #require(try TAKMessage(datagram: try TAKMessage(event: event).datagram()).event)
            same(sorted(again), sorted(event), detail)
            var reader = Protobuf.Reader(try TAKDetailFields.bytes(event.detail)[...])
            var fields: [String] = []
            while let (field, value) = try reader.next() { fields.append(field == 1 ? String(decoding: value.bytes ?? [], as: UTF8.self) : "\(field)") }
            return fields
        }
        same(try xmlDetail("<contact callsign='A'/><status battery='0'/><track speed='0.0' course='0.0'/>"), ["2", "5", "7"])
        same(try xmlDetail("<contact callsign='A' phone='1'/>"), ["<contact callsign=\"A\" phone=\"1\"/>"])
        same(try xmlDetail("<contact callsign='A'><x/></contact>"), ["<contact callsign=\"A\"><x/></contact>"])
        same(try xmlDetail("<contact callsign='A'/><contact callsign='B'/>"), ["<contact callsign=\"A\"/><contact callsign=\"B\"/>"])
        same(try xmlDetail("<status battery='87' readiness='true'/><status xmlns='urn:x' battery='1'/>"), ["<status battery=\"87\" readiness=\"true\"/><status xmlns=\"urn:x\" battery=\"1\"/>"])
        same(try xmlDetail("<status battery='full'/><track speed='fast' course='1'/><precisionlocation altsrc='?'/><takv os='1'/>").count, 1)
        same(try xmlDetail("<__group name='Red' role=''/><precisionlocation altsrc='' geopointsrc=''/>"), ["3", "4"])
    }

    @Test func `an element in XML stands for the message of its name`() throws {
        var detail = Protobuf.Writer()
        detail.put(1, "<contact callsign=\"long\" phone=\"1\"/>")
        detail.put(2, message: [0x12, 0x01, 0x41])
        same(try TAKMessage(payload: wrapped(detail.bytes)).event?.detail.elements, [XML.Element("contact", CoTEvent.Detail.attributes(("callsign", "long"), ("phone", "1")))])
        // Text that closes the element around it makes a second document, not a second detail.
        for text in ["</detail><detail>", "<a>", "x</detail>", "&y;", "<!DOCTYPE d>"] {
            var detail = Protobuf.Writer()
            detail.put(1, text)
            let told = fault(CoTEvent.Fault.self) { _ = try TAKMessage(payload: wrapped(detail.bytes)) }
            holds(told.map { if case .xml = $0 { true } else { false } } ?? false, text)
        }
    }

    /// A message around a detail, with further fields of the event.
    private func wrapped(_ detail: [UInt8], _ more: (inout Protobuf.Writer) -> Void = { _ in }) -> [UInt8] {
        var fields = Protobuf.Writer(), message = Protobuf.Writer()
        for (field, text) in [(1, "a-f-G"), (5, "u"), (9, "m-g")] { fields.put(field, text) }
        for field in 6...8 { fields.put(field, 1_577_836_800_000) }
        if !detail.isEmpty { fields.put(15, message: detail) }
        more(&fields)
        message.put(2, message: fields.bytes)
        return message.bytes
    }

    @Test func `unknown fields are passed over, and counted`() throws {
        var writer = Protobuf.Writer()
        writer.put(100, 7)
        writer.put(101, double: 1.5)
        writer.put(102, "text")
        // A group that holds a group, and a fixed 32.
        let others = writer.bytes + bytes(hex: "bb06 08 01 c306 10 02 c406 bc06 a506 01020304")
        let message = try TAKMessage(payload: others + wrapped([0x42, 0x01, 0xFF, 0x10, 0x05]) { $0.put(99, "x") } + [0x18, 0xE8, 0x07])
        same(message.event?.uid, "u")
        same(message.unread, 5 + 1 + 2)
        same(message.submitted, Instant(microseconds: 1_000_000))
        // Fields that come again: the last number and text, merged messages.
        let twice = wrapped([]) { $0.put(5, "v") } + [0x12, 0x03, 0x4A, 0x01, 0x68] + [0x0A, 0x02, 0x10, 0x02] + [0x0A, 0x02, 0x08, 0x01]
        let merged = try TAKMessage(payload: twice)
        same([merged.event?.uid, merged.event?.how, merged.control.map { "\($0.lowest) \($0.highest)" }], ["v", "h", "1 2"])
        same(try TAKMessage(payload: try merged.payload()), merged)
        same(try TAKMessage(payload: []).event, nil)
    }

    @Test func `broken messages are told by their breach`() {
        func told(_ payload: [UInt8]) -> CoTEvent.Fault? { fault(CoTEvent.Fault.self) { _ = try TAKMessage(payload: payload) } }
        let cases: [(String, Protobuf.Fault)] = [
            ("12", .truncated), ("12 05 00", .truncated), ("12 ffffffffffffffffff01", .truncated), ("08 ffffffffffffffffffff01", .number), ("08 ffffffffffffffffff02", .number), ("00 00", .tag), ("0e", .tag), ("0f", .tag),
            ("0c", .group), ("0b 14", .group), ("0b", .truncated), ("0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b 0b", .group), ("12 03 0a 01 ff", .text), ("09 00", .truncated), ("0d 00", .truncated), ("80 80 80 80 10 00", .tag),
        ]
        for (hex, expected) in cases { same(told(bytes(hex: hex)), .wire(expected), hex) }
        same(told(wrapped([]) { $0.put(6, UInt64.max) }), .malformed("time", String(UInt64.max)))
        same(told(wrapped([]) { $0.put(10, double: .nan) }), .malformed("lat", "nan"))
        same(told(wrapped([]) { $0.put(11, double: 181) }), .malformed("lon", "181.0"))
        same(told(wrapped([]) { $0.put(2, "a\u{0}") }), .malformed("access", "a\u{0}"))
        same(told(wrapped([0x12, 0x03, 0x12, 0x01, 0x01])), .malformed("callsign", "\u{1}"))
        same(told([0x12, 0x00]), .missing("time"))
        func framed(_ hex: String) -> CoTEvent.Fault? { fault(CoTEvent.Fault.self) { _ = try TAKMessage(datagram: bytes(hex: hex)) } }
        same([framed("bf"), framed("bf01"), framed("bf0100"), framed("bf02bf"), framed("bfffffffffffffffffffff"), framed("bf8001bf")], [.frame, .frame, .frame, .version(2), .frame, .version(128)])
        same(framed("").map { if case .xml = $0 { true } else { false } }, true)
        same(fault(CoTEvent.Fault.self) { _ = try TAKMessage(datagram: [UInt8](repeating: 0x20, count: CoTEvent.mostBytes + 1)) }, .tooLong(CoTEvent.mostBytes))
        var old = event()
        old.start = Instant(microseconds: 0)
        same(fault(CoTEvent.Fault.self) { _ = try TAKMessage(event: old).payload() }, .malformed("start", "1970-01-01T00:00:00Z"))
    }

    @Test func `both words for unknown are understood in protocol buffers`() throws {
        for unknown in [999_999.0, 9_999_999.0, .infinity, .nan] {
            let point = try TAKMessage(payload: wrapped([]) { writer in for field in 12...14 { writer.put(field, double: unknown) } }).event?.point
            same([point?.height, point?.circularError, point?.linearError], [nil, nil, nil], "\(unknown)")
        }
        same(try TAKMessage(payload: wrapped([])).event?.point.height, 0)
    }

    @Test func `a stream of frames is cut anywhere`() throws {
        let messages = try [patrolXML].map { try CoTEvent(xml: Array($0.utf8)) } + [event("a"), event("b", remarks: String(repeating: "é", count: 3000))]
        let payloads = try messages.map { try TAKMessage(event: $0).payload() }, whole = try messages.flatMap { try TAKMessage(event: $0).streamed() }
        var damage = Damage(3)
        var wrong: [String] = []
        for round in 0..<200 {
            var stream = TAKStream()
            let cut = round == 0 ? whole.map { [$0] } : damage.pieces(whole, most: [3, 200, 5000][round % 3])
            if cut.flatMap({ stream.feed($0) }) != payloads || stream.fault != nil || stream.pending != 0 { wrong.append("\(cut.map(\.count))") }
        }
        for _ in 0..<500 {
            let bytes = damage.damaged(whole)
            var one = TAKStream(limit: 400), other = TAKStream(limit: 400)
            let a = one.feed(bytes)
            let b = damage.pieces(bytes, most: 90).flatMap { piece in
                let found = other.feed(piece)
                if other.pending > 400 + 11 { wrong.append("pending \(other.pending)") }
                return found
            }
            if a != b || one.fault != other.fault { wrong.append("\(bytes)") }
        }
        #expect(wrong == [])
        let breaches: [(String, CoTEvent.Fault)] = [("bf00 00", .frame), ("be", .frame), ("bf ffffff0f", .tooLong(100)), ("bf ffffffffffffffffffffff", .frame)]
        for (hex, expected) in breaches {
            var stream = TAKStream(limit: 100)
            same(stream.feed(bytes(hex: hex)).count + stream.feed([0xBF, 0]).count, hex.hasPrefix("bf00") ? 1 : 0, hex)
            same(stream.fault, expected, hex)
        }
    }

    @Test func `damage ends in a fault or a message that can be written`() throws {
        let sample = bytes(hex: meshHex)
        var damage = Damage(99)
        var wrong: [String] = []
        for end in sample.indices { _ = try? TAKMessage(datagram: Array(sample[..<end])) }
        var good = 0
        for _ in 0..<2000 {
            let bytes = damage.damaged(sample, words: ["\u{12}\u{1}", "\u{8}", "\u{7A}\u{0}", "\u{1A}\u{2}x"])
            guard let message = try? TAKMessage(datagram: bytes), let event = message.event else { continue }
            good += 1
            guard event.time.microseconds >= 1000 else { continue }
            let again = try? CoTEvent(xml: Array(try event.xml().utf8)), wire = try? TAKMessage(datagram: try message.datagram()).event
            if again.map({ sorted($0) }) != sorted(event) || wire.map({ sorted($0) }) != sorted(event) { wrong.append("\(bytes)") }
        }
        #expect(wrong == [] && good > 40, "\(good)")
    }
}
