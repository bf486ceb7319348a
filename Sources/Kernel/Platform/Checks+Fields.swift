import Foundation

extension Inspection {
    private static let texts: Set<FieldKind> = [.text, .longText, .words, .secret]
    private static let searched: Set<FieldKind> = [.text, .longText, .words, .choice, .choices]
    private static let unique: Set<FieldKind> = [.text, .choice, .integer, .date, .instant, .reference]

    mutating func inspectFields(_ schema: Schema) {
        for field in schema.ownFields {
            inspectTraits(field, schema)
            inspectSecrecy(field, schema)
            if field.kind == .choice, field.choices.isEmpty { report(.noChoices, schema, field.name, "give its enum a case") }
            inspectTarget(field, schema)
            if let pattern = field.pattern, (try? NSRegularExpression(pattern: "^(?:\(pattern))$")) == nil {
                report(.badPattern, schema, field.name, "\"\(pattern)\" cannot be read; correct it")
            }
            if !field.initial.isNull, let fault = fault(of: field.initial, in: field) { report(.badInitial, schema, field.name, "\(fault); choose another initial value") }
        }
    }

    private mutating func inspectTarget(_ field: FieldSchema, _ schema: Schema) {
        guard field.kind == .reference else { return }
        guard let target = field.target else {
            report(.targetMissing, schema, field.name, "it says not what it leads to; add `.links(\"app.record\")`")
            return
        }
        if registry.schema(target) == nil { report(.targetMissing, schema, field.name, "no app declares \"\(target)\"; correct the name or add the app") }
    }

    private mutating func inspectTraits(_ field: FieldSchema, _ schema: Schema) {
        let kind = field.kind
        var unfit: [String] = []
        if field.max != nil, !Self.texts.contains(kind) { unfit.append("max") }
        if field.range != nil, ![.integer, .decimal, .duration].contains(kind) { unfit.append("range") }
        if field.scale != 0, kind != .decimal { unfit.append("scale") }
        if field.currency != nil, kind != .money { unfit.append("currency") }
        if field.pattern != nil, !Self.texts.contains(kind) { unfit.append("pattern") }
        if field.target != nil, kind != .reference { unfit.append("links") }
        if kind != .secret {
            if field.isSearchable, !Self.searched.contains(kind) { unfit.append("searchable") }
            if field.isIndexed, !ListQueryReader.sortable.contains(kind) { unfit.append("indexed") }
            if field.isUnique, !Self.unique.contains(kind) { unfit.append("unique") }
        }
        for trait in unfit { report(.traitUnfit, schema, field.name, "`.\(trait)` means nothing for \(kind.rawValue); take it away") }
        if let max = field.max, max < 1 { report(.traitUnfit, schema, field.name, "`.max(\(max))` leaves no room; allow a character at least") }
    }

    private mutating func inspectSecrecy(_ field: FieldSchema, _ schema: Schema) {
        if field.kind == .secret {
            let uses = [
                field.isSearchable ? "searchable" : nil, field.isIndexed ? "indexed" : nil, field.isUnique ? "unique" : nil,
                schema.titleField == field.name ? "the title" : nil, schema.subtitleField == field.name ? "the subtitle" : nil,
                schema.columns.contains(field.name) || schema.views.contains { $0.columns.contains(field.name) } ? "a column" : nil,
            ].compactMap { $0 }
            for use in uses { report(.secretSearchable, schema, field.name, "it is encrypted and cannot be \(use); take that away") }
        }
        if field.fieldClass == .exact, field.isSearchable {
            report(.sensitiveSearchable, schema, field.name, "a search would tell those who may not read it; make what all may read searchable")
        }
        guard field.fieldClass == .sensitive else { return }
        if field.isSearchable { report(.sensitiveSearchable, schema, field.name, "a search would read it unseen by the ledger; take `.searchable` away") }
        let filters = schema.views.contains { $0.condition.fields.contains(field.name) || $0.sort.contains { $0.field == field.name } }
        if filters { report(.sensitiveSearchable, schema, field.name, "a view would read it unseen by the ledger; filter and sort by another field") }
        for measure in registry.measures where measure.schemaID == schema.id && measure.dimensions.contains(field.name) {
            report(.sensitiveSearchable, schema, field.name, "the measure \(measure.name) would print it; group by another field")
        }
    }

