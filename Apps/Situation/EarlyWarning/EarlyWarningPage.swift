import Foundation
import Kernel

/// Where the last week was out of the ordinary: what was expected, what was seen, how probable that is by chance, and the incidents themselves.
enum EarlyWarningPage {
    static let page = Page("early-warning", for: [.dutyOfficer, .analyst, .component], show: show)

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let setting = setting(view)
        let warning = try EarlyWarning(setting, view.session)
        let asked = view.parameter("why").flatMap { GridCell($0, size: setting.size) }
        let cell = asked.flatMap { asked in warning.cells.first { $0.cell == asked } }
        if view.parameter("why") != nil, cell == nil { throw Refusal.absent }
        let panel = cell.map { EarlyWarningWorking(warning: warning, view: view).working($0).panel(
            heading: view.say("say.working"), close: view.say("say.working-close"), back: address(setting), formats: view.formats) }
        view.live = Incident.schemaID
        return .page(title: view.say("page.early-warning"), """
        <div class="head"><div><h1>\(view.say("page.early-warning"))</h1><p class="muted">\(view.say("say.warning.lead"))</p></div></div>
        \(form(setting, view))
        <div class="stack" data-region="cells">\(summary(warning, view))\(table(warning, view))</div>
        \(panel)
        """)
    }

    private static func setting(_ view: View) -> EarlyWarning.Setting {
        var setting = EarlyWarning.Setting()
        if let size = view.parameter("size").flatMap(Int.init), EarlyWarning.Setting.sizes.contains(size) { setting.size = size }
        if let weeks = view.parameter("weeks").flatMap(Int.init), EarlyWarning.Setting.spans.contains(weeks) { setting.weeks = weeks }
        if let alpha = view.parameter("alpha").flatMap(Double.init), EarlyWarning.Setting.alphas.contains(alpha) { setting.alpha = alpha }
        setting.kind = view.parameter("kind").flatMap(Category.Kind.init)
        return setting
    }

    static func address(_ setting: EarlyWarning.Setting, why cell: GridCell? = nil) -> String {
        "/situation/early-warning?size=\(setting.size)&weeks=\(setting.weeks)&alpha=\(setting.alpha)" + (setting.kind.map { "&kind=\($0.rawValue)" } ?? "")
            + (cell.map { "&why=\($0.name)" } ?? "")
    }

    private static func form(_ setting: EarlyWarning.Setting, _ view: View) -> HTML {
        func select(_ name: String, _ label: String, _ options: [(value: String, text: String)], _ now: String) -> HTML {
            let rows = options.map { "<option value=\"\($0.value)\"\(flag: "selected", $0.value == now)>\($0.text)</option>" as HTML }
            return "<div class=\"field\"><label for=\"f-\(name)\">\(view.say(label))</label><select class=\"input short\" id=\"f-\(name)\" name=\"\(name)\">\(rows)</select></div>"
        }
        func decimal(_ value: Double, _ scale: Int) -> String { view.formats.decimal(Decimal(value), scale: scale) }
        let kinds = [("", view.say("say.warning.all-kinds"))] + Category.Kind.allCases.map { ($0.rawValue, view.say("incident.kind.\($0.rawValue)")) }
        return """
        <form class="row" method="get" action="/situation/early-warning">\(select("kind", "incident.kind", kinds, setting.kind?.rawValue ?? ""))\
        \(select("size", "say.warning.size", EarlyWarning.Setting.sizes.map { (String($0), decimal(Double($0) / 100, 2) + "°") }, String(setting.size)))\
        \(select("weeks", "say.warning.weeks", EarlyWarning.Setting.spans.map { (String($0), view.formats.integer($0)) }, String(setting.weeks)))\
        \(select("alpha", "say.warning.alpha", EarlyWarning.Setting.alphas.map { (String($0), decimal($0, 3)) }, String(setting.alpha)))\
        <button class="btn end">\(view.say("say.exchange.show"))</button></form>
        """
    }

    private static func summary(_ warning: EarlyWarning, _ view: View) -> HTML {
        let text = view.say("say.warning.summary", [
            "n": .count(warning.warnings.count), "tested": .formatted(view.formats.integer(warning.tested)),
            "chance": .formatted(view.formats.decimal(Decimal(warning.byChance), scale: 1)),
        ])
        let unplaced: HTML = warning.unplaced == 0 ? .empty : "<p class=\"small muted\">\(view.say("say.warning.unplaced", ["n": .count(warning.unplaced)]))</p>"
        return "\(view.notice(warning.warnings.isEmpty ? "info" : "warn", HTML(text: text)))\(unplaced)"
    }

    private static func table(_ warning: EarlyWarning, _ view: View) -> HTML {
        guard !warning.warnings.isEmpty else { return .empty }
        let rows = warning.warnings.prefix(200).map { cell -> [HTML] in
            let p = EarlyWarningWorking.probability(cell.probability, view.formats), place = EarlyWarningWorking.name(cell, view.formats)
            let firm: HTML = warning.isFirm(cell) ? view.badge(view.say("say.warning.firm"), shape: "warn", "bad") : .empty
            return [
                "<b class=\"plain\"><bdi>\(place)</bdi></b> \(firm)",
                view.why("<span class=\"num\">\(p)</span>", address(warning.setting, why: cell.cell), "\(place), p = \(p)"),
                "<span class=\"num\">\(view.formats.integer(cell.seen.count))</span>",
                "<span class=\"num\">\(view.formats.decimal(Decimal(cell.baseline.expected), scale: 2))</span>",
            ]
        }
        let columns = [
            View.Column(view.say("say.warning.cell"), isTitle: true), View.Column(view.say("say.warning.probability"), isNumber: true),
            View.Column(view.say("say.warning.seen"), isNumber: true), View.Column(view.say("say.warning.expected"), isNumber: true),
        ]
        return view.table(view.say("page.early-warning"), columns, Array(rows))
    }
}
