import Foundation

/// Why a clock is due when it is: the days, the stretches that counted, the rule, the proof.
struct DueWorking {
    private let session: Session
    private let row: Row
    private let definition: ClockDefinition
    private let clock: RunningClock?
    private let say: WorkingWords

    init(session: Session, row: Row, name: String?) throws {
        guard let definition = row.schema.clocks.first(where: { $0.name == name ?? $0.name }) else { throw Refusal.absent }
        self.session = session
        self.row = row
        self.definition = definition
        clock = try session.clocks(row).first { $0.definition.name == definition.name }
        say = WorkingWords(session)
    }

    private var label: String { say.own("clock.\(definition.name)", row.schema) }

    func working() throws -> Working {
        guard let clock, let start = clock.reading.startedAt else {
            return Working(
                question: say("due.question", ["clock": .text(label)]), answer: say("due.idle"),
                sections: [Working.Section(say("rule"), ruleTriggers()), try session.proofSection(row, say)])
        }
        let zone = TimeZone(identifier: clock.calendar.timeZone) ?? .gmt
        let there = Formats(language: session.viewer.language, timeZone: zone)
        let station = try station(clock.calendar)
        let place = station.map(session.title) ?? DueWorking.city(zone)
        let end = clock.reading.stoppedAt ?? clock.reading.due ?? session.now
        let segments = clock.reading.segments(upTo: end)
        var working = Working(question: say("due.question", ["clock": .text(label)]), answer: answer(clock))
        working.summary = summary(clock, start: start, there: there, zone: zone, place: place)
        let days = days(clock.calendar, segments, zone: zone, there: there, from: start, to: end)
        if !days.isEmpty { working.sections.append(Working.Section(say("due.days"), note: say("due.zone", ["place": .text(place), "offset": .formatted(say.offset(zone, at: end))]), [.days(days)])) }
        let table = try table(clock, segments, zone: zone, there: there, end: end, station: station)
        working.sections.append(Working.Section(say("due.counted"), note: say("due.zone", ["place": .text(place), "offset": .formatted(say.offset(zone, at: end))]), [table]))
        working.sections.append(Working.Section(say("rule"), rule(clock, there, station: station, place: place)))
        var proof = try session.proofSection(row, say)
        proof = Working.Section(proof.heading, note: proof.note, proof.parts + [.check(true, say("due.recomputed", ["n": .count(clock.events.count)]))])
        working.sections.append(proof)
        return working
    }

    // MARK: The answer

    private func moment(_ instant: Instant) -> String {
        say("moment", ["day": .formatted(say.formats.date(instant)), "time": .formatted(say.formats.time(instant)), "place": .text(readersPlace)])
    }

    /// Where the reader's wall clock is: the duty station when it is in the same zone, else the city of the zone.
    private var readersPlace: String {
        if let id = session.viewer.station, let row = try? session.row(session.platform.schema(of: DutyStation.self), id),
           row.text("time-zone") == session.viewer.timeZone.identifier { return session.title(row) }
        return DueWorking.city(session.viewer.timeZone)
    }

    static func city(_ zone: TimeZone) -> String {
        zone.identifier.split(separator: "/").last.map { String($0).replacing("_", with: " ") } ?? zone.identifier
    }

    private func answer(_ clock: RunningClock) -> String {
        let reading = clock.reading
        switch reading.state {
        case .running: return reading.due.map(moment) ?? say("due.never")
        case .paused: return say("due.paused", ["left": .formatted(say.formats.workingTime(seconds: max(0, reading.remaining)))])
        case .met: return say("due.met", ["when": .formatted(reading.stoppedAt.map(moment) ?? "")])
        case .missed: return say("due.missed", ["when": .formatted(reading.stoppedAt.map(moment) ?? "")])
        case .cancelled: return say("due.cancelled")
        case .idle: return say("due.idle")
        }
    }

