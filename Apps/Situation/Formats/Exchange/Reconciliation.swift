/// What bringing a file in a second time would do, row by row. A pure function of what is stored and what comes.
struct Reconciliation: Sendable, Hashable {
    /// A record that an earlier import made.
    struct Stored: Sendable, Hashable {
        /// The fingerprint of what was imported, as it was then; nil when it was made by other rules or by hand.
        let fingerprint: Fingerprint?
        /// Whether a person changed, merged or closed the record since.
        let isEditedHere: Bool

        init(_ fingerprint: Fingerprint?, isEditedHere: Bool) {
            self.fingerprint = fingerprint
            self.isEditedHere = isEditedHere
        }
    }

    enum Step: Sendable, Hashable {
        /// No record has this key.
        case create
        /// The source says something new, and nobody here did.
        case change
        /// The source says what it said at the last import. What was edited here stays.
        case same
        /// Both the source and someone here said something new: a person decides.
        case conflict
        /// An earlier row of the file has the same key; `isSame` when it says the same. This row is left out.
        case duplicate(of: Int, isSame: Bool)
    }

    struct Line: Sendable, Hashable {
        let row: Int
        let key: String
        let fingerprint: Fingerprint
        let step: Step
    }

    let lines: [Line]
    /// Keys that are stored and not in the file, in order. Sources do withdraw events; whether this file is the whole of its source only a person knows.
    let missing: [String]

    /// - Parameter stored: by key; records merged into others belong here too, as edited, or they would come back.
    init(stored: [String: Stored], incoming: [ExchangeRow]) {
        var first: [String: (row: Int, fingerprint: Fingerprint)] = [:]
        var lines: [Line] = []
        lines.reserveCapacity(incoming.count)
        for row in incoming {
            let fingerprint = Fingerprint(of: row.feature)
            let key = Self.key(of: row.feature, fingerprint)
            let step: Step
            if let earlier = first[key] {
                step = .duplicate(of: earlier.row, isSame: earlier.fingerprint == fingerprint)
            } else {
                first[key] = (row.number, fingerprint)
                step = Self.step(stored[key], fingerprint)
            }
            lines.append(Line(row: row.number, key: key, fingerprint: fingerprint, step: step))
        }
        self.lines = lines
        missing = stored.keys.filter { first[$0] == nil }.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    private static func step(_ stored: Stored?, _ fingerprint: Fingerprint) -> Step {
        guard let stored else { return .create }
        if stored.fingerprint == fingerprint { return .same }
        return stored.isEditedHere ? .conflict : .change
    }

    /// The source id; for a feature without one the content itself, so that the same file twice makes nothing new, while a changed feature
    /// without an id cannot be told from a new one.
    static func key(of feature: ExchangeFeature, _ fingerprint: Fingerprint? = nil) -> String {
        feature.sourceID.map { "id:" + $0 } ?? "content:" + (fingerprint ?? Fingerprint(of: feature)).text
    }

    /// How many rows take each step.
    var counts: [String: Int] {
        lines.reduce(into: [:]) { counts, line in
            let name = switch line.step { case .create: "create"; case .change: "change"; case .same: "same"; case .conflict: "conflict"; case .duplicate: "duplicate" }
            counts[name, default: 0] += 1
        }
    }
}
