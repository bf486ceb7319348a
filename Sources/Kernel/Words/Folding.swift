import Foundation

/// What search makes of one character: letters lose case, accents and spelling variants.
struct Folded: Sendable, Equatable {
    enum Kind: UInt8, Sendable { case letter, digit, ideograph, separator, dropped, several }

    /// The kind above, the scalar (or the place in `Folding.expansions`) below.
    private let packed: UInt32

    var kind: Kind { Kind(rawValue: UInt8(truncatingIfNeeded: packed >> 24)) ?? .separator }
    var value: UInt32 { packed & 0xFF_FFFF }

    init(_ kind: Kind, _ value: UInt32 = 0) { packed = UInt32(kind.rawValue) << 24 | value }
}

/// The folding of every character, from tables made at first use for the scripts of the six languages.
struct Folding: Sendable {
    static let shared = Folding()

    /// Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic.
    private static let low: UInt32 = 0x0780
    /// Latin with marks, punctuation, symbols.
    private static let middle: Range<UInt32> = 0x1E00..<0x2200
    /// Chinese and Japanese punctuation.
    private static let eastern: Range<UInt32> = 0x3000..<0x3400
    /// Presentation forms and full width.
    private static let high: Range<UInt32> = 0xFB00..<0x1_0000

    private let lowTable: [Folded]
    private let middleTable: [Folded]
    private let easternTable: [Folded]
    private let highTable: [Folded]
    private let expansions: [[Folded]]

    private init() {
        var expansions: [[Folded]] = []
        func table(_ range: Range<UInt32>) -> [Folded] {
            range.map { value in
                guard let scalar = Unicode.Scalar(value) else { return Folded(.separator, 0x20) }
                let parts = Self.parts(scalar)
                switch parts.count {
                case 0: return Folded(.dropped)
                case 1: return parts[0]
                default:
                    expansions.append(parts)
                    return Folded(.several, UInt32(expansions.count - 1))
                }
            }
        }
        lowTable = table(0..<Self.low)
        middleTable = table(Self.middle)
        easternTable = table(Self.eastern)
        highTable = table(Self.high)
        self.expansions = expansions
    }

    /// Calls `body` with each character of a text as search sees it.
    @inline(__always)
    func forEach(_ text: String, _ body: (Folded) -> Void) {
        var scalars = text.unicodeScalars.makeIterator()
        var next = scalars.next()
        while let scalar = next {
            next = scalars.next()
            let value = scalar.value
            if value | 0x20 == 0x0438, next?.value == 0x0306 {
                // й written as и and a breve is still й.
                body(Folded(.letter, 0x0439))
                next = scalars.next()
                continue
            }
            let folded: Folded
            if value < Self.low {
                folded = lowTable[Int(value)]
            } else if Self.isIdeograph(value) {
                folded = Folded(.ideograph, value)
            } else if Self.middle.contains(value) {
                folded = middleTable[Int(value - Self.middle.lowerBound)]
            } else if Self.eastern.contains(value) {
                folded = easternTable[Int(value - Self.eastern.lowerBound)]
            } else if Self.high.contains(value) {
                folded = highTable[Int(value - Self.high.lowerBound)]
            } else {
                Self.parts(scalar).forEach(body)
                continue
            }
            switch folded.kind {
            case .dropped: continue
            case .several: expansions[Int(folded.value)].forEach(body)
            default: body(folded)
            }
        }
    }

    /// Han, kana and Hangul, which are written without blanks or found by single signs.
    static func isIdeograph(_ value: UInt32) -> Bool {
        switch value {
        case 0x3005...0x3007, 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FC...0x30FF, 0x3400...0x4DBF,
            0x4E00...0x9FFF, 0xAC00...0xD7A3, 0x2_0000...0x2_FA1D, 0x3_0000...0x3_23AF:
            true
        default: false
        }
    }

    // MARK: One character

    private static func parts(_ scalar: Unicode.Scalar) -> [Folded] {
        if let known = special[scalar.value] { return known.unicodeScalars.map(simple) }
        let lower = scalar.properties.lowercaseMapping
        if let known = lower.unicodeScalars.first.flatMap({ special[$0.value] }) { return known.unicodeScalars.map(simple) }
        return lower.decomposedStringWithCompatibilityMapping.lowercased().unicodeScalars.flatMap { part -> [Folded] in
            if let known = special[part.value] { return known.unicodeScalars.map(simple) }
            let folded = simple(part)
            return folded.kind == .dropped ? [] : [folded]
        }
    }

    /// A decomposed, lower-case scalar.
    private static func simple(_ scalar: Unicode.Scalar) -> Folded {
        let value = scalar.value
        if isIdeograph(value) { return Folded(.ideograph, value) }
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter:
            return Folded(.letter, value)
        case .decimalNumber:
            let digit = scalar.properties.numericValue ?? 0
            return Folded(.digit, 0x30 + UInt32(digit))
        case .nonspacingMark, .enclosingMark, .spacingMark, .format: return Folded(.dropped)
        default: return Folded(.separator, value)
        }
    }

    /// Letters that decomposition does not touch, or touches too much. An empty text drops the letter.
    private static let special: [UInt32: String] = {
        var table: [Unicode.Scalar: String] = [
            "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "ł": "l", "ß": "ss", "þ": "th", "ı": "i", "ħ": "h",
            // й is a letter of its own; ё is written е as often as not.
            "й": "й", "ё": "е",
            // Alef, hamza carriers, haa for taa marbuta, yaa for alef maqsura and their Persian twins.
            "أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ؤ": "و", "ئ": "ي", "ة": "ه", "ى": "ي", "ی": "ي", "ک": "ك",
        ]
        table["\u{0640}"] = ""
        return Dictionary(uniqueKeysWithValues: table.map { ($0.key.value, $0.value) })
    }()
}
