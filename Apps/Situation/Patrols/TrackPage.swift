import Kernel

/// What a file of tracks would add to its patrol, and the decision: bring it in, or let it go. Works without JavaScript.
enum TrackPage {
    static let page = Page("way/{reference}/{batch}", isInMenu: false, show: show, send: send)
    private static let shown = 50

    private static func batch(_ patrol: Record<Patrol>, _ view: View) throws -> Record<Batch> {
        guard let row = try view.session.row(view.session.platform.schema(of: Batch.self), named: view.path["batch"] ?? "") else { throw Refusal.absent }
        let batch = Record<Batch>(row)
        guard batch[Batch.patrol] == patrol.ref else { throw Refusal.absent }
        return batch
    }

    private static func isMine(_ batch: Record<Batch>, _ view: View) -> Bool { batch.state == .tried && batch[Batch.importer].id == view.session.viewer.id }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let patrol = try WayPage.patrol(view), batch = try batch(patrol, view)
        guard batch.state == .tried else { return .page(title: batch[Batch.name], "\(WayPage.head(patrol, view))\(result(patrol, batch, view))") }
        let plan = try TrackPlan(batch, patrol, view.session)
        let faults: HTML = plan.faults.isEmpty ? .empty : """
        <section class="stack snug"><h2 id="faults">\(view.say("say.import.faults", ["n": .count(plan.faults.count)]))</h2>\(FaultWords(view).table(plan.faults, most: 200))</section>
        """
        return .page(title: batch[Batch.name], """
        \(WayPage.head(patrol, view))
        <p><bdi>\(batch[Batch.name])</bdi></p>
        \(view.faultSummary { $0 == "leave-out" ? view.say("say.import.tally.refused") : nil })
        \(verdict(plan, view))\(tally(plan.points.count, plan.same, plan.refused, view))
        \(isMine(batch, view) ? decision(plan, patrol, batch, view) : .empty)
        \(faults)\(rows(plan, view))
        """)
    }

    private static func verdict(_ plan: TrackPlan, _ view: View) -> HTML {
        if let fault = plan.report.breakage { return view.notice("bad", "<p><b>\(view.say("say.import.broken"))</b></p><p>\(FaultWords(view).sentence(fault))</p>") }
        if plan.isReady { return .empty }
        return plan.same > 0 ? view.notice("info", HTML(text: view.say("say.way.nothing-new"))) : view.notice("bad", HTML(text: view.say("say.way.none")))
    }

    private static func tally(_ new: Int, _ same: Int, _ refused: Int, _ view: View) -> HTML {
        func count(_ name: String, _ number: Int, _ meaning: String?) -> HTML {
            "<div\(attribute: "class", number > 0 ? meaning : nil)><dt>\(view.say("say.import.tally.\(name)"))</dt><dd>\(view.formats.integer(number))</dd></div>"
        }
        return "<dl class=\"tally\">\(count("create", new, "is-good"))\(count("same", same, nil))\(count("refused", refused, "is-bad"))</dl>"
    }

    private static func decision(_ plan: TrackPlan, _ patrol: Record<Patrol>, _ batch: Record<Batch>, _ view: View) -> HTML {
        let leaveOut: HTML = plan.refused == 0 || !plan.isReady ? .empty : """
        <label class="choice"><input type="checkbox" id="f-leave-out" name="leave-out" value="true"><span>\(view.say("say.way.leave-out", ["n": .formatted(view.formats.integer(plan.refused))]))</span></label>
        """
        let go: HTML = plan.isReady ? "<button class=\"btn primary\" name=\"act\" value=\"import\">\(view.say("say.way.go", ["n": .formatted(view.formats.integer(plan.points.count))]))</button>" : .empty
        return """
        <form class="stack snug" method="post" action="\(WayPage.address(patrol))/\(batch.reference)">\(view.token)<input type="hidden" name="plan" value="\(plan.digest)">\
        <p class="small muted">\(view.say("say.way.rule"))</p>\(leaveOut)\
        <div class="row">\(go)<button class="btn quiet" name="act" value="discard">\(view.say("say.import.discard"))</button></div></form>
        """
    }

    private static func rows(_ plan: TrackPlan, _ view: View) -> HTML {
        guard !plan.points.isEmpty else { return .empty }
        let rows = plan.points.prefix(shown).map { point -> [HTML] in
            ["<span class=\"num\">\(view.fullTime(point.at))</span>", "<bdi class=\"num\">\(CoordinateText.decimal(point.place.centre))</bdi>", "<span class=\"num\">\(view.formats.integer(point.row))</span>"]
        }
        let title = view.say("say.way.points", ["shown": .formatted(view.formats.integer(rows.count)), "n": .formatted(view.formats.integer(plan.points.count))])
        let columns = [View.Column(view.say("position.at"), isTitle: true), View.Column(view.say("position.place")), View.Column(view.say("say.import.row"), isNumber: true)]
        return "<section class=\"stack snug\"><h2>\(title)</h2>\(view.table(title, columns, rows))</section>"
    }

    private static func result(_ patrol: Record<Patrol>, _ batch: Record<Batch>, _ view: View) -> HTML {
        guard batch.state == .imported else { return "<p>\(view.stateBadge(batch.row))</p>" }
        return """
        \(view.notice("good", HTML(text: view.say("say.way.brought", ["n": .formatted(view.formats.integer(batch[Batch.created] ?? 0))]))))\
        \(tally(batch[Batch.created] ?? 0, batch[Batch.same] ?? 0, batch[Batch.refused] ?? 0, view))
        <p><a class="btn primary" href="\(WayPage.address(patrol))">\(view.say("patrol.shortcut.way"))</a></p>
        """
    }

    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let patrol = try WayPage.patrol(view), batch = try batch(patrol, view)
        guard isMine(batch, view) else { throw Refusal.absent }
        if view.sent("act") == "discard" {
            try view.session.move(batch, "discard")
            return .redirect(WayPage.address(patrol))
        }
        let plan = try TrackPlan(batch, patrol, view.session)
        guard view.sent("plan") == plan.digest else { throw Refusal("import-plan-changed", .conflict, scope: Incident.app) }
        guard plan.isReady else { throw Refusal("import-nothing", scope: Incident.app) }
        if plan.refused > 0, view.sent("leave-out") != "true" { throw Refusal("import-left-out", field: "leave-out", scope: Incident.app, ["n": view.formats.integer(plan.refused)]) }
        try TrackImport.run(plan, batch, patrol, view.session)
        return .redirect("\(WayPage.address(patrol))/\(batch.reference)")
    }
}
