/// The values of one record, in the order of its schema's fields.
public struct Row: Sendable {
    public let schema: Schema
    public var values: [Value]
    /// The classes of fields that are in it for the one it was read for; nil: all. An empty field of another class may be a hidden one.
    public internal(set) var classes: Set<FieldClass>?

    public init(_ schema: Schema, values: [Value]) {
        precondition(values.count == schema.fields.count, "\(schema.id): \(values.count) values for \(schema.fields.count) fields")
        self.schema = schema
        self.values = values
    }

    /// An empty row: nulls but for the fields' initial values.
    public init(new schema: Schema, id: RecordID) {
        self.schema = schema
        values = schema.fields.map(\.initial)
        values[0] = .reference(id)
    }

    /// Whether the field's value is in the row for the one it was read for.
    public func shows(_ field: FieldSchema) -> Bool { shows(field.isSystem ? nil : field.fieldClass) }

    /// Whether fields of the class are; nil stands for what everybody sees.
    public func shows(_ fieldClass: FieldClass?) -> Bool { fieldClass.map { classes?.contains($0) ?? true } ?? true }

    /// The value of a field by wire name; asking for a field that the schema has not is a fault of the program.
    public subscript(_ field: String) -> Value {
        get { values[place(field)] }
        set { values[place(field)] = newValue }
    }

    private func place(_ field: String) -> Int {
        guard let position = schema.position(field) else { preconditionFailure("\(schema.id) has no field \"\(field)\" in its layout") }
        return position
    }

    public var id: RecordID { if case .reference(let id) = values[0] { return id } else { preconditionFailure("a row without an id") } }
    public var reference: String? { schema.isRecord ? text("reference") : nil }
    public var state: String { text("state") ?? "" }
    public var version: Int { if case .integer(let n) = self["version"] { return Int(n) } else { return 0 } }
    public var createdAt: Instant { instant("created-at") ?? Instant(microseconds: 0) }
    public var changedAt: Instant { instant("changed-at") ?? Instant(microseconds: 0) }
    public var createdBy: RecordID? { id("created-by") }
    public var changedBy: RecordID? { id("changed-by") }
    public var phase: Phase { schema.lifecycle?.state(state)?.phase ?? .active }

    public func text(_ field: String) -> String? { if case .text(let text) = self[field] { text } else { nil } }
    public func integer(_ field: String) -> Int? { if case .integer(let n) = self[field] { Int(n) } else { nil } }
    public func bool(_ field: String) -> Bool { self[field] == .bool(true) }
    public func instant(_ field: String) -> Instant? { if case .instant(let instant) = self[field] { instant } else { nil } }
    public func id(_ field: String) -> RecordID? { if case .reference(let id) = self[field] { id } else { nil } }
    public func list(_ field: String) -> [String] { if case .list(let list) = self[field] { list } else { [] } }

    /// The compartments that the record lies in.
    var compartments: [String] { schema.compartmentField.map { [text($0)].compactMap { $0 } + list($0) } ?? [] }
}

/// A record of type `T`, read and written through typed keys.
public struct Record<T: RecordType>: Sendable, Identifiable {
    public internal(set) var row: Row
    public init(_ row: Row) { self.row = row }

    public var id: RecordID { row.id }
    public var ref: Ref<T> { Ref(row.id) }
    public var reference: String { row.reference ?? row.id.description }
    public var version: Int { row.version }
    public var createdAt: Instant { row.createdAt }
    public var changedAt: Instant { row.changedAt }
    public var createdBy: PersonID? { row.createdBy.map(PersonID.init) }
    public var state: T.State {
        guard let state = T.State(rawValue: row.state) else { preconditionFailure("\(T.schemaID): state \(row.state) is not declared") }
        return state
    }

    /// Puts the record into a state without a move: for what a message does by itself, and for drafts of rules. The ledger shows it all the same.
    public mutating func enter(_ state: T.State) { row["state"] = .text(state.rawValue) }

    /// A required field that is still empty (in a draft) or that the reader may not see reads as its type's blank; `value(of:)` tells the two apart.
    public subscript<V: FieldValue>(_ key: Field<T, V>) -> V {
        get { V(row[key.name]) ?? V.blank }
        set { row[key.name] = newValue.value }
    }

    /// The value if there is one: for required keys of a draft.
    public func value<V: FieldValue>(of key: Field<T, V>) -> V? { V(row[key.name]) }
}
