import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct ProseTests {
    private func said(_ text: String, _ language: Language) -> [String] {
        ProseReader.numbers(in: text, language).filter(\.isClaim).map { "\($0.value) \($0.unit.rawValue)" }
    }

    @Test(arguments: [
        (Language.en, "In tables 29C.14 (1) and A/72/492 of 2019, $2,000,000, 45.0 per cent and 40 million", ["2000000 dollars", "45 percent", "40000000 plain"]),
        (.zh, "如表 29C.14(1)所示，2021 年净增 2 000 000 美元，占 45.0%，超过 4 700 万次和 18 亿个", ["2000000 dollars", "45 percent", "47000000 plain", "1800000000 plain"]),
        (.fr, "une augmentation de 2 000 000 dollars, soit 45,0 %, et 1,8 milliard de courriels en 2019", ["2000000 dollars", "45 percent", "1800000000 plain"]),
        (.es, "un aumento de 2.000.000 de dólares, el 45,0 %, y 40 millones de conexiones", ["2000000 dollars", "45 percent", "40000000 plain"]),
        (.ru, "на 2 000 000 долл. США, или 45,0 процента, и 1,8 миллиарда писем", ["2000000 dollars", "45 percent", "1800000000 plain"]),
        (.ar, "زيادة قدرها ٢ ٠٠٠ ٠٠٠ دولار أي ٤٥٫٠ في المائة و 40 مليون", ["2000000 dollars", "45 percent", "40000000 plain"]),
    ])
    func `numbers are read in six languages, and symbols of documents are none`(language: Language, text: String, numbers: [String]) {
        same(said(text, language), numbers)
    }

    /// The demonstration's text on top of the document.
    private static let written = Task {
        let kit = try await imported()
        let file = try #require(Bundle.module(of: "29C.text"))
        try await importPlanWords(Data(contentsOf: file), into: kit.platform, as: .service("import"), at: kit.platform.now)
        return kit
    }

    private func check(_ session: Session) throws -> ProseCheck {
        let document = try #require(try session.first(BudgetDocument.self, where: .always))
        let paragraphs = try session.find(Paragraph.self, sort: [.up(Paragraph.order)], limit: 500)
        return ProseCheck(paragraphs, try PlanBook(document, session)) { language in
            ResourceLine.Object.nonPosts.map { ($0, session.platform.words.say("resource-line.object.\($0.rawValue)", scope: "plan", in: language)) }
        }
    }

    @Test func `29C.69 is caught in every language that says it`() async throws {
        let kit = try await ProseTests.written.value
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let found = try check(session).findings.filter { $0.place == "29C.69" }
            let caught = found.compactMap { tie -> String? in
                guard case .otherwise(.generalOperatingExpenses, let nearest)? = tie.finding, nearest.column == .otherChanges, tie.number.value == 2_000_000 else { return nil }
                return tie.language.rawValue
            }
            same(Set(caught), Set(Language.allCases.map(\.rawValue)))
        }
    }

    @Test func `76 per cent is a target here and an actual there, and 40 million are 47 million elsewhere`() async throws {
        let kit = try await ProseTests.written.value
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let check = try check(session)
            let roles = check.ties("29C.42", .zh).compactMap { tie -> Bool? in if case .role("29C.46" , let isTarget)? = tie.finding { isTarget } else if case .role("29C.48", let isTarget)? = tie.finding { isTarget } else { nil } }
            same(roles, [true])
            holds(check.ties("29C.48", .en).contains { if case .role("29C.42", false)? = $0.finding { true } else { false } }, "and the other way round")
            let blocked = check.ties("foreword", .zh).compactMap { tie -> String? in if case .fault(let verdict)? = tie.finding { verdict.relation.id } else { nil } }
            same(blocked, ["22.vs.foreword"])
        }
    }

    @Test func `a translation with other numbers is seen, and a text that changes is no longer confirmed`() async throws {
        let kit = try await imported()
        try await kit.grant("amina", .planOfficer)
        let amina = try await kit.viewer("amina")
        let paragraph = try await kit.platform.write(as: amina) { session in
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            return try session.create(Paragraph.self) { record in
                record[Paragraph.document] = document.ref
                record[Paragraph.place] = "29C.99"
                record[Paragraph.kind] = .variance
                record[Paragraph.order] = 99
                record[Paragraph.text] = LocalText([.en: "An increase of $66,000.", .fr: "Une augmentation de 66 000 dollars.", .zh: "增加 6 600 美元。"])
            }
        }
        same([Language.en, .fr, .zh, .ru].map(paragraph.standing), [.draft, .draft, .drifted, .missing])
        func confirm(_ language: Language) async throws {
            try await kit.platform.write(as: amina) { session in
                let form = ["paragraph": [paragraph.id.description], "language": [language.rawValue]]
                _ = try sendText(View(session: session, app: "plan", form: form))
            }
        }
        await refuses("text-drifted") { try await confirm(.zh) }
        try await confirm(.fr)
        let after = try await kit.platform.write(as: amina) { session in
            let record = try #require(try session.record(paragraph.ref))
            same(record.standing(.fr), .confirmed)
            return try session.change(record) { $0[Paragraph.text].texts[.en] = "An increase of $66,100." }
        }
        same(after.standing(.fr), .drifted)
        same(after[Paragraph.confirmed], [])
    }

    @Test func `the import takes from 29C what the file holds: its mandates, and the reasons that do not add up to their line`() async throws {
        let kit = try await library.value
        try await kit.platform.read(as: kit.viewer("omar")) { session in
            let mandates = try session.find(Mandate.self, sort: [.up(Mandate.resolution)])
            same(mandates.map(\.address), ["63/262", "69/262", "70/248A", "71/272B", "72/262C", "72/266B"].map { "https://undocs.org/A/RES/\($0)" })
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            let explained = try Explained.all(PlanBook(document, session), session)
            same(explained.map { "\($0.line[ResourceLine.amount]) \($0.sum) \($0.rest)" }, ["2037.4 2000000.00 37400.00"])
        }
    }
}

extension Bundle {
    /// A file of the app's demonstration.
    fileprivate static func module(of name: String) -> URL? {
        planDocument?.deletingLastPathComponent().appending(path: "\(name).json")
    }
}
