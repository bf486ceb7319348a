/// The states of a record and the moves between them.
public struct Lifecycle<T: RecordType>: Sendable {
    let schema: LifecycleSchema

    /// - Parameter phases: how far along each state is; by default the first is fresh, states without a way out are done, others active.
    public init(start: T.State, phases: [T.State: Phase] = [:], moves: [Move<T>]) {
        let leaving = Set(moves.flatMap(\.schema.from))
        schema = LifecycleSchema(
            start: start.rawValue,
            states: T.State.allCases.map { state in
                let standard: Phase = state == start ? .fresh : leaving.contains(state.rawValue) ? .active : .done
                return StateSchema(name: state.rawValue, phase: phases[state] ?? standard)
            },
            moves: moves.map(\.schema))
    }
}

/// A named transition: who may make it, from where to where, what it asks, what follows. Its verb and its ledger entry are one transaction.
public struct Move<T: RecordType>: Sendable {
    let schema: MoveSchema

    /// - Parameters:
    ///   - to: the state after; nil keeps the state.
    ///   - asks: fields that must be filled for the move; `offers`: fields that may be.
    ///   - when: an extra condition on the record.
    ///   - then: runs in the same transaction, after the fields are set and before the rules.
    public init(
        _ name: String, from: [T.State], to: T.State?, by roles: [Role], asks: [any FieldKey] = [], offers: [any FieldKey] = [],
        when: Condition = .always, isQuiet: Bool = false,
        then follow: (@Sendable (inout Record<T>, Session) throws -> Void)? = nil
    ) {
        var untyped: (@Sendable (inout Row, Session) throws -> Void)?
        if let follow {
            untyped = { (row: inout Row, session: Session) throws -> Void in
                var record = Record<T>(row)
                defer { row = record.row }
                try follow(&record, session)
            }
        }
        schema = MoveSchema(
            name: name, from: from.map { $0.rawValue }, to: to?.rawValue, roles: roles, asks: asks.map { $0.schema.name },
            offers: offers.map { $0.schema.name }, when: when, isQuiet: isQuiet, follow: untyped)
    }
}

public struct StateSchema: Sendable, Hashable {
    public let name: String
    public let phase: Phase
}

public struct MoveSchema: Sendable {
    public let name: String
    public let from: [String]
    public let to: String?
    public let roles: [Role]
    public let asks: [String]
    public let offers: [String]
    public let when: Condition
    /// Not offered as a button: made by rules, jobs or work screens.
    public let isQuiet: Bool
    public let follow: (@Sendable (inout Row, Session) throws -> Void)?
}

public struct LifecycleSchema: Sendable {
    public let start: String
    public let states: [StateSchema]
    public let moves: [MoveSchema]

    public func state(_ name: String) -> StateSchema? { states.first { $0.name == name } }
    public func move(_ name: String) -> MoveSchema? { moves.first { $0.name == name } }
    /// Whether a move leads on from a state, rather than back, aside or away.
    public func isForward(_ move: MoveSchema, from state: String) -> Bool {
        guard let to = states.firstIndex(where: { $0.name == move.to }), states[to].phase != .stopped, states[to].phase != .waiting else { return false }
        return to > states.firstIndex { $0.name == state } ?? 0
    }
    /// The names of the states in which a record is still open.
    public var open: [String] { states.filter(\.phase.isOpen).map(\.name) }
}
