/// A page read strictly: what a browser would quietly repair is a fault here.
public struct Markup: Sendable {
    /// An element with what is needed to judge a page.
    public struct Element: Sendable {
        public let name: String
        public let attributes: [String: String]
        /// The place of the parent among the elements; nil for the outermost.
        public let parent: Int?
        /// Own text and that of all elements within, images by their alternative text.
        public internal(set) var text: String
        let offset: Int
    }

    public private(set) var elements: [Element] = []
    public private(set) var faults: [String] = []
    private let bytes: [UInt8]
    private var at = 0
    private var open: [Int] = []
    private var hasDoctype = false

    static let void: Set<String> = ["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"]
    /// Elements of drawings close themselves with a slash.
    static let drawing: Set<String> = ["svg", "use", "path", "circle", "rect", "line", "g", "polyline", "polygon", "ellipse", "title", "text"]

    /// Reads a whole page, or a piece of one.
    public init(_ text: String) {
        bytes = Array(text.utf8)
        read()
        for place in open.reversed() { fault("<\(elements[place].name)> is never closed", elements[place].offset) }
    }

    public var isPage: Bool { hasDoctype }

    mutating func fault(_ text: String, _ offset: Int) {
        let start = max(0, offset - 20), end = min(bytes.count, offset + 60)
        faults.append("\(text) near \"\(String(decoding: bytes[start..<end], as: UTF8.self).replacing("\n", with: " "))\"")
    }

    // MARK: Reading

    private mutating func read() {
        while at < bytes.count {
            if bytes[at] != UInt8(ascii: "<") { readText() } else if starts(with: "<!--") { skip(past: "-->") } else if starts(with: "<!") {
                if starts(with: "<!doctype html>") { hasDoctype = true } else { fault("an unknown declaration", at) }
                skip(past: ">")
            } else if starts(with: "</") { readEnd() } else { readStart() }
        }
    }

    private func starts(with text: String) -> Bool {
        let wanted = Array(text.utf8)
        return at + wanted.count <= bytes.count && zip(wanted, bytes[at...]).allSatisfy { $0 == $1 || $0 == ($1 | 0x20) && (0x41...0x5a).contains($1) }
    }

    private mutating func skip(past text: String) {
        while at < bytes.count, !starts(with: text) { at += 1 }
        at = min(bytes.count, at + text.utf8.count)
    }

