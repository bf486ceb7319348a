import Foundation

extension MGRS {
    /// Reads a reference such as `34NBK2918486098`, `34n bk 29184 86098` or, at a pole, `ZAH`; spaces and case do not matter, but a
    /// space within the digits must part them in the middle.
    ///
    /// Throws `form`, `zone`, `band`, `square`, `digitCount` or `unevenDigits`. A reference is taken when its 100 km square touches
    /// the zone and band, even where the finer square lies just beyond them: neighbours' receivers write such ones.
    public init(parsing text: String) throws(GridError) {
        let parts = try Parts(text)
        guard let corner = MGRS.corner(zone: parts.zone, band: parts.band, square: parts.square) else { throw .square(parts.square) }
        self.init(
            zone: parts.zone, band: parts.band, square: parts.square, corner: corner,
            digits: (parts.easting, parts.northing), precision: parts.precision)
    }

    /// Whether a text has the outline of a reference, right or wrong: digits, three letters, digits. Without a zone there must be digits
    /// behind: BAR and ALL are squares at the South Pole, but not what people mean by them.
    static func resembles(_ text: String) -> Bool {
        let letters = text.uppercased().filter { !$0.isWhitespace }
        let head = letters.prefix(while: isDigit), rest = letters.dropFirst(head.count)
        let name = rest.prefix(while: isLetter)
        return name.count == 3 && head.count <= 2 && rest.dropFirst(3).allSatisfy(isDigit)
            && (!head.isEmpty || rest.count > 3 && "ABYZ".contains(name.first ?? " "))
    }

    private static func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
    private static func isLetter(_ character: Character) -> Bool { ("A"..."Z").contains(character) }

    private struct Parts {
        var zone = 0, band: Character = " ", square = "", easting = 0, northing = 0, precision = Precision.hundredKilometres

        init(_ text: String) throws(GridError) {
            guard text.utf8.count <= 60 else { throw .form }
            let groups = text.uppercased().split(whereSeparator: \.isWhitespace)
            let letters = groups.joined()
            let head = letters.prefix(while: isDigit)
            let name = letters.dropFirst(head.count).prefix(while: isLetter)
            let digits = letters.dropFirst(head.count + name.count)
            guard name.count == 3, let first = name.first, digits.allSatisfy(isDigit) else { throw .form }
            (band, square) = (first, String(name.dropFirst()))
            try readZone(head)
            try readDigits(digits, groups)
        }

        private mutating func readZone(_ head: Substring) throws(GridError) {
            guard !head.isEmpty else {
                guard "ABYZ".contains(band) else { throw .zone("") }
                return
            }
            guard head.count <= 2, let number = Int(head), (1...60).contains(number) else { throw .zone(String(head)) }
            guard let known = UTM.Band(letter: band) else { throw .band(String(band)) }
            guard known.longitudes(zone: number) != nil else { throw .zone("\(number)\(band)") }
            zone = number
        }

        private mutating func readDigits(_ digits: Substring, _ groups: [Substring]) throws(GridError) {
            guard digits.count % 2 == 0, let precision = Precision(rawValue: digits.count / 2) else { throw .digitCount(digits.count) }
            self.precision = precision
            guard precision.rawValue > 0 else { return }
            // The last groups are digits only, but for those behind letters.
            let parts = groups.map { String($0.reversed().prefix(while: isDigit).reversed()) }.suffix(while: { !$0.isEmpty })
            let lengths = parts.map(\.count)
            guard lengths.count == 1 || lengths == [precision.rawValue, precision.rawValue] else {
                throw .unevenDigits(parts.joined(separator: " "))
            }
            (easting, northing) = (Int(digits.prefix(precision.rawValue)) ?? 0, Int(digits.suffix(precision.rawValue)) ?? 0)
        }
    }
}

extension Array {
    /// The longest end of which all elements satisfy the claim.
    fileprivate func suffix(while claim: (Element) -> Bool) -> ArraySlice<Element> {
        self[(lastIndex { !claim($0) }.map { $0 + 1 } ?? 0)...]
    }
}
