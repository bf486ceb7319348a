import Foundation
import Kernel

/// The filter bar of a list: what the address holds as chips, a way to add more, columns, and saving the view. Plain links and forms.
struct ListFilters {
    let record: RecordView
    let address: ListAddress
    let columns: [FieldSchema]

    private var view: View { record.view }
    private var schema: Schema { record.schema }

    func html() throws -> HTML {
        let fields = ListQuery.filterable(schema, record.session)
        var names: [String] = []
        for filter in address.query.filters where !names.contains(filter.field) { names.append(filter.field) }
        var chips: [HTML] = try names.compactMap { name in
            guard let field = fields.first(where: { $0.name == name }) else { return nil }
            return try chip(field, isOpen: address.adding == name)
        }
        if let name = address.adding, !names.contains(name), let field = fields.first(where: { $0.name == name }) { chips.append(try chip(field, isOpen: true)) }
        return """
            <div class="filters" role="group" aria-label="\(record.say("filters"))">\(search())\(chips)\(add(fields, used: names))
            <span class="row tight push">\(columnMenu())\(try save())</span></div>
            """
    }

    private func search() -> HTML {
        """
        <form class="row tight" method="get" action="\(record.base)" role="search" aria-label="\(record.say("search.label", ["what": .text(record.plural)]))">\
        \(address.hidden(without: ["q", "sort"]))<input class="input short" type="search" name="q" maxlength="200" value="\(address.query.text ?? "")" \
        aria-label="\(record.say("search.label", ["what": .text(record.plural)]))" placeholder="\(record.say("search"))">\
        <button class="btn icon" aria-label="\(record.say("search"))">\(view.icon("search"))</button></form>
        """
    }

    // MARK: One filter

    private func chip(_ field: FieldSchema, isOpen: Bool) throws -> HTML {
        let filters = address.query.filters.filter { $0.field == field.name }
        let names = Set(filters.map(\.parameter))
        let isOn = !filters.isEmpty
        let text = isOn ? "\(record.label(field)): \(filters.map { said($0, field) }.joined(separator: ", "))" : record.label(field)
        let without = address.href { query in
            query.filters.removeAll { $0.field == field.name }
        }
        let remove: HTML = isOn ? "<a class=\"btn small quiet\" href=\"\(url: without)\">\(record.say("filter.remove"))</a>" : .empty
        return """
            <details class="menu-box filter" name="filter" id="filter-\(field.name)"\(flag: "open", isOpen)><summary class="chip\(isOn ? " on" : "")"><span>\(text)</span>\(view.icon("down"))</summary>
            <form class="menu-pop filter-form" method="get" action="\(record.base)">\(address.hidden(without: names))
            \(try inputs(field, filters))
            <div class="row"><button class="btn small primary">\(record.say("filter.apply"))</button>\(remove)</div></form></details>

            """
    }

    /// A filter in words: "before 4 June 2021", "Geneva, Nairobi", "empty".
    private func said(_ filter: ListQuery.Filter, _ field: FieldSchema) -> String {
        let values = filter.values.map { word($0, field) }
        let text = values.count > 3 ? values.prefix(2).joined(separator: ", ") + " +\(view.formats.integer(values.count - 2))" : values.joined(separator: ", ")
        switch filter.operation {
        case nil, "is", "includes": return text
        case "empty": return record.say(filter.values == ["false"] ? "filter.filled" : "filter.empty")
        case "within": return record.say("filter.near")
        case let operation?:
            let isTime = field.kind == .date || field.kind == .instant
            let key = isTime ? ["before": "before", "at-most": "until", "after": "after", "at-least": "from"][operation] : nil
            return record.say("filter.said.\(key ?? operation)", ["value": .formatted(text)])
        }
    }

    private func word(_ text: String, _ field: FieldSchema) -> String {
        switch text {
        case "me" where field.target == "directory.person": return record.say("filter.me")
        case "my-units" where field.target == "directory.unit": return record.say("filter.my-units")
        case "none": return record.say("filter.empty")
        default: break
        }
        if field.name == "state" || field.kind == .choice || field.kind == .choices { return record.session.choiceWord(text, of: field, in: schema) }
        if field.kind == .instant, let date = CalendarDate(iso: text) { return view.formats.dateShort(date) }
        guard let value = try? Value.reading(text, for: field) else { return text }
        return record.session.shown(value, of: field, in: schema, view.formats)
    }

