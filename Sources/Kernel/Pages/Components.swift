import Foundation

/// The parts that pages are put together from. All words are the platform's, under `component.…`; names of fields and states are the app's.
extension View {
    func word(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { say("component." + key, of: Words.shared, arguments) }

    // MARK: Pictures

    /// A line icon of 16 px by its name without "i-", such as "desk".
    public func icon(_ name: String) -> HTML { "<svg class=\"i\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#i-\(name)\"/></svg>" }

    /// An arrow that is turned in scripts that run from right to left.
    public func arrow(_ name: String = "next") -> HTML { "<svg class=\"i flip\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#i-\(name)\"/></svg>" }

    /// A state shape of 14 px by its name without "s-": new open half pause done warn bad info no q lock dot star.
    public func shape(_ name: String, _ meaning: String? = nil) -> HTML {
        "<svg class=\"s\(meaning.map { " is-" + $0 } ?? "")\" aria-hidden=\"true\"><use href=\"/assets/icons.svg#s-\(name)\"/></svg>"
    }

    /// Initials in a circle; for the eye only, the name stands beside it.
    public func avatar(_ name: String) -> HTML {
        let words = name.split(separator: " ")
        let initials = [words.first, words.count > 1 ? words.last : nil].compactMap { $0?.first.map(String.init) }.joined()
        return "<span class=\"avatar\" aria-hidden=\"true\">\(initials.uppercased())</span>"
    }

    // MARK: Why

    /// The ∴ beside a value: a link to its working, which the script opens as a panel. `label` says what is asked: "due Monday 09:45".
    public func why(_ href: String, _ label: String) -> HTML {
        """
        <a class="why" href="\(url: href)" aria-label="\(word("why", ["what": .text(label)]))"><svg aria-hidden="true"><use href="/assets/icons.svg#therefore"/></svg></a>
        """
    }

    /// A value with its ∴ right after it.
    public func why(_ value: HTML, _ href: String, _ label: String) -> HTML { "<span class=\"why-line\">\(value)\(why(href, label))</span>" }

    // MARK: States

    /// Shape and meaning of a phase: never colour alone.
    public static func look(_ phase: Phase) -> (shape: String, meaning: String?) {
        switch phase {
        case .fresh: ("new", "info")
        case .active: ("half", "accent")
        case .waiting: ("pause", "warn")
        case .done: ("done", "good")
        case .stopped: ("no", nil)
        }
    }

    /// The name of a state.
    public func stateName(_ schema: Schema, _ state: String) -> String {
        schema.lifecycle == nil ? "" : say("\(schema.name).state.\(state)", of: schema.app)
    }

    /// The record's state as shape, colour and word, on a tint; nothing for record types without a lifecycle.
    public func stateBadge(_ row: Row) -> HTML { state(row, as: "badge") }

    /// The record's state as shape, colour and word, in running text and tables.
    public func stateText(_ row: Row) -> HTML { state(row, as: "state") }

    private func state(_ row: Row, as kind: String) -> HTML {
        guard row.schema.lifecycle != nil else { return .empty }
        let look = View.look(row.phase)
        return "<span class=\"\(kind)\(look.meaning.map { " is-" + $0 } ?? "")\">\(shape(look.shape))\(stateName(row.schema, row.state))</span>"
    }

    /// A word on a tint with its shape; `meaning`: good, warn, bad, info, accent or nil.
    public func badge(_ text: String, shape name: String, _ meaning: String? = nil) -> HTML {
        "<span class=\"badge\(meaning.map { " is-" + $0 } ?? "")\">\(shape(name))\(text)</span>"
    }

    // MARK: Times

    /// A moment as people read it, in the reader's zone, with the machine's form beside it.
    public func time(_ instant: Instant) -> HTML {
        "<time datetime=\"\(instant.iso)\" title=\"\(formats.dateTime(instant))\">\(formats.relativeDay(instant, now: now))</time>"
    }

    /// The whole date and time.
    public func fullTime(_ instant: Instant) -> HTML { "<time datetime=\"\(instant.iso)\">\(formats.dateTime(instant))</time>" }

    public func day(_ date: CalendarDate) -> HTML { "<time datetime=\"\(date.iso)\">\(formats.dateLong(date))</time>" }

    /// How late or how soon, in words, colour and shape, with the ∴ that explains it.
    public func dueLine(_ due: Instant, href: String? = nil, isOpen: Bool = true) -> HTML {
        guard isOpen else { return "<span class=\"num\">\(time(due))</span>" }
        let left = due.seconds(since: now)
        let name = formats.relativeDay(due, now: now)
        let text: HTML = if left < 0 {
            "<span class=\"state is-bad num\">\(shape("bad"))<time datetime=\"\(due.iso)\" title=\"\(name)\">\(word("late", ["t": .formatted(formats.duration(seconds: -left))]))</time></span>"
        } else if left < 3600 {
            "<span class=\"state is-warn num\">\(shape("warn"))<time datetime=\"\(due.iso)\" title=\"\(name)\">\(word("left", ["t": .formatted(formats.duration(seconds: left))]))</time></span>"
        } else {
            "<span class=\"num\">\(time(due))</span>"
        }
        return href.map { why(text, $0, word("due", ["when": .text(name)])) } ?? text
    }

    // MARK: People and records

    /// A name, kept apart from the direction of the text around it.
    public func person(_ name: String) -> HTML { "<bdi>\(name)</bdi>" }

    /// The person as the viewer may read them; a dash when they may not.
    public func person(_ id: RecordID?) -> HTML {
        guard let id, let name = try? session.label(Person.schemaID, id) else { return "<span class=\"muted\">—</span>" }
        return person(name)
    }

    /// The record's title as a link, with its reference.
    public func link(_ row: Row) -> HTML {
        let reference: HTML = row.reference.map { " <span class=\"ref\"><bdi>\($0)</bdi></span>" } ?? .empty
        return "<a class=\"plain\" href=\"\(url: address(of: row))\"><bdi>\(session.title(row))</bdi></a>\(reference)"
    }

    // MARK: Messages

    /// A message that stands in the page. `kind`: good, warn, bad or info.
    public func notice(_ kind: String, _ html: HTML, end: HTML = .empty) -> HTML {
        let shapes = ["good": "done", "warn": "warn", "bad": "bad"]
        let actions: HTML = end.isEmpty ? .empty : "<div class=\"end\">\(end)</div>"
        return "<div class=\"notice is-\(kind)\" role=\"\(kind == "bad" ? "alert" : "status")\">\(shape(shapes[kind] ?? "info"))<div>\(html)</div>\(actions)</div>"
    }

    /// What belongs here and the first step towards it.
    public func empty(_ title: String, _ text: String = "", action: HTML = .empty, level: Int = 2) -> HTML {
        let sentence: HTML = text.isEmpty ? .empty : "<p>\(text)</p>"
        return level == 3 ? "<div class=\"empty\"><h3>\(title)</h3>\(sentence)\(action)</div>" : "<div class=\"empty\"><h2>\(title)</h2>\(sentence)\(action)</div>"
    }

    // MARK: Lists

    /// A head cell of a table.
    public struct Column: Sendable {
        public let title: String
        public let isNumber: Bool
        /// Read aloud only.
        public let isSilent: Bool
        /// Names the row: on a phone it stands without its head.
        public let isTitle: Bool
        public init(_ title: String, isNumber: Bool = false, isSilent: Bool = false, isTitle: Bool = false) {
            self.title = title
            self.isNumber = isNumber
            self.isSilent = isSilent
            self.isTitle = isTitle
        }
    }

    /// A table that scrolls by itself when it is wider than the page and whose rows become cards on a phone.
    /// - Parameter rows: the cells of each row as they are, without `<td>`.
    public func table(_ label: String, _ columns: [Column], _ rows: [[HTML]], classes: String = "") -> HTML {
        let head: [HTML] = columns.map { column in
            let title: HTML = column.isSilent ? "<span class=\"sr\">\(column.title)</span>" : HTML(text: column.title)
            return "<th scope=\"col\"\(attribute: "class", column.isNumber ? "n" : nil)>\(title)</th>"
        }
        let body: [HTML] = rows.map { cells in
            let cells: [HTML] = zip(columns, cells).map { column, cell in
                let classes = [column.isNumber ? "n" : nil, cell.isEmpty ? "empty-cell" : nil].compactMap { $0 }.joined(separator: " ")
                return "<td\(attribute: "class", classes.isEmpty ? nil : classes)\(attribute: "data-label", column.isSilent || column.isTitle ? nil : column.title)>\(cell)</td>"
            }
            return "<tr data-row>\(cells)</tr>"
        }
        return """
            <div class="scroll" tabindex="0" role="region" aria-label="\(label)"><table class="table cards\(classes.isEmpty ? "" : " " + classes)">\
            <thead><tr>\(head)</tr></thead><tbody>\(body)</tbody></table></div>
            """
    }

    /// A tab: its name, where it leads, how many are behind it.
    public struct Tab: Sendable {
        public let name: String
        public let href: String
        public let count: Int?
        public let isCurrent: Bool
        public init(_ name: String, href: String, count: Int? = nil, isCurrent: Bool) {
            self.name = name
            self.href = href
            self.count = count
            self.isCurrent = isCurrent
        }
    }

    public func tabs(_ label: String, _ tabs: [Tab]) -> HTML {
        let links: [HTML] = tabs.map { tab in
            let count: HTML = tab.count.map { "<span class=\"count\">\(formats.integer($0))</span>" } ?? .empty
            return "<a href=\"\(url: tab.href)\"\(attribute: "aria-current", tab.isCurrent ? "page" : nil)>\(tab.name) \(count)</a>"
        }
        return "<nav class=\"tabs\" aria-label=\"\(label)\">\(links)</nav>"
    }

    /// What the list shows, and the way to the next and back to the first rows.
    public func pager(_ text: String, first: String? = nil, next: String? = nil) -> HTML {
        let back: HTML = first.map { "<a class=\"btn small\" href=\"\(url: $0)\">\(arrow("prev"))\(word("first"))</a>" } ?? .empty
        let on: HTML = next.map { "<a class=\"btn small\" href=\"\(url: $0)\" rel=\"next\">\(word("next"))\(arrow())</a>" } ?? .empty
        return "<nav class=\"pager\" aria-label=\"\(word("pages"))\"><span>\(text)</span><span class=\"row tight\">\(back)\(on)</span></nav>"
    }
}
