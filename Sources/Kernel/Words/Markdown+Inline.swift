/// The marks inside one paragraph. A first pass finds code and links, a second one emphasis; both go forward only.
struct Inline {
    typealias Bytes = Slice<UnsafeBufferPointer<UInt8>>

    private enum Piece {
        case text(Range<Int>)
        case tag(StaticString)
        case code(Range<Int>)
        case link(Range<Int>)
    }

    /// An opening mark that waits for its end: `*`, `**`, `_` or `__`.
    private struct Waiting {
        let mark: UInt8
        let count: Int
        let piece: Int
    }

    private struct Span {
        let whole: Range<Int>
        let inside: Range<Int>
        var address = 0..<0
    }

    private let bytes: UnsafeBufferPointer<UInt8>
    private var pieces: [Piece] = []
    private var waiting: [Waiting] = []
    private var codes: [Span] = []
    private var links: [Span] = []
    private var nextCode = 0
    private var nextLink = 0
    private var textStart = 0

    static func write(_ text: Bytes, into html: inout HTML) {
        var inline = Inline(bytes: UnsafeBufferPointer(rebasing: text))
        inline.findCode()
        inline.findLinks()
        inline.read(0..<inline.bytes.count, inLink: false)
        inline.write(into: &html)
    }

    private init(bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    private func byte(_ index: Int) -> UInt8? { bytes.indices.contains(index) ? bytes[index] : nil }

    private func runEnd(_ start: Int, _ limit: Int) -> Int {
        var index = start
        while index < limit, bytes[index] == bytes[start] { index += 1 }
        return index
    }

    // MARK: First pass

    /// Code goes from a run of backticks to the next run of the same length.
    private mutating func findCode() {
        var runs: [Range<Int>] = []
        var index = 0
        while index < bytes.count {
            let end = runEnd(index, bytes.count)
            if bytes[index] == UInt8(ascii: "`") { runs.append(index..<end) }
            index = end
        }
        var next = Array(repeating: -1, count: runs.count)
        var latest: [Int: Int] = [:]
        for run in runs.indices.reversed() { next[run] = latest.updateValue(run, forKey: runs[run].count) ?? -1 }
        var run = 0
        while run < runs.count {
            let start = runs[run].lowerBound
            if next[run] >= 0, byte(start - 1) != UInt8(ascii: "\\") {
                let close = runs[next[run]]
                codes.append(Span(whole: start..<close.upperBound, inside: runs[run].upperBound..<close.lowerBound))
                run = next[run]
            }
            run += 1
        }
    }

    /// Links `[text](address)` outside code, the innermost where brackets are nested, in order.
    private mutating func findLinks() {
        var brackets: [Int] = []
        var code = 0
        var index = 0
        while index < bytes.count {
            if code < codes.count, codes[code].whole.lowerBound == index {
                index = codes[code].whole.upperBound
                code += 1
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "\\"): index += 1
            case UInt8(ascii: "["): brackets.append(index)
            case UInt8(ascii: "]"):
                guard let open = brackets.popLast(), let address = address(after: index) else { break }
                links.append(Span(whole: open..<address.upperBound + 1, inside: open + 1..<index, address: address))
                brackets.removeAll(keepingCapacity: true)
                index = address.upperBound
            default: break
            }
            index += 1
        }
    }

    /// The address in the parentheses behind a `]`, when it is one that may be followed.
    private func address(after bracket: Int) -> Range<Int>? {
        guard byte(bracket + 1) == UInt8(ascii: "(") else { return nil }
        var end = bracket + 2
        while let byte = byte(end), Self.isAddress(byte) || byte == UInt8(ascii: "'") { end += 1 }
        let range = bracket + 2..<end
        guard byte(end) == UInt8(ascii: ")"), !range.isEmpty, isWhole(range) else { return nil }
        return range
    }

    /// An address with a scheme that is allowed, or from the root, the query or the fragment on: what is relative to a page would lead
    /// elsewhere on each page that shows the text.
    private func isWhole(_ range: Range<Int>) -> Bool {
        let first = bytes[range.lowerBound]
        if first == UInt8(ascii: "/") || first == UInt8(ascii: "?") || first == UInt8(ascii: "#") { return true }
        return bytes[range].contains(UInt8(ascii: ":")) && HTML.isSafe(url: string(range)) && !bytes[range].prefix { $0 != UInt8(ascii: ":") }.contains { "/?#".utf8.contains($0) }
    }

    private func string(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    private static func isAddress(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte != 0x7F else { return false }
        switch byte {
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""),
            UInt8(ascii: "'"), UInt8(ascii: "`"), UInt8(ascii: "["), UInt8(ascii: "]"), UInt8(ascii: "\\"):
            return false
        default: return true
        }
    }

    // MARK: Second pass

