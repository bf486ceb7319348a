/// Numbers as formats write them: digits, a point, a sign; no words, no hexadecimal, no locale.
enum Decimals {
    /// The longest `Double` without exponent takes 330.
    private static let mostBytes = 400

    /// Reads `xs:decimal`, or with an exponent as Java writes its doubles; nil for anything else, or what no `Double` holds.
    static func read(_ text: some StringProtocol, exponent: Bool = false) -> Double? {
        var rest = Array(text.utf8)[...]
        guard rest.count <= mostBytes else { return nil }
        func isSign(_ byte: UInt8?) -> Bool { byte == UInt8(ascii: "+") || byte == UInt8(ascii: "-") }
        func digits() -> Int {
            let count = rest.prefix { $0 >= 0x30 && $0 <= 0x39 }.count
            rest = rest.dropFirst(count)
            return count
        }
        if isSign(rest.first) { rest.removeFirst() }
        var count = digits()
        if rest.first == UInt8(ascii: ".") {
            rest.removeFirst()
            count += digits()
        }
        guard count > 0 else { return nil }
        if exponent, rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest.removeFirst()
            if isSign(rest.first) { rest.removeFirst() }
            guard digits() > 0 else { return nil }
        }
        guard rest.isEmpty, let value = Double(String(text)), value.isFinite else { return nil }
        return value == 0 ? 0 : value
    }

    /// The shortest digits that read as the same number, without exponent; a whole number keeps `.0` when `pointed`.
    static func text(_ value: Double, pointed: Bool = false) -> String {
        guard value.isFinite else { return "0" }
        let plain = expanded(value == 0 ? "0.0" : "\(value)")
        if plain.hasSuffix(".0") { return pointed ? plain : String(plain.dropLast(2)) }
        return pointed && !plain.contains(".") ? plain + ".0" : plain
    }

    /// `1.5e-07` becomes `0.00000015`: Swift writes an exponent from 2^54 on and below 0.0001.
    private static func expanded(_ text: String) -> String {
        let halves = text.split(separator: "e")
        guard halves.count == 2, let exponent = Int(halves[1]) else { return text }
        let isNegative = halves[0].hasPrefix("-")
        let parts = halves[0].drop { $0 == "-" }.split(separator: ".")
        let fraction = parts.count > 1 && parts[1] != "0" ? parts[1] : ""
        let digits = "\(parts.first ?? "0")\(fraction)", point = 1 + exponent
        func zeros(_ count: Int) -> String { String(repeating: "0", count: max(count, 0)) }
        let plain = point <= 0 ? "0." + zeros(-point) + digits : point >= digits.utf8.count ? digits + zeros(point - digits.utf8.count) + ".0"
            : "\(digits.prefix(point)).\(digits.dropFirst(point))"
        return isNegative ? "-" + plain : plain
    }
}
