import Foundation
import Kernel
import Testing

@Suite struct LanguageTests {
    @Test func `The menu has six languages in its order and Arabic alone runs from the right`() {
        let menu = Language.allCases.map { "\($0.rawValue) \($0.nativeName) \($0.direction)" }
        #expect(
            menu == [
                "ar العربية rtl", "zh 中文 ltr", "en English ltr", "fr Français ltr", "ru Русский ltr", "es Español ltr",
            ])
    }

    @Test func `Arabic numbers of Foundation have Arabic digits`() {
        #expect(12.formatted(.number.locale(Language.ar.locale)) == "١٢")
    }

    @Test func `The header chooses the best offered language`() {
        let cases: [(String, [Language], Language?)] = [
            ("fr-CH, fr;q=0.9, en;q=0.8", Language.allCases, .fr), ("pt, es;q=0.7, en;q=0.8", Language.allCases, .en),
            ("zh-Hans-CN", Language.allCases, .zh), ("AR_EG", Language.allCases, .ar), ("de", Language.allCases, nil),
            ("de, *;q=0.1", [.en, .fr], .en), ("en;q=0, *", [.en, .fr], .fr), ("fr", [.en], nil), ("", [.en], nil),
            ("en;q=0.5,ru;q=0.5", Language.allCases, .en), ("ru;q=nan, fr;q=0.1", Language.allCases, .fr),
            (",;,=;q", Language.allCases, nil),
        ]
        let wrong = cases.filter { Language.best(acceptLanguage: $0.0, offered: $0.1) != $0.2 }.map(\.0)
        #expect(wrong == [])
    }
}
