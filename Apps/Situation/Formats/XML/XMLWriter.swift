/// Writes a tree as XML 1.0, and refuses what XML cannot carry (`MarkupWriter` writes long files): escaped by Unicode scalar (a quotation mark followed by a combining mark is one character, and still ends a value).
struct XMLWriter {
    enum Fault: Error, Hashable, Sendable {
        /// A character that XML cannot carry, not even as a reference (section 2.2).
        case character(UInt32)
        /// A name that is none (production 4, without the colon), or a namespace that may not be declared.
        case name(String)
    }

    private var out: String
    private let isIndented: Bool

    /// The element as a document.
    /// - Parameters:
    ///   - declared: begins with the declaration and a line feed, as TAK servers want it.
    ///   - indented: a line for each element; elements that hold text stay on one line.
    static func text(_ element: XML.Element, declared: Bool = true, indented: Bool = false) throws(Fault) -> String {
        var writer = XMLWriter(out: declared ? "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n" : "", isIndented: indented)
        try writer.put(element, inside: "", level: 0)
        return writer.out
    }

    private mutating func put(_ element: XML.Element, inside namespace: String, level: Int) throws(Fault) {
        try check(element.name)
        out += "<" + element.name
        if element.namespace != namespace { out += try " xmlns=\"" + Self.escaped(Self.declarable(element.namespace)) + "\"" }
        for (index, attribute) in element.attributes.enumerated() {
            try check(attribute.name)
            guard attribute.namespace.isEmpty ? attribute.name != "xmlns" : attribute.namespace != "http://www.w3.org/2000/xmlns/" else { throw .name(attribute.name) }
            out += " "
            if attribute.namespace == XML.xmlNamespace { out += "xml:" } else if !attribute.namespace.isEmpty {
                out += try "xmlns:n\(index)=\"" + Self.escaped(attribute.namespace) + "\" n\(index):"
            }
            out += attribute.name + "=\"" + (try Self.escaped(attribute.value)) + "\""
        }
        if element.content.isEmpty {
            out += "/>"
            return
        }
        out += ">"
        let isLayout = isIndented && !element.content.contains { if case .text = $0 { true } else { false } }
        for node in element.content {
            if isLayout { out += "\n" + String(repeating: "  ", count: level + 1) }
            switch node {
            case .text(let text): out += try Self.escaped(text, inText: true)
            case .element(let child): try put(child, inside: element.namespace, level: level + 1)
            }
        }
        if isLayout { out += "\n" + String(repeating: "  ", count: level) }
        out += "</" + element.name + ">"
    }

    private static func declarable(_ namespace: String) throws(Fault) -> String {
        guard namespace != XML.xmlNamespace, namespace != "http://www.w3.org/2000/xmlns/" else { throw .name(namespace) }
        return namespace
    }

    private func check(_ name: String) throws(Fault) {
        guard XMLName.isName(Array(name.utf8)[...]), !name.utf8.contains(UInt8(ascii: ":")) else { throw .name(name) }
    }

    /// A text for an attribute between double quotation marks, or between tags.
    ///
    /// What a reader would change (section 2.11 and 3.3.3: carriage returns, and in values tabs and line feeds) and the control characters
    /// U+007F to U+009F are written as references; what XML cannot carry is refused.
    static func escaped(_ text: String, inText: Bool = false) throws(Fault) -> String {
        var out = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;".unicodeScalars
            case "<": out += "&lt;".unicodeScalars
            case ">": out += "&gt;".unicodeScalars
            case "\"": out += (inText ? "\"" : "&quot;").unicodeScalars
            case "\t", "\n":
                if inText { out.append(scalar) } else { out += "&#\(scalar.value);".unicodeScalars }
            case "\r", "\u{7F}"..."\u{9F}": out += "&#\(scalar.value);".unicodeScalars
            default:
                guard XML.isCharacter(scalar) else { throw .character(scalar.value) }
                out.append(scalar)
            }
        }
        return String(out)
    }
}
