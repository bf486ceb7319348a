import Kernel

/// The wire format of Protocol Buffers (protobuf.dev, "Encoding"): as much as messages of version 3 with scalars, texts and messages need.
enum Protobuf {
    typealias Writer = ProtobufWriter

    enum Fault: Error, Hashable, Sendable {
        /// The bytes end inside a field.
        case truncated
        /// A variable-length number of more than 64 bits.
        case number
        /// A field number that may not be (0, or above 2^29 - 1), or a wire type that is none.
        case tag
        /// A group that does not end, ends without a beginning, or lies too deep.
        case group
        /// A text that is not UTF-8.
        case text
    }

    enum Value: Hashable, Sendable {
        case number(UInt64)
        case fixed64(UInt64)
        case bytes(ArraySlice<UInt8>)
        case fixed32(UInt32)
        /// A group of version 2, passed over.
        case group

        var uint64: UInt64? { if case .number(let number) = self { number } else { nil } }
        /// As `uint32` fields read what does not fit: the lower half.
        var uint32: UInt32? { uint64.map(UInt32.init(truncatingIfNeeded:)) }
        var double: Double? { if case .fixed64(let bits) = self { Double(bitPattern: bits) } else { nil } }
        var bytes: ArraySlice<UInt8>? { if case .bytes(let bytes) = self { bytes } else { nil } }
    }

    /// Reads one message's fields one after another. What the caller does not know it passes over by taking the next.
    struct Reader {
        private var rest: ArraySlice<UInt8>

        init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

        /// The next field; nil at the end.
        mutating func next() throws(Fault) -> (field: Int, value: Value)? {
            if rest.isEmpty { return nil }
            let (field, type) = try tag()
            guard type != 4 else { throw .group }
            return (field, try value(type, field: field, depth: 0))
        }

        private mutating func tag() throws(Fault) -> (Int, UInt64) {
            let tag = try number()
            guard tag >> 3 > 0, tag >> 3 < 1 << 29 else { throw .tag }
            return (Int(tag >> 3), tag & 7)
        }

        private mutating func value(_ type: UInt64, field: Int, depth: Int) throws(Fault) -> Value {
            switch type {
            case 0: return .number(try number())
            case 1: return .fixed64(try fixed(8))
            case 2:
                let length = try number()
                guard length <= UInt64(rest.count) else { throw .truncated }
                return .bytes(take(Int(length)))
            case 3:
                guard depth < 16 else { throw .group }
                while true {
                    guard !rest.isEmpty else { throw .truncated }
                    let (inner, type) = try tag()
                    if type == 4 {
                        guard inner == field else { throw .group }
                        return .group
                    }
                    _ = try value(type, field: inner, depth: depth + 1)
                }
            case 5: return .fixed32(UInt32(truncatingIfNeeded: try fixed(4)))
            default: throw .tag
            }
        }

        private mutating func take(_ count: Int) -> ArraySlice<UInt8> {
            defer { rest = rest.dropFirst(count) }
            return rest.prefix(count)
        }

        private mutating func fixed(_ count: Int) throws(Fault) -> UInt64 {
            guard rest.count >= count else { throw .truncated }
            return take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
        }

        private mutating func number() throws(Fault) -> UInt64 {
            guard let (value, length) = try Protobuf.number(rest) else { throw .truncated }
            rest = rest.dropFirst(length)
            return value
        }
    }

    /// A variable-length number at the beginning of bytes, and how many it takes; nil when they end too early.
    static func number(_ bytes: ArraySlice<UInt8>) throws(Fault) -> (value: UInt64, length: Int)? {
        var value: UInt64 = 0
        for (index, byte) in bytes.prefix(10).enumerated() {
            guard index < 9 || byte <= 1 else { throw .number }
            value |= UInt64(byte & 0x7F) << UInt64(7 * index)
            if byte < 0x80 { return (value, index + 1) }
        }
        guard bytes.count < 10 else { throw .number }
        return nil
    }

    static func text(_ bytes: ArraySlice<UInt8>) throws(Fault) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else { throw .text }
        return text
    }
}
