import Foundation
import Kernel

/// Markup that the desk's pages share.
extension View {
    func priority(_ request: Record<Request>) -> String { say("request.priority.\(request[Request.priority].rawValue)") }
    func desk(_ desk: Desk) -> String { say("request.desk.\(desk.rawValue)") }

    /// A person's name as it may be read; nothing for others and for the platform's jobs.
    func name(of person: RecordID?) -> String {
        guard let person else { return "" }
        return ((try? session.label(Person.schemaID, person)) ?? nil) ?? ""
    }

    /// The text in the reader's language, or in the one it has, marked as such; nothing for none.
    func text(_ text: LocalText?) -> HTML { text.map { words($0) } ?? .empty }

    func plain(_ words: LocalText?) -> String { words?.best(for: language)?.text ?? "" }

    /// The files of a request and a form to add one, which comes back to this page.
    func files(_ row: Row) throws -> HTML {
        func word(_ key: String) -> String { say("records.files\(key)", of: Words.shared) }
        let page = address(of: row)
        let items = try session.attachments(row).map { attachment -> HTML in
            let lock: HTML = attachment.visibility == .internal ? "<span class=\"state is-warn\">\(shape("lock"))\(say("say.desk.note-mark"))</span>" : .empty
            return """
                <li>\(icon("file"))<a href="\(url: page)/attachments/\(attachment.id.description)"><bdi>\(attachment.file.name)</bdi></a>\
                <span class="muted num">\(formats.fileSize(attachment.file.size))</span>\(lock)</li>
                """
        }
        let list: HTML = items.isEmpty ? .empty : "<ul class=\"files\">\(items)</ul>"
        let upload: HTML = try !session.mayComment(row) ? .empty : """
            <details class="more-box" id="attach"><summary>\(icon("clip"))\(word(".add"))</summary>\
            <form class="stack snug" method="post" action="\(url: page)/attachments" enctype="multipart/form-data">\(token)<input type="hidden" name="back" value="\(address)">\
            <div class="field"><label for="file">\(word(".choose"))</label><div class="drop"><input type="file" id="file" name="file" multiple required></div></div>\
            <div class="row"><button class="btn small">\(word(".send"))</button></div></form></details>
            """
        if list.isEmpty && upload.isEmpty { return .empty }
        return "<section class=\"stack snug\" aria-labelledby=\"files\"><h2 id=\"files\">\(word(""))</h2><div data-region=\"files\">\(list)</div>\(upload)</section>"
    }

    /// The way back to the portal.
    var wayBack: HTML {
        "<nav class=\"crumbs small\" aria-label=\"\(say("page.way"))\"><a href=\"/service-desk/portal\">\(say("page.portal"))</a></nav>"
    }

    /// The choices of an enum as options, by the words of the request's field.
    func options<C: Choice>(_ field: String, _ type: C.Type, selected: C?, without: [C] = []) -> HTML {
        C.allCases.filter { !without.contains($0) }.map { choice -> HTML in
            "<option value=\"\(choice.rawValue)\"\(flag: "selected", choice == selected)>\(say("request.\(field).\(choice.rawValue)"))</option>"
        }.joined()
    }
}

/// One line between messages: what was done, by whom.
struct TalkEvent {
    let at: Instant
    let shape: String
    let tint: String?
    let text: String
}

extension View {
    /// The moves of a request as lines of its conversation.
    func events(_ row: Row) throws -> [TalkEvent] {
        let asked = [row.id(Request.requester.name), row.id(Request.affected.name)]
        return try session.history(row).compactMap { line in
            let who = line.by.flatMap { (try? session.label(Person.schemaID, $0)) ?? nil }
            if line.event.hasPrefix("move.") { return event(line, String(line.event.dropFirst(5)), who) }
            // A message by those it is for that itself changed the state; that an answer takes a request goes without saying.
            guard line.event == "comment", asked.contains(line.by), let who,
                  let state = line.changes.first(where: { $0.field.name == "state" })?.value.string
            else { return nil }
            return TalkEvent(
                at: line.at, shape: "half", tint: nil,
                text: say("say.talk.became", ["who": .formatted(who), "state": .formatted(say("request.state.\(state)"))]))
        }
    }

    private func event(_ line: HistoryLine, _ move: String, _ who: String?) -> TalkEvent? {
        if move == "rate" { return nil }
        let (shape, tint) = switch move {
        case "solve", "close", "approved", "deflect": ("done", "good" as String?)
        case "wait", "await-approval": ("pause", nil)
        case "cancel", "withdraw", "refused", "merge": ("no", nil)
        case "reopen": ("warn", "warn")
        default: ("half", nil)
        }
        let detail: String? = line.changes.lazy.compactMap { change -> String? in
            guard let value = change.value.string else { return nil }
            switch change.field.name {
            case "desk" where move == "hand-over": return self.say("request.desk.\(value)")
            case "owner" where move == "assign": return RecordID(value).map { self.name(of: $0) }
            case "waiting-for" where move == "wait": return self.say("request.waiting-for.\(value)")
            default: return nil
            }
        }.first
        let done = say("request.move.\(move).done")
        // What the platform did by itself needs no name before it.
        let text = who.map { say("say.talk.event", ["who": .formatted($0), "what": .formatted(done)]) } ?? done.prefix(1).uppercased() + done.dropFirst()
        return TalkEvent(at: line.at, shape: shape, tint: tint, text: detail.map { "\(text): \($0)" } ?? text)
    }
}
