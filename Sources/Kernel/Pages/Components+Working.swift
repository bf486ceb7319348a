import Foundation

/// Explanations and clocks.
extension View {
    // MARK: Working

    /// The panel that explains a value; on a page of its own it cannot be closed, and says nothing of itself.
    public func working(_ working: Working, isPage: Bool = false) -> HTML {
        let summary: HTML = working.summary.map { "<p class=\"muted\">\($0)</p>" } ?? .empty
        let plain = address.split(separator: "?", maxSplits: 1).map(String.init)
        let json = (plain.first ?? "") + ".json" + (plain.count > 1 ? "?" + plain[1] : "")
        if isPage {
            return """
                <div class="working"><div class="working-body"><section><p class="answer num">\(working.answer)</p>\(summary)</section>
                \(working.sections.map(section))</div><div class="working-foot"><a class="btn small quiet" href="\(url: json)">JSON</a></div></div>
                """
        }
        return """
            <aside class="working" id="working" aria-labelledby="working-title">
            <div class="working-head"><svg class="glyph" aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg><h2 id="working-title">\(word("working"))</h2>\
            <div class="end"><button class="btn small quiet icon js-only" type="button" data-copy="\(address)" data-copied="\(word("copied"))" aria-label="\(word("copy-link"))">\(icon("link"))</button>\
            <button class="btn small quiet icon js-only" type="button" data-close aria-label="\(word("close"))">\(icon("x"))</button></div></div>
            <div class="working-body" tabindex="0" role="region" aria-label="\(working.question)">
            <section><p class="muted">\(working.question)</p><p class="answer num">\(working.answer)</p>\(summary)</section>
            \(working.sections.map(section))</div>
            <div class="working-foot"><a class="btn small quiet" href="\(url: address)">\(word("as-page"))</a><a class="btn small quiet" href="\(url: json)">JSON</a></div></aside>
            """
    }

    private func section(_ section: Working.Section) -> HTML {
        let note: HTML = section.note.map { "<span class=\"muted\">\($0)</span>" } ?? .empty
        return "<section><div class=\"spread\"><h2 class=\"t1\">\(section.heading)</h2>\(note)</div>\(parts(section.parts))</section>"
    }

    /// Facts that follow each other share one list, checks one block.
    private func parts(_ parts: [Working.Part]) -> HTML {
        var html = HTML()
        var facts: [HTML] = [], checks: [HTML] = []
        func flush() {
            if !facts.isEmpty { html += "<dl class=\"facts\">\(facts)</dl>" }
            if !checks.isEmpty { html += "<div class=\"proof\">\(checks)</div>" }
            (facts, checks) = ([], [])
        }
        for part in parts {
            switch part {
            case .fact(let label, let value, let link):
                if !checks.isEmpty { flush() }
                let value: HTML = link.map { "<a href=\"\(url: $0)\"><bdi>\(value)</bdi></a>" } ?? "<bdi>\(value)</bdi>"
                facts.append("<dt>\(label)</dt><dd>\(value)</dd>")
            case .check(let holds, let text):
                if !facts.isEmpty { flush() }
                let shape: HTML = "<svg class=\"s \(holds ? "is-good" : "is-bad")\" role=\"img\" aria-label=\"\(word(holds ? "holds" : "fails"))\"><use href=\"/assets/icons.svg#s-\(holds ? "done" : "bad")\"/></svg>"
                checks.append("\(shape)<span>\(text)</span>")
            case .text(let text): flush(); html += "<p>\(text)</p>"
            case .formula(let text): flush(); html += "<div class=\"formula\" dir=\"ltr\">\(text)</div>"
            case .table(let head, let rows, let idle, let hasTotal): flush(); html += segments(head, rows, idle, hasTotal)
            case .days(let days): flush(); html += dayStrip(days)
            }
        }
        flush()
        return html
    }

    private func segments(_ head: [String], _ rows: [[String]], _ idle: Set<Int>, _ hasTotal: Bool) -> HTML {
        // Columns of nothing but figures are set at their end.
        let figures = Set(head.indices.dropFirst().filter { column in
            let cells = rows.compactMap { $0.indices.contains(column) ? $0[column] : nil }.filter { !$0.isEmpty }
            return !cells.isEmpty && cells.allSatisfy { Working.isFigure($0) && !$0.contains(" – ") }
        })
        let heads: [HTML] = head.enumerated().map { place, text in "<th scope=\"col\"\(attribute: "class", figures.contains(place) ? "n" : nil)>\(text)</th>" }
        let body: [HTML] = rows.enumerated().map { index, cells in
            let kind = hasTotal && index == rows.count - 1 ? "total" : idle.contains(index) ? (hasTotal ? "idle" : "muted") : nil
            let cells: [HTML] = cells.enumerated().map { place, cell in
                figures.contains(place) ? "<td class=\"n\"><bdi>\(cell)</bdi></td>" : "<td>\(cell)</td>"
            }
            return "<tr\(attribute: "class", kind)>\(cells)</tr>"
        }
        return "<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"\(head.joined(separator: ", "))\"><table class=\"table snug\(hasTotal ? " segs" : "")\"><thead><tr>\(heads)</tr></thead><tbody>\(body)</tbody></table></div>"
    }

