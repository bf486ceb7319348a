import Foundation
import Kernel

/// How a cell came to be a warning: its weeks before, the season, the probability, the incidents, and what it means to have looked at many cells.
struct EarlyWarningWorking {
    let warning: EarlyWarning
    let view: View

    /// Four digits after the point, or below what they can say.
    static func probability(_ p: Double, _ formats: Formats) -> String {
        p < 0.0001 ? "< \(formats.decimal(Decimal(string: "0.0001") ?? 0, scale: 4))" : formats.decimal(Decimal(p), scale: 4)
    }

    /// The place that its incidents name, or its south-west corner in degrees.
    static func name(_ cell: EarlyWarning.Cell, _ formats: Formats) -> String {
        let corner = [cell.cell.south, cell.cell.west].map { formats.decimal(Decimal($0), scale: 2) + "°" }.joined(separator: " ")
        return cell.placeName.map { "\($0) (\(corner))" } ?? corner
    }

    func working(_ cell: EarlyWarning.Cell) -> Working {
        let p = EarlyWarningWorking.probability(cell.probability, view.formats)
        return Working(
            question: view.say("say.warning.question", ["place": .text(EarlyWarningWorking.name(cell, view.formats))]), answer: "p = \(p)",
            summary: view.say("say.warning.answer", [
                "n": .count(cell.seen.count), "expected": .formatted(view.formats.decimal(Decimal(cell.baseline.expected), scale: 2)), "p": .formatted(p),
            ]),
            sections: [computation(cell), many(cell), incidents(cell)])
    }

    private func computation(_ cell: EarlyWarning.Cell) -> Working.Section {
        let setting = warning.setting, season = warning.season
        func plain(_ x: Double, _ digits: Int) -> String { String(format: "%.\(digits)g", locale: Locale(identifier: "en_US_POSIX"), x) }
        let seasonText = season.isKnown
            ? view.say("say.warning.season", ["around": .formatted(view.formats.integer(season.around)), "before": .formatted(view.formats.integer(season.before)), "weeks": .formatted(view.formats.integer(season.weeks))])
            : view.say("say.warning.no-season", ["n": .count(Season.least)])
        return Working.Section(view.say("say.warning.computation"), [
            .fact(view.say("say.warning.before"), view.formats.integer(cell.baseline.seen), link: nil),
            .fact(view.say("say.warning.weeks"), view.formats.integer(setting.weeks), link: nil),
            .fact(view.say("say.warning.factor"), view.formats.decimal(Decimal(season.factor), scale: 2), link: nil),
            .formula("λ = (\(cell.baseline.seen) + ½) / \(setting.weeks) × \(plain(season.factor, 3)) = \(plain(cell.baseline.expected, 4))"),
            .formula("P(X ≥ \(cell.seen.count)) = 1 − Σ_{i<\(cell.seen.count)} e^−λ λ^i / i! = \(plain(cell.probability, 3))"),
            .text(view.say("say.warning.half")), .text(seasonText),
        ])
    }

    /// Many cells are looked at: some are beyond the threshold by chance alone.
    private func many(_ cell: EarlyWarning.Cell) -> Working.Section {
        let alpha = warning.setting.alpha, each = alpha / Double(max(1, warning.tested))
        return Working.Section(view.say("say.warning.many"), [
            .text(view.say("say.warning.many-rule", [
                "n": .count(warning.tested), "alpha": .formatted(view.formats.decimal(Decimal(alpha), scale: 3)),
                "chance": .formatted(view.formats.decimal(Decimal(warning.byChance), scale: 1)),
            ])),
            .formula("α / m = \(alpha) / \(warning.tested) = \(String(format: "%.2g", locale: Locale(identifier: "en_US_POSIX"), each))"),
            .check(warning.isFirm(cell), view.say(warning.isFirm(cell) ? "say.warning.is-firm" : "say.warning.is-not-firm")),
        ])
    }

    private func incidents(_ cell: EarlyWarning.Cell) -> Working.Section {
        let facts = cell.seen.prefix(100).map { incident -> Working.Part in
            .fact("\(incident.reference) · \(view.formats.dateTime(incident[Incident.occurred]))", incident[Incident.summary], link: view.address(of: incident))
        }
        return Working.Section(view.say("incident.plural"), note: view.say("say.alert.only-yours"), Array(facts))
    }
}
