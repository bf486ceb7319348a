import Kernel

/// The table of an answer: what is told, and what drawings are made from. Numbers stand beside their words in `data-value`.
struct AnswerTable {
    let names: Names
    let answer: QuestionAnswer
    let isCross: Bool

    private var view: View { names.view }
    private var plan: QuestionPlan { answer.plan }
    /// A figure that is not itself the number of records tells it beside.
    private var tellsN: Bool { if case .count = plan.function { false } else { true } }

    var html: HTML {
        switch plan.dimensions.count {
        case 0: table(head: [], rows: [row([], title: names.figure)])
        case 1: table(head: [head(0)], rows: (answer.groups[0] + [.all]).map { row([$0], title: names.group($0, in: 0, others: answer.othersCount)) })
        default: isCross ? cross : list
        }
    }

    private func head(_ place: Int) -> String { names.dimension(plan.dimensions[place].dimension, plan.dimensions[place].field) }

    // MARK: One line a group

    private func table(head: [String], rows: [HTML]) -> HTML {
        var columns: [HTML] = (head.isEmpty ? [view.say("say.figure")] : head).map { "<th scope=\"col\">\($0)</th>" }
        columns.append("<th scope=\"col\" class=\"n\">\(head.isEmpty ? view.say("say.value") : names.figure)</th>")
        if tellsN { columns.append("<th scope=\"col\" class=\"n\">n</th>") }
        if plan.before != nil { columns += [view.say("say.before"), view.say("say.change")].map { "<th scope=\"col\" class=\"n\">\($0)</th>" } }
        return framed("<table class=\"table snug\" data-answer=\"list\"><caption class=\"sr\">\(names.title)</caption><thead><tr>\(columns)</tr></thead><tbody>\(rows)</tbody></table>")
    }

    private func row(_ key: [QuestionAnswer.Group], title: String) -> HTML {
        let cell = answer.cell(key)
        var cells: [HTML] = [value(cell, key)]
        if tellsN { cells.append(n(cell)) }
        if plan.before != nil { cells += [before(cell), "<td class=\"n\"><bdi>\(names.change(cell))</bdi></td>"] }
        return "<tr\(attribute: "class", key.last == .all ? "total" : nil)\(kind(key))><th scope=\"row\"\(place(key))>\(title)</th>\(cells)</tr>"
    }

    /// Where the records of both dimensions meet, each on a line of its own.
    private var list: HTML {
        let keys = answer.groups[0].flatMap { first in answer.groups[1].map { [first, $0] } }.filter { answer.cells[$0] != nil } + [[.all, .all]]
        let rows = keys.map { key -> HTML in
            let cell = answer.cell(key)
            let second: HTML = "<td>\(names.group(key[1], in: 1, others: answer.othersCount))</td>"
            var cells: [HTML] = [second, value(cell, key)]
            if tellsN { cells.append(n(cell)) }
            if plan.before != nil { cells += [before(cell), "<td class=\"n\"><bdi>\(names.change(cell))</bdi></td>"] }
            return "<tr\(attribute: "class", key == [.all, .all] ? "total" : nil)><th scope=\"row\">\(names.group(key[0], in: 0, others: answer.othersCount))</th>\(cells)</tr>"
        }
        return table(head: [head(0), head(1)], rows: rows)
    }

    // MARK: Rows and columns

    private var cross: HTML {
        let columns = answer.groups[1] + [.all], rows = answer.groups[0] + [.all]
        let heads = columns.map { "<th scope=\"col\" class=\"n\"\(kind([.all, $0]))>\(names.group($0, in: 1, others: answer.othersCount))</th>" as HTML }
        let body = rows.map { row -> HTML in
            let cells = columns.map { value(answer.cell([row, $0]), [row, $0]) }
            return "<tr\(attribute: "class", row == .all ? "total" : nil)\(kind([row]))><th scope=\"row\">\(names.group(row, in: 0, others: answer.othersCount))</th>\(cells)</tr>"
        }
        return framed("""
            <table class="table snug" data-answer="cross"><caption class="sr">\(names.title)</caption><thead><tr><th scope="col">\(head(0))</th>\(heads)</tr></thead><tbody>\(body)</tbody></table>
            """)
    }

    private func framed(_ table: HTML) -> HTML { "<div class=\"scroll\" tabindex=\"0\" role=\"group\" aria-label=\"\(names.title)\">\(table)</div>" }

    // MARK: Cells

    private func value(_ cell: QuestionAnswer.Cell, _ key: [QuestionAnswer.Group]) -> HTML {
        if cell.isHidden { return hidden }
        return "<td class=\"n\"\(attribute: "data-value", names.number(cell.value))\(attribute: "data-n", cell.n)><bdi>\(names.value(cell.value))</bdi></td>"
    }

    private func n(_ cell: QuestionAnswer.Cell) -> HTML { cell.isHidden ? hidden : "<td class=\"n\">\(view.formats.integer(cell.n))</td>" }

    private func before(_ cell: QuestionAnswer.Cell) -> HTML {
        guard let before = cell.before else { return "<td class=\"n\">—</td>" }
        return before.isHidden ? hidden : "<td class=\"n\"\(attribute: "data-before", names.number(before.value))><bdi>\(names.value(before.value))</bdi></td>"
    }

    private var hidden: HTML { "<td class=\"n\"><span aria-hidden=\"true\">··</span><span class=\"sr\">\(view.say("say.hidden"))</span></td>" }

    /// Sums and what is left over are no group of their own: drawings leave out the ones, and draw the others last.
    private func kind(_ key: [QuestionAnswer.Group]) -> HTML {
        switch key.last {
        case .all?: " data-kind=\"all\""
        case .others?: " data-kind=\"others\""
        default: .empty
        }
    }

    private func place(_ key: [QuestionAnswer.Group]) -> HTML {
        guard case .value(.integer(let number))? = key.first, let zoom = plan.dimensions.first?.dimension.zoom, let centre = Names.square(number, zoom) else { return .empty }
        return " data-at=\"\(String(centre.latitude)),\(String(centre.longitude))\""
    }
}
