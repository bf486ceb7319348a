import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

@Suite struct CheckTests {
    private static let faults = [
        "14.row.subtotal_programme_of_work.pct", "18-21v16.posts.expenditure_2019", "22.vs.foreword", "29C.21.expenditure_2019", "69.goe",
        "annex.RB.executive_direction_and_management", "annex.RB.executive_direction_and_management.GS(OL)", "annex.RB.grade.GS(OL)", "annex.RB.total",
    ]

    private func verdict(_ id: String) throws -> (Verdict, Figures) {
        let figures = try PlanFile(document()).figures
        return (try #require(Relations(figures).all.first { $0.id == id }).verdict(figures), figures)
    }

    @Test(arguments: [
        ("71.share", Base.afterRecosting), ("72.share", .afterRecosting), ("share.rb", .afterRecosting), ("71.share.alt", .beforeRecosting), ("14.grand.2021", .afterRecosting),
        ("14.grand.2019", .expenditure), ("14.row.subprogramme_2.pct", .appropriation), ("11.row.posts.before", .beforeRecosting), ("11.row.posts.after", .afterRecosting),
        ("11.col.recosting", .recosting), ("15.T", .posts), ("annex.RB.total", .posts), ("69.goe", .changes), ("22.vs.foreword", .stated), ("7.growth20", .counts),
    ])
    func `each rule names the base it holds on`(id: String, base: Base) throws {
        let (verdict, figures) = try verdict(id)
        same(verdict.relation.base(in: figures), base, id)
    }

    @Test func `a check names nine failures with printed, computed, difference and base`() async throws {
        let kit = try await library.value
        let report = try #require(try await checkPlan(on: kit.platform, as: .service("test")))
        same([report.checks.count, report.checks.count(where: \.holds)], [397, 384])
        same(report.open.map(\.id).sorted(), CheckTests.faults)
        let share = try #require(report.json["checks"].array?.first { $0["id"] == "71.share" })
        same(share["base"].string, "after-recosting: table/29C.14/grand-total/estimate/2021")
    }

    @Test func `a waiver lets a failure stand for a time, on one person's answer, and only the failure it was given for`() async throws {
        let kit = try await imported()
        try await kit.grant("amina", .planOfficer)
        let amina = try await kit.viewer("amina")
        func waive(_ relation: String, until: Int = 30, as viewer: Viewer) async throws {
            _ = try await kit.platform.write(as: viewer) { session in
                let document = try #require(try session.first(BudgetDocument.self, where: .always))
                return try session.create(Waiver.self) { waiver in
                    waiver[Waiver.document] = document.ref
                    waiver[Waiver.relation] = relation
                    waiver[Waiver.reason] = "The corrigendum is with the editors."
                    waiver[Waiver.until] = CalendarDate(session.now.adding(days: until), in: .gmt)
                }
            }
        }
        await refuses("no-such-relation") { try await waive("69.nothing", as: amina) }
        await refuses("relation-holds") { try await waive("69.net", as: amina) }
        await refuses("waiver-ended") { try await waive("69.goe", until: -1, as: amina) }
        let omar = try await kit.viewer("omar")
        await refuses("may-not-create") { try await waive("69.goe", as: omar) }
        try await waive("69.goe", as: amina)
        let report = try #require(try await checkPlan(on: kit.platform, as: omar))
        same(report.open.count, 8)
        same(report.checks.first { $0.id == "69.goe" }?.isWaived, true)
        let html = try await kit.page("checks?show=waived", of: plan, as: omar)
        holds(html.contains("The corrigendum is with the editors.") && !html.contains("waivers/new"), "the page says why, and offers readers no waiver")
        try await kit.platform.read(as: amina) { session in
            let waiver = try #require(try session.first(Waiver.self, where: .always))
            same(waiver[Waiver.difference], "37.4")
            same(waiver[Waiver.owner]?.id, amina.id)
            same(try session.history(waiver.row).count, 1)
        }
        try await kit.platform.write(as: .service("test")) { session in
            let line = try #require(try session.first(ResourceLine.self, where: ResourceLine.place.equals("text/29C.69/total-increase-usd/stated/2021")))
            try session.change(line) { $0[ResourceLine.amount] = FixedPoint(units: 20_010_000, scale: 1) }
        }
        holds(try await checkPlan(on: kit.platform, as: omar)?.open.contains { $0.id == "69.goe" } == true, "another difference is another fault")
    }
}
