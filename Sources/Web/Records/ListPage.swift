import Kernel

/// The list of a record type: saved views, filters, table, pages; the same frame stands around board, calendar and timeline.
struct ListPage {
    /// Beyond this a tab says "99+": what waits elsewhere is told at a glance, and counted cheaply.
    static let countedOnTabs = 99

    let record: RecordView
    let address: ListAddress
    /// How many there are, up to a thousand; beyond it about how many.
    private let total: Count
    private let columns: [FieldSchema]

    var view: View { record.view }
    var schema: Schema { record.schema }
    var session: Session { record.session }
    var query: ListQuery { address.query }

    init(_ record: RecordView) throws {
        guard record.session.sees(record.schema) else { throw Refusal.absent }
        self.record = record
        address = try ListAddress(record)
        total = try record.session.total(address.query, upTo: 1000)
        columns = ListPage.columns(address.query, record)
    }

    func screen() throws -> Screen {
        let content: HTML = switch address.mode {
        case .list: try table()
        case .board: try BoardPage(list: self).html()
        case .calendar: try CalendarPage(list: self).html()
        case .timeline: try TimelinePage(list: self).html()
        }
        let main: HTML = """
            \(try head())
            \(try tabs())
            \(try ListFilters(record: record, address: address, columns: columns).html())
            \(content)
            """
        return Screen(title: record.plural, app: schema.app, main: main, layout: .wide, live: schema.id)
    }

    // MARK: Head

    private func head() throws -> HTML {
        let new: HTML = session.mayCreate(schema)
            ? "<a class=\"btn small primary\" href=\"\(record.base)/new\">\(view.icon("plus"))\(record.own(ifAny: "new") ?? record.say("new"))</a>" : .empty
        let bring: HTML = schema.features.contains(.imports) && session.mayCreate(schema)
            ? "<a class=\"btn small\" href=\"\(record.base)/import\">\(view.icon("import"))\(record.say("import"))</a>" : .empty
        return """
            <div class="head"><h1>\(record.plural)</h1><span class="count" data-region="count">\(record.estimated(total))</span>
            <div class="end">\(modes())\(export())\(bring)\(new)</div></div>
            """
    }

    private func modes() -> HTML {
        let modes = ListAddress.modes(schema)
        guard modes.count > 1 else { return .empty }
        let icons: [ListAddress.Mode: String] = [.list: "list", .board: "board", .calendar: "calendar", .timeline: "timeline"]
        let links: [HTML] = modes.map { mode in
            """
            <a class="btn small" href="\(url: address.href(mode))"\(attribute: "aria-current", mode == address.mode ? "true" : nil)>\
            \(view.icon(icons[mode] ?? "list"))<span class="not-phone">\(record.say("as.\(mode.rawValue)"))</span>\
            <span class="sr phone-only">\(record.say("as.\(mode.rawValue)"))</span></a>
            """
        }
        return "<div class=\"group\" role=\"group\" aria-label=\"\(record.say("as"))\">\(links)</div>"
    }

    private func export() -> HTML {
        guard ExportPages.mayExport(schema, session) else { return .empty }
        return """
            <details class="menu-box end" id="export"><summary class="btn small">\(view.icon("export"))\(record.say("export"))</summary>
            <div class="menu-pop"><div class="menu">
            <a href="\(url: address.export("csv"))" download>\(record.say("export.csv"))</a>
            <a href="\(url: address.export("csv", header: .names))" download>\(record.say("export.csv-names"))</a>
            <a href="\(url: address.export("json"))" download>\(record.say("export.json"))</a></div></div></details>
            """
    }

    // MARK: Saved views

