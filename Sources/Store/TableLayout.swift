import Foundation
import Kernel
import GRDB

/// How a schema lies in a SQLite table: typed columns that any reporting tool can read; added fields in one JSON column.
///
/// Instants are UTC microseconds, dates ISO text, decimals and money whole numbers of their smallest unit, ids sixteen bytes.
struct TableLayout {
    let schema: Schema
    let columns: [Column]

    struct Column {
        let name: String
        let type: String
    }

    init(_ schema: Schema) {
        self.schema = schema
        var columns = schema.fields.filter { !$0.isAdded }.flatMap(TableLayout.columns)
        if schema.isRecord { columns.append(Column(name: "added", type: "TEXT")) }
        self.columns = columns
    }

    private static func columns(_ field: FieldSchema) -> [Column] {
        let name = field.column
        return switch field.kind {
        case .text, .longText, .choice, .choices, .words, .files, .date: [Column(name: name, type: "TEXT")]
        case .integer, .bool, .decimal, .instant, .duration: [Column(name: name, type: "INTEGER")]
        case .reference, .secret: [Column(name: name, type: "BLOB")]
        case .money: [Column(name: name, type: "INTEGER"), Column(name: name + "_currency", type: "TEXT")]
        case .place:
            [Column(name: name + "_longitude", type: "REAL"), Column(name: name + "_latitude", type: "REAL"), Column(name: name, type: "TEXT")]
        }
    }

    func quoted(_ name: String) -> String { "\"\(name)\"" }
    var table: String { quoted(schema.table) }
    var list: String { columns.map { quoted($0.name) }.joined(separator: ", ") }

    /// What a field is called in a condition: its column, or its member of the added fields.
    func expression(_ field: FieldSchema) -> String {
        field.isAdded ? "json_extract(\"added\", '$.\"\(field.name)\"')" : quoted(field.column)
    }

    /// Whether a record is open, as one expression over its state; nil where all states are. Its words come from the declaration alone, since
    /// an index is only used where the expression is the same to the letter.
    var isOpen: String? {
        guard let lifecycle = schema.lifecycle, lifecycle.open.count < lifecycle.states.count, !lifecycle.open.isEmpty else { return nil }
        return "(\"state\" IN (\(lifecycle.open.sorted().map { "'\($0.replacing("'", with: "''"))'" }.joined(separator: ", "))))"
    }

    /// The one database value that a condition compares with; nil when the value is of another kind.
    func scalar(_ value: Value, _ field: FieldSchema) -> DatabaseValue? {
        switch (value, field.kind) {
        case (.text(let text), .text), (.text(let text), .longText), (.text(let text), .choice): text.databaseValue
        case (.integer(let n), .integer), (.duration(let n), .duration): n.databaseValue
        case (.bool(let flag), .bool): (flag ? 1 : 0).databaseValue
        case (.decimal(let number), .decimal): number.scale == field.scale ? number.units.databaseValue : nil
        case (.money(let money), .money): money.minor.databaseValue
        case (.date(let date), .date): date.iso.databaseValue
        case (.instant(let instant), .instant): instant.microseconds.databaseValue
        case (.reference(let id), .reference): Data(id.bytes).databaseValue
        default: nil
        }
    }

    // MARK: Writing

    func arguments(_ row: Kernel.Row) -> [DatabaseValue] {
        var out: [DatabaseValue] = []
        out.reserveCapacity(columns.count)
        var added: [String: JSON] = [:]
        for (field, value) in zip(row.schema.fields, row.values) {
            if field.isAdded {
                if !value.isNull { added[field.name] = TableLayout.json(value) }
            } else {
                write(value, field, to: &out)
            }
        }
        if row.schema.isRecord { out.append(added.isEmpty ? .null : JSON.object(added).text.databaseValue) }
        return out
    }

    /// Added fields keep instants as microseconds, so that they compare as numbers.
    private static func json(_ value: Value) -> JSON {
        switch value {
        case .instant(let instant): .integer(instant.microseconds)
        default: value.json
        }
    }

    private func write(_ value: Value, _ field: FieldSchema, to out: inout [DatabaseValue]) {
        switch field.kind {
        case .money:
            if case .money(let money) = value { out += [money.minor.databaseValue, money.currency.databaseValue] } else { out += [.null, .null] }
        case .place:
            if case .place(let place) = value {
                out += [place.centre.longitude.databaseValue, place.centre.latitude.databaseValue, place.json.text.databaseValue]
            } else {
                out += [.null, .null, .null]
            }
        case .words, .choices, .files: out.append(value.isNull ? .null : value.json.text.databaseValue)
        case .secret: if case .sealed(let data) = value { out.append(data.databaseValue) } else { out.append(.null) }
        default: out.append(scalar(value, field) ?? .null)
        }
    }

    // MARK: Reading

    func row(_ source: GRDB.Row) throws -> Kernel.Row {
        var values: [Value] = []
        values.reserveCapacity(schema.fields.count)
        var at = 0
        for field in schema.fields where !field.isAdded { values.append(try read(field, source, &at)) }
        if values.count < schema.fields.count {
            let text: String? = source[at]
            let members = try text.map { try Kernel.JSON(text: $0) } ?? .null
            for field in schema.fields where field.isAdded { values.append(added(of: members[field.name], field)) }
        }
        return Kernel.Row(schema, values: values)
    }

    private func added(of json: JSON, _ field: FieldSchema) -> Value {
        if field.kind == .instant { return json.integer.map { .instant(Instant(microseconds: Int64($0))) } ?? .null }
        return (try? Value(json, for: field)) ?? .null
    }

    private func read(_ field: FieldSchema, _ source: GRDB.Row, _ at: inout Int) throws -> Value {
        defer { at += field.kind == .money ? 2 : field.kind == .place ? 3 : 1 }
        let stored: DatabaseValue = source[field.kind == .place ? at + 2 : at]
        if stored.isNull { return .null }
        switch (field.kind, stored.storage) {
        case (.text, .string(let text)), (.longText, .string(let text)), (.choice, .string(let text)): return .text(text)
        case (.integer, .int64(let n)): return .integer(n)
        case (.duration, .int64(let n)): return .duration(n)
        case (.bool, .int64(let n)): return .bool(n != 0)
        case (.decimal, .int64(let n)): return .decimal(FixedPoint(units: n, scale: field.scale))
        case (.instant, .int64(let n)): return .instant(Instant(microseconds: n))
        case (.money, .int64(let n)):
            let currency: String = source[at + 1]
            return .money(Money(minor: n, currency: currency))
        case (.reference, .blob(let data)): if let id = RecordID(bytes: data) { return .reference(id) }
        case (.secret, .blob(let data)): return .sealed(data)
        case (.date, .string(let text)): if let date = CalendarDate(iso: text) { return .date(date) }
        case (.place, .string(let text)): if let place = Place(json: try Kernel.JSON(text: text)) { return .place(place) }
        case (.words, .string(let text)), (.choices, .string(let text)), (.files, .string(let text)): return try list(field, Kernel.JSON(text: text))
        default: break
        }
        throw StoreFault.other("\(schema.table).\(field.column) holds what is not a \(field.kind.rawValue)")
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
