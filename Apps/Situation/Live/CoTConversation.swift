import Kernel

/// What is heard over a connection that speaks Cursor on Target: TAK's sign-in first, then events, in XML or, once it was agreed on, in TAK's protocol 1.
///
/// A pure state machine over bytes: the same bytes are heard alike wherever the network cut them. Who has not signed in may say one short document.
struct CoTConversation: Sendable {
    enum Heard: Hashable, Sendable {
        /// `<auth><cot username password uid/></auth>`.
        case signIn(user: String, token: String)
        case event(CoTEvent)
        /// `t-x-c-t`: is anybody there?
        case ping
        /// `t-x-takp-q`: the other side wants to speak that version. With 1 what comes next is read as such.
        case asks(version: String)
        /// There is no sense to be made of it: the connection ends.
        case nonsense
    }

    /// How events are written, and read after the sign-in.
    enum Encoding: Hashable, Sendable { case xml, protobuf }

    private enum State: Hashable, Sendable {
        case stranger, xml
        /// Line ends that some programs send behind their last document are passed over until the first frame.
        case protobuf(isFresh: Bool)
        case over
    }

    /// Bytes of the sign-in, and events that do not read before the connection ends.
    static let mostOfStranger = 4_096, mostWrong = 50

    private var state = State.stranger
    private var documents = CoTStream(limit: mostOfStranger)
    private var frames = TAKStream()
    /// Events that did not read.
    private(set) var wrong = 0

    /// Takes the next bytes; says what was heard in them.
    mutating func hear(_ bytes: [UInt8]) -> [Heard] {
        var heard: [Heard] = []
        var rest = bytes[...]
        while !rest.isEmpty, state != .over {
            let next: [Heard]
            switch state {
            case .stranger: next = document(&rest).map { signIn($0) } ?? []
            case .xml: next = document(&rest).map { event(try? CoTEvent(xml: $0)) } ?? []
            case .protobuf(let isFresh): next = payloads(&rest, isFresh: isFresh)
            case .over: next = []
            }
            heard += next
            if documents.fault != nil || frames.fault != nil || wrong > Self.mostWrong || next.last == .nonsense {
                state = .over
                if heard.last != .nonsense { heard.append(.nonsense) }
            }
        }
        return heard
    }

    /// The document that ends with the next `>`, if one does: what follows it may be of another kind.
    private mutating func document(_ rest: inout ArraySlice<UInt8>) -> [UInt8]? {
        let end = rest.firstIndex(of: UInt8(ascii: ">")).map { $0 + 1 } ?? rest.endIndex
        defer { rest = rest[end...] }
        return documents.feed(rest[..<end]).first
    }

    private mutating func signIn(_ document: [UInt8]) -> [Heard] {
        guard let root = try? XMLReader.element(document, limits: CoTEvent.limits), root.name == "auth", let cot = root.first("cot"), let user = cot["username"],
              let token = cot["password"]
        else { return [.nonsense] }
        state = .xml
        documents = CoTStream()
        return [.signIn(user: user, token: token)]
    }

    private mutating func payloads(_ rest: inout ArraySlice<UInt8>, isFresh: Bool) -> [Heard] {
        if isFresh { rest = rest.drop(while: XML.isSpace) }
        if rest.isEmpty { return [] }
        state = .protobuf(isFresh: false)
        defer { rest = [] }
        var heard: [Heard] = []
        for payload in frames.feed(rest) {
            let message = try? TAKMessage(payload: payload)
            // Messages without an event are control: which versions the other side reads.
            if message == nil || message?.event != nil { heard += event(message?.event) }
        }
        return heard
    }

    /// What an event says; nil for one that did not read.
    private mutating func event(_ read: CoTEvent?) -> [Heard] {
        guard let event = read else {
            wrong += 1
            return []
        }
        switch event.type {
        case "t-x-c-t": return [.ping]
        case "t-x-takp-q":
            let version = event.detail.elements.first { $0.name == "TakControl" }?.first("TakRequest")?["version"] ?? ""
            if version == "1" { state = .protobuf(isFresh: true) }
            return [.asks(version: version)]
        default: return event.kind.isControl ? [] : [.event(event)]
        }
    }
}

extension CoTConversation.Encoding {
    /// The event as it goes over the stream; nil for one that cannot be written.
    func bytes(_ event: CoTEvent) -> [UInt8]? {
        switch self {
        case .xml: (try? event.xml()).map { Array($0.utf8) + [0x0A] }
        case .protobuf: try? TAKMessage(event: event).streamed()
        }
    }
}