    private func summary(_ clock: RunningClock, start: Instant, there: Formats, zone: TimeZone, place: String) -> String {
        // What a pause took away is its open time: nights and weekends would not have counted anyway.
        let pauses = clock.reading.segments(upTo: clock.reading.due ?? session.now).filter { $0.kind == .paused }
        let paused = pauses.reduce(0) { $0 + clock.calendar.counted(from: $1.from, to: $1.to) }
        var arguments: [String: WordArgument] = [
            "place": .text(place), "budget": .formatted(say.formats.workingTime(seconds: clock.budget)), "start": .formatted(there.weekdayTime(start)),
            "paused": .formatted(say.formats.workingTime(seconds: paused)),
        ]
        let now = clock.reading.due ?? session.now
        let differs = zone.secondsFromGMT(for: now.date) != session.viewer.timeZone.secondsFromGMT(for: now.date)
        if differs, let due = clock.reading.due { arguments["time"] = .formatted(there.weekdayTime(due)) }
        return say("due.summary" + (arguments["time"] == nil ? "" : "-there") + (paused > 0 ? "-paused" : ""), arguments)
    }

    // MARK: The day strip

    private func days(_ calendar: WorkingCalendar, _ segments: [ClockSegment], zone: TimeZone, there: Formats, from: Instant, to: Instant) -> [Working.Day] {
        let first = from.wall(in: zone).date, last = max(first, to.adding(seconds: -1).wall(in: zone).date)
        let count = last.days(since: first) + 1
        let shown = count <= 21 ? Array(0..<count) : Array(0..<7) + Array((count - 7)..<count)
        return shown.compactMap { number in
            let date = first.adding(days: number)
            let day = date.start(in: zone)..<date.adding(days: 1).start(in: zone)
            func minutes(_ ranges: [Range<Instant>]) -> [Range<Int>] {
                ranges.compactMap { range in
                    let part = range.clamped(to: day)
                    guard !part.isEmpty else { return nil }
                    let end = part.upperBound == day.upperBound ? 1440 : part.upperBound.wall(in: zone).minutes
                    let start = part.lowerBound.wall(in: zone).minutes
                    return start < end ? start..<end : nil
                }
            }
            func of(_ kind: ClockSegment.Kind) -> [Range<Int>] { minutes(segments.filter { $0.kind == kind }.map { $0.from..<$0.to }) }
            let open = minutes(calendar.open(in: day))
            let counted = of(.counted)
            let paused = of(.paused).flatMap { pause in open.map { $0.clamped(to: pause) }.filter { !$0.isEmpty } }
            if open.isEmpty, counted.isEmpty { return nil }
            return Working.Day(label: "\(there.weekday(date)) \(there.digits(String(date.day)))", open: open, counted: counted, paused: paused)
        }
    }

    // MARK: The table of segments

    private func table(_ clock: RunningClock, _ segments: [ClockSegment], zone: TimeZone, there: Formats, end: Instant, station: Row?) throws -> Working.Part {
        var lines: [(at: Instant, cells: [String], counted: Int, isIdle: Bool)] = []
        // Either every figure is whole in minutes, or all are shown to the second: what is cut off in each row would be missing in the sum.
        let precise = segments.contains { $0.counted % 60 != 0 || $0.total % 60 != 0 }
        func hours(_ seconds: Int) -> String { precise ? say.hoursToTheSecond(seconds) : say.hours(seconds) }
        for segment in segments {
            let (from, to) = (segment.from.wall(in: zone), segment.to.wall(in: zone))
            // Nights and weekends go without saying; what is closed within a day does not.
            if segment.kind == .closed, from.date != to.date { continue }
            let isFar = to.date.days(since: from.date) > 6
            let until = from.date == to.date ? time(segment.to, there, precise) : isFar ? there.dateShort(segment.to) : there.weekdayTime(segment.to)
            lines.append((segment.from, [
                "\(there.weekday(from.date)) \(there.digits(String(from.date.day)))", "\(time(segment.from, there, precise)) – \(until)", what(segment, clock),
                segment.kind == .counted ? hours(segment.counted) : there.digits("0"), hours(segment.total),
            ], segment.counted, segment.kind != .counted))
        }
        for (date, name) in try holidays(clock.calendar, station, zone: zone, segments) {
            let at = date.start(in: zone)
            // A holiday in the middle of a pause changed nothing.
            if segments.contains(where: { $0.kind == .paused && $0.from <= at && $0.to >= at.adding(seconds: 43_200) }) { continue }
            let total = segments.last { $0.to <= at }?.total ?? 0
            lines.append((at, ["\(there.weekday(date)) \(there.digits(String(date.day)))", "", say("due.holiday", ["name": .text(name)]), there.digits("0"), hours(total)], 0, true))
        }
        lines.sort { $0.at < $1.at }
        if lines.count > 60 {
            let left = lines.dropFirst(25).dropLast(25), counted = left.reduce(0) { $0 + $1.counted }
            let more = ["…", "", say("due.more", ["n": .count(left.count)]), hours(counted), ""]
            lines = lines.prefix(25) + [(lines[25].at, more, counted, counted == 0)] + lines.suffix(25)
        }
        var rows = lines.map(\.cells), idle = Set(lines.indices.filter { lines[$0].isIdle })
        for index in rows.indices.dropFirst().reversed() where rows[index][0] == rows[index - 1][0] { rows[index][0] = "" }
        let isDue = clock.reading.stoppedAt == nil && clock.reading.due != nil
        rows.append(["", time(end, there, precise), isDue ? say("due.used", ["budget": .formatted(say.formats.workingTime(seconds: clock.budget))]) : say("due.so-far"), "", hours(segments.last?.total ?? 0)])
        idle.remove(rows.count - 1)
        return .table(head: ["day", "from-to", "what", "counted-short", "sum"].map { say("due.\($0)") }, rows: rows, idle: idle, hasTotal: true)
    }

