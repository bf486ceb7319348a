public import Foundation

extension Value {
    /// The value as the API and the ledger write it; secrets appear as null.
    public var json: JSON {
        switch self {
        case .null, .secret: .null
        case .text(let text): .string(text)
        case .words(let texts): .object(Dictionary(uniqueKeysWithValues: texts.map { ($0.rawValue, .string($1)) }))
        case .integer(let n): .integer(n)
        case .bool(let flag): .bool(flag)
        case .decimal(let number): .string(number.description)
        case .money(let money): .object(["amount": .string(money.amount.description), "currency": .string(money.currency)])
        case .date(let date): .string(date.iso)
        case .instant(let instant): .string(instant.iso)
        case .duration(let seconds): .integer(seconds)
        case .list(let list): .array(list.map(JSON.string))
        case .reference(let id): .string(id.description)
        case .place(let place): place.json
        case .files(let files):
            .array(files.map { ["hash": .string($0.hash), "name": .string($0.name), "type": .string($0.type), "size": .integer(Int64($0.size))] })
        case .sealed(let data): .string(data.base64EncodedString())
        }
    }

    /// Reads a value of a field's kind from JSON; throws a refusal that names the field.
    public init(_ json: JSON, for field: FieldSchema) throws {
        func no(_ code: String, _ arguments: [String: String] = [:]) -> Refusal { Refusal(code, field: field.name, arguments) }
        if json == .null { self = .null; return }
        switch field.kind {
        case .text, .longText, .choice, .secret:
            guard let text = json.string else { throw no("not-text") }
            self = try Value.reading(text, for: field)
        case .words:
            guard let members = json.object else { throw no("not-words") }
            var texts: [Language: String] = [:]
            for (key, value) in members {
                guard let language = Language(rawValue: key), let text = value.string else { throw no("not-words") }
                if case .text(let clean) = try Value.clean(text, for: field) { texts[language] = clean }
            }
            self = texts.isEmpty ? .null : .words(texts)
        case .integer, .duration:
            guard let n = json.integer else { throw no("not-an-integer") }
            self = try Value.checked(field.kind == .integer ? .integer(Int64(n)) : .duration(Int64(n)), for: field)
        case .bool:
            guard let flag = json.bool else { throw no("not-a-boolean") }
            self = .bool(flag)
        case .decimal:
            guard let text = json.string ?? json.numeral, let number = FixedPoint(text, scale: field.scale) else {
                throw no("not-a-decimal", ["scale": String(field.scale)])
            }
            self = try Value.checked(.decimal(number), for: field)
        case .money:
            guard let text = json["amount"].string ?? json["amount"].numeral, let code = json["currency"].string ?? field.currency else { throw no("not-money") }
            self = try Value.money(text, currency: code, for: field)
        case .choices:
            guard let items = json.array else { throw no("not-a-list") }
            var words: [String] = []
            guard items.count <= Value.mostWords else { throw no("too-many-values", ["most": String(Value.mostWords)]) }
            for item in items {
                guard let word = item.string, field.choices.isEmpty || field.choices.contains(word) else { throw no("not-a-choice", ["choices": field.choices.joined(separator: ", ")]) }
                let clean = field.choices.isEmpty ? try Value.freeWord(word, field) : word
                if let clean, !words.contains(clean) { words.append(clean) }
            }
            self = words.isEmpty ? .null : .list(words)
        case .place:
            guard let place = Place(json: json) else { throw no("not-a-place") }
            self = .place(place)
        case .files:
            guard let items = json.array else { throw no("not-a-list") }
            var files: [FileRef] = []
            for item in items {
                guard let hash = item["hash"].string, let name = item["name"].string, let type = item["type"].string, let size = item["size"].integer
                else { throw no("not-a-file") }
                files.append(FileRef(hash: hash, name: name, type: type, size: size))
            }
            self = files.isEmpty ? .null : .files(files)
        case .date, .instant, .reference:
            guard let text = json.string else { throw no("not-text") }
            self = try Value.reading(text, for: field)
        }
    }

    /// Reads the wire form of a scalar: what stands in a URL, a CSV cell or a form. Empty text is null.
    public static func reading(_ text: String, for field: FieldSchema) throws -> Value {
        func no(_ code: String, _ arguments: [String: String] = [:]) -> Refusal { Refusal(code, field: field.name, arguments) }
        let trimmed = field.kind == .longText ? text : text.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.isEmpty { return .null }
        switch field.kind {
        case .text, .longText: return try clean(trimmed, for: field)
        case .secret:
            guard case .text(let plain) = try clean(trimmed, for: field) else { return .null }
            return .secret(plain)
        case .choice:
            guard field.choices.isEmpty || field.choices.contains(trimmed) else { throw no("not-a-choice", ["choices": field.choices.joined(separator: ", ")]) }
            return .text(trimmed)
        case .integer, .duration:
            guard let n = Int64(trimmed) else { throw no("not-an-integer") }
            return try checked(field.kind == .integer ? .integer(n) : .duration(n), for: field)
        case .bool:
            switch trimmed {
            case "true", "yes", "1", "on": return .bool(true)
            case "false", "no", "0", "off": return .bool(false)
            default: throw no("not-a-boolean")
            }
        case .decimal:
            guard let number = FixedPoint(trimmed, scale: field.scale) else { throw no("not-a-decimal", ["scale": String(field.scale)]) }
            return try checked(.decimal(number), for: field)
        case .money:
            let parts = trimmed.split(separator: " ")
            guard let amount = parts.first, let code = parts.count == 2 ? String(parts[1]) : field.currency else { throw no("not-money") }
            return try money(String(amount), currency: code, for: field)
        case .date:
            guard let date = CalendarDate(iso: trimmed) else { throw no("not-a-date") }
            return .date(date)
        case .instant:
            guard let instant = Instant(iso: trimmed) else { throw no("not-an-instant") }
            return .instant(instant)
        case .reference:
            guard let id = RecordID(trimmed) else { throw no("not-a-reference") }
            return .reference(id)
        case .choices:
            let words = trimmed.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
            return try Value(.array(words.map(JSON.string)), for: field)
        case .place:
            let parts = trimmed.split(separator: ",").compactMap { Double($0.trimmingCharacters(in: .whitespaces)) }
            guard parts.count == 2, let place = Place(latitude: parts[0], longitude: parts[1]) else { throw no("not-a-place") }
            return .place(place)
        case .words: return try clean(trimmed, for: field) == .null ? .null : .words([.en: trimmed])
        case .files: throw no("not-a-file")
        }
    }

