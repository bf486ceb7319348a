import Foundation
import Kernel

/// Why a text is said to speak of a goal: the words that carry the score, the rule, how good the rule is, and what a person said.
struct GoalWorking {
    let view: View

    static func score(_ text: AlignedText, _ goal: Int, _ formats: Formats) -> String {
        text.proposed.first { $0.goal == goal }.map { formats.decimal(Decimal($0.score), scale: 3) } ?? "—"
    }

    func working(_ text: AlignedText, _ goal: Int) -> Working {
        let match = text.proposed.first { $0.goal == goal }
        let words = (match?.evidence ?? []).map { String(text.text[$0]) }
        var said: [Working.Part] = []
        if let judgement = text.judged[goal] {
            said.append(.fact(view.say("goal-judgement.verdict"), view.say("goal-judgement.verdict.\(judgement[GoalJudgement.verdict].rawValue)"), link: view.address(of: judgement) + "/history"))
            if let reason = judgement[GoalJudgement.reason] { said.append(.text(reason)) }
        }
        let title = Goals.texts.first { $0.kind == .title && $0.goal == goal }?.words[view.language] ?? ""
        return Working(
            question: "\(view.formats.integer(goal)) \(Goals.name(goal, view.language))", answer: Self.score(text, goal, view.formats), summary: title,
            sections: [
                Working.Section(view.say("say.goals.evidence"), [
                    .text(words.isEmpty ? view.say("say.goals.no-evidence") : view.formats.list(words)),
                    .fact(view.say("say.goals.threshold"), view.formats.decimal(Decimal(GoalIndex.threshold), scale: 2), link: nil),
                ]),
                Working.Section(view.say("say.rule"), [.text(view.say("say.goals.rule")), .formula("(cos(w₄) + cos(w₁₂)) / 2;  w = n · ln(17 / N)"), .text(view.say("say.goals.benchmark"))]),
            ] + (said.isEmpty ? [] : [Working.Section(view.say("say.goals.said"), said)]))
    }
}
