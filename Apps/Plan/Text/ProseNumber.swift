import Foundation
import Kernel

/// A number in running text, in any of six languages: what it amounts to, what it is counted in, and where it stands.
struct ProseNumber: Hashable, Sendable {
    enum Unit: String, Sendable { case dollars, percent, plain }

    /// As written, such as "2 000 000" or "4 700 万".
    let text: String
    let value: Decimal
    let unit: Unit
    /// Where it stands, in unicode scalars.
    let range: Range<Int>
    /// What is said around it, up to the nearest stops.
    let clause: String
    /// It is a year, a date or part of one.
    let isYear: Bool

    /// What two languages must agree on.
    struct Amount: Hashable, Sendable {
        let value: Decimal
        let unit: Unit
    }
    var amount: Amount { Amount(value: value, unit: unit) }

    /// Says something that figures can bear out: a sum, a share or a large count; a small count may be anything.
    var isClaim: Bool { unit != .plain || (value >= 1000 && !isYear) }

    /// Speaks of a target, not of what came about.
    var isTarget: Bool {
        let clause = clause.lowercased()
        return ["目标", "target", "objectif fixé", "cible", "meta", "целев", "المستهدف", "الهدف المحدد"].contains { clause.contains($0) }
    }
}

/// Reads the numbers of a text.
struct ProseReader {
    let language: Language
    private let scalars: [Unicode.Scalar]

    static func numbers(in text: String, _ language: Language) -> [ProseNumber] { ProseReader(text, language).read() }

    private init(_ text: String, _ language: Language) {
        self.language = language
        scalars = Array(text.unicodeScalars)
    }

    private static let spaces: Set<Unicode.Scalar> = [" ", "\u{A0}", "\u{202F}", "\u{2009}"]

    private var groups: Set<Unicode.Scalar> {
        switch language {
        case .en: ProseReader.spaces.union([","])
        case .es: ProseReader.spaces.union(["."])
        case .ar: ProseReader.spaces.union(["٬", ","])
        case .zh: ProseReader.spaces.union([","])
        case .fr, .ru: ProseReader.spaces
        }
    }

    private var points: Set<Unicode.Scalar> {
        switch language {
        case .en, .zh: ["."]
        case .fr, .es, .ru: [","]
        case .ar: ["٫", ".", ","]
        }
    }

    private func digit(_ index: Int) -> Int? {
        guard scalars.indices.contains(index) else { return nil }
        let value = scalars[index].value
        return (0x30...0x39).contains(value) ? Int(value - 0x30) : (0x660...0x669).contains(value) ? Int(value - 0x660) : nil
    }

    private func run(from index: Int) -> Int {
        var end = index
        while digit(end) != nil { end += 1 }
        return end
    }

    private func read() -> [ProseNumber] {
        var found: [ProseNumber] = []
        var index = 0
        while index < scalars.count {
            guard digit(index) != nil else { index += 1; continue }
            let start = index
            var end = run(from: start)
            let first = end
            var digits = Array(start..<end)
            // Thousands: one to three digits, then groups of exactly three.
            while (1...3).contains(first - start), scalars.indices.contains(end), groups.contains(scalars[end]), run(from: end + 1) - end == 4 {
                digits += Array(end + 1..<end + 4)
                end += 4
            }
            var decimals: [Int] = []
            if scalars.indices.contains(end), points.contains(scalars[end]), digit(end + 1) != nil {
                let next = run(from: end + 1)
                decimals = Array(end + 1..<next)
                end = next
            }
            index = end
            guard stands(start, end) else { continue }
            var value = digits.reduce(Decimal(0)) { $0 * 10 + Decimal(digit($1) ?? 0) }
            for (place, at) in decimals.enumerated() { value += Decimal(sign: .plus, exponent: -(place + 1), significand: Decimal(digit(at) ?? 0)) }
            let isPlainYear = decimals.isEmpty && digits.count == 4 && end - start == 4 && (1940...2100).contains(NSDecimalNumber(decimal: value).intValue)
            found.append(number(start, end, value, isPlainYear))
        }
        return found
    }

