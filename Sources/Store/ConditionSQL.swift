import Kernel

/// Turns a `Condition` into SQL that says the same as `Condition.holds(for:)`: every atom is true or false, never unknown.
struct ConditionSQL {
    let layout: TableLayout
    private var dialect: Dialect { layout.dialect }

    func fragment(_ condition: Condition, negated: Bool = false) -> Fragment {
        switch condition {
        case .always: return constant(!negated)
        case .never: return constant(negated)
        case .not(let part): return fragment(part, negated: !negated)
        case .all(let parts) where !negated && dialect == .sqlite && parts.contains(where: { isBox($0) || isPeriod($0) }):
            let hasBox = parts.contains(where: isBox)
            return .joined(parts.map { beside($0, hasBox) ?? fragment($0) }, by: " AND ")
        case .all(let parts): return list(parts, negated ? " OR " : " AND ", empty: !negated, negated)
        case .any(let parts): return list(parts, negated ? " AND " : " OR ", empty: negated, negated)
        case .isMe, .inMyUnits, .includesMe, .isOpened: preconditionFailure("\(layout.schema.id): a condition reached the store before it was resolved")
        default: return atom(condition, negated)
        }
    }

    /// A part of the map: what lies there is found along the curve.
    private func isBox(_ part: Condition) -> Bool {
        switch part {
        case .along: true
        case .within(let field, let box): layout.schema.field(field).map { field in geo(box).map { PlaceColumns(field, layout).near($0) != nil } ?? false } ?? false
        default: false
        }
    }

    private func geo(_ box: Condition.Box) -> GeoBox? { GeoBox(west: box.west, south: box.south, east: box.east, north: box.north) }

    private func isPeriod(_ part: Condition) -> Bool {
        if case .compare(let field, let comparison, _) = part { field == layout.schema.calendarField && comparison != .notEqual } else { false }
    }

    /// A claim that SQLite is to enter no index by, beside one that leaves fewer records: it takes a record's state for something rare, and a period for shorter
    /// than a part of the map. Nil for all others.
    private func beside(_ part: Condition, _ hasBox: Bool) -> Fragment? {
        switch part {
        case .oneOf(let field, let values):
            guard let schema = layout.schema.field(field), !schema.isAdded, schema.kind == .choice || field == "state", openStates(field, values, false) == nil else { return nil }
            let arguments = values.compactMap { layout.scalar($0, schema) }
            return arguments.isEmpty ? nil : Fragment("(+\(column(field)) IN (\(arguments.map { _ in "?" }.joined(separator: ","))))", arguments)
        case .compare where hasBox && isPeriod(part):
            let claim = fragment(part)
            return Fragment("(+" + claim.sql.dropFirst(), claim.arguments)
        default: return nil
        }
    }

    private func constant(_ holds: Bool) -> Fragment { Fragment(dialect.constant(holds)) }

    private func list(_ parts: [Condition], _ word: String, empty: Bool, _ negated: Bool) -> Fragment {
        if parts.isEmpty { return constant(empty) }
        return .joined(parts.map { fragment($0, negated: negated) }, by: word)
    }

    /// `claim` is null when the field is; the negation then holds.
    private func either(_ column: String, _ claim: String, _ arguments: [SQLValue], _ negated: Bool) -> Fragment {
        negated ? Fragment("(\(column) IS NULL OR NOT (\(claim)))", arguments) : Fragment("(\(claim))", arguments)
    }

    private func atom(_ condition: Condition, _ negated: Bool) -> Fragment {
        switch condition {
        case .isNull(let field): return Fragment("\(filled(field)) IS \(negated ? "NOT " : "")NULL")
        case .compare(let field, let comparison, .value(let value)): return compare(field, comparison, value, negated)
        case .oneOf(let field, let values): return oneOf(field, values, negated)
        case .contains(let field, let text):
            return either(column(field), dialect.contains(column(field), kind(field)), [.text(text)], negated)
        case .includes(let field, let word):
            let name = column(field)
            let claim = dialect.includes(name, word)
            return either(name, claim.sql, claim.arguments, negated)
        case .onlyOf(let field, let words):
            let name = column(field)
            if words.isEmpty { return Fragment("\(name) IS \(negated ? "NOT " : "")NULL") }
            let claim = dialect.hasOnly(name, words)
            return Fragment(negated ? "(\(name) IS NOT NULL AND NOT (\(claim.sql)))" : "(\(name) IS NULL OR \(claim.sql))", claim.arguments)
        case .within(let field, let box): return within(field, box, negated)
        case .along(let field, let stretch, let box): return along(field, stretch, box, negated)
        default: preconditionFailure("\(layout.schema.id): \(condition) cannot be asked of a database")
        }
    }

