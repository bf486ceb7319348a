import Kernel

/// Takes a table apart record by record (RFC 4180), with what spreadsheets make of it: a byte order mark, semicolons or tabs, any line ends,
/// a first line `sep=;`. What is wrong with one record leaves the next.
struct TableReader {
    struct Record {
        /// The line of the file on which it begins, from 1.
        let line: Int
        var cells: [String] = []
        var fault: ExchangeFault.Code?
        /// A quotation mark stands inside a cell that has none at its ends; it is taken as it is.
        var hasStrayQuote = false
    }

    private let bytes: [UInt8]
    private let limits: ExchangeLimits
    private(set) var separator = UInt8(ascii: ",")
    private var at: Int
    private var line = 1
    /// The line of a quotation mark that is never closed: what follows it is one cell, or many rows.
    private(set) var openQuote: Int?

    private static let quote = UInt8(ascii: "\"")

    init(_ bytes: [UInt8], _ limits: ExchangeLimits) {
        self.bytes = bytes
        self.limits = limits
        at = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        if bytes[at...].starts(with: "sep=".utf8), at + 4 < bytes.count, [UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "|"), 0x09].contains(bytes[at + 4]) {
            separator = bytes[at + 4]
            at += 5
        } else {
            separator = commonest()
        }
    }

    /// The mark that stands most often outside quotation marks in the first line.
    private func commonest() -> UInt8 {
        var commas = 0, semicolons = 0, tabs = 0, isQuoted = false
        for byte in bytes[at...] {
            if byte == Self.quote { isQuoted.toggle() }
            if isQuoted { continue }
            switch byte {
            case 0x0a, 0x0d: if commas + semicolons + tabs > 0 { return choose() }
            case UInt8(ascii: ","): commas += 1
            case UInt8(ascii: ";"): semicolons += 1
            case 0x09: tabs += 1
            default: break
            }
        }
        func choose() -> UInt8 { semicolons > commas && semicolons >= tabs ? UInt8(ascii: ";") : tabs > commas ? 0x09 : UInt8(ascii: ",") }
        return choose()
    }

    /// The next record that is not empty; nil at the end, or where a quotation mark stays open.
    mutating func record() -> Record? {
        while at < bytes.count, openQuote == nil {
            if isLineEnd(bytes[at]) {
                takeLineEnd()
                continue
            }
            var record = Record(line: line)
            while true {
                guard let cell = cell(&record) else { return nil }
                if record.cells.count < limits.columns { record.cells.append(Self.unguarded(cell)) } else { record.fault = .tooManyColumns }
                guard at < bytes.count, bytes[at] == separator else { break }
                at += 1
            }
            if at < bytes.count { takeLineEnd() }
            if record.fault != nil || record.cells.contains(where: { !$0.isEmpty }) { return record }
        }
        return nil
    }

    private func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0a || byte == 0x0d }

    private mutating func takeLineEnd() {
        if bytes[at] == 0x0d, at + 1 < bytes.count, bytes[at + 1] == 0x0a { at += 1 }
        at += 1
        line += 1
    }

    private mutating func cell(_ record: inout Record) -> String? {
        if at < bytes.count, bytes[at] == Self.quote { return quoted(&record) }
        let start = at
        while at < bytes.count, bytes[at] != separator, !isLineEnd(bytes[at]) {
            if bytes[at] == Self.quote { record.hasStrayQuote = true }
            at += 1
        }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private mutating func quoted(_ record: inout Record) -> String? {
        let start = line
        var text: [UInt8] = []
        at += 1
        while at < bytes.count {
            let byte = bytes[at]
            if byte == Self.quote {
                at += 1
                guard at < bytes.count, bytes[at] == Self.quote else { return closed(text, &record) }
            } else if byte == 0x0a || byte == 0x0d && !(at + 1 < bytes.count && bytes[at + 1] == 0x0a) {
                line += 1
            }
            text.append(byte)
            at += 1
        }
        openQuote = start
        return nil
    }

    /// After the closing mark the cell ends; where it does not, the record is at fault up to the end of its line.
    private mutating func closed(_ text: [UInt8], _ record: inout Record) -> String {
        if at < bytes.count, bytes[at] != separator, !isLineEnd(bytes[at]) {
            record.fault = .misplacedQuote
            while at < bytes.count, !isLineEnd(bytes[at]) { at += 1 }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// A cell without the apostrophe that an export puts before what looks like a formula (`CSV.line`).
    private static func unguarded(_ cell: String) -> String {
        guard cell.utf8.first == UInt8(ascii: "'") else { return cell }
        for scalar in cell.unicodeScalars {
            switch scalar {
            case "'", " ", "\u{a0}", "\u{3000}", "\u{feff}", "\u{200b}": continue
            case "=", "+", "-", "@", "\u{ff1d}", "\u{ff0b}", "\u{ff0d}", "\u{ff20}": return String(cell.unicodeScalars.dropFirst())
            default: return scalar.value < 0x20 || scalar.value == 0x7f ? String(cell.unicodeScalars.dropFirst()) : cell
            }
        }
        return cell
    }
}