    /// Counted time by day, drawn: open hours as a line of ground, what counted in colour, pauses hatched. The table below says the same in words.
    public func dayStrip(_ days: [Working.Day]) -> HTML {
        guard !days.isEmpty else { return .empty }
        let all = days.flatMap { $0.open + $0.counted + $0.paused }
        let first = (all.map(\.lowerBound).min() ?? 480) / 60 * 60
        let last = max(first + 60, ((all.map(\.upperBound).max() ?? 1080) + 59) / 60 * 60)
        let isMirrored = language.isRightToLeft
        func x(_ minute: Int) -> Double {
            let along = Double(minute - first) / Double(last - first) * 304
            return isMirrored ? 304 - along : 48 + along
        }
        func rounded(_ value: Double) -> String { String((value * 10).rounded() / 10) }
        func bars(_ ranges: [Range<Int>], _ kind: String, _ y: Int) -> [HTML] {
            ranges.map { range in
                let (a, b) = (x(range.lowerBound), x(range.upperBound))
                return "<rect class=\"\(kind)\" x=\"\(rounded(min(a, b)))\" y=\"\(y)\" width=\"\(rounded(abs(b - a)))\" height=\"13\" rx=\"1\"/>"
            }
        }
        let rows: [HTML] = days.enumerated().map { index, day in
            let y = 4 + index * 19
            return "<text x=\"\(isMirrored ? 352 : 0)\" y=\"\(y + 11)\">\(day.label)</text>\(bars(day.open, "open", y))\(bars(day.counted, "on", y))\(bars(day.paused, "off", y))"
        }
        let step = last - first > 720 ? 240 : 120
        let hours: [HTML] = stride(from: first, through: last, by: step).map { minute in
            let anchor = minute == first ? (isMirrored ? "end" : "start") : minute == last ? (isMirrored ? "start" : "end") : "middle"
            return "<text x=\"\(rounded(x(minute)))\" y=\"\(days.count * 19 + 19)\" text-anchor=\"\(anchor)\" direction=\"ltr\">\(formats.digits(minute / 60 < 10 ? "0\(minute / 60)" : String(minute / 60)))</text>"
        }
        return """
            <svg class="daystrip" viewBox="0 0 352 \(days.count * 19 + 25)" role="img" aria-label="\(word("day-strip"))"><defs><pattern id="hatch" width="5" height="5" \
            patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><path d="M0 0v5" stroke="var(--warn)" stroke-width="2"/></pattern></defs>\(rows)\(hours)</svg>
            """
    }

    // MARK: Clocks

    /// A promise on a record: how much is left, when it is due here and there, how much is used up, and why.
    public func clockCard(_ clock: RunningClock, of row: Row) -> HTML {
        let reading = clock.reading
        let look = look(of: clock)
        let name = say("\(row.schema.name).clock.\(clock.definition.name)", of: row.schema.app)
        let href = "\(address(of: row))/working?of=due:\(clock.definition.name)"
        let due = reading.due.map { formats.relativeDay($0, now: now) }
        let used = word("clock.used", ["counted": .formatted(formats.workingTime(seconds: reading.counted)), "budget": .formatted(formats.workingTime(seconds: reading.budget))])
        var times: HTML = due.map { HTML(text: $0) } ?? HTML(text: used)
        if let at = reading.due, let zone = TimeZone(identifier: clock.calendar.timeZone), zone.secondsFromGMT(for: at.date) != formats.timeZone.secondsFromGMT(for: at.date) {
            let there = Formats(language: language, timeZone: zone).time(at)
            times += "<br>\(word("clock.there", ["time": .formatted(there), "place": .text(place(of: clock.calendar))]))"
        } else if due != nil {
            times += "<br>\(used)"
        }
        let meter = min(reading.counted, reading.budget)
        return """
            <div class="clock\(look.meaning.map { " is-" + $0 } ?? "")"><span class="what">\(name)\(why(href, due.map { "\(name), \($0)" } ?? name))</span>\
            <span class="left">\(look.shape.map { shape($0) })\(look.words)</span><span class="due num">\(times)</span>\
            <meter class="meter\(look.meaning.map { " is-" + $0 } ?? "")" min="0" max="\(max(1, reading.budget))" value="\(meter)">\(used)</meter></div>
            """
    }

    /// The duty station whose calendar it is, by name.
    private func place(of calendar: WorkingCalendar) -> String {
        let claim = Condition.compare(DutyStation.code.name, .equal, .value(.text(calendar.name)))
        let station = try? session.rows(Query(session.platform.schema(of: DutyStation.self), where: claim, limit: 1)).first
        return station.map(session.title) ?? calendar.name
    }

    /// What a clock says, with its shape and meaning.
    public func look(of clock: RunningClock) -> (shape: String?, meaning: String?, words: String) {
        let reading = clock.reading
        func time(_ seconds: Int) -> [String: WordArgument] { ["t": .formatted(formats.workingTime(seconds: seconds))] }
        switch reading.state {
        case .idle: return ("open", nil, word("clock.idle"))
        case .met: return ("done", "good", word("clock.met"))
        case .missed: return ("bad", "bad", word("clock.missed"))
        case .cancelled: return ("no", nil, word("clock.cancelled"))
        case .paused: return ("pause", reading.isBreached ? "bad" : "warn", word("clock.paused", time(max(0, reading.remaining))))
        case .running where reading.isBreached: return ("bad", "bad", word("late", time(-reading.remaining)))
        case .running:
            let isShort = reading.remaining * 5 <= reading.budget
            return (isShort ? "warn" : nil, isShort ? "warn" : nil, word("left", time(reading.remaining)))
        }
    }
}
