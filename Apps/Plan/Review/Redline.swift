/// What is different between two states of a document: figures, and words within texts.
struct Redline {
    struct Figure: Equatable {
        let place: String
        let before: String?, after: String?
    }
    struct Text: Equatable {
        let place: String
        let language: String
        let pieces: [Piece]
    }
    /// A run of words that stayed, went or came.
    struct Piece: Equatable {
        enum Kind { case same, gone, new }
        let kind: Kind
        var text: String
    }

    let figures: [Figure]
    let texts: [Text]

    var isEmpty: Bool { figures.isEmpty && texts.isEmpty }

    init(_ before: Frozen, _ after: Frozen) {
        figures = Set(before.figures.keys).union(after.figures.keys).sorted().compactMap { place in
            let (old, new) = (before.figures[place], after.figures[place])
            return old == new ? nil : Figure(place: place, before: old, after: new)
        }
        texts = Set(before.texts.keys).union(after.texts.keys).sorted().flatMap { place -> [Text] in
            let (old, new) = (before.texts[place] ?? [:], after.texts[place] ?? [:])
            return Set(old.keys).union(new.keys).sorted().compactMap { language in
                old[language] == new[language] ? nil : Text(place: place, language: language, pieces: Redline.pieces(old[language] ?? "", new[language] ?? ""))
            }
        }
    }

    /// Words with the space after them; signs of scripts that have no spaces stand alone.
    static func words(_ text: String) -> [String] {
        var words: [String] = []
        var isOpen = false
        for character in text {
            let isAlone = character.unicodeScalars.first.map { $0.properties.isIdeographic || (0x3000...0x303F).contains($0.value) || (0xFF00...0xFFEF).contains($0.value) } ?? false
            if isOpen, !isAlone { words[words.count - 1].append(character) } else { words.append(String(character)) }
            isOpen = !isAlone && !character.isWhitespace
        }
        return words
    }

    /// The longest words in common stay. What is alike at both ends is set aside first, and a change too long to compare is shown whole.
    static func pieces(_ before: String, _ after: String) -> [Piece] {
        let (old, new) = (words(before), words(after))
        let head = zip(old, new).prefix { $0 == $1 }.count
        let tail = zip(old.dropFirst(head).reversed(), new.dropFirst(head).reversed()).prefix { $0 == $1 }.count
        let (a, b) = (Array(old[head..<old.count - tail]), Array(new[head..<new.count - tail]))
        var pieces: [Piece] = []
        func add(_ kind: Piece.Kind, _ text: String) {
            guard !text.isEmpty else { return }
            if pieces.last?.kind == kind { pieces[pieces.count - 1].text += text } else { pieces.append(Piece(kind: kind, text: text)) }
        }
        add(.same, old[..<head].joined())
        if a.count * b.count > 4_000_000 {
            add(.gone, a.joined())
            add(.new, b.joined())
        } else {
            let lengths = common(a, b)
            var (i, j) = (0, 0)
            while i < a.count || j < b.count {
                if i < a.count, j < b.count, a[i] == b[j] {
                    add(.same, a[i])
                    (i, j) = (i + 1, j + 1)
                } else if j == b.count || (i < a.count && lengths[i + 1][j] >= lengths[i][j + 1]) {
                    add(.gone, a[i])
                    i += 1
                } else {
                    add(.new, b[j])
                    j += 1
                }
            }
        }
        add(.same, old[(old.count - tail)...].joined())
        return pieces
    }

    /// How many words the rests from each pair of places have in common.
    private static func common(_ a: [String], _ b: [String]) -> [[Int]] {
        var lengths = [[Int]](repeating: [Int](repeating: 0, count: b.count + 1), count: a.count + 1)
        for i in a.indices.reversed() {
            for j in b.indices.reversed() { lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : max(lengths[i + 1][j], lengths[i][j + 1]) }
        }
        return lengths
    }
}
