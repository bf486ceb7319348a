import Foundation

extension Working {
    /// The panel at the end edge of a page, for work screens that explain their own values.
    /// - Parameters:
    ///   - heading: the panel's heading, "Working"; `close`: the name of the button that closes it.
    ///   - back: the page without the panel, for those without JavaScript.
    public func panel(heading: String, close: String, back: String, formats: Formats) -> HTML {
        """
        <aside class="working" id="working" aria-labelledby="working-heading">
        <div class="working-head"><svg class="glyph" aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg><h2 id="working-heading">\(heading)</h2>\
        <div class="end"><a class="btn small quiet icon" data-close href="\(url: back)" aria-label="\(close)"><svg class="i" aria-hidden="true"><use href="/assets/icons.svg#i-x"/></svg></a></div></div>
        <div class="working-body" tabindex="0" role="region" aria-label="\(question)">
        <section><p class="muted">\(question)</p><p class="answer num"><bdi>\(answer)</bdi></p>\(summary.map { "<p class=\"muted\">\($0)</p>" as HTML })</section>
        \(sections.map { $0.html(formats) })
        </div></aside>
        """
    }
}

extension Working.Section {
    fileprivate func html(_ formats: Formats) -> HTML {
        let title: HTML = note.map { "<div class=\"spread\"><h2 class=\"t1\">\(heading)</h2><span class=\"muted\">\($0)</span></div>" } ?? "<h2 class=\"t1\">\(heading)</h2>"
        var body = HTML()
        var index = 0
        while index < parts.count {
            // Neighbouring facts and checks share one list.
            let run = parts[index...].prefix { $0.listClass != nil && $0.listClass == parts[index].listClass }
            if let tag = parts[index].listClass {
                let items = run.map { $0.html(formats, heading) }
                body += tag == "facts" ? "<dl class=\"facts\">\(items)</dl>" : "<div class=\"proof num\">\(items)</div>"
                index = run.endIndex
            } else {
                body += parts[index].html(formats, heading)
                index += 1
            }
        }
        return "<section>\(title)\(body)</section>\n"
    }
}

extension Working.Part {
    fileprivate var listClass: String? {
        switch self {
        case .fact: "facts"
        case .check: "proof"
        default: nil
        }
    }

    fileprivate func html(_ formats: Formats, _ caption: String) -> HTML {
        switch self {
        case .text(let text): return "<p>\(text)</p>"
        case .formula(let text): return "<p class=\"formula\" dir=\"ltr\">\(text)</p>"
        case .fact(let label, let value, let link):
            let shown: HTML = link.map { "<a href=\"\(url: $0)\"><bdi>\(value)</bdi></a>" } ?? "<bdi>\(value)</bdi>"
            return "<dt>\(label)</dt><dd>\(shown)</dd>"
        case .check(let isTrue, let text):
            let shape: HTML = "<svg class=\"s\(isTrue ? "" : " is-warn")\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#\(isTrue ? "s-done" : "s-warn")\"/></svg>"
            return "\(shape)<span>\(isTrue ? "\(text)" as HTML : "<b>\(text)</b>")</span>"
        case .table(let head, let rows, let idle, let hasTotal): return table(head, rows, idle, hasTotal, caption)
        case .days(let days): return Working.strip(days, formats)
        }
    }

    private func table(_ head: [String], _ rows: [[String]], _ idle: Set<Int>, _ hasTotal: Bool, _ caption: String) -> HTML {
        func row(_ index: Int, _ cells: [String]) -> HTML {
            let cells: [HTML] = cells.enumerated().map { place, cell in
                place > 0 && Working.isFigure(cell) ? "<td class=\"n\"><bdi>\(cell)</bdi></td>" : "<td>\(cell)</td>"
            }
            return "<tr\(attribute: "class", idle.contains(index) ? "idle" : nil)>\(cells)</tr>"
        }
        let body = hasTotal ? Array(rows.dropLast()) : rows
        let foot: HTML = hasTotal ? (rows.last.map { "<tfoot>\(row(-1, $0))</tfoot>" } ?? .empty) : .empty
        return """
            <table class="table snug lines"><caption class="sr">\(caption)</caption><thead><tr>\(head.enumerated().map { place, text -> HTML in
                let isFigures = place > 0 && rows.contains { $0.indices.contains(place) && Working.isFigure($0[place]) }
                return "<th scope=\"col\"\(attribute: "class", isFigures ? "n" : nil)>\(text)</th>"
            })</tr></thead><tbody>\(body.enumerated().map { row($0, $1) })</tbody>\(foot)</table>
            """
    }
}

extension Working {
    /// Whether a cell is a figure, set at the end of its column: digits and no letters, or nothing.
    static func isFigure(_ text: String) -> Bool {
        text == "—" || (text.contains { $0.isNumber } && !text.contains { $0.isLetter })
    }

    /// The open, counted and paused hours of each day along 24 hours, and the same as text.
    fileprivate static func strip(_ days: [Day], _ formats: Formats) -> HTML {
        func time(_ minutes: Int) -> String {
            let text = "\(minutes / 60 < 10 ? "0" : "")\(minutes / 60):\(minutes % 60 < 10 ? "0" : "")\(minutes % 60)"
            return formats.digits(text)
        }
        func bars(_ ranges: [Range<Int>], _ name: String, _ line: Int) -> [HTML] {
            ranges.map { "<rect class=\"\(name)\" x=\"\($0.lowerBound * 352 / 1440)\" y=\"\(line * 16)\" width=\"\(max(1, $0.count * 352 / 1440))\" height=\"11\" rx=\"1\"/>" }
        }
        let rows: [HTML] = days.map { day in
            let hours = day.open.map { "\(time($0.lowerBound))–\(time($0.upperBound))" }.joined(separator: "  ")
            return "<tr><th scope=\"row\">\(day.label)</th><td class=\"num\"><bdi>\(hours.isEmpty ? "—" : hours)</bdi></td></tr>"
        }
        return """
            <svg class="daystrip" viewBox="0 0 352 \(days.count * 16)" aria-hidden="true">\(days.enumerated().map { line, day -> HTML in
                "<path class=\"axis\" d=\"M0 \(line * 16 + 13)h352\"/>\(bars(day.open, "open", line))\(bars(day.counted, "on", line))\(bars(day.paused, "off", line))"
            })</svg>
            <table class="table snug segs"><tbody>\(rows)</tbody></table>
            """
    }
}
