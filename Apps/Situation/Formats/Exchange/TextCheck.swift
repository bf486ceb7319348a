import Kernel

/// What holds for the bytes and texts of every format.
enum TextCheck {
    /// Refuses what is no UTF-8 text, and says what it looks like.
    /// - Parameter isXML: XML says itself how it is encoded.
    static func fault(of bytes: [UInt8], _ source: ExchangeSource, isXML: Bool = false) -> ExchangeFault? {
        if bytes.isEmpty || bytes.elementsEqual([0xef, 0xbb, 0xbf]) { return ExchangeFault(.empty) }
        guard bytes.count <= source.limits.bytes else { return ExchangeFault(.tooLarge, ["megabytes": String(source.limits.bytes / 1_000_000)]) }
        if bytes.starts(with: [0x50, 0x4b, 3, 4]) || bytes.starts(with: [0x1f, 0x8b]) {
            return ExchangeFault(.packed, ["kind": bytes[0] == 0x50 ? "zip" : "gzip"])
        }
        guard !isXML, let at = invalidUTF8(bytes) else { return nil }
        return ExchangeFault(.notUTF8, ["line": String(line(of: at, in: bytes)), "byte": String(at), "guess": guess(bytes, at)])
    }

    /// UTF-16 shows by its mark or its zeros, single-byte text of western Europe by the bytes such texts have.
    private static func guess(_ bytes: [UInt8], _ at: Int) -> String {
        if bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff]) { return "utf-16" }
        let head = bytes.prefix(4096)
        if head.count(where: { $0 == 0 }) * 4 > head.count { return "utf-16" }
        if head.contains(where: { $0 < 9 }) { return "binary" }
        return (0x80...0x9f).contains(bytes[at]) ? "windows-1252" : "latin-1"
    }

    /// The first byte that is not UTF-8 as RFC 3629 §4 has it, or is zero.
    static func invalidUTF8(_ bytes: [UInt8]) -> Int? {
        var at = 0
        while at < bytes.count {
            let first = bytes[at]
            if first < 0x80 {
                guard first != 0 else { return at }
                at += 1
                continue
            }
            let (more, least, most): (Int, UInt8, UInt8) = switch first {
            case 0xc2...0xdf: (1, 0x80, 0xbf)
            case 0xe0: (2, 0xa0, 0xbf)
            case 0xed: (2, 0x80, 0x9f)
            case 0xe1...0xef: (2, 0x80, 0xbf)
            case 0xf0: (3, 0x90, 0xbf)
            case 0xf1...0xf3: (3, 0x80, 0xbf)
            case 0xf4: (3, 0x80, 0x8f)
            default: (0, 0, 0)
            }
            guard more > 0, at + more < bytes.count, (least...most).contains(bytes[at + 1]) else { return at }
            for next in (at + 2)..<(at + 1 + max(more, 1)) where !(0x80...0xbf).contains(bytes[next]) { return at }
            at += 1 + more
        }
        return nil
    }

    /// The line of a byte, from 1.
    static func line(of byte: Int, in bytes: [UInt8]) -> Int { 1 + bytes.prefix(byte).count { $0 == 0x0a } }

    // MARK: Texts

    /// A line of text: no line ends, no control characters, not too long. Nil when nothing is left.
    static func line(_ text: String, at path: String, _ notes: inout RowNotes) -> String? {
        guard let clean = self.text(text, at: path, most: notes.source.limits.line, &notes) else { return nil }
        guard clean.utf8.contains(where: { $0 == 0x0a || $0 == 0x09 }) else { return clean }
        return clean.utf8.split { $0 == 0x0a || $0 == 0x09 }.map { NumberText.trimmed(String(Substring($0))) }.filter { !$0.isEmpty }.joined(separator: " ")
    }

    /// A source id: short, because it is compared and hashed.
    static func id(_ text: String, at path: String, _ notes: inout RowNotes) -> String? {
        guard let id = line(text, at: path, &notes) else { return nil }
        guard id.utf8.count <= notes.source.limits.name else {
            notes.note(.textTooLong, at: path, ["most": String(notes.source.limits.name), "length": String(id.unicodeScalars.count)])
            return nil
        }
        return id
    }

    /// Text of several lines.
    static func text(_ text: String, at path: String, most: Int? = nil, _ notes: inout RowNotes) -> String? {
        let (clean, hadControls) = PlainText.clean(text)
        if hadControls { notes.note(.controlsRemoved, at: path) }
        guard let clean else { return nil }
        let limit = most ?? notes.source.limits.text
        guard clean.utf8.count <= limit || clean.unicodeScalars.count <= limit else {
            notes.note(.textTooLong, at: path, ["most": String(limit), "length": String(clean.unicodeScalars.count)])
            return nil
        }
        return clean
    }

    /// A value fit to be kept; nil for an empty text.
    static func value(_ value: JSON, at path: String, _ notes: inout RowNotes) -> JSON? {
        switch value {
        case .string(let text): return self.text(text, at: path, &notes).map(JSON.string)
        case .array(let items): return .array(items.map { self.value($0, at: path, &notes) ?? .string("") })
        case .object(let members):
            return .object(members.mapValues { self.value($0, at: path, &notes) ?? .string("") })
        default: return value
        }
    }
}
