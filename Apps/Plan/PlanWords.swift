import Foundation
import Kernel

/// How numbers of the document, their places and their relations are said to the reader.
struct PlanWords {
    let view: View
    let figures: Figures

    var formats: Formats { view.formats }

    func year(_ year: Int) -> String { formats.digits(String(year)) }

    // MARK: Numbers

    /// As the document prints it: narrow spaces, parentheses for negatives, a dash for nothing.
    func number(_ tenths: Int64?, _ unit: ResourceLine.Unit) -> String {
        formats.budget(tenths.map { FixedPoint(units: $0, scale: 1).decimal }, scale: scale(unit, tenths ?? 0))
    }

    private func scale(_ unit: ResourceLine.Unit, _ tenths: Int64) -> Int {
        switch unit {
        case .thousandDollars, .percent: 1
        case .posts, .dollars: 0
        case .number: tenths % 10 == 0 ? 0 : 1
        }
    }

    /// A number of a relation, in the unit of what it is compared with.
    func number(_ value: FixedPoint?, like unit: ResourceLine.Unit) -> String {
        guard let value else { return "—" }
        let least = unit == .thousandDollars || unit == .percent ? 1 : 0
        let isWhole = value.units % (0..<value.scale).reduce(1) { power, _ in power * 10 } == 0
        return value.units == 0 ? formats.digits("0") : formats.budget(value.decimal, scale: isWhole && least == 0 ? 0 : max(least, value.scale))
    }

    func unit(of cell: Cell) -> ResourceLine.Unit {
        if cell.column == .percentage { return .percent }
        if cell.part == .text {
            let item = cell.item ?? ""
            return item.hasSuffix("usd") || item.hasPrefix("item-") || item == "increase" ? .dollars : item.hasSuffix("pct") ? .percent : .number
        }
        if cell.table == figures.table("17") { return .percent }
        if cell.rank != nil || cell.table == figures.table("15") { return .posts }
        return cell.item == nil ? .thousandDollars : .number
    }

    // MARK: Names

    func column(_ column: ResourceLine.Column, _ year: Int) -> String { view.say("say.column.\(column.rawValue)", ["year": .formatted(self.year(year))]) }
    func object(_ object: ResourceLine.Object) -> String { view.say("resource-line.object.\(object.rawValue)") }
    func component(_ component: ResourceLine.Component) -> String { view.say("resource-line.component.\(component.rawValue)") }
    func source(_ source: ResourceLine.Source) -> String { view.say("resource-line.source.\(source.rawValue)") }
    func rank(_ rank: ResourceLine.Rank) -> String { view.say("resource-line.grade.\(rank.rawValue)") }

    /// "Table 29C.11", "Figure 29C.V", "Paragraph 29C.69", "Foreword".
    func table(_ cell: Cell) -> String {
        if cell.table == "foreword" { return view.say("say.foreword") }
        return view.say("say.part.\(cell.part.rawValue)", ["name": .text(cell.table)])
    }

    /// What a number is about, without its table: "General operating expenses, other changes".
    func name(_ cell: Cell) -> String {
        // Other tables than 14 and 15 are about the regular budget alone.
        let tellsSource = [figures.table("14"), figures.table("15")].contains(cell.table)
        var parts = [cell.component.map(component), tellsSource ? cell.source.map(source) : nil, cell.object.map(object), cell.rank.map(rank)].compactMap { $0 }
        if cell.part == .table, cell.column != .stated { parts.append(column(cell.column, cell.year)) }
        if cell.part == .table, cell.column == .stated { parts.append(year(cell.year)) }
        if let item = cell.item { parts.insert(self.item(item), at: 0) }
        if parts.isEmpty { parts.append(table(cell)) }
        return parts.joined(separator: comma)
    }

    private var comma: String { formats.language == .zh ? "，" : formats.language == .ar ? "، " : ", " }

    /// An indicator or a figure of a paragraph: its words where there are any, else its name in the transcription.
    func item(_ item: String) -> String {
        let key = "say.item.\(item)"
        return view.session.platform.words.has(key, scope: "plan", language: .en) ? view.say(key) : item.replacing("-", with: " ")
    }

