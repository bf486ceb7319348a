import Foundation
import Kernel

/// Turns texts into instants of the source's zone and says what hinders it.
struct TimeReading {
    /// The instant a text names, the end of the unit it names, and how long that is.
    struct Moment {
        let instant, after: Instant
        let precision: ExchangePrecision
    }

    let source: ExchangeSource
    var order: ExchangeSource.DateOrder?
    /// The zone of times without one; by itself the one the person gave.
    var zone: TimeZone?

    init(source: ExchangeSource, order: ExchangeSource.DateOrder? = nil, zone: TimeZone? = nil) {
        self.source = source
        self.order = source.dateOrder ?? order
        self.zone = zone ?? source.zone
    }

    /// - Parameter clock: a time of day that stands beside the date.
    func moment(_ text: String, clock: String? = nil, at path: @autoclosure () -> String, _ notes: inout RowNotes) -> Moment? {
        guard var read = date(text, at: path(), &notes) else { return nil }
        if let clock, read.precision == .day {
            guard let time = try? TimeText.clock(clock) else {
                notes.note(.badTime, at: path(), ["text": clock])
                return nil
            }
            (read.seconds, read.microseconds, read.precision) = (time.seconds, time.microseconds, time.precision)
            read.offset = read.offset ?? time.offset
        }
        let instant: Instant
        switch read.instant(in: zone) {
        case .one(let found): instant = found
        case .twice(let found):
            notes.note(.timeTwice, at: path(), ["text": text, "zone": zone?.identifier ?? ""])
            instant = found
        case .skipped:
            notes.note(.skippedTime, at: path(), ["text": text, "zone": zone?.identifier ?? ""])
            return nil
        case .zoneNeeded:
            notes.note(.zoneNeeded, at: path(), ["text": text])
            return nil
        }
        let after = read.precision == .exact ? instant : ExchangeTime.unit(of: instant, read.precision, zone ?? .gmt).upperBound
        return Moment(instant: instant, after: after, precision: read.precision)
    }

    private func date(_ text: String, at path: @autoclosure () -> String, _ notes: inout RowNotes) -> TimeText? {
        let iso: TimeText.Wrong
        do { return try TimeText(text) } catch { iso = error }
        if iso == .unreal {
            notes.note(.noSuchTime, at: path(), ["text": text])
            return nil
        }
        do {
            let date = try DateText(text, order: order)
            if date.isAmbiguous, source.dateOrder == nil { notes.note(.dayFirst, at: path(), ["text": text, "date": date.date.iso]) }
            return TimeText(date: date.date)
        } catch {
            let code: ExchangeFault.Code = switch error { case .form: .badTime; case .unreal: .noSuchTime; case .order: .dateOrder }
            notes.note(code, at: path(), ["text": text])
            return nil
        }
    }

    /// Puts start and end together. The coarser precision of the two is that of both, unless the source says what it is.
    static func time(
        _ first: Moment, _ last: Moment?, precision: ExchangePrecision? = nil, at path: @autoclosure () -> String, _ notes: inout RowNotes
    ) -> ExchangeTime? {
        guard let last else { return ExchangeTime(first.instant, precision: precision ?? first.precision) }
        guard last.instant >= first.instant else {
            notes.note(.timeOrder, at: path(), ["start": first.instant.iso, "end": last.instant.iso])
            return nil
        }
        let isOneUnit = last.instant == first.instant && last.precision == first.precision
        return ExchangeTime(first.instant, isOneUnit ? nil : last.after, precision: precision ?? max(first.precision, last.precision))
    }
}
