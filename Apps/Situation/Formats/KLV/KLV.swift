/// Keys, lengths and values (SMPTE ST 336) of the UAS Datalink Local Set (MISB ST 0601): what a drone's video tells of where it looks.
enum KLV {
    /// The universal key of the set, ST 0601.
    static let universalKey: [UInt8] = [0x06, 0x0E, 0x2B, 0x34, 0x02, 0x0B, 0x01, 0x01, 0x0E, 0x01, 0x03, 0x01, 0x01, 0x00, 0x00, 0x00]

    /// Why bytes are no packet, or not a sound one.
    enum Fault: Error, Hashable, Sendable {
        /// The bytes do not begin with the universal key.
        case key
        /// A length that ST 336 does not have (indefinite, or of more than eight bytes), or above the limit.
        case length, tooLong(Int)
        /// The bytes end inside the packet, or an item reaches beyond it.
        case truncated
        /// An item's tag of more than four bytes, or one that begins with an empty byte (BER-OID, ISO/IEC 8825-1 section 8.19).
        case tag
        /// No checksum at the end of the packet, or one that is not the sum.
        case checksumMissing, checksum(stated: UInt16, found: UInt16)
        /// More items than a set may have here.
        case tooManyItems(Int)
    }

    /// Bytes of one packet's value, and items in it.
    static let mostBytes = 16_384
    static let mostItems = 1000

    struct Item: Hashable, Sendable {
        let tag: Int
        let value: [UInt8]
    }

    /// A BER length, short or long (ST 336 section 5.3), and how many bytes it takes; nil when they end too early.
    static func length(_ bytes: ArraySlice<UInt8>) throws(Fault) -> (value: Int, size: Int)? {
        guard let first = bytes.first else { return nil }
        if first < 0x80 { return (Int(first), 1) }
        let count = Int(first & 0x7F)
        guard (1...8).contains(count) else { throw .length }
        guard bytes.count > count else { return nil }
        let value = bytes.dropFirst().prefix(count).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard value <= UInt64(Int32.max) else { throw .tooLong(Int(Int32.max)) }
        return (Int(value), count + 1)
    }

    /// A tag in BER-OID, seven bits a byte.
    private static func tag(_ bytes: ArraySlice<UInt8>) throws(Fault) -> (value: Int, size: Int) {
        var value = 0
        for (index, byte) in bytes.prefix(4).enumerated() {
            if index == 0, byte == 0x80 { throw .tag }
            value = value << 7 | Int(byte & 0x7F)
            if byte < 0x80 { return (value, index + 1) }
        }
        throw bytes.count < 4 ? .truncated : .tag
    }

    /// The items of a local set's value.
    static func items(_ bytes: ArraySlice<UInt8>) throws(Fault) -> [Item] {
        var items: [Item] = []
        var rest = bytes
        while !rest.isEmpty {
            guard items.count < mostItems else { throw .tooManyItems(mostItems) }
            let (tag, tagSize) = try tag(rest)
            rest = rest.dropFirst(tagSize)
            guard let (length, lengthSize) = try length(rest) else { throw .truncated }
            rest = rest.dropFirst(lengthSize)
            guard length <= rest.count else { throw .truncated }
            items.append(Item(tag: tag, value: Array(rest.prefix(length))))
            rest = rest.dropFirst(length)
        }
        return items
    }

    /// Sum of 16-bit words in 16 bits; an odd last byte is the upper half of a word (ST 0601, tag 1).
    static func sum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        var sum: UInt16 = 0
        var isUpper = true
        for byte in bytes {
            sum &+= isUpper ? UInt16(byte) << 8 : UInt16(byte)
            isUpper.toggle()
        }
        return sum
    }
}

/// One packet of the set: its items, sound by the checksum.
struct KLVPacket: Hashable, Sendable {
    /// In the order of the packet, the checksum left out.
    let items: [KLV.Item]

    /// Reads a packet from its key on; what follows it is not looked at.
    init(_ bytes: ArraySlice<UInt8>, limit: Int = KLV.mostBytes) throws(KLV.Fault) {
        guard bytes.starts(with: KLV.universalKey) else { throw bytes.count < 16 && KLV.universalKey.starts(with: bytes) ? .truncated : .key }
        guard let (length, size) = try KLV.length(bytes.dropFirst(16)) else { throw .truncated }
        guard length <= limit else { throw .tooLong(limit) }
        let total = 16 + size + length
        guard bytes.count >= total else { throw .truncated }
        let packet = bytes.prefix(total)
        guard length >= 4, packet.suffix(4).starts(with: [1, 2]) else { throw .checksumMissing }
        // From the key to the length of the checksum, which is the last item.
        let found = KLV.sum(packet.dropLast(2)), stated = packet.suffix(2).reduce(UInt16(0)) { $0 << 8 | UInt16($1) }
        guard found == stated else { throw .checksum(stated: stated, found: found) }
        let all = try KLV.items(packet.dropFirst(16 + size))
        guard let last = all.last, last.tag == 1, last.value.count == 2 else { throw .checksumMissing }
        items = all.dropLast()
    }

    /// The bytes of an item; the last one when a tag comes twice. Empty means: known to be not known.
    subscript(_ tag: Int) -> [UInt8]? { items.last { $0.tag == tag }?.value }

    var metadata: VideoMetadata { VideoMetadata(self) }
}
