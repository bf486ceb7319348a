/// Looks through a document in UTF-8 before `XMLScanner` reads it: bounds what it may cost, and refuses document types, entities, characters
/// that XML excludes, and documents that end too early.
struct XMLGuard {
    private let bytes: [UInt8]
    private let limits: XML.Limits
    private var at = 0
    private var depth = 0
    private var elements = 0
    /// Bytes of text since the last tag.
    private var text = 0

    init(_ bytes: [UInt8], limits: XML.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func check() throws(XML.Fault) {
        try characters()
        while at < bytes.count {
            if bytes[at] == UInt8(ascii: "<") { try markup() } else { try character() }
        }
        guard elements > 0 else { throw fault(bytes.allSatisfy(XML.isSpace) ? .empty : .unfinished) }
        guard depth == 0 else { throw fault(.unfinished) }
    }

    private func fault(_ reason: XML.Fault.Reason) -> XML.Fault {
        XML.Fault(reason: reason, line: bytes[..<min(at, bytes.count)].reduce(1) { $1 == 0x0A ? $0 + 1 : $0 })
    }

    /// Section 2.2. U+FFFE and U+FFFF are EF BF BE and EF BF BF in UTF-8.
    private mutating func characters() throws(XML.Fault) {
        for index in bytes.indices {
            let byte = bytes[index]
            let isExcluded = byte < 0x20 ? !XML.isSpace(byte) : byte >= 0xBE && index >= 2 && bytes[index - 1] == 0xBF && bytes[index - 2] == 0xEF && byte <= 0xBF
            guard isExcluded else { continue }
            at = index
            throw fault(.character(byte < 0x20 ? UInt32(byte) : 0xFF40 + UInt32(byte)))
        }
    }

    private func follows(_ mark: StaticString) -> Bool {
        mark.withUTF8Buffer { bytes[at...].starts(with: $0) }
    }

    /// Goes behind the next `mark`.
    private mutating func pass(_ mark: StaticString) throws(XML.Fault) {
        while at < bytes.count {
            if follows(mark) {
                at += mark.utf8CodeUnitCount
                return
            }
            at += 1
        }
        throw fault(.unfinished)
    }

    private mutating func markup() throws(XML.Fault) {
        if follows("<!--") {
            at += 4
            try pass("-->")
        } else if follows("<![CDATA[") {
            guard depth > 0 else { throw fault(.syntax("text outside the document's element")) }
            let start = at
            try pass("]]>")
            try count(at - start)
        } else if follows("<!") {
            throw fault(.documentType)
        } else if follows("<?") {
            try pass("?>")
        } else if follows("</") {
            guard depth > 0 else { throw fault(.syntax("an end tag without a start")) }
            at += 2
            try name()
            try pass(">")
            depth -= 1
            text = 0
        } else {
            at += 1
            try start()
            text = 0
        }
    }

    private mutating func count(_ bytes: Int) throws(XML.Fault) {
        text += bytes
        if text > limits.text { throw fault(.textTooLong(limits.text)) }
    }

    private mutating func character() throws(XML.Fault) {
        guard depth > 0 || XML.isSpace(bytes[at]) else { throw fault(.syntax("text outside the document's element")) }
        if bytes[at] == UInt8(ascii: "&") { try reference() } else { at += 1 }
        try count(1)
    }

    private mutating func name() throws(XML.Fault) {
        let start = at
        while at < bytes.count, !XML.isSpace(bytes[at]), ![UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "<")].contains(bytes[at]) { at += 1 }
        guard at > start else { throw fault(at < bytes.count ? .syntax("a name is missing") : .unfinished) }
        guard at - start <= limits.name else { throw fault(.nameTooLong(limits.name)) }
    }

    /// A start tag or an empty element, from its name on (productions 40 to 44).
    private mutating func start() throws(XML.Fault) {
        guard depth > 0 || elements == 0 else { throw fault(.syntax("a second element beside the document's")) }
        elements += 1
        depth += 1
        guard elements <= limits.elements else { throw fault(.tooManyElements(limits.elements)) }
        guard depth <= limits.depth else { throw fault(.tooDeep(limits.depth)) }
        try name()
        var attributes = 0
        while at < bytes.count {
            if XML.isSpace(bytes[at]) { at += 1; continue }
            if follows("/>") { at += 2; depth -= 1; return }
            if follows(">") { at += 1; return }
            if at + 1 == bytes.count { break }
            attributes += 1
            guard attributes <= limits.attributes else { throw fault(.tooManyAttributes(limits.attributes)) }
            try attribute()
        }
        throw fault(.unfinished)
    }

    private mutating func attribute() throws(XML.Fault) {
        try name()
        while at < bytes.count, XML.isSpace(bytes[at]) { at += 1 }
        guard at < bytes.count else { throw fault(.unfinished) }
        guard bytes[at] == UInt8(ascii: "=") else { throw fault(.syntax("an attribute without a value")) }
        at += 1
        while at < bytes.count, XML.isSpace(bytes[at]) { at += 1 }
        guard at < bytes.count else { throw fault(.unfinished) }
        let quote = bytes[at]
        guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw fault(.syntax("a value without quotation marks")) }
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != quote {
            guard bytes[at] != UInt8(ascii: "<") else { throw fault(.syntax("a < in a value")) }
            if bytes[at] == UInt8(ascii: "&") { try reference() } else { at += 1 }
        }
        guard at < bytes.count else { throw fault(.unfinished) }
        guard at - start <= limits.text else { throw fault(.textTooLong(limits.text)) }
        at += 1
    }

    /// `&name;`, `&#n;` or `&#xn;` (productions 66 to 68): only the five predefined names (section 4.6) and real characters.
    private mutating func reference() throws(XML.Fault) {
        let body = bytes[(at + 1)...].prefix(32).prefix { $0 != UInt8(ascii: ";") && $0 != UInt8(ascii: "<") && !XML.isSpace($0) }
        let end = at + 1 + body.count
        let name = String(decoding: body, as: UTF8.self)
        guard end < bytes.count else { throw fault(.unfinished) }
        guard bytes[end] == UInt8(ascii: ";") else { throw fault(.entity(name)) }
        if name.hasPrefix("#") {
            let isHex = name.hasPrefix("#x")
            let digits = name.utf8.dropFirst(isHex ? 2 : 1)
            guard digits.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
                  let number = UInt32(String(decoding: Array(digits), as: UTF8.self), radix: isHex ? 16 : 10)
            else { throw fault(.entity(name)) }
            guard let scalar = Unicode.Scalar(number), XML.isCharacter(scalar) else { throw fault(.character(number)) }
        } else if !["amp", "lt", "gt", "quot", "apos"].contains(name) {
            throw fault(.entity(name))
        }
        at = end + 1
    }
}
