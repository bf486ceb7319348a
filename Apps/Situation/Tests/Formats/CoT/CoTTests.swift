@testable import Situation
import Kernel
import Testing
import TestKit

let patrolXML = """
    <?xml version="1.0" encoding="UTF-8"?>
    <event version="2.0" uid="ANDROID-7f3a" type="a-f-G-U-C" time="2019-06-03T06:20:00.250Z" start="2019-06-03T06:20:00.250Z" stale="2019-06-03T06:25:00Z" how="m-g" access="Undefined" qos="1-r-c" opex="e-MIRADOR"><point lat="4.42" lon="18.56" hae="381.5" ce="9.9" le="9999999.0"/><detail><takv device="PHONE" platform="ATAK-CIV" os="29" version="4.5"/><contact endpoint="*:-1:stcp" callsign="PATROL 3"/><__group name="Cyan" role="Team Lead"/><precisionlocation geopointsrc="GPS" altsrc="DTED2"/><status battery="78"/><track speed="2.5" course="271.0"/><remarks>Pont de Sibut &amp; ford</remarks></detail></event>
    """

/// An event of a thing on the move, for tests that care for a few of its parts.
func event(
    _ uid: String = "u", time: Int = 0, stale: Int = 60, type: String = "a-f-G", opex: String? = nil, how: String = "m-g", latitude: Double = 4, remarks: String? = nil
) -> CoTEvent {
    let start = Instant(microseconds: 1_559_542_800_000_000)
    var event = CoTEvent(
        uid: uid, type: type, how: how, time: start.adding(seconds: time), start: start.adding(seconds: time), stale: start.adding(seconds: time + stale),
        point: CoTEvent.Point(position: Place.Position(longitude: 18, latitude: latitude)))
    event.opex = opex
    event.detail.remarks = remarks
    return event
}

@Suite struct CoTTests {
    private func refused(_ part: String, _ other: String) -> CoTEvent.Fault? {
        fault(CoTEvent.Fault.self) { _ = try CoTEvent(xml: Array(patrolXML.replacing(part, with: other).utf8)) }
    }

    @Test func `an event is read, and what is unknown is nil`() throws {
        let event = try CoTEvent(xml: Array(patrolXML.utf8))
        same([event.uid, event.type, event.how, event.access, event.qos, event.opex].map { $0 ?? "nil" }, ["ANDROID-7f3a", "a-f-G-U-C", "m-g", "Undefined", "1-r-c", "e-MIRADOR"])
        same([event.time, event.start, event.stale].map(\.iso), ["2019-06-03T06:20:00.25Z", "2019-06-03T06:20:00.25Z", "2019-06-03T06:25:00Z"])
        same(event.point, CoTEvent.Point(position: Place.Position(longitude: 18.56, latitude: 4.42), height: 381.5, circularError: 9.9, linearError: nil))
        same(event.detail.contact, CoTEvent.Detail.Contact(callsign: "PATROL 3", endpoint: "*:-1:stcp"))
        same(event.detail.group, CoTEvent.Detail.Group(name: "Cyan", role: "Team Lead"))
        same(event.detail.precisionLocation, CoTEvent.Detail.PrecisionLocation(positionSource: "GPS", heightSource: "DTED2"))
        same(event.detail.status, CoTEvent.Detail.Status(battery: 78))
        same(event.detail.software, CoTEvent.Detail.Software(device: "PHONE", platform: "ATAK-CIV", os: "29", version: "4.5"))
        same(event.detail.track, CoTEvent.Detail.Track(speed: 2.5, course: 271))
        same(event.detail.remarks, "Pont de Sibut & ford")
        same([event.kind.affiliation == .friend, event.kind.dimension == "G", event.kind.isWithin("a-f-G-U"), event.kind.isWithin("a-f-A"), event.isExercise, event.isSimulation], [true, true, true, false, true, false])
        same([event.origin == .machine(.gps), event.service == CoTService("1-r-c"), event.service?.priority == 1, event.service?.overtaking == .replace], [true, true, true, true])
        same([event.isStale(at: event.stale), event.isStale(at: event.stale.adding(seconds: -1))], [true, false])
        same(try CoTEvent(xml: Array(try event.xml().utf8)), event)
        for unknown in ["9999999.0", "9999999", "999999", "1.0E7"] {
            same(try CoTEvent(xml: Array(patrolXML.replacing("hae=\"381.5\" ce=\"9.9\"", with: "hae=\"\(unknown)\" ce=\"\(unknown)\"").utf8)).point, CoTEvent.Point(position: event.point.position), unknown)
        }
        same(try CoTEvent(xml: Array(patrolXML.replacing("hae=\"381.5\" ce=\"9.9\" le=\"9999999.0\"", with: "ce=\"-1\"").utf8)).point, CoTEvent.Point(position: event.point.position))
    }

