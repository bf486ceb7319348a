import Foundation

/// The distribution of how many independent events fall into a time when they come at a steady mean rate.
enum Poisson {
    /// P(X ≥ k) = 1 − Σ_{i<k} e^−λ λ^i / i!, for a mean of λ. Right in relative terms in the far tail, where 1 minus a sum would keep no digit:
    /// beyond the mean the tail itself is summed, from its largest term, which is taken by way of its logarithm so that no power overflows.
    static func atLeast(_ k: Int, expected mean: Double) -> Double {
        guard k > 0 else { return 1 }
        guard mean > 0 else { return 0 }
        return Double(k) > mean ? min(1, tail(from: k, mean)) : max(0, 1 - below(k, mean))
    }

    private static func term(_ i: Int, _ mean: Double) -> Double { exp(Double(i) * log(mean) - mean - lgamma(Double(i) + 1)) }

    /// Σ_{i≥k}: each term is the one before times λ/i, which is below 1.
    private static func tail(from k: Int, _ mean: Double) -> Double {
        var term = term(k, mean), sum = 0.0, i = Double(k)
        while term > sum * 1e-17, term > 0 {
            sum += term
            i += 1
            term *= mean / i
        }
        return sum
    }

    /// Σ_{i<k}, from the largest term downwards.
    private static func below(_ k: Int, _ mean: Double) -> Double {
        var i = Double(k - 1), term = term(k - 1, mean), sum = 0.0
        while i >= 0, term > sum * 1e-17 {
            sum += term
            term *= i / mean
            i -= 1
        }
        return sum
    }
}

/// What is usual: how many there were in so many periods before.
struct Baseline: Hashable, Sendable {
    let seen: Int
    /// Periods as long as the one that is judged; need not be whole.
    let periods: Double
    /// What this time of the year makes of it; 1 where that is not known.
    var season = 1.0

    /// λ for one period: (seen + ½) / periods × season. The half (Jeffreys' prior for a rate) keeps a place that was always quiet from having
    /// no chance at all of a first incident, which would make every first incident an alarm without bounds.
    var expected: Double { (Double(seen) + 0.5) / periods * season }
}