    /// The time of day, to the second where the table counts seconds. Parts of a second are rounded up, so that what lies between two times is what was counted.
    private func time(_ instant: Instant, _ there: Formats, _ isPrecise: Bool) -> String {
        guard isPrecise else { return there.time(instant) }
        let whole = Instant(microseconds: (instant.microseconds + 999_999) / 1_000_000 * 1_000_000)
        let seconds = whole.microseconds / 1_000_000 % 60
        return seconds == 0 ? there.time(whole) : there.time(whole) + there.digits(":\(seconds < 10 ? "0" : "")\(seconds)")
    }

    private func what(_ segment: ClockSegment, _ clock: RunningClock) -> String {
        switch segment.kind {
        case .counted: return say("due.open")
        case .closed: return say("due.closed")
        case .paused:
            let cause = clock.events.last { $0.act == .pause && $0.at <= segment.from }?.cause ?? ""
            // A field that stops the clock says by its name that something is waited for.
            if row.schema.field(cause) != nil { return self.cause(cause) }
            return say("due.waiting", ["why": .formatted(self.cause(cause))])
        }
    }

    /// What made the clock act, as it stands in its events: "to waiting", "resolve", "message".
    private func cause(_ text: String) -> String {
        let schema = row.schema
        if text.hasPrefix("to ") { return say.state(String(text.dropFirst(3)), schema) }
        if text.hasPrefix("from ") { return say("due.left", ["state": .formatted(say.state(String(text.dropFirst(5)), schema))]) }
        if text == "create" || text == "message" { return say("due.cause.\(text)") }
        if schema.lifecycle?.move(text) != nil { return say.own("move.\(text)", schema) }
        return schema.field(text).map { session.fieldLabel($0, in: schema) } ?? text
    }

    private func holidays(_ calendar: WorkingCalendar, _ station: Row?, zone: TimeZone, _ segments: [ClockSegment]) throws -> [(CalendarDate, String)] {
        guard let week = calendar.week, let from = segments.first?.from, let to = segments.last?.to else { return [] }
        let first = from.wall(in: zone).date, last = to.wall(in: zone).date
        let dates = calendar.holidays.filter { $0 >= first && $0 <= last && week[$0.weekday]?.isEmpty == false }.sorted().prefix(30)
        guard !dates.isEmpty, let station else { return dates.map { ($0, "") } }
        let schema = session.platform.schema(of: Holiday.self)
        let rows = try session.rows(Query(schema, where: Holiday.station.equals(Ref(station.id)), limit: 1_000))
        return dates.map { date in (date, rows.first { $0["date"] == .date(date) }.map(session.title) ?? "") }
    }