    // MARK: Inputs by kind

    private func inputs(_ field: FieldSchema, _ filters: [ListQuery.Filter]) throws -> HTML {
        let label = record.label(field)
        func value(_ operation: String?) -> String { filters.first { $0.operation == operation }?.value ?? "" }
        let name = "filter[\(field.name)]"
        var html: HTML
        switch field.kind {
        case _ where field.name == "state": html = boxes(field, name, schema.lifecycle?.states.map(\.name) ?? [], chosen(filters))
        case .choice where !field.choices.isEmpty, .choices where !field.choices.isEmpty: html = boxes(field, name, field.choices, chosen(filters))
        case .bool: html = boxes(field, name, ["true", "false"], chosen(filters))
        case .reference: html = try reference(field, name, filters)
        case .date, .instant:
            html = labelled(record.say("filter.from"), name + "[at-least]", day(value("at-least")), type: "date")
                + labelled(record.say("filter.until"), name + "[at-most]", day(value("at-most")), type: "date")
        case .integer, .decimal, .money, .duration:
            html = labelled(record.say("filter.least"), name + "[at-least]", value("at-least"), type: "text", mode: "decimal")
                + labelled(record.say("filter.most"), name + "[at-most]", value("at-most"), type: "text", mode: "decimal")
        case .choices: html = labelled(record.say("filter.includes"), name, value(nil), type: "text")
        case .place: html = labelled(record.say("filter.box"), name + "[within]", value("within"), type: "text")
        case .text, .longText: html = labelled(record.say("filter.contains"), name + "[contains]", value("contains"), type: "text")
        default: html = .empty
        }
        let isEmpty = filters.first { $0.operation == "empty" }?.values == ["true"]
        if !field.required, !field.isSystem {
            html += """
                <label class="choice"><input type="checkbox" name="\(name)[empty]" value="true"\(flag: "checked", isEmpty)><span>\(record.say("filter.only-empty"))</span></label>
                """
        }
        return "<fieldset><legend class=\"sr\">\(label)</legend>\(html)</fieldset>"
    }

    private func chosen(_ filters: [ListQuery.Filter]) -> Set<String> {
        Set(filters.filter { $0.operation == nil || $0.operation == "is" || $0.operation == "includes" }.flatMap(\.values))
    }

    private func day(_ text: String) -> String { CalendarDate(iso: text) == nil ? Instant(iso: text).map { CalendarDate($0, in: view.formats.timeZone).iso } ?? "" : text }

    private func boxes(_ field: FieldSchema, _ name: String, _ choices: [String], _ chosen: Set<String>) -> HTML {
        choices.map { choice -> HTML in
            let word = field.kind == .bool ? record.say(choice == "true" ? "yes" : "no") : record.session.choiceWord(choice, of: field, in: schema)
            return """
                <label class="choice"><input type="checkbox" name="\(name)" value="\(choice)"\(flag: "checked", chosen.contains(choice))><span>\(word)</span></label>

                """
        }.joined()
    }

    private func labelled(_ label: String, _ name: String, _ value: String, type: String, mode: String? = nil) -> HTML {
        """
        <label class="field"><span>\(label)</span><input class="input" type="\(type)" name="\(name)" value="\(value)"\(attribute: "inputmode", mode) maxlength="200"></label>
        """
    }

    private func reference(_ field: FieldSchema, _ name: String, _ filters: [ListQuery.Filter]) throws -> HTML {
        let chosen = chosen(filters)
        func box(_ value: String, _ word: String) -> HTML {
            """
            <label class="choice"><input type="checkbox" name="\(name)" value="\(value)"\(flag: "checked", chosen.contains(value))><span><bdi>\(word)</bdi></span></label>

            """
        }
        // Who asks is not one of the records, and so stands outside the picker.
        var html: HTML = switch field.target {
        case "directory.person": box("me", record.say("filter.me"))
        case "directory.unit": box("my-units", record.say("filter.my-units"))
        default: .empty
        }
        let picks = Picks(record: record, field: field)
        if let few = try picks.few() {
            html += few.map { box($0.id.description, record.session.title($0)) }.joined()
            return html
        }
        let id = "pick-\(field.name)"
        let list: [HTML] = chosen.filter { RecordID($0) != nil }.sorted().map { "<option value=\"\($0)\" selected>\(word($0, field))</option>" }
        return html + """
            <label class="field" for="\(id)"><span>\(record.say("filter.one-of"))</span></label>
            \(list.isEmpty ? oneBox(id, name, picks) : "<select class=\"input\" id=\"\(id)\" name=\"\(name)\" multiple>\(list)</select>" as HTML)
            \(picks.picker(for: id))
            """
    }

