/// Writes the fields of a message of Protocol Buffers, version 3 (protobuf.dev, "Encoding"). What has the value that version 3 takes for absent
/// (0, empty) is left out; messages and packed lists are not.
public struct ProtobufWriter: Sendable {
    public private(set) var bytes: [UInt8] = []

    public init() {}

    /// A variable-length number: seven bits a byte, the lowest first.
    public static func number(_ value: UInt64) -> [UInt8] {
        var bytes: [UInt8] = []
        append(value, to: &bytes)
        return bytes
    }

    /// A signed number as an unsigned one, small ones of either sign as small ones: 0, −1, 1, −2 as 0, 1, 2, 3.
    public static func zigzag(_ value: Int) -> UInt64 { UInt64(bitPattern: Int64(value << 1 ^ value >> 63)) }

    private static func append(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    private mutating func tag(_ field: Int, _ type: UInt64) { Self.append(UInt64(field) << 3 | type, to: &bytes) }

    public mutating func put(_ field: Int, _ value: UInt64) {
        guard value != 0 else { return }
        put(field, always: value)
    }

    /// A number that is written although it may be 0: a member of a "one of".
    public mutating func put(_ field: Int, always value: UInt64) {
        tag(field, 0)
        Self.append(value, to: &bytes)
    }

    public mutating func put(_ field: Int, double value: Double) {
        guard value.bitPattern != 0 else { return }
        tag(field, 1)
        bytes += (0..<8).map { UInt8(truncatingIfNeeded: value.bitPattern >> (8 * UInt64($0))) }
    }

    public mutating func put(_ field: Int, _ text: String?) {
        if let text, !text.isEmpty { put(field, message: Array(text.utf8)) }
    }

    public mutating func put(_ field: Int, message: [UInt8]) {
        tag(field, 2)
        Self.append(UInt64(message.count), to: &bytes)
        bytes += message
    }

    /// A packed list of numbers.
    public mutating func put(_ field: Int, packed numbers: [UInt64]) {
        var list: [UInt8] = []
        list.reserveCapacity(numbers.count * 2)
        for number in numbers { Self.append(number, to: &list) }
        put(field, message: list)
    }
}
