import Foundation
import Kernel

/// A text taken apart for comparison, the same in six languages: no stemmer, no dictionary, no list of stop words.
struct TextPieces {
    /// A word, or one ideograph, with where it stands.
    struct Word {
        let folded: String
        let range: Range<String.Index>
    }

    /// The letters that a piece of a word has.
    static let length = 4

    let words: [Word]

    init(_ text: String) {
        var words: [Word] = [], start: String.Index?
        func close(_ end: String.Index) {
            guard let from = start else { return }
            words.append(Word(folded: Grams.fold(String(text[from..<end])), range: from..<end))
            start = nil
        }
        for index in text.indices {
            let sign = text[index]
            if sign.isIdeograph {
                close(index)
                words.append(Word(folded: String(sign), range: index..<text.index(after: index)))
            } else if sign.isLetter {
                if start == nil { start = index }
            } else {
                close(index)
            }
        }
        close(text.endIndex)
        self.words = words
    }

    /// The pieces of four letters of the word at a place; a shorter word is its own piece, an ideograph goes with the next one.
    func letters(at place: Int) -> [String] {
        let word = words[place].folded
        if word.first?.isIdeograph == true { return pair(place).map { [word, $0] } ?? [word] }
        let signs = Array(word)
        guard signs.count > Self.length else { return [word] }
        return (0...signs.count - Self.length).map { String(signs[$0..<$0 + Self.length]) }
    }

    /// The word at a place, unless it is a single letter, and the pair that it begins.
    func terms(at place: Int) -> [String] {
        guard isTerm(place) else { return [] }
        return [words[place].folded] + (pair(place).map { [$0] } ?? [])
    }

    private func pair(_ place: Int) -> String? {
        guard place + 1 < words.count, isTerm(place + 1) else { return nil }
        return words[place].folded + " " + words[place + 1].folded
    }

    private func isTerm(_ place: Int) -> Bool { words[place].folded.count > 1 || words[place].folded.first?.isIdeograph == true }
}

extension Character {
    /// Han, which are written without spaces between words.
    fileprivate var isIdeograph: Bool { unicodeScalars.first?.properties.isIdeographic ?? false }
}
