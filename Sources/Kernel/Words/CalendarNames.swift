import Foundation

/// Months and weekdays of a language and the words for near days.
struct CalendarNames: Sendable {
    let months: [String]
    /// Months without a day before them: "июнь", not "июня".
    let standaloneMonths: [String]
    let shortMonths: [String]
    /// Monday first.
    let shortWeekdays: [String]
    let today: String
    let tomorrow: String
    let yesterday: String

    init(_ language: Language) {
        let formatter = DateFormatter()
        formatter.locale = language.locale
        months = formatter.monthSymbols
        standaloneMonths = formatter.standaloneMonthSymbols.map { language == .ru ? $0.lowercased() : $0 }
        shortMonths = formatter.shortMonthSymbols
        // Arabic names its days in full; Russian begins them small.
        let sundayFirst = (language == .ar ? formatter.weekdaySymbols : formatter.shortWeekdaySymbols)
            .map { language == .ru ? $0.lowercased() : $0 }
        shortWeekdays = Array(sundayFirst.dropFirst()) + sundayFirst.prefix(1)
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
}
