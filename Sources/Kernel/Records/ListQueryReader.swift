import Foundation

/// Reads the parts of a list's address against a record type, for one reader: what they may not filter by does not exist.
struct ListQueryReader {
    let schema: Schema
    let session: Session
    private let open: Set<FieldClass>

    init(schema: Schema, session: Session) {
        self.schema = schema
        self.session = session
        open = session.access.commonClasses(schema)
    }

    func malformed(_ code: String, _ parameter: String, _ arguments: [String: String] = [:]) -> Refusal {
        Refusal(code, .malformed, field: parameter, arguments.merging(["parameter": parameter]) { given, _ in given })
    }

    /// A field the reader may see on every record they can read.
    private func field(_ name: String, in parameter: String) throws -> FieldSchema {
        guard let field = schema.field(name), open.contains(field.fieldClass) else { throw malformed("unknown-field", parameter, ["field": name]) }
        return field
    }

    /// Each read of a sensitive field is in the ledger; a filter would read it unseen.
    private func isFilterable(_ field: FieldSchema) -> Bool {
        open.contains(field.fieldClass) && field.fieldClass != .sensitive && field.kind != .secret
    }

    // MARK: Views, order, size

    func isOpen(_ view: ViewDefinition) -> Bool {
        view.condition.fields.allSatisfy { schema.field($0).map(isFilterable) ?? false }
    }

    func view(_ name: String) throws -> ViewDefinition {
        guard let view = schema.views.first(where: { $0.name == name }), isOpen(view) else { throw malformed("unknown-view", "view", ["view": name]) }
        return view
    }

    static let sortable: Set<FieldKind> = [.text, .choice, .integer, .bool, .decimal, .money, .date, .instant, .duration, .reference]

    func visible(_ sort: [Sort]) -> [Sort] {
        sort.filter { key in schema.field(key.field).map { isFilterable($0) } ?? false }
    }

