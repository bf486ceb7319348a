import Foundation
import Kernel

/// The queue: what is late, what is due today, what later, what waits.
struct DeskQueue {
    private let view: View
    private let place: DeskPage.Place
    private let lines: [Line]
    private let counts: [DeskPage.Tab: Count]
    /// As many as fit a page that loads on a bad link; the rest is one link away.
    private static let most = 40

    private struct Line {
        let request: Record<Request>
        let due: Instant?
        let group: Int
    }

    init(_ view: View, _ place: DeskPage.Place) throws {
        self.view = view
        self.place = place
        let (session, now) = (view.session, view.now)
        counts = try Dictionary(uniqueKeysWithValues: DeskPage.Tab.allCases.map { ($0, try session.count(Request.self, where: place.claim($0), upTo: 999)) })
        let found = try session.find(Request.self, where: place.claim(place.tab), sort: [.up(Request.resolutionDue)], limit: 200)
        let tomorrow = CalendarDate(now, in: session.viewer.timeZone).adding(days: 1).start(in: session.viewer.timeZone)
        let all = found.map { request -> Line in
            let due = [request[Request.firstResponseDue], request[Request.nextResponseDue], request[Request.resolutionDue]].compactMap { $0 }
            // A clock that has stopped keeps its due time, so what counts is the earliest that has not been met.
            let open = zip([Request.firstResponseMet, Request.nextResponseMet, Request.resolutionMet], [Request.firstResponseDue, Request.nextResponseDue, Request.resolutionDue])
                .compactMap { met, due in request[met] == nil ? request[due] : nil }.min()
            guard let soonest = open ?? (request.state == .pending ? nil : due.max()) else { return Line(request: request, due: nil, group: 3) }
            return Line(request: request, due: soonest, group: soonest < now ? 0 : soonest < tomorrow ? 1 : 2)
        }
        lines = Array(all.sorted { ($0.group, $0.due ?? $0.request.changedAt) < ($1.group, $1.due ?? $1.request.changedAt) }.prefix(DeskQueue.most))
        try session.loadLabels(lines.map(\.request.row))
    }

    /// The first line that is not paused, else the first.
    var first: Row? { lines.first?.request.row }

    func html(current: String?) throws -> HTML {
        let people = try places()
        let groups = ["late", "today", "later", "paused"].enumerated().map { number, name -> HTML in
            let members = lines.filter { $0.group == number }
            if members.isEmpty { return .empty }
            return """
            <h3><span>\(view.say("say.desk.\(name)"))</span><span class="num">\(view.formats.integer(members.count))</span></h3>
            <ul class="list">\(members.map { item($0, people, isCurrent: $0.request.reference == current) })</ul>
            """
        }
        return """
        <section class="pane queue" aria-label="\(view.say("say.desk.queue"))" tabindex="0" data-region="queue">
        <div class="pane-head"><div class="spread"><h2>\(view.desk(place.desk))</h2>\(desks)</div>
        <nav class="tabs" aria-label="\(view.say("say.desk.queue"))">\(DeskPage.Tab.allCases.map(tab))</nav></div>
        \(lines.isEmpty ? nothing : groups.joined())\(rest)
        </section>
        """
    }

    private var nothing: HTML { "<div class=\"empty\">\(view.shape("done"))<p>\(view.say("say.desk.empty"))</p></div>" }

    private var rest: HTML {
        guard let count = counts[place.tab], count.number > lines.count else { return .empty }
        return "<p class=\"mt-2\"><a class=\"btn small quiet block\" href=\"/service-desk/requests\">\(view.say("say.desk.all"))</a></p>"
    }

    private var desks: HTML {
        let items = Desk.allCases.map { desk -> HTML in
            "<a href=\"\(url: place.address(desk: desk))\"\(attribute: "aria-current", desk == place.desk ? "true" : nil)>\(view.desk(desk))</a>"
        }
        return """
        <details class="menu-box end" id="desks"><summary class="btn small quiet">\(view.icon("filter"))\(view.say("request.desk"))</summary>\
        <div class="menu-pop"><div class="menu">\(items)</div></div></details>
        """
    }

    private func tab(_ tab: DeskPage.Tab) -> HTML {
        let count = counts[tab] ?? Count(number: 0, isCapped: false)
        let number = view.formats.integer(count.number) + (count.isCapped ? "+" : "")
        return """
        <a href="\(url: place.address(tab: tab))"\(attribute: "aria-current", tab == place.tab ? "page" : nil)>\(view.say("say.desk.tab.\(tab.rawValue)")) \
        <span class="count">\(number)</span></a>
        """
    }

    private func item(_ line: Line, _ places: [RecordID: String], isCurrent: Bool) -> HTML {
        let request = line.request
        let asker = request[Request.requester].id
        let who = [view.name(of: asker), places[asker]].compactMap { $0 }.joined(separator: " · ")
        let isUnread = request.state == .new || request[Request.nextResponseDue] != nil && request[Request.nextResponseMet] == nil
        let priority = view.say("say.priority-short", ["n": .formatted(view.formats.integer(request[Request.priority].number))])
        return """
        <li data-row><a class="qitem\(isUnread ? " unread" : "")" href="\(url: place.address(request: request.reference))"\
        \(attribute: "aria-current", isCurrent ? "true" : nil) data-open><span class="ref"><bdi>\(request.reference)</bdi> · \(priority)</span>\
        \(state(line))<bdi class="subject">\(request[Request.subject])</bdi><span class="who"><bdi>\(who)</bdi></span></a></li>
        """
    }

    private func state(_ line: Line) -> HTML {
        guard let due = line.due else { return "<span class=\"state\">\(view.shape("pause"))\(view.say("say.desk.paused"))</span>" }
        let left = due.seconds(since: view.now)
        if left < 0 {
            let late = view.say("say.desk.late-by", ["time": .formatted(view.formats.duration(seconds: -left))])
            return "<span class=\"state is-bad\">\(view.shape("bad"))\(late)</span>"
        }
        if left < 3_600 {
            return "<span class=\"state is-warn\">\(view.shape("warn"))\(view.formats.duration(seconds: left))</span>"
        }
        return "<span class=\"state\">\(line.group == 1 ? view.formats.time(due) : view.formats.weekdayTime(due))</span>"
    }

    /// Where those who ask are, in two queries for the whole list.
    private func places() throws -> [RecordID: String] {
        let session = view.session
        let ids = Set(lines.map { $0.request[Request.requester].id })
        guard !ids.isEmpty else { return [:] }
        let people = try session.find(Person.self, where: .oneOf("id", ids.sorted().map(Value.reference)), limit: ids.count)
        try session.loadLabels(people.map(\.row))
        return Dictionary(uniqueKeysWithValues: try people.compactMap { person in
            guard let station = person[Person.station], let name = try session.label("directory.duty-station", station.id) else { return nil }
            return (person.id, name)
        })
    }
}
