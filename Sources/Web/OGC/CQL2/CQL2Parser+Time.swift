import Kernel

/// How a property that is a moment stands to a literal moment or interval (OGC 21-065r2, 7.7).
enum CQL2Time {
    enum Relation: String, Sendable {
        case after = "T_AFTER", before = "T_BEFORE", disjoint = "T_DISJOINT", during = "T_DURING", equals = "T_EQUALS", intersects = "T_INTERSECTS"

        /// The same with its operands exchanged; nil where a moment would have to contain an interval.
        var mirrored: Relation? {
            switch self {
            case .after: .before
            case .before: .after
            case .disjoint, .equals, .intersects: self
            case .during: nil
            }
        }
    }

    /// A literal: a moment, or an interval whose open ends are nil.
    enum Span: Sendable {
        case moment(String)
        case interval(String?, String?)
    }

    static func expression(_ property: CQL2Expression.Property, _ relation: Relation, _ span: Span) -> CQL2Expression? {
        func compare(_ comparison: CQL2Expression.Comparison, _ moment: String?, open: Bool) -> CQL2Expression {
            moment.map { .compare(property, comparison, .time($0)) } ?? .constant(open)
        }
        switch (relation, span) {
        case (.after, .moment(let moment)): return compare(.greater, moment, open: false)
        case (.before, .moment(let moment)): return compare(.less, moment, open: false)
        case (.equals, .moment(let moment)), (.intersects, .moment(let moment)): return compare(.equal, moment, open: false)
        case (.disjoint, .moment(let moment)): return compare(.notEqual, moment, open: false)
        case (.during, .moment): return nil
        case (.after, .interval(_, let end)): return compare(.greater, end, open: false)
        case (.before, .interval(let start, _)): return compare(.less, start, open: false)
        case (.during, .interval(let start, let end)): return .all([compare(.greater, start, open: true), compare(.less, end, open: true)])
        case (.intersects, .interval(let start, let end)):
            return .all([compare(.greaterOrEqual, start, open: true), compare(.lessOrEqual, end, open: true)])
        case (.disjoint, .interval(let start, let end)): return .any([compare(.less, start, open: false), compare(.greater, end, open: false)])
        // A moment is no interval.
        case (.equals, .interval): return .constant(false)
        }
    }
}

extension CQL2Parser {
    mutating func temporal(_ relation: CQL2Time.Relation) throws(CQL2Fault) -> CQL2Expression {
        let start = place
        advance()
        try expect("(")
        let first = try span()
        let early = first == nil ? try property() : nil
        try expect(",")
        let second = first == nil ? try span() : nil
        guard let span = first ?? second else { throw unsupported("property-property") }
        let late = early == nil ? try property() : nil
        try expect(")")
        let turned = late == nil ? relation : relation.mirrored
        guard let property = early ?? late, let turned, let expression = CQL2Time.expression(property, turned, span) else {
            throw CQL2Fault(kind: .unsupported, at: start, what: relation.rawValue)
        }
        return expression
    }

    /// A literal moment or interval; nil where none stands.
    private mutating func span() throws(CQL2Fault) -> CQL2Time.Span? {
        switch keyword {
        case "DATE", "TIMESTAMP": return .moment(try moment())
        case "INTERVAL":
            advance()
            try expect("(")
            let start = try end()
            try expect(",")
            let end = try end()
            try expect(")")
            guard start != nil || end != nil else { throw fault() }
            return .interval(start, end)
        default: return nil
        }
    }

    /// An end of an interval: a moment in quotation marks, or two dots for none.
    private mutating func end() throws(CQL2Fault) -> String? {
        guard case .text(let text) = token else { throw fault() }
        if text != ".." { try check(text) }
        advance()
        return text == ".." ? nil : text
    }

    /// `DATE('…')` or `TIMESTAMP('…')`.
    mutating func moment() throws(CQL2Fault) -> String {
        let isDate = keyword == "DATE"
        advance()
        try expect("(")
        guard case .text(let text) = token else { throw fault() }
        guard isDate ? CalendarDate(iso: text) != nil : Instant(iso: text) != nil else { throw fault() }
        advance()
        try expect(")")
        return text
    }

    private func check(_ text: String) throws(CQL2Fault) {
        guard CalendarDate(iso: text) != nil || Instant(iso: text) != nil else { throw fault() }
    }
}
