public import Foundation

/// The few statistics the platform prints, each with one exact definition.
public enum Statistics {
    /// The Wilson score interval of a share, 0...1; `z` 1.96 gives 95 %.
    ///
    /// Nil without observations or when `successes` is not in 0...n.
    public static func wilson(
        successes: Int, of n: Int, z: Double = 1.959963984540054
    ) -> ClosedRange<Double>? {
        guard n > 0, (0...n).contains(successes) else { return nil }
        let (count, share) = (Double(n), Double(successes) / Double(n))
        let weight = 1 + z * z / count
        let centre = (share + z * z / (2 * count)) / weight
        let margin = abs(z) / weight * (share * (1 - share) / count + z * z / (4 * count * count)).squareRoot()
        let lower = successes == 0 ? 0 : max(0, centre - margin)
        let upper = successes == n ? 1 : min(1, centre + margin)
        return lower...max(lower, upper)
    }

    /// `part` as a percentage of `whole`, exact, the last decimal rounded half up: 3 of 8 is 38, or 37.5 with one decimal.
    ///
    /// Negative parts round by size, -3 of 8 is -38. Nil unless `whole` is positive, or when the result has more than
    /// 19 digits.
    public static func percent(_ part: Int, of whole: Int, decimals: Int = 0) -> Decimal? {
        guard whole > 0, (0...15).contains(decimals) else { return nil }
        let scale = (0..<decimals).reduce(100 as UInt) { scale, _ in scale * 10 }
        let divisor = whole.magnitude
        let product = part.magnitude.multipliedFullWidth(by: scale)
        guard product.high < divisor else { return nil }
        let (quotient, remainder) = divisor.dividingFullWidth(product)
        let (rounded, isTooLong) = quotient.addingReportingOverflow(remainder >= divisor - remainder ? 1 : 0)
        guard !isTooLong else { return nil }
        guard rounded > 0 else { return 0 }
        let sign: FloatingPointSign = part < 0 ? .minus : .plus
        return Decimal(sign: sign, exponent: -decimals, significand: Decimal(UInt64(rounded)))
    }

    /// The middle value in any order, the mean of the two middle ones for an even count; nil without values.
    public static func median(_ values: [Int]) -> Double? {
        percentile(values, p: 50)
    }

    /// The value below which `p` per cent (0...100) of the values lie, in any order, interpolated between neighbours.
    ///
    /// The definition is that of spreadsheets (PERCENTILE.INC); nil without values or when `p` is out of range.
    public static func percentile(_ values: [Int], p: Double) -> Double? {
        guard !values.isEmpty, (0...100).contains(p) else { return nil }
        let sorted = values.sorted()
        let place = p / 100 * Double(sorted.count - 1)
        let below = Int(place)
        let lower = Double(sorted[below])
        guard below + 1 < sorted.count else { return lower }
        return lower + (Double(sorted[below + 1]) - lower) * (place - Double(below))
    }
}
