import Foundation

/// A question about many records at once: one figure over the records of a type, by at most two dimensions, as an address says it.
///
///     measure=service-desk.solved & by=desk & then=solved-at.month & filter[priority]=high & days=365 & compare=yes & top=10
///     data=situation.incident & figure=sum & field=killed & by=place.6 & over=occurred & from=2026-01-01 & until=2026-03-31
///
/// It is only words until a session asks it (`Session.ask`): what the asker may not read does not exist then.
public struct Question: Sendable, Hashable {
    /// What is reckoned of the records when no measure says it.
    public enum Figure: String, Sendable, CaseIterable {
        case count, sum, mean, median, least, greatest, distinct
        /// Needs a field.
        public var isOfField: Bool { self != .count }
    }

    /// What records are put together by: the value of a field, a stretch of the calendar, or a square of a map.
    public struct Dimension: Sendable, Hashable {
        public let field: String
        public let grain: Grain?
        /// The zoom whose tiles are the squares.
        public let zoom: Int?

        public init(_ field: String, grain: Grain? = nil, zoom: Int? = nil) {
            (self.field, self.grain, self.zoom) = (field, grain, zoom)
        }

        /// `desk`, `solved-at.month`, `place.6`.
        public init(text: String) {
            let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let detail = parts.count > 1 ? parts[1] : ""
            self.init(parts.first ?? "", grain: Grain(rawValue: detail), zoom: Int(detail))
        }

        public var text: String { field + (grain.map { ".\($0.rawValue)" } ?? zoom.map { ".\($0)" } ?? "") }
    }

    /// The name of a declared measure; nil: `schema` and `figure` say what is reckoned.
    public var measure: String?
    /// The id of the record type; empty when a measure names it.
    public var schema: String
    public var figure: Figure
    public var field: String?
    public var dimensions: [Dimension]
    public var filters: [ListQuery.Filter]
    /// Only records of the unit, by id or code, and of those below it.
    public var unit: String?
    /// The field of the moment that the period is about; nil: the measure's own.
    public var over: String?
    /// Days looked back over, 0 for all time; nil: the measure's own number, or all time.
    public var days: Int?
    /// The first and the last day of the period, on the asker's calendar; they go before `days`.
    public var from, until: CalendarDate?
    /// The same figure over the period before, of the same length, stands beside.
    public var isCompared: Bool
    /// Groups of a dimension that are told one by one, the largest; the others are put together.
    public var top: Int

    public static let mostGroups = 200
    public static let standardTop = 20
    /// The parameters that are a question's beside its filters.
    public static let names: Set<String> = ["measure", "data", "figure", "field", "by", "then", "unit", "over", "days", "from", "until", "compare", "top"]

    public init(measure: String, by dimensions: [Dimension] = []) {
        self.init(measure: measure, schema: "", figure: .count, field: nil, dimensions: dimensions)
    }

    public init(of schema: String, _ figure: Figure = .count, _ field: String? = nil, by dimensions: [Dimension] = []) {
        self.init(measure: nil, schema: schema, figure: figure, field: field, dimensions: dimensions)
    }

    private init(measure: String?, schema: String, figure: Figure, field: String?, dimensions: [Dimension]) {
        (self.measure, self.schema, self.figure, self.field, self.dimensions) = (measure, schema, figure, field, dimensions)
        (filters, unit, over, days, from, until, isCompared, top) = ([], nil, nil, nil, nil, nil, false, Question.standardTop)
    }

    // MARK: Addresses

