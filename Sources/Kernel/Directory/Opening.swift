/// A record opened to one person by name and for a time, since they need to know it. It opens nothing beyond the person's clearance and compartments
/// unless a rule of the record type says so.
public enum Opening: RecordType {
    public static let app = "directory"
    public enum State: String, Choice { case given, withdrawn }

    /// How much of the record is opened.
    public enum Scope: String, Choice {
        case general, exact, whole

        /// The classes of fields beside the ordinary ones.
        public var classes: Set<FieldClass> {
            switch self {
            case .general: []
            case .exact: [.exact]
            case .whole: [.exact, .internal, .sensitive]
            }
        }
    }

    public static let person    = Key<PersonID>("person", .indexed, .once)
    /// The id of the record; by itself it opens nothing.
    public static let record    = Key<String>("record", .indexed, .once, .max(36))
    /// The record's reference number, by which people speak of it.
    public static let reference = Key<String>("of", .once, .max(60))
    public static let scope     = Key<Scope>("scope", .once, initial: .general)
    public static let until     = Key<Instant>("until", .indexed)
    public static let reason    = Key<String?>("reason", .max(500))
    public static let givenBy   = Key<PersonID>("given-by", .indexed, .once)

    public static let definition = Definition<Opening>(
        name: "opening", plural: "openings", title: reference, subtitle: person,
        layout: [Group("opening", [reference, person, scope, until, reason, givenBy, record])],
        lifecycle: Lifecycle(start: .given, phases: [.given: .active, .withdrawn: .stopped], moves: [
            Move("withdraw", from: [.given], to: .withdrawn, by: [Role("directory.opener", where: givenBy.isMe)], offers: [reason]),
        ]),
        access: [
            .allow(.read, to: Role("directory.opened", where: person.isMe)),
            .allow(.read, to: Role("directory.opener", where: givenBy.isMe)),
            .allow(.read, to: .auditor),
            // By the rules of the app whose record it is (`Session.open`), and by nobody else.
            .allow(.create, to: .administrator, where: .never),
        ],
        views: [ViewDefinition("given", where: .state(State.given), sort: [.up(until)])], columns: [reference, person, scope, until, givenBy], icon: "key")
}
