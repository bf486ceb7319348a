public import Foundation

/// One of the six official languages, in the order of the language menu.
public enum Language: String, CaseIterable, Codable, Sendable, Hashable {
    case ar, zh, en, fr, ru, es

    /// Whether the script runs from right to left.
    public var isRightToLeft: Bool { self == .ar }

    /// Whether a name is written in the language's own script, where that is not the Latin one.
    func isScript(of name: String) -> Bool {
        let letters: ClosedRange<UInt32>? = switch self {
        case .ar: 0x0600...0x06FF
        case .zh: 0x4E00...0x9FFF
        case .ru: 0x0400...0x04FF
        case .en, .fr, .es: nil
        }
        return letters.map { letters in name.unicodeScalars.contains { letters.contains($0.value) } } ?? false
    }

    /// The value of the HTML attribute `dir`.
    public var direction: String { isRightToLeft ? "rtl" : "ltr" }

    /// The language's name in itself.
    public var nativeName: String {
        switch self {
        case .ar: "العربية"
        case .zh: "中文"
        case .en: "English"
        case .fr: "Français"
        case .ru: "Русский"
        case .es: "Español"
        }
    }

    /// The locale that dates, numbers and collation follow; Arabic asks for Arabic-Indic digits.
    public var locale: Locale { Self.locales[position] }

    /// The place in the menu, for tables held as arrays.
    var position: Int {
        switch self {
        case .ar: 0
        case .zh: 1
        case .en: 2
        case .fr: 3
        case .ru: 4
        case .es: 5
        }
    }

    private static let locales: [Locale] = allCases.map { language in
        switch language {
        case .ar:
            var components = Locale.Components(identifier: "ar")
            components.numberingSystem = Locale.NumberingSystem("arab")
            return Locale(components: components)
        case .zh: return Locale(identifier: "zh_Hans_CN")
        case .en: return Locale(identifier: "en_GB")
        case .fr: return Locale(identifier: "fr_FR")
        case .ru: return Locale(identifier: "ru_RU")
        case .es: return Locale(identifier: "es_ES")
        }
    }

    /// The offered language that an `Accept-Language` header prefers, or nothing when none is acceptable.
    ///
    ///     Language.best(acceptLanguage: "pt, fr-CH;q=0.8, en;q=0.5", offered: Language.allCases)  // .fr
    public static func best(acceptLanguage: String, offered: [Language]) -> Language? {
        var best: (language: Language, quality: Double)?
        var refused: Set<Language> = []
        var anything = 0.0
        for range in acceptLanguage.prefix(1_000).split(separator: ",") {
            let parts = range.split(separator: ";")
            guard let tag = parts.first?.trimmingCharacters(in: .whitespaces).lowercased() else { continue }
            let quality = quality(parts.dropFirst())
            if tag == "*" {
                anything = max(anything, quality)
                continue
            }
            let primary = tag.split(whereSeparator: { $0 == "-" || $0 == "_" }).first.map(String.init) ?? ""
            guard let language = Language(rawValue: primary), offered.contains(language) else { continue }
            if quality <= 0 {
                refused.insert(language)
            } else if best.map({ quality > $0.quality }) ?? true {
                best = (language, quality)
            }
        }
        if let best { return best.language }
        return anything > 0 ? offered.first { !refused.contains($0) } : nil
    }

    private static func quality(_ parameters: ArraySlice<Substring>) -> Double {
        for parameter in parameters {
            let text = parameter.trimmingCharacters(in: .whitespaces).lowercased()
            if text.hasPrefix("q=") { return Double(text.dropFirst(2)).map { $0.isFinite ? $0 : 0 } ?? 0 }
        }
        return 1
    }
}
