/// What an event is about: `a-f-G-U-C`, a path of parts from the general to the special, perhaps `;` and a text that is ignored.
struct CoTKind: Hashable, Sendable {
    /// The first part.
    enum Branch: String, Sendable { case atom = "a", bits = "b", reservation = "r", tasking = "t", capability = "c", drawing = "u" }

    /// The second part of an atom. Joker and faker are friends who play suspects and hostiles in an exercise.
    enum Affiliation: String, CaseIterable, Sendable {
        case pending = "p", unknown = "u", assumedFriend = "a", friend = "f", neutral = "n", suspect = "s", hostile = "h"
        case joker = "j", faker = "k", unspecified = "o", other = "x"
    }

    let parts: [String]

    /// Of no branch: stands for a type that does not read.
    static let none = CoTKind(parts: [])

    private init(parts: [String]) { self.parts = parts }

    /// Reads `\w+(-\w+)*(;[^;]*)?`, the pattern of the schema; nil for anything else.
    init?(_ text: String) {
        let halves = text.split(separator: ";", omittingEmptySubsequences: false)
        guard halves.count <= 2, let parts = CoTKind.words(halves[0]) else { return nil }
        self.parts = parts
    }

    var branch: Branch? { parts.first.flatMap { Branch(rawValue: $0) } }
    var affiliation: Affiliation? { branch == .atom && parts.count > 1 ? Affiliation(rawValue: parts[1]) : nil }
    /// The battle dimension of an atom by MIL-STD-2525, upper case: P space, A air, G ground, S sea surface, U subsurface, F special forces.
    var dimension: String? { branch == .atom && parts.count > 2 && parts[2].count == 1 && parts[2] == parts[2].uppercased() ? parts[2] : nil }

    /// Whether it lies on the path: `a-f-G-U-C` is within `a-f-G`.
    func isWithin(_ path: String) -> Bool { parts.starts(with: path.split(separator: "-").map { String($0) }) }

    /// Programs talking among themselves (`t-x`): pings, offers of protocol, deletions. No thing in the world.
    var isControl: Bool { isWithin("t-x") }

    /// Words of letters, digits and `_` between single hyphens; nil when something else stands there.
    static func words(_ text: some StringProtocol) -> [String]? {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        let isPlain = parts.allSatisfy { part in
            !part.isEmpty && part.unicodeScalars.allSatisfy { $0 == "_" || $0.properties.isAlphabetic || $0.properties.numericType != nil }
        }
        return isPlain ? parts.map { String($0) } : nil
    }
}

/// How a position came about: `m-g`, `h-e`. TAK adds parts (`h-g-i-g-o`); the first two say the essential.
enum CoTOrigin: Hashable, Sendable {
    enum Hand: String, Sendable { case estimated = "e", calculated = "c", transcribed = "t", pasted = "p" }
    enum Machine: String, Sendable {
        case mensurated = "i", gps = "g", magnetic = "m", simulated = "s", fused = "f", configured = "c", predicted = "p", relayed = "r"
    }

    /// Entered by a person, or by a machine; nil when the second part is none of the schema's.
    case hand(Hand?), machine(Machine?)

    /// Nil when the text begins with neither.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
        let second = parts.count > 1 ? parts[1] : ""
        switch parts.first {
        case "h": self = .hand(Hand(rawValue: second))
        case "m": self = .machine(Machine(rawValue: second))
        default: return nil
        }
    }
}

/// How an event wants to be carried: `1-r-c`.
struct CoTService: Hashable, Sendable {
    /// When a newer event of the same uid catches up with an older one.
    enum Overtaking: String, Sendable { case replace = "r", follow = "f", independent = "i" }
    enum Assurance: String, Sendable { case guaranteed = "g", deadline = "d", congestion = "c" }

    /// 9 goes first, 0 last.
    let priority: Int
    let overtaking: Overtaking
    let assurance: Assurance

    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { String($0) }
        guard parts.count == 3, parts[0].utf8.count == 1, let priority = Int(parts[0]), let overtaking = Overtaking(rawValue: parts[1]),
              let assurance = Assurance(rawValue: parts[2])
        else { return nil }
        (self.priority, self.overtaking, self.assurance) = (priority, overtaking, assurance)
    }
}

extension CoTEvent {
    /// What the event is about; an event that was read has a type that reads.
    var kind: CoTKind { CoTKind(type) ?? .none }
    var origin: CoTOrigin? { CoTOrigin(how) }
    var service: CoTService? { qos.flatMap(CoTService.init) }
}
