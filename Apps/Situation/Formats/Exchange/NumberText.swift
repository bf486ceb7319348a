/// Numbers as tables write them, in one country's way or another's.
enum NumberText {
    /// Degrees or another decimal: `4.3938`, `4,3938`, `-4.3938`, `−4.3938`, `4.4e0`, with or without `°`. Nil for anything else, `NaN` and `inf` too.
    static func decimal(_ text: String) -> Double? {
        var plain: [UInt8] = []
        var marks = 0
        guard text.utf8.count <= 64 else { return nil }
        let clean = trimmed(text)
        for scalar in (clean.hasSuffix("°") ? String(clean.dropLast()) : clean).unicodeScalars {
            switch scalar {
            case "0"..."9", "+", "-", "e", "E": plain.append(UInt8(scalar.value))
            case "\u{2212}": plain.append(UInt8(ascii: "-"))
            case ".", ",":
                marks += 1
                plain.append(UInt8(ascii: "."))
            default: return nil
            }
            guard plain.count <= 40, marks <= 1 else { return nil }
        }
        guard let first = plain.first, first != UInt8(ascii: "e"), first != UInt8(ascii: "E"), let value = Double(String(decoding: plain, as: UTF8.self)), value.isFinite
        else { return nil }
        return value
    }

    enum Count: Equatable { case number(Int), negative, none }

    /// A whole number of things: `12`, `1,234`, `1 234`, `1'234`, `3.0`; marks only between groups of three. At most a hundred million.
    static func count(_ text: String) -> Count {
        var digits = 0, value = 0, sinceMark = -1, isNegative = false
        var mark: Unicode.Scalar?
        guard text.utf8.count <= 100 else { return .none }
        let scalars = Array(trimmed(text).unicodeScalars.prefix(41))
        guard scalars.count <= 40 else { return .none }
        for (index, scalar) in scalars.enumerated() {
            switch scalar {
            case "-" where index == 0, "\u{2212}" where index == 0: isNegative = true
            case "0"..."9":
                digits += 1
                if sinceMark >= 0 { sinceMark += 1 }
                value = value * 10 + Int(scalar.value - 48)
                if value > 100_000_000 { return .none }
            case ",", " ", "\u{a0}", "\u{202f}", "'":
                guard mark == nil ? (1...3).contains(digits) : mark == scalar && sinceMark == 3 else { return .none }
                (mark, sinceMark) = (scalar, 0)
            case ".":
                let rest = scalars[(index + 1)...]
                guard digits > 0, mark == nil || sinceMark == 3, !rest.isEmpty, rest.allSatisfy({ $0 == "0" }), rest.count != 3 else { return .none }
                return isNegative && value != 0 ? .negative : .number(value)
            default: return .none
            }
        }
        guard digits > 0, mark == nil || sinceMark == 3 else { return .none }
        return isNegative && value != 0 ? .negative : .number(value)
    }

    /// Without the blanks around it.
    static func trimmed(_ text: String) -> String {
        let isBlank = { (scalar: Unicode.Scalar) in scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{a0}" }
        guard let first = text.unicodeScalars.first, let last = text.unicodeScalars.last, isBlank(first) || isBlank(last) else { return text }
        let scalars = text.unicodeScalars.drop(while: isBlank)
        guard let end = scalars.lastIndex(where: { !isBlank($0) }) else { return "" }
        return String(scalars[...end])
    }
}

extension NumberText {
    /// A number as XML Schema writes a double (part 2 §3.2.5) and JSON does not mind: no `NaN`, no `INF`, no hexadecimal.
    static func plain(_ text: some Collection<UInt8>) -> Double? {
        guard let first = text.first, text.count <= 64, first != UInt8(ascii: "e"), first != UInt8(ascii: "E") else { return nil }
        for byte in text {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): break
            default: return nil
            }
        }
        guard let value = Double(String(decoding: Array(text), as: UTF8.self)), value.isFinite else { return nil }
        return value
    }

    /// RFC 8259 §6: no plus, no bare point, no leading zeros, no `NaN`.
    static func isJSON(_ text: ArraySlice<UInt8>) -> Bool {
        guard text.count <= 64 else { return false }
        var rest = text
        func digits() -> Int {
            let count = rest.prefix { (0x30...0x39).contains($0) }.count
            rest = rest.dropFirst(count)
            return count
        }
        if rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
        let startsWithZero = rest.first == UInt8(ascii: "0")
        let whole = digits()
        guard whole == 1 || whole > 1 && !startsWithZero else { return false }
        if rest.first == UInt8(ascii: ".") {
            rest = rest.dropFirst()
            guard digits() > 0 else { return false }
        }
        if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
            rest = rest.dropFirst()
            if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") { rest = rest.dropFirst() }
            guard digits() > 0 else { return false }
        }
        return rest.isEmpty
    }
}
