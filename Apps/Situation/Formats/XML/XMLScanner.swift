/// Hands on what an XML 1.0 document with namespaces holds, in its order, behind `XMLGuard`, which has bounded it and looked at its tags,
/// references and characters.
///
/// It stands in for Foundation's parser, which gives up after ten million bytes of one document (libxml2's `XML_MAX_LOOKUP_LIMIT`), and brings
/// the process down at an instruction without data (`<?x?>`, Swift 6.3 on Linux).
struct XMLScanner {
    private let bytes: [UInt8]
    private var at = 0
    private var line = 1
    /// Names of open elements as they stand, and the bindings of prefixes within them.
    private var open: [ArraySlice<UInt8>] = []
    private var scopes: [[String: String]] = [["xml": XML.xmlNamespace, "": ""]]

    /// - Parameter text: a document that `XMLText` brought to UTF-8 and `XMLGuard` passed.
    init(_ text: [UInt8]) { bytes = text }

    mutating func run(_ take: (XMLReader.Event) throws -> Void) throws {
        while at < bytes.count {
            if bytes[at] != UInt8(ascii: "<") { try text(take) }
            else if follows("<!--") { try comment() }
            else if follows("<![CDATA[") { try cdata(take) }
            else if follows("<?") { try instruction() }
            else if follows("</") { try end(take) }
            else { try start(take) }
        }
        guard open.isEmpty else { throw fault("unfinished") }
    }

    private func fault(_ what: String) -> XML.Fault { XML.Fault(reason: .syntax(what), line: line) }

    private func follows(_ mark: StaticString) -> Bool { mark.withUTF8Buffer { bytes[at...].starts(with: $0) } }

    private mutating func advance(to index: Int) {
        for byte in bytes[at..<index] where byte == 0x0a { line += 1 }
        at = index
    }

    /// Where a mark begins, from an index on.
    private func find(_ mark: StaticString, from start: Int) throws -> Int {
        let first = mark.utf8Start[0]
        var index = start
        while index < bytes.count {
            if bytes[index] == first, mark.withUTF8Buffer({ bytes[index...].starts(with: $0) }) { return index }
            index += 1
        }
        throw fault("unfinished")
    }

    // MARK: Text

    /// Character data up to the next tag (production 14: no `]]>`).
    private mutating func text(_ take: (XMLReader.Event) throws -> Void) throws {
        var index = at, isPlain = true
        while index < bytes.count, bytes[index] != UInt8(ascii: "<") {
            switch bytes[index] {
            case UInt8(ascii: "&"), 0x0d: isPlain = false
            case UInt8(ascii: ">"): if index >= at + 2, bytes[index - 1] == UInt8(ascii: "]"), bytes[index - 2] == UInt8(ascii: "]") { throw fault("]]> in text") }
            default: break
            }
            index += 1
        }
        if !open.isEmpty { try take(.text(isPlain ? String(decoding: bytes[at..<index], as: UTF8.self) : decoded(at..<index))) }
        advance(to: index)
    }

    /// References resolved and line ends made one (§2.11); in values white space becomes blanks (§3.3.3), unless it is a reference.
    private func decoded(_ range: Range<Int>, isValue: Bool = false) throws -> String {
        var out: [UInt8] = [], index = range.lowerBound
        while index < range.upperBound {
            switch bytes[index] {
            case UInt8(ascii: "&"):
                guard let end = bytes[index..<min(range.upperBound, index + 40)].firstIndex(of: UInt8(ascii: ";")), let scalar = Self.character(bytes[(index + 1)..<end])
                else { throw fault("a reference") }
                out += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
                index = end
            case 0x0d where index + 1 < bytes.count && bytes[index + 1] == 0x0a: break
            case 0x0d: out.append(isValue ? 0x20 : 0x0a)
            case 0x0a, 0x09: out.append(isValue ? 0x20 : bytes[index])
            default: out.append(bytes[index])
            }
            index += 1
        }
        return String(decoding: out, as: UTF8.self)
    }

    /// What stands between `&` and `;` (§4.1, §4.6).
    private static func character(_ name: ArraySlice<UInt8>) -> Unicode.Scalar? {
        switch String(decoding: name, as: UTF8.self) {
        case "amp": "&"
        case "lt": "<"
        case "gt": ">"
        case "quot": "\""
        case "apos": "'"
        case let text where text.hasPrefix("#x"): UInt32(text.dropFirst(2), radix: 16).flatMap(Unicode.Scalar.init)
        case let text where text.hasPrefix("#"): UInt32(text.dropFirst()).flatMap(Unicode.Scalar.init)
        default: nil
        }
    }

    private mutating func cdata(_ take: (XMLReader.Event) throws -> Void) throws {
        let end = try find("]]>", from: at + 9)
        if !open.isEmpty { try take(.text(decoded(literally: at + 9..<end))) }
        advance(to: end + 3)
    }

    private func decoded(literally range: Range<Int>) -> String {
        guard bytes[range].contains(0x0d) else { return String(decoding: bytes[range], as: UTF8.self) }
        var out: [UInt8] = []
        for index in range where !(bytes[index] == 0x0d && index + 1 < bytes.count && bytes[index + 1] == 0x0a) { out.append(bytes[index] == 0x0d ? 0x0a : bytes[index]) }
        return String(decoding: out, as: UTF8.self)
    }