    private func compare(_ field: String, _ comparison: Condition.Comparison, _ value: Value, _ negated: Bool) -> Fragment {
        let name = column(field)
        guard let schema = layout.schema.field(field), let argument = layout.scalar(value, schema) else { return constant(negated) }
        let operand = operand(argument, schema)
        let symbol = switch comparison {
        case .equal: "="
        case .notEqual: "<>"
        case .less: "<"
        case .lessOrEqual: "<="
        case .greater: ">"
        case .greaterOrEqual: ">="
        }
        if case .money(let money) = value {
            let currency = layout.quoted(schema.column + "_currency")
            return either(name, "\(currency) = ? AND \(name) \(symbol) ?", [.text(money.currency), argument], negated)
        }
        return either(name, "\(name) \(symbol) \(operand.sql)", operand.arguments, negated)
    }

    private func oneOf(_ field: String, _ values: [Value], _ negated: Bool) -> Fragment {
        let name = column(field)
        guard let schema = layout.schema.field(field) else { return constant(negated) }
        if schema.kind == .money {
            return list(values.map { .compare(field, .equal, .value($0)) }, negated ? " AND " : " OR ", empty: negated, negated)
        }
        if let claim = openStates(field, values, negated) { return claim }
        let operands = values.compactMap { layout.scalar($0, schema) }.map { operand($0, schema) }
        if operands.isEmpty { return constant(negated) }
        let list = operands.map(\.sql).joined(separator: ","), arguments = operands.flatMap(\.arguments)
        return either(name, operands.count == 1 ? "\(name) = \(list)" : "\(name) IN (\(list))", arguments, negated)
    }

    /// What a column is compared with: an argument, but of a declared choice the word as it is declared. How many records have it is then known when the
    /// statement is planned, so that the plan can be kept.
    private func operand(_ value: SQLValue, _ field: FieldSchema) -> Fragment {
        if field.kind == .choice, !field.isAdded, case .text(let word) = value, let declared = field.choices.first(where: { $0 == word }) {
            return Fragment(dialect.literal(.text(declared)))
        }
        return Fragment("?", [value])
    }

    /// "Is open" as the expression that the indexes of open records are made over.
    private func openStates(_ field: String, _ values: [Value], _ negated: Bool) -> Fragment? {
        guard field == "state", let isOpen = layout.isOpen, values.count == layout.openStates.count else { return nil }
        guard layout.openStates.allSatisfy({ values.contains(.text($0)) }) else { return nil }
        return switch dialect {
        case .sqlite: Fragment("\(isOpen) = \(negated ? 0 : 1)")
        case .postgres: Fragment(negated ? "(NOT \(isOpen))" : isOpen)
        }
    }

    private func within(_ field: String, _ box: Condition.Box, _ negated: Bool) -> Fragment {
        guard let schema = layout.schema.field(field) else { return constant(negated) }
        guard let box = GeoBox(west: box.west, south: box.south, east: box.east, north: box.north) else { return constant(negated) }
        let place = PlaceColumns(schema, layout), exact = place.within(box)
        if negated { return either(place.latitude, exact.sql, exact.arguments, true) }
        return .joined([place.near(box), exact].compactMap { $0 }, by: " AND ")
    }

    /// One walk through the index of places.
    private func along(_ field: String, _ stretch: ClosedRange<Int64>, _ box: Condition.Box, _ negated: Bool) -> Fragment {
        guard let schema = layout.schema.field(field), let box = GeoBox(west: box.west, south: box.south, east: box.east, north: box.north) else { return constant(negated) }
        let place = PlaceColumns(schema, layout), exact = place.within(box)
        return either(place.cell, "\(place.cell) BETWEEN ? AND ? AND \(exact.sql)", [.integer(stretch.lowerBound), .integer(stretch.upperBound)] + exact.arguments, negated)
    }

    /// The column that says whether a field is empty: of a place, the one that has an index.
    private func filled(_ field: String) -> String {
        guard let schema = layout.schema.field(field), schema.kind == .place, !schema.isAdded else { return column(field) }
        return PlaceColumns(schema, layout).cell
    }

    private func column(_ field: String) -> String { layout.expression(field) }
    private func kind(_ field: String) -> ColumnKind { layout.schema.field(field).map(TableLayout.kind) ?? .text }
}
