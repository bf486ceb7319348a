extension Inspection {
    /// First segments of addresses that are the platform's own.
    static let addresses: Set<String> = [
        "api", "assets", "today", "search", "sign-in", "sign-out", "notices", "account", "events", "kernel", "platform", "health", "metrics", "ledger",
        "measures", "working", "files", "help", "setup",
    ]
    /// Record types may not be called what word keys begin with.
    static let wordPrefixes: Set<String> = ["app", "page", "measure", "role", "refusal", "say", "notice", "job", "field"]
    /// Fields may not be called what the words of a record's other parts begin with, nor what the table has besides.
    static let fieldNames: Set<String> = ["state", "move", "view", "group", "notice", "clock", "shortcut", "plural", "empty", "added"]
    /// What stands after a record type's address.
    static let plurals: Set<String> = ["new", "edit", "moves", "history", "working"]

    /// Small letters, digits and single hyphens; a letter first.
    static func isKebab(_ name: String) -> Bool {
        var previous = UInt8(ascii: "-")
        for byte in name.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): break
            case UInt8(ascii: "0")...UInt8(ascii: "9"): if previous == UInt8(ascii: "-"), byte != previous, name.utf8.first == byte { return false }
            case UInt8(ascii: "-"): if previous == UInt8(ascii: "-") { return false }
            default: return false
            }
            previous = byte
        }
        return previous != UInt8(ascii: "-")
    }

    mutating func inspectApps() {
        for name in registry.apps.map(\.name).repeated { report(.appTwice, name, nil, nil, "give one of the two apps another name") }
        for app in registry.apps {
            if !Self.isKebab(app.name) { report(.notKebab, app.name, nil, nil, "the app's name; write it as \"service-desk\"") }
            if Self.addresses.contains(app.name) { report(.reserved, app.name, nil, nil, "the platform has /\(app.name); give the app another name") }
            let schemas = registry.schemas(of: app)
            for name in schemas.map(\.name).repeated { report(.recordTwice, app.name, name, nil, "give one of the two another name") }
            for plural in schemas.map(\.plural).repeated { report(.pluralTwice, app.name, plural, nil, "give one of the two record types another plural") }
        }
        let tables = Dictionary(grouping: registry.schemas, by: \.table)
        for (table, schemas) in tables.sorted(by: { $0.key < $1.key }) where Set(schemas.map(\.id)).count > 1 {
            let others = schemas.map(\.id).sorted().joined(separator: " and ")
            report(.oneTable, schemas[0], nil, "\(others) are both the table \(table); rename one")
        }
    }

    mutating func inspectNames(_ schema: Schema) {
        for (what, name) in [("the record type's name", schema.name), ("its plural", schema.plural)] where !Self.isKebab(name) {
            report(.notKebab, schema, nil, "\(what) \"\(name)\"; write it as \"change-request\"")
        }
        if Self.wordPrefixes.contains(schema.name) { report(.reserved, schema, nil, "words begin with \"\(schema.name).\" for another reason; choose another name") }
        if Self.plurals.contains(schema.plural) { report(.reserved, schema, nil, "\"\(schema.plural)\" follows addresses; choose another plural") }
        for field in schema.ownFields {
            if !Self.isKebab(field.name) { report(.notKebab, schema, field.name, "the field's name; write it as \"due-at\"") }
            if Self.fieldNames.contains(field.name) || Schema.systemFields.contains(where: { $0.name == field.name }) {
                report(.reserved, schema, field.name, "every record has this already; give the field another name")
            }
            for choice in field.choices where !Self.isKebab(choice) { report(.notKebab, schema, field.name, "the choice \"\(choice)\"; give its case a raw value in kebab-case") }
        }
        inspectRepetitions(schema)
    }

    private mutating func inspectRepetitions(_ schema: Schema) {
        for name in schema.ownFields.map(\.name).repeated { report(.fieldTwice, schema, name, "take it out of one group") }
        var columns: [String] = []
        for field in schema.ownFields where !schema.ownFields.map(\.name).repeated.contains(field.name) {
            columns.append(field.column)
            if field.kind == .money { columns.append(field.column + "_currency") }
            if field.kind == .place { columns += ["_longitude", "_latitude", "_cell"].map { field.column + $0 } }
        }
        for column in columns.repeated {
            report(.oneTable, schema, column.replacing("_", with: "-"), "two fields are kept in the column \(column); rename one")
        }
        let parts: [(String, [String])] = [
            ("move", schema.lifecycle?.moves.map(\.name) ?? []), ("state", schema.lifecycle?.states.map(\.name) ?? []), ("view", schema.views.map(\.name)),
            ("group", schema.groups.map(\.name)), ("clock", schema.clocks.map(\.name)), ("notice", schema.notices.map(\.name)),
            ("shortcut", schema.shortcuts.map(\.name)),
        ]
        for (what, names) in parts {
            // One notice may tell several people: the words are the same, the fields are not.
            if what != "notice" { for name in names.repeated { report(.partTwice, schema, nil, "the \(what) \"\(name)\"; rename one") } }
            for name in names where !Self.isKebab(name) { report(.notKebab, schema, nil, "the \(what) \"\(name)\"; write it as \"take-over\"") }
        }
        let notices = schema.notices.map { "\($0.name) for \($0.field) on \($0.event)" }
        for notice in notices.repeated { report(.partTwice, schema, nil, "the notice \(notice); take one out") }
    }

    mutating func inspectNumbering(_ schema: Schema) {
        guard let numbering = schema.numbering else { return }
        let rest = numbering.pattern.replacing("{year}", with: "")
        let counters = rest.split(separator: "{", omittingEmptySubsequences: false).dropFirst().filter { part in
            part.split(separator: "}", omittingEmptySubsequences: false).first.map { !$0.isEmpty && $0.allSatisfy { $0 == "0" } } ?? false
        }
        if counters.count != 1 || rest.filter({ $0 == "{" }).count != 1 || rest.filter({ $0 == "}" }).count != 1 {
            report(.noCounter, schema, nil, "\"\(numbering.pattern)\"; write it as \"REQ-{year}-{000000}\"")
        }
        let same = registry.schemas.filter { $0.numbering?.pattern == numbering.pattern && $0.id != schema.id }
        for other in same { report(.numberingTwice, schema, nil, "\(other.id) counts with \"\(numbering.pattern)\" too; give each its own letters") }
    }
}
