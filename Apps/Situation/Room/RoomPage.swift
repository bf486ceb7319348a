import Foundation
import Kernel

/// The operations room: one map, one stream, one record, for hours. Without JavaScript it is the stream and the list, with the same filter.
enum RoomPage {
    static let page = Page("room", for: readers, show: show, send: send)
    static let picture = Page("room/picture", for: readers, isInMenu: false, show: RoomPicture.show)
    static let record = Page("room/record/{reference}", for: readers, isInMenu: false, show: RoomRecord.show)
    static let working = Page("room/working", for: readers, isInMenu: false, show: RoomWorking.show)
    static let workingFile = Page("room/{file}", for: readers, isInMenu: false) { view in
        guard view.path["file"] == "working.json" else { throw Refusal.absent }
        return .json(try RoomWorking.working(view).json)
    }

    private static let readers: [Role] = [.dutyOfficer, .analyst, .component, .dataOwner, .headquarters, .partner]

    @Sendable private static func show(_ view: View) throws -> Page.Answer {
        view.live = [Incident.schemaID, Track.schemaID, TrackPoint.schemaID, Patrol.schemaID, Alert.schemaID].joined(separator: ",")
        view.ahead += ["room.js", "room-draw.js", "room-alarms.js", "room-time.js"]
        let room = try Room(view)
        return .page(title: view.say("page.room"), try room.html)
    }

    /// A move of the open record; the room stays as it was.
    @Sendable private static func send(_ view: View) throws -> Page.Answer {
        let session = view.session
        guard let name = view.sent("record"), let move = view.sent("move"), let row = try session.row(session.platform.schema(of: Incident.self), named: name) else {
            throw Refusal.absent
        }
        try session.move(row, move, version: view.sent("version").flatMap(Int.init))
        return .redirect(RoomFilter(view.query).address(more: Room.kept(view)))
    }
}

extension RoomFilter {
    func address(more: [(String, String)]) -> String { address("/situation/room", more) }
}

/// One reader's room at one moment.
struct Room {
    static let rows = 50

    let view: View
    let filter: RoomFilter
    let count: Count
    let newest: [Record<Incident>]
    let isList: Bool, isStream: Bool, isWall: Bool
    let sort = [Sort.down(Incident.occurred)]

    init(_ view: View) throws {
        self.view = view
        filter = RoomFilter(view.query)
        isList = view.parameter("show") == "list"
        isStream = view.parameter("show") == "stream"
        isWall = view.query["wall"] != nil
        let condition = filter.condition(at: RoomPicture.rounded(view.now))
        count = try view.session.shared.count(Incident.self, where: condition, upTo: RoomPicture.mostCounted)
        newest = try view.session.find(Incident.self, where: condition, sort: sort, limit: Room.rows, after: Room.cursor(view))
    }

    /// What of the address is kept whatever the filter: the way of showing, the open record, the wall.
    static func kept(_ view: View) -> [(String, String)] {
        ["show", "record", "wall", "at", "layers"].compactMap { name in view.query[name]?.first.map { (name, $0) } }
    }

    private static func cursor(_ view: View) -> Cursor? {
        guard let after = view.parameter("after")?.split(separator: "~"), after.count == 2, let moment = Instant(iso: String(after[0])), let id = RecordID(String(after[1]))
        else { return nil }
        return Cursor(values: [.instant(moment)], id: id)
    }

    var html: HTML {
        get throws {
            """
            <div class="panes room\(isWall ? " wall" : "")\(isList ? " as-list" : isStream ? " is-stream" : "")\(open == nil ? "" : " has-record")" data-room data-working-slot data-picture="/situation/room/picture" \
            data-zone="\(view.formats.timeZone.identifier)" data-words="\(RoomWords.json(view))">\(banner)\(tabs)\(try stream)\(isList ? try list : try map)\(try record)\(RoomForm.keys(view))</div>
            """
        }
    }

    /// The highest label of what is shown. Where that cannot be found out, the highest of all.
    private var banner: HTML {
        let label = (try? RoomPicture.highestLabel(filter, view.session)) ?? .strictlyConfidential
        let said: HTML = label == .unclassified ? .empty : """
            <div class="classification confidential">\(view.shape("lock"))\(view.say("incident.label.\(label.rawValue)"))</div>
            """
        return "<div data-region=\"banner\">\(said)</div>"
    }

    // MARK: Stream

    private var stream: HTML {
        get throws {
            let clock: HTML = isWall ? "<time class=\"num strong room-clock\" data-room-clock></time>" : .empty
            let report: HTML = "<a class=\"btn small primary\" href=\"/situation/report\">\(view.icon("plus"))\(view.say("say.room.report"))</a>"
            return """
            <section class="pane stream" aria-labelledby="room-title"><div class="pane-head"><div class="spread"><h1 class="t2" id="room-title">\(view.say("page.room"))</h1>\(clock)\(report)</div>\
            <p class="spread" data-region="count">\(figure)\(link(to: isList ? "map" : "list"))</p>\(RoomForm(view: view, filter: filter).html)</div>\
            <div class="room-alarms" role="alert" data-room-alarms></div>\
            <div data-region="stream" data-rows>\(newest.isEmpty ? view.empty(view.say("say.room.none"), view.say("say.room.none-hint")) : .empty)\(newest.map(item))</div></section>
            """
        }
    }

