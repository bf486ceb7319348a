/// An HTML fragment. The literal parts of an interpolated literal are trusted; what is put in is escaped by its type.
///
///     let row: HTML = "<li\(attribute: "title", note)>\(name) <a href=\"\(url: link)\">\(count)</a></li>"
///
/// Escaping looks at UTF-8 bytes, never at `Character`: a quote that carries a combining mark is still a quote.
public struct HTML: Sendable, Hashable {
    /// The fragment as UTF-8.
    public var bytes: [UInt8]

    /// An empty fragment.
    public init() { bytes = [] }

    /// An empty fragment with room for a page of the given size.
    public init(capacity: Int) {
        bytes = []
        bytes.reserveCapacity(capacity)
    }

    /// Text, escaped.
    public init(text: String) {
        bytes = []
        appendText(text)
    }

    /// The fragment as a string.
    public var string: String { String(decoding: bytes, as: UTF8.self) }

    /// Whether there is nothing in it.
    public var isEmpty: Bool { bytes.isEmpty }

    /// Nothing.
    public static let empty = HTML()

    /// Markup taken as it is; the caller vouches for it.
    public static func raw(_ trusted: String) -> HTML {
        var html = HTML()
        html.appendTrusted(trusted)
        return html
    }

    /// Adds a fragment at the end.
    public mutating func append(_ other: HTML) { bytes.append(contentsOf: other.bytes) }

    /// Adds text at the end, escaped.
    public mutating func appendText(_ text: String) {
        var text = text
        text.withUTF8 { Self.escape($0, into: &bytes) }
    }

    /// Adds markup as it is; the caller vouches for it.
    public mutating func appendTrusted(_ markup: String) { bytes.append(contentsOf: markup.utf8) }

    /// Both fragments, one after the other.
    public static func + (left: HTML, right: HTML) -> HTML {
        var html = left
        html.append(right)
        return html
    }

    /// Adds a fragment at the end.
    public static func += (left: inout HTML, right: HTML) { left.append(right) }

    /// Escapes `& < > " '` byte by byte, copying what lies between in one piece.
    static func escape(_ text: UnsafeBufferPointer<UInt8>, into bytes: inout [UInt8]) {
        var start = 0
        for index in text.indices {
            let byte = text[index]
            guard byte < 0x3F else { continue }
            let entity: StaticString
            switch byte {
            case UInt8(ascii: "&"): entity = "&amp;"
            case UInt8(ascii: "<"): entity = "&lt;"
            case UInt8(ascii: ">"): entity = "&gt;"
            case UInt8(ascii: "\""): entity = "&quot;"
            case UInt8(ascii: "'"): entity = "&#39;"
            default: continue
            }
            bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start..<index]))
            bytes.append(contentsOf: UnsafeBufferPointer(start: entity.utf8Start, count: entity.utf8CodeUnitCount))
            start = index + 1
        }
        bytes.append(contentsOf: UnsafeBufferPointer(rebasing: text[start...]))
    }
}

extension HTML: ExpressibleByStringInterpolation {
    public init(stringLiteral value: String) { bytes = Array(value.utf8) }

    public init(stringInterpolation: StringInterpolation) { bytes = stringInterpolation.html.bytes }

    /// What may stand between `\(` and `)` in an `HTML` literal.
    public struct StringInterpolation: StringInterpolationProtocol, Sendable {
        var html = HTML()

        public init(literalCapacity: Int, interpolationCount: Int) {
            html.bytes.reserveCapacity(literalCapacity + interpolationCount * 24)
        }

        public mutating func appendLiteral(_ literal: String) { html.appendTrusted(literal) }

        /// Text, escaped.
        public mutating func appendInterpolation(_ text: String) { html.appendText(text) }

        /// Text, escaped; nothing for nil.
        public mutating func appendInterpolation(_ text: String?) {
            if let text { html.appendText(text) }
        }

        /// Text, escaped.
        public mutating func appendInterpolation(_ text: Substring) { html.appendText(String(text)) }

