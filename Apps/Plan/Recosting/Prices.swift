import Foundation

/// What a parameter is about. Everything is a plain factor: 0.091 is 9.1 per cent, and a multiplier of 60 points is 0.60.
enum PriceKind: String, CaseIterable, Sendable {
    /// Units of the currency for one dollar.
    case rate, forwardRate = "forward-rate"
    /// Growth of prices in a year.
    case inflation
    /// A year's net salary in the currency of its scale.
    case netSalary = "net-salary"
    case postAdjustment = "post-adjustment"
    /// Adjustment of the local scale of General Service staff.
    case costOfLiving = "cost-of-living"
    /// Share of the net salary.
    case commonStaffCosts = "common-staff-costs"
    case vacancy
    /// Share of an object of expenditure that is paid in the currency.
    case paidIn = "paid-in"

    /// The effect that a change of it is reported as. Common staff costs and salaries are prices: what they grow by is inflation.
    var effect: Effect {
        switch self {
        case .rate, .forwardRate, .paidIn: .exchange
        case .inflation, .netSalary, .costOfLiving, .commonStaffCosts: .inflation
        case .vacancy: .vacancy
        case .postAdjustment: .postAdjustment
        }
    }
}

/// What a difference is made of.
enum Effect: String, CaseIterable, Sendable {
    case exchange, inflation, vacancy, postAdjustment = "post-adjustment"
    /// Other posts, at the prices of the second set.
    case posts

    /// The effects of prices, in the order in which one set of parameters takes the other's place.
    static let ofPrices: [Effect] = [.exchange, .inflation, .vacancy, .postAdjustment]
}

/// Staff as vacancy rates tell them apart; new posts are filled later than those that go on (50 and 35 per cent are usual).
enum StaffCategory: String, CaseIterable, Sendable {
    case professional, generalService = "general-service", newProfessional = "new-professional", newGeneralService = "new-general-service"
}

/// What a parameter holds for; nil holds for all.
struct PriceScope: Hashable, Sendable {
    var station: String?
    var currency: String?
    var object: ResourceLine.Object?
    var grade: Post.Grade?
    var step: Int?
    var category: StaffCategory?
    var year: Int?
    var month: Int?

    /// How many of what is asked for it names; nil if it names another.
    func fit(_ asked: PriceScope) -> Int? {
        var count = 0
        func agrees<T: Equatable>(_ own: T?, _ other: T?) -> Bool {
            guard let own else { return true }
            count += 1
            return own == other
        }
        let fits = agrees(station, asked.station) && agrees(currency, asked.currency) && agrees(object, asked.object) && agrees(grade, asked.grade)
            && agrees(step, asked.step) && agrees(category, asked.category) && agrees(year, asked.year) && agrees(month, asked.month)
        return fits ? count : nil
    }
}

/// A set of parameters. Of several that fit, the one that says most counts.
struct PriceBook: Sendable {
    struct Price: Sendable, Hashable {
        let kind: PriceKind
        let scope: PriceScope
        let value: Decimal
    }
    var prices: [Price] = []
    /// Contracts for the delivery of currency take the place of the day's rates.
    var usesForwardRates = false
    /// The step of the salary scale that posts are costed at.
    var step = 6
    /// Where posts are whose station is not said.
    var station = "NYC"

    func price(_ kind: PriceKind, _ asked: PriceScope) -> Decimal? {
        var best: (fit: Int, value: Decimal)?
        for price in prices where price.kind == kind {
            if let fit = price.scope.fit(asked), best.map({ fit >= $0.fit }) ?? true { best = (fit, price.value) }
        }
        return best?.value
    }

    func rate(_ currency: String) -> Decimal? {
        if currency == "USD" { return 1 }
        return (usesForwardRates ? price(.forwardRate, PriceScope(currency: currency)) : nil) ?? price(.rate, PriceScope(currency: currency))
    }

    /// Growth of prices over all the years that the set has inflation for.
    func growth(_ asked: PriceScope) -> Decimal {
        Set(prices.filter { $0.kind == .inflation }.map(\.scope.year)).reduce(Decimal(1)) { product, year in
            var asked = asked
            asked.year = year
            return product * (1 + (price(.inflation, asked) ?? 0))
        }
    }

    /// The mean of the months that the set has a multiplier for.
    func multiplier(_ station: String) -> Decimal {
        let months = Set(prices.filter { $0.kind == .postAdjustment }.map(\.scope.month))
        let values = months.compactMap { price(.postAdjustment, PriceScope(station: station, month: $0)) }
        return values.isEmpty ? 0 : values.reduce(0, +) / Decimal(values.count)
    }

    /// The same with one value for the currency in place of whatever it had.
    func replacing(_ kind: PriceKind, _ scope: PriceScope, _ value: Decimal) -> PriceBook {
        var book = self
        book.prices.removeAll { $0.kind == kind && $0.scope.currency == scope.currency }
        book.prices.append(Price(kind: kind, scope: scope, value: value))
        return book
    }
}