    /// Without the script a record is named by its code, which a page looks up.
    private func oneBox(_ id: String, _ name: String, _ picks: Picks) -> HTML {
        """
        <select class="input js-only" id="\(id)" name="\(name)" multiple></select><noscript><input class="input" name="\(name)" maxlength="60" aria-label="\(record.say("filter.one-of"))">\
        \(picks.lookUp())</noscript>
        """
    }

    // MARK: Adding, columns, saving

    private func add(_ fields: [FieldSchema], used: [String]) -> HTML {
        let free = fields.filter { !used.contains($0.name) && $0.name != address.adding && ![.words, .files, .longText].contains($0.kind) }
        guard !free.isEmpty else { return .empty }
        let links: [HTML] = free.map { field in
            "<button name=\"add\" value=\"\(field.name)\">\(record.label(field))</button>\n"
        }
        return """
            <details class="menu-box filter" name="filter" id="add-filter"><summary class="chip">\(view.icon("plus"))\(record.say("filter.add"))</summary>
            <div class="menu-pop"><div class="menu"><form method="get" action="\(record.base)">\(address.hidden(without: []))\(links)</form></div></div></details>
            """
    }

    /// No field has this name.
    private static let addingColumns = ".columns"

    /// The choices come when they are asked for: they would weigh an eighth of every list.
    private func columnMenu() -> HTML {
        guard address.mode == .list else { return .empty }
        let title: HTML = """
            \(view.icon("cols"))<span class="not-phone">\(record.say("columns"))</span><span class="sr phone-only">\(record.say("columns"))</span>
            """
        guard address.adding == ListFilters.addingColumns else {
            return "<a class=\"btn small quiet\" href=\"\(url: address.href(adding: ListFilters.addingColumns))\">\(title)</a>"
        }
        let boxes: [HTML] = ListQuery.columns(schema, record.session).filter { $0.name != schema.titleField }.map { field in
            """
            <label class="choice"><input type="checkbox" name="fields" value="\(field.name)"\(flag: "checked", columns.contains { $0.name == field.name })><span>\(record.label(field))</span></label>

            """
        }
        return """
            <details class="menu-box end filter" name="filter" id="columns" open><summary class="btn small quiet">\(title)</summary>
            <form class="menu-pop filter-form" method="get" action="\(record.base)">\(address.hidden(without: ["fields"]))
            <fieldset><legend class="sr">\(record.say("columns"))</legend>\(boxes)</fieldset>
            <div class="row"><button class="btn small primary">\(record.say("columns.show"))</button></div></form></details>
            """
    }

    private func save() throws -> HTML {
        let own = try record.session.savedViews(schema).filter(\.isMine)
        let current = own.first { address.shows($0.query) }
        let removals: [HTML] = own.map { saved in
            """
            <form method="post" action="\(record.base)/views/\(saved.id.description)/remove">\(view.token)<button>\(view.icon("bin"))\(record.say("view.remove", ["name": .text(saved.name)]))</button></form>

            """
        }
        let mine: HTML = removals.isEmpty ? .empty : "<div class=\"menu\">\(removals)</div>"
        return """
            <details class="menu-box end filter" name="filter" id="save-view"><summary class="btn small quiet">\(view.icon("bookmark"))<span class="not-phone">\(record.say("view.save"))</span><span class="sr phone-only">\(record.say("view.save"))</span></summary>
            <div class="menu-pop"><form class="filter-form" method="post" action="\(record.base)/views">\(view.token)
            <input type="hidden" name="query" value="\(address.canonical)">
            <label class="field"><span>\(record.say("view.name"))</span><input class="input" name="name" required maxlength="60" value="\(current?.name ?? "")"></label>
            <label class="choice"><input type="checkbox" name="shared" value="true"\(flag: "checked", current?.isShared ?? false)><span>\(record.say("view.share"))</span></label>
            <div class="row"><button class="btn small primary">\(record.say("view.save"))</button></div></form>\(mine)</div></details>
            """
    }
}
