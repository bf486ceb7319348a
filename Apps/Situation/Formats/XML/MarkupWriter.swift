/// Writes XML 1.0 element by element, for files too long for a tree (`XMLWriter`). Names are the program's own; texts are escaped, and what XML cannot carry (§2.2) is left out.
struct MarkupWriter {
    private(set) var out: [UInt8] = []
    private var open: [StaticString] = []

    init(declared: Bool = true) {
        if declared { out += "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n".utf8 }
    }

    private mutating func put(_ name: StaticString) { name.withUTF8Buffer { out += $0 } }

    mutating func begin(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String> = [:]) {
        tag(name, attributes)
        out.append(UInt8(ascii: ">"))
        open.append(name)
    }

    mutating func end() {
        guard let name = open.popLast() else { return }
        out += "</".utf8
        put(name)
        out += ">\n".utf8
    }

    /// An element with a text in it.
    mutating func element(_ name: StaticString, _ text: String, _ attributes: KeyValuePairs<StaticString, String> = [:]) {
        tag(name, attributes)
        out.append(UInt8(ascii: ">"))
        escape(text)
        out += "</".utf8
        put(name)
        out += ">\n".utf8
    }

    /// The element when there is something to put into it.
    mutating func optional(_ name: StaticString, _ text: String?) {
        if let text, !text.isEmpty { element(name, text) }
    }

    mutating func empty(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        tag(name, attributes)
        out += "/>\n".utf8
    }

    private mutating func tag(_ name: StaticString, _ attributes: KeyValuePairs<StaticString, String>) {
        out.append(UInt8(ascii: "<"))
        put(name)
        for (key, value) in attributes {
            out.append(0x20)
            put(key)
            out += "=\"".utf8
            escape(value, isValue: true)
            out.append(UInt8(ascii: "\""))
        }
    }

    /// Line ends in values and carriage returns anywhere are written as references: a reader would change them (§2.11, §3.3.3).
    private mutating func escape(_ text: String, isValue: Bool = false) {
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;".utf8
            case "<": out += "&lt;".utf8
            case ">": out += "&gt;".utf8
            case "\"": out += "&quot;".utf8
            case "\r": out += "&#13;".utf8
            case "\n", "\t":
                if isValue { out += "&#\(scalar.value);".utf8 } else { out.append(UInt8(scalar.value)) }
            case "\u{0}"..<"\u{20}", "\u{7f}"..<"\u{a0}", "\u{fffe}", "\u{ffff}": break
            default: out += UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter
            }
        }
    }

    /// What was written since the last call.
    mutating func take() -> [UInt8] {
        defer { out.removeAll(keepingCapacity: true) }
        return out
    }
}
