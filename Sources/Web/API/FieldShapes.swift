import Foundation
import Kernel

/// The schemas of a field's values: as they are sent, as they are answered, and as they stand in filters.
enum FieldShapes {
    // MARK: Sent

    /// What a create or a change takes for the field.
    static func sent(_ field: FieldSchema, isFilled: Bool) -> JSON {
        let shape = value(field, isFilled: isFilled)
        return isFilled ? shape : nullable(shape)
    }

    /// The body of a create.
    static func create(_ fields: [FieldSchema]) -> JSON {
        object(fields.map { ($0.name, sent($0, isFilled: isFilled($0))) }, required: fields.filter(mustBeSent).map(\.name))
    }

    /// The body of a change: a merge patch (RFC 7396).
    static func change(_ fields: [FieldSchema]) -> JSON {
        object(fields.map { field in (field.name, merged(sent(field, isFilled: isFilled(field)), field)) }, required: [])
    }

    /// The body of a move. Whether what it asks for is filled already depends on the record.
    static func move(_ fields: [FieldSchema]) -> JSON {
        object(fields.map { ($0.name, sent($0, isFilled: isFilled($0))) }, required: [])
    }

    /// The field can never be empty. A required person may be left out: the rules of many types then put in the one who asks.
    static func isFilled(_ field: FieldSchema) -> Bool { field.required }
    static func mustBeSent(_ field: FieldSchema) -> Bool { field.required && field.initial.isNull && field.kind != .reference }

    /// A patch may take single languages out of a text in several, and change one member of an amount or a place.
    private static func merged(_ shape: JSON, _ field: FieldSchema) -> JSON {
        guard field.kind == .words, case .object(var members) = shape, case .object(let languages) = shape["properties"] else { return shape }
        members["properties"] = .object(languages.mapValues(nullable))
        members["minProperties"] = nil
        return .object(members)
    }

    static func object(_ members: [(String, JSON)], required: [String]) -> JSON {
        var schema: [String: JSON] = [
            "type": "object", "properties": .object(Dictionary(members, uniquingKeysWith: { first, _ in first })), "additionalProperties": false,
        ]
        if !required.isEmpty { schema["required"] = .array(required.sorted().map(JSON.string)) }
        return .object(schema)
    }

    /// The same, or null.
    static func nullable(_ schema: JSON) -> JSON {
        guard case .object(var members) = schema else { return schema }
        if let type = members["type"]?.string {
            members["type"] = .array([.string(type), "null"])
            if let choices = members["enum"]?.array { members["enum"] = .array(choices + [.null]) }
            return .object(members)
        }
        if let some = members["anyOf"]?.array { return ["anyOf": .array(some + [["type": "null"]])] }
        return ["anyOf": [schema, ["type": "null"]]]
    }

