import Foundation

extension Cursor {
    /// The cursor as opaque text for an address: base64url of a small JSON array.
    public func text(sort: [Sort]) -> String {
        let json: JSON = ["s": .string(Cursor.key(sort)), "v": .array(values.map(\.json)), "i": .string(id.description)]
        return Data(json.bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// Reads a cursor back. A forged one, or one of another order, is a malformed request.
    public init(text: String, schema: Schema, sort: [Sort]) throws {
        let refusal = Refusal("not-a-cursor", .malformed, field: "after", ["parameter": "after"])
        guard text.utf8.count <= 4000 else { throw refusal }
        let standard = text.replacing("-", with: "+").replacing("_", with: "/")
        let padded = standard + String(repeating: "=", count: (4 - standard.utf8.count % 4) % 4)
        guard let data = Data(base64Encoded: padded), let json = try? JSON(data), json["s"].string == Cursor.key(sort),
              let id = json["i"].string.flatMap(RecordID.init), let parts = json["v"].array, parts.count == sort.count
        else { throw refusal }
        var values: [Value] = []
        for (part, key) in zip(parts, sort) {
            guard let field = schema.field(key.field), let value = Cursor.value(part, field) else { throw refusal }
            values.append(value)
        }
        self.init(values: values, id: id)
    }

    private static func key(_ sort: [Sort]) -> String { sort.map { ($0.descending ? "-" : "") + $0.field }.joined(separator: ",") }

    /// A value exactly as it was written: nothing is trimmed, folded or checked against the field's rules.
    private static func value(_ json: JSON, _ field: FieldSchema) -> Value? {
        if json == .null { return .null }
        switch field.kind {
        case .text, .choice: return json.string.map(Value.text)
        case .integer: return json.integer.map { .integer(Int64($0)) }
        case .duration: return json.integer.map { .duration(Int64($0)) }
        case .bool: return json.bool.map(Value.bool)
        case .decimal: return json.string.flatMap { FixedPoint($0, scale: field.scale) }.map(Value.decimal)
        case .money:
            guard let currency = json["currency"].string, currency.utf8.count == 3,
                  let amount = json["amount"].string.flatMap({ FixedPoint($0, scale: Money.digits(currency)) })
            else { return nil }
            return .money(Money(minor: amount.units, currency: currency))
        case .date: return json.string.flatMap(CalendarDate.init(iso:)).map(Value.date)
        case .instant: return json.string.flatMap(Instant.init(iso:)).map(Value.instant)
        case .reference: return json.string.flatMap(RecordID.init).map(Value.reference)
        case .place: return Place(json: json).map(Value.place)
        default: return nil
        }
    }
}
