public import Foundation

/// A person (or a service account) with what they hold at a moment: the input of every access decision.
public struct Viewer: Sendable, Hashable {
    public let id: RecordID
    public let name: String
    public let language: Language
    public let timeZone: TimeZone
    public let clearance: Label
    public let grants: [Grant]
    public let station: RecordID?
    public let unit: RecordID?
    /// The platform itself: jobs, import, set-up. Reads and writes everything; its acts are in the ledger under its name.
    public let isService: Bool
    /// Records opened to this person by name.
    public let openings: [Opening]

    /// A record that one person may read for a time, since they need to know it.
    public struct Opening: Sendable, Hashable {
        public let record: RecordID
        /// The classes of fields that are open beside the ordinary ones.
        public let classes: Set<FieldClass>
        public let until: Instant

        public init(record: RecordID, classes: Set<FieldClass> = [], until: Instant) {
            self.record = record
            self.classes = classes
            self.until = until
        }
    }

    public init(
        id: RecordID, name: String, language: Language = .en, timeZone: TimeZone = .gmt, clearance: Label = .unclassified,
        grants: [Grant] = [], openings: [Opening] = [], station: RecordID? = nil, unit: RecordID? = nil, isService: Bool = false
    ) {
        self.id = id
        self.name = name
        self.language = language
        self.timeZone = timeZone
        self.clearance = clearance
        self.grants = grants
        self.station = station
        self.unit = unit
        self.isService = isService
        self.openings = openings
    }

    /// A named service account; its id is derived from its name so that the ledger names it the same for ever.
    public static func service(_ name: String) -> Viewer {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return Viewer(id: RecordID(high: 0x8000, low: 0x8000_0000_0000_0000 | hash >> 2), name: name, clearance: .strictlyConfidential, isService: true)
    }

    /// The same person reading in another language.
    public func reading(in language: Language) -> Viewer {
        Viewer(id: id, name: name, language: language, timeZone: timeZone, clearance: clearance, grants: grants, openings: openings, station: station, unit: unit, isService: isService)
    }

    public func holds(_ role: Role, at now: Instant) -> Bool {
        isService || role == .everyone || grants.contains { $0.role == role.id && ($0.until.map { $0 > now } ?? true) }
    }
}
