import Kernel

/// Walks over JSON text (RFC 8259) without making values of it: members in their order, values as stretches of bytes, so that a file of
/// a hundred thousand features needs no more memory than itself.
struct JSONWalker {
    struct Fault: Error, Hashable {
        /// `syntax`, `end`, `text`, `number` or `twice`, as in `JSON.Fault.kind`.
        let kind: String
        let at: Int
        var name = ""
    }

    static let longestName = 300
    static let deepest = 32

    let bytes: [UInt8]
    private(set) var at: Int
    private let end: Int

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        self.bytes = bytes
        at = range.lowerBound
        end = range.upperBound
    }

    func fault(_ kind: String) -> Fault { Fault(kind: at >= end ? "end" : kind, at: at) }

    mutating func space() {
        while at < end, bytes[at] == 0x20 || bytes[at] == 0x0a || bytes[at] == 0x0d || bytes[at] == 0x09 { at += 1 }
    }

    /// The next byte that is no blank, which stays unread.
    mutating func peek() -> UInt8? {
        space()
        return at < end ? bytes[at] : nil
    }

    mutating func take(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        at += 1
        return true
    }

    var isAtEnd: Bool { at >= end }

    // MARK: Passing over

    /// Passes over one value and gives its bytes. It looks at quotes and brackets alone: what is between them is looked at by who reads it,
    /// so that a `NaN` in one row does not end the file.
    mutating func skip() throws(Fault) -> Range<Int> {
        guard let first = peek() else { throw fault("end") }
        let start = at
        switch first {
        case UInt8(ascii: "{"), UInt8(ascii: "["): try skipNested()
        case UInt8(ascii: "\""): try skipString()
        default:
            while at < end, !Self.endsScalar(bytes[at]) { at += 1 }
            guard at > start else { throw fault("syntax") }
        }
        return start..<at
    }

    private static func endsScalar(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), UInt8(ascii: ":"), UInt8(ascii: "\""), UInt8(ascii: "["), UInt8(ascii: "{"),
            0x20, 0x0a, 0x0d, 0x09: true
        default: false
        }
    }

    private mutating func skipNested() throws(Fault) {
        var closers: [UInt8] = []
        repeat {
            guard at < end else { throw fault("end") }
            switch bytes[at] {
            case UInt8(ascii: "{"): closers.append(UInt8(ascii: "}"))
            case UInt8(ascii: "["): closers.append(UInt8(ascii: "]"))
            case UInt8(ascii: "}"), UInt8(ascii: "]"): guard closers.popLast() == bytes[at] else { throw fault("syntax") }
            case UInt8(ascii: "\""):
                try skipString()
                continue
            default: break
            }
            at += 1
        } while !closers.isEmpty
    }

    private mutating func skipString() throws(Fault) {
        at += 1
        while at < end {
            switch bytes[at] {
            case UInt8(ascii: "\""):
                at += 1
                return
            case UInt8(ascii: "\\"): at += 2
            default: at += 1
            }
        }
        at = end
        throw fault("end")
    }

    // MARK: Reading

    /// A string, its escapes resolved; the kernel's reader knows the rules.
    mutating func string() throws(Fault) -> String {
        guard peek() == UInt8(ascii: "\"") else { throw fault("syntax") }
        let start = at
        try skipString()
        let inner = bytes[(start + 1)..<(at - 1)]
        if !inner.contains(where: { $0 == UInt8(ascii: "\\") || $0 < 0x20 }) { return String(decoding: inner, as: UTF8.self) }
        guard let text = try? JSON(bytes[start..<at]).string else { throw Fault(kind: "text", at: start) }
        return text
    }

    /// A number of finite size as JSON writes it; nil when the value is none.
    mutating func number() throws(Fault) -> Double? {
        let range = try skip()
        guard NumberText.isJSON(bytes[range]), let value = Double(String(decoding: bytes[range], as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// A value as the kernel keeps JSON: numbers as they were written.
    mutating func value(depth: Int = 0) throws -> JSON {
        guard depth <= Self.deepest else { throw fault("deep") }
        switch peek() {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "["):
            var list: [JSON] = []
            try items { _, walker in list.append(try walker.value(depth: depth + 1)) }
            return .array(list)
        case UInt8(ascii: "{"):
            var members: [String: JSON] = [:]
            try self.members { name, walker in members[name] = try walker.value(depth: depth + 1) }
            return .object(members)
        default:
            let start = at, text = bytes[try skip()]
            if text.elementsEqual("null".utf8) { return .null }
            if text.elementsEqual("true".utf8) { return .bool(true) }
            if text.elementsEqual("false".utf8) { return .bool(false) }
            guard NumberText.isJSON(text) else { throw Fault(kind: "number", at: start) }
            let numeral = String(decoding: text, as: UTF8.self)
            return Int64(numeral).map(JSON.integer) ?? .number(numeral)
        }
    }

    /// Goes through the members of an object in their order. The body must pass over the value.
    mutating func members(_ body: (String, inout JSONWalker) throws -> Void) throws {
        guard take(UInt8(ascii: "{")) else { throw fault("syntax") }
        if take(UInt8(ascii: "}")) { return }
        var names: Set<String> = []
        while true {
            let start = at
            let name = try string()
            // Hashing a name takes the square of the marks on one letter: seconds for a hundred thousand.
            guard name.utf8.count <= Self.longestName else { throw Fault(kind: "text", at: start) }
            guard names.insert(name).inserted else { throw Fault(kind: "twice", at: at, name: name) }
            guard take(UInt8(ascii: ":")) else { throw fault("syntax") }
            try body(name, &self)
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "}")) else { throw fault("syntax") }
            return
        }
    }

    /// Goes through the items of a list. The body must pass over the item.
    mutating func items(_ body: (Int, inout JSONWalker) throws -> Void) throws {
        guard take(UInt8(ascii: "[")) else { throw fault("syntax") }
        if take(UInt8(ascii: "]")) { return }
        var index = 0
        while true {
            try body(index, &self)
            index += 1
            if take(UInt8(ascii: ",")) { continue }
            guard take(UInt8(ascii: "]")) else { throw fault("syntax") }
            return
        }
    }
}
