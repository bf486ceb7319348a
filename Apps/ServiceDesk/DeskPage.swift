import Foundation
import Kernel

/// The agent's desk: the queue by due time, the conversation, the context. Everything is a link or a form, so it works by keyboard and
/// without scripts.
enum DeskPage {
    static let page = Page("desk", for: [.agent, .lead], show: show, send: send)

    enum Tab: String, CaseIterable { case mine, team, free }

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        let place = try Place(view)
        let queue = try DeskQueue(view, place)
        let chosen = try place.chosen.flatMap { try view.session.row(view.session.platform.schema(of: Request.self), named: $0) }
        let shown = chosen ?? (place.chosen == nil ? queue.first : nil)
        let request = try shown.map { try view.session.opened($0) }.map(Record<Request>.init)
        let title = request.map { "\($0.reference) · \(view.say("page.desk"))" } ?? view.say("page.desk")
        let talk = try request.map { try DeskTalk(view, place, $0).html } ?? empty(view, place)
        view.live = Request.schemaID
        // On a phone the chosen request comes alone; the queue is a link away.
        let kind: HTML = place.chosen == nil ? "panes desk" : "panes desk has-chosen"
        let context = try request.map { try DeskContext(view, place, $0).html } ?? "<aside class=\"pane context\"></aside>"
        return .page(title: title, "<div class=\"\(kind)\" data-working-slot>\(try queue.html(current: request?.reference))\(talk)\(context)</div>")
    }

    private static func empty(_ view: View, _ place: Place) -> HTML {
        let word = place.chosen == nil ? "say.desk.nothing-waits" : "say.desk.not-there"
        return """
        <section class="pane talk" aria-label="\(view.say("request"))"><div class="empty">\(view.shape("done"))<h1 class="t3">\(view.say(word))</h1>\
        <p><a href="/service-desk/requests">\(view.say("say.desk.all"))</a></p></div></section>
        """
    }

    /// Where the agent is: which tab, which desk, which request. It is all in the address.
    struct Place {
        let tab: Tab
        let desk: Desk
        let chosen: String?
        let home: Desk?

        init(_ view: View) throws {
            tab = view.parameter("tab").flatMap(Tab.init) ?? .mine
            home = try Desk.of(station: view.session.viewer.station, view.session)
            desk = view.parameter("desk").flatMap(Desk.init) ?? home ?? .newYork
            chosen = view.parameter("r")
        }

        func address(tab: Tab? = nil, desk: Desk? = nil, request: String? = nil) -> String {
            var parts = ["tab=\((tab ?? self.tab).rawValue)"]
            let desk = desk ?? self.desk
            if desk != home { parts.append("desk=\(desk.rawValue)") }
            if let request { parts.append("r=\(request)") }
            return "/service-desk/desk?" + parts.joined(separator: "&")
        }

        /// The claim of a tab: the list and the count beside its name are the same one.
        func claim(_ tab: Tab) -> Condition {
            switch tab {
            case .mine: Request.isOpen.and(Request.owner.isMe)
            case .team: Request.isOpen.and(Request.desk.equals(desk))
            case .free: .all([Request.isOpen, Request.desk.equals(desk), Request.owner.isEmpty])
            }
        }
    }
}

// MARK: What is sent

extension DeskPage {
    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let place = try Place(view)
        let schema = view.session.platform.schema(of: Request.self)
        guard let name = place.chosen, let row = try view.session.row(schema, named: name), let act = view.sent("do") else { throw Refusal.absent }
        switch act {
        case "send", "send-solve", "send-wait": try write(view, row, act)
        case "task-finish", "task-again": try task(view, act == "task-finish" ? "finish" : "again")
        default: try move(view, row, act)
        }
        return .redirect(place.address(request: name))
    }

    /// A message or a note, and what may go with it.
    private static func write(_ view: View, _ row: Row, _ act: String) throws {
        guard let text = view.sent("text") else { throw Refusal("required", field: "text") }
        let isNote = view.sent("kind") == "note"
        if isNote, act != "send" { throw Refusal.rule("note-goes-alone", Request.subject, app: Request.app) }
        try view.session.comment(row, text, visibility: isNote ? .internal : .open, channel: "desk")
        view.accepted = ["desk-\(row.reference ?? "")"]
        switch act {
        case "send-solve": try view.session.move(row, "solve", ["solution": .text(text)], version: nil)
        case "send-wait": try view.session.move(row, "wait", ["waiting-for": .text(Request.WaitingFor.requester.rawValue)], version: nil)
        default: return
        }
    }

    private static func move(_ view: View, _ row: Row, _ name: String) throws {
        guard let move = row.schema.lifecycle?.move(name), !move.isQuiet else { throw Refusal.absent }
        try view.session.move(row, name, try values(view, row.schema, move.asks + move.offers), version: nil)
    }

    private static func task(_ view: View, _ move: String) throws {
        let schema = view.session.platform.schema(of: DeskTask.self)
        guard let id = view.sent("task").flatMap(RecordID.init), let row = try view.session.row(schema, id) else { throw Refusal.absent }
        try view.session.move(row, move, version: nil)
    }

    /// The fields as they were sent; people by their handle as well.
    private static func values(_ view: View, _ schema: Schema, _ names: [String]) throws -> [String: Value] {
        var values: [String: Value] = [:]
        for name in names {
            guard let field = schema.field(name), let sent = view.sent(name) else { continue }
            if field.target == schema.id, RecordID(sent) == nil {
                guard let other = try view.session.row(schema, named: sent) else { throw Refusal("no-such-record", field: name) }
                values[name] = .reference(other.id)
            } else {
                values[name] = try Value.reading(sent, for: field)
            }
        }
        return values
    }
}
