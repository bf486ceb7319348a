public import Foundation

extension Platform {
    /// The name of a field as people read it: an added field carries its own, the others have theirs in the words.
    public func fieldLabel(_ field: FieldSchema, in schema: Schema, _ language: Language) -> String {
        if field.isAdded { return LocalText(field.labels).best(for: language)?.text ?? field.name }
        return field.isSystem
            ? words.say("field.\(field.name)", scope: Words.shared, in: language)
            : words.say("\(schema.name).\(field.name)", scope: schema.app, in: language)
    }

    /// The word for one value of a choice, of a list of choices, or of the state.
    public func choiceWord(_ choice: String, of field: FieldSchema, in schema: Schema, _ language: Language) -> String {
        let key = field.isSystem && field.name == "state" ? "\(schema.name).state.\(choice)" : "\(schema.name).\(field.name).\(choice)"
        // Lists of free words and the choices of added fields are their own names.
        guard words.has(key, scope: schema.app, language: language) || words.has(key, scope: schema.app, language: .en) else { return choice }
        return words.say(key, scope: schema.app, in: language)
    }
}

extension Session {
    /// The name of a field in the viewer's language.
    public func fieldLabel(_ field: FieldSchema, in schema: Schema) -> String { platform.fieldLabel(field, in: schema, viewer.language) }

    /// The word for a choice or a state in the viewer's language.
    public func choiceWord(_ choice: String, of field: FieldSchema, in schema: Schema) -> String {
        platform.choiceWord(choice, of: field, in: schema, viewer.language)
    }

    /// A value as one line of text in the viewer's language and time zone; empty for nothing.
    public func shown(_ value: Value, of field: FieldSchema, in schema: Schema, _ formats: Formats) -> String {
        switch value {
        case .null, .sealed, .secret: ""
        case .text(let text):
            field.kind == .choice || (field.isSystem && field.name == "state") ? choiceWord(text, of: field, in: schema) : text
        case .words(let texts): LocalText(texts).best(for: viewer.language)?.text ?? ""
        case .integer(let n): formats.integer(Int(n))
        case .bool(let flag): platform.words.say(flag ? "records.yes" : "records.no", scope: Words.shared, in: viewer.language)
        case .decimal(let number): formats.decimal(number.decimal, scale: number.scale)
        case .money(let money): formats.money(minor: money.minor, currency: money.currency)
        case .date(let date): formats.dateLong(date)
        case .instant(let instant): formats.dateTime(instant)
        case .duration(let seconds): formats.duration(seconds: Int(seconds))
        case .list(let list): formats.list(list.map { choiceWord($0, of: field, in: schema) })
        case .reference(let id): (try? label(field.target, id)) ?? "—"
        case .place(let place): Session.coordinates(place)
        case .files(let files): formats.list(files.map(\.name))
        }
    }

    /// `5.33012, 20.74000`: latitude and longitude of a place's centre, to about a metre.
    public static func coordinates(_ place: Place) -> String {
        let centre = place.centre
        return [centre.latitude, centre.longitude].map { String(format: "%.5f", locale: Locale(identifier: "en_US_POSIX"), $0) }.joined(separator: ", ")
    }
}

extension Instant {
    /// Reads a wall-clock time such as `2021-06-04T14:40` or `2021-06-04 14:40`, as forms and spreadsheets write it, in a time zone.
    public init?(local text: String, in zone: TimeZone) {
        guard text.utf8.count >= 16, let mark = text.utf8.dropFirst(10).first, mark == UInt8(ascii: "T") || mark == UInt8(ascii: " "),
              let date = CalendarDate(iso: String(text.prefix(10)))
        else { return nil }
        let parts = text.dropFirst(11).split(separator: ":", omittingEmptySubsequences: false)
        let numbers = parts.compactMap { $0.utf8.count == 2 ? Int($0) : nil }
        guard (2...3).contains(parts.count), numbers.count == parts.count, (0..<24).contains(numbers[0]), (0..<60).contains(numbers[1]),
              numbers.count == 2 || (0..<60).contains(numbers[2])
        else { return nil }
        let minute = Zone.of(zone).instant(day: date.number, minutes: numbers[0] * 60 + numbers[1])
        self = minute.adding(seconds: numbers.count == 3 ? numbers[2] : 0)
    }

    /// The wall-clock time in a zone as forms take it: `2021-06-04T14:40`.
    public func local(in zone: TimeZone) -> String {
        let (date, minutes) = wall(in: zone)
        func two(_ n: Int) -> String { n < 10 ? "0\(n)" : String(n) }
        return "\(date.iso)T\(two(minutes / 60)):\(two(minutes % 60))"
    }

    /// The day and the minutes after its midnight on the wall clock of a zone.
    func wall(in zone: TimeZone) -> (date: CalendarDate, minutes: Int) {
        let second = Int(Civil.floor(microseconds, by: 1_000_000))
        let local = second + Zone.of(zone).offset(at: second)
        let day = Civil.floor(local, by: 86_400)
        return (CalendarDate(number: day), (local - day * 86_400) / 60)
    }
}

extension Session {
    /// The classes of fields that are open to the viewer on a record, weighed on the whole record.
    public func openClasses(_ row: Row) throws -> Set<FieldClass> {
        guard let whole = try reader.row(row.schema, row.id) else { return [] }
        return access.classes(whole)
    }

    /// Whether the viewer may write messages on the record.
    public func mayComment(_ row: Row) throws -> Bool {
        guard let whole = try reader.row(row.schema, row.id) else { return false }
        return access.decide(.comment, whole).isAllowed
    }

    /// The moves from the record's state that exist but are not for the viewer, or not now.
    public func closedMoves(_ row: Row) throws -> [MoveSchema] {
        guard let lifecycle = row.schema.lifecycle, let whole = try reader.row(row.schema, row.id) else { return [] }
        return lifecycle.moves.filter { !$0.isQuiet && $0.from.contains(row.state) && !access.mayMove($0, whole) }
    }

    /// The classes of fields the viewer may fill when making a record: those that the rules which let them make one open.
    public func classesForCreating(_ schema: Schema) -> Set<FieldClass> {
        if viewer.isService { return Set(FieldClass.allCases) }
        let rules = schema.rules.filter { $0.verbs.contains(.create) && access.condition(of: $0, on: schema) != .never }
        return rules.reduce(into: []) { $0.formUnion($1.classes) }
    }

    /// The person fields that must name the viewer for them to be allowed to make a record.
    public func ownFieldsForCreating(_ schema: Schema) -> [String] {
        schema.rules.filter { $0.verbs.contains(.create) }.compactMap { rule in
            if case .isMe(let field)? = rule.role.relation { field } else { nil }
        }
    }
}
