import Kernel

/// What a file would do, how it is read, and the decision: bring all of it in, or let it go.
enum BatchPage {
    static let page = Page("exchange/import/{reference}", for: [.dutyOfficer, .analyst], isInMenu: false, show: show, send: send)

    private static func batch(_ view: View) throws -> Record<Batch> {
        guard let row = try view.session.row(view.session.platform.schema(of: Batch.self), named: view.path["reference"] ?? "") else { throw Refusal.absent }
        return Record(row)
    }

    private static func isMine(_ batch: Record<Batch>, _ view: View) -> Bool { batch.state == .tried && batch[Batch.importer].id == view.session.viewer.id }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let batch = try batch(view)
        if let patrol = try batch[Batch.patrol].flatMap({ try view.session.record($0) }) { return .redirect("\(WayPage.address(patrol))/\(batch.reference)") }
        let title = batch[Batch.name]
        guard batch.state == .tried else { return .page(title: title, "\(ImportPage.head(view, step: 4, title: title))\(result(batch, view))") }
        let plan = try BatchPlan(batch, view.session)
        let preview = BatchPreview(view: view, batch: batch, plan: plan)
        let faults: HTML = plan.faults.isEmpty ? .empty : """
        <section class="stack snug"><h2 id="faults">\(view.say("say.import.faults", ["n": .count(plan.report.tally.values.reduce(0, +) + plan.faults.count - plan.report.faults.count)]))</h2>\
        \(FaultWords(view).table(plan.faults, most: 200))</section>
        """
        return .page(title: title, """
        \(ImportPage.head(view, step: 2, title: title))
        \(view.faultSummary(view.session.platform.schema(of: Batch.self)))
        \(preview.verdict)\(preview.tally)\(isMine(batch, view) ? preview.decision : .empty)
        \(faults)\(preview.rows)\(isMine(batch, view) ? preview.settings : .empty)
        """)
    }

    /// What became of it.
    private static func result(_ batch: Record<Batch>, _ view: View) -> HTML {
        guard batch.state == .imported else { return "<p>\(view.stateBadge(batch.row))</p>" }
        func count(_ name: String, _ number: Int?) -> HTML { "<div><dt>\(view.say("say.import.tally.\(name)"))</dt><dd>\(view.formats.integer(number ?? 0))</dd></div>" }
        return """
        \(view.notice("good", HTML(text: view.say("say.import.imported", ["n": .count((batch[Batch.created] ?? 0) + (batch[Batch.changed] ?? 0))]))))
        <dl class="tally">\(count("create", batch[Batch.created]))\(count("change", batch[Batch.changed]))\(count("same", batch[Batch.same]))\(count("refused", batch[Batch.refused]))</dl>
        <p><a class="btn primary" href="/situation/source-reports?filter[batch]=\(batch.id.description)">\(view.say("say.import.see"))</a> \
        <a class="btn" href="\(view.address(of: batch))">\(view.say("say.import.record"))</a> <a class="btn quiet" href="\(ImportPage.address)">\(view.say("say.import.another"))</a></p>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let batch = try batch(view)
        guard isMine(batch, view), batch[Batch.patrol] == nil else { throw Refusal.absent }
        switch view.sent("act") {
        case "discard":
            try view.session.move(batch, "discard")
            return .redirect(ImportPage.address)
        case "import":
            let plan = try BatchPlan(batch, view.session)
            // What is done is what was seen: when somebody changed an incident in between, it is to be seen again.
            guard view.sent("plan") == plan.digest else { throw Refusal("import-plan-changed", .conflict, scope: Incident.app) }
            guard plan.isReady else { throw Refusal("import-nothing", scope: Incident.app) }
            if plan.refused > 0, view.sent("leave-out") != "true" { throw Refusal("import-left-out", field: "leave-out", scope: Incident.app, ["n": view.formats.integer(plan.refused)]) }
            _ = try BatchImport.run(plan, batch, view.session)
        default:
            try apply(batch, view)
        }
        return .redirect("\(ImportPage.address)/\(batch.reference)")
    }

    /// Keeps how the file is to be read. Columns and categories that the form names and that the file has not are not kept: nobody asks for them.
    private static func apply(_ batch: Record<Batch>, _ view: View) throws {
        let schema = view.session.platform.schema(of: Batch.self)
        let values = try view.values(of: Batch.settings.compactMap { schema.field($0.schema.name) })
        let changed = try view.session.change(batch.row, values, version: batch.version)
        func chosen<T: RawRepresentable>(_ prefix: String) -> [String: T] where T.RawValue == String {
            Dictionary(view.form.compactMap { name, values in
                guard name.hasPrefix(prefix), let value = values.first.flatMap(T.init(rawValue:)) else { return nil }
                return (String(name.dropFirst(prefix.count)), value)
            }, uniquingKeysWith: { first, _ in first })
        }
        let columns: [String: ExchangeField] = chosen("column:"), categories: [String: Category] = chosen("category:")
        try view.session.change(Record<Batch>(changed)) { batch in
            if !columns.isEmpty { batch[Batch.columns] = BatchNames.text(columns) }
            batch[Batch.categories] = categories.isEmpty ? nil : BatchNames.text(categories)
        }
    }
}
