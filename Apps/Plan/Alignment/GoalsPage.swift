import Foundation
import Kernel

/// The document beside the Sustainable Development Goals: which texts speak of which goal, by which words, and what people said of it.
struct GoalsPage {
    static let page = Page("goals", show: { try show($0) }, send: { try send($0) })

    let view: View
    let book: PlanBook
    let texts: [AlignedText]
    /// What is listed: of one goal, of one subprogramme, or all.
    let goal: Int?
    let programme: Deliverable.Programme?
    /// How many of those listed come before.
    var skipped = 0

    /// Texts listed at a time: a page stays light on a bad link.
    private static let most = 8

    private static func show(_ view: View) throws -> Page.Answer {
        guard let book = try PlanBook(view) else { return emptyPlan(view, "goals") }
        let page = GoalsPage(
            view: view, book: book, texts: try book.alignedTexts(view), goal: view.parameter("goal").flatMap { Int($0) }.flatMap { Goals.all.contains($0) ? $0 : nil },
            programme: view.parameter("programme").flatMap(Deliverable.Programme.init),
            skipped: view.parameter("after").flatMap { Int($0) }.map { max(0, min($0, 100_000)) } ?? 0)
        if let why = view.parameter("why") {
            let asked = why.split(separator: "/")
            guard asked.count == 2, let text = page.texts.first(where: { $0.id.description == asked[0] }), let goal = Int(asked[1]), Goals.all.contains(goal) else { throw Refusal.absent }
            return .page(title: view.say("page.goals"), "\(try page.html())\(view.panel(GoalWorking(view: view).working(text, goal), back: page.address(goal: page.goal, programme: page.programme)))")
        }
        return .page(title: view.say("page.goals"), try page.html())
    }

    /// A person's word on one text and one goal.
    private static func send(_ view: View) throws -> Page.Answer {
        guard let book = try PlanBook(view) else { throw Refusal.absent }
        let sent = (view.sent("judge") ?? "").split(separator: "/")
        guard sent.count == 3, let id = RecordID(String(sent[0])), let goal = Int(sent[1]), Goals.all.contains(goal), let verdict = GoalJudgement.Verdict(rawValue: String(sent[2])),
              let text = try book.alignedTexts(view, of: id).first
        else { throw Refusal.absent }
        if let before = text.judged[goal] {
            try view.session.change(before) { $0[GoalJudgement.verdict] = verdict }
        } else {
            _ = try view.session.create(GoalJudgement.self) { draft in
                draft[GoalJudgement.document] = book.document.ref
                draft[GoalJudgement.subject] = text.id.description
                draft[GoalJudgement.text] = String(text.text.prefix(4_000))
                draft[GoalJudgement.goal] = goal
                draft[GoalJudgement.verdict] = verdict
            }
        }
        let page = GoalsPage(view: view, book: book, texts: [], goal: view.parameter("goal").flatMap { Int($0) }, programme: view.parameter("programme").flatMap(Deliverable.Programme.init))
        return .redirect(page.address(goal: page.goal, programme: page.programme) + "#text-\(text.id.description)")
    }

