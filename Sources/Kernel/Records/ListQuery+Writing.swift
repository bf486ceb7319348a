extension ListQuery {
    /// The query of an address whose list holds exactly what the condition claims; nil where the grammar cannot say it,
    /// or where the reader may not filter by a field it speaks of. What is written is read again and must come out the same.
    public static func address(of condition: Condition, schema: Schema, session: Session) -> String? {
        let reader = ListQueryReader(schema: schema, session: session)
        let claim = condition.simplified
        let parts: [Condition] = switch claim {
        case .always: []
        case .all(let parts): parts
        default: [claim]
        }
        var filters: [Filter] = []
        for part in parts {
            guard let written = reader.filters(saying: part) else { return nil }
            for filter in written where !filters.contains(filter) { filters.append(filter) }
        }
        // A parameter that stood twice would mean "one of both".
        guard Set(filters.map(\.parameter)).count == filters.count else { return nil }
        // An address without a filter means the first view; that one means all.
        if filters.isEmpty { return "all=yes" }
        return filters.sorted { $0.parameter < $1.parameter }.map { "\(escape($0.parameter))=\(escape($0.value))" }.joined(separator: "&")
    }
}

extension ListQueryReader {
    /// The filters that claim the same as one part of a condition.
    fileprivate func filters(saying part: Condition) -> [ListQuery.Filter]? {
        switch part {
        case .compare(let field, .notEqual, let operand):
            // "Is not" holds for what is empty too; a comparison does not.
            guard let other = filters(saying: .not(.compare(field, .equal, operand))), let filled = filters(saying: .not(.isNull(field))) else { return nil }
            return other + filled
        default:
            return candidates(part).first { says($0, part) }.map { [$0] }
        }
    }

    private func candidates(_ part: Condition) -> [ListQuery.Filter] {
        func filter(_ field: String, _ operation: String?, _ values: [String]) -> ListQuery.Filter { ListQuery.Filter(field: field, operation: operation, values: values) }
        return switch part {
        case .compare(let field, .equal, .value(let value)): [filter(field, nil, [value.wire]), filter(field, "is", [value.wire])]
        case .compare(let field, let comparison, .value(let value)): [filter(field, comparison.rawValue, [value.wire])]
        case .compare(let field, let comparison, .now(let offset)): [filter(field, comparison.rawValue, [offset == 0 ? "now" : "now\(offset < 0 ? "-" : "+")\(offset.magnitude)s"])]
        case .not(.compare(let field, .equal, .value(let value))): [filter(field, "is-not", [value.wire])]
        case .oneOf(let field, let values): [filter(field, nil, values.map(\.wire))]
        case .isNull(let field): [filter(field, "empty", ["true"])]
        case .not(.isNull(let field)): [filter(field, "empty", ["false"])]
        case .contains(let field, let text): [filter(field, "contains", [text])]
        case .includes(let field, let word): [filter(field, "includes", [word])]
        case .within(let field, let box): [filter(field, "within", [box.west, box.south, box.east, box.north].map { "\($0)" })]
        case .isMe(let field): [filter(field, nil, ["me"])]
        case .inMyUnits(let field): [filter(field, nil, ["my-units"])]
        default: []
        }
    }

    /// Whether the filter, read as an address is, claims the same.
    private func says(_ filter: ListQuery.Filter, _ part: Condition) -> Bool {
        guard schema.field(filter.field) != nil, let read = (try? self.filter(filter.parameter, [filter.value])) ?? nil, let claim = try? condition(read) else { return false }
        if case .oneOf(let field, let values) = part, values.count == 1 { return claim == .compare(field, .equal, .value(values[0])) }
        return claim == part
    }
}
