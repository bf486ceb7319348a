import Foundation
import Kernel

/// Holds a value to a schema of the description: what the description says is what is enforced, because it is the same JSON.
/// Knows the keywords that the description uses: type, enum, const, anyOf, allOf, the limits of texts, numbers, lists and objects, and three formats.
struct Shape {
    let schema: JSON

    init(_ schema: JSON) { self.schema = schema }

    /// Refuses a value that the schema excludes, naming every field at fault (400).
    func check(_ value: JSON) throws {
        let faults = Shape.faults(value, schema, at: nil)
        guard let first = faults.first else { return }
        throw faults.count == 1 ? first : Refusal("several", .malformed, faults: Array(faults.prefix(50)))
    }

    static func faults(_ value: JSON, _ schema: JSON, at path: String?) -> [Refusal] {
        func no(_ code: String, _ arguments: [String: String] = [:]) -> [Refusal] { [Refusal(code, .malformed, field: path, arguments)] }
        if let all = schema["allOf"].array, let fault = all.lazy.map({ faults(value, $0, at: path) }).first(where: { !$0.isEmpty }) { return fault }
        if let some = schema["anyOf"].array {
            let tried = some.map { faults(value, $0, at: path) }
            if !tried.contains(where: \.isEmpty) { return likeliest(tried) ?? no("wrong-form") }
        }
        let types = schema["type"].string.map { [$0] } ?? (schema["type"].array ?? []).compactMap(\.string)
        if !types.isEmpty, !types.contains(where: { isOf($0, value) }) { return no(code(of: types)) }
        if value == .null, types.contains("null") { return [] }
        if schema["const"] != .null, schema["const"] != value { return no("wrong-form") }
        if let choices = schema["enum"].array, !choices.contains(value) {
            return no("not-a-choice", ["choices": choices.compactMap(\.string).joined(separator: ", ")])
        }
        switch value {
        case .string(let text): return textFaults(text, schema).map { no($0.0, $0.1) } ?? []
        case .integer, .number: return numberFaults(value, schema).map { no($0.0, $0.1) } ?? []
        case .array(let items): return listFaults(items, schema, at: path)
        case .object(let members): return objectFaults(members, schema, at: path)
        default: return []
        }
    }

    /// The faults of the alternative that was meant: one that its distinguishing word fits, else the one with the fewest.
    private static func likeliest(_ tried: [[Refusal]]) -> [Refusal]? {
        let fitting = tried.filter { faults in !faults.contains { $0.code == "not-a-choice" } }
        return (fitting.isEmpty ? tried : fitting).min { $0.count < $1.count }
    }

