import Foundation
public import Kernel

/// Random values that a field takes: short texts in many scripts, round and odd numbers, ties, places on both sides of the antimeridian.
public struct RandomValues: Sendable {
    public var generator: SeededGenerator
    /// Records that references may lead to, by schema id.
    public var records: [String: [RecordID]]

    public init(seed: UInt64, records: [String: [RecordID]] = [:]) {
        generator = SeededGenerator(seed: seed)
        self.records = records
    }

    static let syllables = [
        "a", "A", "b", "z", "é", "e\u{301}", "ö", "%", "_", "'", "\"", "\\", "<", "&", "{", "0", "9", " ", "طلب", "عاجل", "请求", "服务", "заявка", "Ё", "ñ", "🌍", "؟",
        "office", "water", "truck",
    ]
    static let patterned = ["ABC", "NBO", "GVA", "KE", "CH", "abc", "ab-cd.ef", "a@b.example", "12", "1234", "A1", "2026", "+41 22 000 00 00", "10.0.0.1", "https://a.example"]
    static let currencies = ["USD", "EUR", "JPY", "KWD"]

    public mutating func number(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &generator) }
    public mutating func flip(_ chance: Double = 0.5) -> Bool { Double.random(in: 0..<1, using: &generator) < chance }
    public mutating func pick<T>(_ list: [T]) -> T {
        guard let one = list.randomElement(using: &generator) else { preconditionFailure("nothing to pick from") }
        return one
    }

    /// A text of one to four syllables, never blank at its ends, composed as the kernel keeps it unless `raw`.
    public mutating func text(raw: Bool = false) -> String {
        let parts = (0..<number(1...4)).map { _ in pick(Self.syllables) }
        let text = parts.joined().trimmingCharacters(in: .whitespaces)
        let filled = text.isEmpty ? "x" : text
        return raw ? filled : filled.precomposedStringWithCanonicalMapping
    }

    /// A value of the field's kind, as the store keeps it; nil when there is none, as for a reference to a type without records.
    public mutating func value(of field: FieldSchema) -> Value? {
        switch field.kind {
        case .text, .longText, .secret: return string(field)
        case .words:
            var texts: [Language: String] = [.en: text()]
            texts[pick(Language.allCases)] = text()
            return .words(texts)
        case .integer, .duration:
            let range = field.range ?? -20...20
            let n = Int64(number(max(range.lowerBound, -1_000_000)...min(range.upperBound, 1_000_000)))
            return field.kind == .integer ? .integer(n) : .duration(field.range == nil ? abs(n) * 3600 : n)
        case .bool: return .bool(flip())
        case .decimal: return .decimal(FixedPoint(units: Int64(number(field.range.map { $0.lowerBound * power(field.scale)...$0.upperBound * power(field.scale) } ?? -999...999)), scale: field.scale))
        case .money: return .money(Money(minor: Int64(number(-500...500)), currency: field.currency ?? pick(Self.currencies)))
        case .date: return day.map { .date($0) }
        case .instant: return .instant(TestPlatform.start.adding(seconds: number(-50...50) * 7_200))
        case .choice: return field.choices.isEmpty ? nil : .text(pick(field.choices))
        case .choices:
            let chosen = field.choices.filter { _ in flip() }
            return chosen.isEmpty ? nil : .list(chosen)
        case .reference: return (field.target.flatMap { records[$0] } ?? records["*"]).flatMap { $0.isEmpty ? nil : .reference(pick($0)) }
        case .place: return .place(place())
        case .files: return .files([FileRef(hash: String(repeating: "a", count: 64), name: text() + ".txt", type: "text/plain", size: number(0...9999))])
        }
    }

    private mutating func string(_ field: FieldSchema) -> Value? {
        let candidates = field.pattern == nil ? [text() + (field.isUnique ? String(number(0...1_000_000)) : "")] : Self.patterned.shuffled(using: &generator)
        for candidate in candidates {
            if let value = try? Value.reading(candidate, for: field), !value.isNull { return value }
        }
        return nil
    }

    private func power(_ scale: Int) -> Int { (0..<scale).reduce(1) { product, _ in product * 10 } }

    private var day: CalendarDate? {
        mutating get { CalendarDate(year: pick([2025, 2026, 2027]), month: number(1...12), day: number(1...28)) }
    }

    private mutating func place() -> Place {
        func degrees(_ range: ClosedRange<Int>) -> Double { Double(Int.random(in: range, using: &generator)) }
        if flip(0.7) {
            guard let point = Place(latitude: degrees(-90...90), longitude: degrees(-180...180)) else { preconditionFailure("a place within the bounds") }
            return point
        }
        let (x, y) = (degrees(-170...170), degrees(-80...80))
        let corners = [(0.0, 0.0), (0, 5), (5, 5), (5, 0), (0, 0)].map { Place.Position(longitude: x + $0.0, latitude: y + $0.1) }
        guard let area = Place(.area, corners) else { preconditionFailure("an area within the bounds") }
        return area
    }

    /// A row of the type with about a third of its fields empty, for putting into a store past the rules.
    public mutating func row(_ schema: Schema, id: RecordID? = nil) -> Row {
        var row = Row(new: schema, id: id ?? RecordID(high: generator.next() & 0x0000_ffff_ffff_ffff, low: generator.next()))
        for field in schema.ownFields where field.kind != .secret {
            if !field.required, flip(0.35) { row[field.name] = .null; continue }
            row[field.name] = value(of: field) ?? .null
        }
        guard schema.isRecord else { return row }
        row["state"] = .text(pick(schema.lifecycle?.states.map(\.name) ?? ["current"]))
        row["version"] = .integer(Int64(number(1...5)))
        for name in ["created-at", "changed-at"] { row[name] = .instant(TestPlatform.start.adding(seconds: number(-500...500) * 600)) }
        for name in ["created-by", "changed-by"] { row[name] = records["directory.person"].map { .reference(pick($0)) } ?? .null }
        return row
    }
}