    /// Production 15: no `--` within.
    private mutating func comment() throws {
        let end = try find("--", from: at + 4)
        guard end + 2 < bytes.count, bytes[end + 2] == UInt8(ascii: ">") else { throw fault("-- in a comment") }
        advance(to: end + 3)
    }

    /// Productions 16 and 17: a target that is a name and not `xml`.
    private mutating func instruction() throws {
        let end = try find("?>", from: at + 2)
        let target = bytes[(at + 2)..<end].prefix { !XML.isSpace($0) }
        guard XMLName.isName(target), !target.contains(UInt8(ascii: ":")), String(decoding: target, as: UTF8.self).lowercased() != "xml" else { throw fault("an instruction") }
        advance(to: end + 2)
    }

    // MARK: Tags

    private mutating func end(_ take: (XMLReader.Event) throws -> Void) throws {
        let close = try find(">", from: at + 2)
        let name = bytes[(at + 2)..<close].prefix { !XML.isSpace($0) }
        guard let begun = open.popLast(), begun.elementsEqual(name), bytes[name.endIndex..<close].allSatisfy(XML.isSpace) else { throw fault("an end tag that does not fit") }
        scopes.removeLast()
        advance(to: close + 1)
        try take(.end)
    }

    private mutating func start(_ take: (XMLReader.Event) throws -> Void) throws {
        var index = at + 1
        let name = takeName(&index)
        var attributes: [(name: String, value: String)] = [], isEmpty = false
        while true {
            let before = index
            while index < bytes.count, XML.isSpace(bytes[index]) { index += 1 }
            guard index < bytes.count else { throw fault("unfinished") }
            if bytes[index] == UInt8(ascii: ">") { break }
            if bytes[index] == UInt8(ascii: "/") {
                guard index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: ">") else { throw fault("a stroke in a tag") }
                (isEmpty, index) = (true, index + 1)
                break
            }
            guard index > before else { throw fault("no blank before an attribute") }
            attributes.append(try attribute(&index))
        }
        advance(to: index + 1)
        let element = try element(name, attributes)
        open.append(name)
        try take(.start(element))
        guard isEmpty else { return }
        open.removeLast()
        scopes.removeLast()
        try take(.end)
    }

    private func takeName(_ index: inout Int) -> ArraySlice<UInt8> {
        let start = index
        while index < bytes.count, !XML.isSpace(bytes[index]), bytes[index] != UInt8(ascii: ">"), bytes[index] != UInt8(ascii: "/"), bytes[index] != UInt8(ascii: "=") { index += 1 }
        return bytes[start..<index]
    }

    private func attribute(_ index: inout Int) throws -> (String, String) {
        let name = takeName(&index)
        while index < bytes.count, XML.isSpace(bytes[index]) || bytes[index] == UInt8(ascii: "=") { index += 1 }
        guard index < bytes.count, XMLName.isName(name), let close = bytes[(index + 1)...].firstIndex(of: bytes[index]) else { throw fault("an attribute") }
        defer { index = close + 1 }
        return (String(decoding: name, as: UTF8.self), try decoded(index + 1..<close, isValue: true))
    }

    /// Namespaces in XML 1.0, §3 to §6.
    private mutating func element(_ name: ArraySlice<UInt8>, _ attributes: [(name: String, value: String)]) throws -> XML.Element {
        guard XMLName.isName(name) else { throw fault("a name") }
        var scope = scopes[scopes.count - 1]
        for (name, value) in attributes where name == "xmlns" || name.hasPrefix("xmlns:") {
            // Long names are compared in the square of their length, and each element with a binding copies all that hold around it.
            guard value.utf8.count <= 1000 else { throw XML.Fault(reason: .nameTooLong(1000), line: line) }
            let prefix = String(name.dropFirst(6))
            // §3: xmlns is no prefix to bind, xml only to its own; §2.2: and none to nothing.
            let isName = XMLName.isName(Array(prefix.utf8)[...]) && !prefix.utf8.contains(UInt8(ascii: ":")) && prefix != "xmlns"
            guard name == "xmlns" || isName && !value.isEmpty && (prefix == "xml") == (value == XML.xmlNamespace) else {
                throw XML.Fault(reason: .prefix(prefix), line: line)
            }
            scope[prefix] = value
        }
        guard scope.count <= 100 else { throw XML.Fault(reason: .tooManyAttributes(100), line: line) }
        scopes.append(scope)
        let (space, local) = try XMLName.resolve(String(decoding: name, as: UTF8.self), in: scope, line)
        var element = XML.Element(local, namespace: space ?? scope[""] ?? "", line: line)
        for (name, value) in attributes where name != "xmlns" && !name.hasPrefix("xmlns:") {
            let (space, local) = try XMLName.resolve(name, in: scope, line)
            element.attributes.append(XML.Attribute(name: local, namespace: space ?? "", value: value))
        }
        let names = attributes.map(\.name)
        guard Set(names).count == names.count else { throw fault("an attribute twice") }
        element.attributes.sort { ($0.namespace, $0.name) < ($1.namespace, $1.name) }
        for (left, right) in zip(element.attributes, element.attributes.dropFirst()) where left.name == right.name && left.namespace == right.namespace { throw fault("an attribute twice") }
        return element
    }
}
