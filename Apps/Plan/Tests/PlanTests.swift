import Foundation
import Kernel
import TestKit
import Testing
@testable import Plan

/// The document as the app carries it.
func document() throws -> Data {
    guard let file = planDocument else { throw CocoaError(.fileNoSuchFile) }
    return try Data(contentsOf: file)
}

/// A platform with the document brought in.
func imported() async throws -> TestPlatform {
    let kit = try await TestPlatform.make([plan])
    _ = try await importPlan(document(), into: kit.platform, as: .service("import"))
    return kit
}

/// The same, made once: for tests that only read.
let library = Task { try await imported() }

@Suite struct ImportTests {
    @Test func `the document's own checks come out as its transcriber has them`() async throws {
        let kit = try await TestPlatform.make([plan])
        let report = try await importPlan(document(), into: kit.platform, as: .service("import"))
        same(report.relations, 397)
        same(report.kept, 384)
        same(report.disputed, [])
        same(report.differences.filter { !$0.isCounterTest }.map(\.id).sorted(), [
            "14.row.subtotal_programme_of_work.pct", "18-21v16.posts.expenditure_2019", "22.vs.foreword", "29C.21.expenditure_2019", "69.goe",
            "annex.RB.executive_direction_and_management", "annex.RB.executive_direction_and_management.GS(OL)", "annex.RB.grade.GS(OL)", "annex.RB.total",
        ])
        same(report.differences.count(where: \.isCounterTest), 4)
        same(report.differences.first { $0.id == "69.goe" }?.difference, "37.4")
    }

    @Test func `all relations of the section are computed within the time of a keystroke`() async throws {
        let file = try PlanFile(document())
        let figures = file.figures
        let start = ContinuousClock.now
        _ = Relations(figures).all.map { $0.verdict(figures) }
        holds(ContinuousClock.now - start < .milliseconds(200), "397 relations in less than 200 ms")
    }

    @Test func `a second import changes nothing, and a rehearsal writes nothing`() async throws {
        let kit = try await TestPlatform.make([plan])
        let rehearsal = try await importPlan(document(), into: kit.platform, as: .service("import"), dryRun: true)
        same(try await kit.platform.read(as: .service("test")) { try $0.count(ResourceLine.self).number }, 0)
        let first = try await importPlan(document(), into: kit.platform, as: .service("import"))
        same(rehearsal.tallies, first.tallies)
        let size = try await kit.platform.store.read { try $0.ledgerSize() }
        let second = try await importPlan(document(), into: kit.platform, as: .service("import"))
        same([second.created, second.changed, second.unchanged], [0, 0, first.created])
        same(try await kit.platform.store.read { try $0.ledgerSize() }, size)
    }

    @Test func `a number that was changed is put right, and a translation made here stays`() async throws {
        let kit = try await imported()
        try await kit.platform.write(as: .service("test")) { session in
            let line = try #require(try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/posts/recosting/2021")))
            try session.change(line) { $0[ResourceLine.amount] = FixedPoint(units: 1, scale: 1) }
            let text = try #require(try session.first(Recommendation.self, where: .always))
            try session.change(text) { $0[Recommendation.action] = LocalText(($0[Recommendation.action]?.texts ?? [:]).merging([.fr: "Suivi central"]) { $1 }) }
        }
        let report = try await importPlan(document(), into: kit.platform, as: .service("import"))
        same(report.changed, 1)
        try await kit.platform.read(as: .service("test")) { session in
            same(try session.first(Recommendation.self, where: .always)?[Recommendation.action]?.texts[.fr], "Suivi central")
            same(try session.first(ResourceLine.self, where: ResourceLine.place.equals("table/29C.11/regular-budget/posts/recosting/2021"))?[ResourceLine.amount].description, "626.6")
        }
    }

    @Test func `posts are 183 and 55 and 12, and the units of annex I are in the directory once`() async throws {
        let kit = try await imported()
        _ = try await importPlan(document(), into: kit.platform, as: .service("import"))
        let ines = try await kit.viewer("omar")
        try await kit.platform.read(as: ines) { session in
            let measure = try #require(session.platform.registry.measure("plan.posts"))
            let sources = ResourceLine.Source.allCases.map { Post.source.equals($0) }
            same(try sources.map { try session.read(measure, where: $0).value }, [183, 55, 12])
            same(try session.read(measure).value, 250)
            let resources = try #require(session.platform.registry.measure("plan.resources"))
            same(try session.read(resources).value, 53107.9)
            same(try session.count(Unit.self).number, 15 + World.units.count)
            same(try session.count(Post.self, where: Post.unit.isEmpty).number, 1, "only the reconciliation has no unit")
        }
    }

