/// A claim about a record: written once, for access, lists, saved views, measures and alerts. A store turns it into SQL; `holds(for:)`
/// decides it in memory; a contract test holds the two equal. An empty field satisfies no comparison, and so satisfies its negation.
public enum Condition: Hashable, Sendable {
    case always
    case never
    case all([Condition])
    case any([Condition])
    indirect case not(Condition)
    case compare(String, Comparison, Operand)
    case oneOf(String, [Value])
    case isNull(String)
    /// A text field that contains the text, letter for letter.
    case contains(String, String)
    /// A choices field that has the word.
    case includes(String, String)
    /// A choices field that has no word but these: one without any is among them.
    case onlyOf(String, [String])
    /// A place whose centre lies within the box.
    case within(String, Box)
    /// The same on one stretch of the curve of map tiles (`MapCurve`): for walking through a box in the order of its index.
    case along(String, ClosedRange<Int64>, Box)
    /// The reference is to the person who asks.
    case isMe(String)
    /// The unit is one of those the asker's grants cover, or below them. Resolved before use.
    case inMyUnits(String)
    /// The record that the field names ("id": the record itself) has been opened to the asker by name, for a time: an `Opening`. With a class: with
    /// the fields of that class. Resolved before use.
    case isOpened(String, FieldClass?)
    /// A list of persons and units by id that names the asker, or a unit the asker's grants cover. Resolved before use.
    case includesMe(String)

    public enum Comparison: String, Sendable, CaseIterable {
        case equal = "is", notEqual = "is-not", less = "before", lessOrEqual = "at-most", greater = "after", greaterOrEqual = "at-least"
    }

    /// What a field is compared with: a value, or a moment relative to now.
    public enum Operand: Hashable, Sendable {
        case value(Value)
        /// Seconds from the moment of asking.
        case now(offset: Int)
    }

    /// Degrees; `west` may be greater than `east` when the box crosses the antimeridian.
    public struct Box: Hashable, Sendable {
        public var west, south, east, north: Double
        public init(west: Double, south: Double, east: Double, north: Double) {
            self.west = west
            self.south = south
            self.east = east
            self.north = north
        }
        func contains(_ place: Place) -> Bool {
            let centre = place.centre
            guard centre.latitude >= south, centre.latitude <= north else { return false }
            return west <= east ? centre.longitude >= west && centre.longitude <= east : centre.longitude >= west || centre.longitude <= east
        }
    }

    public func and(_ other: Condition) -> Condition { Condition.all([self, other]).simplified }
    public func or(_ other: Condition) -> Condition { Condition.any([self, other]).simplified }
    public var negated: Condition { Condition.not(self).simplified }

    /// States by name, as `.state(.open, .assigned)` of a record type's own enum.
    public static func state<S: Choice>(_ states: S...) -> Condition { .oneOf("state", states.map(\.value)) }

