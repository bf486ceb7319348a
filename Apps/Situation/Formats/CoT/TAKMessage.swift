import Kernel

/// A message of TAK's protocol version 1: an event, control, or both, in protocol buffers (`TakMessage` of the ATAK and TAK server sources).
struct TAKMessage: Hashable, Sendable {
    /// Which versions of the protocol the sender reads. 0 stands for 1.
    struct Control: Hashable, Sendable {
        var lowest: UInt32 = 0
        var highest: UInt32 = 0
        var contact: String?
    }

    var control: Control?
    var event: CoTEvent?
    /// Set by TAK servers.
    var submitted: Instant?
    var created: Instant?
    /// Fields that were passed over in the message and all its parts. In a detail they may be extensions: the reader did not see everything.
    var unread = 0

    init(event: CoTEvent? = nil, control: Control? = nil) {
        self.event = event
        self.control = control
    }

    static let magic: UInt8 = 0xBF

    /// Reads one datagram or one directed message of a mesh: `bf 01 bf` and the message, or an event in XML, bare or behind `bf 00 bf`.
    init(datagram bytes: [UInt8]) throws(CoTEvent.Fault) {
        guard bytes.count <= CoTEvent.mostBytes else { throw .tooLong(CoTEvent.mostBytes) }
        guard bytes.first == Self.magic else {
            self.init(event: try CoTEvent(xml: bytes))
            return
        }
        let version: (value: UInt64, length: Int)?
        do { version = try Protobuf.number(bytes[1...]) } catch { throw .frame }
        guard let version, version.length + 1 < bytes.count, bytes[version.length + 1] == Self.magic else { throw .frame }
        let payload = bytes[(version.length + 2)...]
        switch version.value {
        case 0: self.init(event: try CoTEvent(xml: Array(payload)))
        case 1: try self.init(payload: payload)
        default: throw .version(version.value)
        }
    }

    /// For a mesh: `bf 01 bf` and the message.
    func datagram() throws(CoTEvent.Fault) -> [UInt8] { [Self.magic, 1, Self.magic] + (try payload()) }

    /// For a stream: `bf`, the length and the message.
    func streamed() throws(CoTEvent.Fault) -> [UInt8] {
        let payload = try payload()
        return [Self.magic] + Protobuf.Writer.number(UInt64(payload.count)) + payload
    }
}

/// Cuts a stream of TAK's protocol version 1 into payloads, wherever the network cut it.
struct TAKStream: Sendable {
    private let limit: Int
    private var buffer: [UInt8] = []

    /// What broke the stream. There is no way on behind it: whoever reads the connection closes it.
    private(set) var fault: CoTEvent.Fault?

    init(limit: Int = CoTEvent.mostBytes) { self.limit = limit }

    /// Bytes that wait for more; never above the limit and a frame's head.
    var pending: Int { buffer.count }

    /// Takes the next bytes; gives the payloads complete with them, for `TAKMessage(payload:)`. Nothing any more once broken.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [[UInt8]] {
        guard fault == nil else { return [] }
        buffer += bytes
        var payloads: [[UInt8]] = []
        var at = 0
        do throws(CoTEvent.Fault) {
            while at < buffer.count, let frame = try head(at) {
                guard buffer.count - frame.start >= frame.length else { break }
                payloads.append(Array(buffer[frame.start..<frame.start + frame.length]))
                at = frame.start + frame.length
            }
            buffer.removeFirst(at)
        } catch {
            fault = error
            buffer = []
        }
        return payloads
    }

    /// Where the payload of the frame begins, and its length; nil when the head is not complete.
    private func head(_ at: Int) throws(CoTEvent.Fault) -> (start: Int, length: Int)? {
        guard buffer[at] == TAKMessage.magic else { throw .frame }
        let length: (value: UInt64, length: Int)?
        do { length = try Protobuf.number(buffer[(at + 1)...]) } catch { throw .frame }
        guard let length else { return nil }
        guard length.value <= UInt64(limit) else { throw .tooLong(limit) }
        return (at + 1 + length.length, Int(length.value))
    }
}
