import Foundation
import Kernel

/// A time as a text gives it: ISO 8601-1:2019 §5.2 (calendar, week and ordinal dates, extended or basic), §5.3 (time of day), §5.4
/// (both together); RFC 3339 §5.6 allows lower-case marks and a blank between them, XML Schema part 2 §3.2.9 an offset after a date.
struct TimeText: Hashable, Sendable {
    enum Wrong: Error { case form, unreal }

    var date: CalendarDate
    /// Seconds after midnight, at most 86,400.
    var seconds = 0
    var microseconds = 0
    var precision: ExchangePrecision
    /// Seconds east of UTC; nil when the text has no zone.
    var offset: Int?

    init(_ text: String) throws(Wrong) {
        var reader = TimeReader(text)
        (date, precision) = try reader.date()
        if reader.takeTimeMark() {
            guard precision == .day else { throw .form }
            (seconds, microseconds, precision) = try reader.time()
        }
        offset = try reader.offset()
        guard reader.isAtEnd else { throw .form }
    }

    init(date: CalendarDate, precision: ExchangePrecision = .day) {
        (self.date, self.precision) = (date, precision)
    }

    /// The seconds of a text that is a time of day and nothing else, and how well they are known.
    static func clock(_ text: String) throws(Wrong) -> (seconds: Int, microseconds: Int, precision: ExchangePrecision, offset: Int?) {
        var reader = TimeReader(text)
        let (seconds, microseconds, precision) = try reader.time()
        let offset = try reader.offset()
        guard reader.isAtEnd else { throw .form }
        return (seconds, microseconds, precision, offset)
    }

    /// As if the text were in UTC.
    private var asUTC: Instant {
        let second = date.start(in: .gmt).adding(seconds: seconds)
        return Instant(microseconds: second.microseconds + Int64(microseconds))
    }

    enum Reading: Equatable { case one(Instant), twice(Instant), skipped, zoneNeeded }

    /// The instant in the text's own zone, else in the given one. Never guesses: without either there is none.
    func instant(in zone: TimeZone?) -> Reading {
        let utc = asUTC
        if let offset { return .one(utc.adding(seconds: -offset)) }
        guard let zone else { return .zoneNeeded }
        // A day begins when it begins, also where its midnight is skipped.
        if precision >= .day, seconds == 0 { return .one(date.start(in: zone)) }
        func east(_ instant: Instant) -> Int { zone.secondsFromGMT(for: instant.date) }
        let first = utc.adding(seconds: -east(utc.adding(days: -1))), second = utc.adding(seconds: -east(utc.adding(days: 1)))
        let fits = [first, second].filter { $0.adding(seconds: east($0)) == utc }
        guard let earliest = fits.min() else { return .skipped }
        return fits.contains { $0 != earliest } ? .twice(earliest) : .one(earliest)
    }
}
