import Foundation

/// Form fields for every kind of value, with hint, error and what was typed before. `Components+Reading` reads them back.
extension View {
    /// The sentence about a field, when the form is shown again.
    public func fault(_ name: String) -> String? {
        guard let refusal else { return nil }
        if refusal.field == name { return sentence(refusal) }
        return refusal.faults.first { $0.field == name }.map(sentence)
    }

    /// What stands above a form that was refused: how many answers need a change, each a link to its field.
    public func faultSummary(_ label: (String) -> String? = { _ in nil }) -> HTML {
        guard let refusal else { return .empty }
        let faults = refusal.faults.isEmpty ? [refusal] : refusal.faults
        guard faults.contains(where: { $0.field != nil }) else { return notice("bad", HTML(text: sentence(refusal))) }
        let items: [HTML] = faults.map { fault in
            let name: HTML = fault.field.flatMap(label).map { "\($0): " } ?? .empty
            return fault.field.map { "<li><a href=\"#f-\($0)\">\(name)\(sentence(fault))</a></li>" } ?? "<li>\(sentence(fault))</li>"
        }
        return "<div class=\"summary\" role=\"alert\" tabindex=\"-1\"><h2>\(shape("bad"))\(word("faults", ["n": .count(faults.count)]))</h2><ul>\(items)</ul></div>"
    }

    /// The summary for a form of a record type.
    public func faultSummary(_ schema: Schema) -> HTML { faultSummary { schema.field($0).map { self.label(schema, $0) } } }

    /// A field of a form for a record's field.
    /// - Parameters:
    ///   - value: what it holds now; what was typed before goes first.
    ///   - isRequired: a move may ask for a field that is otherwise optional.
    public func field(_ schema: Schema, _ field: FieldSchema, value: Value = .null, isRequired: Bool? = nil, isFull: Bool? = nil) -> HTML {
        let required = isRequired ?? field.required
        let wide = isFull ?? [.longText, .words, .choices, .files, .secret].contains(field.kind)
        let parts = Parts(view: self, schema: schema, field: field, value: value, isRequired: required)
        let error: HTML = fault(field.name).map { "<span class=\"error\" id=\"e-\(field.name)\">\(shape("bad"))\($0)</span>" } ?? .empty
        let hint: HTML = hint(schema, field).map { "<span class=\"hint\" id=\"h-\(field.name)\">\($0)</span>" } ?? .empty
        let optional: HTML = required ? .empty : " <span class=\"optional\">\(word("optional"))</span>"
        let classes = "field\(wide ? " full" : "")\(error.isEmpty ? "" : " has-error")"
        let name = label(schema, field)
        if parts.isGroup {
            let described = parts.described
            return """
                <fieldset class="\(classes)" id="f-\(field.name)"\(attribute: "aria-describedby", described)><legend>\(name)\(optional)</legend>\(hint)\(error)\(parts.inputs)</fieldset>
                """
        }
        return "<div class=\"\(classes)\"><label for=\"f-\(field.name)\">\(name)\(optional)</label>\(hint)\(error)\(parts.inputs)</div>"
    }

    func hint(_ schema: Schema, _ field: FieldSchema) -> String? {
        let words = session.platform.words, key = "\(schema.name).\(field.name).hint"
        if words.has(key, scope: schema.app, language: language) || words.has(key, scope: schema.app, language: .en) { return say(key, of: schema.app) }
        switch field.kind {
        case .place: return word("place.hint")
        case .instant: return word("instant.hint", ["zone": .text(formats.timeZone.identifier)])
        default: return nil
        }
    }
}

/// The controls of one field.
private struct Parts {
    let view: View
    let schema: Schema
    let field: FieldSchema
    let value: Value
    let isRequired: Bool

    var id: String { "f-\(field.name)" }

    /// Several controls under one legend.
    var isGroup: Bool {
        switch field.kind {
        case .words, .duration: true
        case .choices: !field.choices.isEmpty
        case .money: field.currency == nil
        case .choice: field.choices.count <= 4 && isRequired
        default: false
        }
    }

    var described: String? {
        let ids = [view.hint(schema, field) == nil ? nil : "h-\(field.name)", view.fault(field.name) == nil ? nil : "e-\(field.name)"].compactMap { $0 }
        return ids.isEmpty ? nil : ids.joined(separator: " ")
    }

    private func typed(_ part: String = "") -> String? { view.form[field.name + part]?.first }

