import Foundation
import Kernel

/// Who is open now: every duty station with its own time, open or closed, and when that changes.
func hoursPage(_ view: View) throws -> Page.Answer {
    let stations = try view.session.find(DutyStation.self, sort: [.up(DutyStation.code)], limit: 500).compactMap { try StationHours($0, view) }
    let ordered = stations.sorted { ($0.isOpen ? 0 : 1, $0.changes ?? .latest, $0.code) < ($1.isOpen ? 0 : 1, $1.changes ?? .latest, $1.code) }
    let asked = view.parameter("why").flatMap { code in stations.first { $0.code == code } }
    if view.parameter("why") != nil, asked == nil { throw Refusal.absent }
    let open = stations.count { $0.isOpen }
    let rows = ordered.map { $0.row(view, isAsked: $0.code == asked?.code) }
    let body: HTML = """
        <div class="page stack">
        <div class="head"><h1>\(view.say("page.hours.title"))</h1></div>
        <p>\(view.say("page.hours.summary", ["n": .count(open), "total": .formatted(view.formats.integer(stations.count))]))</p>
        \(stations.isEmpty ? empty(view) : """
            <table class="table cards"><caption class="sr">\(view.say("page.hours.title"))</caption>
            <thead><tr><th scope="col">\(view.say("duty-station"))</th><th scope="col">\(view.say("page.hours.local-time"))</th>\
            <th scope="col">\(view.say("page.hours.now"))</th><th scope="col">\(view.say("page.hours.next"))</th></tr></thead>
            <tbody>\(rows)</tbody></table>
            """)
        </div>
        \(try asked?.working(view).panel(heading: view.say("say.working.heading"), close: view.say("say.working.close"), back: "/directory/hours", formats: view.formats))
        """
    return .page(title: view.say("page.hours.title"), body)
}

private func empty(_ view: View) -> HTML { "<div class=\"empty\"><p>\(view.say("duty-station.empty"))</p></div>" }

/// A duty station at this moment, by its own calendar.
struct StationHours {
    let record: Record<DutyStation>
    let calendar: WorkingCalendar
    let now: Instant
    /// Formats in the station's own time.
    let local: Formats
    let isOpen: Bool
    /// When it closes, or opens again; nil when it does not within five years.
    let changes: Instant?
    /// Holidays from today on, soonest first.
    let holidays: [Record<Holiday>]

    var code: String { record[DutyStation.code] }

    init?(_ record: Record<DutyStation>, _ view: View) throws {
        guard let calendar = try view.session.calendar(of: record.ref) else { return nil }
        let zone = TimeZone(identifier: record[DutyStation.timeZone]) ?? .gmt
        let now = view.now
        self.record = record
        self.calendar = calendar
        self.now = now
        local = Formats(language: view.language, timeZone: zone)
        isOpen = calendar.isOpen(at: now)
        changes = isOpen ? calendar.open(in: now..<now.adding(days: 2)).first?.upperBound : calendar.nextOpening(after: now)
        let ahead = Holiday.station.equals(record.ref).and(Holiday.date.atLeast(CalendarDate(now, in: zone)))
        holidays = try view.session.find(Holiday.self, where: ahead, sort: [.up(Holiday.date)], limit: 5)
    }

    private var zone: TimeZone { local.timeZone }
    private var today: CalendarDate { CalendarDate(now, in: zone) }
    private var holidayToday: Record<Holiday>? { holidays.first { $0[Holiday.date] == today } }

    func name(_ view: View) -> String { view.session.title(record.row) }

    /// "Open until 17:30", "Closed, opens Mon 08:30".
    func sentence(_ view: View) -> String {
        guard let changes else { return view.say("page.hours.closed") }
        return view.say(isOpen ? "page.hours.open-until" : "page.hours.opens", ["time": .formatted(local.relativeDay(changes, now: now))])
    }

    /// Why it is closed, in words.
    func reason(_ view: View) -> String? {
        if isOpen { return nil }
        if let holiday = holidayToday { return view.session.title(holiday.row) }
        return view.say(calendar.week?[today.weekday] == nil ? "page.hours.weekend" : "page.hours.after-hours")
    }

    func row(_ view: View, isAsked: Bool) -> HTML {
        let shape = isOpen ? "s-open" : "s-pause"
        let why = view.say("page.hours.why", ["station": .text(name(view))])
        let mine = changes.map { view.formats.timeZone.identifier == zone.identifier ? nil : view.formats.relativeDay($0, now: now) } ?? nil
        return """
            <tr><th scope="row"><a class="plain" href="\(url: view.address(of: record))"><bdi>\(name(view))</bdi></a></th>
            <td class="num" data-label="\(view.say("page.hours.local-time"))"><bdi>\(local.weekdayTime(now))</bdi></td>
            <td data-label="\(view.say("page.hours.now"))"><span class="state\(isOpen ? " is-good" : "")"><svg class="s" aria-hidden="true"><use href="/assets/icons.svg#\(shape)"/></svg>\
            \(view.say(isOpen ? "page.hours.open" : "page.hours.closed"))</span>\(reason(view).map { " <span class=\"muted small\">\($0)</span>" as HTML })</td>
            <td class="num" data-label="\(view.say("page.hours.next"))"><span class="why-line">\(sentence(view))\
            <a class="why" href="/directory/hours?why=\(code)" aria-expanded="\(isAsked)"\(attribute: "aria-controls", isAsked ? "working" : nil) aria-label="\(why)">\
            <svg aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg></a></span>\
            \(mine.map { "<div class=\"muted small\">\(view.say("page.hours.yours", ["time": .formatted($0)]))</div>" as HTML })</td></tr>
            """
    }

    /// The calendar behind the answer: its zone, the week to come hour by hour, the holidays.
    func working(_ view: View) throws -> Working {
        let offset = zone.secondsFromGMT(for: now.date) / 60
        let minutes = offset.magnitude % 60
        let clock = "UTC\(offset < 0 ? "−" : "+")\(offset.magnitude / 60)\(minutes == 0 ? "" : ":\(minutes)")"
        let days = (0..<7).map { ahead -> Working.Day in
            let date = today.adding(days: ahead)
            let (start, end) = (date.start(in: zone), date.adding(days: 1).start(in: zone))
            let open = calendar.open(in: start..<end).map { minute($0.lowerBound, from: start)..<minute($0.upperBound, from: start) }
            return Working.Day(label: local.date(date), open: open, counted: [], paused: [])
        }
        let closed = holidays.map { Working.Part.fact(local.dateShort($0[Holiday.date]), view.session.title($0.row), link: view.address(of: $0)) }
        return Working(
            question: view.say("page.hours.question", ["station": .text(name(view))]), answer: sentence(view), summary: reason(view),
            sections: [
                Working.Section(view.say("page.hours.week"), note: view.say("page.hours.local-time"), [.days(days)]),
                Working.Section(view.say("holiday.plural"), closed.isEmpty ? [.text(view.say("page.hours.no-holidays"))] : closed),
                Working.Section(view.say("page.hours.rule"), [
                    .fact(view.say("duty-station"), name(view), link: view.address(of: record)),
                    .fact(view.say("duty-station.time-zone"), "\(calendar.timeZone), \(clock)", link: nil),
                    .fact(view.say("page.hours.version"), view.formats.integer(calendar.version), link: view.address(of: record) + "/history"),
                ]),
            ])
    }

    private func minute(_ instant: Instant, from start: Instant) -> Int { Int((instant.microseconds - start.microseconds) / 60_000_000) }
}
