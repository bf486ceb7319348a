import Foundation
import Kernel

/// A list as a line of time: records grouped by day, newest first.
struct TimelinePage {
    let list: ListPage

    private var record: RecordView { list.record }
    private var view: View { list.view }

    func html() throws -> HTML {
        let field = list.query.sort.first.flatMap { list.schema.field($0.field) } ?? Schema.systemFields[4]
        let (rows, earlier, later) = try list.page()
        guard !rows.isEmpty else { return "<div data-region=\"list\">\(list.empty())</div>" }
        try record.session.loadLabels(rows)
        var days: [(day: CalendarDate?, rows: [Row])] = []
        for row in rows {
            let day = day(row, field)
            if days.last?.day == day, !days.isEmpty { days[days.count - 1].rows.append(row) } else { days.append((day, [row])) }
        }
        let sections: [HTML] = days.map { group in
            let items: [HTML] = group.rows.map { item($0, field) }
            return "<section><h2>\(group.day.map(view.formats.date) ?? record.say("timeline.undated"))</h2><ol class=\"timeline tall\">\(items)</ol></section>\n"
        }
        return """
            <p class="muted small">\(record.say("timeline.by", ["field": .text(record.label(field))]))</p>
            <div class="timepage" data-region="list">\(sections)</div>\(try list.pager(rows, earlier: earlier, later: later))
            """
    }

    private func day(_ row: Row, _ field: FieldSchema) -> CalendarDate? {
        switch row[field.name] {
        case .instant(let instant): CalendarDate(instant, in: view.formats.timeZone)
        case .date(let date): date
        default: nil
        }
    }

    private func item(_ row: Row, _ field: FieldSchema) -> HTML {
        let look = list.schema.lifecycle == nil ? (shape: "dot", meaning: String?.none) : View.look(row.phase)
        let time: HTML = row.instant(field.name).map { "<time datetime=\"\($0.iso)\">\(view.formats.time($0))</time>" } ?? "<span></span>"
        let owner: HTML = list.schema.ownerField.flatMap { row.id($0) }.map { " · \(record.person($0))" } ?? .empty
        return "<li data-row>\(view.shape(look.shape, look.meaning))\(time)<div>\(view.link(row)) \(view.stateText(row))<span class=\"muted\">\(owner)</span></div></li>\n"
    }
}
