/// Long text as people type it: a small, safe subset of Markdown.
///
/// Paragraphs (line ends kept), `-` and `1.` lists, `**bold**`, `*italic*`, `` `code` ``, fenced code, headings (as h3 and
/// below), `[text](address)` and bare web addresses. No raw HTML and no images; every text is escaped. Time is linear.
public enum Markdown {
    /// The text as HTML.
    public static func html(_ text: String) -> HTML {
        var blocks = Blocks()
        var text = text
        text.withUTF8 { blocks.read($0) }
        return blocks.html
    }
}

/// Divides a text into blocks, line by line.
private struct Blocks {
    typealias Line = Slice<UnsafeBufferPointer<UInt8>>

    private enum List: String {
        case bullets = "ul"
        case numbers = "ol"
    }

    var html = HTML()
    private var list: List?
    /// The lines of the paragraph or item that is being read.
    private var gathered: Line?

    mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        html.bytes.reserveCapacity(bytes.count + bytes.count / 4)
        var fence: (mark: UInt8, count: Int)?
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            var line = bytes[start..<end]
            start = end + 1
            if line.last == UInt8(ascii: "\r") { line.removeLast() }
            if let open = fence {
                if let close = Self.fence(line), close.mark == open.mark, close.count >= open.count, close.isBare {
                    html.appendTrusted("</code></pre>\n")
                    fence = nil
                } else {
                    HTML.escape(UnsafeBufferPointer(rebasing: line), into: &html.bytes)
                    html.appendTrusted("\n")
                }
            } else if let open = Self.fence(line) {
                closeList()
                html.appendTrusted("<pre><code>")
                fence = (open.mark, open.count)
            } else {
                read(line.drop { $0 == 0x20 || $0 == 0x09 })
            }
        }
        if fence != nil { html.appendTrusted("</code></pre>\n") }
        closeList()
    }

    private mutating func read(_ line: Line) {
        if line.isEmpty {
            closeText()
        } else if let level = Self.heading(line) {
            closeList()
            let name = "h\(min(level + 2, 6))"
            html.appendTrusted("<\(name)>")
            Inline.write(Self.title(line.dropFirst(level)), into: &html)
            html.appendTrusted("</\(name)>\n")
        } else if let item = Self.item(line), item.number == 1 || list == .numbers || gathered == nil {
            begin(item.list, number: item.number)
            gathered = line.dropFirst(item.length)
        } else if let text = gathered {
            gathered = text.base[text.startIndex..<line.endIndex]
        } else {
            closeList()
            gathered = line
        }
    }

    private mutating func begin(_ kind: List, number: Int) {
        if list == kind { return closeText() }
        closeList()
        list = kind
        html.appendTrusted(number == 1 ? "<\(kind.rawValue)>\n" : "<ol start=\"\(number)\">\n")
    }

    private mutating func closeText() {
        guard let text = gathered else { return }
        gathered = nil
        html.appendTrusted(list == nil ? "<p>" : "<li>")
        Inline.write(text, into: &html)
        html.appendTrusted(list == nil ? "</p>\n" : "</li>\n")
    }

    private mutating func closeList() {
        closeText()
        if let list { html.appendTrusted("</\(list.rawValue)>\n") }
        list = nil
    }

    private static func fence(_ line: Line) -> (mark: UInt8, count: Int, isBare: Bool)? {
        let content = line.drop { $0 == 0x20 }
        guard let mark = content.first, mark == UInt8(ascii: "`") || mark == UInt8(ascii: "~") else { return nil }
        let rest = content.drop { $0 == mark }
        let count = rest.startIndex - content.startIndex
        guard count >= 3, !rest.contains(UInt8(ascii: "`")) else { return nil }
        return (mark, count, rest.allSatisfy { $0 == 0x20 })
    }

    private static func heading(_ line: Line) -> Int? {
        let level = line.prefix(7).prefix { $0 == UInt8(ascii: "#") }.count
        return (1...6).contains(level) && line.dropFirst(level).first == 0x20 ? level : nil
    }

    /// The text of a heading without blanks and without the marks that may close it.
    private static func title(_ line: Line) -> Line {
        func trimmed(_ line: Line, _ byte: UInt8) -> Line {
            var line = line
            while line.last == byte { line.removeLast() }
            return line
        }
        let text = trimmed(line.drop { $0 == 0x20 }, 0x20)
        let open = trimmed(text, UInt8(ascii: "#"))
        return open.isEmpty || open.last == 0x20 ? trimmed(open, 0x20) : text
    }

    private static func item(_ line: Line) -> (list: List, number: Int, length: Int)? {
        let start = line.startIndex
        if line.count >= 2, line[start + 1] == 0x20, "-*+".utf8.contains(line[start]) { return (.bullets, 1, 2) }
        let digits = line.prefix(9).prefix { (0x30...0x39).contains($0) }
        let mark = digits.endIndex
        guard !digits.isEmpty, mark + 1 < line.endIndex, ".)".utf8.contains(line[mark]), line[mark + 1] == 0x20
        else { return nil }
        return (.numbers, digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }, digits.count + 2)
    }
}
