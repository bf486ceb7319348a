import Foundation
import Kernel
import Synchronization

/// How a schema lies in a table: typed columns that any reporting tool can read; added fields in one JSON column.
///
/// Decimals and money are whole numbers of their smallest unit. In SQLite instants are UTC microseconds, dates ISO text and ids sixteen bytes; PostgreSQL
/// has types for them.
struct TableLayout {
    let schema: Schema
    let dialect: Dialect
    let columns: [Column]
    /// The table's name and the list of its columns, as SQL has them.
    let table: String, list: String
    /// How each field that has columns is read.
    private let slots: [Slot]
    private let added: [FieldSchema]
    private let expressions: [String: String]
    private let isNarrow: Bool
    /// Whether a record is open, as one expression over its state; nil where all states are. Its words come from the declaration alone, since
    /// an index is only used where the expression is the same to the letter.
    let isOpen: String?
    /// The states that it names.
    let openStates: [String]

    /// Where a field lies in a row that was read, and what is there.
    private struct Slot {
        let kind: FieldKind
        let stored: ColumnKind
        let column: Int
        let scale: Int
        /// Its place among the schema's fields.
        let place: Int
    }

    struct Column {
        let name: String
        let kind: ColumnKind
    }

    /// - Parameter fields: those that are read, beside the id; nil: all.
    init(_ schema: Schema, _ dialect: Dialect, fields: Set<String>? = nil) {
        self.schema = schema
        self.dialect = dialect
        func isRead(_ field: FieldSchema) -> Bool { fields?.contains(field.name) ?? true || field.name == "id" }
        var columns = schema.fields.filter { !$0.isAdded && isRead($0) }.flatMap(TableLayout.columns)
        added = schema.fields.filter { $0.isAdded && isRead($0) }
        if schema.isRecord, fields == nil || !added.isEmpty { columns.append(Column(name: "added", kind: .json)) }
        self.columns = columns
        isNarrow = fields != nil
        expressions = Dictionary(
            schema.fields.map { ($0.name, $0.isAdded ? dialect.member($0.name, Self.kind($0)) : Self.quoted($0.column)) }, uniquingKeysWith: { first, _ in first })
        let open = schema.lifecycle?.open.sorted() ?? []
        openStates = open.count < schema.lifecycle?.states.count ?? 0 ? open : []
        isOpen = openStates.isEmpty ? nil : "(\"state\" IN (\(openStates.map { dialect.literal(.text($0)) }.joined(separator: ", "))))"
        table = Self.quoted(schema.table)
        list = columns.map { Self.quoted($0.name) }.joined(separator: ", ")
        var slots: [Slot] = [], at = 0
        for (place, field) in schema.fields.enumerated() where !field.isAdded && isRead(field) {
            // Of a place, the third of its columns holds all of it; the others are what it is found by.
            slots.append(Slot(kind: field.kind, stored: Self.kind(field), column: field.kind == .place ? at + 2 : at, scale: field.scale, place: place))
            at += Self.columns(field).count
        }
        self.slots = slots
    }

    /// What the field's own column holds.
    static func kind(_ field: FieldSchema) -> ColumnKind {
        switch field.kind {
        case .text, .longText, .choice: .text
        case .choices, .words, .files, .place: .json
        case .integer, .decimal, .duration, .money: .integer
        case .date: .day
        case .bool: .bool
        case .instant: .instant
        case .reference: .id
        case .secret: .bytes
        }
    }

    /// The columns of a field that has its own.
    static func columns(_ field: FieldSchema) -> [Column] {
        let name = field.column
        let own = Column(name: name, kind: kind(field))
        return switch field.kind {
        case .money: [own, Column(name: name + "_currency", kind: .text)]
        case .place:
            [Column(name: name + "_longitude", kind: .real), Column(name: name + "_latitude", kind: .real), own, Column(name: name + "_cell", kind: .integer)]
        default: [own]
        }
    }

    func type(_ column: Column) -> String { dialect.type(column.kind) }
    func quoted(_ name: String) -> String { Self.quoted(name) }
    private static func quoted(_ name: String) -> String { "\"\(name)\"" }

    /// What a field is called in a condition: its column, or its member of the added fields.
    func expression(_ field: FieldSchema) -> String { expression(field.name) }

    /// - Parameter field: its name; asking for a field that the schema has not is a fault of the program.
    func expression(_ field: String) -> String {
        guard let expression = expressions[field] else { preconditionFailure("\(schema.id) has no field \"\(field)\"") }
        return expression
    }

    /// The one database value that a condition compares with; nil when the value is of another kind.
    func scalar(_ value: Value, _ field: FieldSchema) -> SQLValue? {
        switch (value, field.kind) {
        case (.text(let text), .text), (.text(let text), .longText), (.text(let text), .choice): .text(text)
        case (.integer(let n), .integer), (.duration(let n), .duration): .integer(n)
        case (.bool(let flag), .bool): .bool(flag)
        case (.decimal(let number), .decimal): number.scale == field.scale ? .integer(number.units) : nil
        case (.money(let money), .money): .integer(money.minor)
        case (.date(let date), .date): .day(date)
        case (.instant(let instant), .instant): .instant(instant)
        case (.reference(let id), .reference): .id(id)
        default: nil
        }
    }

    // MARK: Writing

