/// How the value of a field came about, by the rules of its own record type: a sentence, and what counted.
public struct Explanation: Sendable {
    public let summary: String?
    public let sections: [Working.Section]

    public init(summary: String? = nil, _ sections: [Working.Section]) {
        self.summary = summary
        self.sections = sections
    }
}

/// What a record type itself says of one of its fields: why the value is what it is, or what it reads as. The record is given as the reader may see it.
public struct Telling<T: RecordType>: Sendable {
    let field: String
    let told: FieldTelling

    /// The explanation of a value that rules derive; it stands first in the field's working.
    public static func why(_ key: any FieldKey, _ explain: @escaping @Sendable (Record<T>, Session) throws -> Explanation) -> Telling {
        Telling(field: key.schema.name, told: FieldTelling(explain: { try explain(Record($0), $1) }))
    }

    /// A value that programs read, as lines for people: a label and a text each. No lines: the value is shown as it is.
    public static func lines(_ key: any FieldKey, _ lines: @escaping @Sendable (Record<T>, Session) throws -> [(label: String, text: String)]) -> Telling {
        Telling(field: key.schema.name, told: FieldTelling(lines: { try lines(Record($0), $1) }))
    }
}

/// The same without the Swift type of the record.
struct FieldTelling: Sendable {
    var explain: (@Sendable (Row, Session) throws -> Explanation)?
    var lines: (@Sendable (Row, Session) throws -> [(label: String, text: String)])?

    static func byField<T>(_ tellings: [Telling<T>]) -> [String: FieldTelling] {
        tellings.reduce(into: [:]) { all, telling in
            all[telling.field, default: FieldTelling()].explain = telling.told.explain ?? all[telling.field]?.explain
            all[telling.field, default: FieldTelling()].lines = telling.told.lines ?? all[telling.field]?.lines
        }
    }
}

extension Schema {
    /// Whether the record type explains how the field's value comes about.
    public func explains(_ field: FieldSchema) -> Bool { tellings[field.name]?.explain != nil }
}

extension Session {
    /// The field's value as lines for people, where its record type has a way to read it; nil where the value is shown as it is.
    public func lines(of field: FieldSchema, _ row: Row) throws -> [(label: String, text: String)]? {
        guard let lines = row.schema.tellings[field.name]?.lines, row.shows(field), !row[field.name].isNull else { return nil }
        let read = try lines(row, self)
        return read.isEmpty ? nil : read
    }

    /// The lines of a value that the field had once, as one text.
    public func told(_ value: Value, of field: FieldSchema, in row: Row) throws -> String? {
        guard row.schema.tellings[field.name]?.lines != nil else { return nil }
        var then = row
        then[field.name] = value
        return try lines(of: field, then)?.map { "\($0.label) \($0.text)" }.joined(separator: " · ")
    }
}
