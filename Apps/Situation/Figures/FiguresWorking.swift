import Foundation
import Kernel

/// How each figure of the page comes about.
struct FiguresWorking {
    let figures: Figures
    let view: View

    func text(_ seconds: Double?) -> String { seconds.map { view.formats.duration(seconds: Int($0.rounded())) } ?? "—" }

    /// "3 h", or "≥ 12 d" where not enough have ended to know more.
    func text(_ reading: KaplanMeier.Reading) -> String {
        switch reading {
        case .reached(let seconds): view.formats.duration(seconds: seconds)
        case .atLeast(let seconds): "≥ \(view.formats.duration(seconds: seconds))"
        case .none: "—"
        }
    }

    /// Nil for what the page has no figure of.
    func working(_ name: String) -> Working? {
        switch name {
        case "verification": verification
        case "response": response
        case "incidents": incidents
        default: nil
        }
    }

    private var period: Working.Part {
        .fact(view.say("say.exchange.period"), "\(view.formats.dateTime(figures.from)) – \(view.formats.dateTime(figures.until))", link: nil)
    }

    private var verification: Working {
        let survival = figures.verification
        func line(_ step: KaplanMeier.Step) -> [String] {
            [
                view.formats.duration(seconds: step.time), view.formats.integer(step.atRisk), view.formats.integer(step.ended),
                view.formats.percent(step.survival, decimals: 1),
            ]
        }
        // The steps nearest to each tenth: enough to check the median by, few enough to read.
        let steps = (1...9).reduce(into: [KaplanMeier.Step]()) { kept, tenth in
            if let step = survival.steps.first(where: { $0.survival <= 1 - Double(tenth) / 10 + 1e-12 }), kept.last != step { kept.append(step) }
        }
        let head = ["say.figures.time", "say.figures.at-risk", "say.figures.ended", "say.figures.survival"].map { view.say($0) }
        return Working(
            question: view.say("say.figures.verification"), answer: text(survival.reading(0.5)), summary: view.say("say.figures.censored"),
            sections: [
                Working.Section(view.say("say.warning.computation"), [
                    period, .fact(view.say("incident.state.verified"), view.formats.integer(survival.ended), link: nil),
                    .fact(view.say("say.figures.still-open"), view.formats.integer(survival.open), link: nil),
                    .fact(view.say("say.figures.never"), view.formats.integer(figures.neverVerified), link: nil),
                    .formula("S(t) = Π_{tᵢ ≤ t} (1 − dᵢ / nᵢ)"), .text(view.say("say.figures.at-least")),
                ] + (steps.isEmpty ? [] : [.table(head: head, rows: steps.map(line), idle: [], hasTotal: false)])),
            ])
    }

    private var response: Working {
        let response = figures.response
        return Working(
            question: view.say("say.figures.response"), answer: text(response.median), summary: view.say("say.figures.response-rule"),
            sections: [
                Working.Section(view.say("say.warning.computation"), [
                    period, .fact(view.say("say.figures.with-arrival"), view.formats.integer(response.times.count), link: nil),
                    .fact(view.say("say.figures.without"), view.formats.integer(response.without), link: nil),
                    .fact(view.say("say.figures.response-90"), text(response.slow), link: nil), .text(view.say("say.figures.percentile")),
                ]),
            ])
    }

    private var incidents: Working {
        let total = figures.weeks.reduce(0) { $0 + $1.number }
        let schema = view.session.platform.schema(of: Incident.self)
        let claim = Figures.counted.and(Incident.occurred.atLeast(figures.from)).and(Incident.occurred.less(than: figures.until))
        let list = ListQuery.address(of: claim, schema: schema, session: view.session).map { "/situation/incidents?\($0)" }
        return Working(
            question: view.say("incident.plural"), answer: view.formats.integer(total), summary: view.say("measure.incidents.definition"),
            sections: [
                Working.Section(view.say("say.warning.computation"), [
                    period, .fact(view.say("incident.plural"), view.formats.integer(total), link: list), .text(view.session.text(of: Figures.counted, on: schema)),
                    .text(view.say("say.cycle.only-yours")),
                ]),
            ])
    }
}
