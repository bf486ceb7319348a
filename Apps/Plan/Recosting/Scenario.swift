import Foundation
import Kernel

/// What is changed in a what-if: rates, vacancy, growth of prices, and posts that move.
struct Scenario {
    struct Move {
        let number: Int
        let grade: Post.Grade
        let from: Post.Component, to: Post.Component
        /// Code of the duty station they move to; nil: they stay where they are.
        let station: String?
    }

    private(set) var rates: [String: Decimal] = [:]
    private(set) var vacancies: [StaffCategory: Decimal] = [:]
    private(set) var inflation: Decimal?
    private(set) var move: Move?

    static let categories: [StaffCategory] = [.professional, .generalService]

    /// Reads what the form sent; an empty field changes nothing. A refusal names every field that cannot be read.
    init(_ view: View, currencies: [String], stations: Set<String>) throws {
        var faults: [Refusal] = []
        func number(_ name: String, below limit: Decimal, above least: Decimal = 0) -> Decimal? {
            guard let text = view.parameter(name) else { return nil }
            let plain = text.filter { !$0.isWhitespace }.replacing(",", with: ".").replacing("٫", with: ".")
            if let value = FixedPoint(plain, scale: 6)?.decimal, value >= least, value < limit { return value }
            faults.append(Refusal("not-a-factor", field: name, scope: "plan"))
            return nil
        }
        for currency in currencies { rates[currency] = number("rate-\(currency)", below: 1_000_000, above: Decimal(sign: .plus, exponent: -6, significand: 1)) }
        for category in Scenario.categories { vacancies[category] = number("vacancy-\(category.rawValue)", below: 100).map { $0 / 100 } }
        inflation = number("inflation", below: 1000).map { $0 / 100 }
        if let count = number("posts", below: 10_000), count > 0 {
            let grade = view.parameter("grade").flatMap(Post.Grade.init(rawValue:))
            let from = view.parameter("from").flatMap(Post.Component.init(rawValue:)), to = view.parameter("to").flatMap(Post.Component.init(rawValue:))
            for (name, isThere) in [("grade", grade != nil), ("from", from != nil), ("to", to != nil)] where !isThere { faults.append(Refusal("required", field: name)) }
            let station = view.parameter("station")
            if let station, !stations.contains(station) { faults.append(Refusal("not-a-choice", field: "station", ["choices": stations.sorted().joined(separator: ", ")])) }
            if Decimal(Rounding.whole(count)) != count { faults.append(Refusal("not-a-factor", field: "posts", scope: "plan")) }
            if let grade, let from, let to { move = Move(number: Int(Rounding.whole(count)), grade: grade, from: from, to: to, station: station) }
        }
        if !faults.isEmpty { throw Refusal("not-a-factor", .invalid, scope: "plan", faults: faults) }
    }

    /// The set with the changed values in place of its own.
    func applied(to book: PriceBook) -> PriceBook {
        var book = book
        for (currency, rate) in rates.sorted(by: { $0.key < $1.key }) {
            book = book.replacing(.rate, PriceScope(currency: currency), rate)
            if book.usesForwardRates { book = book.replacing(.forwardRate, PriceScope(currency: currency), rate) }
        }
        for (category, rate) in vacancies {
            book.prices.removeAll { $0.kind == .vacancy && $0.scope.category == category }
            book.prices.append(.init(kind: .vacancy, scope: PriceScope(category: category), value: rate))
        }
        if let inflation {
            book.prices.removeAll { $0.kind == .inflation }
            book.prices.append(.init(kind: .inflation, scope: PriceScope(), value: inflation))
        }
        return book
    }

    /// The posts that move, as lines that end and lines that begin. Refuses more than there are.
    func moved(_ lines: [CostLine]) throws -> (ends: [CostLine], begins: [CostLine]) {
        guard let move else { return ([], []) }
        var left = move.number
        var ends: [CostLine] = [], begins: [CostLine] = []
        for line in lines where line.component == move.from && left > 0 {
            guard case .posts(let number, move.grade, let station, let isNew) = line.content, number > 0 else { continue }
            let count = min(left, number)
            ends.append(CostLine(component: move.from, object: .posts, content: .posts(count, move.grade, station: station, isNew: isNew)))
            begins.append(CostLine(component: move.to, object: .posts, content: .posts(count, move.grade, station: move.station ?? station, isNew: isNew)))
            left -= count
        }
        if left > 0 { throw Refusal("too-few-posts", .invalid, scope: "plan", faults: [Refusal("too-few-posts", field: "posts", scope: "plan", ["n": String(move.number - left)])]) }
        return (ends, begins)
    }

    /// The section before and after: prices first, then the posts that move, at the new prices.
    func sheet(_ lines: [CostLine], _ costing: Costing) throws -> CostSheet {
        let prices = try CostSheet(lines, costing)
        let (ends, begins) = try moved(lines)
        let done = Set(Effect.ofPrices)
        // What posts that move cost before is in the line that they leave.
        let gone = try ends.map { (line: $0, change: CostChange(moved: -Rounding.cents(try costing.value($0, done)))) }
        let come = try begins.map { (line: $0, change: CostChange(moved: Rounding.cents(try costing.value($0, done)))) }
        return CostSheet(prices.items + gone + come)
    }
}
