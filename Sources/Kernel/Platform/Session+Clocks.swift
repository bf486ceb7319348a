import Foundation

/// What happens to a record that clocks may act on.
enum ClockOccasion: Hashable {
    case created
    case entered(String)
    case left(String)
    case move(String)
    /// A public message by the person.
    case message(by: RecordID)
    /// The field has a new value.
    case became(String)
}

/// A clock as read now, with what it was read by.
public struct RunningClock: Sendable {
    public let definition: ClockDefinition
    public let events: [ClockEvent]
    public let calendar: WorkingCalendar
    public let budget: Int
    public let reading: ClockReading
    public let rule: String
    public var engine: ClockEngine { ClockEngine(calendar: calendar, budget: budget) }
}

extension Session {
    /// Feeds the occasions to the record's clocks and mirrors their due times into the row.
    func runClocks(_ row: inout Row, occasions: [ClockOccasion], before: Row?) throws {
        guard !row.schema.clocks.isEmpty else { return }
        let watched = row.schema.clocks.flatMap(\.triggers).compactMap { if case .setting(let field, _) = $0.trigger { field } else { nil } }
        let set = Set(watched).filter { [row] field in before?[field] != row[field] }.sorted().map(ClockOccasion.became)
        let occasions = occasions + set
        guard row.schema.clocks.contains(where: { concerns($0, occasions, row, before) }) else { return }
        let kept = before == nil ? [] : try clockRows(row.id)
        for definition in row.schema.clocks {
            let old = kept.first { $0.text("name") == definition.name }
            var events = old.map(Session.events) ?? []
            let known = events.count
            for occasion in occasions {
                for (trigger, act) in definition.triggers where matches(trigger, occasion, row) {
                    let event = ClockEvent(act: act, at: now, cause: occasion.cause)
                    // A second start, a pause of what does not run: nothing has happened to the clock, so nothing is written down.
                    if ClockRun.all(events + [event], until: nil) != ClockRun.all(events, until: nil) || act == .reset { events.append(event) }
                }
            }
            let depends = self.depends(definition, row, before)
            guard events.count != known || depends else { continue }
            try keep(definition, events, old, &row)
        }
    }

    private func keep(_ definition: ClockDefinition, _ events: [ClockEvent], _ old: Row?, _ row: inout Row) throws {
        let rules = asService("clocks")
        guard let budget = try definition.budget(row, rules), budget > 0 else { return }
        let calendar = try definition.calendar(row, rules)
        let reading = ClockEngine(calendar: calendar, budget: budget).read(events, at: now)
        var clock = old ?? Row(new: Tables.clock, id: .at(now))
        clock["schema"] = .text(row.schema.id)
        clock["record"] = .reference(row.id)
        clock["name"] = .text(definition.name)
        clock["events"] = .text(JSON.array(events.map { ["act": .string($0.act.rawValue), "at": .string($0.at.iso), "cause": .string($0.cause)] }).text)
        clock["budget"] = .integer(Int64(budget))
        clock["calendar"] = .text(calendar.name)
        clock["state"] = .text(reading.state.rawValue)
        clock["due-at"] = reading.due.map(Value.instant) ?? .null
        if old == nil { try write().insert(clock) } else { _ = try write().update(clock, expected: nil) }
        if let field = definition.dueField { row[field] = reading.due.map(Value.instant) ?? .null }
        if let field = definition.metField {
            row[field] = switch reading.state { case .met: .bool(true); case .missed: .bool(false); default: .null }
        }
    }

    private func depends(_ definition: ClockDefinition, _ row: Row, _ before: Row?) -> Bool {
        before.map { before in definition.dependsOn.contains { before[$0] != row[$0] } } ?? false
    }

    /// Whether a change could touch the clock at all.
    private func concerns(_ definition: ClockDefinition, _ occasions: [ClockOccasion], _ row: Row, _ before: Row?) -> Bool {
        occasions.contains { occasion in definition.triggers.contains { matches($0.trigger, occasion, row) } } || depends(definition, row, before)
    }

    private func matches(_ trigger: ClockDefinition.Trigger, _ occasion: ClockOccasion, _ row: Row) -> Bool {
        switch (trigger, occasion) {
        case (.created, .created): true
        case (.entering(let states), .entered(let state)), (.leaving(let states), .left(let state)): states.contains(state)
        case (.move(let name), .move(let made)): name == made
        case (.message(let field), .message(let person)): row.id(field) == person
        case (.answer(let field), .message(let person)): row.id(field) != person
        case (.answerBesides(let fields), .message(let person)): !fields.contains { row.id($0) == person }
        case (.setting(let field, let values), .became(let changed)): field == changed && row.text(field).map(values.contains) ?? false
        default: false
        }
    }

    private func clockRows(_ record: RecordID) throws -> [Row] {
        try reader.rows(Query(Tables.clock, where: .compare("record", .equal, .value(.reference(record))), limit: 100))
    }

    static func events(_ clock: Row) -> [ClockEvent] {
        guard let text = clock.text("events"), let list = try? JSON(text: text) else { return [] }
        return (list.array ?? []).compactMap { item in
            guard let act = item["act"].string.flatMap(ClockAct.init), let at = item["at"].string.flatMap(Instant.init(iso:)) else { return nil }
            return ClockEvent(act: act, at: at, cause: item["cause"].string ?? "")
        }
    }

    /// The record's clocks, recomputed now from their events.
    public func clocks(_ row: Row) throws -> [RunningClock] {
        guard !row.schema.clocks.isEmpty, let whole = try reader.row(row.schema, row.id), access.decide(.read, whole).isAllowed else { return [] }
        let kept = try clockRows(row.id)
        let rules = asService("clocks")
        return try row.schema.clocks.compactMap { definition in
            guard let clock = kept.first(where: { $0.text("name") == definition.name }), let budget = try definition.budget(whole, rules), budget > 0
            else { return nil }
            let calendar = try definition.calendar(whole, rules)
            let events = Session.events(clock)
            return RunningClock(
                definition: definition, events: events, calendar: calendar, budget: budget,
                reading: ClockEngine(calendar: calendar, budget: budget).read(events, at: now), rule: try definition.rule(whole, rules))
        }
    }

    /// Recomputes every open clock of a record type from its events and puts right what differs; returns how many were read and how many differed.
    public func recomputeClocks(_ schema: Schema) throws -> (read: Int, differed: Int) {
        var read = 0, differed = 0
        let open = Condition.all([.compare("schema", .equal, .value(.text(schema.id))), .oneOf("state", ["running", "paused", "idle"].map(Value.text))])
        for clock in try reader.rows(Query(Tables.clock, where: open, limit: 1_000_000)) {
            guard let id = clock.id("record"), let row = try reader.row(schema, id),
                  let definition = schema.clocks.first(where: { $0.name == clock.text("name") })
            else { continue }
            read += 1
            guard let budget = try definition.budget(row, self), budget > 0 else { continue }
            let due = ClockEngine(calendar: try definition.calendar(row, self), budget: budget).read(Session.events(clock), at: now).due
            if due != clock.instant("due-at") {
                differed += 1
                var draft = row
                try keep(definition, Session.events(clock), clock, &draft)
                _ = try commit("recompute", before: row, draft: draft)
            }
        }
        return (read, differed)
    }
}

extension ClockOccasion {
    var cause: String {
        switch self {
        case .created: "create"
        case .entered(let state): "to \(state)"
        case .left(let state): "from \(state)"
        case .move(let name): name
        case .message: "message"
        case .became(let field): field
        }
    }
}
