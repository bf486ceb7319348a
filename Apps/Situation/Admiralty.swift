import Kernel

/// The Admiralty code (NATO STANAG 2511): how far a source can be trusted, and how far what it says can be believed, each judged apart.
struct Admiralty: Hashable, Sendable {
    /// A: completely reliable … E: unreliable; F: cannot be judged.
    enum Reliability: String, Choice { case a, b, c, d, e, f }
    /// 1: confirmed by other sources … 5: improbable; 6: cannot be judged.
    enum Credibility: String, Choice { case confirmed, probable, possible, doubtful, improbable, unknown }
    /// What a reader is told of an incident, in one word.
    enum Confidence: String, Choice { case confirmed, probable, possible, doubtful, unknown }

    let reliability: Reliability
    let credibility: Credibility

    /// "B2".
    var code: String { reliability.rawValue.uppercased() + String(rank(credibility)) }

    private func rank(_ credibility: Credibility) -> Int { (Credibility.allCases.firstIndex(of: credibility) ?? 5) + 1 }

    /// The weaker of the two decides. Where one of them cannot be judged, the other does, but no better than possible; where neither can, nobody knows.
    var confidence: Confidence {
        let source = Reliability.allCases.firstIndex(of: reliability).map { $0 + 1 } ?? 6, content = rank(credibility)
        let worst: Int
        switch (source, content) {
        case (6, 6): return .unknown
        case (6, let known), (let known, 6): worst = max(3, known)
        default: worst = max(source, content)
        }
        return switch worst { case 1: .confirmed; case 2: .probable; case 3: .possible; default: .doubtful }
    }

    /// The better of two grades: by confidence, then by source, then by content.
    static func isBetter(_ a: Admiralty, than b: Admiralty) -> Bool {
        func order(_ grade: Admiralty) -> [Int] {
            [
                Confidence.allCases.firstIndex(of: grade.confidence) ?? 9, Reliability.allCases.firstIndex(of: grade.reliability) ?? 9,
                Credibility.allCases.firstIndex(of: grade.credibility) ?? 9,
            ]
        }
        return order(a).lexicographicallyPrecedes(order(b))
    }
}
