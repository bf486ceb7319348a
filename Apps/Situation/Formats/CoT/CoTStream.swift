/// Cuts a stream of XML events into events, wherever the network cut it (TAK protocol version 0: one `event` after another over TCP).
///
/// TAK looks for the bytes `</event>`, which a text may hold as well; here tags, values, comments and CDATA are told apart.
struct CoTStream: Sendable {
    enum Fault: Error, Hashable, Sendable {
        /// One event is longer than the limit.
        case tooLong(Int)
        /// Text, or an end tag, where an event should begin.
        case stray
        /// A document type or another declaration of markup.
        case documentType
    }

    private enum State: Hashable, Sendable {
        case content
        /// After `<`.
        case opened
        case start(quote: UInt8, slash: Bool)
        case end
        case instruction(question: Bool)
        /// After `<!`, with what stood there so far.
        case declaration([UInt8])
        case comment(dashes: Int)
        case cdata(brackets: Int)
    }

    private let limit: Int
    private var event: [UInt8] = []
    private var state = State.content
    private var depth = 0

    /// What broke the stream. There is no sure way on behind it: whoever reads the connection closes it.
    private(set) var fault: Fault?

    init(limit: Int = CoTEvent.mostBytes) { self.limit = limit }

    /// Bytes of an event that has begun.
    var pending: Int { event.count }

    /// Takes the next bytes; gives the events complete with them, each with its declaration. Nothing any more once broken.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        var events: [[UInt8]] = []
        for byte in bytes {
            guard fault == nil else { break }
            if event.isEmpty, state == .content, XML.isSpace(byte) { continue }
            guard event.count < limit else {
                fail(.tooLong(limit))
                break
            }
            event.append(byte)
            if take(byte) {
                events.append(event)
                event.removeAll(keepingCapacity: true)
            }
        }
        return events
    }

    private mutating func fail(_ reason: Fault) {
        fault = reason
        event = []
    }

    /// Moves on by one byte; true when it ends an event.
    private mutating func take(_ byte: UInt8) -> Bool {
        switch state {
        case .content:
            if byte == UInt8(ascii: "<") { state = .opened } else if depth == 0, !XML.isSpace(byte) { fail(.stray) }
        case .opened:
            switch byte {
            case UInt8(ascii: "?"): state = .instruction(question: false)
            case UInt8(ascii: "!"): state = .declaration([])
            case UInt8(ascii: "/"): if depth > 0 { state = .end } else { fail(.stray) }
            default: state = .start(quote: 0, slash: false)
            }
        case .start(let quote, let slash):
            return start(byte, quote: quote, slash: slash)
        case .end:
            if byte == UInt8(ascii: ">") { return close() }
        case .instruction(let question):
            state = question && byte == UInt8(ascii: ">") ? .content : .instruction(question: byte == UInt8(ascii: "?"))
        case .declaration(let before):
            declaration(before + [byte])
        case .comment(let dashes):
            state = dashes >= 2 && byte == UInt8(ascii: ">") ? .content : .comment(dashes: byte == UInt8(ascii: "-") ? min(dashes + 1, 2) : 0)
        case .cdata(let brackets):
            state = brackets >= 2 && byte == UInt8(ascii: ">") ? .content : .cdata(brackets: byte == UInt8(ascii: "]") ? min(brackets + 1, 2) : 0)
        }
        return false
    }

    private mutating func start(_ byte: UInt8, quote: UInt8, slash: Bool) -> Bool {
        switch byte {
        case quote where quote != 0: state = .start(quote: 0, slash: false)
        case UInt8(ascii: "\"") where quote == 0, UInt8(ascii: "'") where quote == 0: state = .start(quote: byte, slash: false)
        case UInt8(ascii: ">") where quote == 0:
            depth += 1
            state = .content
            return slash ? close() : false
        default: state = .start(quote: quote, slash: quote == 0 && byte == UInt8(ascii: "/"))
        }
        return false
    }

    private mutating func close() -> Bool {
        depth -= 1
        state = .content
        return depth == 0
    }

    private mutating func declaration(_ text: [UInt8]) {
        let cdata = Array("[CDATA[".utf8)
        if text == Array("--".utf8) { state = .comment(dashes: 0) } else if text == cdata {
            if depth > 0 { state = .cdata(brackets: 0) } else { fail(.stray) }
        } else if cdata.starts(with: text) || text == [UInt8(ascii: "-")] { state = .declaration(text) } else { fail(.documentType) }
    }
}