    @Test func `only officers bring in a document`() async throws {
        let kit = try await TestPlatform.make([plan])
        let omar = try await kit.viewer("omar")
        await refuses("may-not-create") { _ = try await importPlan(document(), into: kit.platform, as: omar) }
        try await kit.grant("amina", .planOfficer)
        let report = try await importPlan(document(), into: kit.platform, as: kit.viewer("amina"))
        same(report.kept, 384)
    }
}

@Suite struct HostileImportTests {
    /// The document with a piece of its text replaced.
    private func spoiled(_ old: String, _ new: String) throws -> Data {
        let text = String(decoding: try document(), as: UTF8.self)
        guard text.contains(old) else { throw CocoaError(.featureUnsupported) }
        return Data(text.replacing(old, with: new, maxReplacements: 1).utf8)
    }

    @Test func `what does not parse is refused with its line or the way to it, and nothing is written`() async throws {
        let kit = try await TestPlatform.make([plan])
        let cases: [(String, Data)] = [
            ("plan-not-json", Data("{\"symbol\":\n\"x\",\n}".utf8)), ("plan-not-json", Data([0xff, 0xfe, 0x00])), ("plan-not-json", Data()),
            ("plan-not-json", Data(String(repeating: "[", count: 100_000).utf8)), ("plan-missing", Data("[]".utf8)), ("plan-missing", Data("{}".utf8)),
            ("plan-not-json", try spoiled("\"symbol\":", "\"symbol\": \"x\", \"symbol\":")),
            ("plan-no-section", try spoiled("A/75/6 (Sect. 29C)", "<script>alert(1)</script>")),
            ("plan-not-a-number", try spoiled("\"24197.2\"", "\"24,197.2\"")), ("plan-not-a-number", try spoiled("\"24197.2\"", "24197.25")),
            ("plan-not-a-number", try spoiled("\"24197.2\"", "1e999")), ("plan-not-a-number", try spoiled("\"24197.2\"", "\"99999999999999999999\"")),
            ("plan-not-a-number", try spoiled("\"RB\": {\n    \"ASG\": 1", "\"RB\": {\"ASG\": -1")), ("plan-unknown", try spoiled("\"ASG\": 1", "\"USG\": 1")),
            ("plan-unknown", try spoiled("\"consultants\": {", "\"gratuities\": {")), ("plan-unknown", try spoiled("\"expenditure_2019\"", "\"expenditure_1919\"")),
            ("plan-too-long", try spoiled("Official travel", String(repeating: "x", count: 5000))),
            ("control-characters", try spoiled("Official travel", "Official\\u0007travel")),
            ("plan-too-large", Data(repeating: 0x20, count: PlanFile.greatestSize + 1)),
        ]
        for (code, data) in cases {
            await refuses(code) { _ = try await importPlan(data, into: kit.platform, as: .service("import")) }
        }
        same(try await kit.platform.read(as: .service("test")) { try $0.count(BudgetDocument.self).number + $0.count(ResourceLine.self).number }, 0)
    }

    @Test func `a refusal names the line and the way`() async throws {
        let words = try TestPlatform.words([plan])
        func sentence(_ data: Data) throws -> String {
            do {
                _ = try PlanFile(data)
                return ""
            } catch let refusal as Refusal { return words.say("refusal.\(refusal.code)", refusal.arguments.mapValues(WordArgument.text), scope: refusal.scope, in: .en) }
        }
        same(try sentence(Data("{\n\"a\": 1,\n}".utf8)).hasPrefix("The file is not valid JSON, line 3"), true)
        holds(try sentence(spoiled("\"24197.2\"", "\"many\"")).hasPrefix("tables › 29C.11 › rows › posts › expenditure_2019 is not a number"), "names the way")
    }

    @Test func `markup in a document is text on every page`() async throws {
        let kit = try await TestPlatform.make([plan])
        let data = try spoiled("Report of the Secretary-General on the status", "<img src=x onerror=alert(1)>")
        _ = try await importPlan(data, into: kit.platform, as: .service("import"))
        let html = try await kit.page("deliverables", of: plan, as: kit.viewer("omar"))
        holds(!html.contains("<img") && html.contains("&lt;img"), "escaped")
    }
}
