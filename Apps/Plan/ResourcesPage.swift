import Kernel

/// The document's tables of resources and posts, digit for digit; every number can be asked why.
func resourcesPage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "resources") }
    let page = ResourcesPage(view: view, book: book, words: PlanWords(view: view, figures: book.figures))
    let tables = page.tab.tables(book.figures).map { view.say("say.part.table", ["name": .text($0)]) }
    return .page(title: ([page.title] + tables.prefix(1)).joined(separator: " · "), try page.html())
}

/// What stands on the pages while no document has been brought in.
func emptyPlan(_ view: View, _ page: String, _ text: String = "document.empty") -> Page.Answer {
    let title = view.say("page.\(page)")
    return .page(title: title, "<div class=\"page stack\"><h1>\(title)</h1><div class=\"empty\"><p>\(view.say(text))</p></div></div>")
}

struct ResourcesPage {
    let view: View
    let book: PlanBook
    let words: PlanWords
    let tab: Tab
    let sheets: [Sheet]
    /// The number that is asked why.
    let asked: (cell: Cell, unit: ResourceLine.Unit)?

    init(view: View, book: PlanBook, words: PlanWords) {
        self.view = view
        self.book = book
        self.words = words
        tab = view.parameter("table").flatMap { name in Tab(rawValue: name) ?? Tab.allCases.first { $0.tables(book.figures).contains(name) } } ?? .resources
        sheets = Sheets(words: words, figures: book.figures).sheets(tab)
        asked = view.parameter("why").flatMap { [sheets] why in sheets.lazy.compactMap { sheet in sheet.cell(asked: why).map { ($0, sheet.unit) } }.first }
    }

    var title: String { view.say("page.resources") }

    func address(_ tab: Tab, why: String? = nil) -> String {
        let document = view.parameter("document").map { "&document=\(PlanAddress.encode($0))" } ?? ""
        return "/plan/resources?table=\(tab.rawValue)\(document)\(why.map { "&why=\(PlanAddress.encode($0))" } ?? "")"
    }

    func html() throws -> HTML {
        if view.parameter("table") != nil, view.parameter("table") != tab.rawValue, !tab.tables(book.figures).contains(view.parameter("table") ?? "") { throw Refusal.absent }
        if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
        let panel = try asked.map { try CellWorking(book: book, words: words).working($0.cell, $0.unit) }
        return """
            <div class="page wide stack">
            \(head())
            \(tabs())
            \(ChecksBar(book: book, words: words).html(tables: Set(tab.tables(book.figures))))
            \(sheets.map(table))
            <p class="small muted">\(view.say("say.source", ["symbol": .text(book.figures.symbol)])) \(view.say("say.ask-why"))</p>
            </div>
            \(panel.map { view.panel($0, back: address(tab)) })
            """
    }

    private func head() -> HTML {
        """
        \(view.crumbs(book.document, title))
        <div class="head"><h1>\(title)</h1>\(tab.tables(book.figures).map { view.tag(view.say("say.part.table", ["name": .text($0)])) })\(edit)</div>
        """
    }

    /// The way to where it is changed, for those who may.
    private var edit: HTML {
        guard view.session.mayCreate(view.session.platform.schema(of: ResourceLine.self)), tab == .resources || tab == .components else { return .empty }
        return "<div class=\"end\"><a class=\"btn small\" href=\"/plan/table?table=\(tab.rawValue)\">\(view.icon("edit"))\(view.say("page.table"))</a></div>"
    }

    private func tabs() -> HTML {
        let items = Tab.allCases.map { tab -> HTML in
            """
            <a href="\(url: address(tab))"\(attribute: "aria-current", tab == self.tab ? "page" : nil)><bdi>\(view.formats.digits(tab.rawValue))</bdi> \
            \(view.say("say.tab.\(tab.rawValue)"))</a>
            """
        }
        return "<nav class=\"tabs\" aria-label=\"\(view.say("say.tables"))\">\(items)</nav>"
    }

    // MARK: The table

    private func table(_ sheet: Sheet) -> HTML {
        let body = sheet.rows.filter { $0.kind != .total }, foot = sheet.rows.filter { $0.kind == .total }
        let title: HTML = sheets.count > 1 ? "<h2>\(sheet.title)</h2>" : .empty
        return """
            <section class="stack snug">\(title)
            \(view.scroll(sheet.title, """
            <table class="sheet\(sheet.heads.count < 5 ? " few" : "")"><caption class="sr">\(sheet.title), \(sheet.caption)</caption><colgroup><col class="obj"><col span="\(sheet.heads.count)"></colgroup>
            <thead>\(groups(sheet))<tr><th scope="col">\(sheet.label)</th>\(sheet.heads.map { "<th scope=\"col\">\(words.column($0.column, $0.year))</th>" as HTML })</tr></thead>
            <tbody>\(body.map { row($0, sheet) })</tbody>\(foot.isEmpty ? .empty : "<tfoot>\(foot.map { row($0, sheet) })</tfoot>")</table>
            """))</section>
            """
    }

