import Foundation
import Kernel

/// The middle of the desk: the request, its promises, what was said, and what to say next.
struct DeskTalk {
    private let view: View
    private let place: DeskPage.Place
    private let request: Record<Request>
    private let moves: [MoveSchema]
    private let asker: Record<Person>?

    init(_ view: View, _ place: DeskPage.Place, _ request: Record<Request>) throws {
        self.view = view
        self.place = place
        self.request = request
        moves = try view.session.moves(request.row)
        asker = try view.session.record(request[Request.requester])
    }

    private var action: String { place.address(request: request.reference) }
    private var page: String { view.address(of: request) }

    var html: HTML {
        get throws {
            """
            <section class="pane talk" aria-label="\(view.say("request"))">\(head)\(try clocks)\(try thread)\(composer)</section>
            """
        }
    }

    // MARK: Head

    private var head: HTML {
        let priority = view.priority(request)
        let owner = request[Request.owner].map { view.name(of: $0.id) }
        return """
        <div class="talk-head" data-region="head"><div class="row tight">\(back)<a class="ref" href="\(url: page)"><bdi>\(request.reference)</bdi></a>\
        \(view.stateBadge(request.row))<span class="why-line small">\(priority)\(view.why("/service-desk/why/priority/\(request.reference)", priority))</span>\
        <span class="small muted">\(view.desk(request[Request.desk])) · \(owner.map { "<bdi>\($0)</bdi>" as HTML } ?? HTML(text: view.say("say.desk.nobody")))</span>\
        \(request[Request.label] == .unclassified ? .empty : secrecy)</div>
        <h1><bdi>\(request[Request.subject])</bdi></h1>
        \(view.faultSummary(request.row.schema))
        <div class="row">\(moves.filter { $0.name != "rate" }.prefix(4).map(button))\(more)</div></div>
        """
    }

    /// On a phone, where the queue does not stand beside the request.
    private var back: HTML {
        "<a class=\"btn small quiet phone-only\" href=\"\(url: place.address())\">\(view.arrow("prev"))\(view.say("say.desk.queue"))</a>"
    }

    private var secrecy: HTML { "<span class=\"tag\">\(view.shape("lock"))\(view.say("request.label.\(request[Request.label].rawValue)"))</span>" }

    private var more: HTML {
        let rest = moves.filter { $0.name != "rate" }.dropFirst(4)
        guard !rest.isEmpty else { return .empty }
        return """
        <details class="menu-box end" id="more"><summary class="btn small icon" aria-label="\(view.say("say.desk.more"))">\(view.icon("more"))</summary>\
        <div class="menu-pop stack snug">\(rest.map(button))</div></details>
        """
    }

    /// A move is a button, or opens the form of what it asks.
    private func button(_ move: MoveSchema) -> HTML {
        let word = view.say("request.move.\(move.name)")
        let style = move.name == "solve" || (move.name == "take" && request.state == .new) ? " primary" : ""
        guard !(move.asks + move.offers).isEmpty else {
            return """
            <form method="post" action="\(url: action)">\(view.token)<button class="btn small\(style)" name="do" value="\(move.name)">\(word)</button></form>
            """
        }
        return """
        <details class="menu-box" id="move-\(move.name)"><summary class="btn small\(style)">\(word)\(view.icon("down"))</summary>\
        <form class="menu-pop form" method="post" action="\(url: action)">\(view.token)\((move.asks + move.offers).map { control($0, isRequired: move.asks.contains($0), move.name) })\
        <button class="btn small primary" name="do" value="\(move.name)">\(word)</button></form></details>
        """
    }

    private func control(_ name: String, isRequired: Bool, _ move: String) -> HTML {
        let (id, label) = ("\(move)-\(name)", view.say("request.\(name)"))
        let title: HTML = "<label for=\"\(id)\">\(label)</label>"
        let required = isRequired
        switch name {
        case "owner":
            return "<div class=\"field\">\(title)<select class=\"input\" id=\"\(id)\" name=\"owner\"\(flag: "required", required)>\(colleagues)</select></div>"
        case "desk":
            let options = view.options("desk", Desk.self, selected: nil, without: [request[Request.desk]])
            return "<div class=\"field\">\(title)<select class=\"input\" id=\"\(id)\" name=\"desk\">\(options)</select></div>"
        case "waiting-for":
            let options = view.options("waiting-for", Request.WaitingFor.self, selected: .requester, without: [.approval])
            return "<div class=\"field\">\(title)<select class=\"input\" id=\"\(id)\" name=\"waiting-for\">\(options)</select></div>"
        case "tier":
            let options = (1...3).map { "<option value=\"\($0)\"\(flag: "selected", $0 == request[Request.tier])>\(view.formats.integer($0))</option>" as HTML }
            return "<div class=\"field\">\(title)<select class=\"input\" id=\"\(id)\" name=\"tier\">\(options)</select></div>"
        case "is-shared":
            return "<label class=\"choice\"><input type=\"checkbox\" name=\"is-shared\" value=\"true\">\(label)</label>"
        case "merged-into":
            return "<div class=\"field\">\(title)<input class=\"input code\" id=\"\(id)\" name=\"merged-into\" placeholder=\"REQ-\" required></div>"
        case "article": return .empty
        default:
            return "<div class=\"field\">\(title)<textarea class=\"input\" id=\"\(id)\" name=\"\(name)\" rows=\"4\"\(flag: "required", required)></textarea></div>"
        }
    }

