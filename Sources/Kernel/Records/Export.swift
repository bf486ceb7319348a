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

    /// A cell that begins like a formula gets an apostrophe before it; a plain number is none.
    static func guarded(_ cell: String) -> String {
        guard let first = cell.utf8.first, isFormula(first) else { return cell }
        if first == UInt8(ascii: "-") || first == UInt8(ascii: "+"), FixedPoint(cell.dropFirst(), scale: 18) != nil { return cell }
        return "'" + cell
    }

    /// The first byte of what spreadsheets compute: `= + - @`, tab, carriage return.
    static func isFormula(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "="), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "@"), 0x09, 0x0D: true
        default: false
        }
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