    private mutating func read(_ range: Range<Int>, inLink: Bool) {
        let outside = waiting.count
        var index = range.lowerBound
        textStart = index
        while index < range.upperBound {
            if nextCode < codes.count, codes[nextCode].whole.lowerBound == index {
                add(.code(codes[nextCode].inside), from: index)
                index = codes[nextCode].whole.upperBound
                nextCode += 1
                textStart = index
                continue
            }
            switch bytes[index] {
            case UInt8(ascii: "\\"):
                index = escape(index, range.upperBound)
            case UInt8(ascii: "\n"):
                endLine(index)
                index += 1
                while index < range.upperBound, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
                textStart = index
            case UInt8(ascii: "[") where nextLink < links.count && links[nextLink].whole.lowerBound == index:
                index = link(index)
            case UInt8(ascii: "*"), UInt8(ascii: "_"):
                index = emphasis(index, range, outside)
            case UInt8(ascii: "h") where !inLink:
                index = bareAddress(index, range.upperBound)
            default: index += 1
            }
        }
        flush(to: range.upperBound)
        waiting.removeSubrange(outside...)
    }

    private mutating func flush(to index: Int) {
        if textStart < index { pieces.append(.text(textStart..<index)) }
        textStart = index
    }

    private mutating func add(_ piece: Piece, from index: Int) {
        flush(to: index)
        pieces.append(piece)
    }

    /// A backslash before an ASCII mark is left out.
    private mutating func escape(_ index: Int, _ limit: Int) -> Int {
        guard index + 1 < limit else { return index + 1 }
        switch bytes[index + 1] {
        case 0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E:
            flush(to: index)
            textStart = index + 1
            return index + 2
        default: return index + 1
        }
    }

    private mutating func endLine(_ index: Int) {
        var end = index
        while end > textStart, bytes[end - 1] == 0x20 || bytes[end - 1] == 0x0D || bytes[end - 1] == 0x09 { end -= 1 }
        add(.tag("<br>\n"), from: end)
    }

    private mutating func link(_ index: Int) -> Int {
        let link = links[nextLink]
        nextLink += 1
        add(.link(link.address), from: index)
        read(link.inside, inLink: true)
        pieces.append(.tag("</a>"))
        textStart = link.whole.upperBound
        return textStart
    }

    /// `https://…` at the beginning of a word, without the punctuation that ends the sentence.
    private mutating func bareAddress(_ index: Int, _ limit: Int) -> Int {
        let rest = bytes[index..<limit]
        guard rest.starts(with: "https://".utf8) || rest.starts(with: "http://".utf8),
            byte(index - 1).map({ !Self.isWord($0) }) ?? true
        else { return index + 1 }
        var end = index
        while end < limit, Self.isAddress(bytes[end]), bytes[end] < 0x80, bytes[end] != UInt8(ascii: "*") { end += 1 }
        let whole = end
        while ".,;:!?_~".utf8.contains(bytes[end - 1]) { end -= 1 }
        guard end > index + 8 else { return whole }
        add(.link(index..<end), from: index)
        pieces.append(.text(index..<end))
        pieces.append(.tag("</a>"))
        textStart = end
        return whole
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        default: false
        }
    }

    // MARK: Emphasis

    /// A run of one, two or three marks opens or closes emphasis; a longer run is text.
    private mutating func emphasis(_ start: Int, _ range: Range<Int>, _ outside: Int) -> Int {
        let end = runEnd(start, range.upperBound)
        guard end - start <= 3 else { return end }
        let mark = bytes[start]
        let before = start > range.lowerBound ? bytes[start - 1] : 0x20
        let after = end < range.upperBound ? bytes[end] : 0x20
        var (closes, opens) = (before > 0x20, after > 0x20)
        if mark == UInt8(ascii: "_") { (closes, opens) = (closes && !Self.isWord(after), opens && !Self.isWord(before)) }
        flush(to: start)
        var rest = end - start
        while closes, rest > 0, close(mark, &rest, outside) {}
        while opens, rest > 0 {
            let count = rest >= 2 ? 2 : 1
            guard !waiting[outside...].contains(where: { $0.mark == mark && $0.count == count }) else { break }
            waiting.append(Waiting(mark: mark, count: count, piece: pieces.count))
            pieces.append(.text(end - rest..<end - rest + count))
            rest -= count
        }
        textStart = end - rest
        return end
    }

    /// Closes the latest waiting mark that the run can close; what was opened inside it stays text.
    private mutating func close(_ mark: UInt8, _ rest: inout Int, _ outside: Int) -> Bool {
        let room = rest
        let place = waiting[outside...].lastIndex { $0.mark == mark && ($0.count == room || room == 3) }
        guard let place else { return false }
        let open = waiting[place]
        waiting.removeSubrange(place...)
        pieces[open.piece] = .tag(open.count == 2 ? "<strong>" : "<em>")
        pieces.append(.tag(open.count == 2 ? "</strong>" : "</em>"))
        rest -= open.count
        return true
    }

    // MARK: Writing

    private func write(into html: inout HTML) {
        for piece in pieces {
            switch piece {
            case .text(let range): HTML.escape(UnsafeBufferPointer(rebasing: bytes[range]), into: &html.bytes)
            case .tag(let tag):
                html.bytes.append(contentsOf: UnsafeBufferPointer(start: tag.utf8Start, count: tag.utf8CodeUnitCount))
            case .code(let range):
                html.appendTrusted("<code>")
                HTML.escape(UnsafeBufferPointer(rebasing: bytes[range]), into: &html.bytes)
                html.appendTrusted("</code>")
            case .link(let range):
                html.appendTrusted("<a href=\"")
                HTML.escape(UnsafeBufferPointer(rebasing: bytes[range]), into: &html.bytes)
                html.appendTrusted("\" rel=\"nofollow noopener\">")
            }
        }
    }
}
