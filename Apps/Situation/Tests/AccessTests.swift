import Kernel
import Testing
import TestKit
@testable import Situation

/// Who may read an incident: clearance(label) ∧ compartments ⊆ held ∧ (owner ∨ releasable ∨ opened) ∧ ¬(originator control ∧ not named).
@Suite struct AccessTests {
    @Sendable private static func secret(_ incident: inout Record<Incident>) {
        incident[Incident.label] = .strictlyConfidential
        incident[Incident.compartments] = ["protection"]
    }

    /// Whether a reader with a clearance and compartments sees an incident, decided by the store, in memory and by search alike.
    private static func sees(
        _ clearance: Label, _ compartments: Set<String>, unit: RecordID? = nil, role: Role = .component, openings: [(Opening.Scope, Int)] = [],
        _ fill: @escaping @Sendable (inout Record<Incident>) -> Void
    ) async throws -> Bool {
        let desk = try await SituationKit.make()
        // Nobody brings in what they could not read.
        try await desk.kit.grant("vera", .dutyOfficer, compartments: ["protection", "conduct"])
        let incident = try await desk.report(by: "vera") { fill(&$0) }
        let now = desk.kit.platform.now
        let viewer = Viewer(
            id: World.person("ines").id, name: "ines", clearance: clearance, grants: [Grant(role: role.id, units: unit.map { [$0] }, compartments: compartments)],
            openings: openings.map { Viewer.Opening(record: incident.id, classes: $0.0.classes, until: now.adding(seconds: $0.1)) })
        return try await desk.kit.platform.read(as: viewer) { session in
            let answers = [
                try session.record(incident) != nil, try session.count(Incident.self).number == 1,
                try !session.search(session.platform.schema(of: Incident.self), "market").isEmpty,
            ]
            same(Set(answers).count, 1, "\(answers)")
            return answers[0]
        }
    }

    @Test func `the clearance must reach the label and the compartments must all be held`() async throws {
        same(try await Self.sees(.confidential, ["protection"], Self.secret), false)
        same(try await Self.sees(.strictlyConfidential, [], Self.secret), false)
        same(try await Self.sees(.strictlyConfidential, ["protection"], Self.secret), true)
        same(try await Self.sees(.strictlyConfidential, ["protection"]) { Self.secret(&$0); $0[Incident.compartments] = ["protection", "conduct"] }, false)
        same(try await Self.sees(.strictlyConfidential, ["protection", "conduct"]) { Self.secret(&$0); $0[Incident.compartments] = ["protection", "conduct"] }, true)
    }

    @Test func `what its originator keeps is read by the owner's unit and by those who are named`() async throws {
        @Sendable func kept(_ incident: inout Record<Incident>) {
            Self.secret(&incident)
            incident[Incident.originatorControl] = true
            incident[Incident.component] = World.unit("budget")
        }
        same(try await Self.sees(.strictlyConfidential, ["protection"], kept), false)
        same(try await Self.sees(.strictlyConfidential, ["protection"], role: .dutyOfficer, kept), false)
        same(try await Self.sees(.strictlyConfidential, ["protection"], unit: World.unit("budget").id, kept), true)
        same(try await Self.sees(.strictlyConfidential, ["protection"], openings: [(.general, 3_600)], kept), true)
    }

    @Test func `an opening ends to the second, and opens nothing above the clearance`() async throws {
        @Sendable func withheld(_ incident: inout Record<Incident>) {
            Self.secret(&incident)
            incident[Incident.releasableTo] = []
        }
        same(try await Self.sees(.strictlyConfidential, ["protection"], withheld), false)
        same(try await Self.sees(.strictlyConfidential, ["protection"], openings: [(.general, -1)], withheld), false)
        same(try await Self.sees(.strictlyConfidential, ["protection"], openings: [(.general, 1)], withheld), true)
        same(try await Self.sees(.confidential, ["protection"], openings: [(.whole, 3_600)], withheld), false)
        same(try await Self.sees(.strictlyConfidential, [], openings: [(.whole, 3_600)], withheld), false)
    }

