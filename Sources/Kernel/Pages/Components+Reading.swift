import Foundation

/// Reads back what `View.field` asked for.
extension View {
    /// The values of the fields as they were sent; fields the form did not show are left out. Throws all faults at once.
    public func values(of fields: [FieldSchema]) throws -> [String: Value] {
        var values: [String: Value] = [:]
        var faults: [Refusal] = []
        for field in fields {
            do {
                if let value = try value(sent: field) { values[field.name] = value }
            } catch let refusal as Refusal { faults.append(refusal) }
        }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
        return values
    }

    /// The value of one field as it was sent; nil when the form did not show it. Files are the web server's to read.
    public func value(sent field: FieldSchema) throws -> Value? {
        let raw = form[field.name]
        switch field.kind {
        case .files: return nil
        case .bool:
            if form[field.name + ".shown"] != nil { return .bool(raw?.contains("true") ?? false) }
            return try raw?.first.map { try Value.reading($0, for: field) }
        case .words: return try wordsSent(field)
        case .choices:
            guard let raw else { return nil }
            let words = field.choices.isEmpty ? raw.flatMap { $0.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) } } : raw
            return try Value(.array(words.filter { !$0.isEmpty }.map(JSON.string)), for: field)
        case .duration: return try durationSent(field)
        case .money:
            guard let amount = raw?.first else { return nil }
            if amount.trimmingCharacters(in: .whitespaces).isEmpty { return .null }
            let code = field.currency ?? form[field.name + ".currency"]?.first ?? ""
            return try Value.reading("\(plainNumber(amount)) \(code.trimmingCharacters(in: .whitespaces))", for: field)
        case .integer, .decimal: return try raw?.first.map { try Value.reading(plainNumber($0), for: field) }
        case .instant: return try raw?.first.map { try instantSent($0, field) }
        case .reference: return try raw?.first.map { try referenceSent($0, field) }
        default: return try raw?.first.map { try Value.reading($0, for: field) }
        }
    }

    private func wordsSent(_ field: FieldSchema) throws -> Value? {
        var members: [String: JSON] = [:], isShown = false
        for language in Language.allCases {
            guard let text = form["\(field.name).\(language.rawValue)"]?.first else { continue }
            isShown = true
            let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
            if !trimmed.isEmpty { members[language.rawValue] = .string(trimmed) }
        }
        return isShown ? try Value(.object(members), for: field) : nil
    }

    private func durationSent(_ field: FieldSchema) throws -> Value? {
        let parts = ["hours", "minutes"].map { form["\(field.name).\($0)"]?.first.map(plainNumber) }
        if parts.allSatisfy({ $0 == nil }) { return try form[field.name]?.first.map { try Value.reading($0, for: field) } }
        if parts.allSatisfy({ $0?.isEmpty ?? true }) { return .null }
        let numbers = try parts.map { text -> Int in
            guard let text, !text.isEmpty else { return 0 }
            guard let number = Int(text), (0...100_000).contains(number) else { throw Refusal("not-an-integer", field: field.name) }
            return number
        }
        return try Value.reading(String(numbers[0] * 3600 + numbers[1] * 60), for: field)
    }

    /// Wall-clock time in the reader's zone; full RFC 3339 is taken as well.
    private func instantSent(_ text: String, _ field: FieldSchema) throws -> Value {
        let trimmed = text.trimmingCharacters(in: .whitespaces)
        if trimmed.isEmpty { return .null }
        if let instant = Instant(iso: trimmed) { return .instant(instant) }
        guard let wall = Instant(iso: trimmed + (trimmed.utf8.count == 16 ? ":00Z" : "Z")) else { throw Refusal("not-an-instant", field: field.name) }
        let zone = formats.timeZone
        let guess = wall.adding(seconds: -zone.secondsFromGMT(for: wall.date))
        return .instant(wall.adding(seconds: -zone.secondsFromGMT(for: guess.date)))
    }

    /// An id, a reference number, or the exact title of a record the sender may read.
    private func referenceSent(_ text: String, _ field: FieldSchema) throws -> Value {
        let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if trimmed.isEmpty { return .null }
        if let id = RecordID(trimmed) { return .reference(id) }
        guard let schema = field.target.flatMap(session.platform.schema) else { throw Refusal("not-a-reference", field: field.name) }
        if let row = try session.row(schema, named: trimmed) { return .reference(row.id) }
        let found = try session.search(schema, trimmed, limit: 50).filter { session.title($0) == trimmed }
        guard found.count == 1 else { throw Refusal("no-such-record", field: field.name) }
        return .reference(found[0].id)
    }

    /// A number as people write it in the reader's language, in the form machines read.
    func plainNumber(_ text: String) -> String {
        let pointIsComma = language == .fr || language == .ru || language == .es
        var plain = ""
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case 0x660...0x669: plain.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x660 + 0x30)))
            case 0x6F0...0x6F9: plain.unicodeScalars.append(Unicode.Scalar(UInt8(scalar.value - 0x6F0 + 0x30)))
            case 0x66B: plain += "."
            case 0x66C, 0x20, 0xA0, 0x202F, 0x2009: continue
            case 0x2C: if pointIsComma { plain += "." }
            case 0x2212: plain += "-"
            default: plain.unicodeScalars.append(scalar)
            }
        }
        return plain
    }
}
