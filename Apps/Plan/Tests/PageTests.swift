import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct PageTests {
    /// Table 29C.11 as the transcription's `29C.11.csv` has it, in thousands of dollars.
    private let printed = """
        posts,24197.2,24501.6,,,,,,24501.6,626.6,25128.2
        other_staff_costs,1428.9,1744.4,,,,,,1744.4,33.1,1777.5
        consultants,369.6,127.2,,,,,,127.2,2.4,129.6
        travel_of_staff,120.5,154.9,,,,,,154.9,3.0,157.9
        contractual_services,15844.7,10614.4,,,15.3,15.3,0.1,10629.7,201.9,10831.6
        general_operating_expenses,9196.7,9758.0,,,2037.4,2037.4,20.9,11795.4,224.0,12019.4
        supplies_and_materials,53.4,100.4,,,-9.7,-9.7,-9.7,90.7,1.7,92.4
        furniture_and_equipment,2785.6,2183.0,,,-43.0,-43.0,-2.0,2140.0,40.7,2180.7
        improvement_of_premises,9.3,775.9,,,,,,775.9,14.7,790.6
        grants_and_contributions,1.9,,,,,,,,,
        total,54007.8,49959.8,,,2000.0,2000.0,4.0,51959.8,1148.1,53107.9
        """

    /// The numbers of the cells of a page, row after row.
    private func cells(_ html: String) -> [[String]] {
        html.components(separatedBy: "<tr").compactMap { row -> [String]? in
            let cells = row.components(separatedBy: "<td class=\"n").dropFirst().compactMap { cell -> String? in
                cell.components(separatedBy: "<bdi>").dropFirst().first?.components(separatedBy: "</bdi>").first
            }
            return cells.isEmpty ? nil : cells
        }
    }

    /// Thin spaces between thousands, parentheses for negatives, a dash for nothing.
    private func asPrinted(_ number: String) -> String {
        if number.isEmpty { return "—" }
        let digits = number.hasPrefix("-") ? String(number.dropFirst()) : number
        let parts = digits.split(separator: ".")
        let whole = parts[0].count > 3 ? "\(parts[0].dropLast(3))\u{202F}\(parts[0].suffix(3))" : String(parts[0])
        let text = "\(whole).\(parts[1])"
        return number.hasPrefix("-") ? "(\(text))" : text
    }

    @Test func `table 29C.11 is printed digit for digit`() async throws {
        let kit = try await library.value
        let html = try await kit.page("resources", of: plan, as: kit.viewer("omar"))
        let expected = printed.split(separator: "\n").map { line in line.split(separator: ",", omittingEmptySubsequences: false).dropFirst().map { asPrinted(String($0)) } }
        same(cells(html), expected)
    }

    @Test func `the numbers of the format's vectors come out as the vectors say`() throws {
        let formats = Formats(language: .en, timeZone: .gmt)
        let vectors: [(String?, String)] = [
            (nil, "—"), ("0", "—"), ("2037.4", "2 037.4"), ("-9.7", "(9.7)"), ("51959.8", "51 959.8"), ("180706.5", "180 706.5"), ("-0.04", "(0.0)"), ("1.9", "1.9"),
        ]
        for (number, text) in vectors {
            same(formats.budget(number.flatMap { Decimal(string: $0) }), text.replacing(" ", with: "\u{202F}"))
        }
        // Percentages, half up at one decimal: change, base, expected.
        let changes: [(Int, Int, String)] = [
            (153, 106_144, "0.1"), (20_374, 97_580, "20.9"), (-97, 1004, "-9.7"), (-430, 21_830, "-2"), (20_000, 217_769, "9.2"), (20_000, 127_479, "15.7"),
            (20_000, 470_139, "4.3"), (20_000, 499_598, "4"), (20_000, 254_582, "7.9"),
        ]
        for (change, base, text) in changes { same(Statistics.percent(change, of: base, decimals: 1).map { "\($0)" }, text) }
    }

    @Test func `every page and table stands in six languages, with all its words`() async throws {
        let kit = try await library.value
        let omar = try await kit.viewer("omar")
        let tables = Tab.allCases.map { "resources?table=\($0.rawValue)" }
        let pages = tables + [
            "posts", "deliverables", "performance", "checks", "checks?show=counter-tests", "checks?show=29C.11", "checks?show=text", "checks?show=annex",
            "resources?table=11&why=general-operating-expenses,other-changes", "resources?table=14&why=regular-budget.subprogramme-2,percentage",
            "resources?table=15&why=other-assessed.subprogramme-2,estimate-2021", "resources?table=18-21&why=subprogramme-3.total,expenditure-2019",
            "resources?table=11&why=grants-and-contributions,recosting", "overview", "recosting", "what-if", "text", "review", "chart",
        ]
        for language in Language.allCases {
            for page in pages {
                let html = try await kit.page(page, of: plan, as: omar.reading(in: language))
                holds(!html.contains("⟦"), "\(language) \(page): \(html.split(separator: "⟦").dropFirst().first?.prefix(60) ?? "")")
                holds(html.components(separatedBy: "<h1").count == 2, "\(language) \(page) has one heading")
                holds(html.utf8.count < 110_000, "\(language) \(page) weighs \(html.utf8.count)")
            }
        }
    }

    @Test func `a number says what makes it up, which relations fail, and where the text says otherwise`() async throws {
        let kit = try await library.value
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let view = View(session: session, app: "plan")
            let book = try #require(try PlanBook(view))
            let words = PlanWords(view: view, figures: book.figures)
            let cell = Cell(table: "29C.11", source: .regularBudget, object: .generalOperatingExpenses, column: .otherChanges, year: 2021)
            let working = try CellWorking(book: book, words: words).working(cell, .thousandDollars)
            same(working.answer, "2\u{202F}037.4")
            same(working.summary, "Exactly USD\u{A0}2,037,400.00")
            let text = working.json.text
            holds(text.contains("Paragraph 29C.69: Total increase is printed as 2\u{202F}000.0"), "29C.69 is named: \(text.prefix(2000))")
            holds(text.contains("(a) \u{2068}resilience of network security infrastructure") && text.contains("1\u{202F}000.2"), "and its items: \(text.prefix(2000))")
            let total = Cell(table: "29C.11", source: .regularBudget, object: .total, column: .afterRecosting, year: 2021)
            let sums = try CellWorking(book: book, words: words).working(total, .thousandDollars)
            holds(sums.json.text.contains("25\u{202F}128.2") && sums.json.text.contains("53\u{202F}107.9"), "the total lists its lines")
        }
    }

    @Test func `the boxes of annex I stay as printed, and the totals are those of the tables`() async throws {
        let kit = try await library.value
        let html = try await kit.page("posts", of: plan, as: kit.viewer("omar"))
        let totals = cells(html).filter { ["183", "55", "12"].contains($0.last) }.map { $0.last }
        holds(totals.contains("183") && totals.contains("55") && totals.contains("12"), "totals by source")
        holds(html.contains("183 + 55 + 12 = 250"), "the sum of sources")
        holds(html.contains("(1)"), "the reconciliation is shown")
        holds(html.contains("The boxes print 9 GS (OL), figure 29C.V 8."), "and explained")
    }

    @Test func `what is not there is not shown`() async throws {
        let kit = try await library.value
        let omar = try await kit.viewer("omar")
        for page in ["resources?table=99", "resources?why=posts,nothing", "checks?show=x", "resources?document=A%2F1", "performance?why=x"] {
            await refuses("absent") { _ = try await kit.page(page, of: plan, as: omar) }
        }
        let empty = try await TestPlatform.make([plan])
        for page in ["resources", "posts", "deliverables", "performance", "checks", "overview", "recosting", "what-if", "text", "review", "chart"] {
            holds(try await empty.page(page, of: plan, as: omar).contains("class=\"empty\""), "an empty \(page) page says what belongs there")
        }
    }

    @Test func `a live measure stands beside what is printed`() async throws {
        let kit = try await TestPlatform.make([plan, stand])
        _ = try await importPlan(document(), into: kit.platform, as: .service("import"))
        try await kit.platform.write(as: .service("test")) { session in
            for rating in [5, 4, 2] { try session.create(Answer.self) { $0[Answer.rating] = rating } }
        }
        let omar = try await kit.viewer("omar")
        let html = try await kit.page("performance", of: plan, as: omar)
        holds(html.contains("66.7%") && html.contains("n = 3"), "two of three are satisfied")
        holds(html.contains("185,000") && html.contains("76%") && html.contains("&gt;90%"), "as printed")
        holds(html.contains("Target 90%: not reached"), "against the target")
        let id = try await kit.platform.read(as: omar) { try $0.first(PerformanceMeasure.self, where: PerformanceMeasure.place.equals("29C.II"))?.id.description }
        let asked = try await kit.page("performance?why=\(id ?? "")", of: plan, as: omar)
        holds(asked.contains("id=\"working\"") && asked.contains("service-desk.satisfaction"), "the working names the measure")
    }

    @Test func `declarations and words are in order`() throws {
        let problems = Registry([plan]).problems(words: try TestPlatform.words([plan])).filter { $0.app == "plan" }
        same(problems.map(\.description).filter { !$0.contains("directory.") }, [])
    }
}