    private var invalid: String? { view.fault(field.name) == nil ? nil : "true" }

    /// Attributes that every single control has.
    private var common: HTML {
        " id=\"\(id)\" name=\"\(field.name)\"\(flag: "required", isRequired)\(attribute: "aria-invalid", invalid)\(attribute: "aria-describedby", described)"
    }

    var inputs: HTML {
        switch field.kind {
        case .text: text
        case .longText: area(typed() ?? value.wire)
        case .secret: area(typed() ?? secret, extra: " data-no-draft autocomplete=\"off\"")
        case .words: words
        case .integer, .decimal: number
        case .bool: bool
        case .money: money
        case .date: "<input type=\"date\" class=\"input short\"\(common) value=\"\(typed() ?? value.wire)\">"
        case .instant: "<input type=\"datetime-local\" class=\"input\"\(common) value=\"\(typed() ?? localInstant)\">"
        case .duration: duration
        case .choice: isGroup ? radios : select
        case .choices: field.choices.isEmpty ? "<input class=\"input\"\(common) value=\"\(typed() ?? Array<String>.list(value).joined(separator: ", "))\" autocomplete=\"off\">" : checks
        case .reference: reference
        case .place: "<input class=\"input\"\(common) value=\"\(typed() ?? value.wire)\" dir=\"ltr\" autocomplete=\"off\">"
        case .files: files
        }
    }

    private var secret: String { if case .secret(let text) = value { text } else { "" } }

    private var text: HTML {
        "<input class=\"input\"\(common)\(attribute: "maxlength", field.max) dir=\"auto\" value=\"\(typed() ?? value.wire)\">"
    }

    private func area(_ text: String, extra: HTML = .empty) -> HTML {
        let count = view.word("characters", ["n": .formatted("{n}"), "max": .formatted("{max}")])
        return "<textarea class=\"input\"\(common)\(attribute: "maxlength", field.max) data-count=\"\(count)\" dir=\"auto\" rows=\"4\"\(extra)>\n\(text)</textarea>"
    }

    private var words: HTML {
        var texts: [Language: String] = [:]
        if case .words(let kept) = value { texts = kept }
        let rows: [HTML] = view.session.platform.configuration.languages.map { language in
            """
            <label class="field full"><span class="small">\(language.nativeName)</span><input class="input" name="\(field.name).\(language.rawValue)" lang="\(language.rawValue)" \
            dir="\(language.direction)" value="\(typed("." + language.rawValue) ?? texts[language] ?? "")"\(attribute: "aria-invalid", invalid)></label>
            """
        }
        return "<div class=\"stack snug full\">\(rows)</div>"
    }

    private var number: HTML {
        let mode = field.kind == .integer && (field.range?.lowerBound ?? -1) >= 0 ? "numeric" : "decimal"
        return "<input class=\"input short n\" inputmode=\"\(mode)\"\(common) value=\"\(typed() ?? value.wire)\" dir=\"ltr\" autocomplete=\"off\">"
    }

    private var bool: HTML {
        let isOn = view.form.isEmpty ? value == .bool(true) : typed() == "true"
        if isRequired || value != .null || field.initial != .null {
            return """
                <input type="hidden" name="\(field.name).shown" value="1"><label class="choice"><input type="checkbox" id="\(id)" name="\(field.name)" value="true"\(flag: "checked", isOn)\
                \(attribute: "aria-invalid", invalid)><span>\(view.word("yes"))</span></label>
                """
        }
        let now = typed() ?? value.wire
        return "<select class=\"input short\"\(common)>\(option("", "—", now))\(option("true", view.word("yes"), now))\(option("false", view.word("no"), now))</select>"
    }

    private var money: HTML {
        var amount = "", code = field.currency ?? "USD"
        if case .money(let money) = value { (amount, code) = (money.amount.description, money.currency) }
        let input: HTML = "<input class=\"input n\" inputmode=\"decimal\"\(common) value=\"\(typed() ?? amount)\" dir=\"ltr\" autocomplete=\"off\">"
        if let only = field.currency { return "<span class=\"affix\">\(input)<span><bdi>\(only)</bdi></span></span>" }
        let currency = typed(".currency") ?? code
        return """
            <div class="row"><label class="field"><span class="small">\(view.word("amount"))</span>\(input)</label><label class="field"><span class="small">\(view.word("currency"))</span>\
            <input class="input tiny" name="\(field.name).currency" value="\(currency)" maxlength="3" dir="ltr" autocapitalize="characters" spellcheck="false"></label></div>
            """
    }

