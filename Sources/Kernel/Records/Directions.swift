/// The marks by which a text sets its own direction (UAX #9): embeddings, overrides and isolates.
///
/// People who write Arabic or Hebrew beside Latin use them with reason. One that is left open, or that closes what the text did not open, would
/// turn what stands beside the text: the name of a file, the number after a title.
enum Directions {
    /// The text with what each of its lines leaves open closed at the line's end, and without marks that close nothing.
    static func closed(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isMark) else { return text }
        var out = String.UnicodeScalarView()
        var open: [Unicode.Scalar] = []
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\u{202A}", "\u{202B}", "\u{202D}", "\u{202E}": open.append("\u{202C}")
            case "\u{2066}", "\u{2067}", "\u{2068}": open.append("\u{2069}")
            case "\u{202C}":
                // It closes the last embedding only where no isolate was opened after it.
                guard open.last == scalar else { continue }
                open.removeLast()
            case "\u{2069}":
                guard let isolate = open.lastIndex(of: scalar) else { continue }
                // The end of an isolate ends the embeddings inside it.
                for mark in open[(isolate + 1)...].reversed() { out.append(mark) }
                open.removeSubrange(isolate...)
            case "\n":
                out.append(contentsOf: open.reversed())
                open.removeAll()
            default: break
            }
            out.append(scalar)
        }
        out.append(contentsOf: open.reversed())
        return String(out)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool { (0x202A...0x202E).contains(scalar.value) || (0x2066...0x2069).contains(scalar.value) }
}
