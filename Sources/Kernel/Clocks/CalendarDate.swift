public import Foundation

/// A day of the Gregorian calendar without a time or a zone, from 0001-01-01 to 9999-12-31.
public struct CalendarDate: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// The year, 1...9999.
    public let year: Int
    /// The month, 1...12.
    public let month: Int
    /// The day of the month, 1...31.
    public let day: Int

    /// A date that exists; nil for 30 February and for years outside 1...9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Civil.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        (self.year, self.month, self.day) = (year, month, day)
    }

    /// Reads `YYYY-MM-DD` and nothing else.
    public init?(iso: String) {
        var text = iso
        let number = text.withUTF8 { bytes -> Int? in
            var reader = DigitReader(bytes)
            guard let number = reader.day(), reader.isAtEnd else { return nil }
            return number
        }
        guard let number else { return nil }
        self.init(number: number)
    }

    /// The date on the wall calendar of a zone at an instant.
    public init(_ instant: Instant, in zone: TimeZone) {
        self.init(number: Zone.of(zone).localDay(of: instant))
    }

    /// The date so many days after 1970-01-01; beyond the first or last date it is that date.
    init(number: Int) {
        (year, month, day) = Civil.date(days: min(max(number, Self.firstNumber), Self.lastNumber))
    }

    /// Days since 1970-01-01; negative before.
    var number: Int { Civil.days(year: year, month: month, day: day) }

    private static let firstNumber = -719_162
    private static let lastNumber = 2_932_896

    /// `YYYY-MM-DD`.
    public var iso: String {
        String(unsafeUninitializedCapacity: 10) { bytes in
            var writer = DigitWriter(bytes)
            writer.put(year: year, month: month, day: day)
            return writer.count
        }
    }

    public var description: String { iso }

    /// The date so many days later (earlier when negative), never beyond 0001-01-01 or 9999-12-31.
    public func adding(days: Int) -> CalendarDate {
        let (sum, tooFar) = number.addingReportingOverflow(days)
        return CalendarDate(number: tooFar ? (days < 0 ? .min : .max) : sum)
    }

    /// ISO weekday: 1 is Monday, 7 is Sunday.
    public var weekday: Int { Civil.weekday(days: number) }

    /// Days from `other` to this date; negative when `other` is later.
    public func days(since other: CalendarDate) -> Int {
        number - other.number
    }

    /// The instant this date begins in a zone: local midnight, or the first moment after it where midnight is skipped.
    public func start(in zone: TimeZone) -> Instant {
        Zone.of(zone).instant(day: number, minutes: 0)
    }

    public static func < (left: CalendarDate, right: CalendarDate) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let date = CalendarDate(iso: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not a date YYYY-MM-DD")
        }
        self = date
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso)
    }
}
