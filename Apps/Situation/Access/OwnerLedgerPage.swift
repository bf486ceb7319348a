import Foundation
import Kernel

/// The ledger as a data owner reads it: time to share, refusals, use, and what is open to whom.
enum OwnerLedgerPage {
    static let page = Page("owned", for: [.dataOwner], show: show)
    private static let periods = [30, 90, 365]

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let days = view.parameter("days").flatMap(Int.init).flatMap { periods.contains($0) ? $0 : nil } ?? 90
        let ledger = try OwnerLedger(days: days, view.session)
        let asked = view.parameter("why").flatMap { working($0, ledger, view) }
        if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
        let panel = asked?.panel(heading: view.say("say.working"), close: view.say("say.working-close"), back: address(days), formats: view.formats)
        let options = periods.map { "<option value=\"\($0)\"\(flag: "selected", $0 == days)>\(view.say("say.exchange.days", ["n": .count($0)]))</option>" as HTML }
        return .page(title: view.say("page.owned"), """
        <div class="head"><div><h1>\(view.say("page.owned"))</h1><p class="muted">\(view.say("say.owned.lead"))</p></div></div>
        <form class="row" method="get" action="/situation/owned"><label for="days">\(view.say("say.exchange.period"))</label>\
        <select class="input short" id="days" name="days">\(options)</select><button class="btn">\(view.say("say.exchange.show"))</button></form>
        <div class="stack">\(tiles(ledger, days, view))\(try requests(ledger, view))\(try uses(ledger, view))\(try openings(ledger, view))</div>
        \(panel)
        """)
    }

    private static func address(_ days: Int, why: String? = nil) -> String { "/situation/owned?days=\(days)" + (why.map { "&why=\($0)" } ?? "") }

    private static func share(_ reading: KaplanMeier.Reading, _ view: View) -> String {
        switch reading {
        case .reached(let seconds): view.formats.duration(seconds: seconds)
        case .atLeast(let seconds): "≥ \(view.formats.duration(seconds: seconds))"
        case .none: "—"
        }
    }

    private static func tiles(_ ledger: OwnerLedger, _ days: Int, _ view: View) -> HTML {
        func tile(_ name: String, _ value: String, _ why: String) -> HTML {
            """
            <div class="measure"><span class="spread"><span>\(view.say(name))</span>\(view.why(address(days, why: why), "\(view.say(name)), \(value)"))</span><span class="val"><bdi>\(value)</bdi></span></div>
            """
        }
        return """
        <div class="measures">\(tile("say.owned.sharing", share(ledger.sharing.reading(0.5), view), "sharing"))\
        \(tile("say.owned.refused", view.formats.integer(ledger.refused), "refused"))\(tile("say.owned.readings", view.formats.integer(ledger.readings), "readings"))\
        \(tile("say.owned.open", view.formats.integer(ledger.open.count), "open"))</div>
        """
    }

    // MARK: Tables

    private static func section(_ title: String, _ none: String, _ columns: [View.Column], _ rows: [[HTML]], _ view: View) -> HTML {
        let table: HTML = rows.isEmpty ? "<p class=\"muted\">\(view.say(none))</p>" : view.table(view.say(title), columns, rows)
        return "<section class=\"stack snug\"><h2>\(view.say(title))</h2>\(table)</section>"
    }

    private static func requests(_ ledger: OwnerLedger, _ view: View) throws -> HTML {
        let rows = ledger.asked.prefix(100).map { asked -> [HTML] in
            let request = asked.request
            return [
                "<a class=\"plain\" href=\"\(view.address(of: request))\"><bdi>\(request.reference)</bdi></a> <span class=\"ref\"><bdi>\(request[AccessRequest.about])</bdi></span>", view.person(request[AccessRequest.asker].id),
                view.stateText(request.row), view.time(request.createdAt), "<span class=\"num\">\(asked.decidedAfter.map { view.formats.duration(seconds: $0) } ?? "—")</span>",
            ]
        }
        let columns = [
            View.Column(view.say("access-request"), isTitle: true), View.Column(view.say("access-request.asker")), View.Column(view.say("field.state", of: Words.shared)),
            View.Column(view.say("say.owned.asked")), View.Column(view.say("say.owned.decided"), isNumber: true),
        ]
        return section("access-request.plural", "say.owned.nobody-asked", columns, Array(rows), view)
    }

    private static func uses(_ ledger: OwnerLedger, _ view: View) throws -> HTML {
        let rows = ledger.uses.prefix(100).map { use -> [HTML] in
            [
                "\(view.link(use.row))", "<a class=\"num\" href=\"\(view.address(of: use.row))/history\">\(view.formats.integer(use.readings))<span class=\"sr\"> \(use.row.reference ?? "")</span></a>",
                "<span class=\"num\">\(view.formats.integer(use.people))</span>", view.time(use.last),
            ]
        }
        let columns = [
            View.Column(view.say("say.owned.record"), isTitle: true), View.Column(view.say("say.owned.readings"), isNumber: true), View.Column(view.say("say.owned.people"), isNumber: true),
            View.Column(view.say("say.owned.last")),
        ]
        return section("say.owned.use", "say.owned.nobody-read", columns, Array(rows), view)
    }

    private static func openings(_ ledger: OwnerLedger, _ view: View) throws -> HTML {
        let rows = ledger.open.prefix(100).map { opening -> [HTML] in
            [
                "<bdi>\(opening[Opening.reference])</bdi>", view.person(opening[Opening.person].id), view.value(.text(opening[Opening.scope].rawValue), Opening.scope.schema, of: opening.row.schema),
                view.fullTime(opening[Opening.until]),
            ]
        }
        let columns = [
            View.Column(view.say("say.owned.record"), isTitle: true), View.Column(view.say("access-request.asker")), View.Column(view.say("access-request.scope")), View.Column(view.say("access-request.until")),
        ]
        return section("say.owned.open", "say.owned.nothing-open", columns, Array(rows), view)
    }

    // MARK: ∴

    private static func working(_ name: String, _ ledger: OwnerLedger, _ view: View) -> Working? {
        let period = Working.Part.fact(view.say("say.exchange.period"), "\(view.formats.dateTime(ledger.from)) – \(view.formats.dateTime(ledger.until))", link: nil)
        func number(_ key: String, _ n: Int) -> Working.Part { .fact(view.say(key), view.formats.integer(n), link: nil) }
        func made(_ question: String, _ answer: String, _ rule: String, _ parts: [Working.Part]) -> Working {
            Working(question: view.say(question), answer: answer, summary: view.say(rule), sections: [Working.Section(view.say("say.warning.computation"), note: view.say("say.owned.ledger"), [period] + parts)])
        }
        switch name {
        case "sharing":
            let sharing = ledger.sharing
            return made("say.owned.sharing", share(sharing.reading(0.5), view), "say.owned.sharing-rule", [
                number("access-request.state.granted", sharing.ended), number("say.owned.waiting", sharing.open), number("say.owned.refused", ledger.refused),
                .fact(view.say("say.owned.sharing-90"), share(sharing.reading(0.9), view), link: nil), .formula("S(t) = Π_{tᵢ ≤ t} (1 − dᵢ / nᵢ)"), .text(view.say("say.figures.at-least")),
            ])
        case "refused":
            return made("say.owned.refused", view.formats.integer(ledger.refused), "say.owned.refused-rule", [number("access-request.plural", ledger.asked.count), number("say.owned.refused", ledger.refused)])
        case "readings":
            let cut: [Working.Part] = ledger.isCut ? [.text(view.say("say.owned.cut", ["n": .formatted(view.formats.integer(OwnerLedger.most))]))] : []
            return made("say.owned.readings", view.formats.integer(ledger.readings), "say.owned.readings-rule", [number("say.owned.records-read", ledger.uses.count)] + cut)
        case "open": return made("say.owned.open", view.formats.integer(ledger.open.count), "say.owned.open-rule", [number("say.owned.open", ledger.open.count)])
        default: return nil
        }
    }
}
