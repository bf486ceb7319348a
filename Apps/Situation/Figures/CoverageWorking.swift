import Foundation
import Kernel

/// How the figures of coverage come about.
struct CoverageWorking {
    let coverage: Coverage
    let view: View

    func share(_ part: Coverage.Part) -> String { part.share.map { view.formats.percent($0, decimals: 1) } ?? "—" }
    var revisit: String { coverage.revisit.map { view.formats.duration(seconds: Int($0.rounded())) } ?? "—" }

    /// The place that its incidents name, and its south-west corner in degrees.
    func name(_ gap: Coverage.Gap) -> String {
        let corner = [gap.cell.south, gap.cell.west].map { view.formats.decimal(Decimal($0), scale: 2) + "°" }.joined(separator: " ")
        return gap.incidents.lazy.compactMap(\.shownName).first.map { "\($0) (\(corner))" } ?? corner
    }

    /// Nil for what the page has no figure of.
    func working(_ name: String) -> Working? {
        switch name {
        case "share": shareWorking
        case "revisit": revisitWorking
        case "neglected": neglectedWorking
        default: GridCell(String(name.dropFirst(5)), size: Coverage.size).flatMap { cell in coverage.neglected.first { $0.cell == cell } }.map(cellWorking)
        }
    }

    private var period: Working.Part {
        .fact(view.say("say.exchange.period"), "\(view.formats.dateTime(coverage.from)) – \(view.formats.dateTime(coverage.until))", link: nil)
    }

    private func number(_ key: String, _ n: Int) -> Working.Part { .fact(view.say(key), view.formats.integer(n), link: nil) }

    private var shareWorking: Working {
        let whole = coverage.whole
        return Working(
            question: view.say("say.coverage.share"), answer: share(whole), summary: view.say("say.coverage.share-rule"),
            sections: [
                Working.Section(view.say("say.warning.computation"), note: view.say("say.cycle.only-yours"), [
                    period, number("say.coverage.visited", whole.visited), number("say.coverage.cells", whole.cells), .formula("\(whole.visited) / \(whole.cells) = \(share(whole))"),
                    number("say.coverage.inside", coverage.inside), number("say.coverage.outside", coverage.outside), .text(view.say("say.coverage.overlap")),
                ]),
            ])
    }

    private var revisitWorking: Working {
        Working(
            question: view.say("say.coverage.revisit"), answer: revisit, summary: view.say("say.coverage.revisit-rule"),
            sections: [
                Working.Section(view.say("say.warning.computation"), note: view.say("say.cycle.only-yours"), [
                    period, number("say.coverage.measured", coverage.gaps.count), number("say.coverage.once", coverage.once),
                    number("say.coverage.never", coverage.whole.cells - coverage.whole.visited), .text(view.say("say.coverage.not-left-out")),
                ]),
            ])
    }

    private var neglectedWorking: Working {
        Working(
            question: view.say("say.coverage.neglected"), answer: view.formats.integer(coverage.neglected.count), summary: view.say("say.coverage.neglected-rule", ["n": .count(coverage.idle)]),
            sections: [
                Working.Section(view.say("say.warning.computation"), note: view.say("say.cycle.only-yours"), [
                    period, number("say.coverage.neglected", coverage.neglected.count), .text(view.say("say.coverage.no-population")),
                ]),
            ])
    }

    private func cellWorking(_ gap: Coverage.Gap) -> Working {
        let incidents = gap.incidents.prefix(100).map { incident -> Working.Part in
            .fact("\(incident.reference) · \(view.formats.dateTime(incident[Incident.occurred]))", incident[Incident.summary], link: view.address(of: incident))
        }
        let last = gap.last.map { view.formats.dateTime($0) } ?? view.say("say.coverage.nobody")
        return Working(
            question: name(gap), answer: view.formats.integer(gap.incidents.count), summary: view.say("say.coverage.neglected-rule", ["n": .count(coverage.idle)]),
            sections: [Working.Section(view.say("incident.plural"), note: view.say("say.alert.only-yours"), [.fact(view.say("say.coverage.last"), last, link: nil)] + incidents)])
    }
}
