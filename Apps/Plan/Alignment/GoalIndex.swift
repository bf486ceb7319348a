import Foundation
import Kernel

/// How close a text is to each Sustainable Development Goal, and by which of its words.
struct GoalMatch {
    let goal: Int
    /// 0 to 1: the mean of two cosines, of pieces of four letters and of words with their pairs.
    let score: Double
    /// The words that carry the score, in the order of the text.
    let evidence: [Range<String.Index>]
}

/// Compares a text with what the goals, targets and indicators say in one language.
///
/// Each goal is one document: its name, title, targets and indicators. A piece weighs `count × ln(17 / goals that have it)`, so that what stands in every goal
/// weighs nothing. The score is the mean of the cosines over two kinds of pieces. There is nothing to train.
struct GoalIndex: Sendable {
    /// From here on a goal is proposed: where most of the 1,251 judgements of the public benchmark come out right (AlignmentTests).
    static let threshold = 0.07
    /// The share of the score that the words shown as evidence make up.
    static let shown = 0.6

    private let letters: Weights, terms: Weights

    init(_ language: Language) {
        var letterCounts: [Int: [String: Int]] = [:], termCounts: [Int: [String: Int]] = [:]
        for goal in Goals.all {
            for text in Goals.texts where text.goal == goal {
                let pieces = TextPieces(text.words[language] ?? "")
                for place in pieces.words.indices {
                    for piece in pieces.letters(at: place) { letterCounts[goal, default: [:]][piece, default: 0] += 1 }
                    for term in pieces.terms(at: place) { termCounts[goal, default: [:]][term, default: 0] += 1 }
                }
            }
        }
        letters = Weights(letterCounts)
        terms = Weights(termCounts)
    }

    /// All goals, the closest first; goals that share nothing with the text are left out.
    func matches(_ text: String) -> [GoalMatch] {
        let pieces = TextPieces(text)
        let places = Array(pieces.words.indices)
        let byLetters = letters.shares(places.map(pieces.letters)), byTerms = terms.shares(places.map(pieces.terms))
        return Goals.all.compactMap { goal in
            let shares = places.map { (byLetters[goal]?[$0] ?? 0) / 2 + (byTerms[goal]?[$0] ?? 0) / 2 }
            let score = shares.reduce(0, +)
            guard score > 0 else { return nil }
            return GoalMatch(goal: goal, score: score, evidence: Self.carrying(shares, score).map { pieces.words[$0].range })
        }.sorted { ($1.score, $0.goal) < ($0.score, $1.goal) }
    }

    /// The fewest words that make up the shown share of the score, in the order of the text.
    private static func carrying(_ shares: [Double], _ score: Double) -> [Int] {
        var left = score * shown, carrying: [Int] = []
        for (place, share) in shares.enumerated().sorted(by: { $0.element > $1.element }) where left > 0 && share > 0 {
            carrying.append(place)
            left -= share
        }
        return carrying.sorted()
    }
}

/// The weights of the pieces in each goal, of unit length.
private struct Weights: Sendable {
    /// `ln(17 / goals that have it)`, of those that not all have.
    private var rarity: [String: Double] = [:]
    private var goals: [Int: [String: Double]] = [:]

    init(_ counts: [Int: [String: Int]]) {
        var having: [String: Int] = [:]
        for count in counts.values { for piece in count.keys { having[piece, default: 0] += 1 } }
        for (piece, goals) in having where goals < counts.count { rarity[piece] = log(Double(counts.count) / Double(goals)) }
        for (goal, count) in counts { goals[goal] = unit(count) }
    }

    private func unit(_ counts: [String: Int]) -> [String: Double] {
        var weights: [String: Double] = [:]
        for (piece, count) in counts { if let rare = rarity[piece] { weights[piece] = Double(count) * rare } }
        let length = weights.values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        return length > 0 ? weights.mapValues { $0 / length } : weights
    }

    /// For each goal, what each place of a text adds to the cosine.
    func shares(_ places: [[String]]) -> [Int: [Double]] {
        var counts: [String: Int] = [:]
        for piece in places.joined() { counts[piece, default: 0] += 1 }
        let text = unit(counts)
        return goals.mapValues { goal in
            places.map { pieces in
                // A piece that stands in several places gives each of them an equal part.
                pieces.reduce(0) { sum, piece in
                    guard let here = text[piece], let there = goal[piece], let count = counts[piece] else { return sum }
                    return sum + here * there / Double(count)
                }
            }
        }
    }
}