    private mutating func readText() {
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "<") {
            if bytes[at] == UInt8(ascii: "&") { checkEntity() }
            if bytes[at] == UInt8(ascii: ">") { fault("a bare >", at) }
            at += 1
        }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if open.isEmpty, text.contains(where: { !$0.isWhitespace }), hasDoctype { fault("text outside of elements", start) }
        if text.contains("⟦") { fault("a missing word", start) }
        for place in open { elements[place].text += text }
    }

    private mutating func checkEntity() {
        let end = bytes[at...].prefix(12).firstIndex(of: UInt8(ascii: ";"))
        let name = end.map { String(decoding: bytes[(at + 1)..<$0], as: UTF8.self) } ?? ""
        let isNumber = name.hasPrefix("#") && name.count > 1 && name.dropFirst().allSatisfy { $0.isHexDigit || $0 == "x" }
        if !isNumber, !["amp", "lt", "gt", "quot", "nbsp"].contains(name) { fault("a bare &", at) }
    }

    private mutating func readName() -> String {
        let start = at
        while at < bytes.count, Markup.isName(bytes[at]) { at += 1 }
        return String(decoding: bytes[start..<at], as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        (0x61...0x7a).contains(byte) || (0x41...0x5a).contains(byte) || (0x30...0x3a).contains(byte) || byte == 0x2d || byte == 0x5f || byte == 0x2e || byte == 0x40
    }

    private mutating func skipBlanks() { while at < bytes.count, [0x20, 0x0a, 0x09, 0x0d].contains(bytes[at]) { at += 1 } }

    private mutating func readEnd() {
        let start = at
        at += 2
        let name = readName()
        skipBlanks()
        if at < bytes.count, bytes[at] == UInt8(ascii: ">") { at += 1 } else { fault("</\(name) does not end", start) }
        guard let place = open.lastIndex(where: { elements[$0].name == name }) else {
            fault("</\(name)> closes nothing", start)
            return
        }
        for unclosed in open[(place + 1)...].reversed() { fault("<\(elements[unclosed].name)> is never closed: </\(name)> is not where it belongs", elements[unclosed].offset) }
        open.removeSubrange(place...)
    }

    private mutating func readStart() {
        let start = at
        at += 1
        let name = readName()
        if name.isEmpty { fault("a bare <", start) }
        if name != name.lowercased(), name != "clipPath", name != "linearGradient" { fault("<\(name)> is not in small letters", start) }
        let attributes = readAttributes(name, start)
        var closesItself = false
        if at < bytes.count, bytes[at] == UInt8(ascii: "/") {
            closesItself = true
            at += 1
            if !Markup.drawing.contains(name), !Markup.void.contains(name) { fault("<\(name)/> does not close itself", start) }
        }
        if at < bytes.count, bytes[at] == UInt8(ascii: ">") { at += 1 } else { fault("<\(name) does not end", start) }
        let place = elements.count
        elements.append(Element(name: name, attributes: attributes, parent: open.last, text: "", offset: start))
        checkPlace(of: name, start)
        if let alt = attributes["alt"] { for above in open { elements[above].text += alt } }
        if closesItself || Markup.void.contains(name) { return }
        open.append(place)
        if name == "script" || name == "textarea" || name == "title", !isInDrawing { readRaw(name) }
    }

    private var isInDrawing: Bool { open.dropLast().contains { elements[$0].name == "svg" } }

    /// What is text until the element's own end.
    private mutating func readRaw(_ name: String) {
        let start = at
        while at < bytes.count, !starts(with: "</\(name)") { at += 1 }
        let text = String(decoding: bytes[start..<at], as: UTF8.self)
        if text.contains("⟦") { fault("a missing word", start) }
        for place in open { elements[place].text += text }
    }

    private mutating func readAttributes(_ name: String, _ start: Int) -> [String: String] {
        var attributes: [String: String] = [:]
        while true {
            let before = at
            skipBlanks()
            guard at < bytes.count, bytes[at] != UInt8(ascii: ">"), bytes[at] != UInt8(ascii: "/") else { return attributes }
            if before == at { fault("no blank between attributes of <\(name)>", at) }
            let key = readName()
            guard !key.isEmpty else {
                fault("an attribute of <\(name)> cannot be read", at)
                skip(past: ">")
                at -= 1
                return attributes
            }
            if attributes[key] != nil { fault("<\(name)> has \(key) twice", start) }
            attributes[key] = readValue(key)
        }
    }

    private mutating func readValue(_ key: String) -> String {
        guard at < bytes.count, bytes[at] == UInt8(ascii: "=") else { return "" }
        at += 1
        guard at < bytes.count, bytes[at] == UInt8(ascii: "\"") else {
            fault("the value of \(key) is not in quotes", at)
            return readName()
        }
        at += 1
        let start = at
        while at < bytes.count, bytes[at] != UInt8(ascii: "\"") {
            if bytes[at] == UInt8(ascii: "&") { checkEntity() }
            if bytes[at] == UInt8(ascii: "<") { fault("a bare < in \(key)", at) }
            at += 1
        }
        let value = String(decoding: bytes[start..<at], as: UTF8.self)
        if value.contains("⟦") { fault("a missing word in \(key)", start) }
        at += 1
        return value
    }

    // MARK: What may stand where

    private static let parents: [String: Set<String>] = [
        "li": ["ul", "ol", "menu"], "tr": ["table", "thead", "tbody", "tfoot"], "td": ["tr"], "th": ["tr"], "thead": ["table"], "tbody": ["table"],
        "tfoot": ["table"], "caption": ["table"], "dt": ["dl", "div"], "dd": ["dl", "div"], "option": ["select", "optgroup", "datalist"], "optgroup": ["select"],
        "legend": ["fieldset"], "summary": ["details"], "figcaption": ["figure"],
    ]
    private static let blocks: Set<String> = [
        "div", "p", "ul", "ol", "dl", "table", "form", "section", "article", "aside", "nav", "header", "footer", "main", "h1", "h2", "h3", "h4", "h5", "h6",
        "fieldset", "details", "figure", "blockquote", "pre", "hr",
    ]
    private static let notInside: [String: Set<String>] = [
        "a": ["a", "button"], "button": ["a", "button"], "form": ["form"], "label": ["label"], "main": ["main"], "input": ["button"], "select": ["a", "button"],
    ]

    private mutating func checkPlace(of name: String, _ offset: Int) {
        if let wanted = Markup.parents[name], let parent = open.last.map({ elements[$0].name }), !wanted.contains(parent) {
            fault("<\(name)> in <\(parent)>", offset)
        }
        let around = open.map { elements[$0].name }
        for outer in Markup.notInside[name] ?? [] where around.contains(outer) { fault("<\(name)> within <\(outer)>", offset) }
        if Markup.blocks.contains(name), let phrase = around.last(where: { ["p", "h1", "h2", "h3", "h4", "h5", "h6"].contains($0) }) {
            fault("<\(name)> within <\(phrase)>", offset)
        }
    }

    /// The elements of a name.
    public func all(_ names: String...) -> [Element] { elements.filter { names.contains($0.name) } }

    /// The ids that something must point to.
    public var ids: [String] { elements.compactMap { $0.attributes["id"] } }
}
