import Foundation

extension Formats {
    /// A figure as people read it, in the unit of its measure; a dash over no records.
    /// - Parameters:
    ///   - value: a share as a fraction of one, other percentages in hundredths, amounts in the currency's own unit.
    ///   - currency: of an amount; without it only the number is told.
    public func figure(_ value: Double?, _ unit: Measure.Unit, currency: String? = nil, isShare: Bool = false) -> String {
        guard let value else { return "—" }
        if isShare { return percent(value, decimals: 1) }
        switch unit {
        case .percent: return percent(value / 100, decimals: 1)
        case .seconds: return duration(seconds: Int(value.rounded()))
        case .score: return decimal(Decimal(value), scale: 1)
        case .money:
            guard let currency else { return decimal(Decimal(value), scale: 2) }
            let units = (0..<Money.digits(currency)).reduce(1.0) { units, _ in units * 10 }
            return money(minor: Int64((value * units).rounded()), currency: currency)
        case .number: return value == value.rounded() && abs(value) < 1e15 ? integer(Int(value)) : decimal(Decimal(value), scale: 1)
        }
    }
}
