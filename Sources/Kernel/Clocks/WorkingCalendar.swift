/// The hours in which a team works: wall-clock segments per weekday in one time zone, without holidays.
///
/// Segments become instants day by day, so a 22:00–06:00 shift lasts 7 or 9 hours in the nights the clocks change.
/// A segment belongs to the day it begins on: a holiday removes the whole of it, also the part after midnight.
public struct WorkingCalendar: Hashable, Sendable, Codable {
    /// The name people choose it by.
    public var name: String
    /// Raised with each change, so that a due time can name the calendar it was computed with.
    public var version: Int
    /// IANA identifier such as `Asia/Amman`; an unknown one is refused when decoding and counts as GMT otherwise.
    public var timeZone: String
    /// Segments by ISO weekday (1 Monday ... 7 Sunday); nil is always open, holidays included.
    public var week: [Int: [Hours]]?
    /// Days on which no segment begins.
    public var holidays: Set<CalendarDate>

    public init(
        name: String, version: Int = 1, timeZone: String, week: [Int: [Hours]]?, holidays: Set<CalendarDate> = []
    ) {
        self.name = name
        self.version = version
        self.timeZone = timeZone
        self.week = week
        self.holidays = holidays
    }

    /// Whether `timeZone` is an identifier this machine knows.
    public var knowsItsTimeZone: Bool { Zone.named(timeZone) != nil }

    private enum CodingKeys: CodingKey { case name, version, timeZone, week, holidays }

    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        name = try container.decode(String.self, forKey: .name)
        version = try container.decode(Int.self, forKey: .version)
        timeZone = try container.decode(String.self, forKey: .timeZone)
        week = try container.decodeIfPresent([Int: [Hours]].self, forKey: .week)
        holidays = try container.decode(Set<CalendarDate>.self, forKey: .holidays)
        guard knowsItsTimeZone else {
            throw DecodingError.dataCorruptedError(
                forKey: .timeZone, in: container, debugDescription: "\"\(timeZone)\" is not a known time zone")
        }
        if let day = week?.keys.first(where: { !(1...7).contains($0) }) {
            throw DecodingError.dataCorruptedError(
                forKey: .week, in: container, debugDescription: "\(day) is not a weekday 1...7")
        }
    }

    /// Holidays are written in order, so equal calendars have equal text when keys are sorted.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(name, forKey: .name)
        try container.encode(version, forKey: .version)
        try container.encode(timeZone, forKey: .timeZone)
        try container.encodeIfPresent(week, forKey: .week)
        try container.encode(holidays.sorted(), forKey: .holidays)
    }
}

extension WorkingCalendar {
    /// One open segment of a day on the wall clock, coded as `["08:30", "12:30"]`.
    public struct Hours: Hashable, Sendable, Codable {
        /// Minutes after midnight, 0...1439.
        public var start: Int
        /// Minutes after midnight, 0...1440; when not after `start` the segment ends on the next day.
        public var end: Int

        public init(start: Int, end: Int) {
            precondition((0...1439).contains(start) && (0...1440).contains(end), "hours are minutes of one day")
            self.start = start
            self.end = end
        }

        /// Reads two wall-clock times such as `08:30` and `12:30`; the end may be `24:00`.
        public init?(_ start: String, _ end: String) {
            guard let start = Self.minutes(start), start < 1440, let end = Self.minutes(end) else { return nil }
            self.init(start: start, end: end)
        }

        public init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            let texts = try container.decode([String].self)
            guard texts.count == 2, let hours = Hours(texts[0], texts[1]) else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "\(texts) are not two times HH:MM")
            }
            self = hours
        }

        public func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            try container.encode([Self.text(start), Self.text(end)])
        }

        private static func minutes(_ text: String) -> Int? {
            var text = text
            return text.withUTF8 { bytes in
                var reader = DigitReader(bytes)
                guard let hour = reader.number(width: 2), reader.take(":"), let minute = reader.number(width: 2),
                    reader.isAtEnd, minute < 60, hour * 60 + minute <= 1440
                else { return nil }
                return hour * 60 + minute
            }
        }

        private static func text(_ minutes: Int) -> String {
            String(unsafeUninitializedCapacity: 5) { bytes in
                var writer = DigitWriter(bytes)
                writer.put(minutes / 60, width: 2)
                writer.put(":")
                writer.put(minutes % 60, width: 2)
                return writer.count
            }
        }
    }
}
