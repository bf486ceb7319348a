/// A promise on a record: how long, by which calendar, and what starts, pauses and stops it. Its due time is always computed from its events.
public struct ClockDefinition: Sendable {
    /// What makes a clock act.
    public enum Trigger: Sendable, Hashable {
        case created
        case entering([String])
        case leaving([String])
        case move(String)
        /// A public message by the person in the field.
        case message(from: String)
        /// A public message by anyone else.
        case answer(to: String)
        /// A public message by a person who is in none of the fields.
        case answerBesides([String])
        /// The field takes one of these values.
        case setting(String, [String])
    }

    public let name: String
    public let triggers: [(trigger: Trigger, act: ClockAct)]
    /// The field that mirrors the due time, so that lists can sort by it; and the one that tells, once stopped, whether it was kept.
    public let dueField: String?
    public let metField: String?
    /// Fields that the budget or the calendar depend on: a change of one recomputes the clock from its events.
    public let dependsOn: Set<String>
    /// Seconds promised; nil: no promise, no clock.
    let budget: @Sendable (Row, Session) throws -> Int?
    let calendar: @Sendable (Row, Session) throws -> WorkingCalendar
    /// The rule in words: "Resolution, priority 2".
    let rule: @Sendable (Row, Session) throws -> String

    public init<T: RecordType>(
        _ name: String, of type: T.Type, due: Field<T, Instant?>? = nil, met: Field<T, Bool?>? = nil, dependsOn: [any FieldKey] = [],
        on triggers: [(Trigger, ClockAct)], budget: @escaping @Sendable (Record<T>, Session) throws -> Int?,
        calendar: @escaping @Sendable (Record<T>, Session) throws -> WorkingCalendar,
        rule: @escaping @Sendable (Record<T>, Session) throws -> String
    ) {
        self.name = name
        self.triggers = triggers.map { (trigger: $0.0, act: $0.1) }
        dueField = due?.name
        metField = met?.name
        self.dependsOn = Set(dependsOn.map(\.schema.name))
        self.budget = { try budget(Record($0), $1) }
        self.calendar = { try calendar(Record($0), $1) }
        self.rule = { try rule(Record($0), $1) }
    }
}
