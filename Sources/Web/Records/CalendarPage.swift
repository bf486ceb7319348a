import Foundation
import Kernel

/// A list as a month: each record on the day its calendar field names, in the reader's zone.
struct CalendarPage {
    let list: ListPage

    static let shown = 4

    private var record: RecordView { list.record }
    private var view: View { list.view }
    private var schema: Schema { list.schema }
    private var zone: TimeZone { view.formats.timeZone }

    func html() throws -> HTML {
        guard let name = schema.calendarField, let field = schema.field(name) else { return list.empty() }
        let today = CalendarDate(view.now, in: zone)
        let first = list.address.month.flatMap { CalendarDate(iso: $0 + "-01") } ?? CalendarDate(year: today.year, month: today.month, day: 1) ?? today
        let start = first.adding(days: 1 - first.weekday)
        let next = first.adding(days: 31)
        let end = CalendarDate(year: next.year, month: next.month, day: 1) ?? next
        let weeks = (end.days(since: start) + 6) / 7
        let days = (0..<weeks * 7).map { start.adding(days: $0) }
        let byDay = try rows(field, from: start, to: start.adding(days: weeks * 7))
        let body: [HTML] = stride(from: 0, to: days.count, by: 7).map { week in
            let cells: [HTML] = days[week..<week + 7].map { day($0, byDay[$0] ?? [], field, isOut: $0.month != first.month, isToday: $0 == today) }
            return "<tr>\(cells)</tr>\n"
        }
        let names: [HTML] = days.prefix(7).map { "<th scope=\"col\">\(view.formats.weekday($0))</th>" }
        let month = view.formats.month(first)
        return """
            \(switcher(first, end))
            <div data-region="list"><table class="cal"><caption>\(month)</caption><thead><tr>\(names)</tr></thead><tbody>\(body)</tbody></table></div>
            """
    }

    private func rows(_ field: FieldSchema, from: CalendarDate, to: CalendarDate) throws -> [CalendarDate: [Row]] {
        func value(_ date: CalendarDate) -> Condition.Operand { .value(field.kind == .date ? .date(date) : .instant(date.start(in: zone))) }
        let claim = Condition.all([list.query.condition, .compare(field.name, .greaterOrEqual, value(from)), .compare(field.name, .less, value(to))])
        let rows = try record.session.rows(Query(schema, where: claim, sort: [Sort(field.name)], limit: 500))
        try record.session.loadLabels(rows)
        return Dictionary(grouping: rows) { row in
            switch row[field.name] {
            case .date(let date): date
            case .instant(let instant): CalendarDate(instant, in: zone)
            default: from
            }
        }
    }

    private func day(_ date: CalendarDate, _ rows: [Row], _ field: FieldSchema, isOut: Bool, isToday: Bool) -> HTML {
        let items: [HTML] = rows.prefix(CalendarPage.shown).map { row in
            let look = schema.lifecycle == nil ? (shape: "dot", meaning: String?.none) : View.look(row.phase)
            let time: HTML = row.instant(field.name).map { "<span class=\"sr\">\(view.formats.time($0))</span>" } ?? .empty
            return "<a class=\"cal-item\(look.meaning.map { " is-" + $0 } ?? "")\" href=\"\(record.href(row))\">\(view.shape(look.shape))<span>\(record.title(row))</span>\(time)</a>"
        }
        let href = "\(record.base)?filter[\(field.name)][at-least]=\(date.iso)&filter[\(field.name)][at-most]=\(date.iso)"
        let more: HTML = rows.count > CalendarPage.shown
            ? "<a class=\"cal-more\" href=\"\(url: href)\">\(record.say("calendar.more", ["n": .count(rows.count - CalendarPage.shown)]))</a>" : .empty
        return """
            <td\(attribute: "class", isOut ? "is-out" : nil)\(attribute: "aria-current", isToday ? "date" : nil)><a class="day" href="\(url: href)">\
            <span class="long">\(view.formats.date(date))</span><span aria-hidden="true">\(view.formats.digits(String(date.day)))</span></a>\(items)\(more)</td>
            """
    }

    private func switcher(_ first: CalendarDate, _ next: CalendarDate) -> HTML {
        let before = first.adding(days: -1)
        func link(_ date: CalendarDate, _ icon: String) -> HTML {
            let month = String(date.iso.prefix(7))
            return "<a class=\"btn small icon\" href=\"\(url: list.address.href(month: month))\" aria-label=\"\(view.formats.month(date))\">\(view.arrow(icon))</a>"
        }
        let today = String(CalendarDate(view.now, in: zone).iso.prefix(7))
        return """
            <nav class="row tight" aria-label="\(record.say("calendar.months"))">\(link(before, "prev"))\(link(next, "next"))\
            <a class="btn small" href="\(url: list.address.href(month: today))">\(record.say("calendar.today"))</a></nav>
            """
    }
}