    /// The fields it speaks of.
    public var fields: Set<String> {
        switch self {
        case .always, .never: []
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.fields) }
        case .not(let part): part.fields
        case .compare(let field, _, _), .oneOf(let field, _), .isNull(let field), .contains(let field, _), .includes(let field, _),
             .onlyOf(let field, _), .within(let field, _), .along(let field, _, _), .isMe(let field), .inMyUnits(let field), .includesMe(let field),
             .isOpened(let field, _): [field]
        }
    }

    /// The fields of which it asks whether they are the reader.
    public var people: Set<String> {
        switch self {
        case .isMe(let field): [field]
        case .all(let parts), .any(let parts): parts.reduce(into: []) { $0.formUnion($1.people) }
        case .not(let part): part.people
        default: []
        }
    }

    /// The same claim without parts that decide nothing.
    public var simplified: Condition {
        switch self {
        case .all(let parts):
            var kept: [Condition] = []
            for part in parts.map(\.simplified) {
                switch part {
                case .always: continue
                case .never: return .never
                case .all(let inner): kept += inner
                default: kept.append(part)
                }
            }
            return kept.isEmpty ? .always : kept.count == 1 ? kept[0] : .all(kept)
        case .any(let parts):
            var kept: [Condition] = []
            for part in parts.map(\.simplified) where !kept.contains(part) {
                switch part {
                case .never: continue
                case .always: return .always
                case .any(let inner): kept += inner
                default: kept.append(part)
                }
            }
            return kept.isEmpty ? .never : kept.count == 1 ? kept[0] : .any(kept)
        case .not(let part):
            switch part.simplified {
            case .always: return .never
            case .never: return .always
            case .not(let inner): return inner
            case let inner: return .not(inner)
            }
        case .oneOf(_, let values) where values.isEmpty: return .never
        default: return self
        }
    }

    /// The claim for one asker at one moment: no "me", "my units", "opened" or "now" is left in it.
    public func resolved(person: RecordID?, units: [RecordID], openings: [Viewer.Opening] = [], now: Instant) -> Condition {
        switch self {
        case .all(let parts): Condition.all(parts.map { $0.resolved(person: person, units: units, openings: openings, now: now) }).simplified
        case .any(let parts): Condition.any(parts.map { $0.resolved(person: person, units: units, openings: openings, now: now) }).simplified
        case .not(let part): Condition.not(part.resolved(person: person, units: units, openings: openings, now: now)).simplified
        case .isMe(let field): person.map { .compare(field, .equal, .value(.reference($0))) } ?? .never
        case .inMyUnits(let field): Condition.oneOf(field, units.map(Value.reference)).simplified
        case .isOpened(let field, let fieldClass):
            Condition.oneOf(field, openings.filter { $0.until > now && (fieldClass.map($0.classes.contains) ?? true) }.map { .reference($0.record) }).simplified
        case .includesMe(let field): Condition.any(((person.map { [$0] } ?? []) + units).map { .includes(field, $0.description) }).simplified
        case .compare(let field, let comparison, .now(let offset)):
            .compare(field, comparison, .value(.instant(now.adding(seconds: offset))))
        default: self
        }
    }

    /// Whether the claim holds for `row`; the claim must be resolved.
    public func holds(for row: Row) -> Bool {
        switch self {
        case .always: true
        case .never, .isMe, .inMyUnits, .includesMe, .isOpened: false
        case .all(let parts): parts.allSatisfy { $0.holds(for: row) }
        case .any(let parts): parts.contains { $0.holds(for: row) }
        case .not(let part): !part.holds(for: row)
        case .isNull(let field): row[field].isNull
        case .oneOf(let field, let values): values.contains { Condition.order(row[field], $0) == .equal }
        case .contains(let field, let text):
            if case .text(let own) = row[field] { own.utf8.contains(text.utf8) } else { false }
        case .includes(let field, let word): row.list(field).contains(word)
        case .onlyOf(let field, let words): row.list(field).allSatisfy(words.contains)
        case .within(let field, let box): if case .place(let place) = row[field] { box.contains(place) } else { false }
        case .along(let field, let stretch, let box):
            if case .place(let place) = row[field] { box.contains(place) && MapCurve.number(place.centre).map(stretch.contains) ?? false } else { false }
        case .compare(let field, let comparison, let operand):
            if case .value(let value) = operand { comparison.holds(Condition.order(row[field], value)) } else { false }
        }
    }

    enum Order { case less, equal, greater, unknown }

    /// How two values of a field stand to each other, in the order the databases use: text by its bytes, money by amount within a currency.
    static func order(_ a: Value, _ b: Value) -> Order {
        func by<T: Comparable>(_ a: T, _ b: T) -> Order { a < b ? .less : a == b ? .equal : .greater }
        switch (a, b) {
        case (.text(let a), .text(let b)):
            if a.utf8.elementsEqual(b.utf8) { return .equal }
            return String.precedesByBytes(a, b) ? .less : .greater
        case (.integer(let a), .integer(let b)): return by(a, b)
        case (.bool(let a), .bool(let b)): return by(a ? 1 : 0, b ? 1 : 0)
        case (.decimal(let a), .decimal(let b)): return by(a, b)
        case (.money(let a), .money(let b)): return a.currency == b.currency ? by(a.minor, b.minor) : .unknown
        case (.date(let a), .date(let b)): return by(a, b)
        case (.instant(let a), .instant(let b)): return by(a, b)
        case (.duration(let a), .duration(let b)): return by(a, b)
        case (.reference(let a), .reference(let b)): return by(a, b)
        default: return .unknown
        }
    }
}

extension Condition.Comparison {
    func holds(_ order: Condition.Order) -> Bool {
        switch self {
        case .equal: order == .equal
        case .notEqual: order == .less || order == .greater
        case .less: order == .less
        case .lessOrEqual: order == .less || order == .equal
        case .greater: order == .greater
        case .greaterOrEqual: order == .greater || order == .equal
        }
    }
}

extension String.UTF8View {
    /// Whether the bytes of `other` stand somewhere in these bytes.
    func contains(_ other: String.UTF8View) -> Bool {
        guard let first = other.first else { return true }
        var start = startIndex
        while let found = self[start...].firstIndex(of: first) {
            if self[found...].starts(with: other) { return true }
            start = index(after: found)
        }
        return false
    }
}

// MARK: - Conditions from typed keys

extension Field {
    public func equals(_ value: V) -> Condition { value.value.isNull ? .isNull(name) : .compare(name, .equal, .value(value.value)) }
    public func differs(from value: V) -> Condition { .compare(name, .notEqual, .value(value.value)) }
    public func isOneOf(_ values: [V]) -> Condition { .oneOf(name, values.map(\.value)) }
    public func less(than value: V) -> Condition { .compare(name, .less, .value(value.value)) }
    public func greater(than value: V) -> Condition { .compare(name, .greater, .value(value.value)) }
    public func atLeast(_ value: V) -> Condition { .compare(name, .greaterOrEqual, .value(value.value)) }
    public func atMost(_ value: V) -> Condition { .compare(name, .lessOrEqual, .value(value.value)) }
    public func contains(_ text: String) -> Condition { .contains(name, text) }
    public func includes(_ word: String) -> Condition { .includes(name, word) }
    public func hasOnly(_ words: [String]) -> Condition { .onlyOf(name, words) }
    public func before(secondsFromNow offset: Int = 0) -> Condition { .compare(name, .less, .now(offset: offset)) }
    public func after(secondsFromNow offset: Int = 0) -> Condition { .compare(name, .greater, .now(offset: offset)) }
    public func within(_ box: Condition.Box) -> Condition { .within(name, box) }
    public var isMe: Condition { .isMe(name) }
    public var inMyUnits: Condition { .inMyUnits(name) }
    /// The record that the field names has been opened to the asker.
    public var isOpened: Condition { .isOpened(name, nil) }
    public var includesMe: Condition { .includesMe(name) }
    public var isEmpty: Condition { .isNull(name) }
    public var isFilled: Condition { .not(.isNull(name)) }
}