    /// Reads the parameters of an address; nil when they name neither a measure nor a record type. Empty ones, as forms send them, say nothing.
    /// - Parameter ignoring: parameters that mean something to the page and nothing to the question.
    public init?(_ parameters: [String: [String]], ignoring: Set<String> = []) throws {
        func one(_ name: String) -> String? { parameters[name]?.first { !$0.isEmpty } }
        func malformed(_ code: String, _ name: String, _ arguments: [String: String] = [:]) -> Refusal {
            Refusal(code, .malformed, field: name, arguments.merging(["parameter": name]) { given, _ in given })
        }
        func choice<T: RawRepresentable & CaseIterable>(_ type: T.Type, _ name: String) throws -> T? where T.RawValue == String {
            guard let text = one(name) else { return nil }
            guard let value = T(rawValue: text) else { throw malformed("not-a-choice", name, ["choices": T.allCases.map(\.rawValue).joined(separator: ", ")]) }
            return value
        }
        func number(_ name: String, _ range: ClosedRange<Int>) throws -> Int? {
            guard let text = one(name) else { return nil }
            guard let number = Int(text), range.contains(number) else {
                throw malformed("out-of-range", name, ["least": String(range.lowerBound), "most": String(range.upperBound)])
            }
            return number
        }
        func day(_ name: String) throws -> CalendarDate? {
            guard let text = one(name) else { return nil }
            guard let date = CalendarDate(iso: text) else { throw malformed("not-a-date", name) }
            return date
        }
        let measure = one("measure"), schema = one("data")
        guard measure != nil || schema != nil else { return nil }
        self.init(measure: measure, schema: measure == nil ? schema ?? "" : "", figure: try choice(Figure.self, "figure") ?? .count, field: one("field"), dimensions: [])
        for name in ["by", "then"] { if let text = one(name), !dimensions.contains(Dimension(text: text)) { dimensions.append(Dimension(text: text)) } }
        for (name, values) in parameters.sorted(by: { $0.key < $1.key }) where !Question.names.contains(name) && !ignoring.contains(name) {
            if let filter = try Question.filter(name, values) { filters.append(filter) }
        }
        (unit, over, days) = (one("unit"), one("over"), try number("days", 0...36_600))
        (from, until) = (try day("from"), try day("until"))
        isCompared = one("compare") == "yes"
        top = try number("top", 1...Question.mostGroups) ?? Question.standardTop
    }

    private static func filter(_ name: String, _ values: [String]) throws -> ListQuery.Filter? {
        guard name.hasPrefix("filter["), name.hasSuffix("]") else { throw Refusal("unknown-parameter", .malformed, field: name, ["parameter": name]) }
        let parts = name.dropFirst("filter[".count).dropLast().split(separator: "][", omittingEmptySubsequences: false).map(String.init)
        let values = values.filter { !$0.isEmpty }
        guard (1...2).contains(parts.count) else { throw Refusal("unknown-parameter", .malformed, field: name, ["parameter": name]) }
        if values.isEmpty { return nil }
        return ListQuery.Filter(field: parts[0], operation: parts.count == 2 ? parts[1] : nil, values: values)
    }

    /// The parameters in one order, without what is standard; the inverse of reading them.
    public var parameters: [(name: String, value: String)] {
        var list: [(name: String, value: String)] = measure.map { [("measure", $0)] } ?? [("data", schema), ("figure", figure.rawValue)]
        func put(_ name: String, _ value: String?) { if let value { list.append((name, value)) } }
        if measure == nil { put("field", field) }
        put("by", dimensions.first?.text)
        put("then", dimensions.dropFirst().first?.text)
        for filter in filters.sorted(by: { $0.parameter < $1.parameter }) { put(filter.parameter, filter.value) }
        put("unit", unit)
        put("over", over)
        put("days", days.map(String.init))
        put("from", from?.iso)
        put("until", until?.iso)
        put("compare", isCompared ? "yes" : nil)
        put("top", top == Question.standardTop ? nil : String(top))
        return list
    }

    /// The query of an address that asks it, without a question mark.
    public var address: String { parameters.map { "\(ListQuery.escape($0.name))=\(ListQuery.escape($0.value))" }.joined(separator: "&") }

    /// Reads what `address` wrote.
    public init?(address: String) throws {
        var parameters: [String: [String]] = [:]
        for part in address.split(separator: "&") {
            let sides = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map { String($0).removingPercentEncoding ?? "" }
            if sides.count == 2 { parameters[sides[0], default: []].append(sides[1]) }
        }
        try self.init(parameters)
    }
}
