import Kernel

extension CAPAlert {
    /// A time as section 3.3.2 wants it: `2019-06-03T07:20:00+01:00`, whole seconds, always an offset, UTC as `-00:00`, never `Z`.
    ///
    /// The text is kept: the offset tells the sender's local time, and later messages refer to this one by it.
    struct Time: Hashable, Sendable, CustomStringConvertible {
        let text: String
        let instant: Instant

        /// Reads a time in exactly that form; nil for any other, for dates that do not exist, and for offsets beyond 14 hours.
        init?(_ text: String) {
            let marks = Array(text.utf8)
            guard marks.count == 25, marks[19] != UInt8(ascii: "."), let instant = Instant(iso: text),
                  let hours = Int(String(decoding: marks[20..<22], as: UTF8.self)), hours < 14 || hours == 14 && marks[23] == 0x30 && marks[24] == 0x30
            else { return nil }
            self.text = text
            self.instant = instant
        }

        /// The time in a zone so many minutes east of UTC (at most 14 hours); parts of a second are dropped.
        init(_ instant: Instant, minutesEast: Int = 0) {
            let minutes = min(max(minutesEast, -840), 840)
            let second = Instant(microseconds: instant.microseconds - (instant.microseconds % 1_000_000 + 1_000_000) % 1_000_000)
            let local = second.adding(seconds: minutes * 60).iso.prefix(19)
            func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
            let east = abs(minutes)
            text = "\(local)\(minutes > 0 ? "+" : "-")\(two(east / 60)):\(two(east % 60))"
            self.instant = second
        }

        private init() {
            text = ""
            instant = .earliest
        }

        /// Stands where a message has no time that can be read, so that the rest can be looked at.
        static let unread = Time()

        var isUnread: Bool { text.isEmpty }

        /// UTC written as `+00:00`, which CAP 1.1 allowed.
        var isPlusZero: Bool { text.hasSuffix("+00:00") }

        var description: String { text }
    }
}
