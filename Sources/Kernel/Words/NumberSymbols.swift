import Foundation

/// How a language writes numbers: taken once from Foundation, then applied without it.
struct NumberSymbols: Sendable {
    let isArabic: Bool
    let group: String
    let point: String
    let minus: String
    let percentBefore: String
    let percentAfter: String
    /// Digits a number must have before it is grouped; Spanish leaves four digits together.
    let groupsFrom: Int

    init(_ locale: Locale) {
        // What stands around and between the digits: "-1,2" is "-", ",", "".
        func split(_ text: String) -> [String] {
            text.unicodeScalars.split(omittingEmptySubsequences: false) { $0.properties.numericType != nil }.map { String($0) }
        }
        let number = Decimal.FormatStyle(locale: locale)
        let parts = split((Decimal(-12_345_678) / 10).formatted(number))
        (minus, group, point) = (parts[0], parts[1], parts[parts.count - 2])
        isArabic = !0.formatted(IntegerFormatStyle<Int>(locale: locale)).utf8.contains(UInt8(ascii: "0"))
        groupsFrom = split(1234.formatted(IntegerFormatStyle<Int>(locale: locale)))[1].isEmpty ? 5 : 4
        let percent = split(5.formatted(IntegerFormatStyle<Int>.Percent(locale: locale)))
        (percentBefore, percentAfter) = (percent.first ?? "", percent.last ?? "")
    }

    /// ASCII digits of a text in the language's digits.
    func digits(_ text: String) -> String {
        guard isArabic else { return text }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count * 2)
        for byte in text.utf8 { put(byte, into: &bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }

    private func put(_ byte: UInt8, into bytes: inout [UInt8]) {
        if isArabic, (0x30...0x39).contains(byte) {
            bytes.append(0xD9)
            bytes.append(byte + 0x70)
        } else {
            bytes.append(byte)
        }
    }

    func integer(_ n: Int) -> String {
        (n < 0 ? minus : "") + plain(String(n.magnitude), fraction: "")
    }

    /// A number in parts of 10^scale, such as cents.
    func fixed(_ parts: Int, scale: Int) -> String {
        (parts < 0 ? minus : "") + unsigned(parts.magnitude, scale: scale)
    }

    func unsigned(_ parts: UInt, scale: Int) -> String {
        var digits = String(parts)
        if digits.utf8.count <= scale { digits = String(repeating: "0", count: scale + 1 - digits.utf8.count) + digits }
        return plain(String(digits.dropLast(scale)), fraction: String(digits.suffix(scale)))
    }

    /// ASCII digits before and after the point, grouped by three.
    func plain(_ whole: String, fraction: String, group: String? = nil, groupsFrom: Int? = nil) -> String {
        let count = whole.utf8.count
        let isGrouped = count >= groupsFrom ?? self.groupsFrom
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count * 3 + fraction.utf8.count * 2 + 4)
        for (place, byte) in whole.utf8.enumerated() {
            if isGrouped, place > 0, (count - place) % 3 == 0 { bytes.append(contentsOf: (group ?? self.group).utf8) }
            put(byte, into: &bytes)
        }
        if !fraction.isEmpty {
            bytes.append(contentsOf: point.utf8)
            for byte in fraction.utf8 { put(byte, into: &bytes) }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// The ASCII digits of a number rounded half away from zero, or nothing for not-a-number.
    static func round(_ value: Decimal, scale: Int) -> (isNegative: Bool, whole: String, fraction: String)? {
        guard !value.isNaN else { return nil }
        var exact = value.magnitude
        var rounded = Decimal()
        NSDecimalRound(&rounded, &exact, scale, .plain)
        let parts = rounded.description.split(separator: ".", maxSplits: 1)
        let fraction = parts.count > 1 ? String(parts[1]) : ""
        let padding = String(repeating: "0", count: max(0, scale - fraction.utf8.count))
        return (value < 0 && !rounded.isZero, String(parts[0]), fraction + padding)
    }
}