    private static func isOf(_ type: String, _ value: JSON) -> Bool {
        switch (type, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object), ("integer", .integer),
             ("number", .integer), ("number", .number): true
        case ("integer", .number): whole(value) != nil
        default: false
        }
    }

    /// A number without a fraction, however it is written: 2.0 and 1e3 are whole.
    static func whole(_ value: JSON) -> Int64? {
        if case .integer(let number) = value { return number }
        guard let number = value.double, number.rounded() == number, abs(number) <= 9_007_199_254_740_992 else { return nil }
        return Int64(number)
    }

    private static func code(of types: [String]) -> String {
        switch types.first {
        case "string": "not-text"
        case "integer": "not-an-integer"
        case "number": "not-a-number"
        case "boolean": "not-a-boolean"
        case "array": "not-a-list"
        case "object": "not-an-object"
        default: "wrong-form"
        }
    }

    // MARK: Kinds of values

    private static func textFaults(_ text: String, _ schema: JSON) -> (String, [String: String])? {
        let length = text.unicodeScalars.count
        if let most = schema["maxLength"].integer, length > most { return ("too-long", ["max": String(most), "length": String(length)]) }
        if let least = schema["minLength"].integer, length < least { return ("required", [:]) }
        if let pattern = schema["pattern"].string, !matches(text, pattern) {
            if pattern == Shape.filledLine || pattern == Shape.filledText, matches(text, pattern == Shape.filledLine ? Shape.line : Shape.text) {
                return ("required", [:])
            }
            return (Shape.isAboutControls(pattern) ? "control-characters" : "wrong-form", [:])
        }
        switch schema["format"].string {
        case "date": return CalendarDate(iso: text) == nil ? ("not-a-date", [:]) : nil
        case "date-time": return Instant(iso: text) == nil ? ("not-an-instant", [:]) : nil
        case "uuid": return RecordID(text) == nil ? ("not-a-reference", [:]) : nil
        default: return nil
        }
    }

    /// The whole text must match; `$` alone would let a line end pass.
    static func matches(_ text: String, _ pattern: String) -> Bool {
        guard let found = text.range(of: pattern, options: .regularExpression) else { return false }
        return !pattern.hasSuffix("$") || (found.lowerBound == text.startIndex && found.upperBound == text.endIndex)
    }

    private static func numberFaults(_ value: JSON, _ schema: JSON) -> (String, [String: String])? {
        guard let number = value.double else { return ("not-a-number", [:]) }
        let least = schema["minimum"].double, most = schema["maximum"].double
        if number < least ?? -.infinity || number > most ?? .infinity {
            return ("out-of-range", ["least": schema["minimum"].numeral ?? "−∞", "most": schema["maximum"].numeral ?? "∞"])
        }
        return nil
    }

    private static func listFaults(_ items: [JSON], _ schema: JSON, at path: String?) -> [Refusal] {
        if let most = schema["maxItems"].integer, items.count > most { return [Refusal("too-many-values", .malformed, field: path, ["most": String(most)])] }
        if let least = schema["minItems"].integer, items.count < least { return [Refusal("required", .malformed, field: path)] }
        guard schema["items"] != .null else { return [] }
        return items.enumerated().flatMap { index, item in faults(item, schema["items"], at: (path.map { "\($0)." } ?? "") + String(index)) }
    }

    private static func objectFaults(_ members: [String: JSON], _ schema: JSON, at path: String?) -> [Refusal] {
        let prefix = path.map { "\($0)." } ?? ""
        var found: [Refusal] = []
        for name in (schema["required"].array ?? []).compactMap(\.string) where members[name] == nil {
            found.append(Refusal("required", .malformed, field: prefix + name))
        }
        if let least = schema["minProperties"].integer, members.count < least { found.append(Refusal("required", .malformed, field: path)) }
        let known = schema["properties"].object ?? [:]
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            if let inner = known[name] {
                found += faults(value, inner, at: prefix + name)
            } else if schema["additionalProperties"] == false {
                found.append(Refusal("unknown-field", .malformed, field: prefix + name, ["field": name]))
            }
        }
        return found
    }

    // MARK: Patterns of texts

    private static let controls = "\\u0000-\\u001f\\u007f-\\u009f"
    private static let controlsButLines = "\\u0000-\\u0008\\u000b\\u000c\\u000e-\\u001f\\u007f-\\u009f"
    private static let blanks = "\\u0009\\u000a\\u000d\\u0020\\u00a0\\u1680\\u180e\\u2000-\\u200b\\u2028\\u2029\\u202f\\u205f\\u3000\\ufeff"

    /// One line without control characters; the same with something to read in it.
    static let line = "^[^\(controls)]*$"
    static let filledLine = "^[^\(controls)]*[^\(controls)\(blanks)][^\(controls)]*$"
    /// Lines; the same with something to read in them.
    static let text = "^[^\(controlsButLines)]*$"
    static let filledText = "^[^\(controlsButLines)]*[^\(controlsButLines)\(blanks)][^\(controlsButLines)]*$"

    private static func isAboutControls(_ pattern: String) -> Bool { [line, filledLine, text, filledText].contains(pattern) }
}
