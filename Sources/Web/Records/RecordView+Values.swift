import Foundation
import Kernel

extension View {
    /// The name of a role by its id: in its app's words, or the platform's.
    func roleName(_ id: String) -> String {
        let parts = id.split(separator: ".", maxSplits: 1).map(String.init)
        return parts.count == 2 ? say("role.\(parts[1])", of: parts[0] == "platform" ? Words.shared : parts[0]) : id
    }
}

extension RecordView {
    /// A value on the record's page: in full.
    func value(_ field: FieldSchema, _ row: Row) -> HTML {
        if let told = told(field, row) { return told }
        switch row[field.name] {
        case .secret(let text):
            return "<div class=\"prose\">\(Markdown.html(text))</div><p class=\"hint\">\(view.shape("lock")) \(say("secret.read"))</p>"
        case .instant(let instant): return time(instant, station: zone(row))
        case .place(let place): return "\(view.value(row, field.name)) \(near(place, field))\(view.map(.show(place, within: nil), label: label(field)))"
        case .text(let raw) where field.name == schema.labelField: return label(raw, field)
        case .text(let raw) where isRole(field): return HTML(text: view.roleName(raw))
        case .text(let text) where field.kind == .longText: return RecordView.structure(text) ?? view.value(row, field.name)
        default: return view.value(row, field.name)
        }
    }

    /// Whether the field names a role of the access rules.
    private func isRole(_ field: FieldSchema) -> Bool { schema.id == RoleGrant.schemaID && field.name == RoleGrant.role.name }

    /// The value as its record type reads it to people: a label and a text each.
    func told(_ field: FieldSchema, _ row: Row) -> HTML? {
        guard let lines = try? session.lines(of: field, row) else { return nil }
        return "<dl class=\"facts\">\(lines.map { "<dt><bdi>\($0.label)</bdi></dt><dd><bdi>\($0.text)</bdi></dd>" as HTML })</dl>"
    }

    /// A text that is one JSON object, as its names and values.
    static func structure(_ text: String) -> HTML? {
        guard text.hasPrefix("{"), text.hasSuffix("}"), let json = try? JSON(text: text), let object = json.object, !object.isEmpty else { return nil }
        let pairs: [HTML] = object.sorted { $0.key < $1.key }.map { "<dt>\($0.key)</dt><dd><bdi>\($0.value.string ?? $0.value.text)</bdi></dd>" }
        return "<dl class=\"facts\">\(pairs)</dl>"
    }

    /// A value in a cell of a list: on one line; nothing for nothing.
    func cell(_ field: FieldSchema, _ row: Row) -> HTML {
        if let clock = schema.clocks.first(where: { $0.dueField == field.name }) { return due(row, clock.name, field.name) }
        if let lines = try? session.lines(of: field, row) { return "<bdi>\(RecordView.clipped(lines.map { "\($0.label) \($0.text)" }.joined(separator: " · "), to: 120))</bdi>" }
        switch row[field.name] {
        case .null, .sealed, .secret: return .empty
        case .text(let text) where field.kind == .longText: return "<bdi>\(RecordView.clipped(text, to: 120))</bdi>"
        case .text(let raw) where field.name == schema.labelField: return label(raw, field)
        case .text(let raw) where isRole(field): return HTML(text: view.roleName(raw))
        case .words(let texts): return view.words(LocalText(texts.mapValues { RecordView.clipped($0, to: 120) }))
        case .files(let files): return "\(view.formats.integer(files.count))"
        default: return view.value(row, field.name)
        }
    }

    /// The label of sensitivity is a badge, so that nobody overlooks it.
    func label(_ raw: String, _ field: FieldSchema) -> HTML {
        let text = view.choiceName(schema, field, raw)
        guard raw != Label.unclassified.rawValue else { return HTML(text: text) }
        return view.badge(text, shape: "lock", raw == Label.strictlyConfidential.rawValue ? "bad" : "warn")
    }

    /// A person by name; a service of the platform by the word for it.
    func person(_ id: RecordID?) -> HTML {
        guard let id else { return "—" }
        guard let name = try? session.label("directory.person", id) else { return "<span class=\"muted\">\(say("service"))</span>" }
        return view.person(name)
    }

    // MARK: Times

    /// The zone of the duty station that the record is about, if it has one.
    func zone(_ row: Row) -> (zone: TimeZone, name: String)? {
        guard let field = schema.ownFields.first(where: { $0.target == "directory.duty-station" }), let id = row.id(field.name),
              let target = platform.schema("directory.duty-station"), let station = try? session.row(target, id),
              let zone = station.text("time-zone").flatMap({ TimeZone(identifier: $0) })
        else { return nil }
        return (zone, session.title(station))
    }

    /// A moment on the reader's clock, and on the station's where that differs.
    func time(_ instant: Instant, station: (zone: TimeZone, name: String)?) -> HTML {
        let own = view.fullTime(instant)
        guard let station, station.zone.secondsFromGMT(for: instant.date) != view.formats.timeZone.secondsFromGMT(for: instant.date) else { return own }
        let there = Formats(language: view.language, timeZone: station.zone)
        return own + " <span class=\"muted small\">\(say("time.there", ["time": .formatted(there.weekdayTime(instant)), "place": .text(station.name)]))</span>"
    }

    /// When a promise is due, as a list says it: late, soon, when, or that its clock stands.
    func due(_ row: Row, _ clock: String, _ field: String) -> HTML {
        guard let due = row.instant(field) else {
            return row.phase == .waiting ? "<span class=\"muted\">\(say("due.stands"))</span>" : .empty
        }
        return view.dueLine(due, href: working(row, "due:\(clock)"), isOpen: row.phase.isOpen)
    }

    /// A link to the records near a place.
    private func near(_ place: Place, _ field: FieldSchema) -> HTML {
        let centre = place.centre
        let sides = [
            max(-180, centre.longitude - 0.5), max(-90, centre.latitude - 0.5), min(180, centre.longitude + 0.5), min(90, centre.latitude + 0.5),
        ].map { String(format: "%.4f", locale: Locale(identifier: "en_US_POSIX"), $0) }
        let href = "\(base)?filter[\(field.name)][within]=\(sides.joined(separator: ","))"
        return "<a class=\"small\" href=\"\(url: href)\">\(say("place.near"))</a>"
    }

    /// The beginning of a text, without its line breaks.
    static func clipped(_ text: String, to length: Int) -> String {
        let line = text.replacing("\n", with: " ")
        guard line.count > length else { return line }
        return line.prefix(length - 1).trimmingCharacters(in: .whitespaces) + "…"
    }
}