    /// Words that a list may hold.
    static let mostWords = 100

    /// A word of a list that takes any: one line of 200 characters at most; nil when it is blank.
    private static func freeWord(_ word: String, _ field: FieldSchema) throws -> String? {
        let line = FieldSchema(name: field.name, kind: .text, traits: [.max(field.max ?? 200)])
        return if case .text(let text) = try clean(word.trimmingCharacters(in: .whitespaces), for: line) { text } else { nil }
    }

    /// Text in composed form (NFC), with directions closed in itself, without control characters but line breaks and tabs in long text, and not too long.
    static func clean(_ text: String, for field: FieldSchema) throws -> Value {
        guard text.isStreamSafe else { throw Refusal("too-many-marks", field: field.name) }
        let composed = Directions.closed(text.precomposedStringWithCanonicalMapping.replacing("\r\n", with: "\n"))
        let isLong = field.kind == .longText || field.kind == .secret || field.kind == .words
        for scalar in composed.unicodeScalars where scalar.value < 0x20 || scalar.value == 0x7f || (0x80..<0xa0).contains(scalar.value) {
            guard isLong, scalar == "\n" || scalar == "\t" else { throw Refusal("control-characters", field: field.name) }
        }
        if let max = field.max, composed.unicodeScalars.count > max {
            throw Refusal("too-long", field: field.name, ["max": String(max), "length": String(composed.unicodeScalars.count)])
        }
        if let pattern = field.pattern, composed.range(of: "^(?:\(pattern))$", options: .regularExpression) == nil {
            throw Refusal("wrong-form", field: field.name)
        }
        return composed.isEmpty ? .null : .text(composed)
    }

    static func checked(_ value: Value, for field: FieldSchema) throws -> Value {
        guard let range = field.range else { return value }
        let isInside = switch value {
        case .integer(let n), .duration(let n): n >= range.lowerBound && n <= range.upperBound
        case .decimal(let number): number.decimal >= Decimal(range.lowerBound) && number.decimal <= Decimal(range.upperBound)
        default: true
        }
        guard isInside else {
            throw Refusal("out-of-range", field: field.name, ["least": String(range.lowerBound), "most": String(range.upperBound)])
        }
        return value
    }

    static func money(_ amount: String, currency: String, for field: FieldSchema) throws -> Value {
        let code = currency.uppercased()
        guard code.utf8.count == 3, code.utf8.allSatisfy({ (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }) else {
            throw Refusal("not-a-currency", field: field.name)
        }
        if let only = field.currency, only != code { throw Refusal("wrong-currency", field: field.name, ["currency": only]) }
        guard let number = FixedPoint(amount, scale: Money.digits(code)) else {
            throw Refusal("not-a-decimal", field: field.name, ["scale": String(Money.digits(code))])
        }
        return .money(Money(minor: number.units, currency: code))
    }

    /// The wire form of a scalar, the inverse of `reading`; for forms, URLs and CSV.
    public var wire: String {
        switch self {
        case .null, .secret, .sealed: ""
        case .text(let text): text
        case .words(let texts): texts[.en] ?? texts.first?.value ?? ""
        case .integer(let n), .duration(let n): String(n)
        case .bool(let flag): flag ? "true" : "false"
        case .decimal(let number): number.description
        case .money(let money): "\(money.amount) \(money.currency)"
        case .date(let date): date.iso
        case .instant(let instant): instant.iso
        case .list(let list): list.joined(separator: ",")
        case .reference(let id): id.description
        case .place(let place): "\(place.centre.latitude), \(place.centre.longitude)"
        case .files(let files): files.map(\.name).joined(separator: ", ")
        }
    }
}

extension Place {
    /// GeoJSON geometry (RFC 7946).
    public var json: JSON {
        func pair(_ position: Position) -> JSON { [.number(String(position.longitude)), .number(String(position.latitude))] }
        let coordinates: JSON = switch shape {
        case .point: pair(positions[0])
        case .line: .array(positions.map(pair))
        case .area: [.array(positions.map(pair))]
        }
        return ["type": .string(shape.rawValue), "coordinates": coordinates]
    }

    public init?(json: JSON) {
        func position(_ json: JSON) -> Position? {
            guard let pair = json.array, pair.count >= 2, let x = pair[0].double, let y = pair[1].double else { return nil }
            return Position(longitude: x, latitude: y)
        }
        guard let shape = json["type"].string.flatMap(Shape.init), let coordinates = json["coordinates"].array else { return nil }
        let list: [JSON] = switch shape {
        case .point: [.array(coordinates)]
        case .line: coordinates
        case .area: coordinates.first?.array ?? []
        }
        let positions = list.compactMap(position)
        guard positions.count == list.count else { return nil }
        self.init(shape, positions)
    }
}
