/// A file of comma-separated values (RFC 4180): a header and lines of as many cells. Semicolons and tabs are taken too, as spreadsheets write them.
public struct CSV: Sendable {
    public struct Line: Sendable, Hashable {
        /// The line of the file on which it begins, from 1.
        public let number: Int
        public let cells: [String]
    }

    public let header: [String]
    public let lines: [Line]
    /// Lines whose number of cells is not the header's, which are in `lines` no more.
    public let uneven: [Line]

    /// Bytes, lines and columns a file may have.
    public static let limits = (bytes: 5_000_000, lines: 10_000, columns: 300)

    /// Reads a file; refuses what is too large, is not UTF-8, or breaks the rules of quoting, with the line.
    public init(_ bytes: [UInt8]) throws {
        guard bytes.count <= CSV.limits.bytes else { throw Refusal("csv-too-large", .tooLarge, ["megabytes": String(CSV.limits.bytes / 1_000_000)]) }
        guard String(validating: bytes, as: UTF8.self) != nil, !bytes.contains(0) else { throw Refusal("csv-not-utf8") }
        var reader = Reader(bytes)
        guard let head = try reader.record() else { throw Refusal("csv-empty") }
        guard head.cells.count <= CSV.limits.columns else { throw Refusal("csv-too-wide", .invalid, ["columns": String(CSV.limits.columns)]) }
        header = head.cells
        var lines: [Line] = [], uneven: [Line] = []
        while let line = try reader.record() {
            guard lines.count < CSV.limits.lines else { throw Refusal("csv-too-long", .invalid, ["lines": String(CSV.limits.lines)]) }
            if line.cells.count == head.cells.count { lines.append(line) } else { uneven.append(line) }
            guard uneven.count <= 1_000 else { throw Refusal("csv-uneven", .invalid, ["line": String(line.number)]) }
        }
        (self.lines, self.uneven) = (lines, uneven)
    }

    /// Takes the file apart, byte by byte.
    private struct Reader {
        let bytes: [UInt8]
        let separator: UInt8
        var index: Int
        var line = 1

        private static let quote = UInt8(ascii: "\"")

        init(_ bytes: [UInt8]) {
            self.bytes = bytes
            index = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
            separator = Self.separator(bytes[index...])
        }

        /// The mark that stands most often outside quotes in the first line.
        private static func separator(_ bytes: ArraySlice<UInt8>) -> UInt8 {
            var counts: [UInt8: Int] = [:]
            var isQuoted = false
            for byte in bytes {
                if byte == quote { isQuoted.toggle() }
                if !isQuoted, byte == 0x0A || byte == 0x0D { break }
                if !isQuoted { counts[byte, default: 0] += 1 }
            }
            let (comma, semicolon, tab) = (counts[UInt8(ascii: ",")] ?? 0, counts[UInt8(ascii: ";")] ?? 0, counts[0x09] ?? 0)
            return semicolon > comma && semicolon >= tab ? UInt8(ascii: ";") : tab > comma ? 0x09 : UInt8(ascii: ",")
        }

        /// The next line that is not empty; nil at the end.
        mutating func record() throws -> Line? {
            while index < bytes.count, bytes[index] == 0x0A || bytes[index] == 0x0D { takeLineEnd() }
            guard index < bytes.count else { return nil }
            let start = line
            var cells: [String] = []
            while true {
                cells.append(CSV.unguarded(try cell()))
                guard index < bytes.count else { break }
                if bytes[index] == separator {
                    index += 1
                    continue
                }
                takeLineEnd()
                break
            }
            return Line(number: start, cells: cells)
        }

        private mutating func takeLineEnd() {
            if bytes[index] == 0x0D, index + 1 < bytes.count, bytes[index + 1] == 0x0A { index += 1 }
            index += 1
            line += 1
        }

        private mutating func cell() throws -> String {
            if index < bytes.count, bytes[index] == Self.quote { return try quoted() }
            let start = index
            while index < bytes.count, bytes[index] != separator, bytes[index] != 0x0A, bytes[index] != 0x0D {
                guard bytes[index] != Self.quote else { throw Refusal("csv-stray-quote", .invalid, ["line": String(line)]) }
                index += 1
            }
            return String(decoding: bytes[start..<index], as: UTF8.self)
        }

        private mutating func quoted() throws -> String {
            let start = line
            var text: [UInt8] = []
            index += 1
            while index < bytes.count {
                let byte = bytes[index]
                if byte == Self.quote {
                    guard index + 1 < bytes.count, bytes[index + 1] == Self.quote else {
                        index += 1
                        guard index == bytes.count || bytes[index] == separator || bytes[index] == 0x0A || bytes[index] == 0x0D
                        else { throw Refusal("csv-after-quote", .invalid, ["line": String(line)]) }
                        return String(decoding: text, as: UTF8.self)
                    }
                    index += 1
                } else if byte == 0x0A || byte == 0x0D && !(index + 1 < bytes.count && bytes[index + 1] == 0x0A) {
                    line += 1
                }
                text.append(byte)
                index += 1
            }
            throw Refusal("csv-open-quote", .invalid, ["line": String(start)])
        }
    }

    /// A cell without the apostrophe that an export puts before what looks like a formula.
    static func unguarded(_ cell: String) -> String {
        guard cell.utf8.first == UInt8(ascii: "'"), isFormula(cell) else { return cell }
        return String(cell.unicodeScalars.dropFirst())
    }
}
