import Kernel

/// The parts of the preview: what would happen, the rows, and how the file is read.
struct BatchPreview {
    let view: View
    let batch: Record<Batch>
    let plan: BatchPlan

    private var schema: Schema { view.session.platform.schema(of: Batch.self) }
    private var incidents: Schema { view.session.platform.schema(of: Incident.self) }

    /// Whether it can be brought in at all.
    var verdict: HTML {
        if let fault = plan.report.breakage { return view.notice("bad", "<p><b>\(view.say("say.import.broken"))</b></p><p>\(FaultWords(view).sentence(fault))</p>") }
        if plan.lines.isEmpty { return view.notice("bad", HTML(text: view.say("say.import.none"))) }
        return plan.isReady ? .empty : view.notice("info", HTML(text: view.say("say.import.nothing-new")))
    }

    var tally: HTML {
        let steps = plan.lines.map(\.step)
        func count(_ name: String, _ number: Int, _ meaning: String? = nil) -> HTML {
            "<div\(attribute: "class", number > 0 ? meaning : nil)><dt>\(view.say("say.import.tally.\(name)"))</dt><dd>\(view.formats.integer(number))</dd></div>"
        }
        let same = steps.count { if case .duplicate = $0 { true } else { $0 == .same } }
        return """
        <dl class="tally">\(count("create", steps.count { $0 == .create }, "is-good"))\(count("change", steps.count { $0 == .change }, "is-good"))\
        \(count("same", same))\(count("conflict", steps.count { $0 == .conflict }, "is-warn"))\(count("refused", plan.refused, "is-bad"))</dl>
        """
    }

    /// Bring it in, or let it go.
    var decision: HTML {
        let leaveOut: HTML = plan.refused == 0 ? .empty : """
        <label class="choice"><input type="checkbox" id="f-leave-out" name="leave-out" value="true"><span>\(view.say("say.import.leave-out", ["n": .count(plan.refused)]))</span></label>
        """
        let number = plan.lines { $0 == .create || $0 == .change || $0 == .conflict }.count
        let go: HTML = plan.isReady ? "<p class=\"muted\">\(view.say("say.import.becomes", becomes))</p>\(leaveOut)" : .empty
        let button: HTML = plan.isReady ? "<button class=\"btn primary\" name=\"act\" value=\"import\">\(view.say("say.import.go", ["n": .count(number)]))</button>" : .empty
        return """
        <form class="stack snug" method="post" action="\(ImportPage.address)/\(batch.reference)">\(view.token)<input type="hidden" name="plan" value="\(plan.digest)">\
        \(go)<div class="row">\(button)<button class="btn quiet" name="act" value="discard">\(view.say("say.import.discard"))</button></div></form>
        """
    }

    /// Under which label and whose they would be.
    private var becomes: [String: WordArgument] {
        let unit = batch[Batch.component].flatMap { try? view.session.label(Unit.schemaID, $0.id) } ?? "—"
        let compartments = batch[Batch.compartments].map { " · \($0)" }.joined()
        return ["label": .text(view.say("incident.label.\(batch[Batch.label].rawValue)") + compartments), "component": .text(unit)]
    }

    /// The first rows with what would become of each.
    var rows: HTML {
        let shown = 50
        guard !plan.lines.isEmpty else { return .empty }
        let rows = plan.lines.prefix(shown).map { line -> HTML in
            let place = line.content.place.map { "<bdi class=\"num\">\((try? MGRS($0.centre).description) ?? "—")</bdi>" as HTML } ?? "—"
            return """
            <tr><td class="n">\(view.formats.integer(line.row))</td><td>\(step(line))</td><td><bdi>\(line.content.summary)</bdi></td>\
            <td>\(view.say("incident.category.\(line.content.category.rawValue)"))</td><td class="num">\(view.fullTime(line.content.occurred))</td><td>\(place)</td></tr>
            """
        }
        let heads = ["summary", "category", "occurred", "grid"].map { "<th scope=\"col\">\(view.label(incidents, $0))</th>" as HTML }
        let title = view.say("say.import.rows", ["shown": .formatted(view.formats.integer(min(shown, plan.lines.count))), "n": .count(plan.lines.count)])
        return """
        <section class="stack snug"><h2 id="rows">\(title)</h2><div class="scroll" tabindex="0" role="region" aria-labelledby="rows"><table class="table snug">\
        <thead><tr><th scope="col" class="n">\(view.say("say.import.row"))</th><th scope="col">\(view.say("say.import.becomes-head"))</th>\(heads)</tr></thead><tbody>\(rows)</tbody></table></div></section>
        """
    }