    @Test func `what the schema requires is required`() {
        same(refused("<event version=", "<event xversion="), .missing("version"))
        for name in ["uid", "type", "time", "start", "stale", "how", "lat", "lon"] { same(refused(" \(name)=\"", " x\(name)=\""), .missing(name)) }
        let malformed: [(String, String, String, String)] = [
            ("version=\"2.0\"", "version=\"1.1\"", "version", "1.1"), ("version=\"2.0\"", "version=\"3.0\"", "version", "3.0"), ("a-f-G-U-C", "a--f", "type", "a--f"), ("a-f-G-U-C", "a-f;x;y", "type", "a-f;x;y"),
            ("a-f-G-U-C", "a f", "type", "a f"), ("\"m-g\"", "\"mg-x\"", "how", "mg-x"), ("\"m-g\"", "\"m-\"", "how", "m-"), ("06:25:00Z", "06:25:00", "stale", "2019-06-03T06:25:00"),
            ("lat=\"4.42\"", "lat=\"90.1\"", "lat", "90.1"), ("lon=\"18.56\"", "lon=\"-180.5\"", "lon", "-180.5"), ("lat=\"4.42\"", "lat=\"nan\"", "lat", "nan"), ("lat=\"4.42\"", "lat=\"0x4\"", "lat", "0x4"),
            ("lat=\"4.42\"", "lat=\"\"", "lat", ""), ("hae=\"381.5\"", "hae=\"high\"", "hae", "high"), ("ANDROID-7f3a", "a&#9;b", "uid", "a\tb"),
        ]
        for (part, other, name, text) in malformed { same(refused(part, other), .malformed(name, text), other) }
        same(refused("<point", "<pont"), .missing("point"))
        same(refused("<event", "<evnt").map { if case .xml = $0 { true } else { false } }, true)
        same(fault(CoTEvent.Fault.self) { _ = try CoTEvent(xml: Array("<a/>".utf8)) }, .notEvent("a"))
        same(refused("<event", "<!DOCTYPE event><event"), .xml(XML.Fault(reason: .documentType, line: 2)))
    }

    @Test func `operations, exercises and simulations are told apart`() {
        let cases: [(CoTEvent, CoTSetting)] = [
            (event(), .operation), (event(opex: "o"), .operation), (event(opex: "o-MIRADOR"), .operation), (event(opex: ""), .operation),
            (event(opex: "e"), .exercise("")), (event(opex: "e-MIRADOR-3"), .exercise("MIRADOR-3")), (event(opex: "E-x"), .exercise("x")), (event(opex: "s-game"), .simulation("game")),
            (event(opex: "x-y"), .other("x-y")), (event(opex: "exercise"), .other("exercise")), (event(type: "a-j-G"), .exercise("")), (event(type: "a-k-G", opex: "o"), .exercise("")),
            (event(how: "m-s"), .simulation("")), (event(opex: "e-x", how: "m-s"), .exercise("x")), (event(type: "a-f-G-U-C;a-j-G"), .operation),
        ]
        for (event, setting) in cases { same(event.setting, setting, "\(event.type) \(event.how) \(event.opex ?? "")") }
        same(["h-e", "h-g-i-g-o", "m-p", "m", "x-y", ""].map { CoTOrigin($0) }, [.hand(.estimated), .hand(nil), .machine(.predicted), .machine(nil), nil, nil])
        same(["1-r-c", "9-i-g", "10-r-c", "1-x-c", "1-r", "-1-r-c"].map { CoTService($0)?.priority }, [1, 9, nil, nil, nil, nil])
        same(["a-f-G", "a-F-g", "b-m-p", "u-d-f", "t-x-c-t", "zz"].map { CoTKind($0).map { [$0.branch?.rawValue, $0.affiliation?.rawValue, $0.dimension, $0.isControl ? "control" : nil].map { $0 ?? "·" }.joined() } }, [
            "afG·", "a···", "b···", "u···", "t··control", "····",
        ])
    }

