import Kernel

/// An event of Cursor on Target 2.0 (MITRE, CoT Base-Event Schema, public release): what, where, when, in a form every program of the field reads.
struct CoTEvent: Hashable, Sendable {
    /// The same thing keeps its uid; of several events of one uid the latest `time` holds.
    var uid: String
    /// As written: see `kind`.
    var type: String
    /// How the position came about, as written: see `origin`.
    var how: String
    /// When the event was made.
    var time: Instant
    /// The event holds from `start` until before `stale`.
    var start: Instant
    var stale: Instant
    var point: Point
    /// Who may see it, in the sender's words (`Undefined` and the like).
    var access: String?
    /// As written: see `service`.
    var qos: String?
    /// As written: see `setting`.
    var opex: String?
    /// Marks of MIL-STD-6090 that TAK servers carry on.
    var caveat: String?
    var releasableTo: String?
    var detail = Detail()

    /// A place on WGS 84 and how sure it is. The format's 9999999.0 for what is unknown becomes nil, and TAK's 999999 too.
    struct Point: Hashable, Sendable {
        var position: Place.Position
        /// Metres above the ellipsoid (`hae`).
        var height: Double?
        /// Metres around the position (`ce`), and above and below the height (`le`): an error of one sigma, or the size of the thing.
        var circularError: Double?
        var linearError: Double?

        static let unknown = 9_999_999.0
        /// What TAK's protocol buffers and messages of its own say instead.
        static let takUnknown = 999_999.0

        /// Nil for what stands for "not known", and for what is no number.
        static func known(_ value: Double) -> Double? {
            value != takUnknown && abs(value) < unknown ? value : nil
        }

        /// Nil for what stands for "not known", and for errors below zero.
        static func knownError(_ value: Double) -> Double? { known(value).flatMap { $0 < 0 ? nil : $0 } }
    }

    /// Why something is no event, or an event cannot be written.
    enum Fault: Error, Hashable, Sendable {
        case xml(XML.Fault)
        /// The document's element is not `event`.
        case notEvent(String)
        /// An attribute, element or field that the format requires.
        case missing(String)
        /// An attribute or field that is not of its form: its name, and the text.
        case malformed(String, String)
        case wire(Protobuf.Fault)
        /// A frame that is none, or of a version of TAK's protocol that is not spoken here.
        case frame, version(UInt64)
        /// A message without an event: control only.
        case noEvent
        /// A frame longer than allowed.
        case tooLong(Int)
        case writing(XMLWriter.Fault)
    }

    /// Bytes of one event, framed or not.
    static let mostBytes = 262_144

    static let limits = XML.Limits(bytes: mostBytes, depth: 24, elements: 10_000, attributes: 48, text: mostBytes, name: 120)
}

/// Live operation, exercise or simulation: three pictures that never mix.
enum CoTSetting: Hashable, Sendable {
    case operation
    /// With the name it was given, empty for none.
    case exercise(String), simulation(String)
    /// An `opex` that the format does not know: kept away from operations.
    case other(String)
}

extension CoTEvent {
    /// `opex`: `o`, `e` or `s`, with or without `-name`. Without one the format makes no statement.
    ///
    /// Without an exercise or simulation in `opex`, two other marks tell one: the affiliations joker and faker, which MIL-STD-2525 keeps for
    /// exercises, and `how` `m-s`, a position out of a simulation. Otherwise no statement counts as operation.
    var setting: CoTSetting {
        if let opex, !opex.isEmpty {
            let stated = CoTSetting(opex: opex)
            if stated != .operation { return stated }
        }
        if kind.affiliation == .joker || kind.affiliation == .faker { return .exercise("") }
        return origin == .machine(.simulated) ? .simulation("") : .operation
    }

    var isExercise: Bool { if case .exercise = setting { true } else { false } }
    var isSimulation: Bool { if case .simulation = setting { true } else { false } }

    /// Whether the event holds no longer. One without a future at all (`stale` not after `time`) is over at once.
    func isStale(at moment: Instant) -> Bool { moment >= stale }
}