    /// Who answers at this desk.
    private var colleagues: HTML {
        let agents = (try? place.desk.agents(view.session, compartment: request[Request.compartment])) ?? []
        return agents.map { "<option value=\"\($0.id.description)\">\($0[Person.name])</option>" as HTML }.joined()
    }

    // MARK: Promises

    private var clocks: HTML {
        get throws {
            let running = try view.session.clocks(request.row)
            guard !running.isEmpty else { return "<div></div>" }
            return """
            <div class="clocks" role="group" aria-label="\(view.say("request.group.promises"))" data-region="clocks" data-volatile>\(running.map { view.clockCard($0, of: request.row) })</div>
            """
        }
    }

    // MARK: Conversation

    private var thread: HTML {
        get throws {
            let messages = try view.session.comments(request.row)
            let events = try view.events(request.row)
            var parts: [(Instant, Int, HTML)] = [(request.createdAt, 0, opening)]
            parts += messages.map { ($0.at, 1, message($0)) }
            parts += events.map { ($0.at, 2, event($0)) }
            let sorted = parts.sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
            return """
            <div class="thread" tabindex="0" role="region" aria-label="\(view.say("say.desk.conversation"))" data-region="thread">\(sorted)</div>
            """
        }
    }

    private var opening: HTML {
        let name = view.name(of: request[Request.requester].id)
        let language = request[Request.language].rawValue
        return """
        <article class="msg">\(view.avatar(name))<header><b><bdi>\(name)</bdi></b><span class="muted">\(view.say("request.channel.\(request[Request.channel].rawValue)"))</span>\
        \(view.time(request.createdAt))</header><div class="body prose" lang="\(language)" dir="auto">\(Markdown.html(request[Request.details]?.text ?? request[Request.subject]))\
        \(answers)</div></article>
        """
    }

    private var answers: HTML {
        let lines = AskForm.readable(request, view)
        if lines.isEmpty { return .empty }
        return "<dl class=\"facts\">\(lines.map { "<dt>\($0.label)</dt><dd><bdi>\($0.text)</bdi></dd>" as HTML })</dl>"
    }

    private func message(_ message: Comment) -> HTML {
        let isNote = message.visibility == .internal
        let name = message.by == view.session.viewer.id ? view.say("say.desk.you") : message.author
        let mark: HTML = isNote ? "<span class=\"state is-warn\">\(view.shape("lock"))\(view.say("say.desk.note-mark"))</span>" : .empty
        let language = message.language?.rawValue
        return """
        <article class="msg\(isNote ? " note" : "")" id="m-\(message.id.description)">\(view.avatar(message.author))<header><b><bdi>\(name)</bdi></b>\(mark)\
        \(view.time(message.at))</header><div class="body prose\(isNote ? " small" : "")"\(attribute: "lang", language) dir="auto">\(Markdown.html(message.body))</div></article>
        """
    }

    private func event(_ event: TalkEvent) -> HTML {
        "<div class=\"event\">\(view.shape(event.shape, event.tint))<span>\(event.text)</span>\(view.time(event.at))</div>"
    }

    // MARK: Composer

    private var composer: HTML {
        let isOpen = request.row.phase.isOpen
        let to = asker.map { $0[Person.name] } ?? ""
        let label = view.say("say.desk.reply-to", ["name": .text(to)])
        let kept = view.form["text"]?.first ?? ""
        let isNote = view.form["kind"]?.first == "note"
        let buttons: HTML = isOpen && request[Request.waitingFor] != .approval ? """
        <button class="btn small" name="do" value="send-solve">\(view.say("say.desk.send-solve"))</button>\
        <button class="btn small" name="do" value="send-wait">\(view.say("say.desk.send-wait"))</button>
        """ : .empty
        return """
        <form class="composer" method="post" action="\(url: action)" data-draft="desk-\(request.reference)">\(view.token)
        <fieldset class="row tight"><legend class="sr">\(view.say("say.desk.kind"))</legend>\
        <label class="choice"><input type="radio" name="kind" value="reply"\(flag: "checked", !isNote)>\(view.say("say.desk.reply"))</label>\
        <label class="choice"><input type="radio" name="kind" value="note"\(flag: "checked", isNote)>\(view.say("say.desk.note"))</label>\
        <span class="small muted push">\(view.say("say.desk.reads", ["language": .formatted(view.say("request.language.\(request[Request.language].rawValue)"))]))</span></fieldset>
        <label class="sr" for="text">\(label)</label><textarea class="input" id="text" name="text" dir="auto" maxlength="20000" placeholder="\(label)" required>\(kept)</textarea>
        <div class="row"><button class="btn small primary" name="do" value="send">\(view.say("say.desk.send"))</button>\(buttons)</div></form>
        """
    }
}
