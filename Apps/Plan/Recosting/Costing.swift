import Foundation

/// Something that costs money: posts of a grade at a duty station, or an amount in a currency, at the prices of the current budget.
struct CostLine: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case posts(Int, Post.Grade, station: String, isNew: Bool = false)
        /// Units of the currency.
        case amount(Decimal, currency: String)
    }
    let component: Post.Component
    let object: ResourceLine.Object
    let content: Content
}

/// A parameter that a line needs and the set does not have.
struct MissingPrice: Error, Hashable {
    let kind: PriceKind
    let scope: PriceScope
}

/// Two sets of parameters of which the second takes the first's place effect by effect.
struct Costing: Sendable {
    let before: PriceBook
    let after: PriceBook

    /// The value of a line while the effects named are those of the second set: exact, in dollars.
    func value(_ line: CostLine, _ done: Set<Effect>) throws(MissingPrice) -> Decimal {
        func book(_ kind: PriceKind) -> PriceBook { done.contains(kind.effect) ? after : before }
        func needed(_ kind: PriceKind, _ scope: PriceScope) throws(MissingPrice) -> Decimal {
            guard let price = book(kind).price(kind, scope) else { throw MissingPrice(kind: kind, scope: scope) }
            return price
        }
        func rate(_ currency: String) throws(MissingPrice) -> Decimal {
            guard let rate = book(.rate).rate(currency), rate > 0 else { throw MissingPrice(kind: .rate, scope: PriceScope(currency: currency)) }
            return rate
        }
        switch line.content {
        case .amount(let amount, let currency):
            let growth = book(.inflation).growth(PriceScope(currency: currency, object: line.object))
            return amount * growth / (try rate(currency))
        case .posts(let number, let grade, let station, let isNew):
            let category = grade.category(isNew: isNew)
            let vacancy = try needed(.vacancy, PriceScope(station: station, category: category))
            let filled = Decimal(number) * (1 - vacancy)
            let common = try needed(.commonStaffCosts, PriceScope(station: station, grade: grade, category: category))
            let step = book(.netSalary).step
            guard grade.isLocal else {
                let net = try needed(.netSalary, PriceScope(grade: grade, step: step))
                return filled * net * (1 + book(.postAdjustment).multiplier(station) + common)
            }
            let currency = Costing.currency(of: station)
            let net = try needed(.netSalary, PriceScope(station: station, currency: currency, grade: grade, step: step))
            let living = book(.costOfLiving).price(.costOfLiving, PriceScope(station: station)) ?? 0
            return filled * net * (1 + living) * (1 + common) / (try rate(currency))
        }
    }

    /// The currency of the local scale.
    static func currency(of station: String) -> String {
        ["GVA": "CHF", "VIE": "EUR", "NBO": "KES", "BKK": "THB", "ADD": "ETB", "SCL": "CLP", "BEY": "LBP", "AMM": "JOD"][station] ?? "USD"
    }

    func change(_ line: CostLine) throws(MissingPrice) -> CostChange {
        var done: Set<Effect> = []
        var last = try value(line, done)
        let first = last
        var raw: [Decimal] = []
        for effect in Effect.ofPrices {
            done.insert(effect)
            let next = try value(line, done)
            raw.append(next - last)
            last = next
        }
        return CostChange(before: Rounding.cents(first), after: Rounding.cents(last), raw: raw)
    }
}

/// What became of a line, in cents; its effects add up to the difference.
struct CostChange: Hashable, Sendable {
    var before: Int64 = 0
    var after: Int64 = 0
    var effects: [Effect: Int64] = [:]

    var difference: Int64 { after - before }

    init() {}

    init(before: Int64, after: Int64, raw: [Decimal]) {
        (self.before, self.after) = (before, after)
        // Each effect is within a cent of its exact value, and together they are the difference.
        let cents = Rounding.apportion(raw.map { $0 * 100 }, total: after - before)
        effects = Dictionary(uniqueKeysWithValues: zip(Effect.ofPrices, cents))
    }

    /// Posts that come, or go when it is negative.
    init(moved cents: Int64) {
        after = cents
        effects = [.posts: cents]
    }

    static func + (a: CostChange, b: CostChange) -> CostChange {
        var sum = a
        sum.before += b.before
        sum.after += b.after
        sum.effects.merge(b.effects, uniquingKeysWith: +)
        return sum
    }
}

extension Post.Grade {
    /// Paid by a local scale, without post adjustment.
    var isLocal: Bool { [.principal, .otherLevel, .local].contains(self) }

    func category(isNew: Bool) -> StaffCategory {
        isLocal ? (isNew ? .newGeneralService : .generalService) : (isNew ? .newProfessional : .professional)
    }
}
