import Foundation

/// Months and weekdays of a language and the words for near days.
struct CalendarNames: Sendable {
    let months: [String]
    /// Months without a day before them: "июнь", not "июня".
    let standaloneMonths: [String]
    let shortMonths: [String]
    /// Monday first.
    let shortWeekdays: [String]
    /// Monday first.
    let weekdays: [String]
    let today: String
    let tomorrow: String
    let yesterday: String

    init(_ language: Language) {
        let formatter = DateFormatter()
        formatter.locale = language.locale
        months = language == .ar ? Self.arabicMonths : formatter.monthSymbols
        standaloneMonths = language == .ar ? Self.arabicMonths : formatter.standaloneMonthSymbols.map { language == .ru ? $0.lowercased() : $0 }
        shortMonths = formatter.shortMonthSymbols
        // Arabic names its days in full; Russian begins them small.
        let sundayFirst = (language == .ar ? formatter.weekdaySymbols : formatter.shortWeekdaySymbols)
            .map { language == .ru ? $0.lowercased() : $0 }
        shortWeekdays = Array(sundayFirst.dropFirst()) + sundayFirst.prefix(1)
        let full: [String] = formatter.weekdaySymbols.map { language == .ru ? $0.lowercased() : $0 }
        weekdays = Array(full.dropFirst()) + full.prefix(1)
        (today, tomorrow, yesterday) =
            switch language {
            case .ar: ("اليوم", "غدًا", "أمس")
            case .zh: ("今天", "明天", "昨天")
            case .en: ("Today", "Tomorrow", "Yesterday")
            case .fr: ("Aujourd’hui", "Demain", "Hier")
            case .ru: ("Сегодня", "Завтра", "Вчера")
            case .es: ("Hoy", "Mañana", "Ayer")
            }
    }

    /// Documents of the United Nations name a month in both usages, so that readers from Rabat to Baghdad know it.
    private static let arabicMonths = [
        "كانون الثاني/يناير", "شباط/فبراير", "آذار/مارس", "نيسان/أبريل", "أيار/مايو", "حزيران/يونيه",
        "تموز/يوليه", "آب/أغسطس", "أيلول/سبتمبر", "تشرين الأول/أكتوبر", "تشرين الثاني/نوفمبر", "كانون الأول/ديسمبر",
    ]
}
