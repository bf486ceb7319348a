import Foundation

/// A time zone whose offsets are looked up once and kept, because asking `TimeZone` each time is slow.
///
/// Offsets are kept for stretches of 2^25 seconds (about 388 days): each stretch is sampled every day, and where two
/// samples differ the second of the change is searched. Instants before 1900 and after 2200 are asked directly.
final class Zone: @unchecked Sendable {  // `stretches` is only touched under `lock`
    /// Offsets in force from their first second (UTC seconds since 1970) on, in order.
    private typealias Stretch = [(from: Int, offset: Int)]

    private let zone: TimeZone
    private let lock = NSLock()
    private var stretches: [Int: Stretch] = [:]

    private init(_ zone: TimeZone) {
        self.zone = zone
    }

    // MARK: Finding a zone

    static let gmt = Zone(.gmt)
    private static let cache = Cache()

    private final class Cache: @unchecked Sendable {  // `zones` is only touched under `lock`
        let lock = NSLock()
        var zones: [String: Zone] = [:]

        func zone(_ identifier: String, make: () -> TimeZone?) -> Zone? {
            lock.withLock {
                if let known = zones[identifier] { return known }
                guard let zone = make() else { return nil }
                let new = Zone(zone)
                zones[identifier] = new
                return new
            }
        }
    }

    /// The zone with an IANA identifier; nil when it is unknown.
    static func named(_ identifier: String) -> Zone? {
        cache.zone(identifier) { TimeZone(identifier: identifier) }
    }

    /// The kept offsets of a Foundation time zone.
    static func of(_ zone: TimeZone) -> Zone {
        cache.zone(zone.identifier) { zone } ?? Zone(zone)
    }

    // MARK: Offsets

    /// Seconds east of UTC at a UTC second since 1970.
    func offset(at second: Int) -> Int {
        guard second > -2_208_988_800, second < 7_258_118_400 else { return ask(second) }
        let stretch = lock.withLock {
            let index = second >> 25
            if let known = stretches[index] { return known }
            let new = sample(index)
            stretches[index] = new
            return new
        }
        var offset = stretch[0].offset
        for change in stretch.dropFirst() where change.from <= second {
            offset = change.offset
        }
        return offset
    }

    /// The changes after one UTC second and before another, in order.
    func changes(from start: Int, until end: Int) -> [(from: Int, offset: Int)] {
        var offset = offset(at: start), found: [(from: Int, offset: Int)] = []
        for index in (start >> 25)...(end >> 25) {
            _ = self.offset(at: max(start, index << 25))
            for change in lock.withLock({ stretches[index] ?? [] }) where change.from > start && change.from < end && change.offset != offset {
                found.append(change)
                offset = change.offset
            }
        }
        return found
    }

    private func ask(_ second: Int) -> Int {
        zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(second)))
    }

    private func sample(_ index: Int) -> Stretch {
        let end = (index + 1) << 25
        var second = index << 25
        var offset = ask(second)
        var stretch: Stretch = [(second, offset)]
        while second < end {
            let next = min(second + 86_400, end)
            let nextOffset = ask(next)
            if nextOffset != offset {
                var (before, after) = (second, next)
                while after - before > 1 {
                    let middle = before + (after - before) / 2
                    if ask(middle) == offset { before = middle } else { after = middle }
                }
                stretch.append((after, nextOffset))
                offset = nextOffset
            }
            second = next
        }
        return stretch
    }

    // MARK: Wall clock

    /// The local day of an instant, in days since 1970-01-01.
    func localDay(of instant: Instant) -> Int {
        let second = Int(Civil.floor(instant.microseconds, by: 1_000_000))
        return Civil.floor(second + offset(at: second), by: 86_400)
    }

    /// The instant of a wall-clock time: `minutes` after midnight of a local day counted from 1970-01-01.
    ///
    /// A time that does not exist because clocks go forward moves forward by the same amount; a time that exists twice
    /// is the first of the two.
    func instant(day: Int, minutes: Int) -> Instant {
        let local = day * 86_400 + minutes * 60
        let before = offset(at: local - 86_400)
        let after = offset(at: local + 86_400)
        var second = local - before
        if before != after, offset(at: second) != before, offset(at: local - after) == after {
            second = local - after
        }
        return Instant(microseconds: Int64(second) * 1_000_000)
    }
}
