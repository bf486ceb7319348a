public import Foundation

extension Formats {
    /// `1,249`.
    public func integer(_ n: Int) -> String { symbols.integer(n) }

    /// `2,037.4` with `scale` digits after the point, rounded half away from zero; `—` for not-a-number.
    public func decimal(_ value: Decimal, scale: Int) -> String {
        guard let number = NumberSymbols.round(value, scale: scale) else { return "—" }
        return (number.isNegative ? symbols.minus : "") + symbols.plain(number.whole, fraction: number.fraction)
    }

    /// `94.2%` for 0.942; `—` for what is not a number.
    public func percent(_ fraction: Double, decimals: Int = 0) -> String {
        var parts = fraction * 100
        for _ in 0..<decimals { parts *= 10 }
        parts.round(.toNearestOrAwayFromZero)
        guard parts.magnitude < 9e15 else { return "—" }
        let number = symbols.unsigned(UInt(parts.magnitude), scale: decimals)
        return "\(parts < 0 ? symbols.minus : "")\(symbols.percentBefore)\(number)\(symbols.percentAfter)"
    }

    /// `USD 1,234.50` from minor units (cents); the code stands where the language puts it, kept with the number.
    public func money(minor: Int64, currency: String) -> String {
        let number = symbols.fixed(Int(minor), scale: Self.minorDigits(currency))
        return switch language {
        case .en, .zh: "\(currency)\u{A0}\(number)"
        case .ar, .fr, .ru, .es: "\(number)\u{A0}\(currency)"
        }
    }

    /// The digits after the point that ISO 4217 gives a currency.
    public static func minorDigits(_ currency: String) -> Int {
        switch currency {
        case "BIF", "CLP", "DJF", "GNF", "ISK", "JPY", "KMF", "KRW", "PYG", "RWF", "UGX", "UYI", "VND", "VUV", "XAF",
            "XOF", "XPF":
            0
        case "BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND": 3
        case "CLF", "UYW": 4
        default: 2
        }
    }

    /// A cell of a budget table: `2 037.4` with narrow spaces, `(43.0)` for negatives, `—` for nothing and for zero.
    ///
    /// What is negative keeps its parentheses when it rounds to nothing: −0.04 is `(0.0)`.
    public func budget(_ value: Decimal?, scale: Int = 1) -> String {
        guard let value, !value.isZero, let number = NumberSymbols.round(value, scale: scale) else { return "—" }
        let text = symbols.plain(number.whole, fraction: number.fraction, group: "\u{202F}", groupsFrom: 4)
        return value < 0 ? "(\(text))" : text
    }

    /// The two largest units: `2 d 4 h`, `3 h 10`, `8 min`, `45 s`.
    public func duration(seconds: Int) -> String {
        let all = seconds.magnitude
        let (days, hours, minutes) = (all / 86_400, all / 3_600 % 24, all / 60 % 60)
        let text =
            if days > 0 {
                hours > 0 ? unit(days, .day) + between + unit(hours, .hour) : unit(days, .day)
            } else if hours > 0 {
                minutes > 0 ? unit(hours, .hour) + between + minutesAfterHours(minutes) : unit(hours, .hour)
            } else {
                minutes > 0 ? unit(minutes, .minute) : unit(all, .second)
            }
        return (seconds < 0 ? symbols.minus : "") + text
    }

    /// `40 h`, `3 h 10`, `8 min`: time that working hours are counted in, where a day is not twenty-four hours and is therefore no unit.
    public func workingTime(seconds: Int) -> String {
        let all = seconds.magnitude
        guard all >= 86_400 else { return duration(seconds: seconds) }
        let (hours, minutes) = (all / 3_600, all / 60 % 60)
        return (seconds < 0 ? symbols.minus : "") + unit(hours, .hour) + (minutes > 0 ? between + minutesAfterHours(minutes) : "")
    }

    private enum Unit: Int { case day, hour, minute, second }

    private var between: String { language == .zh ? "" : " " }

    private func unit(_ n: UInt, _ unit: Unit) -> String {
        let names =
            switch language {
            case .ar: ["ي", "س", "د", "ث"]
            case .zh: ["天", "小时", "分钟", "秒"]
            case .en, .es: ["d", "h", "min", "s"]
            case .fr: ["j", "h", "min", "s"]
            case .ru: ["д", "ч", "мин", "с"]
            }
        return symbols.integer(Int(n)) + between + names[unit.rawValue]
    }

    private func minutesAfterHours(_ minutes: UInt) -> String {
        switch language {
        case .en, .fr, .es: minutes < 10 ? "0\(minutes)" : "\(minutes)"
        case .zh: "\(minutes)分"
        case .ar, .ru: unit(minutes, .minute)
        }
    }

    /// `512 B`, `1.5 kB`, `24 MB`: thousands of bytes, one decimal below ten.
    public func fileSize(_ bytes: Int) -> String {
        let units =
            switch language {
            case .ar: ["بايت", "ك.ب", "م.ب", "غ.ب", "ت.ب"]
            case .fr: ["o", "ko", "Mo", "Go", "To"]
            case .ru: ["Б", "кБ", "МБ", "ГБ", "ТБ"]
            case .zh, .en, .es: ["B", "kB", "MB", "GB", "TB"]
            }
        var value = Double(max(bytes, 0))
        var unit = 0
        while value >= 999.5, unit < units.count - 1 {
            value /= 1000
            unit += 1
        }
        let number =
            unit > 0 && value < 9.95
            ? symbols.fixed(Int((value * 10).rounded()), scale: 1) : symbols.integer(Int(value.rounded()))
        return "\(number)\u{A0}\(units[unit])"
    }

    /// `a, b and c`.
    public func list(_ items: [String]) -> String {
        guard items.count > 1 else { return items.first ?? "" }
        var style: ListFormatStyle<StringStyle, [String]> = .list(type: .and)
        style.locale = language.locale
        return items.formatted(style)
    }

    /// ASCII digits of a text in the language's digits; the rest stays.
    public func digits(_ ascii: String) -> String { symbols.digits(ascii) }
}
