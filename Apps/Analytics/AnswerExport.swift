import Foundation
import Kernel

/// An answer as a file: the table that is shown, with nothing in it that is not told.
struct AnswerExport {
    let view: View
    let question: Question
    let answer: QuestionAnswer

    private var plan: QuestionPlan { answer.plan }
    private var names: Names { Names(view, question, plan) }

    func file(_ kind: String) throws -> Page.Answer {
        let name = "\(question.measure ?? plan.schema.id)-\(CalendarDate(answer.at, in: view.session.viewer.timeZone).iso)"
        switch kind {
        case "csv": return .download(name: name + ".csv", type: "text/csv; charset=utf-8", csv)
        case "json": return .download(name: name + ".json", type: "application/json", Array(json.text.utf8))
        default: throw Refusal.absent
        }
    }

    /// Every cell in the order it is shown in, wholes after their parts.
    private var keys: [[QuestionAnswer.Group]] {
        answer.groups.reduce([[QuestionAnswer.Group]]([[]])) { lists, groups in lists.flatMap { list in (groups + [.all]).map { list + [$0] } } }.filter { answer.cells[$0] != nil }
    }

    private var csv: [UInt8] {
        var out: [UInt8] = [0xEF, 0xBB, 0xBF]
        var head = plan.dimensions.map { names.dimension($0.dimension, $0.field) } + [names.figure, "n"]
        if plan.before != nil { head += [view.say("say.before"), "n"] }
        out += CSV.line(head)
        for key in keys {
            let cell = answer.cell(key)
            var line = key.enumerated().map { names.group($1, in: $0, others: answer.othersCount) }
            line += [cell.isHidden ? view.say("say.hidden") : plain(cell.value), cell.isHidden ? "" : String(cell.n)]
            if plan.before != nil { line += cell.before.map { [$0.isHidden ? view.say("say.hidden") : plain($0.value), $0.isHidden ? "" : String($0.n)] } ?? ["", ""] }
            out += CSV.line(line)
        }
        return out
    }

    private func plain(_ value: Double?) -> String { value.map { $0 == $0.rounded() && abs($0) < 1e15 ? String(Int($0)) : String($0) } ?? "" }

    private var json: JSON {
        [
            "question": .string(question.address), "title": .string(names.title), "as-of": .string((answer.asOf ?? answer.at).iso),
            "from": plan.from.map { .string($0.iso) } ?? .null, "until": .string(plan.until.iso), "threshold": .integer(Int64(plan.threshold)),
            "dimensions": .array(question.dimensions.map { .string($0.text) }), "cells": .array(keys.map(json)),
        ]
    }

    private func json(_ key: [QuestionAnswer.Group]) -> JSON {
        let cell = answer.cell(key)
        let group: [JSON] = key.map { group in
            switch group {
            case .value(let value): ["value": value.json]
            case .others: ["others": .integer(Int64(answer.othersCount))]
            case .all: ["all": .bool(true)]
            }
        }
        var members: [String: JSON] = ["group": .array(group), "is-hidden": .bool(cell.isHidden)]
        if !cell.isHidden {
            members["n"] = .integer(Int64(cell.n))
            members["value"] = cell.value.map { .number(plain($0)) } ?? .null
        }
        if let before = cell.before, !before.isHidden {
            members["before"] = ["n": .integer(Int64(before.n)), "value": before.value.map { .number(plain($0)) } ?? .null]
        }
        return .object(members)
    }
}
