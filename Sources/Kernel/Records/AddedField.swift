/// A field that an administrator added to a record type without a rebuild.
enum AddedField {
    /// The kinds that may be added.
    static let kinds: [FieldKind] = [.text, .longText, .integer, .bool, .date, .instant, .choice, .choices]

    static func schema(_ row: Row) -> FieldSchema? {
        guard let name = row.text("name"), let kind = row.text("kind").flatMap(FieldKind.init) else { return nil }
        var field = FieldSchema(name: name, kind: kind, required: row.bool("is-required"), choices: row.list("choices"))
        field.isAdded = true
        if case .words(let labels) = row["label"] { field.labels = labels }
        return field
    }
}
