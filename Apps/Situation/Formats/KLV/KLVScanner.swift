/// Finds packets of the set in a stream of bytes by their key, whatever lies between them, and holds no more than one packet of it.
struct KLVScanner: Sendable {
    enum Found: Hashable, Sendable {
        /// Byte of the stream at which the packet's key begins.
        case packet(KLVPacket, at: Int)
        /// A key that no sound packet follows. The search goes on behind the key: a wrong length does not swallow the packets after it.
        case fault(KLV.Fault, at: Int)
    }

    private let limit: Int
    private var buffer: [UInt8] = []
    /// Of the stream before the buffer.
    private var passed = 0
    /// Bytes that may still be looked at once more: see `behind`.
    private var allowance: Int

    init(limit: Int = KLV.mostBytes) {
        self.limit = limit
        allowance = 64 * limit
    }

    /// Bytes that wait for more; never above one packet.
    var pending: Int { buffer.count }

    /// Takes the next bytes; gives what is complete with them.
    mutating func feed(_ bytes: some Sequence<UInt8>) -> [Found] {
        buffer += bytes
        return search(isLast: false)
    }

    /// The stream ends, or has a gap: what waits is truncated, but may hold whole packets behind its key.
    mutating func finish() -> [Found] {
        let found = search(isLast: true)
        passed += buffer.count
        buffer = []
        return found
    }

    private mutating func search(isLast: Bool) -> [Found] {
        var found: [Found] = []
        var at = 0
        var isWaiting = false
        while !isWaiting, let key = nextKey(from: at) {
            at = key
            do throws(KLV.Fault) {
                found.append(.packet(try KLVPacket(buffer[key...], limit: limit), at: passed + key))
                at = end(key) ?? key + 16
            } catch {
                isWaiting = error == .truncated && !isLast && (end(key) ?? .max) > buffer.count
                if isWaiting { break }
                found.append(.fault(error, at: passed + key))
                at = behind(key)
            }
        }
        // Without a key to wait at, the last bytes may begin one.
        if !isWaiting { at = max(at, buffer.count - 15) }
        passed += at
        allowance = min(allowance + 8 * at, 64 * limit)
        buffer.removeFirst(at)
        return found
    }

    /// Where the packet at a key ends by its length; nil when the length is not there or is none.
    private func end(_ key: Int) -> Int? {
        guard let head = try? KLV.length(buffer[(key + 16)...]), head.value <= limit else { return nil }
        return key + 16 + head.size + head.value
    }

    private func nextKey(from start: Int) -> Int? {
        var at = start
        while at + 16 <= buffer.count {
            if buffer[at] == KLV.universalKey[0], buffer[at...].starts(with: KLV.universalKey) { return at }
            at += 1
        }
        return nil
    }

    /// Where the search goes on after a packet that is not sound: behind its key. A stream made of keys with long lengths would cost the
    /// square of its size so; each byte of the stream pays for eight looks, and when they are used up such packets are passed over whole.
    private mutating func behind(_ key: Int) -> Int {
        guard let end = end(key) else { return key + 16 }
        allowance -= end - key
        if allowance >= 0 { return key + 16 }
        allowance = 0
        return min(end, buffer.count)
    }
}
