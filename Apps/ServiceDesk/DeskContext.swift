import Foundation
import Kernel

/// Beside the conversation: who asks, what is still to be done, what helped before.
struct DeskContext {
    private let view: View
    private let place: DeskPage.Place
    private let request: Record<Request>

    init(_ view: View, _ place: DeskPage.Place, _ request: Record<Request>) throws {
        self.view = view
        self.place = place
        self.request = request
    }

    var html: HTML {
        get throws {
            """
            <aside class="pane context" aria-label="\(view.say("say.desk.context"))" tabindex="0" data-region="context">\
            \(try requester)\(try tasks)\(try view.files(request.row))\(try similar)\(try links)</aside>
            """
        }
    }

    // MARK: Who asks

    private var requester: HTML {
        get throws {
            let session = view.session
            guard let person = try session.record(request[Request.requester]) else { return .empty }
            let station = try person[Person.station].flatMap { try session.record($0) }
            let others = Condition.all([Request.isOpen, Request.requester.equals(person.ref), .not(.compare("id", .equal, .value(.reference(request.id))))])
            let count = try session.count(Request.self, where: others, upTo: 99).number
            var facts: [(String, HTML)] = []
            if let station { facts.append((view.say("say.desk.there"), there(station))) }
            facts.append((view.say("request.language"), HTML(text: view.say("request.language.\(person[Person.language].rawValue)"))))
            if let phone = person[Person.phone] { facts.append((view.say("say.desk.phone"), "<a href=\"tel:\(phone)\"><bdi>\(phone)</bdi></a>")) }
            if let affected = request[Request.affected], affected != person.ref {
                facts.append((view.say("request.affected"), "<bdi>\(view.name(of: affected.id))</bdi>"))
            }
            if count > 0 {
                let word = view.say("say.desk.others", ["n": .count(count)])
                facts.append((view.say("say.desk.open"), "<a href=\"/service-desk/requests?view=open&amp;requester=\(person.id.description)\">\(word)</a>"))
            }
            return """
            <section><h2>\(view.say("request.requester"))</h2><p><a class="plain" href="\(url: view.address(of: person))"><b><bdi>\(person[Person.name])</bdi></b></a><br>\
            <span class="muted">\(view.plain(person[Person.position]))</span></p>\
            <dl class="facts mt-2">\(facts.map { "<dt>\($0.0)</dt><dd class=\"num\">\($0.1)</dd>" as HTML })</dl></section>
            """
        }
    }

    /// The place and the time there, and whether it is working time.
    private func there(_ station: Record<DutyStation>) -> HTML {
        let zone = TimeZone(identifier: station[DutyStation.timeZone]) ?? .gmt
        let time = Formats(language: view.language, timeZone: zone).time(view.now)
        let calendar = (try? view.session.calendar(of: station.ref)) ?? nil
        let closed: HTML = calendar?.isOpen(at: view.now) ?? true ? .empty : " <span class=\"muted\">(\(view.say("say.desk.closed-there")))</span>"
        return "\(view.plain(station[DutyStation.name])), \(time)\(closed)"
    }

    // MARK: Steps

    private var tasks: HTML {
        get throws {
            let tasks = try view.session.find(DeskTask.self, where: DeskTask.request.equals(request.ref), sort: [.up(DeskTask.place)], limit: 40)
            guard !tasks.isEmpty else { return .empty }
            let done = tasks.filter { $0.state == .done || $0.state == .skipped }.count
            let item = try request[Request.item].flatMap { try view.session.record($0) }
            let progress = view.say("say.desk.steps", ["done": .formatted(view.formats.integer(done)), "all": .formatted(view.formats.integer(tasks.count))])
            return """
            <section><h2>\(item.map { view.text($0[CatalogueItem.name]) } ?? HTML(text: view.say("task.plural"))) <span class="muted num normal">\(progress)</span></h2>\
            <ol class="list">\(tasks.map(task))</ol></section>
            """
        }
    }

