import Foundation
import Kernel

/// The numbers of the paragraphs tied to the document's own figures, and what does not agree.
struct ProseCheck {
    struct Tie {
        let place: String
        let language: Language
        let number: ProseNumber
        /// The figure it is; nil where none was found.
        let cell: Cell?
        let finding: Finding?
    }

    enum Finding {
        /// A relation on the figure does not hold.
        case fault(Verdict)
        /// The clause names an object of expenditure whose row has no such number; the nearest one it has.
        case otherwise(ResourceLine.Object, nearest: Cell)
        /// Another paragraph of the programme says the same share, here a target and there not, or the other way round.
        case role(other: String, isTarget: Bool)
    }

    let ties: [Tie]

    var findings: [Tie] { ties.filter { $0.finding != nil } }

    func ties(_ place: String, _ language: Language) -> [Tie] { ties.filter { $0.place == place && $0.language == language } }

    /// - Parameter objects: names of the objects of expenditure in a language, without posts: "non-post" names them too.
    init(_ paragraphs: [Record<Paragraph>], _ book: PlanBook, objects: (Language) -> [(ResourceLine.Object, String)]) {
        let figures = book.figures
        let tying = Tying(figures: figures)
        // The original speaks for all languages; numbers that a translation changes are its drift.
        var shares: [(place: String, programme: Deliverable.Programme?, amount: ProseNumber.Amount, isTarget: Bool)] = []
        for paragraph in paragraphs {
            let language = paragraph.texts.original
            for number in ProseReader.numbers(in: paragraph.texts.texts[language] ?? "", language) where number.unit == .percent {
                shares.append((paragraph[Paragraph.place], paragraph[Paragraph.programme], number.amount, number.isTarget))
            }
        }
        var ties: [Tie] = []
        for paragraph in paragraphs {
            let place = paragraph[Paragraph.place]
            for language in Language.allCases {
                guard let text = paragraph.texts.texts[language] else { continue }
                let names = objects(language).map { ($0.0, $0.1.lowercased()) }
                for number in ProseReader.numbers(in: text, language) {
                    let cell = tying.cell(number, place)
                    guard cell != nil || number.isClaim else { continue }
                    var finding: Finding?
                    if number.unit == .dollars, let object = names.first(where: { number.clause.lowercased().contains($0.1) })?.0 {
                        finding = tying.otherwise(number, object)
                    }
                    if finding == nil, let cell { finding = book.verdicts(on: cell).first(where: \.isFault).map(Finding.fault) }
                    if finding == nil, number.unit == .percent, let programme = paragraph[Paragraph.programme] {
                        let other = shares.first { $0.place != place && $0.programme == programme && $0.amount == number.amount && $0.isTarget != number.isTarget }
                        finding = other.map { .role(other: $0.place, isTarget: number.isTarget) }
                    }
                    ties.append(Tie(place: place, language: language, number: number, cell: cell, finding: finding))
                }
            }
        }
        self.ties = ties
    }
}

/// Finds the figure that a number of a paragraph is.
private struct Tying {
    let figures: Figures

    /// What a figure of the text amounts to, in the number's own unit.
    private func amount(_ cell: Cell) -> ProseNumber.Amount? {
        guard let tenths = figures.amounts[cell], let item = cell.item else { return nil }
        let value = Decimal(tenths) / 10
        if item.hasSuffix("usd") || item.hasPrefix("item-") || item.hasSuffix("increase") { return .init(value: value, unit: .dollars) }
        if item.hasSuffix("pct") || item.hasPrefix("satisfaction") { return .init(value: value, unit: .percent) }
        let power = item.hasSuffix("-mn") ? 6 : item.hasSuffix("-bn") ? 9 : 0
        return .init(value: value * Decimal(sign: .plus, exponent: power, significand: 1), unit: .plain)
    }

    func cell(_ number: ProseNumber, _ place: String) -> Cell? {
        let own = figures.amounts.keys.filter { $0.part == .text && $0.table == place && amount($0) == number.amount }
        if let cell = own.min(by: { $0.place < $1.place }) { return cell }
        guard number.unit == .dollars else { return nil }
        // Tables print thousands of dollars with one decimal.
        let tables = ["14", "11", "16", "18", "19", "20", "21"].map(figures.table)
        let found = figures.amounts.filter { $0.key.part == .table && tables.contains($0.key.table) && $0.key.rank == nil && Decimal($0.value) * 100 == number.value }.keys
        return found.min { (tables.firstIndex(of: $0.table) ?? 9, $0.place) < (tables.firstIndex(of: $1.table) ?? 9, $1.place) }
    }

    func otherwise(_ number: ProseNumber, _ object: ResourceLine.Object) -> ProseCheck.Finding? {
        let row = figures.amounts.filter { $0.key.part == .table && $0.key.table == figures.table("11") && $0.key.object == object && $0.key.column != .percentage }
        guard !row.isEmpty, !row.contains(where: { Decimal($0.value) * 100 == number.value }) else { return nil }
        func distance(_ tenths: Int64) -> Decimal { abs(Decimal(tenths) * 100 - number.value) }
        let nearest = row.min { (distance($0.value), $0.key.place) < (distance($1.value), $1.key.place) }
        return nearest.map { .otherwise(object, nearest: $0.key) }
    }
}
