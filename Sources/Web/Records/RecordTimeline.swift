import Kernel

/// What stands beside a record: its history, tags, who may see it, how it is proved.
struct RecordTimeline {
    let page: RecordPage

    private var view: View { page.view }
    private var record: RecordView { page.record }
    private var row: Row { page.row }

    static let shown = 20

    func html() throws -> HTML {
        "\(try tags())\(try timeline())\(try proof())"
    }

    // MARK: History

    private func timeline() throws -> HTML {
        let lines = try page.session.history(row)
        let words = HistoryWords(record: record)
        let items: [HTML] = lines.reversed().prefix(RecordTimeline.shown).map { line in
            let look = words.look(line, row)
            return "<li>\(view.shape(look.shape, look.meaning))\(view.time(line.at)) \(words.text(line)) <span class=\"muted\">\(record.person(line.by))</span></li>\n"
        }
        let rest: HTML = lines.count > RecordTimeline.shown
            ? "<p class=\"small\"><a href=\"\(page.href)/history\">\(record.say("history.all", ["n": .count(lines.count)]))</a></p>" : .empty
        return """
            <section class="stack snug" aria-labelledby="timeline"><h2 id="timeline">\(record.say("timeline"))</h2>
            <div data-region="timeline"><ol class="timeline">\(items)</ol>\(rest)</div></section>
            """
    }

    // MARK: Tags

    private func tags() throws -> HTML {
        guard page.schema.features.contains(.tags) else { return .empty }
        let words = try page.session.tags(row)
        let list: HTML = words.isEmpty ? "<span class=\"muted small\">\(record.say("tags.none"))</span>" : words.map { word -> HTML in "<span class=\"tag\"><bdi>\(word)</bdi></span>" }.joined(separator: " ")
        let edit: HTML = try page.session.mayChange(row) ? """
            <details class="more-box" id="edit-tags"><summary>\(record.say("tags.edit"))</summary><form class="stack snug" method="post" action="\(page.href)/tags">\(view.token)
            <div class="field"><label for="tags">\(record.say("tags"))</label><span class="hint" id="tags-hint">\(record.say("tags.hint"))</span>\
            <input class="input" id="tags" name="tags" aria-describedby="tags-hint" maxlength="1000" value="\(words.joined(separator: ", "))"></div>
            <div class="row"><button class="btn small">\(record.say("save"))</button></div></form></details>
            """ : .empty
        return "<section class=\"stack snug\" aria-labelledby=\"tags-title\"><h2 id=\"tags-title\">\(record.say("tags"))</h2><div data-region=\"tags\"><p>\(list)</p></div>\(edit)</section>"
    }

    // MARK: Who sees it, and the proof

    private func proof() throws -> HTML {
        let proof = try page.session.proof(row)
        let isWhole = proof.intact == proof.entries
        let text = record.say("working.proof.entries", ["done": .formatted(view.formats.integer(proof.intact)), "n": .count(proof.entries)])
        return """
            <section class="stack snug small"><p class="row tight">\(view.icon("eye"))<span class="why-line">\(record.say("access"))\(record.why(row, of: "access", about: record.say("access")))</span></p>
            <div class="proof" data-region="proof"><svg class="s \(isWhole ? "is-good" : "is-bad")" aria-hidden="true"><use href="/assets/icons.svg#s-\(isWhole ? "done" : "bad")"/></svg>\
            <span>\(text) <a href="\(page.href)/history">\(record.say("history.check"))</a></span></div></section>
            """
    }
}

/// Says what an entry of the history did.
struct HistoryWords {
    let record: RecordView

    func text(_ line: HistoryLine) -> HTML {
        if line.event.hasPrefix("move.") {
            let move = String(line.event.dropFirst(5))
            return HTML(text: record.own(ifAny: "move.\(move).done") ?? record.own(ifAny: "move.\(move)") ?? move)
        }
        let labels = line.changes.map { record.label($0.field) }
        switch line.event {
        case "change", "erase", "recompute":
            let names = labels.isEmpty ? (line.facts["erased"]?.array ?? []).compactMap(\.string).compactMap(record.schema.field).map(record.label) : labels
            guard !names.isEmpty else { return HTML(text: record.say("event.\(line.event)")) }
            return HTML(text: record.say("event.\(line.event).fields", ["fields": .formatted(record.view.formats.list(names))]))
        case "attach": return HTML(text: record.say("event.attach", ["name": .text(line.facts["name"]?.string ?? "")]))
        case "comment": return HTML(text: record.say(line.facts["visibility"]?.string == Comment.Visibility.internal.rawValue ? "event.note" : "event.comment"))
        case "tag":
            let words = (line.facts["tags"]?.array ?? []).compactMap(\.string)
            return HTML(text: words.isEmpty ? record.say("event.untag") : record.say("event.tag", ["tags": .text(words.joined(separator: ", "))]))
        case let event:
            let key = "records.event.\(event)"
            return HTML(text: record.platform.words.has(key, scope: Words.shared, language: .en) ? record.say("event.\(event)") : event)
        }
    }

    /// Shape and meaning of an entry.
    func look(_ line: HistoryLine, _ row: Row) -> (shape: String, meaning: String?) {
        if !line.isIntact { return ("bad", "bad") }
        if line.event == "create" { return ("new", nil) }
        if let state = line.changes.first(where: { $0.field.name == "state" })?.value.string, let phase = record.schema.lifecycle?.state(state)?.phase { return View.look(phase) }
        switch line.event {
        case "comment", "attach": return ("dot", "accent")
        case "read": return ("lock", nil)
        case "erase": return ("no", nil)
        default: return ("dot", nil)
        }
    }
}