    func sort(_ text: String) throws -> [Sort] {
        var keys: [Sort] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let descending = part.hasPrefix("-")
            let field = try field(String(descending ? part.dropFirst() : part), in: "sort")
            guard isFilterable(field), ListQueryReader.sortable.contains(field.kind) else { throw malformed("not-sortable", "sort", ["field": field.name]) }
            // A field that stands twice is decided where it stands first.
            if keys.contains(where: { $0.field == field.name }) { continue }
            keys.append(Sort(field.name, descending: descending))
        }
        guard keys.count <= 3 else { throw malformed("too-many-sorts", "sort") }
        return keys
    }

    func limit(_ text: String) throws -> Int {
        guard let limit = Int(text), (1...ListQuery.greatestLimit).contains(limit) else {
            throw malformed("limit-out-of-range", "limit", ["most": String(ListQuery.greatestLimit)])
        }
        return limit
    }

    func fields(_ text: String) throws -> [String] {
        var names: [String] = []
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let name = try field(String(part), in: "fields").name
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    func text(_ text: String) throws -> String? {
        guard text.unicodeScalars.count <= 200 else { throw malformed("search-too-long", "q", ["max": "200"]) }
        guard !text.unicodeScalars.contains(where: { $0.value < 0x20 || $0.value == 0x7f }) else { throw malformed("control-characters", "q") }
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        return trimmed.isEmpty ? nil : trimmed
    }

    // MARK: Filters

    /// `filter[field]` or `filter[field][operation]`; nil when nothing is filtered by it, as an empty box of a form.
    func filter(_ name: String, _ values: [String]) throws -> ListQuery.Filter? {
        guard name.hasPrefix("filter["), name.hasSuffix("]") else { throw malformed("unknown-parameter", name) }
        let parts = name.dropFirst("filter[".count).dropLast().split(separator: "][", omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 1 || parts.count == 2 else { throw malformed("unknown-parameter", name) }
        let field = try field(parts[0], in: name)
        guard isFilterable(field) else { throw malformed("not-filterable", name, ["field": field.name]) }
        let filled = values.filter { !$0.isEmpty }
        guard !filled.isEmpty else { return nil }
        guard parts.count == 2 else {
            var words: [String] = []
            for word in filled.flatMap({ $0.split(separator: ",").map(String.init) }) where !words.contains(word) { words.append(word) }
            guard words.count <= ListQuery.mostValues else { throw malformed("too-many-values", name, ["most": String(ListQuery.mostValues)]) }
            return words.isEmpty ? nil : ListQuery.Filter(field: field.name, values: words)
        }
        guard filled.count == 1 else { throw malformed("parameter-twice", name) }
        guard ListQueryReader.operations(on: field).contains(parts[1]) else {
            throw malformed("unknown-operation", name, ["operation": parts[1], "operations": ListQueryReader.operations(on: field).joined(separator: ", ")])
        }
        return ListQuery.Filter(field: field.name, operation: parts[1], values: filled)
    }

    /// What a field can be asked, beside being one of some values.
    static func operations(on field: FieldSchema) -> [String] {
        switch field.kind {
        case .text, .longText: ["is", "is-not", "contains", "empty"]
        case .choice, .reference: ["is", "is-not", "empty"]
        case .bool: ["is", "is-not", "empty"]
        case .integer, .decimal, .money, .date, .instant, .duration: ["is", "is-not", "before", "after", "at-least", "at-most", "empty"]
        case .choices: ["includes", "empty"]
        case .place: ["within", "empty"]
        case .words, .files, .secret: ["empty"]
        }
    }

    func condition(_ filter: ListQuery.Filter) throws -> Condition {
        let field = try field(filter.field, in: filter.parameter)
        guard let operation = filter.operation else { return try oneOf(filter, field) }
        let text = filter.values[0]
        switch operation {
        case "empty":
            guard let isEmpty = ["true": true, "false": false][text] else { throw malformed("not-a-boolean", filter.parameter) }
            return isEmpty ? .isNull(field.name) : .not(.isNull(field.name))
        case "contains":
            var plain = field
            (plain.pattern, plain.max) = (nil, 200)
            guard case .text(let part) = try clean(text, plain, filter) else { return .always }
            return .contains(field.name, part)
        case "includes": return .includes(field.name, try word(text, field, filter))
        case "within": return .within(field.name, try box(text, filter))
        default:
            guard let comparison = Condition.Comparison(rawValue: operation) else { throw malformed("unknown-parameter", filter.parameter) }
            return try compare(field, comparison, text, filter)
        }
    }

    private func oneOf(_ filter: ListQuery.Filter, _ field: FieldSchema) throws -> Condition {
        var claims: [Condition] = [], values: [Value] = []
        for word in filter.values {
            if word == "none", field.kind != .text, field.kind != .longText, !field.choices.contains("none") {
                claims.append(.isNull(field.name))
                continue
            }
            if field.kind == .choices {
                claims.append(.includes(field.name, try self.word(word, field, filter)))
                continue
            }
            guard ListQueryReader.operations(on: field).contains("is") else {
                throw malformed("unknown-operation", filter.parameter, ["operation": "is", "operations": ListQueryReader.operations(on: field).joined(separator: ", ")])
            }
            let claim = try compare(field, .equal, word, filter)
            if case .compare(_, .equal, .value(let value)) = claim { values.append(value) } else { claims.append(claim) }
        }
        if values.count == 1 { claims.append(.compare(field.name, .equal, .value(values[0]))) } else if !values.isEmpty { claims.append(.oneOf(field.name, values)) }
        return Condition.any(claims).simplified
    }

    private func word(_ text: String, _ field: FieldSchema, _ filter: ListQuery.Filter) throws -> String {
        guard field.choices.isEmpty || field.choices.contains(text) else {
            throw malformed("not-a-choice", filter.parameter, ["choices": field.choices.joined(separator: ", ")])
        }
        return text
    }

    /// West, south, east, north in degrees.
    private func box(_ text: String, _ filter: ListQuery.Filter) throws -> Condition.Box {
        let sides = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Double($0) }
        guard sides.count == 4, sides.allSatisfy(\.isFinite), abs(sides[0]) <= 180, abs(sides[2]) <= 180, abs(sides[1]) <= 90, abs(sides[3]) <= 90 else {
            throw malformed("not-a-box", filter.parameter)
        }
        return Condition.Box(west: sides[0], south: sides[1], east: sides[2], north: sides[3])
    }

    // MARK: Values

    private func compare(_ field: FieldSchema, _ comparison: Condition.Comparison, _ text: String, _ filter: ListQuery.Filter) throws -> Condition {
        let not = comparison == .notEqual
        if field.kind == .reference {
            if text == "me", field.target == "directory.person" { return not ? .not(.isMe(field.name)) : .isMe(field.name) }
            if text == "my-units", field.target == "directory.unit" { return not ? .not(.inMyUnits(field.name)) : .inMyUnits(field.name) }
        }
        if field.kind == .instant {
            if let offset = try relative(text, filter) { return .compare(field.name, comparison, .now(offset: offset)) }
            if let date = CalendarDate(iso: text) { return day(field, comparison, date) }
        }
        let value = try value(text, field, filter)
        // What is empty is not the value either: a reader who asks for "is-not" wants those, too.
        if not { return .not(.compare(field.name, .equal, .value(value))) }
        return .compare(field.name, comparison, .value(value))
    }

    /// A day of the reader's, on a field that holds moments.
    private func day(_ field: FieldSchema, _ comparison: Condition.Comparison, _ date: CalendarDate) -> Condition {
        let start = Condition.Operand.value(.instant(date.start(in: session.viewer.timeZone)))
        let end = Condition.Operand.value(.instant(date.adding(days: 1).start(in: session.viewer.timeZone)))
        let within = Condition.all([.compare(field.name, .greaterOrEqual, start), .compare(field.name, .less, end)])
        return switch comparison {
        case .equal: within
        case .notEqual: .not(within)
        case .less: .compare(field.name, .less, start)
        case .lessOrEqual: .compare(field.name, .less, end)
        case .greater: .compare(field.name, .greaterOrEqual, end)
        case .greaterOrEqual: .compare(field.name, .greaterOrEqual, start)
        }
    }

    /// `now`, `now-7d`, `now+2h` in seconds from now; nil for other text.
    private func relative(_ text: String, _ filter: ListQuery.Filter) throws -> Int? {
        // A plus sign in an address is read as a space by those who decode it as a form.
        let text = text.replacing("now ", with: "now+")
        guard text.hasPrefix("now") else { return nil }
        let rest = text.dropFirst(3)
        guard let sign = rest.first else { return 0 }
        let lengths: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800]
        let digits = rest.dropFirst().dropLast()
        guard sign == "+" || sign == "-", let unit = rest.last.flatMap({ lengths[$0] }), !digits.isEmpty, digits.count <= 6,
              digits.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let number = Int(digits)
        else { throw malformed("not-an-instant", filter.parameter) }
        return (sign == "-" ? -1 : 1) * number * unit
    }

    private func clean(_ text: String, _ field: FieldSchema, _ filter: ListQuery.Filter) throws -> Value {
        do { return try Value.clean(text, for: field) } catch let refusal as Refusal {
            throw malformed(refusal.code, filter.parameter, refusal.arguments)
        }
    }

    private func value(_ text: String, _ field: FieldSchema, _ filter: ListQuery.Filter) throws -> Value {
        var plain = field
        // A filter may ask for what the field could not hold; only its form matters.
        (plain.pattern, plain.range, plain.max) = (nil, nil, 200)
        if field.name == "state", field.isSystem, let lifecycle = schema.lifecycle {
            plain.kind = .choice
            plain.choices = lifecycle.states.map(\.name)
        }
        if field.kind == .reference, RecordID(text) == nil, let target = field.target.flatMap(session.platform.schema), target.numbering != nil {
            // A number that no readable record has is nobody's.
            return .reference(try session.row(target, named: text)?.id ?? RecordID(high: 0, low: 0))
        }
        if plain.kind == .text || plain.kind == .longText {
            guard case .text(let text) = try clean(text, plain, filter) else { throw malformed("empty-value", filter.parameter) }
            return .text(text)
        }
        if field.kind == .date, text == "today" { return .date(CalendarDate(session.now, in: session.viewer.timeZone)) }
        do {
            let value = try Value.reading(text, for: plain)
            guard !value.isNull else { throw malformed("empty-value", filter.parameter) }
            return value
        } catch let refusal as Refusal {
            throw malformed(refusal.code, filter.parameter, refusal.arguments)
        }
    }
}

/// What the fields of a list can be asked in filters.
public enum ListQueryOperations {
    public static func of(_ field: FieldSchema) -> [String] { ListQueryReader.operations(on: field) }
}
