import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct EditTests {
    @Test(arguments: [
        ("2 037.4", Language.en, 20_374), ("2,037.4", .en, 20_374), ("2\u{202F}037,4", .fr, 20_374), ("2.037,4", .es, 20_374), ("(9.7)", .en, -97), ("−9,7", .ru, -97),
        ("٢٬٠٣٧٫٤", .ar, 20_374), ("2,037", .en, 20_370), ("12,5", .fr, 125), ("—", .zh, 0), ("", .en, 0), ("51 959.8", .zh, 519_598),
    ])
    func `a number is read as people write it`(text: String, language: Language, tenths: Int) {
        same(BudgetNumber.tenths(text, language), Int64(tenths), text)
    }

    @Test(arguments: ["9.75", "1e3", "twelve", "1.2.3.4x", "99999999999999999999"]) func `what is no such number is refused`(text: String) {
        same(BudgetNumber.tenths(text, .en), nil, text)
    }

    /// An officer types into table 29C.11.
    private func type(_ cells: [String: String], versions: [String: String]? = nil, _ kit: TestPlatform, as viewer: Viewer, run: @escaping @Sendable (View) throws -> Page.Answer) async throws -> Page.Answer {
        try await kit.platform.write(as: viewer) { session in
            let document = try #require(try session.first(BudgetDocument.self, where: .always))
            let book = try PlanBook(document, session)
            let words = PlanWords(view: View(session: session, app: "plan"), figures: book.figures)
            let sheet = try #require(Sheets(words: words, figures: book.figures).sheets(.resources).first)
            var form: [String: [String]] = ["table": ["11"]]
            for row in sheet.rows {
                for head in sheet.heads {
                    let name = TableEdit.name(row, head)
                    if let text = cells[name] { form["c.\(name)"] = [text] }
                    form["v.\(name)"] = [versions?[name] ?? String(book.lines[sheet.cell(row, head)]?.version ?? 0)]
                }
            }
            return try run(View(session: session, app: "plan", form: form))
        }
    }

    private func officer() async throws -> (TestPlatform, Viewer) {
        let kit = try await imported()
        try await kit.grant("amina", .planOfficer)
        return (kit, try await kit.viewer("amina"))
    }

    @Test func `what is typed is checked before it is saved, and what follows is computed`() async throws {
        let (kit, amina) = try await officer()
        let cells = ["general-operating-expenses.other-changes": "2 000.0", "travel-of-staff.other-changes": "ten"]
        guard case .json(let json) = try await type(cells, kit, as: amina, run: checkTable) else { Issue.record("no JSON"); return }
        same(json["cells"]["general-operating-expenses.before-recosting"].string, "11\u{202F}758.0")
        same(json["cells"]["general-operating-expenses.percentage"].string, "20.5")
        same(json["cells"]["total.other-changes"].string, "1\u{202F}962.6")
        same(json["changed"], 1)
        holds(json["wrong"]["c.travel-of-staff.other-changes"].string != nil, "and says what is no number")
        holds(json["fails"].array?.isEmpty == false, "other tables no longer agree")
        same(try await kit.platform.read(as: amina) { session in
            try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/general-operating-expenses/other-changes/2021"))?[ResourceLine.amount].description
        }, "2037.4", "nothing was stored")
    }

    @Test func `a change is one transaction with all that follows, and another's change is not overwritten unseen`() async throws {
        let (kit, amina) = try await officer()
        _ = try await type(["travel-of-staff.other-changes": "10.0"], kit, as: amina, run: saveTable)
        func amount(_ column: String, _ object: String = "travel-of-staff") async throws -> String? {
            try await kit.platform.read(as: amina) { session in
                try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/\(object)/\(column)/2021"))?[ResourceLine.amount].description
            }
        }
        same(try await amount("other-changes"), "10.0")
        same(try await amount("total-change"), "10.0")
        same(try await amount("percentage"), "6.5")
        same(try await amount("before-recosting"), "164.9")
        same(try await amount("before-recosting", "total"), "51969.8")
        await refuses("cell-stale") {
            _ = try await type(["travel-of-staff.other-changes": "12.0"], versions: ["travel-of-staff.other-changes": "0"], kit, as: amina, run: saveTable)
        }
        same(try await amount("other-changes"), "10.0")
    }

    @Test func `actions on posts move them between grades and units, and totals follow`() async throws {
        let (kit, amina) = try await officer()
        func act(_ kind: PostAction.Kind, _ number: Int = 1, _ fill: @escaping @Sendable (inout Record<PostAction>, Session) throws -> Void = { _, _ in }) async throws -> Record<PostAction> {
            try await kit.platform.write(as: amina) { session in
                let document = try #require(try session.first(BudgetDocument.self, where: .always))
                let post = try #require(try session.first(Post.self, where: Post.source.equals(.otherAssessed).and(Post.grade.equals(.otherLevel)), sort: [.up(Post.place)]))
                return try session.create(PostAction.self) { record in
                    record[PostAction.document] = document.ref
                    record[PostAction.kind] = kind
                    record[PostAction.post] = post.ref
                    record[PostAction.number] = number
                    record[PostAction.effective] = try #require(CalendarDate(iso: "2021-01-01"))
                    record[PostAction.justification] = "The work has ended."
                    try fill(&record, session)
                }
            }
        }
        func total(_ source: ResourceLine.Source) async throws -> Int {
            try await kit.platform.read(as: amina) { session in
                try session.find(Post.self, where: Post.source.equals(source), limit: 1000).reduce(0) { $0 + $1[Post.number] }
            }
        }
        await refuses("not-so-many-posts") { _ = try await act(.abolish, 99) }
        await refuses("required") { _ = try await act(.reclassify) }
        let abolish = try await act(.abolish)
        same(try await total(.otherAssessed), 55)
        _ = try await kit.platform.write(as: amina) { try $0.move(abolish, "make") }
        same(try await total(.otherAssessed), 54)
        holds(try await checkPlan(on: kit.platform, as: amina)?.open.contains { $0.id == "annex.SA.total" } == true, "the tables no longer agree with the chart")
        let convert = try await act(.establish)
        _ = try await kit.platform.write(as: amina) { try $0.move(convert, "make") }
        same(try await total(.otherAssessed), 55)
        let html = try await kit.page("chart", of: plan, as: amina)
        holds(html.contains("class=\"orgchart\"") && html.contains("Cybersecurity Section") && html.contains("PA-"), "the chart is drawn from the posts")
    }
}
