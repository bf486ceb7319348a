/// The many signs people use, brought down to digits, letters and `. , ; - + ° ' "` and spaces.
enum CoordinateMarks {
    /// The text in these signs; throws `unreadable` with the first that is none of them.
    static func plain(_ text: String) throws(CoordinateTextError) -> String {
        var plain = String.UnicodeScalarView()
        for scalar in text.uppercased().unicodeScalars {
            if let digit = digit(scalar) {
                plain.append(digit)
            } else if scalar.isASCII, scalar.properties.isAlphabetic || ".,;-+'\" ".unicodeScalars.contains(scalar) {
                plain.append(scalar)
            } else if let sign = signs[scalar] {
                plain.append(sign)
            } else if scalar.properties.isWhitespace {
                plain.append(" ")
            } else if !isDirection(scalar) {
                throw .unreadable(String(scalar))
            }
        }
        // Two minute marks are how a typewriter makes a second mark.
        return String(plain).replacing("''", with: "\"")
    }

    /// Latin, Arabic-Indic, Persian and full-width digits.
    private static func digit(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        for zero: UInt32 in [0x30, 0x660, 0x6F0, 0xFF10] where (zero...zero + 9).contains(scalar.value) {
            return Unicode.Scalar(0x30 + scalar.value - zero)
        }
        return nil
    }

    private static let signs: [Unicode.Scalar: Unicode.Scalar] = [
        "\u{66B}": ".", "\u{FF0E}": ".",
        // The commas of Arabic and Chinese part items and never digits.
        "\u{60C}": ";", "\u{61B}": ";", "\u{FF0C}": ";", "\u{FF1B}": ";", "\u{3001}": ";",
        "\u{2212}": "-", "\u{2013}": "-", "\u{2011}": "-", "\u{2010}": "-", "\u{FF0D}": "-", "\u{FF0B}": "+",
        "\u{B0}": "°", "\u{BA}": "°", "\u{2DA}": "°",
        "\u{2032}": "'", "\u{2019}": "'", "\u{2018}": "'", "\u{B4}": "'", "\u{60}": "'", "\u{2B9}": "'", "\u{FF07}": "'",
        "\u{2033}": "\"", "\u{201D}": "\"", "\u{201C}": "\"", "\u{2BA}": "\"", "\u{FF02}": "\"",
    ]

    /// Marks that set or embed a direction of writing, and those without width: they come along when text is copied.
    private static func isDirection(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x200B...0x200F, 0x202A...0x202E, 0x2060, 0x2066...0x2069, 0x61C, 0xFEFF: true
        default: false
        }
    }
}