    /// The line above the heads: the unit, and what several columns belong to.
    private func groups(_ sheet: Sheet) -> HTML {
        let changes: Set<ResourceLine.Column> = [.technicalAdjustments, .newMandates, .otherChanges, .totalChange, .percentage]
        let estimates: Set<ResourceLine.Column> = [.beforeRecosting, .recosting, .afterRecosting]
        let first = sheet.heads.prefix { !changes.contains($0.column) && !estimates.contains($0.column) }.count
        var html: HTML = "<th colspan=\"\(first + 1)\" scope=\"colgroup\" class=\"normal\">\(sheet.caption)</th>"
        for (columns, word) in [(changes, "changes"), (estimates, "estimate")] {
            let count = sheet.heads.count { columns.contains($0.column) }
            guard count > 0 else { continue }
            let name = view.say("say.group.\(word)", ["year": .formatted(words.year(book.figures.year))])
            html += count > 1 ? "<th colspan=\"\(count)\" class=\"span\" scope=\"colgroup\"><span>\(name)</span></th>" : "<td></td>"
        }
        let rest = sheet.heads.dropFirst(first).count { !changes.contains($0.column) && !estimates.contains($0.column) }
        if rest > 0 { html += "<td colspan=\"\(rest)\"></td>" }
        return "<tr>\(html)</tr>"
    }

    private func row(_ row: Sheet.Row, _ sheet: Sheet) -> HTML {
        let faults = sheet.heads.flatMap { head in book.verdicts(on: sheet.cell(row, head)).filter(\.isFault) }
        let own = faults.reduce(into: [Verdict]()) { list, verdict in if !list.contains(where: { $0.relation.id == verdict.relation.id }) { list.append(verdict) } }
        let isAsked = sheet.heads.contains { asked?.cell == sheet.cell(row, $0) }
        let cells = sheet.heads.map { cell(row, $0, sheet) }
        let label: HTML = row.kind == .subtotal ? "<b>\(row.label)</b>" : "\(row.label)"
        // What is said against a row stands under it once one of its numbers is asked.
        let says: HTML = isAsked && !own.isEmpty ? "<tr class=\"says\"><td colspan=\"\(sheet.heads.count + 1)\">\(own.map(says))</td></tr>" : .empty
        return "<tr\(attribute: "class", isAsked && !own.isEmpty ? "fails" : nil)><th scope=\"row\">\(label)</th>\(cells)</tr>\(says)\n"
    }

    private func says(_ verdict: Verdict) -> HTML {
        "<div class=\"row\"><svg class=\"s is-warn\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#s-warn\"/></svg><span class=\"grow\">\(words.sentence(verdict))</span></div>"
    }

    /// What a row computes from its other numbers.
    static let computed: Set<ResourceLine.Column> = [.totalChange, .percentage, .beforeRecosting, .afterRecosting]

    private func cell(_ row: Sheet.Row, _ head: Sheet.Head, _ sheet: Sheet) -> HTML {
        let cell = sheet.cell(row, head)
        let unit: ResourceLine.Unit = head.column == .percentage ? .percent : sheet.unit
        let shown = words.number(book.figures.amounts[cell], unit)
        let isAsked = asked?.cell == cell
        var classes = ["n"]
        if isAsked { classes.append("asked") } else if ResourcesPage.computed.contains(head.column) { classes.append("calc") }
        if book.figures.amounts[cell] == nil { classes.append("nil") }
        let href = address(tab, why: "\(row.key),\(head.key)")
        let isDisputed = book.verdicts.contains { $0.isFault && $0.relation.disputes(cell) }
        let flag: HTML = isDisputed ? """
            <svg class="s flag" aria-hidden="true"><use href="/assets/icons.svg#s-warn"/></svg><span class="sr">\(view.say("say.disputed"))</span>
            """ : .empty
        let why: HTML = isAsked ? view.why(shown, address(tab), isOpen: true) : .empty
        return """
            <td\(attribute: "id", isAsked ? "asked" : nil) class="\(classes.joined(separator: " "))">\(flag)<a class="plain" data-turn href="\(url: href)#asked"><bdi>\(shown)</bdi></a>\(why)</td>
            """
    }
}

/// Percent-encoding of what stands in the query of an address.
enum PlanAddress {
    static func encode(_ text: String) -> String {
        let hex = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            let isPlain = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "-._~,".utf8.contains(byte)
            if isPlain { bytes.append(byte) } else { bytes += [UInt8(ascii: "%"), hex[Int(byte >> 4)], hex[Int(byte & 15)]] }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

/// How many relations hold, of the document and of what is shown, and the way to all of them.
struct ChecksBar {
    let book: PlanBook
    let words: PlanWords

    func html(tables: Set<String>) -> HTML {
        let view = words.view
        let faults = book.verdicts.count(where: \.isFault)
        let here = book.verdicts(onTables: tables)
        let kept = here.count(where: \.isKept), expected = here.count { !$0.relation.kind.isCounterTest }
        let number = { (n: Int) in WordArgument.formatted(view.formats.integer(n)) }
        return """
            <div class="checks">\(view.state(faults == 0, view.say("say.relations-fail", ["n": .count(faults), "total": number(book.verdicts.count)])))
            \(view.state(kept >= expected, view.say("say.relations-here", ["kept": number(kept), "total": number(expected)])))
            <a class="push" href="/plan/checks">\(view.say("page.checks"))</a></div>
            """
    }
}
