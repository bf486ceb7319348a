import Foundation

/// The strict reading shared by the C2SP text formats: one spelling for each value, so parsing and writing are inverse.
///
/// Everything works on UTF-8, because Swift's characters and string equality join what these formats keep apart.
enum LedgerText {
    static let newline = UInt8(ascii: "\n")

    /// An ASCII decimal without sign or leading zeros that fits an `Int`.
    static func decimal(_ text: some StringProtocol) -> Int? {
        let digits = text.utf8
        guard let first = digits.first, first != UInt8(ascii: "0") || digits.count == 1 else { return nil }
        var value = 0
        for digit in digits {
            guard digit >= UInt8(ascii: "0"), digit <= UInt8(ascii: "9") else { return nil }
            let (tens, tooBig) = value.multipliedReportingOverflow(by: 10)
            let (sum, tooFar) = tens.addingReportingOverflow(Int(digit - UInt8(ascii: "0")))
            if tooBig || tooFar { return nil }
            value = sum
        }
        return value
    }

    /// Standard padded base64 (RFC 4648 section 4) in its only canonical spelling.
    static func base64(_ text: some StringProtocol) -> Data? {
        let text = String(text)
        guard let data = Data(base64Encoded: text), same(data.base64EncodedString(), text) else { return nil }
        return data
    }

    /// Equality of code units; `==` would also equate different spellings of one character.
    static func same(_ left: some StringProtocol, _ right: some StringProtocol) -> Bool {
        left.utf8.elementsEqual(right.utf8)
    }

    /// Whether a note may hold this text: no ASCII control character other than the newline.
    static func isPlain(_ text: some StringProtocol) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 || $0 == newline }
    }

    /// Whether the text is one non-empty line that a checkpoint may hold.
    static func isLine(_ text: some StringProtocol) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0 >= 0x20 }
    }

    /// Whether the text can name a key: neither empty nor with plus, Unicode space or control character.
    static func isKeyName(_ text: some StringProtocol) -> Bool {
        isLine(text) && text.unicodeScalars.allSatisfy { $0 != "+" && !$0.properties.isWhitespace }
    }

    /// The lines of a text in which every line ends with a newline; nil for any other text.
    static func lines(_ text: String) -> [String]? {
        guard text.utf8.last == newline, isPlain(text) else { return nil }
        return text.utf8.dropLast().split(separator: newline, omittingEmptySubsequences: false)
            .map { String(decoding: $0, as: UTF8.self) }
    }
}

extension UInt32 {
    /// Reads four bytes, the most significant first.
    init(bigEndianBytes bytes: some Sequence<UInt8>) {
        self = bytes.prefix(4).reduce(0) { $0 << 8 | UInt32($1) }
    }
}

extension Data {
    /// Appends an integer, the most significant byte first.
    mutating func append(bigEndian value: some FixedWidthInteger) {
        Swift.withUnsafeBytes(of: value.bigEndian) { append(contentsOf: $0) }
    }
}
