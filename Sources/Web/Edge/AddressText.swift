import Hummingbird
import Kernel

/// Reads and writes what stands in addresses. Decoding is strict: a percent sign without two digits, or bytes that are not UTF-8, are refused.
enum AddressText {
    /// The query of the address: each name with its values in order.
    static func parse(_ request: Request) throws -> [String: [String]] {
        guard let query = request.uri.query, !query.isEmpty else { return [:] }
        return try pairs(query.utf8, limit: 200)
    }

    /// `name=value&…`, as in queries and in forms of type application/x-www-form-urlencoded.
    static func pairs(_ text: some Collection<UInt8>, limit: Int) throws -> [String: [String]] {
        var result: [String: [String]] = [:]
        var count = 0
        for part in text.split(separator: UInt8(ascii: "&")) {
            count += 1
            guard count <= limit else { throw Refusal("too-many-fields", .malformed) }
            let pieces = part.split(separator: UInt8(ascii: "="), maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = pieces.first, let key = decode(name), let value = pieces.count > 1 ? decode(pieces[1]) : "" else { throw Refusal.badText }
            guard key.isStreamSafe, value.isStreamSafe else { throw Refusal("too-many-marks", .malformed) }
            result[key, default: []].append(value)
        }
        return result
    }

    /// Text without percent signs and, in forms and queries, with blanks for plus signs; nil when it is not UTF-8 or holds a NUL.
    static func decode(_ bytes: some Collection<UInt8>, plus: Bool = true) -> String? {
        func digit(_ byte: UInt8) -> UInt8? {
            switch byte {
            case 0x30...0x39: byte - 0x30
            case 0x41...0x46: byte - 0x37
            case 0x61...0x66: byte - 0x57
            default: nil
            }
        }
        var plain: [UInt8] = []
        plain.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            let byte = bytes[index]
            index = bytes.index(after: index)
            switch byte {
            case UInt8(ascii: "%"):
                guard index < bytes.endIndex, let high = digit(bytes[index]) else { return nil }
                index = bytes.index(after: index)
                guard index < bytes.endIndex, let low = digit(bytes[index]) else { return nil }
                index = bytes.index(after: index)
                plain.append(high << 4 | low)
            case UInt8(ascii: "+") where plus: plain.append(0x20)
            case 0: return nil
            default: plain.append(byte)
            }
        }
        guard !plain.contains(0) else { return nil }
        return String(validating: plain, as: UTF8.self)
    }

    /// Text as it may stand in a query or a path segment: everything but letters, digits and `-._~` as percent signs.
    static func encode(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x2D, 0x2E, 0x5F, 0x7E: bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// A path on this server, with its query: what one may be sent back to.
struct LocalPath: Sendable, Hashable {
    let text: String

    /// Nil for anything a browser could take for another server: a scheme, two slashes, a backslash, a control character.
    init?(_ text: String) {
        let bytes = text.utf8
        guard bytes.first == UInt8(ascii: "/"), bytes.count <= 2000, bytes.dropFirst().first != UInt8(ascii: "/"),
              bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "\\") })
        else { return nil }
        self.text = text
    }
}

extension Refusal {
    /// Text that is not UTF-8, or percent signs that are none.
    static let badText = Refusal("not-utf-8", .malformed)
}
