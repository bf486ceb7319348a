import Foundation
import Kernel

/// Hours of the local clock in which people are not woken; over midnight when they end before they begin.
struct QuietHours: Hashable, Sendable {
    /// 0–23, each on the hour.
    let from, until: Int
    let zone: TimeZone

    /// When the quiet ends that holds at the moment; nil when it is not quiet. Where the clock is put forward over the end, it ends with the change.
    func end(after moment: Instant) -> Instant? {
        let wall = moment.local(in: zone)
        guard let hour = Int(wall.dropFirst(11).prefix(2)), let today = CalendarDate(iso: String(wall.prefix(10))) else { return nil }
        let isQuiet = from < until ? (from..<until).contains(hour) : hour >= from || hour < until
        guard isQuiet else { return nil }
        let day = from > until && hour >= from ? today.adding(days: 1) : today
        return Instant(local: "\(day.iso)T\(until < 10 ? "0" : "")\(until):00", in: zone)
    }
}