        /// A whole number in ASCII digits, for attributes; people read `Formats.integer`.
        public mutating func appendInterpolation(_ number: Int) { html.appendTrusted(String(number)) }

        /// `true` or `false`.
        public mutating func appendInterpolation(_ value: Bool) { html.appendTrusted(value ? "true" : "false") }

        /// A fragment as it is.
        public mutating func appendInterpolation(_ fragment: HTML) { html.append(fragment) }

        /// A fragment as it is; nothing for nil.
        public mutating func appendInterpolation(_ fragment: HTML?) {
            if let fragment { html.append(fragment) }
        }

        /// Fragments as they are, one after the other.
        public mutating func appendInterpolation(_ fragments: [HTML]) {
            for fragment in fragments { html.append(fragment) }
        }

        /// Fragments as they are, one after the other.
        public mutating func appendInterpolation(_ fragments: some Sequence<HTML>) {
            for fragment in fragments { html.append(fragment) }
        }

        /// ` name="value"`, or nothing for nil. Addresses (`href`, `src`, `action`…) pass the check of `url:`.
        public mutating func appendInterpolation(attribute name: String, _ value: String?) {
            guard let value, HTML.isAttributeName(name) else { return }
            html.appendTrusted(" ")
            html.appendTrusted(name)
            html.appendTrusted("=\"")
            if HTML.addressAttributes.contains(name) { html.appendURL(value) } else { html.appendText(value) }
            html.appendTrusted("\"")
        }

        /// ` name="number"`, or nothing for nil.
        public mutating func appendInterpolation(attribute name: String, _ number: Int?) {
            guard let number else { return }
            appendInterpolation(attribute: name, String(number))
        }

        /// ` name` when on, otherwise nothing.
        public mutating func appendInterpolation(flag name: String, _ isOn: Bool) {
            guard isOn, HTML.isAttributeName(name) else { return }
            html.appendTrusted(" ")
            html.appendTrusted(name)
        }

        /// An address, escaped; `#` unless it is relative, https, http, mailto or tel.
        public mutating func appendInterpolation(url: String) { html.appendURL(url) }
    }
}

extension HTML {
    /// Adds an address, escaped; `#` when its scheme is not allowed.
    mutating func appendURL(_ url: String) {
        if Self.isSafe(url: url) { appendText(url) } else { appendTrusted("#") }
    }

    /// Whether an address is relative or has one of the schemes https, http, mailto, tel.
    ///
    /// Browsers skip blanks and controls at the start and tabs and line ends anywhere, so a control before the colon refuses.
    public static func isSafe(url: String) -> Bool {
        var scheme: [UInt8] = []
        for byte in url.utf8 {
            switch byte {
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"): return true
            case UInt8(ascii: ":"):
                return schemes.contains(String(decoding: scheme, as: UTF8.self))
            case 0...0x1F, 0x7F: return false
            case 0x20 where scheme.isEmpty: continue
            default: scheme.append((0x41...0x5A).contains(byte) ? byte | 0x20 : byte)
            }
        }
        return true
    }

    private static let schemes: Set<String> = ["https", "http", "mailto", "tel"]

    fileprivate static let addressAttributes: Set<String> = [
        "href", "src", "action", "formaction", "cite", "poster", "data", "ping", "xlink:href",
    ]

    /// Letters, digits and `- _ : .`, and no event handler: values never become scripts.
    fileprivate static func isAttributeName(_ name: String) -> Bool {
        guard !name.isEmpty else { return false }
        for byte in name.utf8 {
            switch byte {
            case 0x61...0x7A, 0x41...0x5A, 0x30...0x3A, 0x2D, 0x2E, 0x5F: continue
            default: return false
            }
        }
        return !name.lowercased().hasPrefix("on")
    }
}

extension HTML: CustomStringConvertible {
    public var description: String { string }
}

extension Sequence where Element == HTML {
    /// The fragments with a separator between them.
    public func joined(separator: HTML = .empty) -> HTML {
        var html = HTML()
        var isFirst = true
        for fragment in self {
            if !isFirst { html.append(separator) }
            isFirst = false
            html.append(fragment)
        }
        return html
    }
}