    func arguments(_ row: Row) -> [SQLValue] {
        var out: [SQLValue] = []
        out.reserveCapacity(columns.count)
        var added: [String: JSON] = [:]
        for (field, value) in zip(row.schema.fields, row.values) {
            if field.isAdded {
                if !value.isNull { added[field.name] = TableLayout.json(value) }
            } else {
                write(value, field, to: &out)
            }
        }
        if row.schema.isRecord { out.append(added.isEmpty ? .null(.json) : .json(JSON.object(added).text)) }
        return out
    }

    /// Added fields keep instants as microseconds, so that they compare as numbers.
    private static func json(_ value: Value) -> JSON {
        switch value {
        case .instant(let instant): .integer(instant.microseconds)
        default: value.json
        }
    }

    private func write(_ value: Value, _ field: FieldSchema, to out: inout [SQLValue]) {
        switch field.kind {
        case .money:
            if case .money(let money) = value { out += [.integer(money.minor), .text(money.currency)] } else { out += [.null(.integer), .null(.text)] }
        case .place:
            if case .place(let place) = value {
                let centre = place.centre
                out += [.real(centre.longitude), .real(centre.latitude), .json(place.json.text), MapCurve.number(centre).map(SQLValue.integer) ?? .null(.integer)]
            } else {
                out += [.null(.real), .null(.real), .null(.json), .null(.integer)]
            }
        case .words, .choices, .files: out.append(value.isNull ? .null(.json) : .json(value.json.text))
        case .secret: if case .sealed(let data) = value { out.append(.bytes(data)) } else { out.append(.null(.bytes)) }
        default: out.append(scalar(value, field) ?? .null(TableLayout.kind(field)))
        }
    }

    // MARK: Reading

    func row(_ source: some ResultRow) throws -> Row {
        var values: [Value]
        if isNarrow {
            values = Array(repeating: .null, count: schema.fields.count)
            for slot in slots { values[slot.place] = try read(slot, source) }
        } else {
            values = []
            values.reserveCapacity(schema.fields.count)
            for slot in slots { values.append(try read(slot, source)) }
            for _ in added { values.append(.null) }
        }
        if !added.isEmpty, case .json(let text)? = source.value(columns.count - 1, .json) {
            let members = try JSON(text: text)
            for field in added { if let place = schema.position(field.name) { values[place] = value(of: members[field.name], field) } }
        }
        return Row(schema, values: values)
    }

    private func value(of json: JSON, _ field: FieldSchema) -> Value {
        if field.kind == .instant { return json.integer.map { .instant(Instant(microseconds: Int64($0))) } ?? .null }
        return (try? Value(json, for: field)) ?? .null
    }

    private func read(_ slot: Slot, _ source: some ResultRow) throws -> Value {
        guard let stored = source.value(slot.column, slot.stored) else { throw fault(schema.fields[slot.place]) }
        switch (slot.kind, stored) {
        case (_, .null): return .null
        case (.money, .integer(let n)): if case .text(let currency)? = source.value(slot.column + 1, .text) { return .money(Money(minor: n, currency: currency)) }
        case (.place, .json(let text)): if let place = Place(json: try JSON(text: text)) { return .place(place) }
        case (.words, .json(let text)), (.choices, .json(let text)), (.files, .json(let text)): return try list(schema.fields[slot.place], JSON(text: text))
        default: if let value = Self.scalar(stored, slot.kind, scale: slot.scale) { return value }
        }
        throw fault(schema.fields[slot.place])
    }

    private func fault(_ field: FieldSchema) -> StoreFault { .other("\(schema.table).\(field.column) holds what is not a \(field.kind.rawValue)") }

    /// A value of one column.
    static func scalar(_ stored: SQLValue, _ kind: FieldKind, scale: Int) -> Value? {
        switch (kind, stored) {
        case (.text, .text(let text)), (.longText, .text(let text)), (.choice, .text(let text)): .text(text)
        case (.integer, .integer(let n)): .integer(n)
        case (.duration, .integer(let n)): .duration(n)
        case (.decimal, .integer(let n)): .decimal(FixedPoint(units: n, scale: scale))
        case (.bool, .bool(let flag)): .bool(flag)
        case (.instant, .instant(let instant)): .instant(instant)
        case (.reference, .id(let id)): .reference(id)
        case (.secret, .bytes(let data)): .sealed(data)
        case (.date, .day(let date)): .date(date)
        default: nil
        }
    }

    private func list(_ field: FieldSchema, _ json: JSON) throws -> Value {
        switch field.kind {
        case .words:
            let texts = (json.object ?? [:]).compactMap { key, value in Language(rawValue: key).flatMap { language in value.string.map { (language, $0) } } }
            return .words(Dictionary(uniqueKeysWithValues: texts))
        case .choices: return .list((json.array ?? []).compactMap(\.string))
        default: return try Value(json, for: field)
        }
    }
}

/// The layouts of schemas, made once for each selection of fields; an extended schema is another object and gets its own.
final class LayoutCache: Sendable {
    private struct Key: Hashable {
        let schema: ObjectIdentifier
        let fields: Set<String>?
    }
    private let dialect: Dialect
    private let kept = Mutex<[Key: TableLayout]>([:])

    init(_ dialect: Dialect) { self.dialect = dialect }

    func layout(_ schema: Schema, fields: Set<String>? = nil) -> TableLayout {
        kept.withLock { kept in
            let key = Key(schema: ObjectIdentifier(schema), fields: fields)
            if let layout = kept[key] { return layout }
            let layout = TableLayout(schema, dialect, fields: fields)
            kept[key] = layout
            return layout
        }
    }
}
