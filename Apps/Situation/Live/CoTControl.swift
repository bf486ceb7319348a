import Foundation
import Kernel

/// What the server says of itself in Cursor on Target: events of `t-x`, about no thing in the world.
enum CoTControl {
    /// The offer to speak TAK's protocol 1, made once; the other side may ask for it (`t-x-takp-q`).
    static func offer(at now: Instant) -> CoTEvent {
        event("t-x-takp-v", how: "m-g", at: now, for: 60, control("TakProtocolSupport", ("version", "1")))
    }

    /// The answer to such a question; after a yes both sides speak protocol 1 from the next byte on.
    static func answer(_ isAgreed: Bool, at now: Instant) -> CoTEvent {
        event("t-x-takp-r", how: "m-g", at: now, for: 60, control("TakResponse", ("status", isAgreed ? "true" : "false")))
    }

    /// Here I am.
    static func pong(at now: Instant) -> CoTEvent { event("t-x-c-t-r", uid: "takPong", how: "h-g-i-g-o", at: now, for: 20) }

    /// Takes something off the map of those who can be told to; others let it go stale.
    static func removal(of event: CoTEvent, at now: Instant) -> CoTEvent {
        let link = XML.Element("link", [
            XML.Attribute(name: "relation", value: "p-p"), XML.Attribute(name: "type", value: event.type), XML.Attribute(name: "uid", value: event.uid),
        ])
        return self.event("t-x-d-d", how: "m-g", at: now, for: 60, link, XML.Element("__forcedelete"))
    }

    private static func control(_ name: String, _ attribute: (String, String)) -> XML.Element {
        XML.Element("TakControl", [XML.Element(name, CoTEvent.Detail.attributes(attribute))])
    }

    private static func event(_ type: String, uid: String = UUID().uuidString, how: String, at now: Instant, for seconds: Int, _ detail: XML.Element...) -> CoTEvent {
        var event = CoTEvent(
            uid: uid, type: type, how: how, time: now, start: now, stale: now.adding(seconds: seconds),
            point: CoTEvent.Point(position: Place.Position(longitude: 0, latitude: 0)))
        event.detail = CoTEvent.Detail(detail)
        return event
    }
}

/// Who signs in, and to which picture: `tomas` to operations, `tomas+e-MIRADOR` to the exercise of that name, `tomas+s` to simulations.
///
/// Programs of the field cannot all set `opex`, and none can be trusted to: the connection decides. What says that it is of another picture is dropped.
struct CoTUser: Hashable, Sendable {
    let handle: String
    let setting: CoTSetting

    init?(_ text: String) {
        let parts = text.split(separator: "+", maxSplits: 1, omittingEmptySubsequences: false)
        handle = String(parts[0])
        guard !handle.isEmpty, text.utf8.count <= 200 else { return nil }
        guard parts.count == 2 else {
            setting = .operation
            return
        }
        let read = CoTSetting(opex: String(parts[1]))
        switch read {
        case .exercise, .simulation: setting = read
        case .operation, .other: return nil
        }
    }
}

extension CoTSetting {
    /// What an `opex` says: `o`, `e` or `s`, with or without `-name`.
    init(opex: String) {
        let letter = opex.prefix { $0 != "-" }.lowercased()
        let name = String(opex.dropFirst(letter.count + 1))
        self = switch letter {
        case "o": .operation
        case "e": .exercise(name)
        case "s": .simulation(name)
        default: .other(opex)
        }
    }

    /// As an `opex` says it; nil for operations, of which nothing needs to be said.
    var opex: String? {
        switch self {
        case .operation: nil
        case .exercise(let name): name.isEmpty ? "e" : "e-\(name)"
        case .simulation(let name): name.isEmpty ? "s" : "s-\(name)"
        case .other(let text): text
        }
    }
}
