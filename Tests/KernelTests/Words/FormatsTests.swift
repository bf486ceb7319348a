import Foundation
import Kernel
import Testing

@Suite struct FormatsTests {
    /// Friday 4 June 2021, 14:40 in Zurich.
    static let instant = Instant(iso: "2021-06-04T12:40:00Z")!
    static let zone = TimeZone(identifier: "Europe/Zurich")!

    private func all(_ format: (Formats) -> String) -> [String] {
        Language.allCases.map { format(Formats(language: $0, timeZone: Self.zone)) }
    }

    @Test func `Dates and times read right in six languages`() {
        let date = [
            "الجمعة، ٤ حزيران/يونيه ٢٠٢١", "2021年6月4日周五", "Fri 4 June 2021", "ven. 4 juin 2021", "пт, 4 июня 2021 г.",
            "vie, 4 de junio de 2021",
        ]
        let dateTime = [
            "٤ حزيران/يونيه ٢٠٢١، ١٤:٤٠", "2021年6月4日 14:40", "4 June 2021, 14:40", "4 juin 2021, 14:40", "4 июня 2021 г., 14:40",
            "4 de junio de 2021, 14:40",
        ]
        let month = ["حزيران/يونيه ٢٠٢١", "2021年6月", "June 2021", "juin 2021", "июнь 2021 г.", "junio de 2021"]
        let day = CalendarDate(year: 2021, month: 6, day: 4)!
        #expect(all { $0.date(Self.instant) } == date && all { $0.date(day) } == date)
        #expect(all { $0.dateTime(Self.instant) } == dateTime)
        #expect(all { $0.month(day) } == month)
        let english = Formats(language: .en, timeZone: Self.zone)
        let others = [english.dateShort(day), english.dateShort(Self.instant), english.time(Self.instant), english.weekdayTime(Self.instant)]
        #expect(others == ["4 Jun 2021", "4 Jun 2021", "14:40", "Fri 14:40"])
    }

    @Test func `The reader's zone decides the day and what today is`() {
        let late = Instant(iso: "2021-06-04T22:30:00Z")!
        let here = Formats(language: .en, timeZone: Self.zone)
        let there = Formats(language: .en, timeZone: TimeZone(identifier: "America/New_York")!)
        let said = [here.date(late), there.date(late), here.relativeDay(late, now: Self.instant), there.relativeDay(late, now: Self.instant)]
        #expect(said == ["Sat 5 June 2021", "Fri 4 June 2021", "Tomorrow 00:30", "Today 18:30"])
    }