    /// The step in words; of an incident that is there already, which it is and what would change.
    private func step(_ line: BatchPlan.Line) -> HTML {
        let looks: (name: String, shape: String, meaning: String?) = switch line.step {
        case .create: ("create", "new", "info")
        case .change: ("change", "half", "accent")
        case .same, .duplicate: ("same", "done", nil)
        case .conflict: ("conflict", "warn", "warn")
        }
        let badge = view.badge(view.say("say.import.step-of.\(looks.name)"), shape: looks.shape, looks.meaning)
        guard let incident = line.incident else { return badge }
        let fields = line.step == .same ? [] : line.content.differences(from: IncidentContent(incident)).map { view.label(incidents, $0) }
        let changes: HTML = fields.isEmpty ? .empty : "<span class=\"small muted\"> \(view.formats.list(fields))</span>"
        return "\(badge) <a href=\"\(view.address(of: incident))\"><bdi>\(incident.reference)</bdi></a>\(changes)"
    }

    // MARK: How it is read

    var settings: HTML {
        let fields = Batch.settings.compactMap { schema.field($0.schema.name) }.map { view.field(schema, $0, value: batch.row[$0.name]) }
        return """
        <section class="stack snug" aria-labelledby="settings"><h2 id="settings">\(view.say("say.import.settings"))</h2>
        <form class="form" method="post" action="\(ImportPage.address)/\(batch.reference)">\(view.token)
        <div class="fields two-up">\(fields)</div>\(categories)\(columns)
        <div class="form-foot"><button class="btn" name="act" value="apply">\(view.say("say.import.again"))</button></div></form></section>
        """
    }

    /// The file's categories, each with ours.
    private var categories: HTML {
        let rows = plan.categories.prefix(200).enumerated().map { index, foreign -> HTML in
            let options = Category.allCases.map { category -> HTML in
                "<option value=\"\(category.rawValue)\"\(flag: "selected", category == foreign.category)>\(view.say("incident.category.\(category.rawValue)"))</option>"
            }
            return """
            <tr><td id="foreign-\(index)"><bdi>\(foreign.name.isEmpty ? "—" : foreign.name)</bdi></td><td class="n">\(view.formats.integer(foreign.count))</td>\
            <td><select class="input" name="category:\(foreign.name)" aria-labelledby="foreign-\(index)">\(options)</select></td></tr>
            """
        }
        return rows.isEmpty ? .empty : table("categories", ["foreign", "rows-head", "ours"], rows)
    }

    /// The file's own columns; those of ACLED and UCDP are known.
    private var columns: HTML {
        guard ![.acled, .ged].contains(batch[Batch.format]), !plan.report.columns.isEmpty else { return .empty }
        let isTable = batch[Batch.format] == .csv
        let offered = ExchangeField.allCases.filter { isTable || !$0.isOfTables }
        let rows = plan.report.columns.prefix(300).enumerated().map { index, column -> HTML in
            let options = offered.map { field -> HTML in "<option value=\"\(field.rawValue)\"\(flag: "selected", field == column.field)>\(view.say("say.import.field.\(field.rawValue)"))</option>" }
            return """
            <tr><td id="column-\(index)"><bdi>\(column.name)</bdi></td><td><select class="input" name="column:\(column.name)" aria-labelledby="column-\(index)">\
            <option value="">\(view.say("say.import.field.none"))</option>\(options)</select></td></tr>
            """
        }
        return table("columns", ["column", "taken-for"], rows)
    }

    private func table(_ name: String, _ heads: [String], _ rows: [HTML]) -> HTML {
        let cells = heads.map { "<th scope=\"col\"\(attribute: "class", $0 == "rows-head" ? "n" : nil)>\(view.say("say.import.\($0)"))</th>" as HTML }
        return """
        <h3 id="\(name)">\(view.say("say.import.\(name)"))</h3><div class="scroll" tabindex="0" role="region" aria-labelledby="\(name)">\
        <table class="table snug"><thead><tr>\(cells)</tr></thead><tbody>\(rows)</tbody></table></div>
        """
    }
}
