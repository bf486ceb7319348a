extension Unicode.Scalar {
    /// A mark that is set on the letter before it.
    public var isMark: Bool { value >= 0x300 && properties.canonicalCombiningClass != .notReordered }
}

extension String {
    /// Marks that one letter may carry.
    public static let mostMarks = 30

    /// Whether no letter carries more than thirty marks (Unicode Standard Annex 15, UAX15-D3). Composing, comparing and hashing a text takes the square of
    /// longer runs: a megabyte of marks on one letter takes minutes, and no language needs them.
    public var isStreamSafe: Bool {
        let most = String.mostMarks
        var run = 0
        // Marks have two bytes or more: only where so many bytes stand without one of ASCII is it looked at closely.
        let isPlain = utf8.allSatisfy { byte in
            run = byte < 0x80 ? 0 : run + 1
            return run <= 2 * most
        }
        if isPlain { return true }
        var marks = 0
        return unicodeScalars.allSatisfy { scalar in
            marks = scalar.isMark ? marks + 1 : 0
            return marks <= most
        }
    }
}
