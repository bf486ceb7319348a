import Foundation

/// Rounding that leaves sums whole.
enum Rounding {
    /// Whole cents, the half away from zero.
    static func cents(_ dollars: Decimal) -> Int64 { whole(dollars * 100) }

    /// Whole numbers near the exact ones that add up to the total: all are rounded down, and what is missing goes to the largest remainders, one each.
    static func apportion(_ exact: [Decimal], total: Int64) -> [Int64] {
        guard !exact.isEmpty else { return [] }
        var parts = exact.map { whole($0, .down) }
        let order = exact.indices.sorted { a, b in
            let (first, second) = (exact[a] - Decimal(parts[a]), exact[b] - Decimal(parts[b]))
            return first == second ? a < b : first > second
        }
        var missing = total - parts.reduce(0, +)
        while missing != 0 {
            for index in missing > 0 ? order : order.reversed() where missing != 0 {
                parts[index] += missing.signum()
                missing -= missing.signum()
            }
        }
        return parts
    }

    /// Amounts in cents as a table prints them, in tenths of a thousand dollars, so that the column adds up to its own printed total.
    static func printed(_ cents: [Int64]) -> (parts: [Int64], total: Int64) {
        let total = tenths(cents.reduce(0, +))
        return (apportion(cents.map { Decimal($0) / 10_000 }, total: total), total)
    }

    /// Cents as tenths of a thousand dollars, the half away from zero.
    static func tenths(_ cents: Int64) -> Int64 { whole(Decimal(cents) / 10_000) }

    /// A whole number, the half away from zero.
    static func whole(_ value: Decimal, _ mode: NSDecimalNumber.RoundingMode = .plain) -> Int64 {
        var (value, rounded) = (value, Decimal())
        NSDecimalRound(&rounded, &value, 0, mode)
        return NSDecimalNumber(decimal: rounded).int64Value
    }
}

/// What a printed number tells of the rate it was computed with.
struct RateInterval: Hashable, Sendable {
    /// As factors; the upper end is not part of it.
    let low: Decimal, high: Decimal

    /// The rates that make an amount grow by what is printed, both in tenths: the last digit was rounded, so half a tenth lies on either side.
    init?(printed growth: Int64, of base: Int64) {
        guard base > 0 else { return nil }
        let middle = Decimal(growth) / Decimal(base), half = Decimal(1) / (2 * Decimal(base))
        (low, high) = (middle - half, middle + half)
    }

    private init(low: Decimal, high: Decimal) { (self.low, self.high) = (low, high) }

    var isEmpty: Bool { low >= high }

    func contains(_ rate: Decimal) -> Bool { low <= rate && rate < high }

    /// What both allow; empty when no rate fits both.
    func meeting(_ other: RateInterval) -> RateInterval { RateInterval(low: max(low, other.low), high: min(high, other.high)) }
}
