@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct CoTConversationTests {
    static let auth = "<?xml version=\"1.0\"?>\n<auth><cot username=\"tomas\" password=\"mdt_a_b\" uid=\"ANDROID-1\"/></auth>"

    static func event(_ type: String = "a-f-G-U-C", uid: String = "ANDROID-1", detail: String = "") -> String {
        "<event version=\"2.0\" uid=\"\(uid)\" type=\"\(type)\" time=\"2026-11-02T09:00:00Z\" start=\"2026-11-02T09:00:00Z\" stale=\"2026-11-02T09:05:00Z\" how=\"m-g\">"
            + "<point lat=\"4.39\" lon=\"18.56\" hae=\"9999999.0\" ce=\"9.9\" le=\"9999999.0\"/><detail>\(detail)</detail></event>"
    }

    /// What is heard when the bytes come in pieces of a length.
    private func heard(_ bytes: [UInt8], pieces: Int = .max) -> [String] {
        var conversation = CoTConversation()
        var told: [String] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            told += conversation.hear(Array(rest.prefix(pieces))).map(Self.name)
            rest = rest.dropFirst(pieces)
        }
        return told
    }

    private func heard(_ text: String, pieces: Int = .max) -> [String] { heard(Array(text.utf8), pieces: pieces) }

    private static func name(_ heard: CoTConversation.Heard) -> String {
        switch heard {
        case .signIn(let user, let token): "sign-in \(user) \(token)"
        case .event(let event): "event \(event.uid)"
        case .ping: "ping"
        case .asks(let version): "asks \(version)"
        case .nonsense: "nonsense"
        }
    }

    @Test func `first the sign-in, then events, wherever the network cuts them`() {
        let text = Self.auth + "\n" + Self.event() + "\n\n<?xml version=\"1.0\"?>" + Self.event(uid: "B") + Self.event("t-x-c-t") + Self.event("t-x-c-t-r")
        let expected = ["sign-in tomas mdt_a_b", "event ANDROID-1", "event B", "ping"]
        for pieces in [1, 2, 7, 64, 1_000, .max] { same(heard(text, pieces: pieces), expected, "\(pieces)") }
    }

    @Test func `whoever does not begin with a sign-in is not listened to`() {
        let others = [
            Self.event(), "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}", "<auth><cot username=\"tomas\"/></auth>", "<auth/>", "<!DOCTYPE a><auth/>",
            "<auth><cot username=\"\(String(repeating: "x", count: 5_000))\" password=\"y\"/></auth>", "<auth" + String(repeating: " ", count: 5_000),
        ]
        for text in others { same(heard(text + Self.auth), ["nonsense"], String(text.prefix(30))) }
    }

    @Test func `after an agreement frames are read, and line ends before the first of them are passed over`() throws {
        let asks = Self.event("t-x-takp-q", detail: "<TakControl><TakRequest version=\"1\"/></TakControl>")
        let event = try CoTEvent(xml: Array(Self.event(uid: "PROTO").utf8))
        let frame = try TAKMessage(event: event).streamed(), control = try TAKMessage(control: .init(lowest: 1, highest: 1)).streamed()
        let bytes = Array((Self.auth + asks + "\r\n").utf8) + control + frame + frame
        for pieces in [1, 5, .max] { same(heard(bytes, pieces: pieces), ["sign-in tomas mdt_a_b", "asks 1", "event PROTO", "event PROTO"], "\(pieces)") }
        // A version that is not spoken here changes nothing.
        let other = asks.replacing("version=\"1\"/></Tak", with: "version=\"2\"/></Tak")
        same(heard(Self.auth + other + Self.event()), ["sign-in tomas mdt_a_b", "asks 2", "event ANDROID-1"])
        same(heard(Array((Self.auth + asks).utf8) + Array(Self.event().utf8)), ["sign-in tomas mdt_a_b", "asks 1", "nonsense"])
    }

    @Test func `an event that does not read is passed over, many end the conversation, and so does one without an end`() {
        let wrong = Self.event().replacing("lat=\"4.39\"", with: "lat=\"north\"")
        same(heard(Self.auth + wrong + Self.event()), ["sign-in tomas mdt_a_b", "event ANDROID-1"])
        same(heard(Self.auth + String(repeating: wrong, count: 51) + Self.event()), ["sign-in tomas mdt_a_b", "nonsense"])
        same(heard(Self.auth + "<event " + String(repeating: "x", count: 300_000)), ["sign-in tomas mdt_a_b", "nonsense"])
        same(heard(Self.auth + "garbage" + Self.event()), ["sign-in tomas mdt_a_b", "nonsense"])
    }

    @Test func `a user name says to which picture`() {
        let cases: [(String, String?, CoTSetting?)] = [
            ("tomas", "tomas", .operation), ("tomas+e", "tomas", .exercise("")), ("tomas+e-MIRADOR-3", "tomas", .exercise("MIRADOR-3")), ("t.b+s-x", "t.b", .simulation("x")),
            ("tomas+o", nil, nil), ("tomas+x", nil, nil), ("tomas+", nil, nil), ("+e", nil, nil), ("", nil, nil),
        ]
        for (text, handle, setting) in cases {
            let user = CoTUser(text)
            same([user?.handle == handle, user?.setting == setting], [true, true], text)
        }
        for setting in [CoTSetting.operation, .exercise(""), .exercise("a-b"), .simulation("x")] { same(CoTSetting(opex: setting.opex ?? "o"), setting) }
    }
}
