/// The proleptic Gregorian calendar as plain integer arithmetic, without Foundation's slow `Calendar`.
enum Civil {
    /// Days from 1970-01-01 to the given date; the date is taken to exist.
    static func days(year: Int, month: Int, day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The date that lies `days` days after 1970-01-01.
    static func date(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// The number of days in a month, 28...31.
    static func length(ofMonth month: Int, year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    /// ISO weekday of a day counted from 1970-01-01 (a Thursday): 1 is Monday, 7 is Sunday.
    static func weekday(days: Int) -> Int {
        let remainder = (days + 3) % 7
        return (remainder < 0 ? remainder + 7 : remainder) + 1
    }

    /// Integer division that rounds towards minus infinity.
    static func floor<I: SignedInteger>(_ value: I, by divisor: I) -> I {
        let quotient = value / divisor
        return value % divisor < 0 ? quotient - 1 : quotient
    }
}

/// Reads fixed-width ASCII digits and marks from a text, one after another.
struct DigitReader {
    let bytes: UnsafeBufferPointer<UInt8>
    private(set) var index = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    var isAtEnd: Bool { index == bytes.count }

    /// The next byte, which stays unread.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// Passes over one ASCII mark; false leaves it unread.
    mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard let next, UInt32(next) == mark.value else { return false }
        index += 1
        return true
    }

    /// The next digit, 0...9.
    mutating func digit() -> Int? {
        guard let next, next >= 48, next <= 57 else { return nil }
        index += 1
        return Int(next) - 48
    }

    /// A number written with exactly `width` digits.
    mutating func number(width: Int) -> Int? {
        var value = 0
        for _ in 0..<width {
            guard let digit = digit() else { return nil }
            value = value * 10 + digit
        }
        return value
    }

    /// A date written `YYYY-MM-DD` that exists, as days since 1970-01-01.
    mutating func day() -> Int? {
        guard let year = number(width: 4), take("-"), let month = number(width: 2), take("-"),
            let day = number(width: 2), year >= 1, (1...12).contains(month),
            (1...Civil.length(ofMonth: month, year: year)).contains(day)
        else { return nil }
        return Civil.days(year: year, month: month, day: day)
    }
}

/// Writes fixed-width ASCII digits and marks, one after another.
struct DigitWriter {
    let bytes: UnsafeMutableBufferPointer<UInt8>
    private(set) var count = 0

    init(_ bytes: UnsafeMutableBufferPointer<UInt8>) {
        self.bytes = bytes
    }

    mutating func put(_ mark: Unicode.Scalar) {
        bytes[count] = UInt8(truncatingIfNeeded: mark.value)
        count += 1
    }

    mutating func put(_ value: Int, width: Int) {
        var rest = value
        for place in stride(from: count + width - 1, through: count, by: -1) {
            bytes[place] = UInt8(48 + rest % 10)
            rest /= 10
        }
        count += width
    }

    mutating func put(year: Int, month: Int, day: Int) {
        put(year, width: 4)
        put("-")
        put(month, width: 2)
        put("-")
        put(day, width: 2)
    }
}
