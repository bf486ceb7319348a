import Kernel

/// Dates as tables of events write them beside ISO 8601: `16 May 2025`, `16-May-25`, `May 16, 2025`, `16/05/2025`, `16.05.2025`.
struct DateText: Sendable {
    enum Wrong: Error {
        case form, unreal
        /// Both numbers could be the month.
        case order
    }

    let date: CalendarDate
    /// Two digits for the year, beside a month in letters only: 70 to 99 are of the last century. `19-06-03` could be three dates and is none.
    let isShortYear: Bool
    /// The numbers could be read the other way round; `order` decided.
    let isAmbiguous: Bool

    init(_ text: String, order: ExchangeSource.DateOrder?) throws(Wrong) {
        guard text.utf8.count <= 40 else { throw .form }
        let parts = text.split { $0 == " " || $0 == "-" || $0 == "/" || $0 == "." || $0 == "," || $0 == "\u{a0}" }
        guard parts.count == 3 else { throw .form }
        let months = parts.map { Self.month($0) }, numbers = parts.map { Self.number($0) }
        guard let written = numbers[2], parts[2].utf8.count == 4 || parts[2].utf8.count == 2 else { throw .form }
        isShortYear = parts[2].utf8.count == 2
        let year = isShortYear ? written + (written < 70 ? 2000 : 1900) : written
        func make(_ month: Int, _ day: Int) throws(Wrong) -> CalendarDate {
            guard let date = CalendarDate(year: year, month: month, day: day) else { throw .unreal }
            return date
        }
        if let day = numbers[0], let month = months[1] {
            (date, isAmbiguous) = (try make(month, day), false)
        } else if let month = months[0], let day = numbers[1] {
            (date, isAmbiguous) = (try make(month, day), false)
        } else if !isShortYear, let first = numbers[0], let second = numbers[1], parts[0].utf8.count <= 2, parts[1].utf8.count <= 2 {
            isAmbiguous = first <= 12 && second <= 12 && first != second
            guard let order = order ?? (first > 12 || first == second ? .dayFirst : second > 12 ? .monthFirst : nil) else { throw .order }
            date = try order == .dayFirst ? make(second, first) : make(first, second)
        } else {
            throw .form
        }
    }

    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy { (0x30...0x39).contains($0) } && text.utf8.count <= 4 ? Int(text) : nil
    }

    private static func month(_ text: Substring) -> Int? {
        let name = text.lowercased()
        guard name.utf8.count >= 3 else { return nil }
        return names.firstIndex { $0 == name || $0.prefix(3) == name || name == "sept" && $0 == "september" }.map { $0 + 1 }
    }

    private static let names = [
        "january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    ]
}
