import Foundation
import Kernel

/// The parameter `datetime`: a moment, or an interval of which one end may be open (OGC 17-069r4, 7.15.4).
///
/// A day in place of a moment is the whole day in UTC.
struct OGCTime: Hashable, Sendable {
    /// Both ends belong to it; nil: open.
    let start, end: Instant?

    init(_ text: String) throws {
        let fault = Refusal("not-an-interval", .malformed, field: "datetime", ["parameter": "datetime"])
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard (1...2).contains(parts.count), let first = parts.first, let last = parts.last else { throw fault }
        let isInterval = parts.count == 2
        func bound(_ text: String, isEnd: Bool) throws -> Instant? {
            if isInterval, text.isEmpty || text == ".." { return nil }
            if let moment = Instant(iso: text) { return moment }
            guard let day = CalendarDate(iso: text) else { throw fault }
            guard isEnd else { return day.start(in: .gmt) }
            return Instant(microseconds: day.adding(days: 1).start(in: .gmt).microseconds - 1)
        }
        start = try bound(first, isEnd: false)
        end = try bound(last, isEnd: true)
        guard start != nil || end != nil else { throw fault }
        if let start, let end, start > end { throw fault }
    }

    /// The features of that time, and those without one (/req/core/fc-time-response, C).
    func condition(_ collection: OGCCollection) -> Condition {
        // Of a collection without time no feature has one.
        guard let field = collection.time else { return .always }
        func bound(_ moment: Instant?, _ comparison: Condition.Comparison) -> Condition {
            guard let moment else { return .always }
            let value: Value = field.kind == .date ? .date(CalendarDate(moment, in: .gmt)) : .instant(moment)
            return .compare(field.name, comparison, .value(value))
        }
        let claim = Condition.all([bound(start, .greaterOrEqual), bound(end, .lessOrEqual)])
        return field.required ? claim : .any([claim, .isNull(field.name)])
    }
}
