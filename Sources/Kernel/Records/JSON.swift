import Foundation

/// A JSON value (RFC 8259) that keeps numbers exact and can be written canonically: keys sorted, no spaces, as the ledger needs it.
public enum JSON: Hashable, Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    case null
    case bool(Bool)
    case integer(Int64)
    /// A number that is not a whole 64-bit number, as it was written.
    case number(String)
    case string(String)
    case array([JSON])
    case object([String: JSON])

    public init(stringLiteral value: String) { self = .string(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }
    public init(dictionaryLiteral elements: (String, JSON)...) { self = .object(Dictionary(elements, uniquingKeysWith: { $1 })) }
    public init(nilLiteral: ()) { self = .null }

    public subscript(_ key: String) -> JSON {
        if case .object(let members) = self { members[key] ?? .null } else { .null }
    }
    public var string: String? { if case .string(let text) = self { text } else { nil } }
    public var integer: Int? { if case .integer(let n) = self { Int(n) } else { nil } }
    public var array: [JSON]? { if case .array(let items) = self { items } else { nil } }
    public var object: [String: JSON]? { if case .object(let members) = self { members } else { nil } }
    public var bool: Bool? { if case .bool(let flag) = self { flag } else { nil } }
    public var double: Double? {
        switch self { case .integer(let n): Double(n); case .number(let text): Double(text); default: nil }
    }
    /// A number as written, for exact decimals.
    public var numeral: String? {
        switch self { case .integer(let n): String(n); case .number(let text): text; default: nil }
    }

    // MARK: Writing

    /// Canonical text: members sorted by the bytes of their names, no white space.
    public var text: String { String(decoding: bytes, as: UTF8.self) }

    public var bytes: [UInt8] {
        var out: [UInt8] = []
        out.reserveCapacity(256)
        write(to: &out)
        return out
    }

    public func write(to out: inout [UInt8]) {
        switch self {
        case .null: out += "null".utf8
        case .bool(let flag): out += (flag ? "true" : "false").utf8
        case .integer(let n): out += String(n).utf8
        case .number(let text): out += text.utf8
        case .string(let text): JSON.write(text, to: &out)
        case .array(let items):
            out.append(UInt8(ascii: "["))
            for (index, item) in items.enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                item.write(to: &out)
            }
            out.append(UInt8(ascii: "]"))
        case .object(let members):
            out.append(UInt8(ascii: "{"))
            for (index, key) in members.keys.sorted(by: String.precedesByBytes).enumerated() {
                if index > 0 { out.append(UInt8(ascii: ",")) }
                JSON.write(key, to: &out)
                out.append(UInt8(ascii: ":"))
                members[key]?.write(to: &out)
            }
            out.append(UInt8(ascii: "}"))
        }
    }

    static func write(_ text: String, to out: inout [UInt8]) {
        out.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { bytes in
            // Most texts hold nothing that must be escaped, and go as they are.
            var start = 0
            for (place, byte) in bytes.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                out += bytes[start..<place]
                start = place + 1
                switch byte {
                case UInt8(ascii: "\""), UInt8(ascii: "\\"): out += [UInt8(ascii: "\\"), byte]
                case 0x0a: out += "\\n".utf8
                case 0x0d: out += "\\r".utf8
                case 0x09: out += "\\t".utf8
                default: out += "\\u00\(byte < 16 ? "0" : "")\(String(byte, radix: 16))".utf8
                }
            }
            out += bytes[start...]
        }
        out.append(UInt8(ascii: "\""))
    }

    // MARK: Reading

    /// Where and why a text is not JSON.
    public struct Fault: Error, Hashable, CustomStringConvertible {
        public let reason: String
        /// Byte offset.
        public let at: Int
        public var description: String { "\(reason) at byte \(at)" }

        /// The reason as a word's key, for a sentence in the reader's language: utf-8, deep, twice, number, text, after or syntax.
        public var kind: String {
            switch reason {
            case "not UTF-8": "utf-8"
            case "more than 64 levels deep": "deep"
            case "text after the value": "after"
            case "not a number", "a number of more than 64 characters": "number"
            case "a string without an end", "a control character in a string", "half a surrogate pair", "an unknown escape", "a \\u escape needs four digits",
                 "a letter with more than 30 marks": "text"
            default: reason.hasSuffix("stands twice") ? "twice" : "syntax"
            }
        }
    }

    /// Reads strictly: UTF-8 only, no duplicate members, at most 64 levels deep, nothing after the value.
    public init(_ bytes: some Sequence<UInt8>) throws(Fault) {
        var reader = JSONReader(Array(bytes))
        self = try reader.document()
    }

    public init(text: String) throws(Fault) { try self.init(text.utf8) }
}

