import Kernel

/// The ∴ of an answer: what is reckoned, of which records, for whom, by which statements, from which version of the data.
struct AnswerWorking {
    let view: View
    let question: Question
    let answer: QuestionAnswer

    private var plan: QuestionPlan { answer.plan }
    private var names: Names { Names(view, question, plan) }

    func working() throws -> Working {
        Working(
            question: view.say("say.working.question", ["name": .text(names.title)]), answer: answer.total.isHidden ? view.say("say.hidden") : names.value(answer.total.value),
            summary: plan.measure.map { Names.definition($0, view) },
            sections: [
                Working.Section(view.say("say.working.definition"), definition),
                Working.Section(view.say("say.working.records"), records),
                Working.Section(view.say("say.working.access"), access),
                Working.Section(view.say("say.working.version"), try version()),
                Working.Section(view.say("say.working.query"), note: view.say("say.working.query.note"), answer.queries.map(Working.Part.formula)),
            ])
    }

    private var definition: [Working.Part] {
        var parts: [Working.Part] = [.fact(view.say("say.figure"), names.figure, link: plan.measure.map { "/analytics/measure/\($0.name)" } ?? "/analytics/data/\(plan.schema.id)")]
        if let measure = plan.measure {
            parts.append(.fact(view.say("say.working.measure-version"), view.formats.integer(measure.version), link: nil))
            if !measure.source.isEmpty { parts.append(.fact(view.say("say.working.source"), measure.source, link: nil)) }
        }
        for place in plan.dimensions.indices { parts.append(.fact(view.say("say.by"), names.dimension(plan.dimensions[place].dimension, plan.dimensions[place].field), link: nil)) }
        if !plan.dimensions.isEmpty { parts.append(.text(view.say("say.working.parts.\(plan.isComposable ? "summed" : "read")"))) }
        return parts
    }

    private var records: [Working.Part] {
        let list = ListQuery.address(of: plan.counted, schema: plan.schema, session: view.session).map { "/\(plan.schema.app)/\(plan.schema.plural)?\($0)" }
        var parts: [Working.Part] = [.fact(view.say("say.working.counted"), Names.records(plan.schema, view), link: list)]
        if plan.claim != .always { parts.append(.fact(view.say("say.working.filter"), view.session.text(of: plan.claim, on: plan.schema), link: nil)) }
        if let period = names.period { parts.append(.fact(view.say("say.period"), period, link: nil)) }
        if let before = plan.before, let from = plan.from {
            parts.append(.fact(view.say("say.before"), "\(view.formats.dateTime(before)) – \(view.formats.dateTime(from))", link: nil))
        }
        if !answer.total.isHidden { parts.append(.formula("n = \(answer.total.n)")) }
        return parts
    }

    private var access: [Working.Part] {
        var parts: [Working.Part] = [.text(view.say("say.working.rights"))]
        parts.append(.fact(view.say("say.working.readable"), plan.readable == .always ? view.say("say.working.all") : view.session.text(of: plan.readable, on: plan.schema), link: nil))
        if plan.threshold > 0 { parts.append(.fact(view.say("say.working.threshold"), view.say("say.hidden.note", ["n": .formatted(view.formats.integer(plan.threshold))]), link: nil)) }
        return parts
    }

    private func version() throws -> [Working.Part] {
        var parts: [Working.Part] = [.fact(view.say("say.working.asked-at"), view.formats.dateTime(answer.at), link: nil)]
        if let asOf = answer.asOf { parts.append(.fact(view.say("say.working.replica"), view.formats.dateTime(asOf), link: nil)) }
        parts.append(.fact(view.say("say.working.entries"), view.formats.integer(try view.session.ledgerSize()), link: nil))
        parts.append(.text(view.say("say.working.remembered")))
        return parts
    }
}