    @Test func `details are set and taken off`() throws {
        var event = event()
        event.detail.contact = CoTEvent.Detail.Contact(callsign: "A", endpoint: nil)
        event.detail.group = CoTEvent.Detail.Group(name: "Blue", role: "Medic")
        event.detail.precisionLocation = CoTEvent.Detail.PrecisionLocation(positionSource: nil, heightSource: "???")
        event.detail.status = CoTEvent.Detail.Status(battery: 5)
        event.detail.software = CoTEvent.Detail.Software(device: "d", platform: "p", os: "", version: "v")
        event.detail.track = CoTEvent.Detail.Track(speed: 0, course: 0.00001)
        event.detail.elements.append(XML.Element("__geofence", [XML.Attribute(name: "trigger", value: "Both")]))
        let again = try CoTEvent(xml: Array(try event.xml(declared: false).utf8))
        same(again, event)
        same(event.detail.elements.map(\.name), ["contact", "__group", "precisionlocation", "status", "takv", "track", "__geofence"])
        event.detail.group = nil
        event.detail.contact?.callsign = "B"
        same([event.detail.elements.map(\.name).joined(separator: " "), event.detail.contact?.callsign], ["contact precisionlocation status takv track __geofence", "B"])
        event.detail.remarks = "\u{1B}"
        same(fault(CoTEvent.Fault.self) { _ = try event.xml() }, .writing(.character(27)))
    }

    @Test func `damage ends in a fault or an event that can be written`() throws {
        let sample = Array(patrolXML.utf8)
        let words = ["9999999.0", "1e400", "-", "NaN", "<point lat='1' lon='1'/>", "</detail>", "<!DOCTYPE x>", "&#x7;", "0001-01-01T00:00:00Z", "opex='s'"]
        var damage = Damage(7)
        var wrong: [String] = []
        for end in sample.indices where (try? CoTEvent(xml: Array(sample[..<end]))) != nil { wrong.append("cut at \(end)") }
        for _ in 0..<1500 {
            guard let event = try? CoTEvent(xml: damage.damaged(sample, words: words)) else { continue }
            if try CoTEvent(xml: Array(try event.xml().utf8)) != event { wrong.append(try event.xml()) }
        }
        #expect(wrong == [])
    }
}

@Suite struct CoTStreamTests {
    private let parts = [
        patrolXML, "<event a='>'><b c=\"</event>\"/><!-- </event> --><![CDATA[</event>]]></event>", "<?xml version='1.0'?>\n<event/>", "<!-- between --><event></event>",
        "<event><event/><x>]]</x></event>", "<event><![CDATA[]]]]></event>", "<event a=\"'/>\"/>",
    ]

    @Test func `events come out whole wherever the network cut them`() {
        let whole = Array(parts.joined(separator: "\n").utf8)
        var damage = Damage(5)
        var wrong: [String] = []
        for round in 0..<100 {
            var stream = CoTStream()
            let cut = round == 0 ? whole.map { [$0] } : damage.pieces(whole, most: [3, 40, 700][round % 3])
            let found = cut.flatMap { stream.feed($0) }.map { String(decoding: $0, as: UTF8.self) }
            if found != parts || stream.fault != nil || stream.pending != 0 { wrong.append("\(cut.map(\.count)): \(found)") }
        }
        #expect(wrong == [])
    }

    @Test func `a broken stream says why and gives nothing more`() {
        let cases: [(String, CoTStream.Fault, Int)] = [
            ("<event/>x<event/>", .stray, 1), ("<event/></event><event/>", .stray, 1), ("<!DOCTYPE event><event/>", .documentType, 0), ("<event/><![CDATA[x]]>", .stray, 1),
            ("<event><!ENTITY x></event>", .documentType, 0), ("<event/><event>\(String(repeating: "x", count: 200))</event>", .tooLong(100), 1), ("\u{FEFF}<event/>", .stray, 0),
        ]
        for (text, fault, count) in cases {
            var stream = CoTStream(limit: 100)
            let events = stream.feed(Array(text.utf8)) + stream.feed(Array("<event/>".utf8))
            same(events.count, count, text)
            same(stream.fault, fault, text)
        }
        var stream = CoTStream(limit: 100)
        same([stream.feed([UInt8](repeating: 0x20, count: 100_000)).count, stream.pending], [0, 0])
        _ = stream.feed(Array("<event>".utf8))
        same(stream.pending, 7)
    }

    @Test func `any bytes in any pieces give the same, within the limit`() {
        let whole = Array(parts.joined().utf8)
        var damage = Damage(6)
        var wrong: [String] = []
        for _ in 0..<400 {
            let bytes = damage.damaged(whole, words: ["<", ">", "<!", "<![CDATA[", "]]>", "<!--", "-->", "<?", "'", "\"", "</", "/>"])
            var one = CoTStream(limit: 800), other = CoTStream(limit: 800)
            let a = one.feed(bytes)
            var b: [[UInt8]] = []
            for piece in damage.pieces(bytes, most: 50) {
                b += other.feed(piece)
                if other.pending > 800 { wrong.append("pending \(other.pending)") }
            }
            if a != b || one.fault != other.fault { wrong.append(String(decoding: bytes, as: UTF8.self)) }
        }
        #expect(wrong == [])
    }
}
