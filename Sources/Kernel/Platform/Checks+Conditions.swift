extension Inspection {
    /// Whether the condition can be asked of the record type; `use` says what it stands in.
    mutating func inspect(_ condition: Condition, _ schema: Schema, _ use: String) {
        switch condition {
        case .always, .never: break
        case .all(let parts), .any(let parts): for part in parts { inspect(part, schema, use) }
        case .not(let part): inspect(part, schema, use)
        default: inspect(atom: condition, schema, use)
        }
    }

    private mutating func inspect(atom: Condition, _ schema: Schema, _ use: String) {
        guard let name = atom.fields.first else { return }
        guard let field = schema.field(name) else {
            report(.conditionField, schema, name, "\(use) speaks of it; put it into the layout or correct the condition")
            return
        }
        if name == "state" {
            for state in atom.texts where !schema.stateNames.contains(state) {
                report(.stateUnknown, schema, nil, "\(use) speaks of the state \"\(state)\"; use the record type's own State")
            }
        }
        if let fault = Self.fault(of: atom, field) { report(.conditionKind, schema, name, "\(use): \(fault)") }
    }

    private static func fault(of atom: Condition, _ field: FieldSchema) -> String? {
        let kind = field.kind.rawValue
        switch atom {
        case .compare(_, _, .now): return field.kind == .instant ? nil : "only instants stand to now; this is a \(kind)"
        case .compare(_, _, .value(.null)): return "nothing compares with an empty value; ask isEmpty or isFilled"
        case .compare(_, _, .value(let value)): return value.fits(field) ? nil : "\(value.wire) cannot be compared with a \(kind)"
        case .oneOf(_, let values):
            return values.first { !$0.fits(field) }.map { "\($0.wire) cannot be compared with a \(kind)" }
        case .contains: return field.kind == .text || field.kind == .longText ? nil : "only text contains text; this is a \(kind)"
        case .includes(_, let word):
            if field.kind != .choices { return "only lists include a word; this is a \(kind)" }
            return field.choices.isEmpty || field.choices.contains(word) ? nil : "\"\(word)\" is none of its choices"
        case .onlyOf: return field.kind == .choices ? nil : "only lists hold nothing but some words; this is a \(kind)"
        case .within, .along: return field.kind == .place ? nil : "only places lie in a box; this is a \(kind)"
        case .isMe: return field.target == "directory.person" ? nil : "only a person is me; this leads to \(field.target ?? "nothing")"
        case .inMyUnits: return field.target == "directory.unit" ? nil : "only units are mine; this leads to \(field.target ?? "nothing")"
        case .isOpened: return field.kind == .reference ? nil : "only records are opened; this is a \(kind)"
        case .includesMe: return field.kind == .choices && field.choices.isEmpty ? nil : "only an open list names persons and units; this is a \(kind)"
        default: return nil
        }
    }
}

extension Condition {
    /// The texts an atom compares with.
    fileprivate var texts: [String] {
        let values: [Value] = switch self {
        case .compare(_, _, .value(let value)): [value]
        case .oneOf(_, let values): values
        default: []
        }
        return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }
}

extension Schema {
    /// The states a record of the type may be in.
    var stateNames: [String] { lifecycle?.states.map(\.name) ?? Standing.choices }
}