    private static func value(_ field: FieldSchema, isFilled: Bool) -> JSON {
        switch field.kind {
        case .text, .longText, .secret: return text(field, isFilled: isFilled)
        case .words:
            let line: JSON = ["type": "string", "minLength": 1, "maxLength": .integer(Int64(field.max ?? 20_000)), "pattern": .string(Shape.text)]
            return [
                "type": "object", "properties": .object(Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, line) })),
                "additionalProperties": false, "minProperties": .integer(isFilled ? 1 : 0),
            ]
        case .integer, .duration: return integer(field)
        case .bool: return ["type": "boolean"]
        case .decimal: return ["type": "string", "pattern": .string(decimal(field.scale))]
        case .money:
            let digits = field.currency.map(Money.digits) ?? 2
            let currency: JSON = field.currency.map { ["type": "string", "enum": [.string($0)]] } ?? ["type": "string", "pattern": "^[A-Z]{3}$"]
            return [
                "type": "object", "properties": ["amount": ["type": "string", "pattern": .string(decimal(digits))], "currency": currency],
                "required": ["amount", "currency"], "additionalProperties": false,
            ]
        case .date: return ["type": "string", "format": "date"]
        case .instant: return ["type": "string", "format": "date-time", "pattern": .string(instantPattern)]
        case .choice: return choice(field.choices)
        case .choices:
            let item: JSON = field.choices.isEmpty ? ["type": "string", "maxLength": 200, "pattern": .string(Shape.filledLine)] : choice(field.choices)
            return ["type": "array", "items": item, "maxItems": 100]
        case .reference: return ["type": "string", "format": "uuid"]
        case .place: return place
        case .files: return ["type": "array", "items": file]
        }
    }

    private static func choice(_ choices: [String]) -> JSON { ["type": "string", "enum": .array(choices.map(JSON.string))] }

    private static func text(_ field: FieldSchema, isFilled: Bool) -> JSON {
        let isLong = field.kind != .text
        let plain = isLong ? (isFilled ? Shape.filledText : Shape.text) : (isFilled ? Shape.filledLine : Shape.line)
        var schema: [String: JSON] = ["type": "string", "maxLength": .integer(Int64(field.max ?? (isLong ? 20_000 : 200)))]
        if field.kind == .secret { schema["writeOnly"] = true }
        if let pattern = field.pattern {
            // An optional text may be sent empty, which clears it.
            let whole = isFilled ? "^(?:\(pattern))$" : "^(?:\(pattern))?$"
            schema["allOf"] = [["pattern": .string(whole)], ["pattern": .string(plain)]]
        } else {
            schema["pattern"] = .string(plain)
        }
        return .object(schema)
    }

    private static func integer(_ field: FieldSchema) -> JSON {
        // Whole numbers beyond 2^53 are not exact in many programs that read JSON.
        let most: Int64 = 9_007_199_254_740_991
        return [
            "type": "integer", "minimum": .integer(field.range.map { Int64($0.lowerBound) } ?? -most),
            "maximum": .integer(field.range.map { Int64($0.upperBound) } ?? most),
        ]
    }

    private static func decimal(_ scale: Int) -> String {
        let whole = max(1, 17 - scale)
        return scale > 0 ? "^-?[0-9]{1,\(whole)}(\\.[0-9]{1,\(scale)})?$" : "^-?[0-9]{1,\(whole)}$"
    }

    static let instantPattern = "^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$"

    private static let position: JSON = ["type": "array", "items": ["type": "number", "minimum": -180, "maximum": 180], "minItems": 2, "maxItems": 2]
    private static func geometry(_ type: String, _ coordinates: JSON) -> JSON {
        [
            "type": "object", "properties": ["type": ["type": "string", "enum": [.string(type)]], "coordinates": coordinates],
            "required": ["type", "coordinates"], "additionalProperties": false,
        ]
    }
    /// GeoJSON (RFC 7946): longitude first.
    static let place: JSON = ["anyOf": [
        geometry("Point", position),
        geometry("LineString", ["type": "array", "items": position, "minItems": 2, "maxItems": 1000]),
        geometry("Polygon", ["type": "array", "items": ["type": "array", "items": position, "minItems": 4, "maxItems": 1000], "minItems": 1, "maxItems": 1]),
    ]]
    static let file: JSON = object(
        [("hash", ["type": "string", "pattern": "^[0-9a-f]{64}$"]), ("name", ["type": "string"]), ("type", ["type": "string"]), ("size", ["type": "integer"])],
        required: ["hash", "name", "type", "size"])

    // MARK: Answered

    /// What an answer holds for the field. Rules about what may be sent are left out: what is kept may be older than they are.
    static func answered(_ field: FieldSchema) -> JSON {
        let schema: JSON = switch field.kind {
        case .text, .longText, .secret: ["type": "string"]
        case .words: ["type": "object", "properties": .object(Dictionary(uniqueKeysWithValues: Language.allCases.map { ($0.rawValue, ["type": "string"] as JSON) })), "additionalProperties": false]
        case .integer, .duration: ["type": "integer"]
        case .bool: ["type": "boolean"]
        case .decimal: ["type": "string"]
        case .money: object([("amount", ["type": "string"]), ("currency", ["type": "string"])], required: ["amount", "currency"])
        case .date: ["type": "string", "format": "date"]
        case .instant: ["type": "string", "format": "date-time"]
        case .choice: choice(field.choices)
        case .choices: ["type": "array", "items": field.choices.isEmpty ? ["type": "string"] : choice(field.choices)]
        case .reference: ["type": "string", "format": "uuid"]
        case .place: place
        case .files: ["type": "array", "items": file]
        }
        // Even a required field may be empty in an answer: erased for good, or older than the rule.
        return field.isSystem && field.required ? schema : nullable(schema)
    }

    // MARK: In filters

    /// One of several texts: a comma would end it.
    static let listedText: JSON = ["type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000-\\u001f\\u007f-\\u009f,]*$"]

    /// One of the values that `filter[field]` and its comparisons take.
    static func filtered(_ field: FieldSchema, states: [String]?) -> JSON {
        if let states { return choice(states) }
        switch field.kind {
        case .choice, .choices: return field.choices.isEmpty ? ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Shape.line)] : choice(field.choices)
        case .integer, .duration: return ["type": "integer", "minimum": -9_007_199_254_740_991, "maximum": 9_007_199_254_740_991]
        case .bool: return ["type": "boolean"]
        case .decimal: return ["type": "string", "pattern": .string(decimal(field.scale))]
        case .money:
            let digits = field.currency.map(Money.digits) ?? 0
            return ["type": "string", "pattern": .string("^-?[0-9]{1,12}\(digits > 0 ? "(\\.[0-9]{1,\(digits)})?" : "") \(field.currency ?? "[A-Z]{3}")$")]
        case .date: return ["anyOf": [["type": "string", "format": "date"], ["type": "string", "enum": ["today"]]]]
        case .instant:
            return ["anyOf": [
                ["type": "string", "format": "date-time", "pattern": .string(instantPattern)], ["type": "string", "format": "date"],
                ["type": "string", "pattern": "^now([+-][0-9]{1,6}[smhdw])?$"],
            ]]
        case .reference:
            var words: [JSON] = []
            if field.target == "directory.person" { words.append("me") }
            if field.target == "directory.unit" { words.append("my-units") }
            let id: JSON = ["type": "string", "format": "uuid"]
            return words.isEmpty ? id : ["anyOf": [id, ["type": "string", "enum": .array(words)]]]
        default: return ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Shape.line)]
        }
    }
}
