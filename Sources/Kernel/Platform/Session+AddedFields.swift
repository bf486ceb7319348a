import Foundation

extension Session {
    /// The kinds a field may have that an administrator adds.
    public static var addableKinds: [FieldKind] { AddedField.kinds }

    /// Adds a field to a record type without a rebuild; for administrators. The new field is there after the transaction.
    /// - Parameter labels: its name by language; at least one.
    @discardableResult
    public func addField(
        to schema: Schema, name: String, kind: FieldKind, isRequired: Bool = false, choices: [String] = [], labels: [Language: String]
    ) throws -> RecordID {
        guard access.holds(.administrator) else { throw Refusal("may-not-change", .forbidden) }
        guard schema.isRecord else { throw Refusal.absent }
        var faults: [Refusal] = []
        let isForm = name.utf8.count <= 60 && name.range(of: "^[a-z][a-z0-9]*(-[a-z0-9]+)*$", options: .regularExpression) != nil
        if !isForm { faults.append(Refusal("field-name-form", field: "name")) }
        // A name of the platform's own or one already taken would make two columns of one name.
        if schema.field(name) != nil || Self.reservedNames.contains(name) { faults.append(Refusal("field-name-taken", .conflict, field: "name", ["name": name])) }
        if !AddedField.kinds.contains(kind) { faults.append(Refusal("field-kind", field: "kind")) }
        let words = choices.map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        let isChoice = kind == .choice || kind == .choices
        if isChoice, words.count < 2 || Set(words).count != words.count || words.contains(where: { $0.utf8.count > 120 || $0.contains(",") }) || words.count > 200 {
            faults.append(Refusal("field-choices", field: "choices"))
        }
        let texts = try cleanLabels(labels)
        if texts.isEmpty { faults.append(Refusal("required", field: "label")) }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }

        let claim = Condition.compare("schema", .equal, .value(.text(schema.id)))
        let place = try reader.count(Tables.addedField, where: claim, upTo: 10_000).number + 1
        guard place <= 100 else { throw Refusal("field-too-many", .conflict) }
        // What is there already cannot fill a new required field: it becomes required with the next record only if there is none yet.
        if isRequired, try reader.count(schema, where: .always, upTo: 1).number > 0 { throw Refusal("field-required-late", field: "required") }
        // Of its name, so that two servers cannot add the same at the same moment.
        var row = Row(new: Tables.addedField, id: Platform.id(hex: Platform.digest("\(schema.id).\(name)").prefix(32)) ?? .at(now))
        row["schema"] = .text(schema.id)
        row["name"] = .text(name)
        row["kind"] = .text(kind.rawValue)
        row["is-required"] = .bool(isRequired)
        row["choices"] = isChoice ? .list(words) : .null
        row["label"] = .words(texts)
        row["place"] = .integer(Int64(place))
        try write().insert(row)
        try write().append(LedgerEntry(event: "add-field", schema: row.schema.id, record: row.id, version: 1, at: now, facts: [
            "by": .string(viewer.id.description), "of": .string(schema.id), ".name": .string(name), ".kind": .string(kind.rawValue),
            ".is-required": .bool(isRequired), ".choices": .array(words.map(JSON.string)), ".label": row["label"].json,
        ]))
        emit("create", row)
        return row.id
    }

    private static let reservedNames: Set<String> = ["id", "reference", "state", "version", "added", "csrf", "comment"]

    private func cleanLabels(_ labels: [Language: String]) throws -> [Language: String] {
        var texts: [Language: String] = [:]
        for (language, text) in labels {
            let field = FieldSchema(name: "label", kind: .text, traits: [.max(80)])
            if case .text(let clean) = try Value.clean(text.trimmingCharacters(in: .whitespacesAndNewlines), for: field) { texts[language] = clean }
        }
        return texts
    }
}
