import Foundation

/// Names and values of fields, as people read them.
extension View {
    /// The field's name: of an added field as the administrator wrote it, of a system field as the platform has it.
    public func label(_ schema: Schema, _ field: FieldSchema) -> String {
        if field.isSystem { return say("field.\(field.name)", of: Words.shared) }
        if field.isAdded { return LocalText(field.labels).best(for: language)?.text ?? field.name }
        return say("\(schema.name).\(field.name)", of: schema.app)
    }

    public func label(_ schema: Schema, _ name: String) -> String { schema.field(name).map { label(schema, $0) } ?? name }

    /// The name of one choice of a field.
    public func choiceName(_ schema: Schema, _ field: FieldSchema, _ choice: String) -> String {
        if field.name == "state" { return stateName(schema, choice) }
        if field.isAdded || field.choices.isEmpty { return choice }
        return say("\(schema.name).\(field.name).\(choice)", of: schema.app)
    }

    /// A field of a record as people read it; a dash when it is empty or not theirs to see.
    public func value(_ row: Row, _ name: String) -> HTML {
        guard let field = row.schema.field(name) else { return .empty }
        if name == "state" { return stateText(row) }
        if case .files(let files) = row[name] { return self.files(files, at: address(of: row) + "/files/") }
        return value(row[name], field, of: row.schema)
    }

    /// A value of a field as people read it.
    public func value(_ value: Value, _ field: FieldSchema, of schema: Schema) -> HTML {
        switch value {
        case .null: return "<span class=\"muted\" aria-label=\"\(word("empty"))\">—</span>"
        case .text(let text): return self.text(text, field, of: schema)
        case .words(let texts): return words(LocalText(texts))
        case .integer(let n): return "<span class=\"num\">\(formats.integer(Int(n)))</span>"
        case .bool(let flag): return HTML(text: word(flag ? "yes" : "no"))
        case .decimal(let number): return "<span class=\"num\">\(formats.decimal(number.decimal, scale: number.scale))</span>"
        case .money(let money): return "<span class=\"num\">\(formats.money(minor: money.minor, currency: money.currency))</span>"
        case .date(let date): return day(date)
        case .instant(let instant): return time(instant)
        case .duration(let seconds): return "<span class=\"num\">\(formats.duration(seconds: Int(seconds)))</span>"
        case .list(let list): return list.map { "<span class=\"tag\">\(choiceName(schema, field, $0))</span>" }.joined(separator: " ")
        case .reference(let id): return reference(id, field)
        case .place(let place):
            return "<bdi class=\"num\">\(place.centre.latitude.formatted(.number.precision(.fractionLength(0...5)).locale(Locale(identifier: "en")))), \(place.centre.longitude.formatted(.number.precision(.fractionLength(0...5)).locale(Locale(identifier: "en"))))</bdi>"
        case .files(let files): return self.files(files, at: nil)
        case .secret(let text): return "<code><bdi>\(text)</bdi></code>"
        case .sealed: return badge(word("sealed"), shape: "lock")
        }
    }

    private func text(_ text: String, _ field: FieldSchema, of schema: Schema) -> HTML {
        switch field.kind {
        case .choice: HTML(text: choiceName(schema, field, text))
        case .longText: "<div class=\"prose\" dir=\"auto\">\(Markdown.html(text))</div>"
        default: "<bdi>\(text)</bdi>"
        }
    }

    /// Text in the reader's language, or in another with its name beside it.
    public func words(_ text: LocalText) -> HTML {
        guard let best = text.best(for: language) else { return "—" }
        if best.language == language { return "<bdi>\(best.text)</bdi>" }
        return "<bdi lang=\"\(best.language.rawValue)\" dir=\"\(best.language.direction)\">\(best.text)</bdi> <span class=\"tag\">\(best.language.nativeName)</span>"
    }

    private func reference(_ id: RecordID, _ field: FieldSchema) -> HTML {
        guard let target = field.target, let schema = session.platform.schema(target), let title = try? session.label(target, id) else {
            return "<span class=\"muted\">—</span>"
        }
        return "<a href=\"/\(schema.app)/\(schema.plural)/\(id.description)\"><bdi>\(title)</bdi></a>"
    }

    private func files(_ files: [FileRef], at folder: String?) -> HTML {
        let items: [HTML] = files.map { file in
            let name: HTML = folder.map { "<a href=\"\(url: $0 + file.hash)\"><bdi>\(file.name)</bdi></a>" } ?? "<bdi>\(file.name)</bdi>"
            return "<li>\(icon("file"))\(name) <span class=\"muted num\">\(formats.fileSize(file.size))</span></li>"
        }
        return "<ul class=\"files\">\(items)</ul>"
    }
}
