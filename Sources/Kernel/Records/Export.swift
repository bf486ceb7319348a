import Foundation

/// What an export writes of each record.
public struct ExportForm: Sendable {
    public enum Header: String, Sendable, CaseIterable {
        /// Names and words as the reader sees them; for people.
        case labels
        /// Wire names and wire values; for programs, and for bringing the file in again.
        case names
    }

    public let schema: Schema
    public let fields: [FieldSchema]
    public let header: Header

    /// - Parameter columns: the fields shown, in their order; names the schema has not are left out.
    public init(_ schema: Schema, columns: [String], header: Header = .labels) {
        self.schema = schema
        fields = columns.compactMap(schema.field)
        self.header = header
    }
}

extension Session {
    /// The first line of a CSV export, with the byte order mark by which spreadsheets know UTF-8.
    public func csvHeader(_ form: ExportForm) -> [UInt8] {
        let names = form.fields.flatMap { field -> [String] in
            switch form.header {
            case .labels: [fieldLabel(field, in: form.schema)]
            case .names: field.kind == .words ? Language.allCases.map { "\(field.name).\($0.rawValue)" } : [field.name]
            }
        }
        return [0xEF, 0xBB, 0xBF] + CSV.line(names)
    }

    /// One record of a CSV export.
    public func csvLine(_ row: Row, _ form: ExportForm) -> [UInt8] {
        CSV.line(form.fields.flatMap { field -> [String] in
            let value = row[field.name]
            switch form.header {
            case .labels: return [cell(value, field, form.schema)]
            case .names:
                guard field.kind == .words else { return [value.wire] }
                let texts = if case .words(let texts) = value { texts } else { [Language: String]() }
                return Language.allCases.map { texts[$0] ?? "" }
            }
        })
    }

    /// One record of a JSON export: its id, its reference and the fields shown, as the API writes them.
    public func exportJSON(_ row: Row, _ form: ExportForm) -> JSON {
        var members: [String: JSON] = ["id": .string(row.id.description)]
        if let reference = row.reference { members["reference"] = .string(reference) }
        for field in form.fields {
            // What is encrypted leaves only through its own page.
            members[field.name] = if case .sealed = row[field.name] { .null } else { row[field.name].json }
        }
        return .object(members)
    }

    /// The text of a cell for people: words for choices, titles for references; numbers, dates and amounts as spreadsheets read them.
    private func cell(_ value: Value, _ field: FieldSchema, _ schema: Schema) -> String {
        switch value {
        case .instant(let instant): instant.local(in: viewer.timeZone).replacing("T", with: " ")
        case .integer, .decimal, .money, .date, .duration, .place: value.wire
        case .list(let list): list.map { choiceWord($0, of: field, in: schema) }.joined(separator: ", ")
        default: shown(value, of: field, in: schema, Formats(language: viewer.language, timeZone: viewer.timeZone))
        }
    }
}

extension CSV {
    /// One line: every cell that needs it in quotes, and none that a spreadsheet would take for a formula.
    public static func line(_ cells: [String]) -> [UInt8] {
        var out: [UInt8] = []
        for (index, cell) in cells.enumerated() {
            if index > 0 { out.append(UInt8(ascii: ",")) }
            append(guarded(cell), to: &out)
        }
        out += [0x0D, 0x0A]
        return out
    }

    /// A cell that begins like a formula gets an apostrophe before it; a plain number is none. One that has an apostrophe there already gets
    /// another, so that it comes in again as it was.
    static func guarded(_ cell: String) -> String {
        guard isFormula(cell) else { return cell }
        if let first = cell.utf8.first, first == UInt8(ascii: "-") || first == UInt8(ascii: "+"), let next = cell.utf8.dropFirst().first,
           (0x30...0x39).contains(next), isPlainNumber(cell.utf8.dropFirst()) { return cell }
        return "'" + cell
    }

    /// Digits with at most one point between them, however many.
    private static func isPlainNumber(_ digits: Substring.UTF8View) -> Bool {
        let parts = digits.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        return parts.count <= 2 && parts.allSatisfy { part in !part.isEmpty && part.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// Whether spreadsheets would compute the text, or would after taking an apostrophe off it. It begins, after apostrophes and blanks, with
    /// `= + - @`, one of their full-width forms, which some programs take for the same, or a control character.
    static func isFormula(_ cell: String) -> Bool {
        for scalar in cell.unicodeScalars {
            switch scalar {
            case "'", " ", "\u{A0}", "\u{3000}", "\u{FEFF}", "\u{200B}": continue
            case "=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
            default: return scalar.value < 0x20 || scalar.value == 0x7F
            }
        }
        return false
    }

    private static func append(_ cell: String, to out: inout [UInt8]) {
        let needsQuotes = cell.utf8.contains { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "\"") || $0 == 0x0A || $0 == 0x0D || $0 == UInt8(ascii: ";") || $0 == 0x09 }
            || cell.utf8.first == 0x20 || cell.utf8.last == 0x20
        guard needsQuotes else {
            out += cell.utf8
            return
        }
        out.append(UInt8(ascii: "\""))
        for byte in cell.utf8 {
            if byte == UInt8(ascii: "\"") { out.append(byte) }
            out.append(byte)
        }
        out.append(UInt8(ascii: "\""))
    }
}
