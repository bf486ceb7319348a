import Kernel
import Testing

@Suite struct GramsTests {
    /// The same sentence of the budget in six languages, with a reference.
    static let texts: [Language: String] = [
        .ar: "تُعالَج طلبات معدات تكنولوجيا المعلومات والاتصالات في البعثات الميدانيّة REQ-2021-0004127 إلى الأمم المتحدة",
        .zh: "外地特派团信息和通信技术设备申请REQ-2021-0004127由服务台处理",
        .en: "Requests for field missions' equipment (REQ-2021-0004127) are handled by the service desk",
        .fr: "Les demandes d’équipement des missions, REQ-2021-0004127, sont traitées par l’équipe d’assistance à Genève",
        .ru: "Заявки полевых миссий на оборудование REQ-2021-0004127 рассматриваются ещё в тот же день службой поддержки",
        .es: "Las peticiones de información de las misiones REQ-2021-0004127 llegan a la mesa de ayuda en el próximo año",
    ]

    private func finds(_ question: String, _ text: String) -> Bool {
        let asked = Grams.query(question)
        return !asked.isEmpty && Set(Grams.index(text)).isSuperset(of: asked)
    }

    @Test func `Spelling variants fold together`() {
        let cases: [(String, String)] = [
            ("Équipe ÇA Ñandú", "equipe ca nandu"), ("straße Œuvre Æsir Łódź", "strasse oeuvre aesir lodz"), ("e\u{301}", "e"),
            ("Ёлка ЙОД", "елка йод"), ("и\u{306}од", "йод"), ("Ї", "і"), ("أإآٱ", "اااا"), ("مدرسة", "مدرسه"), ("على", "علي"),
            ("مُحَمَّد", "محمد"), ("كتـــاب", "كتاب"), ("مسؤول", "مسوول"), ("١٢٣ ۴۵", "123 45"), ("ＡＢＣ１", "abc1"), ("ﬁ", "fi"),
            ("ﻻ", "لا"), ("co\u{AD}operate", "cooperate"), ("中文", "中文"), ("İ", "i"), ("한국", "한국"),
        ]
        let wrong = cases.filter { Grams.fold($0.0) != $0.1 }.map { "\($0.0) \(Grams.fold($0.0))" }
        #expect(wrong == [])
    }

    @Test func `Every beginning of three letters of every word finds the text, in six languages`() {
        var wrong: [String] = []
        for (language, text) in Self.texts where language != .zh {
            for word in text.split(whereSeparator: { !$0.isLetter }) where word.unicodeScalars.count >= 3 {
                for length in 3...max(word.count, 3) where !finds(String(word.prefix(length)), text) {
                    wrong.append("\(language) \(word.prefix(length))")
                }
            }
        }
        #expect(wrong == [])
    }

    @Test func `Chinese is found by one sign, two and more`() {
        let text = Self.texts[.zh]!
        let missing = ["团", "特派", "信息和通信", "服务台处理", "外地特派团信息和通信技术设备申请"].filter { !finds($0, text) }
        let wrong = ["派特", "台服", "国", "技信"].filter { finds($0, text) }
        #expect(missing == [] && wrong == [])
    }

    @Test func `A reference is found whole, joined, by its number and while it is typed, and no other is`() {
        var wrong: [String] = []
        for (language, text) in Self.texts {
            for question in ["REQ-2021-0004127", "req-2021-0004127", "REQ20210004127", "0004127", "REQ-2021-0004", "REQ-2021", "2021-0004127"]
            where !finds(question, text) { wrong.append("\(language) \(question)") }
            for question in ["REQ-2021-0004128", "REQ-2020-0004127", "REQ20210004128"] where finds(question, text) {
                wrong.append("\(language) \(question)")
            }
        }
        let symbol = finds("A/75/6", "see A/75/6 (Sect. 29C.20)") && finds("29C.20", "see A/75/6 (Sect. 29C.20)")
        #expect(wrong == [] && symbol && !finds("A/75/6", "see A/76/6"))
    }

    @Test func `Accents, case, the article and spelling do not hide a word`() {
        let pairs = [
            ("equipement", Language.fr), ("GENEVE", .fr), ("proximo", .es), ("еще", .ru), ("معلومات", .ar), ("الميدانية", .ar),
            ("ميدانيه", .ar), ("امم", .ar), ("الطلبات", .ar), ("MISSION", .en),
        ]
        let wrong = pairs.filter { !finds($0.0, Self.texts[$0.1]!) }.map(\.0)
        #expect(wrong == [] && !finds("budget", Self.texts[.en]!))
    }

    @Test func `Tokens are letters and digits, each once and not too many`() {
        var wrong: [String] = []
        let odd = "x\u{301}\u{20DD}½ ²³ — «a» \u{200F}ab\u{2068}cd 👩🏽‍🚀 \u{0}\"*:^ Ⅷ नमस्ते ไทย A/b-3.c_d" + Self.texts.values.joined(separator: " ")
        for token in Grams.index(odd) + Grams.query(odd) {
            let isClean = token.unicodeScalars.allSatisfy { $0.properties.isAlphabetic || $0.properties.numericType != nil }
            if !isClean || token.isEmpty { wrong.append(token) }
        }
        let many = Grams.index((0..<5000).map { "word\($0 &* 7919)" }.joined(separator: " "))
        #expect(wrong == [] && many.count == Grams.limit && Set(many).count == many.count)
        let empty = Grams.index("") + Grams.query(" \u{64B} -./ ") + Grams.index("\u{0640}")
        #expect(empty == [])
    }
}