    @Test func `it is shown to those it may be released to, and to no other`() async throws {
        func to(_ audiences: [Audience]) -> @Sendable (inout Record<Incident>) -> Void { { $0[Incident.releasableTo] = audiences } }
        for (role, audience) in [(Role.component, Audience.mission), (.headquarters, .headquarters)] {
            same(try await Self.sees(.unclassified, [], role: role, to([audience])), true)
            same(try await Self.sees(.unclassified, [], role: role, to(Audience.allCases.filter { $0 != audience })), false)
        }
        same(try await Self.sees(.unclassified, [], role: .partner, to([.partners])), false, "a partner sees what is verified")
    }

    // MARK: Where it was

    /// Bangui, 4.393797 N 18.559861 E: one decimal gives (4.4, 18.6), two give (4.39, 18.56).
    @Test func `those who may not know the place see it as coarsely as its owner chose, each time alike`() async throws {
        for (coarseness, latitude, longitude) in [(Coarseness.tenKilometres, 4.4, 18.6), (.kilometre, 4.39, 18.56)] {
            let desk = try await SituationKit.make()
            let incident = try await desk.report(by: "vera") { $0[Incident.shownAs] = coarseness; $0[Incident.placeName] = "Behind the school" }
            try await desk.kit.grant("ines", .component)
            let schema = desk.kit.platform.schema(of: Incident.self)
            let seen = try await desk.as("ines") { session in (try session.record(incident), session.access.place(of: schema)?.name) }
            same(seen.0?.shownPlace?.centre, Place.Position(longitude: longitude, latitude: latitude))
            same([seen.0?[Incident.place] == nil, seen.0?[Incident.placeName] == nil, seen.0?[Incident.grid] == nil], [true, true, true])
            same(seen.1, "area")
            let exact = try await desk.as("tomas") { try $0.record(incident)?.shownPlace?.centre }
            same(exact, Place.Position(longitude: 18.559861, latitude: 4.393797))
        }
    }