    private func address(goal: Int?, programme: Deliverable.Programme?, after: Int = 0, why: String? = nil) -> String {
        let parts = [("document", view.parameter("document")), ("goal", goal.map(String.init)), ("programme", programme?.rawValue), ("after", after > 0 ? String(after) : nil), ("why", why)]
        return "/plan/goals?" + parts.compactMap { name, value in
            value.flatMap { $0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) }.map { "\(name)=\($0)" }
        }.joined(separator: "&")
    }

    private func html() throws -> HTML {
        let missing = Goals.all.filter { goal in !texts.contains { $0.goals.contains(goal) } }
        let gaps: HTML = missing.isEmpty ? .empty : """
            <p>\(view.say("say.goals.gaps", ["goals": .formatted(view.formats.list(missing.map { "\(view.formats.integer($0)) \(Goals.name($0, view.language))" }))]))</p>
            """
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.goals")))
            <h1>\(view.say("page.goals"))</h1>
            <p>\(view.say("say.goals.explained"))</p>
            \(map)\(gaps)
            \(list)
            <p class="small muted">\(view.say("say.source", ["symbol": .text(book.figures.symbol)]))</p>
            </div>
            """
    }

    // MARK: The map

    private func name(_ programme: Deliverable.Programme?) -> String {
        programme.map { view.say("deliverable.programme.\($0.rawValue)") } ?? view.say("say.goals.whole-document")
    }

    /// Subprogrammes across, goals down: how many texts speak of each.
    private var map: HTML {
        let columns: [Deliverable.Programme?] = (Deliverable.Programme.allCases + [nil]).filter { column in texts.contains { $0.programme == column } }
        let heads = columns.map { "<th scope=\"col\" class=\"n\">\(name($0))</th>" as HTML }
        let rows = Goals.all.map { goal -> HTML in
            let own = texts.filter { $0.goals.contains(goal) }
            let cells = columns.map { column -> HTML in
                let count = own.filter { $0.programme == column }.count
                guard count > 0 else { return "<td class=\"n nil\">—</td>" }
                return "<td class=\"n\"><a href=\"\(url: address(goal: goal, programme: column))#texts\"><bdi>\(view.formats.integer(count))</bdi></a></td>"
            }
            return """
                <tr><th scope="row" class="wrap"><span class="num">\(view.formats.integer(goal))</span> \(Goals.name(goal, view.language))</th>\(cells)\
                <td class="n"><b><bdi>\(own.isEmpty ? "—" : view.formats.integer(own.count))</bdi></b></td></tr>
                """
        }
        return view.scroll(view.say("say.goals.map"), """
            <table class="table flush"><caption class="sr">\(view.say("say.goals.map"))</caption>
            <thead><tr><th scope="col">\(view.say("goal-judgement.goal"))</th>\(heads)<th scope="col" class="n">\(view.say("say.sum"))</th></tr></thead><tbody>\(rows)</tbody></table>
            """)
    }

    // MARK: The texts

    private var list: HTML {
        let found = texts.filter { text in
            (goal.map { text.goals.contains($0) || text.judged[$0] != nil } ?? !(text.proposed.isEmpty && text.judged.isEmpty)) && (programme == nil || text.programme == programme)
        }.map { (text: $0, score: ($0.proposed.first { $0.goal == goal } ?? $0.proposed.first)?.score ?? 0) }.sorted { $0.score > $1.score }.map(\.text)
        let shown = found.dropFirst(skipped).prefix(Self.most)
        let heading = goal.map { "\(view.formats.integer($0)) \(Goals.name($0, view.language))" } ?? view.say("say.goals.texts")
        let all: HTML = goal == nil && programme == nil ? .empty : "<p><a href=\"\(url: address(goal: nil, programme: nil))#texts\">\(view.say("say.goals.all"))</a></p>"
        let items: HTML = shown.isEmpty ? "<p class=\"muted\">\(view.say("say.goals.none"))</p>" : "<ul class=\"list loose\">\(shown.map(item))</ul>"
        let left = found.count - skipped - shown.count
        let more: HTML = left <= 0 ? .empty : """
            <p><a class="btn" href="\(url: address(goal: goal, programme: programme, after: skipped + Self.most))#texts">\(view.say("say.goals.more", ["n": .count(left)]))</a></p>
            """
        return """
            <section class="stack snug" id="texts"><h2>\(heading)</h2>\
            <p class="muted">\(view.say("say.goals.counted", ["n": .count(found.count), "all": .formatted(view.formats.integer(texts.count))]))</p>\(all)\(items)\(more)</section>
            """
    }

    private func item(_ text: AlignedText) -> HTML {
        let closest = text.proposed.first { $0.goal == goal } ?? text.proposed.first
        let own = (text.proposed.map(\.goal) + text.judged.keys.filter { goal in !text.proposed.contains { $0.goal == goal } }.sorted()).map { line(text, $0) }
        let list: HTML = mayJudge ? """
            <form method="post" action="\(url: address(goal: goal, programme: programme))">\(view.token)<ul class="list">\(own)</ul></form>
            """ : "<ul class=\"list\">\(own)</ul>"
        return """
            <li id="text-\(text.id.description)" class="stack snug"><p><a class="plain" href="\(url: text.address)"\(attribute: "lang", view.foreign(text.language))><bdi>\(marked(text.text, closest?.evidence ?? []))</bdi></a></p>
            <p class="small muted">\(view.say("say.goals.kind.\(text.kind.rawValue)")) · \(name(text.programme))</p>
            \(list)</li>
            """
    }

    private func marked(_ text: String, _ evidence: [Range<String.Index>]) -> HTML {
        var parts: [HTML] = [], index = text.startIndex
        // Words that touch, as ideographs do, are marked as one.
        let runs = evidence.reduce(into: [Range<String.Index>]()) { runs, range in
            if let last = runs.last, last.upperBound == range.lowerBound { runs[runs.count - 1] = last.lowerBound..<range.upperBound } else { runs.append(range) }
        }
        for range in runs {
            parts.append("\(String(text[index..<range.lowerBound]))<mark>\(String(text[range]))</mark>")
            index = range.upperBound
        }
        parts.append("\(String(text[index...]))")
        return "\(parts)"
    }

    private func line(_ text: AlignedText, _ goal: Int) -> HTML {
        let score = GoalWorking.score(text, goal, view.formats), label = "\(view.formats.integer(goal)) \(Goals.name(goal, view.language))"
        let verdict = text.judged[goal].map { $0[GoalJudgement.verdict] }
        let state: HTML = verdict.map { view.state($0 == .confirmed, view.say("goal-judgement.verdict.\($0.rawValue)")) } ?? "<span class=\"muted\">\(view.say("say.goals.proposed"))</span>"
        return """
            <li class="row">\(label) <span class="num">\(score)</span>\
            \(view.why("\(label), \(score)", address(goal: self.goal, programme: programme, after: skipped, why: "\(text.id.description)/\(goal)"), isOpen: view.parameter("why") == "\(text.id.description)/\(goal)"))\
            \(state)\(buttons(text, goal, verdict, label))</li>
            """
    }

    private var mayJudge: Bool { view.session.mayCreate(view.session.platform.schema(of: GoalJudgement.self)) }

    private func buttons(_ text: AlignedText, _ goal: Int, _ verdict: GoalJudgement.Verdict?, _ label: String) -> HTML {
        guard mayJudge else { return .empty }
        let buttons = GoalJudgement.Verdict.allCases.filter { $0 != verdict }.map { verdict -> HTML in
            let word = view.say("say.goals.\(verdict.rawValue)")
            return """
                <button class="btn small" name="judge" value="\(text.id.description)/\(goal)/\(verdict.rawValue)" aria-label="\(view.say("say.goals.for", ["what": .text(word), "goal": .text(label)]))">\(word)</button>
                """
        }
        return "<span class=\"row end\">\(buttons)</span>"
    }
}