    /// Why the value cannot stand in the field.
    private func fault(of value: Value, in field: FieldSchema) -> String? {
        guard value.fits(field) || value.isWhole(of: field) else { return "it is not a \(field.kind.rawValue)" }
        if case .list(let words) = value, let word = words.first(where: { !field.choices.isEmpty && !field.choices.contains($0) }) { return "\"\(word)\" is no choice" }
        do {
            if case .text(let text) = value, field.kind != .choice { _ = try Value.clean(text, for: field) }
            _ = try Value.checked(value, for: field)
        } catch {
            return "its own rules refuse \(value.wire)"
        }
        return nil
    }

    /// The fields that play a part: title, unit, owner, label, compartment, calendar, board, columns.
    mutating func inspectParts(_ schema: Schema) {
        let parts: [(String, String?)] = [
            ("title", schema.titleField), ("subtitle", schema.subtitleField), ("unit", schema.unitField), ("owner", schema.ownerField),
            ("label", schema.labelField), ("compartment", schema.compartmentField), ("calendar", schema.calendarField), ("board", schema.boardField),
        ]
        for (part, name) in parts {
            guard let name, schema.field(name) == nil else { continue }
            report(.titleNotInLayout, schema, name, "it is the \(part); put it into a group of the layout")
        }
        for name in schema.columns where schema.field(name) == nil { report(.columnUnknown, schema, name, "it is a column of the list; put it into the layout") }
        if let title = schema.field(schema.titleField), title.fieldClass != .ordinary && title.fieldClass != .personal {
            report(.titleHidden, schema, title.name, "it is \(title.fieldClass.rawValue); make another field the title")
        }
        if let field = schema.labelField.flatMap(schema.field), field.kind != .choice || field.choices != Label.choices {
            report(.notLabel, schema, field.name, "declare it as `Key<Label>`")
        }
        if let field = schema.compartmentField.flatMap(schema.field), ![.text, .choice, .choices].contains(field.kind) {
            report(.notLabel, schema, field.name, "declare the compartments as `Key<[String]>`, `Key<String?>` or choices")
        }
        if let field = schema.unitField.flatMap(schema.field), field.target != "directory.unit" {
            report(.notUnit, schema, field.name, "declare it as `Key<UnitID?>`")
        }
        inspectUses(schema)
    }

    private mutating func inspectUses(_ schema: Schema) {
        if let field = schema.ownerField.flatMap(schema.field), field.target != "directory.person" {
            report(.roleOfField, schema, field.name, "declare the owner as `Key<PersonID?>`")
        }
        if let field = schema.calendarField.flatMap(schema.field), field.kind != .date && field.kind != .instant {
            report(.roleOfField, schema, field.name, "show records in a calendar by a date or an instant")
        }
        if let field = schema.boardField.flatMap(schema.field), field.kind != .choice && field.name != "state" {
            report(.roleOfField, schema, field.name, "make the columns of a board from a choice")
        }
    }
}

extension Value {
    /// Whether a condition can compare the field with the value.
    func fits(_ field: FieldSchema) -> Bool {
        switch (self, field.kind) {
        case (.text, .text), (.text, .longText), (.integer, .integer), (.bool, .bool), (.date, .date), (.instant, .instant), (.duration, .duration),
             (.reference, .reference): true
        case (.text(let text), .choice): field.choices.contains(text)
        case (.decimal(let number), .decimal): number.scale == field.scale
        case (.money(let money), .money): field.currency == nil || field.currency == money.currency
        default: false
        }
    }

    /// Kinds that no condition compares with, but that a record can begin with.
    fileprivate func isWhole(of field: FieldSchema) -> Bool {
        switch (self, field.kind) {
        case (.words, .words), (.list, .choices), (.place, .place), (.files, .files), (.secret, .secret): true
        default: false
        }
    }
}