    @Test func `squares of the map know no more of the place than its readers`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report(by: "vera") { $0[Incident.shownAs] = .tenKilometres }
        try await desk.kit.grant("ines", .component)
        guard let world = GeoBox(west: -180, south: -90, east: 180, north: 90) else { return }
        let exact = try await desk.as("ines") { try $0.cells(Incident.self, at: Incident.place, in: world, zoom: 10) }
        same(exact, [])
        let coarse = try await desk.as("ines") { try $0.cells(Incident.self, at: Incident.area, in: world, zoom: 10, highest: Incident.severity) }
        same(coarse.map(\.centre), [Place.Position(longitude: 18.6, latitude: 4.4)])
    }

    // MARK: Ownership

    @Test func `only the data owner of the component classifies, releases and hands over`() async throws {
        let desk = try await SituationKit.make()
        try await desk.kit.grant("lina", .dataOwner, unit: "budget")
        let incident = try await desk.report { $0[Incident.component] = World.unit("budget") }
        func change(_ handle: String, _ edit: @escaping @Sendable (inout Record<Incident>) -> Void) async throws {
            try await desk.as(handle) { session in
                guard let record = try session.record(incident) else { throw Refusal.absent }
                try session.change(record, edit)
            }
        }
        await refuses("only-the-owner", field: "label") { try await change("tomas") { $0[Incident.label] = .confidential } }
        await refuses("only-the-owner", field: "component") { try await change("tomas") { $0[Incident.component] = World.unit("office") } }
        try await change("tomas") { $0[Incident.summary] = "Shots near the market" }
        try await change("lina") { $0[Incident.releasableTo] = [.mission]; $0[Incident.component] = World.unit("office") }
        await refuses("only-the-owner", field: "releasable-to") { try await change("lina") { $0[Incident.releasableTo] = [.headquarters] } }
        try await change("lina") { $0[Incident.details] = "Two witnesses." }
    }

    @Test func `a record is never without an owner`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report(by: "vera") { $0[Incident.component] = nil }
        try await desk.as("vera") { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.component] = nil }
        }
        holds(try await desk.read(incident)[Incident.component] != nil, "the component of the one who writes stands in")
    }

    // MARK: Asking

    private static func hidden(_ desk: SituationKit, discoverable: Bool = true) async throws -> Ref<Incident> {
        try await desk.report(by: "vera") { $0[Incident.releasableTo] = []; $0[Incident.isDiscoverable] = discoverable; $0[Incident.shownAs] = .kilometre }
    }

    private static func ask(_ desk: SituationKit, by handle: String, _ scope: Opening.Scope = .general) async throws -> Ref<AccessRequest> {
        try await desk.as(handle) { session in
            try session.create(AccessRequest.self) {
                $0[AccessRequest.about] = "INC-2026-000001"
                $0[AccessRequest.reason] = "A convoy passes there tomorrow."
                $0[AccessRequest.scope] = scope
                $0[AccessRequest.hours] = 2
            }.ref
        }
    }

    private static func move(_ desk: SituationKit, _ request: Ref<AccessRequest>, _ name: String, by handle: String) async throws {
        try await desk.as(handle) { session in
            guard let record = try session.record(request) else { throw Refusal.absent }
            try session.move(record, name)
        }
    }

    @Test func `what cannot be asked for is not told from what is not there`() async throws {
        let desk = try await SituationKit.make()
        await refuses("nothing-to-ask-for", field: "about") { _ = try await Self.ask(desk, by: "omar") }
        _ = try await Self.hidden(desk, discoverable: false)
        await refuses("nothing-to-ask-for", field: "about") { _ = try await Self.ask(desk, by: "omar") }
        same(try await desk.as("omar") { try RestrictedPage.records($0).count }, 0)
    }

    @Test func `the owner grants it for a time, and it closes by itself`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await Self.hidden(desk)
        same(try await desk.as("omar") { try RestrictedPage.records($0).map(\.reference) }, ["INC-2026-000001"])
        let request = try await Self.ask(desk, by: "omar", .exact)
        await #expect(throws: Refusal.self) { try await Self.move(desk, request, "grant", by: "omar") }
        try await Self.move(desk, request, "grant", by: "vera")
        let seen = try await desk.as("omar") { try $0.record(incident)?[Incident.place]?.centre }
        same(seen, Place.Position(longitude: 18.559861, latitude: 4.393797))
        let omar = try await desk.kit.viewer("omar")
        let later = desk.kit.platform.now.adding(seconds: 7_201)
        let after = try await desk.kit.platform.write(as: omar, at: later) { try $0.record(incident) != nil }
        same(after, false)
        try await Self.move(desk, request, "close", by: "vera")
        same(try await desk.as("omar") { try $0.record(incident) != nil }, false)
    }

    @Test func `glass is broken by two persons, for four hours at most, and the owner is told`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await Self.hidden(desk)
        let request = try await Self.ask(desk, by: "omar")
        try await Self.move(desk, request, "break-glass", by: "omar")
        same(try await desk.as("omar") { try $0.record(incident) != nil }, false)
        await #expect(throws: Refusal.self) { try await Self.move(desk, request, "confirm", by: "omar") }
        try await Self.move(desk, request, "confirm", by: "tomas")
        same(try await desk.as("omar") { try $0.record(incident) != nil }, true)
        let told = Query(Tables.notice, where: .compare("person", .equal, .value(.reference(World.person("vera").id))), limit: 50)
        let notices = try await desk.kit.platform.store.read { try $0.rows(told).compactMap { $0.text("key") } }
        same(Set(notices), ["access-request.notice.asked", "access-request.notice.broken"])
    }
}
