/// The explanation behind a value: what was asked, the answer, and how it came about. The same content is a panel, a page and JSON.
public struct Working: Sendable {
    public enum Part: Sendable {
        case text(String)
        /// Label, value, and where it leads.
        case fact(String, String, link: String?)
        case formula(String)
        /// A table: its head, and its rows; `idle` rows count for nothing, the last row may be a total.
        case table(head: [String], rows: [[String]], idle: Set<Int>, hasTotal: Bool)
        /// Something checked: whether it holds, and the sentence.
        case check(Bool, String)
        /// Counted time by day, in minutes after midnight of the calendar's own zone.
        case days([Day])
    }
    public struct Day: Sendable {
        public let label: String
        public let open: [Range<Int>]
        public let counted: [Range<Int>]
        public let paused: [Range<Int>]
        public init(label: String, open: [Range<Int>], counted: [Range<Int>], paused: [Range<Int>]) {
            self.label = label
            self.open = open
            self.counted = counted
            self.paused = paused
        }
    }
    public struct Section: Sendable {
        public let heading: String
        public let note: String?
        public let parts: [Part]
        public init(_ heading: String, note: String? = nil, _ parts: [Part]) {
            self.heading = heading
            self.note = note
            self.parts = parts
        }
    }

    public var question: String
    public var answer: String
    public var summary: String?
    public var sections: [Section]

    public init(question: String, answer: String, summary: String? = nil, sections: [Section] = []) {
        self.question = question
        self.answer = answer
        self.summary = summary
        self.sections = sections
    }

    public var json: JSON {
        .object([
            "question": .string(question), "answer": .string(answer), "summary": summary.map(JSON.string) ?? .null,
            "sections": .array(sections.map { section in
                ["heading": .string(section.heading), "note": section.note.map(JSON.string) ?? .null, "parts": .array(section.parts.map(\.json))]
            }),
        ])
    }
}

extension Working.Part {
    var json: JSON {
        switch self {
        case .text(let text): ["text": .string(text)]
        case .fact(let label, let value, let link): ["label": .string(label), "value": .string(value), "link": link.map(JSON.string) ?? .null]
        case .formula(let text): ["formula": .string(text)]
        case .table(let head, let rows, _, _):
            ["head": .array(head.map(JSON.string)), "rows": .array(rows.map { .array($0.map(JSON.string)) })]
        case .check(let holds, let text): ["holds": .bool(holds), "text": .string(text)]
        case .days(let days):
            ["days": .array(days.map { day in
                func list(_ ranges: [Range<Int>]) -> JSON { .array(ranges.map { [.integer(Int64($0.lowerBound)), .integer(Int64($0.upperBound))] }) }
                return ["day": .string(day.label), "open": list(day.open), "counted": list(day.counted), "paused": list(day.paused)]
            })]
        }
    }
}