private struct JSONReader {
    let bytes: [UInt8]
    var at = 0
    var depth = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func document() throws(JSON.Fault) -> JSON {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw fault("not UTF-8") }
        let value = try value()
        space()
        guard at == bytes.count else { throw fault("text after the value") }
        return value
    }

    func fault(_ reason: String) -> JSON.Fault { JSON.Fault(reason: reason, at: at) }

    mutating func space() {
        while at < bytes.count, [0x20, 0x0a, 0x0d, 0x09].contains(bytes[at]) { at += 1 }
    }

    mutating func take(_ byte: Character) -> Bool {
        guard at < bytes.count, bytes[at] == byte.asciiValue else { return false }
        at += 1
        return true
    }

    mutating func word(_ text: String) -> Bool {
        guard bytes[at...].starts(with: text.utf8) else { return false }
        at += text.utf8.count
        return true
    }

    mutating func value() throws(JSON.Fault) -> JSON {
        space()
        guard at < bytes.count else { throw fault("a value is missing") }
        switch bytes[at] {
        case UInt8(ascii: "{"): return try object()
        case UInt8(ascii: "["): return try array()
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t") where word("true"): return .bool(true)
        case UInt8(ascii: "f") where word("false"): return .bool(false)
        case UInt8(ascii: "n") where word("null"): return .null
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try number()
        default: throw fault("not a JSON value")
        }
    }

    mutating func deeper() throws(JSON.Fault) {
        depth += 1
        at += 1
        if depth > 64 { throw fault("more than 64 levels deep") }
        space()
    }

    mutating func object() throws(JSON.Fault) -> JSON {
        try deeper()
        var members: [String: JSON] = [:]
        if take("}") { depth -= 1; return .object(members) }
        while true {
            space()
            guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else { throw fault("a member's name is missing") }
            let name = try string()
            space()
            guard take(":") else { throw fault("a colon is missing") }
            guard members.updateValue(try value(), forKey: name) == nil else { throw fault("the member \"\(name)\" stands twice") }
            space()
            if take(",") { continue }
            guard take("}") else { throw fault("a comma or } is missing") }
            depth -= 1
            return .object(members)
        }
    }

    mutating func array() throws(JSON.Fault) -> JSON {
        try deeper()
        var items: [JSON] = []
        if take("]") { depth -= 1; return .array(items) }
        while true {
            items.append(try value())
            space()
            if take(",") { continue }
            guard take("]") else { throw fault("a comma or ] is missing") }
            depth -= 1
            return .array(items)
        }
    }

    mutating func number() throws(JSON.Fault) -> JSON {
        let start = at
        _ = take("-")
        let first = at
        digits()
        guard at > first, at == first + 1 || bytes[first] != UInt8(ascii: "0") else { throw fault("not a number") }
        var whole = true
        if take(".") {
            whole = false
            let fraction = at
            digits()
            guard at > fraction else { throw fault("not a number") }
        }
        if take("e") || take("E") {
            whole = false
            if !take("+") { _ = take("-") }
            let exponent = at
            digits()
            guard at > exponent else { throw fault("not a number") }
        }
        guard at - start <= 64 else { throw fault("a number of more than 64 characters") }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if whole, let n = Int64(text) { return .integer(n) }
        return .number(text)
    }

    mutating func digits() {
        while at < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[at]) { at += 1 }
    }

    mutating func string() throws(JSON.Fault) -> String {
        at += 1
        var out: [UInt8] = []
        while at < bytes.count {
            let byte = bytes[at]
            at += 1
            switch byte {
            case UInt8(ascii: "\""):
                let text = String(decoding: out, as: UTF8.self)
                guard text.isStreamSafe else { throw fault("a letter with more than 30 marks") }
                return text
            case UInt8(ascii: "\\"): try escape(into: &out)
            case 0..<0x20: throw fault("a control character in a string")
            default: out.append(byte)
            }
        }
        throw fault("a string without an end")
    }

    mutating func escape(into out: inout [UInt8]) throws(JSON.Fault) {
        guard at < bytes.count else { throw fault("a string without an end") }
        let byte = bytes[at]
        at += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): out.append(byte)
        case UInt8(ascii: "b"): out.append(8)
        case UInt8(ascii: "f"): out.append(12)
        case UInt8(ascii: "n"): out.append(10)
        case UInt8(ascii: "r"): out.append(13)
        case UInt8(ascii: "t"): out.append(9)
        case UInt8(ascii: "u"):
            var code = UInt32(try unit())
            if (0xd800..<0xdc00).contains(code) {
                guard word("\\u") else { throw fault("half a surrogate pair") }
                let low = UInt32(try unit())
                guard (0xdc00..<0xe000).contains(low) else { throw fault("half a surrogate pair") }
                code = 0x10000 + (code - 0xd800) << 10 + (low - 0xdc00)
            }
            guard let scalar = Unicode.Scalar(code) else { throw fault("half a surrogate pair") }
            out += String(Character(scalar)).utf8
        default: throw fault("an unknown escape")
        }
    }

    mutating func unit() throws(JSON.Fault) -> UInt16 {
        guard at + 4 <= bytes.count, let unit = UInt16(String(decoding: bytes[at..<at + 4], as: UTF8.self), radix: 16),
              bytes[at] != UInt8(ascii: "+"), bytes[at] != UInt8(ascii: "-")
        else { throw fault("a \\u escape needs four digits") }
        at += 4
        return unit
    }
}

extension String {
    /// Whether the bytes of one text come before those of the other, as both databases order texts.
    static func precedesByBytes(_ a: String, _ b: String) -> Bool {
        let order = a.utf8.withContiguousStorageIfAvailable { a in
            b.utf8.withContiguousStorageIfAvailable { b in
                guard let start = a.baseAddress, let other = b.baseAddress else { return a.count < b.count }
                let order = memcmp(start, other, Swift.min(a.count, b.count))
                return order == 0 ? a.count < b.count : order < 0
            }
        }
        return (order ?? nil) ?? a.utf8.lexicographicallyPrecedes(b.utf8)
    }
}
