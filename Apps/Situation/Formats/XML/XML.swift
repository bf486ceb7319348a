/// XML 1.0 (fifth edition) with namespaces, as much as field formats need: no document type, no entities of its own.
enum XML {
    /// What a document from a stranger may cost. The standard limits suit one message; a feed file needs its own.
    struct Limits: Hashable, Sendable {
        var bytes = 1_000_000
        var depth = 32
        var elements = 20_000
        /// Of one element, declarations of namespaces among them.
        var attributes = 64
        /// Bytes of one attribute, or of one stretch of text between tags.
        var text = 500_000
        /// Bytes of one name.
        var name = 200

        static let standard = Limits()
    }

    /// Why a text is not taken, and on which line of it, from 1.
    struct Fault: Error, Hashable, Sendable, CustomStringConvertible {
        enum Reason: Hashable, Sendable {
            case empty
            /// More bytes, levels, elements, attributes, or bytes of a text or name than the limit named.
            case tooLong(Int), tooDeep(Int), tooManyElements(Int), tooManyAttributes(Int), textTooLong(Int), nameTooLong(Int)
            /// An encoding other than UTF-8, UTF-16 with its mark, ISO 8859-1 and US-ASCII, or bytes that are not in the one declared.
            case encoding(String)
            /// A version other than 1.0, or a declaration that is not one.
            case declaration
            /// `<!DOCTYPE` or any other declaration of markup: the way in for entities, internal and external.
            case documentType
            /// A reference to an entity that XML does not predefine.
            case entity(String)
            /// A character that XML 1.0 section 2.2 excludes.
            case character(UInt32)
            /// The text ends inside an element, or has none.
            case unfinished
            /// A prefix that no declaration binds (Namespaces in XML 1.0, section 5).
            case prefix(String)
            /// Anything else that breaks the grammar.
            case syntax(String)
        }

        let reason: Reason
        let line: Int

        var description: String { "line \(line): \(reason)" }
    }

    struct Attribute: Hashable, Sendable {
        /// Without its prefix.
        var name: String
        /// Empty for an attribute without a prefix.
        var namespace = ""
        var value: String
    }

    indirect enum Node: Hashable, Sendable {
        case text(String)
        case element(Element)
    }

    /// An element with everything in it. Comments and processing instructions are not kept.
    struct Element: Sendable {
        /// Without its prefix.
        var name: String
        /// Empty when it is in none.
        var namespace: String
        /// Sorted by namespace and name.
        var attributes: [Attribute]
        var content: [Node]
        /// Line of the document on which its start tag ends; 0 for an element that was not read. Not part of equality.
        var line: Int

        init(_ name: String, namespace: String = "", _ attributes: [Attribute] = [], content: [Node] = [], line: Int = 0) {
            self.name = name
            self.namespace = namespace
            self.attributes = attributes
            self.content = content
            self.line = line
        }

        /// An element that holds a text.
        init(_ name: String, namespace: String = "", text: String) {
            self.init(name, namespace: namespace, content: text.isEmpty ? [] : [.text(text)])
        }

        /// An element that holds elements.
        init(_ name: String, namespace: String = "", _ children: [Element]) {
            self.init(name, namespace: namespace, content: children.map(Node.element))
        }

        /// The value of an attribute that is in no namespace.
        subscript(_ name: String) -> String? { attributes.first { $0.name == name && $0.namespace.isEmpty }?.value }

        /// The elements directly in it.
        var children: [Element] {
            content.compactMap { if case .element(let element) = $0 { element } else { nil } }
        }

        /// The text directly in it, all pieces together.
        var text: String {
            content.reduce(into: "") { if case .text(let piece) = $1 { $0 += piece } }
        }

        func first(_ name: String) -> Element? { children.first { $0.name == name } }
    }

    static let xmlNamespace = "http://www.w3.org/XML/1998/namespace"

    /// XML 1.0 section 2.2: tab, line feed, carriage return, and everything from a space on but the surrogates, U+FFFE and U+FFFF.
    static func isCharacter(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x20 ? scalar.value != 0xFFFE && scalar.value != 0xFFFF : [0x09, 0x0A, 0x0D].contains(scalar.value)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
}

extension XML.Element: Hashable {
    static func == (left: Self, right: Self) -> Bool {
        left.name == right.name && left.namespace == right.namespace && left.attributes == right.attributes && left.content == right.content
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(name)
        hasher.combine(namespace)
        hasher.combine(attributes)
        hasher.combine(content)
    }
}

extension StringProtocol {
    /// Without the white space of XML (section 2.3) at both ends; other kinds of space stay.
    var trimmedOfSpace: String {
        let scalars = unicodeScalars
        func isSpace(_ scalar: Unicode.Scalar) -> Bool { scalar.isASCII && XML.isSpace(UInt8(scalar.value)) }
        guard let first = scalars.firstIndex(where: { !isSpace($0) }), let last = scalars.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(self[first..<scalars.index(after: last)])
    }

    /// The pieces between stretches of the white space of XML.
    var wordsBetweenSpace: [String] {
        utf8.split(whereSeparator: XML.isSpace).map { String(decoding: $0, as: UTF8.self) }
    }
}
