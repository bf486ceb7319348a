/// Finds packets of the set in an MPEG transport stream (ISO/IEC 13818-1): the payloads of each stream in it are put together again first.
///
/// A packet that is longer than one of the 188-byte packets around it has their heads in its middle, so a search for the key in the file alone
/// loses it. Done here: heads, adaptation fields, heads of PES packets, gaps by the continuity counter. Not done: tables (PAT, PMT: every
/// stream is searched), metadata cut over several access units (ISO/IEC 13818-1 section 2.12.4; their heads would stand in its middle),
/// scrambled payloads, packets of 192 and 204 bytes, and the time that binds a packet to a picture (PTS); its own time stands in tag 2.
struct KLVTransport: Sendable {
    struct Found: Hashable, Sendable {
        /// The stream within the stream; positions in `what` are bytes of its payload.
        let stream: Int
        let what: KLVScanner.Found
    }

    static let packetBytes = 188
    /// Streams that are followed at most: their numbers come from the file.
    static let mostStreams = 64

    private struct Follower {
        var scanner = KLVScanner()
        var counter: UInt8?
    }

    private var followers: [Int: Follower] = [:]
    private var buffer: [UInt8] = []
    private var isInStep = false
    /// Bytes that belonged to no packet, because none of them was the mark 0x47 that begins one.
    private(set) var skipped = 0

    /// Whether a file looks like a transport stream: the mark at the beginning of each of its first packets.
    static func begins(_ bytes: some Collection<UInt8>) -> Bool {
        let head = Array(bytes.prefix(packetBytes * 4 + 1))
        return head.count > packetBytes && stride(from: 0, to: head.count, by: packetBytes).allSatisfy { head[$0] == 0x47 }
    }

    /// Takes the next bytes; gives what is complete with them.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Found] {
        buffer += bytes
        return cut(isLast: false)
    }

    /// The stream ends.
    mutating func finish() -> [Found] {
        let found = cut(isLast: true)
        skipped += buffer.count
        buffer = []
        return found + followers.keys.sorted().flatMap { stream in (followers[stream]?.scanner.finish() ?? []).map { Found(stream: stream, what: $0) } }
    }

    private mutating func cut(isLast: Bool) -> [Found] {
        var found: [Found] = []
        var at = 0
        while at + Self.packetBytes <= buffer.count {
            let next = at + Self.packetBytes
            // Out of step, a mark counts when another stands where the next packet begins.
            if buffer[at] == 0x47, !isInStep, next == buffer.count, !isLast { break }
            guard buffer[at] == 0x47, isInStep || next == buffer.count || buffer[next] == 0x47 else {
                isInStep = false
                at += 1
                skipped += 1
                continue
            }
            isInStep = true
            found += take(buffer[at..<next])
            at = next
        }
        buffer.removeFirst(at)
        return found
    }

    private mutating func take(_ packet: ArraySlice<UInt8>) -> [Found] {
        let head = Array(packet.prefix(5))
        let stream = Int(head[1] & 0x1F) << 8 | Int(head[2])
        let isDamaged = head[1] & 0x80 != 0, isScrambled = head[3] & 0xC0 != 0, hasField = head[3] & 0x20 != 0, hasPayload = head[3] & 0x10 != 0
        guard stream != 0x1FFF, hasPayload, !isDamaged, !isScrambled else { return [] }
        guard followers[stream] != nil || followers.count < Self.mostStreams else { return [] }
        let start = 4 + (hasField ? 1 + Int(head[4]) : 0)
        guard start <= Self.packetBytes else { return [] }
        var follower = followers[stream] ?? Follower()
        followers[stream] = nil
        var found: [KLVScanner.Found] = []
        let counter = head[3] & 0x0F
        // The same number again is the same packet again (section 2.4.3.3).
        if follower.counter != counter {
            if let before = follower.counter, (before + 1) & 0x0F != counter { found += follower.scanner.finish() }
            let payload = packet.dropFirst(start)
            found += follower.scanner.feed(head[1] & 0x40 == 0 ? payload : payload.dropFirst(Self.pesHead(payload)))
        }
        follower.counter = counter
        followers[stream] = follower
        return found.map { Found(stream: stream, what: $0) }
    }

    /// Bytes of the head of a PES packet at the beginning of a payload, as far as they are in it (section 2.4.3.6); 0 when there is none.
    private static func pesHead(_ payload: ArraySlice<UInt8>) -> Int {
        let head = Array(payload.prefix(9))
        guard head.count == 9, head.starts(with: [0, 0, 1]), head[6] & 0xC0 == 0x80 else { return 0 }
        return min(9 + Int(head[8]), payload.count)
    }
}