    private var localInstant: String {
        guard case .instant(let instant) = value else { return "" }
        let seconds = view.formats.timeZone.secondsFromGMT(for: instant.date)
        return String(instant.adding(seconds: seconds).iso.prefix(16))
    }

    private var duration: HTML {
        var hours = "", minutes = ""
        if case .duration(let seconds) = value { (hours, minutes) = (String(seconds / 3600), String(seconds / 60 % 60)) }
        func part(_ name: String, _ kept: String) -> HTML {
            """
            <label class="field"><span class="small">\(view.word(name))</span><input class="input tiny n" inputmode="numeric" name="\(field.name).\(name)" value="\(typed("." + name) ?? kept)" \
            dir="ltr" autocomplete="off"\(attribute: "aria-invalid", invalid)></label>
            """
        }
        return "<div class=\"row\">\(part("hours", hours))\(part("minutes", minutes))</div>"
    }

    // MARK: Choosing

    private func option(_ value: String, _ name: String, _ current: String) -> HTML {
        "<option value=\"\(value)\"\(flag: "selected", value == current)>\(name)</option>"
    }

    private var radios: HTML {
        let now = typed() ?? value.wire
        let rows: [HTML] = field.choices.map { choice in
            """
            <label class="choice"><input type="radio" name="\(field.name)" value="\(choice)"\(flag: "required", isRequired)\(flag: "checked", choice == now)><span>\(view.choiceName(schema, field, choice))</span></label>
            """
        }
        return "<div class=\"choices\">\(rows)</div>"
    }

    private var select: HTML {
        let now = typed() ?? value.wire
        let rows = field.choices.map { option($0, view.choiceName(schema, field, $0), now) }
        return "<select class=\"input\"\(common)>\(option("", isRequired ? view.word("choose") : "—", now))\(rows)</select>"
    }

    private var checks: HTML {
        let now = view.form.isEmpty ? (Array<String>.list(value)) : view.form[field.name] ?? []
        let rows: [HTML] = field.choices.map { choice in
            """
            <label class="choice"><input type="checkbox" name="\(field.name)" value="\(choice)"\(flag: "checked", now.contains(choice))><span>\(view.choiceName(schema, field, choice))</span></label>
            """
        }
        return "<input type=\"hidden\" name=\"\(field.name)\" value=\"\"><div class=\"choices\">\(rows)</div>"
    }

    /// Up to a hundred records are a select; more are found by typing, without the script by reference or exact name.
    private var reference: HTML {
        guard let target = field.target, let schema = view.session.platform.schema(target) else {
            return "<input class=\"input\"\(common) value=\"\(typed() ?? value.wire)\">"
        }
        let now = typed() ?? value.wire
        let title = RecordID(now).flatMap { try? view.session.label(target, $0) }
        let picker: HTML = """
            <input class="input" data-picker="/pick/\(schema.app)/\(schema.plural)" data-picker-target="\(id)"\(attribute: "data-title", title) data-none="\(view.word("none-found"))" hidden disabled>
            """
        let query = Query(schema, sort: schema.field(schema.titleField)?.kind == .text ? [Sort(schema.titleField)] : [], limit: 101)
        let rows = (try? view.session.rows(query)) ?? []
        guard rows.count <= 100 else {
            return "<input class=\"input\"\(common) value=\"\(title ?? now)\" dir=\"auto\" autocomplete=\"off\">\(picker)"
        }
        var options = rows.map { option($0.id.description, view.session.title($0), now) }
        if let title, !rows.contains(where: { $0.id.description == now }) { options.append(option(now, title, now)) }
        return "<select class=\"input\"\(common)>\(option("", isRequired ? view.word("choose") : "—", now))\(options)</select>\(rows.count > 12 ? picker : .empty)"
    }

    private var files: HTML {
        """
        <div class="drop"><input type="file" class="sr" multiple\(common) data-max-bytes="26214400" data-too-large="\(view.word("file.too-large", ["max": .formatted("{max}")]))">\
        <label class="btn small" for="\(id)">\(view.icon("clip"))\(view.word("file.choose"))</label><span class="hint">\(view.word("file.hint", ["max": .formatted(view.formats.fileSize(25_000_000))]))</span></div>
        """
    }
}

extension Array where Element == String {
    fileprivate static func list(_ value: Value) -> [String] { if case .list(let list) = value { list } else { [] } }
}
