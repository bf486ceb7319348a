import Foundation
import Kernel

/// Why a recosted number is what it is: the lines in it to the cent, the formula, the parameters before and after, and how it was rounded.
struct CostWorking {
    let words: PlanWords
    let costing: Costing
    /// The sets, where they are records.
    let sets: [(label: String, set: Record<ParameterSet>)]

    private var view: View { words.view }

    func working(_ table: CostTable, _ row: CostTable.Row, _ column: CostTable.Column) -> Working {
        let cents = column.cents(row.sum)
        let name = row.key == "total" ? words.rank(.total) : row.label
        return Working(
            question: "\(table.title): \(name), \(view.say("say.cost.\(column.key)"))", answer: words.number(table.printed(row, column), .thousandDollars),
            summary: view.say("say.exactly", ["amount": .formatted(money(cents))]),
            sections: [lines(row, column), rule(row), parameters(row), rounding(table, row, column), source])
    }

    private func money(_ cents: Int64) -> String { view.formats.money(minor: cents, currency: "USD") }

    private func lines(_ row: CostTable.Row, _ column: CostTable.Column) -> Working.Section {
        let items = row.items.filter { column.cents($0.change) != 0 }
        let shown = items.prefix(60).map { [name($0.line), money(column.cents($0.change))] }
        let rest = items.dropFirst(60)
        let more = rest.isEmpty ? [] : [[view.say("say.cost.more-lines", ["n": .count(rest.count)]), money(rest.reduce(0) { $0 + column.cents($1.change) })]]
        let sum = [view.say("say.sum"), money(column.cents(row.sum))]
        return Working.Section(view.say("say.lines"), [.table(head: [view.say("say.line"), view.say("say.amount")], rows: shown + more + [sum], idle: [], hasTotal: true)])
    }

    func name(_ line: CostLine) -> String {
        switch line.content {
        case .posts(let number, let grade, let station, _):
            return "\(words.component(line.component.line)) · \(words.rank(grade.rank)) \u{2068}\(station)\u{2069} × \(view.formats.integer(number))"
        case .amount(let amount, let currency):
            let minor = Rounding.cents(amount)
            return "\(words.component(line.component.line)) · \(words.object(line.object)), \(view.formats.money(minor: minor, currency: currency))"
        }
    }

    private func rule(_ row: CostTable.Row) -> Working.Section {
        var formulas: [String] = []
        for item in row.items {
            let key = switch item.line.content {
            case .amount: "amount"
            case .posts(_, let grade, _, _): grade.isLocal ? "local" : "posts"
            }
            if !formulas.contains(key) { formulas.append(key) }
        }
        return Working.Section(view.say("say.cost.formula"), formulas.sorted().map { .text(view.say("say.cost.formula.\($0)")) } + [.text(view.say("say.cost.order"))])
    }

    /// Every parameter that a line of the row used, before and after.
    private func parameters(_ row: CostTable.Row) -> Working.Section {
        var seen: Set<String> = []
        var rows: [[String]] = []
        func add(_ label: String, _ before: Decimal?, _ after: Decimal?) {
            guard seen.insert(label).inserted, before != nil || after != nil else { return }
            rows.append([label, before.map(factor) ?? "—", after.map(factor) ?? "—"])
        }
        for item in row.items {
            for used in item.line.used(step: costing.before.step) {
                let label = ([view.say("parameter.kind.\(used.kind.rawValue)")] + scope(used.scope)).joined(separator: " · ")
                add(label, used.value(costing.before), used.value(costing.after))
            }
        }
        let head = [view.say("parameter"), view.say("say.cost.before"), view.say("say.cost.after")]
        return Working.Section(view.say("parameter.plural"), rows.isEmpty ? [.text("—")] : [.table(head: head, rows: rows.sorted { $0[0] < $1[0] }, idle: [], hasTotal: false)])
    }

    private func scope(_ scope: PriceScope) -> [String] {
        [scope.station.map { "\u{2068}\($0)\u{2069}" }, scope.currency.map { "\u{2068}\($0)\u{2069}" }, scope.object.map(words.object), scope.grade.map { words.rank($0.rank) },
         scope.category.map { view.say("parameter.category.\($0.rawValue)") }].compactMap { $0 }
    }

    /// All digits that a factor has, up to six.
    func factor(_ value: Decimal) -> String {
        let digits = (0...6).first { Rounding.whole(value * Decimal(sign: .plus, exponent: 6, significand: 1)) % [1_000_000, 100_000, 10_000, 1000, 100, 10, 1][$0] == 0 } ?? 6
        return view.formats.decimal(value, scale: digits)
    }

    private func rounding(_ table: CostTable, _ row: CostTable.Row, _ column: CostTable.Column) -> Working.Section {
        let cents = column.cents(row.sum), plain = Rounding.tenths(cents), printed = table.printed(row, column)
        return Working.Section(view.say("say.cost.rounding"), [
            .fact(view.say("say.cost.raw"), money(cents), link: nil), .fact(view.say("say.printed"), words.number(printed, .thousandDollars), link: nil),
            .text(view.say(plain == printed ? "say.cost.rounded-plainly" : "say.cost.rounded-to-sum")),
        ])
    }

    private var source: Working.Section {
        Working.Section(view.say("say.rule"), sets.map { .fact($0.label, $0.set[ParameterSet.name], link: view.address(of: $0.set)) })
    }
}

extension CostLine {
    struct Used {
        let kind: PriceKind
        let scope: PriceScope

        func value(_ book: PriceBook) -> Decimal? {
            switch kind {
            case .rate: scope.currency.flatMap(book.rate)
            case .inflation: book.growth(scope) - 1
            case .postAdjustment: scope.station.map(book.multiplier)
            case .costOfLiving: book.price(kind, scope) ?? 0
            default: book.price(kind, scope)
            }
        }
    }

    /// The parameters that its value depends on.
    func used(step: Int) -> [Used] {
        switch content {
        case .amount(_, let currency):
            return [Used(kind: .inflation, scope: PriceScope(currency: currency, object: object))]
                + (currency == "USD" ? [] : [Used(kind: .rate, scope: PriceScope(currency: currency))])
        case .posts(_, let grade, let station, let isNew):
            let category = grade.category(isNew: isNew)
            let common = [Used(kind: .vacancy, scope: PriceScope(station: station, category: category)), Used(kind: .commonStaffCosts, scope: PriceScope(station: station, grade: grade, category: category))]
            guard grade.isLocal else {
                return common + [Used(kind: .netSalary, scope: PriceScope(grade: grade, step: step)), Used(kind: .postAdjustment, scope: PriceScope(station: station))]
            }
            let currency = Costing.currency(of: station)
            return common + [Used(kind: .netSalary, scope: PriceScope(station: station, currency: currency, grade: grade, step: step)), Used(kind: .costOfLiving, scope: PriceScope(station: station))]
                + (currency == "USD" ? [] : [Used(kind: .rate, scope: PriceScope(currency: currency))])
        }
    }
}
