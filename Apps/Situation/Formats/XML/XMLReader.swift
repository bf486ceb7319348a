/// Reads XML from strangers: the bytes brought to UTF-8 (`XMLText`), a guard on what they may cost (`XMLGuard`), then a scanner of our own.
enum XMLReader {
    enum Event: Hashable, Sendable {
        /// A start tag, as an element without content.
        case start(XML.Element)
        /// Text; one stretch may come in several pieces.
        case text(String)
        case end
    }

    /// The document's element with everything in it.
    static func element(_ bytes: [UInt8], limits: XML.Limits = .standard) throws(XML.Fault) -> XML.Element {
        var tree = XMLTree(), root: XML.Element?
        do {
            try events(bytes, limits: limits) { event in
                switch event {
                case .start(let element): tree.start(element)
                case .text(let text): tree.text(text)
                case .end: if let ended = tree.end() { root = ended }
                }
            }
        } catch let fault as XML.Fault { throw fault } catch {
            throw XML.Fault(reason: .syntax("\(error)"), line: 1)
        }
        guard let root else { throw XML.Fault(reason: .unfinished, line: 1) }
        return root
    }

    /// Hands on what the document holds, in its order; throws `XML.Fault`, or what `take` throws.
    static func events(_ bytes: [UInt8], limits: XML.Limits = .standard, _ take: (Event) throws -> Void) throws {
        let text = try XMLText.utf8(bytes, limit: limits.bytes)
        var guarded = XMLGuard(text, limits: limits)
        try guarded.check()
        var scanner = XMLScanner(text)
        try scanner.run(take)
    }
}