    private func task(_ task: Record<DeskTask>) -> HTML {
        let (shape, tint) = switch task.state {
        case .done: ("done", "good" as String?)
        case .skipped: ("no", nil)
        case .ready: ("open", nil)
        case .waiting: ("new", nil)
        }
        let word = view.say("task.state.\(task.state.rawValue)")
        let move = task.state == .ready ? "finish" : task.state == .done ? "again" : nil
        let isOpen = request.row.phase.isOpen
        let button: HTML = move.flatMap { move in
            !isOpen ? nil : """
            <form method="post" action="\(url: place.address(request: request.reference))">\(view.token)<input type="hidden" name="task" value="\(task.id.description)">\
            <button class="btn small quiet" name="do" value="task-\(move)">\(view.say("task.move.\(move)"))<span class="sr"> \(view.plain(task[DeskTask.title]))</span></button></form>
            """ as HTML
        } ?? .empty
        let elsewhere: HTML = task[DeskTask.desk] == request[Request.desk] ? .empty : " <span class=\"muted\">\(view.desk(task[DeskTask.desk]))</span>"
        return """
        <li class="check">\(view.shape(shape, tint))<span><span class="sr">\(word): </span>\(view.text(task[DeskTask.title]))\(elsewhere)\(button)</span></li>
        """
    }

    // MARK: What helped before

    private var similar: HTML {
        get throws {
            let session = view.session
            let found = Suggestions(request[Request.subject] + " " + (request[Request.details]?.text ?? ""), session)
            let articles = try found.articles(limit: 3, service: request[Request.service])
            let solved = try found.solved(limit: 3, without: request.id)
            guard !(articles.isEmpty && solved.isEmpty) else { return .empty }
            let requests = solved.map { other -> HTML in
                let time = other[Request.lasted].map { view.formats.duration(seconds: Int($0.components.seconds)) } ?? ""
                return """
                <li><a href="\(url: view.address(of: other))"><bdi>\(other[Request.subject])</bdi></a><br>\
                <span class="muted num"><bdi>\(other.reference)</bdi> · \(view.say("say.desk.solved-in", ["time": .formatted(time)]))</span></li>
                """
            }
            let pages = articles.map { article -> HTML in
                "<li><a href=\"\(url: view.address(of: article))\">\(view.text(article[Article.title]))</a><br><span class=\"muted\">\(view.say("article"))</span></li>"
            }
            return "<section><h2>\(view.say("say.desk.similar"))</h2><ul class=\"list\">\(pages)\(requests)</ul></section>"
        }
    }

    private var links: HTML {
        get throws {
            let session = view.session
            var items: [HTML] = []
            if let service = try request[Request.service].flatMap({ try session.record($0) }) {
                items.append("<li><a href=\"\(url: view.address(of: service))\">\(view.say("service")): \(view.text(service[Service.name]))</a></li>")
            }
            if let other = try request[Request.mergedInto].flatMap({ try session.record($0) }) {
                items.append("<li><a href=\"\(url: view.address(of: other))\">\(view.say("request.merged-into")): <bdi>\(other.reference)</bdi></a></li>")
            }
            for approval in try session.find(Approval.self, where: Approval.request.equals(request.ref), sort: [.up(Approval.step)], limit: 10) {
                let who = approval[Approval.decidedBy] ?? approval[Approval.approver]
                let state = view.say("approval.state.\(approval.state.rawValue)")
                items.append("<li><a href=\"\(url: view.address(of: approval))\">\(view.say("approval")): \(state)</a> <bdi class=\"muted\">\(view.name(of: who?.id))</bdi></li>")
            }
            items.append("<li><a href=\"\(url: view.address(of: request))\">\(view.say("say.desk.record"))</a></li>")
            return """
            <section><h2>\(view.say("say.desk.linked"))</h2><ul class="list">\(items)</ul></section>
            """
        }
    }
}
