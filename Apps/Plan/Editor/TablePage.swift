import Kernel

/// A table of resources to work in: plain cells are typed into, shaded ones follow. A form for those without a script, a grid for the others.
func tablePage(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { return emptyPlan(view, "table") }
    let words = PlanWords(view: view, figures: book.figures)
    return .page(title: view.say("page.table"), try TablePage(view: view, book: book, words: words, sheet: TablePage.sheet(view, words)).html())
}

/// Stores what was typed.
func saveTable(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { throw Refusal.absent }
    let sheet = try TablePage.sheet(view, PlanWords(view: view, figures: book.figures))
    try TableEdit(book, sheet, view).save(view)
    return .redirect("/plan/table?table=\(TablePage.tab(view).rawValue)&saved=1")
}

/// Computes what was typed without storing it: what the shaded cells would say, and which relations would fail.
func checkTable(_ view: View) throws -> Page.Answer {
    guard let book = try PlanBook(view) else { throw Refusal.absent }
    let sheet = try TablePage.sheet(view, PlanWords(view: view, figures: book.figures))
    let edit = TableEdit(book, sheet, view)
    let words = PlanWords(view: view, figures: edit.figures)
    var cells: [String: JSON] = [:]
    for row in sheet.rows {
        for head in sheet.heads where TableEdit.isComputed(row, head) {
            cells[TableEdit.name(row, head)] = .string(words.number(edit.figures.amounts[sheet.cell(row, head)], head.column == .percentage ? .percent : sheet.unit))
        }
    }
    let wrong = edit.faults.compactMap { fault in fault.field.map { ($0, JSON.string(view.sentence(fault))) } }
    return .json([
        "cells": .object(cells), "wrong": .object(Dictionary(wrong, uniquingKeysWith: { first, _ in first })),
        "fails": .array(edit.verdicts.map { .string(words.sentence($0)) }), "changed": .integer(Int64(edit.typed.count)),
    ])
}

struct TablePage {
    let view: View
    let book: PlanBook
    let words: PlanWords
    let sheet: Sheet

    static func tab(_ view: View) -> Tab { (view.sent("table") ?? view.parameter("table")).flatMap(Tab.init(rawValue:)) == .components ? .components : .resources }

    /// Tables 11 and 14, of the regular budget.
    static func sheet(_ view: View, _ words: PlanWords) throws -> Sheet {
        guard let sheet = Sheets(words: words, figures: words.figures).sheets(tab(view)).first else { throw Refusal.absent }
        return sheet
    }

    func html() throws -> HTML {
        let tab = TablePage.tab(view)
        let edit = TableEdit(book, sheet, view)
        let tabs = [Tab.resources, .components].map { other -> HTML in
            "<a href=\"/plan/table?table=\(other.rawValue)\"\(attribute: "aria-current", other == tab ? "page" : nil)><bdi>\(view.formats.digits(other.rawValue))</bdi> \(view.say("say.tab.\(other.rawValue)"))</a>"
        }
        let saved: HTML = view.parameter("saved") == nil || view.refusal != nil ? .empty : view.notice("good", HTML(text: view.say("say.table.saved")))
        let heads = sheet.heads.map { "<th scope=\"col\">\(words.column($0.column, $0.year))</th>" as HTML }
        let fails = edit.verdicts.map { "<li class=\"row tight\">\(view.shape("warn", "warn"))<span class=\"grow\">\(PlanWords(view: view, figures: edit.figures).sentence($0))</span></li>" as HTML }
        return """
            <div class="page wide stack">
            \(view.crumbs(book.document, view.say("page.table")))
            <div class="head"><h1>\(view.say("page.table"))</h1><div class="end"><a class="btn small" href="/plan/resources?table=\(tab.rawValue)">\(view.say("say.table.read"))</a></div></div>
            \(saved)\(view.faultSummary { name in view.say("say.table.cell", ["name": .text(name)]) })
            <nav class="tabs" aria-label="\(view.say("say.tables"))">\(tabs)</nav>
            <p class="small muted">\(view.say("say.table.explained"))<span class="js-only"> \(view.say("say.table.keys"))</span></p>
            <form class="stack snug" method="post" action="/plan/table" data-sheet="/plan/table/check" data-why="\(view.say("say.working"))">\(view.token)<input type="hidden" name="table" value="\(tab.rawValue)">
            \(view.scroll(sheet.title, """
            <table class="sheet"><caption class="sr">\(sheet.title), \(sheet.caption)</caption><colgroup><col class="obj"><col span="\(sheet.heads.count + 1)"></colgroup>
            <thead><tr><th scope="col">\(sheet.label)</th>\(heads)<td><span class="sr">\(view.say("say.table.save"))</span></td></tr></thead><tbody>\(sheet.rows.map { row($0, edit) })</tbody></table>
            """))
            <div aria-live="polite"><ul class="list tight small" data-fails>\(fails)</ul></div>
            <div class="row"><button class="btn primary">\(view.say("say.table.save"))</button></div></form>
            <p class="small muted">\(sheet.caption)</p>
            </div>
            """
    }

    private func row(_ row: Sheet.Row, _ edit: TableEdit) -> HTML {
        let cells = sheet.heads.map { cell(row, $0, edit) }
        let save: HTML = row.kind == .plain ? "<button class=\"btn small quiet no-js\" name=\"row\" value=\"\(row.key)\">\(view.say("say.table.save"))<span class=\"sr\"> \(row.label)</span></button>" : .empty
        let label: HTML = row.kind == .plain ? "\(row.label)" : "<b>\(row.label)</b>"
        return "<tr><th scope=\"row\">\(label)</th>\(cells)<td>\(save)</td></tr>\n"
    }

    private func cell(_ row: Sheet.Row, _ head: Sheet.Head, _ edit: TableEdit) -> HTML {
        let cell = sheet.cell(row, head), name = TableEdit.name(row, head)
        let why = "/plan/resources?table=\(TablePage.tab(view).rawValue)&why=\(PlanAddress.encode("\(row.key),\(head.key)"))"
        let unit: ResourceLine.Unit = head.column == .percentage ? .percent : sheet.unit
        if TableEdit.isComputed(row, head) {
            return "<td class=\"n calc\" data-calc=\"\(name)\"><a class=\"plain\" href=\"\(url: why)#asked\"><bdi>\(words.number(edit.figures.amounts[cell], unit))</bdi></a></td>"
        }
        let standing = book.figures.amounts[cell]
        let text = view.form["c.\(name)"]?.first ?? (standing == nil || standing == 0 ? "" : words.number(standing, unit))
        let isWrong = view.fault("c.\(name)") != nil
        return """
            <td class="n"><input id="f-c.\(name)" name="c.\(name)" value="\(text)" inputmode="decimal" autocomplete="off" dir="ltr" placeholder="—" data-why="\(url: why)#asked"\
            \(attribute: "aria-invalid", isWrong ? "true" : nil) aria-label="\(row.label), \(words.column(head.column, head.year))"><input type="hidden" name="v.\(name)" value="\(book.lines[cell]?.version ?? 0)"></td>
            """
    }
}
