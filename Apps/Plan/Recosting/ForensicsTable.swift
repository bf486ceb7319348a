import Foundation
import Kernel

/// What the printed recosting tells of the rates behind it: for each object of expenditure the interval that gives the printed number.
struct ForensicsTable {
    let words: PlanWords

    private var view: View { words.view }

    func html() -> HTML {
        let forensics = Forensics(words.figures)
        guard let posts = forensics.posts, let common = forensics.common else { return .empty }
        let title = view.say("say.forensics")
        let heads = ["before-recosting", "recosting"].map { "<th scope=\"col\" class=\"n\">\(view.say("say.column.\($0)"))</th>" as HTML }
        let verdict = common.isEmpty
            ? view.say("say.forensics.none", ["low": .formatted(percent(common.low)), "high": .formatted(percent(common.high))])
            : view.say("say.forensics.some", ["low": .formatted(percent(common.low)), "high": .formatted(percent(common.high))])
        return """
            <section class="stack snug"><h2>\(title)</h2><p>\(view.say("say.forensics.explained"))</p>
            \(view.scroll(title, """
            <table class="table snug"><caption class="sr">\(title)</caption><thead><tr><th scope="col">\(view.say("resource-line.object"))</th>\(heads)\
            <th scope="col" class="n">\(view.say("say.forensics.from"))</th><th scope="col" class="n">\(view.say("say.forensics.below"))</th></tr></thead>
            <tbody>\(([posts] + forensics.lines).map(row))</tbody></table>
            """))
            <p>\(verdict)</p></section>
            """
    }

    private func row(_ line: Forensics.Line) -> HTML {
        let cell = "/plan/resources?table=11&why=\(line.object.rawValue),recosting"
        return """
            <tr><th scope="row">\(words.object(line.object))</th><td class="n"><bdi>\(words.number(line.before, .thousandDollars))</bdi></td>\
            <td class="n"><a class="plain" href="\(url: cell)#asked"><bdi>\(words.number(line.recosting, .thousandDollars))</bdi></a></td>\
            <td class="n"><bdi>\(percent(line.interval.low))</bdi></td><td class="n"><bdi>\(percent(line.interval.high))</bdi></td></tr>

            """
    }

    private func percent(_ factor: Decimal) -> String {
        view.say("say.per-cent", ["n": .formatted(view.formats.decimal(factor * 100, scale: 4))])
    }
}
