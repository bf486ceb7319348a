import Foundation
import Kernel
import TestKit
import Testing
@testable import Organisation

@Suite struct OrganisationTests {
    /// A demonstration of the smallest size.
    private func demo() async throws -> TestPlatform {
        let kit = try await TestPlatform.empty([organisation], isDemonstration: true)
        try await makeOrganisation(DemoWorld(platform: kit.platform, seed: 7, today: TestPlatform.start, size: 100))
        return kit
    }

    @Test func `the demonstration has its stations, holidays, units and people, all marked as fictional`() async throws {
        let kit = try await demo()
        try await kit.platform.read(as: .service("test")) { session in
            same(try session.count(DutyStation.self).number, 20)
            same(try session.count(Unit.self).number, 57)
            same(try session.count(Person.self).number, 240)
            same(try session.count(Person.self, where: Person.isFictional.equals(false)).number, 0)
            holds(try session.count(Holiday.self).number > 550, "thirty holidays for each of twenty stations")
            let heads = try session.find(Unit.self, where: Unit.head.isFilled, limit: 100)
            for unit in heads {
                let head = try unit[Unit.head].flatMap { try session.record($0) }
                same(head?[Person.unit], unit.ref, "the head of \(unit[Unit.code] ?? "") works in it")
            }
        }
    }

    @Test func `the same seed gives the same people, and every handle is plain ASCII`() async throws {
        let content = try content(PeopleContent.self, "people")
        let casts = [7, 7, 8].map { (seed: UInt64) -> [Newcomer] in
            var generator = SeededGenerator(seed: seed)
            return Cast(content, size: 400, using: &generator).people
        }
        same(casts[0].map(\.handle), casts[1].map(\.handle))
        holds(casts[0].map(\.handle) != casts[2].map(\.handle), "another seed gives other people")
        same(casts[0].count, 400)
        same(casts[0].count { $0.unit.hasPrefix("service-desk-") && $0.roles == ["service-desk.agent"] } >= 60, true, "sixty agents at the desks")
        same(Set(casts[0].filter { $0.roles.contains("service-desk.agent") }.map(\.unit)).isSuperset(of: ["bangkok", "brindisi", "geneva", "nairobi", "new-york", "amman"].map { "service-desk-\($0)" }), true)
        same(Set(casts[0].map(\.handle)).count, 400)
        holds(casts[0].allSatisfy { $0.handle.wholeMatch(of: /[a-z][a-z0-9.-]*/) != nil }, "handles are plain")
    }

    @Test func `personas have their rights and nothing more`() async throws {
        let kit = try await demo()
        let personas = try demonstrationPersonas()
        same(personas.map(\.handle), ["awa", "joseph", "meilin", "eiman", "vera", "rafael", "lucie", "sofia", "amina", "daniel", "ingrid", "admin"])
        holds(personas.allSatisfy { $0.title.count == 6 && $0.blurb.count == 6 }, "titles and blurbs in six languages")
        let ids = try await kit.platform.read(as: .service("test")) { session in
            try Dictionary(uniqueKeysWithValues: session.find(Person.self, limit: 500).map { ($0[Person.handle], $0.id) })
        }
        func viewer(_ handle: String) async throws -> Viewer? {
            guard let id = ids[handle] else { return nil }
            return try await kit.platform.viewer(of: id)
        }
        same(try await viewer("ingrid")?.grants.map(\.role), ["platform.auditor"])
        same(try await viewer("admin")?.grants.map(\.role), ["platform.administrator"])
        same(try await viewer("lucie")?.grants.count, 0)
        same(try await viewer("vera")?.clearance, .strictlyConfidential)
    }

    @Test func `the hours page knows every station's own clock and weekend, in six languages`() async throws {
        let kit = try await demo()
        // Friday, 6 November 2026, 09:00 UTC: a weekend in Amman, a working day in Geneva, night in New York.
        kit.clock.set(TestPlatform.start.adding(days: 4))
        let geneva = Viewer(id: World.person("ines").id, name: "Inès Laurent", timeZone: TimeZone(identifier: "Europe/Zurich") ?? .gmt)
        for language in Language.allCases {
            let html = try await kit.page("hours?why=GVA", of: organisation, as: geneva.reading(in: language))
            same(html.components(separatedBy: "class=\"why\"").count, 21, "a ∴ for each of twenty stations")
            holds(!html.contains("⟦"), "words are complete in \(language): \(html.split(separator: "⟦").dropFirst().first?.prefix(40) ?? "")")
        }
        try await kit.platform.read(as: geneva) { session in
            let view = View(session: session, app: "directory")
            let stations = try session.find(DutyStation.self, limit: 100).compactMap { try StationHours($0, view) }
            let open = Dictionary(uniqueKeysWithValues: stations.map { ($0.code, $0.isOpen) })
            same([open["GVA"], open["AMM"], open["NYC"]], [true, false, false])
            let amman = stations.first { $0.code == "AMM" }
            same(amman?.reason(view), "Weekend")
            same(amman?.changes?.iso, "2026-11-08T05:00:00Z")
        }
    }

    @Test func `a station that is not there is not explained`() async throws {
        let kit = try await demo()
        await refuses("absent") { _ = try await kit.page("hours?why=XXX", of: organisation, as: .service("test")) }
    }

    @Test func `declarations and words are in order`() throws {
        let problems = Registry([organisation]).problems(words: try TestPlatform.words([organisation])).filter { $0.app == "directory" }
        same(problems.map(\.description), [])
    }
}

extension TestPlatform {
    /// The markup of an app's page.
    func page(_ address: String, of app: App, as viewer: Viewer) async throws -> String {
        let parts = address.split(separator: "?")
        let query = parts.count > 1 ? Dictionary(parts[1].split(separator: "&").map { pair -> (String, [String]) in
            let ends = pair.split(separator: "=", maxSplits: 1)
            return (String(ends[0]), [ends.count > 1 ? String(ends[1]) : ""])
        }, uniquingKeysWith: +) : [:]
        return try await platform.read(as: viewer) { session in
            let view = View(session: session, app: app.name, query: query, address: "/\(app.name)/\(address)")
            guard let page = app.pages.first(where: { $0.path == parts[0] }), case .page(_, let html) = try page.answer(view, isPost: false) else { throw Refusal.absent }
            return html.string
        }
    }
}