/// Stands in for the service desk: an answer with a rating.
enum Answer: RecordType {
    static let app = "service-desk"
    static let rating = Key<Int>("rating")
    static let definition = Definition<Answer>(
        name: "answer", plural: "answers", title: rating, layout: [Group("answer", [rating])], access: [.allow(.read, .create, to: .everyone)])
}

private let stand = App(
    "service-desk", area: .service, icon: "desk", records: [Answer.self],
    measures: [Measure("service-desk.satisfaction", of: Answer.self, .share(of: Answer.rating.atLeast(4)), unit: .percent, target: 90, source: "29C.48")], words: nil)

extension TestPlatform {
    /// The markup of an app's page.
    func page(_ address: String, of app: App, as viewer: Viewer) async throws -> String {
        let parts = address.split(separator: "?")
        let query = parts.count > 1 ? Dictionary(parts[1].split(separator: "&").map { pair -> (String, [String]) in
            let ends = pair.split(separator: "=", maxSplits: 1)
            return (String(ends[0]), [ends.count > 1 ? String(ends[1]).removingPercentEncoding ?? "" : ""])
        }, uniquingKeysWith: +) : [:]
        return try await platform.read(as: viewer) { session in
            let view = View(session: session, app: app.name, query: query, address: "/\(app.name)/\(address)")
            guard let page = app.pages.first(where: { $0.path == parts[0] }), case .page(_, let html) = try page.answer(view, isPost: false) else { throw Refusal.absent }
            return html.string
        }
    }
}