    /// How many there are, with its ∴.
    private var figure: HTML {
        let text = count.isCapped
            ? view.say("say.room.count-capped", ["n": .formatted(view.formats.integer(count.number))]) : view.say("say.exchange.count", ["n": .count(count.number)])
        return view.why("<b class=\"num\">\(text)</b>", filter.address("/situation/room/working"), text)
    }

    private func item(_ incident: Record<Incident>) -> HTML {
        let place: HTML = incident.shownName.map { "<bdi>\($0)</bdi> · " } ?? .empty
        let grade: HTML = incident[Incident.grade].map { "<span class=\"tag grade\">\($0)</span>" } ?? .empty
        return """
        <a class="item" data-row data-record="\(incident.reference)" href="\(url: view.address(of: incident))"\(attribute: "aria-current", incident.reference == open ? "true" : nil)>\
        <span class="spread">\(view.stateText(incident.row))<span class="muted num">\(view.time(incident[Incident.occurred]))</span></span>\
        <span class="title"><bdi>\(incident[Incident.summary])</bdi></span>\
        <span class="spread"><span class="meta">\(place)\(view.say("incident.severity.\(incident[Incident.severity].rawValue)"))</span>\(grade)</span></a>
        """
    }

    // MARK: List and map

    private var list: HTML {
        get throws {
            let columns = [
                View.Column(view.say("incident.summary"), isTitle: true), View.Column(view.say("field.state", of: Words.shared)), View.Column(view.say("incident.category")),
                View.Column(view.say("incident.severity")), View.Column(view.say("incident.occurred")), View.Column(view.say("incident.place")), View.Column(view.say("incident.grade")),
            ]
            let rows: [[HTML]] = newest.map { incident in
                [
                    "<a class=\"plain\" data-record=\"\(incident.reference)\" href=\"\(url: view.address(of: incident))\"><bdi>\(incident[Incident.summary])</bdi></a> <span class=\"ref\"><bdi>\(incident.reference)</bdi></span>",
                    view.stateText(incident.row), view.value(incident.row, Incident.category.name), view.value(incident.row, Incident.severity.name),
                    view.time(incident[Incident.occurred]), "\(incident.shownName.map { "<bdi>\($0)</bdi> " as HTML } ?? .empty)<bdi class=\"num muted\">\(incident[Incident.grid] ?? "")</bdi>",
                    incident[Incident.grade].map { "<span class=\"tag grade\">\($0)</span>" } ?? .empty,
                ]
            }
            let label = view.say("say.room.list"), more = Room.kept(view)
            let next = newest.count == Room.rows ? newest.last.map { filter.address(more: more + [("after", "\($0[Incident.occurred].iso)~\($0.id.description)")]) } : nil
            let first = view.parameter("after") == nil ? nil : filter.address(more: more)
            return """
            <section class="pane room-list" data-region="list">\(view.table(label, columns, rows))\
            \(view.pager(view.say("say.exchange.count", ["n": .count(count.number)]), first: first, next: next))</section>
            """
        }
    }

    private var map: HTML {
        get throws {
            let place = RoomPicture.placeField(view.session)
            let box = GeoBox(around: newest.compactMap { incident in
                if let place, case .place(let there) = incident.row[place.name] { there.centre } else { nil }
            })
            let without: HTML = "<p class=\"no-js notice\">\(view.say("say.room.without-script")) <a href=\"\(url: filter.address(more: [("show", "list")]))\">\(view.say("say.room.list"))</a></p>"
            return """
            <section class="room-map" aria-label="\(view.say("component.map", of: Words.shared))">\(without)<p class="print-only"><b>\(view.say("page.room"))</b> · \(view.fullTime(view.now))</p>\
            \(view.map(.work(box), label: view.say("say.room.map-label"), tools: RoomForm.layers(view), above: legend))\(timeBar)</section>
            """
        }
    }

    private var legend: HTML {
        let states: [HTML] = Phase.allCases.filter { $0 != .waiting }.map { phase in
            let look = View.look(phase)
            return "<li class=\"state\(look.meaning.map { " is-" + $0 } ?? "")\">\(view.shape(look.shape))\(view.say("say.room.phase.\(phase.rawValue)"))</li>"
        }
        return """
        <details class="map-legend"><summary>\(view.say("say.room.legend"))</summary><ul class="list tight">\(states)<li class="small muted">\(view.say("say.room.size"))</li></ul></details>
        """
    }

    /// Both ends can be moved; what lies between is shown.
    private var timeBar: HTML {
        func handle(_ name: String) -> HTML {
            "<input type=\"range\" min=\"0\" max=\"24\" step=\"1\" value=\"\(name == "from" ? 0 : 24)\" data-time=\"\(name)\" aria-label=\"\(view.say("say.room.time-\(name)"))\">"
        }
        return """
        <div class="timebar js-only" data-timebar role="group" aria-label="\(view.say("say.room.time"))"><div class="timebar-bars" data-bars aria-hidden="true"></div>\
        <div class="timebar-ends">\(handle("from"))\(handle("to"))</div><output class="num small" data-time-said></output></div>
        """
    }

    // MARK: Record

    private var open: String? { view.parameter("record") }

    private var record: HTML {
        get throws {
            guard let name = open, let row = try view.session.row(view.session.platform.schema(of: Incident.self), named: name) else {
                return "<aside class=\"record\" data-region=\"record\" aria-label=\"\(view.say("say.room.record"))\" hidden></aside>"
            }
            return "<aside class=\"record\" data-region=\"record\" aria-label=\"\(view.say("say.room.record"))\">\(try RoomRecord(view: view, incident: Record(row), filter: filter).html)</aside>"
        }
    }
}
