public import Foundation

/// A point in time, in whole microseconds of UTC since 1970-01-01T00:00:00Z, from year 0001 to year 9999.
///
/// Everything the platform records is an instant; local time appears only in calendars and on pages.
public struct Instant: Hashable, Comparable, Sendable, Codable, CustomStringConvertible {
    /// Microseconds since 1970-01-01T00:00:00Z; negative before.
    public let microseconds: Int64

    /// The instant so many microseconds after 1970; values outside years 0001...9999 become the first or last instant.
    public init(microseconds: Int64) {
        self.microseconds = min(max(microseconds, Self.firstMicrosecond), Self.lastMicrosecond)
    }

    /// The instant of a `Date`, rounded to the nearest microsecond.
    public init(_ date: Date) {
        let seconds = date.timeIntervalSinceReferenceDate
        guard abs(seconds) < 4e11 else {
            self.init(microseconds: seconds < 0 ? .min : .max)
            return
        }
        self.init(microseconds: Int64((seconds * 1e6).rounded()) + Self.referenceMicrosecond)
    }

    /// The same point in time as a `Date`.
    public var date: Date {
        Date(timeIntervalSinceReferenceDate: Double(microseconds - Self.referenceMicrosecond) / 1e6)
    }

    /// The current time of this machine.
    public static var now: Instant { Instant(Date()) }

    /// The first instant that can be written, 0001-01-01T00:00:00Z.
    public static let earliest = Instant(microseconds: firstMicrosecond)

    /// The last instant that can be written, 9999-12-31T23:59:59.999999Z.
    public static let latest = Instant(microseconds: lastMicrosecond)

    private static let firstMicrosecond: Int64 = -62_135_596_800_000_000
    private static let lastMicrosecond: Int64 = 253_402_300_799_999_999
    private static let referenceMicrosecond: Int64 = 978_307_200_000_000

    public static func < (left: Instant, right: Instant) -> Bool {
        left.microseconds < right.microseconds
    }

    /// The instant so many seconds later (earlier when negative), never beyond `earliest` or `latest`.
    public func adding(seconds: Int) -> Instant {
        let (length, tooLong) = Int64(seconds).multipliedReportingOverflow(by: 1_000_000)
        let (sum, tooFar) = microseconds.addingReportingOverflow(length)
        guard !tooLong, !tooFar else { return seconds < 0 ? .earliest : .latest }
        return Instant(microseconds: sum)
    }

    /// The instant so many times 86,400 seconds later; for local days use `CalendarDate`.
    public func adding(days: Int) -> Instant {
        let (seconds, tooLong) = days.multipliedReportingOverflow(by: 86_400)
        return adding(seconds: tooLong ? (days < 0 ? .min : .max) : seconds)
    }

    /// Whole seconds from `other` to this instant, rounded down; negative when `other` is later.
    public func seconds(since other: Instant) -> Int {
        Int(Civil.floor(microseconds - other.microseconds, by: 1_000_000))
    }
}

// MARK: - As text

extension Instant {
    /// Reads RFC 3339 text such as `2021-03-15T19:00:00Z` or `2021-03-15T20:00:00.25+01:00`.
    ///
    /// Refuses lower-case marks, missing parts, leap seconds, 24:00 and anything outside years 0001...9999 in UTC.
    /// Digits after the sixth of a fraction are dropped.
    public init?(iso: String) {
        var text = iso
        guard let microseconds = text.withUTF8({ Self.read($0) }),
            (Self.firstMicrosecond...Self.lastMicrosecond).contains(microseconds)
        else { return nil }
        self.init(microseconds: microseconds)
    }

    private static func read(_ bytes: UnsafeBufferPointer<UInt8>) -> Int64? {
        var reader = DigitReader(bytes)
        guard let day = reader.day(), reader.take("T"),
            let hour = reader.number(width: 2), hour < 24, reader.take(":"),
            let minute = reader.number(width: 2), minute < 60, reader.take(":"),
            let second = reader.number(width: 2), second < 60,
            let fraction = fraction(&reader), let offset = offset(&reader), reader.isAtEnd
        else { return nil }
        return Int64(day * 86_400 + hour * 3600 + minute * 60 + second - offset) * 1_000_000 + Int64(fraction)
    }

    /// Microseconds after the point, zero without a point, nil when no digit follows the point.
    private static func fraction(_ reader: inout DigitReader) -> Int? {
        guard reader.take(".") else { return 0 }
        guard var value = reader.digit() else { return nil }
        var digits = 1
        while let digit = reader.digit() {
            if digits < 6 {
                value = value * 10 + digit
                digits += 1
            }
        }
        while digits < 6 {
            value *= 10
            digits += 1
        }
        return value
    }

    /// Seconds east of UTC.
    private static func offset(_ reader: inout DigitReader) -> Int? {
        if reader.take("Z") { return 0 }
        let isWest = reader.take("-")
        guard isWest || reader.take("+"), let hours = reader.number(width: 2), hours < 24, reader.take(":"),
            let minutes = reader.number(width: 2), minutes < 60
        else { return nil }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }

    /// RFC 3339 text in UTC, `2021-03-15T19:00:00Z`; a fraction appears only when it is not zero, without trailing zeros.
    public var iso: String {
        let seconds = Int(Civil.floor(microseconds, by: 1_000_000))
        let fraction = Int(microseconds) - seconds * 1_000_000
        let days = Civil.floor(seconds, by: 86_400)
        let time = seconds - days * 86_400
        let date = Civil.date(days: days)
        return String(unsafeUninitializedCapacity: 27) { bytes in
            var writer = DigitWriter(bytes)
            writer.put(year: date.year, month: date.month, day: date.day)
            writer.put("T")
            writer.put(time / 3600, width: 2)
            writer.put(":")
            writer.put(time / 60 % 60, width: 2)
            writer.put(":")
            writer.put(time % 60, width: 2)
            if fraction != 0 {
                var (rest, width) = (fraction, 6)
                while rest % 10 == 0 {
                    rest /= 10
                    width -= 1
                }
                writer.put(".")
                writer.put(rest, width: width)
            }
            writer.put("Z")
            return writer.count
        }
    }

    public var description: String { iso }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try container.decode(String.self)
        guard let instant = Instant(iso: text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is not an RFC 3339 time")
        }
        self = instant
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(iso)
    }
}
