import Kernel

/// An answer on a page: its name with its ∴, a drawing for those who see one, the table it is drawn from, and what it rests on.
struct AnswerView {
    let view: View
    let question: Question
    let answer: QuestionAnswer
    let form: Form
    var title: String?
    /// What can be done with the figure, beside its ∴.
    var tools: HTML = .empty
    var level = 2

    private var names: Names { Names(view, question, answer.plan) }
    private var isCross: Bool { answer.plan.dimensions.count == 2 && form != .table }

    /// - Parameter id: of the heading; one on a page.
    func html(id: String) -> HTML {
        let name = title ?? names.title
        let heading: HTML = level == 2 ? "<h2 id=\"\(id)\">\(name)</h2>" : "<h3 id=\"\(id)\">\(name)</h3>"
        let why = view.why("/analytics/question/working?\(question.address)", "\(name), \(names.value(answer.total.value))")
        return """
            <section class="chart answer" aria-labelledby="\(id)"><header>\(heading)\(why)<div class="end row tight">\(tools)</div></header>\
            <div>\(content)</div><footer>\(basis)</footer></section>
            """
    }

    private var content: HTML {
        if answer.total.n == 0, !answer.total.isHidden, answer.total.before?.n ?? 0 == 0 { return "<p class=\"muted\">\(view.say("say.nothing"))</p>" }
        let table = AnswerTable(names: names, answer: answer, isCross: isCross).html
        switch form {
        case .table, .pivot: return table
        case .number: return "\(number)\(answer.plan.dimensions.isEmpty ? .empty : drawn(as: "spark", table))"
        case .map: return "\(map)\(data(table))"
        default: return drawn(as: form.rawValue, table)
        }
    }

    /// Room for the drawing, which the script takes from the table; without the script the table is open.
    private func drawn(as kind: String, _ table: HTML) -> HTML {
        let isShare = names.isShare
        return """
            <div class="drawing" data-drawing="\(kind)"\(attribute: "data-unit", isShare ? "%" : nil) data-name="\(names.figure)" role="img" aria-label="\(view.say("say.drawn", ["what": .text(title ?? names.title)]))"></div>\(data(table))
            """
    }

    private func data(_ table: HTML) -> HTML { "<details class=\"chart-data\" open data-closes><summary>\(view.say("say.data"))</summary>\(table)</details>" }

    private var number: HTML {
        let cell = answer.total
        var against: HTML = .empty
        if let before = cell.before, !cell.isHidden, !before.isHidden {
            let values: [String: WordArgument] = ["change": .formatted(names.change(cell)), "before": .formatted(names.value(before.value))]
            // Of nothing there is no change in per cent.
            let text = names.change(cell) == "—" ? "\(view.say("say.before")): \(names.value(before.value))" : view.say("say.against", values)
            against = "<span class=\"muted num\">\(text)</span>"
        }
        return "<p class=\"measure\"><span class=\"val\"><bdi>\(cell.isHidden ? "··" : names.value(cell.value))</bdi></span>\(against)</p>"
    }

    private var map: HTML {
        let places = answer.groups.first?.compactMap { group -> Place.Position? in
            if case .value(.integer(let number)) = group { Names.square(number, answer.plan.dimensions[0].dimension.zoom ?? 0) } else { nil }
        } ?? []
        guard let west = places.map(\.longitude).min(), let east = places.map(\.longitude).max(), let south = places.map(\.latitude).min(), let north = places.map(\.latitude).max() else { return .empty }
        let margin = 180.0 / Double(1 << (answer.plan.dimensions[0].dimension.zoom ?? 2))
        let box = GeoBox(west: max(-180, west - margin), south: max(-85, south - margin), east: min(180, east + margin), north: min(85, north + margin))
        return "<div data-squares>\(view.map(.work(box), label: title ?? names.title))</div>"
    }

    // MARK: What it rests on

    private var basis: HTML {
        var parts: [String] = []
        if !answer.total.isHidden { parts.append("n = \(view.formats.integer(answer.total.n))") }
        if let period = names.period { parts.append(period) }
        parts.append(view.say("say.as-of", ["at": .formatted(view.formats.dateTime(answer.asOf ?? answer.at))]))
        let hidden: HTML = answer.hidesCells ? "<br>\(view.shape("lock"))\(view.say("say.hidden.note", ["n": .formatted(view.formats.integer(answer.plan.threshold))]))" : .empty
        return "<span class=\"num\">\(parts.joined(separator: " · "))</span>\(hidden)"
    }
}