    @Test func `Near days have words, the days of the week ahead their name, all others a date`() {
        let english = Formats(language: .en, timeZone: Self.zone)
        let said = [-2, -1, 0, 1, 2, 6, 7].map { english.relativeDay(Self.instant.adding(days: $0), now: Self.instant) }
        #expect(
            said == [
                "2 June 2021, 14:40", "Yesterday 14:40", "Today 14:40", "Tomorrow 14:40", "Sun 14:40", "Thu 14:40",
                "11 June 2021, 14:40",
            ])
        #expect(
            all { $0.relativeDay(Self.instant, now: Self.instant) } == [
                "اليوم ١٤:٤٠", "今天 14:40", "Today 14:40", "Aujourd’hui 14:40", "Сегодня 14:40", "Hoy 14:40",
            ])
    }

    @Test func `Numbers take the separators and digits of the language`() {
        #expect(
            all { $0.integer(-1_234_567) } == [
                "\u{61C}-١٬٢٣٤٬٥٦٧", "-1,234,567", "-1,234,567", "-1\u{202F}234\u{202F}567", "-1\u{A0}234\u{A0}567", "-1.234.567",
            ])
        #expect(
            all { $0.decimal(Decimal(string: "2037.45")!, scale: 1) } == [
                "٢٬٠٣٧٫٥", "2,037.5", "2,037.5", "2\u{202F}037,5", "2\u{A0}037,5", "2037,5",
            ])
        let english = Formats(language: .en, timeZone: Self.zone)
        let odd = [
            english.decimal(Decimal(string: "-0.04")!, scale: 1), english.decimal(-2.5, scale: 0), english.decimal(7, scale: 2),
            english.decimal(.nan, scale: 1), english.integer(999), english.integer(.min), english.percent(.nan),
        ]
        #expect(odd == ["0.0", "-3", "7.00", "—", "999", "-9,223,372,036,854,775,808", "—"])
    }

    @Test func `Growth and shares print as in the budget`() {
        let english = Formats(language: .en, timeZone: Self.zone)
        let growth = [(5700.0, 2935.0), (10_046, 5870)].map { english.percent($0.0 / $0.1 - 1, decimals: 1) }
        #expect(growth == ["94.2%", "71.1%"])
        let share = all { $0.percent(0.294, decimals: 1).replacing("\u{202F}", with: "\u{A0}") }
        #expect(share == ["٢٩٫٤٪\u{61C}", "29.4%", "29.4%", "29,4\u{A0}%", "29,4\u{A0}%", "29,4\u{A0}%"])
    }

    @Test func `Money has its code and its own number of decimals`() {
        #expect(
            all { $0.money(minor: 123_450, currency: "USD") } == [
                "١٬٢٣٤٫٥٠\u{A0}USD", "USD\u{A0}1,234.50", "USD\u{A0}1,234.50", "1\u{202F}234,50\u{A0}USD", "1\u{A0}234,50\u{A0}USD",
                "1234,50\u{A0}USD",
            ])
        let english = Formats(language: .en, timeZone: Self.zone)
        let others = [("JPY", 1500), ("KWD", 5), ("EUR", -5)].map { english.money(minor: $0.1, currency: $0.0) }
        #expect(others == ["JPY\u{A0}1,500", "KWD\u{A0}0.005", "EUR\u{A0}-0.05"])
    }

    /// `un_table_number_format` of the vectors; the thin spaces there are written as blanks.
    @Test func `Budget tables print as the United Nations do`() {
        let cases: [(Decimal?, String)] = [
            (nil, "—"), (0, "—"), (Decimal(string: "2037.4"), "2 037.4"), (Decimal(string: "-9.7"), "(9.7)"), (-43, "(43.0)"),
            (Decimal(string: "51959.8"), "51 959.8"), (Decimal(string: "180706.5"), "180 706.5"), (Decimal(string: "-0.04"), "(0.0)"),
            (Decimal(string: "1.9"), "1.9"),
        ]
        let english = Formats(language: .en, timeZone: Self.zone)
        let wrong = cases.filter { english.budget($0.0, scale: 1).replacing("\u{202F}", with: " ") != $0.1 }.map(\.1)
        #expect(wrong == [])
        let cells = all { $0.budget(Decimal(string: "-2037.4"), scale: 1) }
        #expect(cells[0] == "(٢\u{202F}٠٣٧٫٤)" && cells[4] == "(2\u{202F}037,4)" && cells[5] == "(2\u{202F}037,4)")
    }

    @Test func `Durations, sizes and lists are short`() {
        let english = Formats(language: .en, timeZone: Self.zone)
        let lengths = [11_400, 10_800 + 300, 7200, 480, 45, 0, 187_200, 172_800, -90].map { english.duration(seconds: $0) }
        #expect(lengths == ["3 h 10", "3 h 05", "2 h", "8 min", "45 s", "0 s", "2 d 4 h", "2 d", "-1 min"])
        #expect(
            all { $0.duration(seconds: 187_200) + "/" + $0.duration(seconds: 11_400) } == [
                "٢ ي ٤ س/٣ س ١٠ د", "2天4小时/3小时10分", "2 d 4 h/3 h 10", "2 j 4 h/3 h 10", "2 д 4 ч/3 ч 10 мин", "2 d 4 h/3 h 10",
            ])
        let sizes = [0, 999, 1000, 1_500_000, 24_400_000, 999_960].map { english.fileSize($0).replacing("\u{A0}", with: " ") }
        #expect(sizes == ["0 B", "999 B", "1.0 kB", "1.5 MB", "24 MB", "1.0 MB"])
        let list = all { $0.list(["a", "b", "iota"]) }
        #expect(Array(list.dropFirst()) == ["a、b和iota", "a, b and iota", "a, b et iota", "a, b и iota", "a, b e iota"])
        #expect(english.digits("12") == "12" && Formats(language: .ar, timeZone: Self.zone).digits("أ-12") == "أ-١٢")
    }
}