    func place(_ cell: Cell) -> String {
        let (part, name) = (table(cell), name(cell))
        return part == name ? part : view.say("say.place", ["part": .formatted(part), "name": .formatted(name)])
    }

    func name(_ term: Relation.Term) -> String {
        switch term.what {
        case .cell(let cell): place(cell)
        case .constant: view.say("say.constant")
        case .posts(let set):
            [view.say("say.annex"), source(set.source), set.component.map { view.say("post.component.\($0.rawValue)") }, set.grade.map { view.say("post.grade.\($0.rawValue)") }]
                .compactMap { $0 }.joined(separator: " · ")
        }
    }

    // MARK: Relations

    /// The unit that a relation compares in.
    func unit(_ relation: Relation) -> ResourceLine.Unit {
        if case .share = relation.formula { return .percent }
        guard case .cell(let cell)? = relation.printed.first?.what else { return .number }
        let unit = unit(of: cell)
        return relation.printed.first?.divisor == 1000 ? .thousandDollars : unit
    }

    /// The computation in figures: "9 758.0 + 2 037.4".
    func formula(_ relation: Relation) -> String {
        let unit = unit(relation)
        func sum(_ terms: [Relation.Term], _ unit: ResourceLine.Unit) -> String {
            terms.filter { $0.tenths(figures) != 0 }.enumerated().map { index, term in
                let tenths = term.tenths(figures)
                let sign = index == 0 ? (tenths < 0 ? "−" : "") : tenths < 0 ? " − " : " + "
                return sign + number(abs(tenths), unit)
            }.joined()
        }
        switch relation.formula {
        case .sum(let terms): return sum(terms, unit)
        case .growth(let term, let percent): return "\(number(term.tenths(figures), .number)) × \(formats.decimal(Decimal(100 + percent) / 100, scale: 2))"
        case .share(let part, let whole, _):
            func amount(_ terms: [Relation.Term]) -> String {
                let unit = terms.first.map { if case .cell(let cell) = $0.what { self.unit(of: cell) } else { .number } } ?? ResourceLine.Unit.number
                return terms.count > 1 ? "(\(sum(terms, unit)))" : number(terms.first?.tenths(figures), unit)
            }
            return "\(amount(part)) ÷ \(amount(whole))"
        }
    }

    /// What its numbers are counted in; of a share, what it is a share of.
    func base(_ relation: Relation) -> String {
        let base = view.say("say.base.\(relation.base(in: figures).rawValue)")
        guard !relation.whole.isEmpty else { return base }
        return view.say("say.base-of", ["base": .formatted(base), "whole": .formatted(formats.list(relation.whole.map(name)))])
    }

    /// One sentence: the computation, and what it gives or should give.
    func sentence(_ verdict: Verdict) -> String {
        let unit = unit(verdict.relation)
        let (printed, computed) = (number(verdict.printed, like: unit), number(verdict.computed, like: unit))
        let formula = formula(verdict.relation)
        let shown = formula.isEmpty ? formats.digits("0") : formula
        let claim = verdict.relation.printed.first.map(name) ?? ""
        // Two places that print the same number: to say that it equals itself would prove nothing.
        if verdict.isKept, case .sum(let terms) = verdict.relation.formula, terms.count == 1, let other = terms.first, verdict.relation.printed.count == 1 {
            return view.say("say.check-same", ["claim": .formatted(claim), "result": .formatted(printed), "other": .formatted(name(other))])
        }
        if verdict.isKept { return view.say("say.check-kept", ["claim": .formatted(claim), "formula": .formatted(shown), "result": .formatted(computed)]) }
        if case .sum(let terms) = verdict.relation.formula, terms.count == 1, let other = terms.first, verdict.relation.printed.count == 1 {
            return view.say("say.relation-differs", [
                "claim": .text(claim), "printed": .formatted(printed), "other": .text(name(other)), "computed": .formatted(computed),
                "difference": .formatted(number(verdict.difference, like: unit)),
            ])
        }
        return view.say("say.relation-fails", [
            "claim": .text(claim), "printed": .formatted(printed), "computed": .formatted(computed),
            "difference": .formatted(number(verdict.difference, like: unit)), "formula": .formatted(shown),
        ])
    }
}