    private func tabs() throws -> HTML {
        let declared = ListQuery.views(schema, session)
        let plain = query.filters.isEmpty && query.text == nil
        var tabs: [HTML] = try declared.map { declared in
            let count = try session.count(schema, where: declared.condition, upTo: ListPage.countedOnTabs)
            let query = try ListQuery(["view": [declared.name]], schema: schema, session: session)
            return tab(record.own("view.\(declared.name)"), href(query.address()), count, isCurrent: plain && self.query.view == declared.name)
        }
        if !declared.contains(where: { $0.condition == .always }) {
            let count = try session.count(schema, upTo: ListPage.countedOnTabs)
            tabs.append(tab(record.say("all"), href("all=1"), count, isCurrent: plain && query.view == nil))
        }
        for saved in try session.savedViews(schema) {
            // A view that speaks of fields this reader may not filter by is not theirs to open.
            guard let query = try? ListQuery(try ListAddress.parameters(of: saved.query), schema: schema, session: session) else { continue }
            let name: HTML = "<bdi>\(saved.name)</bdi>\(saved.isMine ? .empty : "<span class=\"sr\"> (\(record.say("view.shared")))</span>")"
            tabs.append(tab(name, href(saved.query), try session.count(query, upTo: ListPage.countedOnTabs), isCurrent: !plain && address.shows(saved.query)))
        }
        return tabs.count < 2 ? .empty : "<nav class=\"tabs\" aria-label=\"\(record.say("views"))\" data-region=\"tabs\">\(tabs)</nav>"
    }

    private func tab(_ name: String, _ href: String, _ count: Count, isCurrent: Bool) -> HTML { tab(HTML(text: name), href, count, isCurrent: isCurrent) }

    private func tab(_ name: HTML, _ href: String, _ count: Count, isCurrent: Bool) -> HTML {
        "<a href=\"\(url: href)\"\(attribute: "aria-current", isCurrent ? "page" : nil)>\(name) <span class=\"count\">\(record.number(count))</span></a>\n"
    }

    private func href(_ list: String) -> String {
        "\(record.base)?\(list)" + (address.mode == .list ? "" : "&as=\(address.mode.rawValue)")
    }

    // MARK: Columns

    /// The columns of the table: those asked for, the view's, the type's, or the first few fields; the title always comes first.
    static func columns(_ query: ListQuery, _ record: RecordView) -> [FieldSchema] {
        let schema = record.schema
        let open = ListQuery.columns(schema, record.session)
        func fields(_ names: [String]) -> [FieldSchema] { names.compactMap { name in open.first { $0.name == name } } }
        if let asked = query.fields { return fields(asked.filter { $0 != schema.titleField }) }
        let declared = query.view.flatMap { name in schema.views.first { $0.name == name } }?.columns ?? []
        var names = declared.isEmpty ? schema.columns : declared
        if names.isEmpty { names = Array(schema.ownFields.filter { $0.kind != .longText }.map(\.name).prefix(5)) }
        names.removeAll { $0 == schema.titleField }
        if schema.lifecycle != nil, !names.contains("state") { names.insert("state", at: min(1, names.count)) }
        return fields(names)
    }

    // MARK: Table

    private func table() throws -> HTML {
        let (rows, earlier, later) = try page()
        guard !rows.isEmpty else { return "<div data-region=\"list\">\(empty())</div>" }
        try session.loadLabels(rows)
        let sortable = ListQuery.sortable(schema, session)
        let head: [HTML] = columns.map { heading($0, isSortable: sortable.contains($0.name)) }
        let title = schema.field(schema.titleField)
        let first: HTML = title.map { heading($0, isSortable: sortable.contains($0.name)) } ?? "<th scope=\"col\">\(record.name)</th>"
        let bar = BulkBar(record: record, rows: rows).html()
        let choosable = !bar.isEmpty
        let body: [HTML] = rows.map { line($0, choosable: choosable) }
        let all: HTML = choosable ? """
            <th scope="col"><label class="pick"><input type="checkbox" class="js-only" data-select-all aria-label="\(record.say("choose.all"))"><span class="sr no-js">\(record.say("choose"))</span></label></th>
            """ : .empty
        let table: HTML = """
            <div class="scroll" tabindex="0" role="region" aria-label="\(record.plural)"><table class="table cards"><caption class="sr">\(caption())</caption>
            <thead><tr>\(all)\(first)\(head)</tr></thead>
            <tbody>\(body)</tbody></table></div>
            """
        let form: HTML = choosable ? """
            <form method="post" action="\(record.base)/bulk" data-region="list">\(view.token)<input type="hidden" name="back" value="\(view.address)">\(bar)\(table)</form>
            """ : "<div data-region=\"list\">\(table)</div>"
        return "\(form)\(try pager(rows, earlier: earlier, later: later))"
    }

    /// The rows of the page, and where the pages before and after it are.
    func page() throws -> (rows: [Row], earlier: String?, later: String?) {
        var page = query
        page.limit = address.rows
        if let before = address.before {
            let (rows, hasEarlier) = try session.list(page, before: before)
            let later = rows.last.map { last in address.href { $0.after = Cursor(after: last, sort: query.sort) } }
            return (rows, hasEarlier ? rows.first.map(address.href(before:)) : nil, later)
        }
        let (rows, next) = try session.list(page)
        return (rows, query.after == nil ? nil : rows.first.map(address.href(before:)), next.map { cursor in address.href { $0.after = cursor } })
    }

    private func caption() -> String {
        let order = query.sort.compactMap { schema.field($0.field) }.filter { $0.name != "id" }.map(record.label)
        return order.isEmpty ? record.plural : record.say("caption", ["what": .text(record.plural), "order": .formatted(view.formats.list(order))])
    }

    private func heading(_ field: FieldSchema, isSortable: Bool) -> HTML {
        let label = record.label(field)
        let number: HTML = ListPage.isNumber(field) ? " class=\"n\"" : .empty
        guard isSortable, query.text == nil else { return "<th scope=\"col\"\(number)>\(label)</th>\n" }
        let key = query.sort.first { $0.field == field.name }
        let href = address.href { query in
            // Upwards, then downwards, then as the view has it.
            query.sort = key == nil ? [Sort(field.name)] : key?.descending == false ? [Sort(field.name, descending: true)] : query.standardSort
        }
        guard let key, query.sort.first == key else { return "<th scope=\"col\"\(number)><a href=\"\(url: href)\">\(label)</a></th>\n" }
        return """
            <th scope="col"\(number) aria-sort="\(key.descending ? "descending" : "ascending")"><a href="\(url: href)">\(label) \(view.icon(key.descending ? "down" : "up"))</a></th>

            """
    }

    static func isNumber(_ field: FieldSchema) -> Bool {
        switch field.kind { case .integer, .decimal, .money, .duration: true; default: false }
    }

    /// Kinds that are not broken over two lines.
    static func isShort(_ field: FieldSchema) -> Bool {
        switch field.kind { case .choice, .date, .instant, .bool: true; default: field.name == "state" || field.name == "reference" }
    }

    private func line(_ row: Row, choosable: Bool) -> HTML {
        let cells: [HTML] = columns.map { field in
            let cell = record.cell(field, row)
            let classes = [ListPage.isNumber(field) ? "n" : ListPage.isShort(field) ? "nowrap" : nil, cell.isEmpty ? "empty-cell" : nil].compactMap { $0 }.joined(separator: " ")
            return "<td\(attribute: "class", classes.isEmpty ? nil : classes)\(attribute: "data-label", cell.isEmpty ? nil : record.label(field))>\(cell)</td>"
        }
        let pick: HTML = choosable ? """
            <td><label class="pick"><input type="checkbox" name="id" value="\(row.id.description)" data-select \
            aria-label="\(record.say("choose.one", ["name": .text(row.reference ?? session.title(row))]))"></label></td>
            """ : .empty
        return "<tr data-row>\(pick)<td><a class=\"plain\" href=\"\(record.href(row))\">\(record.title(row))</a>\(under(row))</td>\(cells)</tr>\n"
    }

    /// The reference number and the subtitle, small under the title.
    private func under(_ row: Row) -> HTML {
        var parts: [HTML] = []
        if let reference = row.reference, schema.titleField != "reference" { parts.append("<bdi class=\"ref\">\(reference)</bdi>") }
        if let name = schema.subtitleField, let field = schema.field(name), !columns.contains(where: { $0.name == name }), !row[name].isNull {
            // No link: two small ones so near each other are missed by a finger.
            parts.append("<bdi class=\"muted\">\(session.shown(row[name], of: field, in: schema, view.formats))</bdi>")
        }
        return parts.isEmpty ? .empty : "<br>\(parts.joined(separator: " · "))"
    }

    func pager(_ rows: [Row], earlier: String?, later: String?) throws -> HTML {
        let order = query.sort.compactMap { schema.field($0.field) }.filter { $0.name != "id" }.map(record.label)
        var text = record.say("pager.shown", ["shown": .formatted(view.formats.integer(rows.count)), "total": .formatted(record.number(total))])
        if !order.isEmpty { text = record.say("pager.by", ["shown": .formatted(text), "order": .formatted(view.formats.list(order))]) }
        func link(_ href: String?, _ key: String, _ content: HTML) -> HTML {
            guard let href else { return "<span class=\"btn small\" role=\"link\" aria-disabled=\"true\">\(content)</span>" }
            return "<a class=\"btn small\" rel=\"\(key)\" href=\"\(url: href)\">\(content)</a>"
        }
        let buttons: HTML = earlier == nil && later == nil ? .empty : """
            <span class="row tight">\(link(earlier, "prev", "\(view.arrow("prev"))\(record.say("pager.earlier"))"))\
            \(link(later, "next", "\(record.say("pager.later"))\(view.arrow("next"))"))</span>
            """
        return "<nav class=\"pager\" aria-label=\"\(record.say("pager"))\" data-region=\"pager\"><span>\(text)</span>\(buttons)</nav>"
    }

    // MARK: Empty

    /// What belongs here and the first step; or how to see more when filters leave nothing.
    func empty() -> HTML {
        if !query.filters.isEmpty || query.text != nil || address.before != nil || query.after != nil {
            return """
                <div class="empty"><h2>\(record.say("empty.filtered"))</h2><p>\(record.say("empty.filtered.text"))</p>
                <a class="btn" href="\(record.base)">\(record.say("empty.filtered.step"))</a></div>
                """
        }
        let step: HTML = session.mayCreate(schema)
            ? "<a class=\"btn primary\" href=\"\(record.base)/new\">\(view.icon("plus"))\(record.own(ifAny: "new") ?? record.say("new"))</a>" : .empty
        return """
            <div class="empty"><h2>\(record.say("empty"))</h2><p>\(record.own(ifAny: "empty") ?? record.say("empty.text"))</p>\(step)</div>
            """
    }
}
