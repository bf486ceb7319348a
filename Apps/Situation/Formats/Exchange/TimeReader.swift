import Kernel

/// Reads the pieces of a time from left to right.
struct TimeReader {
    private let bytes: [UInt8]
    private var index = 0

    init(_ text: String) {
        // Longer than any time of any of the forms: nothing is read of it.
        let all = Array(text.utf8.prefix(65))
        let isBlank = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
        bytes = all.count > 64 ? [] : Array(all.drop(while: isBlank).reversed().drop(while: isBlank).reversed())
    }

    var isAtEnd: Bool { index == bytes.count }

    mutating func take(_ marks: StaticString) -> Bool {
        guard index < bytes.count else { return false }
        let found = marks.withUTF8Buffer { $0.contains(bytes[index]) }
        if found { index += 1 }
        return found
    }

    private var digitsAhead: Int { bytes[index...].prefix { (0x30...0x39).contains($0) }.count }

    private mutating func number(_ width: Int) throws(TimeText.Wrong) -> Int {
        guard digitsAhead >= width else { throw .form }
        defer { index += width }
        return bytes[index..<index + width].reduce(0) { $0 * 10 + Int($1 - 0x30) }
    }

    /// A date and what it is precise to.
    mutating func date() throws(TimeText.Wrong) -> (CalendarDate, ExchangePrecision) {
        let run = digitsAhead
        let year = try number(4)
        if take("Ww") { return try week(of: year, isExtended: false) }
        switch run {
        case 8: return (try day(year, try number(2), try number(2)), .day)
        case 7: return (try ordinal(year), .day)
        case 4: break
        default: throw .form
        }
        // A year alone may be followed by the end, by an offset or by a dash and more.
        guard index < bytes.count, bytes[index] == UInt8(ascii: "-") else { return (try day(year, 1, 1), .year) }
        index += 1
        if take("Ww") { return try week(of: year, isExtended: true) }
        switch digitsAhead {
        case 3: return (try ordinal(year), .day)
        case 2: break
        default: throw .form
        }
        let month = try number(2)
        guard hasDay else { return (try day(year, month, 1), .month) }
        index += 1
        return (try day(year, month, try number(2)), .day)
    }

    /// Whether `-dd` follows, and not the offset `-hh:mm` of a month.
    private var hasDay: Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "-") else { return false }
        let rest = bytes[(index + 1)...]
        return rest.prefix { (0x30...0x39).contains($0) }.count == 2 && rest.dropFirst(2).first != UInt8(ascii: ":")
    }

    private func day(_ year: Int, _ month: Int, _ day: Int) throws(TimeText.Wrong) -> CalendarDate {
        guard let date = CalendarDate(year: year, month: month, day: day) else { throw .unreal }
        return date
    }

    private mutating func ordinal(_ year: Int) throws(TimeText.Wrong) -> CalendarDate {
        let number = try number(3)
        let date = try day(year, 1, 1).adding(days: number - 1)
        guard number > 0, date.year == year else { throw .unreal }
        return date
    }

    /// ISO 8601-1 §4.3.4: the first week of a year is the one with its fourth of January.
    private mutating func week(of year: Int, isExtended: Bool) throws(TimeText.Wrong) -> (CalendarDate, ExchangePrecision) {
        let number = try number(2)
        let fourth = try day(year, 1, 4)
        let monday = fourth.adding(days: 1 - fourth.weekday + (number - 1) * 7)
        guard number > 0, monday.adding(days: 3).year == year else { throw .unreal }
        guard isExtended ? take("-") : digitsAhead == 1 else { return (monday, .week) }
        let weekday = try self.number(1)
        guard (1...7).contains(weekday) else { throw .unreal }
        return (monday.adding(days: weekday - 1), .day)
    }

    /// Whether a time of day follows: after T, or after one blank when a digit comes.
    mutating func takeTimeMark() -> Bool {
        if take("Tt") { return true }
        guard index + 1 < bytes.count, bytes[index] == 0x20, (0x30...0x39).contains(bytes[index + 1]) else { return false }
        index += 1
        return true
    }

    /// Seconds after midnight, microseconds, and `hour` or `exact`.
    mutating func time() throws(TimeText.Wrong) -> (Int, Int, ExchangePrecision) {
        let hour = try number(2)
        var minute = 0, second = 0, fraction = 0
        var precision = ExchangePrecision.hour
        let isExtended = take(":")
        if isExtended || digitsAhead >= 2 {
            precision = .exact
            minute = try number(2)
            if isExtended ? take(":") : digitsAhead >= 2 {
                second = try number(2)
                if take(".,") { fraction = try self.fraction() }
            }
        }
        // 24:00 is the end of the day (§5.3.2), :60 a leap second (RFC 3339 §5.6): both are the next moment there is.
        guard hour < 24 || (hour == 24 && minute == 0 && second == 0 && fraction == 0), minute < 60, second < 60 || (second == 60 && minute == 59)
        else { throw .unreal }
        return (hour * 3600 + minute * 60 + second, fraction, precision)
    }

    /// Microseconds; digits after the sixth are dropped.
    private mutating func fraction() throws(TimeText.Wrong) -> Int {
        let run = digitsAhead
        guard run > 0 else { throw .form }
        defer { index += run }
        let six = bytes[index..<index + min(run, 6)].reduce(0) { $0 * 10 + Int($1 - 0x30) }
        return (run..<max(run, 6)).reduce(six) { value, _ in value * 10 }
    }

    /// `Z`, `±hh`, `±hhmm`, `±hh:mm` or ` UTC`; nil when nothing follows.
    mutating func offset() throws(TimeText.Wrong) -> Int? {
        if isAtEnd { return nil }
        if take("Zz") { return 0 }
        if take(" ") {
            if bytes[index...].elementsEqual("UTC".utf8) || bytes[index...].elementsEqual("GMT".utf8) {
                index = bytes.count
                return 0
            }
        }
        let isWest = take("-")
        guard isWest || take("+") else { throw .form }
        let hours = try number(2)
        let minutes = take(":") || digitsAhead == 2 ? try number(2) : 0
        guard hours < 24, minutes < 60 else { throw .unreal }
        return (hours * 3600 + minutes * 60) * (isWest ? -1 : 1)
    }
}
