public import Foundation

/// Dates, numbers, money, durations and lists as people read them in a language and a time zone.
///
/// Names and separators come from Foundation once for each language; after that a date costs about a microsecond.
public struct Formats: Sendable {
    public let language: Language
    public let timeZone: TimeZone

    private let zone: Zone
    let symbols: NumberSymbols
    private let names: CalendarNames

    public init(language: Language, timeZone: TimeZone) {
        self.language = language
        self.timeZone = timeZone
        zone = Zone.of(timeZone)
        let kept = Self.kept(language)
        (symbols, names) = (kept.symbols, kept.names)
    }

    // MARK: What is kept for each language

    private final class Kept: Sendable {
        let symbols: NumberSymbols
        let names: CalendarNames

        init(_ language: Language) {
            symbols = NumberSymbols(language.locale)
            names = CalendarNames(language)
        }
    }

    private static let arabic = Kept(.ar)
    private static let chinese = Kept(.zh)
    private static let english = Kept(.en)
    private static let french = Kept(.fr)
    private static let russian = Kept(.ru)
    private static let spanish = Kept(.es)

    private static func kept(_ language: Language) -> Kept {
        switch language {
        case .ar: arabic
        case .zh: chinese
        case .en: english
        case .fr: french
        case .ru: russian
        case .es: spanish
        }
    }

    static func symbols(of language: Language) -> NumberSymbols { kept(language).symbols }

    // MARK: Days

    /// `Fri 4 June 2021`.
    public func date(_ date: CalendarDate) -> String { dated(date, names.shortWeekdays) }

    /// `Friday 4 June 2021`.
    public func dateFull(_ date: CalendarDate) -> String { dated(date, names.weekdays) }

    /// `Friday 4 June 2021`, the day in the reader's zone.
    public func dateFull(_ instant: Instant) -> String { dateFull(local(instant).date) }

    private func dated(_ date: CalendarDate, _ weekdays: [String]) -> String {
        let weekday = weekdays[date.weekday - 1]
        let day = long(date)
        return switch language {
        case .zh: day + weekday
        case .ar: "\(weekday)، \(day)"
        case .ru, .es: "\(weekday), \(day)"
        case .en, .fr: "\(weekday) \(day)"
        }
    }

    /// `Fri 4 June 2021`, the day in the reader's zone.
    public func date(_ instant: Instant) -> String { date(local(instant).date) }

    /// `4 June 2021`.
    public func dateLong(_ date: CalendarDate) -> String { long(date) }

    /// `4 Jun 2021`.
    public func dateShort(_ date: CalendarDate) -> String {
        if language == .zh { return long(date) }
        return "\(day(date)) \(names.shortMonths[date.month - 1]) \(plain(date.year))"
    }

    /// `4 Jun 2021`, the day in the reader's zone.
    public func dateShort(_ instant: Instant) -> String { dateShort(local(instant).date) }

    /// `June 2021`.
    public func month(_ date: CalendarDate) -> String {
        let (year, month) = (plain(date.year), names.standaloneMonths[date.month - 1])
        return switch language {
        case .zh: "\(year)年\(date.month)月"
        case .es: "\(month) de \(year)"
        case .ru: "\(month) \(year) г."
        case .ar, .en, .fr: "\(month) \(year)"
        }
    }

    private func long(_ date: CalendarDate) -> String {
        let (year, month, day) = (plain(date.year), names.months[date.month - 1], day(date))
        return switch language {
        case .zh: "\(year)年\(date.month)月\(day)日"
        case .es: "\(day) de \(month) de \(year)"
        case .ru: "\(day) \(month) \(year) г."
        case .ar, .en, .fr: "\(day) \(month) \(year)"
        }
    }

    private func day(_ date: CalendarDate) -> String {
        language == .fr && date.day == 1 ? "1er" : plain(date.day)
    }

    /// A number without grouping.
    private func plain(_ n: Int) -> String { symbols.digits(String(n)) }

    // MARK: Times

    /// `14:40`.
    public func time(_ instant: Instant) -> String { time(minutes: local(instant).minutes) }

    /// `4 June 2021, 14:40`.
    public func dateTime(_ instant: Instant) -> String {
        let (date, minutes) = local(instant)
        return dateTime(date, minutes)
    }

    /// `Mon 10:30`.
    public func weekdayTime(_ instant: Instant) -> String {
        let (date, minutes) = local(instant)
        return weekdayTime(date, minutes)
    }

    /// `Today 15:20`, `Tomorrow 09:00`, `Yesterday 16:05`, `Mon 10:30` for the six days to come, else `7 June 2021, 09:45`.
    ///
    /// A weekday without a date always lies ahead, so that what is overdue cannot be read as still to come.
    public func relativeDay(_ instant: Instant, now: Instant) -> String {
        let (date, minutes) = local(instant)
        switch date.days(since: local(now).date) {
        case 0: return "\(names.today) \(time(minutes: minutes))"
        case 1: return "\(names.tomorrow) \(time(minutes: minutes))"
        case -1: return "\(names.yesterday) \(time(minutes: minutes))"
        case 2...6: return weekdayTime(date, minutes)
        default: return dateTime(date, minutes)
        }
    }

    /// `Mon`.
    public func weekday(_ date: CalendarDate) -> String { names.shortWeekdays[date.weekday - 1] }

    private func weekdayTime(_ date: CalendarDate, _ minutes: Int) -> String {
        "\(names.shortWeekdays[date.weekday - 1]) \(time(minutes: minutes))"
    }

    private func dateTime(_ date: CalendarDate, _ minutes: Int) -> String {
        let comma = language == .zh ? " " : language == .ar ? "، " : ", "
        return long(date) + comma + time(minutes: minutes)
    }

    private func time(minutes: Int) -> String {
        let (hour, minute) = minutes.quotientAndRemainder(dividingBy: 60)
        return symbols.digits("\(hour < 10 ? "0" : "")\(hour):\(minute < 10 ? "0" : "")\(minute)")
    }

    /// The day and the minutes after midnight on the reader's wall clock.
    private func local(_ instant: Instant) -> (date: CalendarDate, minutes: Int) {
        let second = Int(Civil.floor(instant.microseconds, by: 1_000_000))
        let local = second + zone.offset(at: second)
        let day = Civil.floor(local, by: 86_400)
        return (CalendarDate(number: day), (local - day * 86_400) / 60)
    }
}
