/// What a person may be: by a grant ("service-desk.agent"), by their relation to a record, or simply by having signed in.
public struct Role: Hashable, Sendable {
    public let id: String
    /// A role held by relation to the record, such as being its requester; nil for granted roles.
    public let relation: Condition?

    /// A role that an administrator grants.
    public init(_ id: String) {
        self.id = id
        relation = nil
    }

    /// A role that follows from the record itself.
    public init(_ id: String, where relation: Condition) {
        self.id = id
        self.relation = relation
    }

    /// Everybody who has signed in.
    public static let everyone = Role("platform.everyone", where: .always)
    /// Runs the installation: settings, people, grants. Reads no record by that alone.
    public static let administrator = Role("platform.administrator")
    /// Reads everything within the clearance held and writes nothing; each read is in the ledger.
    public static let auditor = Role("platform.auditor")
}

/// How sensitive a record is (ST/SGB/2007/6): a person reads it by grant only with at least that clearance.
public enum Label: String, Choice, Comparable {
    case unclassified, confidential, strictlyConfidential = "strictly-confidential"
    var rank: Int { switch self { case .unclassified: 0; case .confidential: 1; case .strictlyConfidential: 2 } }
    public static func < (a: Label, b: Label) -> Bool { a.rank < b.rank }
}

/// What may be done with a record.
public enum Verb: String, Sendable, CaseIterable {
    case read, create, change, comment, erase, export
}

/// One line of a record type's access: what a role may do, when, and which classes of fields it sees.
public struct Rule: Sendable, Hashable {
    public let verbs: Set<Verb>
    public let role: Role
    public let condition: Condition
    public let classes: Set<FieldClass>
    /// Labels and compartments do not hold back those whose own matter it is.
    public let ignoresLabel: Bool

    /// - Parameters:
    ///   - condition: which records the line is about.
    ///   - classes: the classes of fields it opens.
    ///   - minded: label and compartments hold the role back too, though it follows from the record.
    public static func allow(
        _ verbs: Verb..., to role: Role, where condition: Condition = .always, classes: Set<FieldClass> = [.ordinary, .personal], labelMinded minded: Bool = false
    ) -> Rule {
        Rule(verbs: Set(verbs), role: role, condition: condition, classes: classes,
             ignoresLabel: role.relation != nil && role != .everyone && !minded)
    }
}

/// A role given to a person for a time, perhaps only for the records of a unit, perhaps with compartments opened.
public struct Grant: Sendable, Hashable {
    public let role: String
    /// The unit and all units below it; nil: everywhere.
    public let units: [RecordID]?
    public let compartments: Set<String>
    public let until: Instant?

    public init(role: String, units: [RecordID]? = nil, compartments: Set<String> = [], until: Instant? = nil) {
        self.role = role
        self.units = units
        self.compartments = compartments
        self.until = until
    }
}