    // MARK: The rule

    private func station(_ calendar: WorkingCalendar) throws -> Row? {
        let claim = Condition.compare(DutyStation.code.name, .equal, .value(.text(calendar.name)))
        return try session.rows(Query(session.platform.schema(of: DutyStation.self), where: claim, limit: 1)).first
    }

    private func rule(_ clock: RunningClock, _ there: Formats, station: Row?, place: String) -> [Working.Part] {
        let link = station.map { "/\($0.schema.app)/\($0.schema.plural)/\($0.reference ?? $0.id.description)" }
        let hours = say("due.calendar-text", [
            "place": .text(place), "version": .formatted(there.integer(clock.calendar.version)), "hours": .formatted(week(clock.calendar, there)),
        ])
        return [
            .fact(say("due.promise"), say("due.promise-text", ["rule": .formatted(clock.rule), "budget": .formatted(say.formats.workingTime(seconds: clock.budget))]), link: nil),
        ] + ruleTriggers() + [.fact(say("due.calendar"), hours, link: link)]
    }

    private func ruleTriggers() -> [Working.Part] {
        [(ClockAct.start, "starts"), (.pause, "pauses"), (.resume, "resumes"), (.stop, "stops"), (.reset, "resets"), (.cancel, "cancels")].compactMap { act, key in
            let triggers = definition.triggers.filter { $0.act == act }.map { trigger($0.trigger) }
            return triggers.isEmpty ? nil : .fact(say("due.\(key)"), say.formats.list(triggers), link: nil)
        }
    }

    private func trigger(_ trigger: ClockDefinition.Trigger) -> String {
        func states(_ names: [String]) -> WordArgument { .formatted(say.formats.list(names.map { say.state($0, row.schema) })) }
        func field(_ name: String) -> WordArgument { .text(row.schema.field(name).map { session.fieldLabel($0, in: row.schema) } ?? name) }
        return switch trigger {
        case .created: say("due.on-create")
        case .entering(let names): say("due.on-entering", ["states": states(names)])
        case .leaving(let names): say("due.on-leaving", ["states": states(names)])
        case .move(let name): say("due.on-move", ["move": .formatted(say.own("move.\(name)", row.schema))])
        case .message(from: let name): say("due.on-message", ["field": field(name)])
        case .answer(to: let name): say("due.on-answer", ["field": field(name)])
        case .answerBesides(let names):
            say("due.on-answer-besides", ["fields": .formatted(say.formats.list(names.map { name in row.schema.field(name).map { session.fieldLabel($0, in: row.schema) } ?? name }))])
        case .setting(let name, let values): say("due.on-setting", [
            "field": field(name),
            "values": .formatted(say.formats.list(values.map { value in row.schema.field(name).map { session.choiceWord(value, of: $0, in: row.schema) } ?? value })),
        ])
        }
    }

    /// `Mon–Fri 08:30–12:30, 13:30–17:30`: days with the same hours in one piece.
    private func week(_ calendar: WorkingCalendar, _ there: Formats) -> String {
        guard let week = calendar.week else { return say("due.always-open") }
        func time(_ minutes: Int) -> String { there.digits("\(minutes / 60 < 10 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)") }
        // 1 January 2024 was a Monday.
        func name(_ day: Int) -> String { CalendarDate(year: 2024, month: 1, day: day).map(there.weekday) ?? "" }
        let (comma, semicolon) = switch there.language {
        case .ar: ("، ", "؛ ")
        case .zh: ("、", "；")
        default: (", ", "; ")
        }
        var pieces: [String] = [], day = 1
        while day <= 7 {
            let hours = week[day] ?? []
            var last = day
            while last < 7, (week[last + 1] ?? []) == hours { last += 1 }
            if !hours.isEmpty {
                let days = last == day ? name(day) : "\(name(day))–\(name(last))"
                pieces.append("\(days) " + hours.map { "\(time($0.start))–\(time($0.end))" }.joined(separator: comma))
            }
            day = last + 1
        }
        return pieces.joined(separator: semicolon)
    }
}
