import Kernel

/// Texts of strangers, made fit to be kept.
enum PlainText {
    /// Without control characters but tab and line feed, and without marks after the thirtieth of a letter; line ends become line feeds. Nil for
    /// nothing but blanks.
    static func clean(_ text: String) -> (text: String?, hadControls: Bool) {
        if isPlain(text) {
            let trimmed = NumberText.trimmed(text)
            return (trimmed.isEmpty ? nil : trimmed, false)
        }
        var out = String.UnicodeScalarView(), hadControls = false, wasReturn = false, marks = 0
        for scalar in text.unicodeScalars {
            marks = scalar.isMark ? marks + 1 : 0
            if marks > String.mostMarks {
                hadControls = true
                continue
            }
            switch scalar {
            case "\r": out.append("\n")
            case "\n": if !wasReturn { out.append(scalar) }
            case "\t": out.append(scalar)
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}": hadControls = true
            default: out.append(scalar)
            }
            wasReturn = scalar == "\r"
        }
        let trimmed = NumberText.trimmed(String(out))
        return (trimmed.isEmpty ? nil : trimmed, hadControls)
    }

    /// Whether the text can stay as it is: no control characters, and nowhere more bytes of marks in a row than thirty marks have.
    private static func isPlain(_ text: String) -> Bool {
        var previous: UInt8 = 0, run = 0
        for byte in text.utf8 {
            if byte < 0x20 || byte == 0x7f || (previous == 0xc2 && byte < 0xa0) { return false }
            run = byte < 0x80 ? 0 : run + 1
            // Marks have two bytes or more. Text without blanks and full stops, as Chinese is written, comes here too and is looked at closely.
            if run > 2 * String.mostMarks { return false }
            previous = byte
        }
        return true
    }

    /// Names in one text with semicolons between them, but not those within quotation marks, as UCDP has its sources.
    static func names(_ text: String) -> [String] {
        var isQuoted = false
        return text.utf8.split { byte in
            if byte == UInt8(ascii: "\"") { isQuoted.toggle() }
            return byte == UInt8(ascii: ";") && !isQuoted
        }.map { NumberText.trimmed(String(Substring($0))) }.filter { !$0.isEmpty }
    }

    /// The text as HTML shows it.
    static func asHTML(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == UInt8(ascii: "<") || $0 == UInt8(ascii: "&") || $0 == UInt8(ascii: ">") }) else { return text }
        var out: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "&"): out += "&amp;".utf8
            case UInt8(ascii: "<"): out += "&lt;".utf8
            case UInt8(ascii: ">"): out += "&gt;".utf8
            default: out.append(byte)
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// A name of a column or member, short enough to be compared and hashed at once.
    static func name(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars.prefix(100) { out.append(scalar.value < 0x20 || (0x7f..<0xa0).contains(scalar.value) ? " " : scalar) }
        return NumberText.trimmed(String(out))
    }

    /// The text of a description that may be HTML (KML 2.2 §9.1.3.10 allows it): tags fall away, block ends become line ends. What looks like no tag stays.
    static func withoutTags(_ text: String) -> String {
        guard text.utf8.contains(UInt8(ascii: "<")) || text.utf8.contains(UInt8(ascii: "&")) else { return text }
        let bytes = Array(text.utf8)
        var out: [UInt8] = [], index = 0
        // Once no `>` follows, none follows later either: each byte is looked at twice at most.
        var isWithoutClose = false
        while index < bytes.count {
            let byte = bytes[index]
            if byte == UInt8(ascii: "<"), !isWithoutClose, index + 1 < bytes.count, isTagStart(bytes[index + 1]) {
                guard let close = bytes[index...].firstIndex(of: UInt8(ascii: ">")) else {
                    isWithoutClose = true
                    continue
                }
                if breaksLine(bytes[(index + 1)..<close]), out.last != 0x0a, !out.isEmpty { out.append(0x0a) }
                index = close + 1
            } else if byte == UInt8(ascii: "&"), let (scalar, length) = entity(bytes[index...].prefix(10)) {
                out += String(scalar).utf8
                index += length
            } else {
                out.append(byte)
                index += 1
            }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func isTagStart(_ byte: UInt8) -> Bool {
        (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "!")
    }

    private static func breaksLine(_ tag: ArraySlice<UInt8>) -> Bool {
        let name = String(decoding: tag.prefix(12), as: UTF8.self).lowercased().drop { $0 == "/" }.prefix { $0.isLetter || $0.isNumber }
        return ["br", "p", "div", "tr", "li", "h1", "h2", "h3", "h4", "table", "ul", "ol"].contains(String(name))
    }

    private static func entity(_ bytes: ArraySlice<UInt8>) -> (Unicode.Scalar, Int)? {
        guard let end = bytes.firstIndex(of: UInt8(ascii: ";")) else { return nil }
        let name = String(decoding: bytes[(bytes.startIndex + 1)..<end], as: UTF8.self)
        let length = end - bytes.startIndex + 1
        switch name {
        case "amp": return ("&", length)
        case "lt": return ("<", length)
        case "gt": return (">", length)
        case "quot": return ("\"", length)
        case "apos": return ("'", length)
        case "nbsp": return ("\u{a0}", length)
        default:
            guard name.hasPrefix("#") else { return nil }
            let number = name.dropFirst().first.map { $0 == "x" || $0 == "X" } == true ? UInt32(name.dropFirst(2), radix: 16) : UInt32(name.dropFirst(), radix: 10)
            guard let number, number >= 0x20, let scalar = Unicode.Scalar(number) else { return nil }
            return (scalar, length)
        }
    }
}
