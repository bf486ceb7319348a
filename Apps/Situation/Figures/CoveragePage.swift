import Foundation
import Kernel

/// Where patrols were and how often, by sector, and where something happened without them. For those who read where patrols were.
enum CoveragePage {
    static let page = Page("figures/patrols", for: [.dutyOfficer, .analyst], isInMenu: false, show: show)
    private static let periods = [7, 30, 90], waits = [3, 7, 14, 30]

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        func chosen(_ name: String, _ offered: [Int], _ usual: Int) -> Int { view.parameter(name).flatMap(Int.init).flatMap { offered.contains($0) ? $0 : nil } ?? usual }
        let days = chosen("days", periods, 30), idle = chosen("idle", waits, 14)
        let coverage = try Coverage(days: days, idle: idle, view.session)
        let working = CoverageWorking(coverage: coverage, view: view)
        let asked = view.parameter("why").flatMap(working.working)
        if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
        let back = address(days, idle)
        let panel = asked?.panel(heading: view.say("say.working"), close: view.say("say.working-close"), back: back, formats: view.formats)
        func select(_ name: String, _ label: String, _ offered: [Int], _ now: Int) -> HTML {
            let options = offered.map { "<option value=\"\($0)\"\(flag: "selected", $0 == now)>\(view.say("say.exchange.days", ["n": .count($0)]))</option>" as HTML }
            return "<div class=\"field\"><label for=\"f-\(name)\">\(view.say(label))</label><select class=\"input short\" id=\"f-\(name)\" name=\"\(name)\">\(options)</select></div>"
        }
        return .page(title: view.say("say.coverage.title"), """
        <div class="head"><div><h1>\(view.say("page.figures"))</h1><p class="muted">\(view.say("say.coverage.lead"))</p></div></div>
        \(FiguresPage.tabs(view, isPatrols: true))
        <form class="row" method="get" action="/situation/figures/patrols">\(select("days", "say.exchange.period", periods, days))\
        \(select("idle", "say.coverage.idle", waits, idle))<button class="btn end">\(view.say("say.exchange.show"))</button></form>
        <div class="stack" data-region="coverage">\(tiles(coverage, working, back, view))\(sectors(coverage, view))\(neglected(coverage, working, back, view))</div>
        \(panel)
        """)
    }

    private static func address(_ days: Int, _ idle: Int) -> String { "/situation/figures/patrols?days=\(days)&idle=\(idle)" }

    private static func tiles(_ coverage: Coverage, _ words: CoverageWorking, _ back: String, _ view: View) -> HTML {
        guard coverage.whole.cells > 0 else {
            return view.empty(view.say("say.coverage.no-sector"), view.say("sector.empty"), action: "<a class=\"btn\" href=\"/situation/sectors/new\">\(view.icon("plus"))\(view.say("say.coverage.add-sector"))</a>")
        }
        func tile(_ name: String, _ value: String, _ basis: String, _ why: String) -> HTML {
            """
            <div class="measure"><span class="spread"><span>\(view.say(name))</span>\(view.why("\(back)&why=\(why)", "\(view.say(name)), \(value)"))</span>\
            <span class="val"><bdi>\(value)</bdi></span><span class="muted num">\(basis)</span></div>
            """
        }
        let basis = view.say("say.coverage.basis", ["visited": .formatted(view.formats.integer(coverage.whole.visited)), "cells": .formatted(view.formats.integer(coverage.whole.cells))])
        let again = view.say("say.coverage.again", ["n": .formatted(view.formats.integer(coverage.gaps.count)), "once": .formatted(view.formats.integer(coverage.once))])
        let missed = view.say("say.coverage.idle-basis", ["n": .count(coverage.idle)])
        return """
        <div class="measures">\(tile("say.coverage.share", words.share(coverage.whole), basis, "share"))\(tile("say.coverage.revisit", words.revisit, again, "revisit"))\
        \(tile("say.coverage.neglected", view.formats.integer(coverage.neglected.count), missed, "neglected"))</div>
        """
    }

    private static func sectors(_ coverage: Coverage, _ view: View) -> HTML {
        guard coverage.parts.count > 0 else { return .empty }
        let words = CoverageWorking(coverage: coverage, view: view)
        let rows = coverage.parts.map { part -> [HTML] in
            let share = words.share(part)
            return [
                "<bdi>\(part.name)</bdi>", "<span class=\"num\">\(view.formats.integer(part.visited))</span>", "<span class=\"num\">\(view.formats.integer(part.cells))</span>",
                "<span class=\"num\">\(share)</span>", "<meter class=\"meter\" min=\"0\" max=\"1\" value=\"\(String(part.share ?? 0))\" aria-label=\"\(part.name)\">\(share)</meter>",
                "<span class=\"num\">\(view.formats.integer(part.incidents))</span>",
            ]
        }
        let columns = [
            View.Column(view.say("sector"), isTitle: true), View.Column(view.say("say.coverage.visited"), isNumber: true), View.Column(view.say("say.coverage.cells"), isNumber: true),
            View.Column(view.say("say.coverage.share"), isNumber: true), View.Column(view.say("say.figures.bar"), isSilent: true), View.Column(view.say("incident.plural"), isNumber: true),
        ]
        return """
        <section class="stack snug"><div class="spread"><h2>\(view.say("sector.plural"))</h2><a class="small" href="/situation/sectors">\(view.say("say.coverage.edit-sectors"))</a></div>\
        \(view.table(view.say("sector.plural"), columns, rows))</section>
        """
    }

    /// Cells with incidents and no patrol of late, the most incidents first; each number leads to the incidents.
    private static func neglected(_ coverage: Coverage, _ words: CoverageWorking, _ back: String, _ view: View) -> HTML {
        guard !coverage.neglected.isEmpty else { return .empty }
        let rows = coverage.neglected.prefix(50).map { gap -> [HTML] in
            let name = words.name(gap), count = view.formats.integer(gap.incidents.count)
            return [
                "<bdi>\(name)</bdi>", view.why("<span class=\"num\">\(count)</span>", "\(back)&why=cell.\(gap.cell.name)", "\(name), \(count)"),
                gap.last.map { view.time($0) } ?? "<span class=\"muted\">\(view.say("say.coverage.nobody"))</span>",
            ]
        }
        let columns = [View.Column(view.say("say.warning.cell"), isTitle: true), View.Column(view.say("incident.plural"), isNumber: true), View.Column(view.say("say.coverage.last"))]
        return "<section class=\"stack snug\"><h2>\(view.say("say.coverage.neglected"))</h2>\(view.table(view.say("say.coverage.neglected"), columns, Array(rows)))</section>"
    }
}
