import Foundation

/// The identifier of a record: a UUID of version 7 (RFC 9562), so that ids sort by the time they were made.
public struct RecordID: Hashable, Comparable, Sendable, Codable, LosslessStringConvertible {
    /// The first and last eight bytes, big-endian.
    public let high: UInt64, low: UInt64

    public init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Reads the 36-character form; nil when it is not exactly that.
    public init?(_ text: String) {
        var words: (UInt64, UInt64) = (0, 0)
        var digits = 0, position = 0
        for byte in text.utf8 {
            if position == 8 || position == 13 || position == 18 || position == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                let nibble: UInt64
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"): nibble = UInt64(byte - UInt8(ascii: "0"))
                case UInt8(ascii: "a")...UInt8(ascii: "f"): nibble = UInt64(byte - UInt8(ascii: "a") + 10)
                case UInt8(ascii: "A")...UInt8(ascii: "F"): nibble = UInt64(byte - UInt8(ascii: "A") + 10)
                default: return nil
                }
                if digits < 16 { words.0 = words.0 << 4 | nibble } else { words.1 = words.1 << 4 | nibble }
                digits += 1
            }
            position += 1
            if position > 36 { return nil }
        }
        guard position == 36, digits == 32 else { return nil }
        (high, low) = words
    }

    /// Reads the sixteen bytes of the stored form.
    public init?(bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        var high: UInt64 = 0, low: UInt64 = 0
        for (index, byte) in bytes.enumerated() {
            if index < 8 { high = high << 8 | UInt64(byte) } else { low = low << 8 | UInt64(byte) }
        }
        self.init(high: high, low: low)
    }

    public var bytes: [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * UInt64($0))) }
            + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * UInt64($0))) }
    }

    public var description: String {
        let digits = Array("0123456789abcdef".utf8)
        return String(unsafeUninitializedCapacity: 36) { buffer in
            var at = 0
            for index in 0..<32 {
                if index == 8 || index == 12 || index == 16 || index == 20 {
                    buffer[at] = UInt8(ascii: "-")
                    at += 1
                }
                let word = index < 16 ? high : low
                buffer[at] = digits[Int(word >> (60 - 4 * UInt64(index % 16)) & 15)]
                at += 1
            }
            return 36
        }
    }

    public static func < (a: RecordID, b: RecordID) -> Bool { (a.high, a.low) < (b.high, b.low) }

    public init(from decoder: any Decoder) throws {
        let text = try decoder.singleValueContainer().decode(String.self)
        guard let id = RecordID(text) else {
            throw DecodingError.dataCorrupted(.init(codingPath: decoder.codingPath, debugDescription: "not a UUID: \(text)"))
        }
        self = id
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }

    /// A new id whose first 48 bits are the milliseconds of `instant`; the rest is random but for version and variant.
    public static func at(_ instant: Instant, using generator: inout some RandomNumberGenerator) -> RecordID {
        let milliseconds = UInt64(max(0, instant.microseconds / 1000)) & 0xffff_ffff_ffff
        // The 12 bits after the version hold the microseconds within the millisecond, so that ids made in turn sort in turn.
        let fraction = UInt64(max(0, instant.microseconds % 1000)) << 2 | UInt64.random(in: 0..<4, using: &generator)
        return RecordID(
            high: milliseconds << 16 | 0x7000 | fraction,
            low: 0x8000_0000_0000_0000 | UInt64.random(in: 0..<(1 << 62), using: &generator))
    }

    public static func at(_ instant: Instant) -> RecordID {
        var generator = SystemRandomNumberGenerator()
        return at(instant, using: &generator)
    }
}

/// A typed reference to a record of type `T`.
public struct Ref<T: RecordType>: Hashable, Sendable, Codable {
    public let id: RecordID
    public init(_ id: RecordID) { self.id = id }
    public init(from decoder: any Decoder) throws { id = try RecordID(from: decoder) }
    public func encode(to encoder: any Encoder) throws { try id.encode(to: encoder) }
}

/// A reference to a record of another app, named by its schema id ("service-desk.service"); checked at start.
public struct Link: Hashable, Sendable {
    public let id: RecordID
    public init(_ id: RecordID) { self.id = id }
}

public typealias PersonID = Ref<Person>
public typealias UnitID = Ref<Unit>