    /// Not part of a symbol such as 29C.14(1), A/72/492 or 72/266 B.
    private func stands(_ start: Int, _ end: Int) -> Bool {
        func isJoined(_ index: Int) -> Bool {
            guard scalars.indices.contains(index) else { return false }
            let scalar = scalars[index]
            return scalar == "/" || (scalar.isASCII && scalar.properties.isAlphabetic)
        }
        if isJoined(start - 1) || isJoined(end) { return false }
        if start > 1, [".", "(", "-"].contains(scalars[start - 1]), digit(start - 2) != nil || isJoined(start - 2) { return scalars[start - 1] == "-" }
        return true
    }

    // MARK: What follows

    private static let factors: [(String, Int)] = [
        ("mil millones", 9), ("milliard", 9), ("миллиард", 9), ("млрд", 9), ("billion", 9), ("بليون", 9), ("مليار", 9), ("亿", 8), ("百万", 6), ("万", 4),
        ("million", 6), ("millones", 6), ("millón", 6), ("миллион", 6), ("млн", 6), ("مليون", 6), ("ملايين", 6),
    ]
    private static let percents = ["%", "٪", "per cent", "percent", "pour cent", "por ciento", "процент", "в процентах", "في المائة"]
    private static let dollars = ["美元", "dollar", "de dólar", "dólar", "долл", "دولار", "de dollars"]

    private func after(_ index: Int) -> (text: String, skipped: Int) {
        var start = index
        while scalars.indices.contains(start), ProseReader.spaces.contains(scalars[start]) { start += 1 }
        return (String(String.UnicodeScalarView(scalars[start..<min(scalars.count, start + 16)])).lowercased(), start - index)
    }

    private func number(_ start: Int, _ end: Int, _ value: Decimal, _ isPlainYear: Bool) -> ProseNumber {
        var (value, end) = (value, end)
        var (next, skipped) = after(end)
        if let (word, power) = ProseReader.factors.first(where: { next.hasPrefix($0.0) }) {
            value *= Decimal(sign: .plus, exponent: power, significand: 1)
            end += skipped + word.unicodeScalars.count
            // The rest of an inflected word.
            while language != .zh, scalars.indices.contains(end), scalars[end].properties.isAlphabetic { end += 1 }
            (next, skipped) = after(end)
        }
        let before = String(String.UnicodeScalarView(scalars[max(0, start - 4)..<start]))
        let unit: ProseNumber.Unit = ProseReader.percents.contains { next.hasPrefix($0) } || before.hasSuffix("百分之") ? .percent
            : before.hasSuffix("$") || ProseReader.dollars.contains { next.hasPrefix($0) } ? .dollars : .plain
        let text = String(String.UnicodeScalarView(scalars[start..<end]))
        return ProseNumber(text: text, value: value, unit: unit, range: start..<end, clause: clause(start, end), isYear: isPlainYear && unit == .plain)
    }

    private func clause(_ start: Int, _ end: Int) -> String {
        let stops: Set<Unicode.Scalar> = ["。", "；", "：", "，", ";", ":", "؛", "\n", "(", ")", "（", "）"]
        func isStop(_ index: Int) -> Bool {
            if scalars[index] != "." { return stops.contains(scalars[index]) }
            // Not the point of a number, nor of "долл. США".
            return digit(index + 1) == nil && !(index >= 4 && Array(scalars[index - 4..<index]) == ["д", "о", "л", "л"])
        }
        var (first, last) = (start, end)
        while first > 0, !isStop(first - 1) { first -= 1 }
        while last < scalars.count, !isStop(last) { last += 1 }
        return String(String.UnicodeScalarView(scalars[first..<last]))
    }
}
