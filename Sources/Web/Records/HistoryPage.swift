import Foundation
import Kernel

/// Every entry of a record's history: what, who, when, from what to what, and its place in the ledger.
struct HistoryPage {
    let record: RecordView
    let row: Row

    private var view: View { record.view }

    init(_ record: RecordView, name: String) throws {
        guard let row = try record.session.row(record.schema, named: name) else { throw Refusal.absent }
        self.record = record
        self.row = row
        try record.session.loadLabels([row])
    }

    func screen() throws -> Screen {
        let lines = try record.session.history(row)
        let proof = try record.session.proof(row)
        let words = HistoryWords(record: record)
        var held: [String: JSON] = [:], items: [(day: CalendarDate, html: HTML)] = []
        for line in lines {
            items.append((CalendarDate(line.at, in: view.formats.timeZone), item(line, words, held, isSigned: line.index < proof.size)))
            for change in line.changes { held[change.field.name] = change.value }
        }
        var sections: [HTML] = []
        var index = items.count
        while index > 0 {
            let day = items[index - 1].day
            let start = items[..<index].lastIndex { $0.day != day }.map { $0 + 1 } ?? 0
            let list: [HTML] = items[start..<index].reversed().map(\.html)
            sections.append("<section><h2>\(view.formats.date(day))</h2><ol class=\"timeline tall\">\(list)</ol></section>\n")
            index = start
        }
        let title = record.say("history.title", ["name": .text(row.reference ?? record.session.title(row))])
        let main: HTML = """
            <nav class="crumbs small" aria-label="\(record.say("crumbs"))"><a href="\(record.base)">\(record.plural)</a> / <a href="\(record.href(row))">\(record.title(row))</a></nav>
            <div class="head"><h1>\(title)</h1></div>
            \(summary(proof))
            <div class="timepage" data-region="history">\(sections)</div>
            """
        return Screen(title: title, app: record.schema.app, main: main, live: row.id.description)
    }

    /// How many entries are proved, and how anybody can check it without this server.
    private func summary(_ proof: (intact: Int, entries: Int, signed: Int, size: Int, root: Hash?)) -> HTML {
        let isWhole = proof.intact == proof.entries, isSigned = proof.root != nil && proof.signed == proof.entries
        let entries = record.say("working.proof.entries", ["done": .formatted(view.formats.integer(proof.intact)), "n": .count(proof.entries)])
        let signed = proof.root == nil ? record.say("working.proof.unsigned") : record.say("working.proof.signed", [
            "size": .formatted(view.formats.integer(proof.size)), "root": .text(proof.root.map { String($0.base64.prefix(8)) + "…" } ?? ""),
            "done": .formatted(view.formats.integer(proof.signed)), "all": .formatted(view.formats.integer(proof.entries)),
        ])
        return """
            <div class="proof">\(view.shape(isWhole ? "done" : "bad", isWhole ? "good" : "bad"))<span>\(entries)</span>\
            \(view.shape(isSigned ? "done" : "half", isSigned ? "good" : "accent"))<span>\(signed)</span></div>
            <details class="more-box" id="offline"><summary>\(record.say("history.offline"))</summary><div class="prose"><p>\(record.say("history.offline.text"))</p>
            <p dir="ltr"><code>mandate verify --proof \(record.say("history.offline.file")) --key "\(record.platform.signer.key.vkey)"</code></p><p>\(record.say("history.offline.key"))</p></div></details>
            """
    }

    private func item(_ line: HistoryLine, _ words: HistoryWords, _ held: [String: JSON], isSigned: Bool) -> HTML {
        let look = words.look(line, row)
        let changes: [HTML] = line.changes.map { change in
            let old = text(held[change.field.name] ?? .null, change.field), new = text(change.value, change.field)
            let before: HTML = old.isEmpty ? .empty : "<del>\(old)</del> "
            let after: HTML = new.isEmpty ? "<span class=\"muted\">\(record.say("working.field.empty"))</span>" : line.event == "create" ? created(change.value, change.field) ?? RecordView.structure(new) ?? HTML(text: new) : "<ins>\(new)</ins>"
            return "<dt>\(record.label(change.field))</dt><dd>\(before)\(after)</dd>\n"
        }
        // A new record was nothing before: its values are facts, not differences.
        let diff: HTML = changes.isEmpty ? .empty : "<dl class=\"\(line.event == "create" ? "facts" : "diff")\">\(changes)</dl>"
        let intact: HTML = line.isIntact ? .empty : " <span class=\"state is-bad\">\(view.shape("bad"))\(record.say("history.altered"))</span>"
        let proof: HTML = isSigned && line.index >= 0
            ? "<a href=\"/ledger/proof/\(line.index)\">\(record.say("history.entry", ["n": .formatted(view.formats.integer(line.index))]))</a>"
            : "\(record.say("history.entry", ["n": .formatted(view.formats.integer(max(0, line.index)))]))"
        return """
            <li>\(view.shape(look.shape, look.meaning))<time datetime="\(line.at.iso)">\(view.formats.time(line.at))</time>\
            <div><b>\(words.text(line))</b> · \(record.person(line.by))\(intact)\(diff)<div class="small muted">\(proof)</div></div></li>

            """
    }

    /// A first value as its record type reads it to people.
    private func created(_ json: JSON, _ field: FieldSchema) -> HTML? {
        guard !field.isSystem, field.kind != .secret, let value = try? Value(json, for: field) else { return nil }
        var then = row
        then[field.name] = value
        return record.told(field, then)
    }

    private func text(_ json: JSON, _ field: FieldSchema) -> String {
        guard json != .null else { return "" }
        if field.kind == .secret { return record.say("working.field.secret") }
        let value = field.name == "state" && field.isSystem ? json.string.map(Value.text) : try? Value(json, for: field)
        if !field.isSystem, let value, let told = try? record.session.told(value, of: field, in: row) { return told }
        let shown = value.map { record.session.shown($0, of: field, in: record.schema, view.formats) } ?? json.string ?? json.text
        // Latitude first, also where the text around it runs from right to left.
        return field.kind == .place ? "\u{2066}\(shown)\u{2069}" : shown
    }
}
