/// Brings the bytes of a document to UTF-8 (XML 1.0, section 4.3.3 and appendix F).
enum XMLText {
    /// The document in UTF-8, without byte order mark and declaration; the lines keep their numbers.
    static func utf8(_ bytes: [UInt8], limit: Int) throws(XML.Fault) -> [UInt8] {
        guard bytes.count <= limit else { throw XML.Fault(reason: .tooLong(limit), line: 1) }
        if bytes.starts(with: [0xFE, 0xFF]) { return try body(utf16(bytes.dropFirst(2), isBig: true), declares: ["utf-16"]) }
        if bytes.starts(with: [0xFF, 0xFE]) { return try body(utf16(bytes.dropFirst(2), isBig: false), declares: ["utf-16"]) }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return try body(checked(Array(bytes.dropFirst(3)), "utf-8"), declares: ["utf-8", "us-ascii"]) }
        switch try declaration(bytes)?.encoding ?? "utf-8" {
        case "utf-8": return try body(checked(bytes, "utf-8"), declares: nil)
        case "us-ascii", "ascii":
            guard bytes.allSatisfy({ $0 < 0x80 }) else { throw XML.Fault(reason: .encoding("us-ascii"), line: 1) }
            return try body(bytes, declares: nil)
        case "iso-8859-1", "latin1": return try body(latin1(bytes), declares: nil)
        case let other: throw XML.Fault(reason: .encoding(other), line: 1)
        }
    }

    private static func utf16(_ bytes: ArraySlice<UInt8>, isBig: Bool) throws(XML.Fault) -> [UInt8] {
        let start = bytes.startIndex
        let units = stride(from: start, to: bytes.endIndex - 1, by: 2).map { index in
            let (first, second) = (UInt16(bytes[index]), UInt16(bytes[index + 1]))
            return isBig ? first << 8 | second : second << 8 | first
        }
        guard bytes.count.isMultiple(of: 2), let text = String(validating: units, as: UTF16.self) else { throw XML.Fault(reason: .encoding("utf-16"), line: 1) }
        return Array(text.utf8)
    }

    private static func latin1(_ bytes: [UInt8]) -> [UInt8] {
        bytes.reduce(into: []) { if $1 < 0x80 { $0.append($1) } else { $0 += [0xC0 | $1 >> 6, 0x80 | $1 & 0x3F] } }
    }

    private static func checked(_ bytes: [UInt8], _ encoding: String) throws(XML.Fault) -> [UInt8] {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw XML.Fault(reason: .encoding(encoding), line: 1) }
        return bytes
    }

    /// What follows the declaration, after as many line ends as it held.
    private static func body(_ bytes: [UInt8], declares encodings: [String]?) throws(XML.Fault) -> [UInt8] {
        guard let found = try declaration(bytes) else { return bytes }
        if let encodings, let encoding = found.encoding, !encodings.contains(encoding) { throw XML.Fault(reason: .encoding(encoding), line: 1) }
        return bytes[..<found.end].filter { $0 == 0x0A } + bytes[found.end...]
    }

    /// Reads `<?xml version="1.0" encoding="…" standalone="…"?>` (productions 23 to 32); nil when the text begins otherwise.
    private static func declaration(_ bytes: [UInt8]) throws(XML.Fault) -> (encoding: String?, end: Int)? {
        guard bytes.starts(with: Array("<?xml".utf8)), bytes.count > 5, XML.isSpace(bytes[5]) else { return nil }
        let head = bytes.prefix(256)
        guard let end = head.indices.dropFirst(6).first(where: { head[$0] == UInt8(ascii: ">") && head[$0 - 1] == UInt8(ascii: "?") }) else {
            throw XML.Fault(reason: .declaration, line: 1)
        }
        var rest = head[5..<end - 1], found: [(name: String, value: String)] = []
        while let (name, value) = try pair(&rest) { found.append((name, value)) }
        let names = found.map(\.name)
        guard [["version"], ["version", "encoding"], ["version", "standalone"], ["version", "encoding", "standalone"]].contains(names), found[0].value == "1.0"
        else { throw XML.Fault(reason: .declaration, line: 1) }
        return (found.first { $0.name == "encoding" }?.value.lowercased(), end + 1)
    }

    private static func pair(_ rest: inout ArraySlice<UInt8>) throws(XML.Fault) -> (String, String)? {
        let fault = XML.Fault(reason: .declaration, line: 1)
        let before = rest.count
        rest = rest.drop(while: XML.isSpace)
        if rest.isEmpty { return nil }
        guard rest.count < before else { throw fault }
        let name = rest.prefix { $0 >= UInt8(ascii: "a") && $0 <= UInt8(ascii: "z") }
        rest = rest.dropFirst(name.count).drop(while: XML.isSpace)
        guard rest.popFirst() == UInt8(ascii: "=") else { throw fault }
        rest = rest.drop(while: XML.isSpace)
        guard let quote = rest.popFirst(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), let close = rest.firstIndex(of: quote) else { throw fault }
        let value = rest[..<close]
        guard value.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else { throw fault }
        rest = rest[(close + 1)...]
        return (String(decoding: name, as: UTF8.self), String(decoding: value, as: UTF8.self))
    }
}
