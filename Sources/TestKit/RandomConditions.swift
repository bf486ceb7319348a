public import Kernel

/// Random conditions over a record type: every kind of claim, nested, negated, with values that are often there and sometimes not.
public struct RandomConditions: Sendable {
    public var values: RandomValues
    let fields: [FieldSchema]

    /// - Parameter rows: rows whose values are compared with, so that claims are neither always nor never true.
    public init(seed: UInt64, _ schema: Schema, rows: [Row], records: [String: [RecordID]]) {
        values = RandomValues(seed: seed, records: records)
        fields = schema.fields.filter { $0.kind != .secret }
        self.rows = rows
    }
    private let rows: [Row]

    public mutating func condition(depth: Int = 3) -> Condition {
        switch values.number(0...(depth > 0 ? 9 : 5)) {
        case 6: return .all((0..<values.number(0...3)).map { _ in condition(depth: depth - 1) })
        case 7: return .any((0..<values.number(0...3)).map { _ in condition(depth: depth - 1) })
        case 8, 9: return .not(condition(depth: depth - 1))
        default: return atom()
        }
    }

    private mutating func atom() -> Condition {
        let field = values.pick(fields)
        if values.flip(0.12) { return .isNull(field.name) }
        if values.flip(0.03) { return values.flip() ? .always : .never }
        switch field.kind {
        case .choices where values.flip(0.3): return .onlyOf(field.name, (0..<values.number(0...2)).compactMap { _ in field.choices.isEmpty ? nil : values.pick(field.choices) })
        case .choices: return .includes(field.name, values.flip(0.9) && !field.choices.isEmpty ? values.pick(field.choices) : "none")
        case .place:
            guard values.flip(0.3), let tile = MapTile(zoom: 1, x: values.number(0...1), y: values.number(0...1)) else { return .within(field.name, box()) }
            return .along(field.name, MapCurve.range(tile), box())
        case .words, .files, .secret: return .isNull(field.name)
        case .longText: return .contains(field.name, fragment(of: field))
        case .text where values.flip(0.4): return .contains(field.name, fragment(of: field))
        default:
            if values.flip(0.3) { return .oneOf(field.name, (0..<values.number(0...4)).compactMap { _ in operand(field) }) }
            return .compare(field.name, values.pick(Condition.Comparison.allCases), .value(operand(field) ?? .null))
        }
    }

    /// A value some row has, or another of the kind.
    private mutating func operand(_ field: FieldSchema) -> Value? {
        if values.flip(0.7) {
            let value = values.pick(rows)[field.name]
            if !value.isNull { return value }
        }
        return values.value(of: field)
    }

    private mutating func fragment(of field: FieldSchema) -> String {
        guard values.flip(0.7), case .text(let text) = values.pick(rows)[field.name] else { return values.flip(0.1) ? "" : values.pick(RandomValues.syllables) }
        let scalars = Array(text.unicodeScalars)
        let start = values.number(0...max(0, scalars.count - 1))
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[start..<min(scalars.count, start + values.number(1...3))])
        return String(part)
    }

    private mutating func box() -> Condition.Box {
        let south = Double(values.number(-90...60))
        let (west, width) = (Double(values.number(-180...180)), Double(values.number(0...200)))
        let east = west + width > 180 ? west + width - 360 : west + width
        return Condition.Box(west: west, south: south, east: east, north: min(90, south + Double(values.number(0...90))))
    }
}
