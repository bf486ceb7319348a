import Kernel
import Testing

@Suite struct PluralTests {
    /// The integer samples of CLDR's plurals.xml.
    static let samples: [(Language, PluralCategory, [Int])] = [
        (.ar, .zero, [0]), (.ar, .one, [1]), (.ar, .two, [2]),
        (.ar, .few, [3, 4, 5, 6, 7, 8, 9, 10, 103, 110, 1003]),
        (.ar, .many, [11, 26, 99, 111, 1011]),
        (.ar, .other, [100, 101, 102, 200, 202, 300, 1000, 10_000, 100_000, 1_000_000]),
        (.zh, .other, [0, 1, 2, 15, 100, 1000, 1_000_000]),
        (.en, .one, [1, -1]), (.en, .other, [0, 2, 16, 100, 1000, 1_000_000]),
        (.fr, .one, [0, 1]), (.fr, .many, [1_000_000, 2_000_000]), (.fr, .other, [2, 17, 100, 1000, 100_000, 1_000_001]),
        (.es, .one, [1]), (.es, .many, [1_000_000, 7_000_000]), (.es, .other, [0, 2, 16, 100, 1000, 100_000]),
        (.ru, .one, [1, 21, 31, 71, 81, 101, 1001]), (.ru, .few, [2, 3, 4, 22, 24, 34, 62, 102, 1002]),
        (.ru, .many, [0, 5, 11, 12, 14, 19, 100, 111, 112, 1000, 1_000_000]),
    ]

    @Test func `Every language sorts the sample numbers of CLDR`() {
        var wrong: [String] = []
        for (language, category, numbers) in Self.samples {
            for n in numbers where PluralCategory(n, in: language) != category { wrong.append("\(language) \(n)") }
        }
        #expect(wrong == [])
    }

    @Test func `No number asks for a form that is not needed`() {
        var wrong: [String] = []
        for language in Language.allCases {
            let needed = PluralCategory.needed(in: language)
            for n in Array(0...1200) + [1_000_000, .max, .min] where !needed.contains(PluralCategory(n, in: language)) {
                wrong.append("\(language) \(n)")
            }
        }
        #expect(wrong == [])
    }
}
