import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct AlertTests {
    private let desk: SituationKit
    init() async throws { desk = try await SituationKit.make() }

    private var run: JobRun { JobRun(platform: desk.kit.platform, id: .at(desk.kit.clock.now), viewer: .service("situation.alerts")) }

    private func rule(by handle: String = "lina", _ fill: @escaping @Sendable (inout Record<AlertRule>) -> Void = { _ in }) async throws -> Ref<AlertRule> {
        try await desk.as(handle) { session in
            try session.create(AlertRule.self) { rule in
                rule[AlertRule.name] = "Three near one another"
                rule[AlertRule.kind] = .armedViolence
                rule[AlertRule.radius] = 10
                rule[AlertRule.officer] = World.person("tomas")
                rule[AlertRule.deputy] = World.person("vera")
                fill(&rule)
            }.ref
        }
    }

    private func alerts() async throws -> [Record<Alert>] {
        try await desk.kit.platform.read(as: .service("test")) { try $0.find(Alert.self, sort: [Sort("reference")]) }
    }

    private func causes(_ alert: Record<Alert>, as handle: String) async throws -> Int {
        try await desk.as(handle) { try AlertCause.of(alert.ref, $0).count }
    }

    @Test func `one alert for one cluster: it takes further incidents in, and what was behind a closed one raises none by itself`() async throws {
        _ = try await rule()
        _ = try await desk.report()
        _ = try await desk.report()
        same(try await Watch.rules(run), 0)
        _ = try await desk.report()
        same(try await Watch.rules(run), 1)
        same(try await Watch.rules(run), 0)
        _ = try await desk.report()
        same(try await Watch.rules(run), 1)
        let alert = try await alerts()
        same(alert.map { $0[Alert.count] }, [4])
        same(try await causes(alert[0], as: "tomas"), 4)
        try await desk.as("tomas") { session in
            guard let record = try session.record(alert[0].ref) else { throw Refusal.absent }
            try session.move(record, "close") { $0[Alert.outcome] = "A patrol is on its way." }
        }
        same(try await Watch.rules(run), 0)
        _ = try await desk.report()
        same(try await Watch.rules(run), 1)
        same(try await alerts().map { $0[Alert.count] }, [4, 5])
    }

    @Test func `two clusters far apart are two alerts, and one incident in between is in neither`() async throws {
        _ = try await rule()
        for _ in 0..<3 { _ = try await desk.report() }
        for _ in 0..<3 { _ = try await desk.report(by: "amina", 5.76388, 20.670733) }
        // 12 km north of the first.
        _ = try await desk.report(by: "amina", 4.5026, 18.559861)
        same(try await Watch.rules(run), 2)
        same(try await alerts().map { $0[Alert.count] }, [3, 3])
    }

    @Test func `the edge of a circle belongs to it, to the metre along the ellipsoid`() {
        let bangui = Place.Position(longitude: 18.559861, latitude: 4.393797), bambari = Place.Position(longitude: 20.670733, latitude: 5.76388)
        // 278,815.818 m: the worked example of the section.
        same([278_815, 278_816].map { Circle(centre: bangui, radius: Double($0)).contains(bambari) }, [false, true])
        let west = Circle(centre: Place.Position(longitude: 179.9, latitude: -17), radius: 22_000)
        holds(west.box.west > west.box.east && west.contains(Place.Position(longitude: -179.9, latitude: -17)), "21,297 m across the antimeridian, not 39,900 km")
    }

    @Test func `a rule counts what its owner may read up to its own sensitivity, and a reader finds their own part of it`() async throws {
        _ = try await rule(by: "vera") { $0[AlertRule.least] = 2; $0[AlertRule.label] = .strictlyConfidential; $0[AlertRule.compartments] = ["protection"] }
        _ = try await rule { $0[AlertRule.least] = 2; $0[AlertRule.label] = .unclassified }
        _ = try await desk.report()
        _ = try await desk.report(by: "vera") { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        same(try await Watch.rules(run), 1)
        let alert = try await alerts()
        same(alert.map { $0[Alert.compartments] }, [["protection"]])
        same(try await desk.as("tomas") { try $0.find(Alert.self).count }, 0)
        // Not even of the incident that is theirs do others learn that it is behind an alert that is not.
        same(try await causes(alert[0], as: "tomas"), 0)
        same(try await causes(alert[0], as: "vera"), 2)
    }

    @Test func `figures that would tell of what a reader may not read are the rule owner's alone`() async throws {
        _ = try await rule { $0[AlertRule.least] = 1 }
        _ = try await desk.report()
        same(try await Watch.rules(run), 1)
        let seen = try await desk.as("tomas") { try $0.find(Alert.self).map { $0[Alert.count] } }
        let own = try await desk.as("lina") { try $0.find(Alert.self).map { $0[Alert.count] } }
        same(seen, [nil])
        same(own, [1])
    }

    @Test func `what its originator keeps is in no alert, and no longer tells that it was`() async throws {
        _ = try await rule { $0[AlertRule.least] = 1 }
        let incident = try await desk.report()
        same(try await Watch.rules(run), 1)
        let alert = try await alerts()
        same(try await causes(alert[0], as: "tomas"), 1)
        try await control(incident)
        same(try await causes(alert[0], as: "tomas"), 0)
        _ = try await desk.report(by: "amina") { $0[Incident.originatorControl] = true }
        same(try await Watch.rules(run), 0)
    }

    /// Its originator keeps the incident: amina's component is the budget's, tomas is not of it.
    private func control(_ incident: Ref<Incident>) async throws {
        try await desk.kit.platform.write(as: .service("test")) { session in
            guard let record = try session.record(incident) else { throw Refusal.absent }
            try session.change(record) { $0[Incident.originatorControl] = true }
        }
    }

    @Test func `nobody is woken in quiet hours but for what is severe, and also when it becomes so`() async throws {
        // 09:00 UTC is 10:00 in Geneva, where tomas is.
        _ = try await rule { $0[AlertRule.least] = 1; $0[AlertRule.quietFrom] = 9; $0[AlertRule.quietUntil] = 12 }
        _ = try await desk.report { $0[Incident.severity] = .moderate }
        same(try await Watch.rules(run), 1)
        let quiet = try await alerts()
        same([quiet[0][Alert.toldAt], quiet[0][Alert.quietUntil]], [nil, Instant(iso: "2026-11-02T11:00:00Z")])
        same(try await Watch.tell(run), 0)
        _ = try await desk.report { $0[Incident.severity] = .severe }
        _ = try await Watch.rules(run)
        let woken = try await alerts()
        same([woken[0][Alert.toldAt], woken[0][Alert.acknowledgeBy]], [desk.kit.clock.now, desk.kit.clock.now.adding(seconds: 1_800)])
    }

    @Test func `when the quiet hours end the alert is told`() async throws {
        _ = try await rule { $0[AlertRule.least] = 1; $0[AlertRule.quietFrom] = 22; $0[AlertRule.quietUntil] = 11 }
        _ = try await desk.report { $0[Incident.severity] = .minor }
        _ = try await Watch.rules(run)
        same(try await Watch.tell(run), 0)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 3_600))
        same(try await Watch.tell(run), 1)
        same(try await desk.as("tomas") { try $0.unreadNotices() }, 1)
    }

    @Test func `quiet hours end on the local clock, over midnight and when the clocks change`() {
        let geneva = TimeZone(identifier: "Europe/Zurich") ?? .gmt, night = QuietHours(from: 22, until: 6, zone: geneva)
        func end(_ text: String) -> String? { Instant(iso: text).flatMap(night.end)?.iso }
        same([end("2026-11-02T21:30:00Z"), end("2026-11-03T04:59:00Z"), end("2026-11-03T05:00:00Z")], ["2026-11-03T05:00:00Z", "2026-11-03T05:00:00Z", nil])
        // The night of 25 October 2026 has 25 hours: six o'clock is 05:00 UTC, not 04:00.
        same(end("2026-10-24T21:00:00Z"), "2026-10-25T05:00:00Z")
    }

    @Test func `what is not acknowledged in time goes to the deputy, once; what is acknowledged stays`() async throws {
        _ = try await rule { $0[AlertRule.least] = 1; $0[AlertRule.minutes] = 15 }
        _ = try await desk.report()
        _ = try await Watch.rules(run)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 900))
        same(try await Watch.escalate(run), 0)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 60))
        same(try await Watch.escalate(run), 1)
        same(try await Watch.escalate(run), 0)
        let alert = try await alerts()
        same([alert[0].state.rawValue, alert[0][Alert.officer].id.description], ["escalated", World.person("vera").id.description])
        same(try await desk.as("vera") { try $0.unreadNotices() }, 1)
        try await desk.as("vera") { session in
            guard let record = try session.record(alert[0].ref) else { throw Refusal.absent }
            try session.move(record, "acknowledge")
        }
        let after = try await alerts()
        same([after[0][Alert.response], after[0].state == .acknowledged ? .seconds(0) : nil], [.seconds(960), .seconds(0)])
        same(after[0][Alert.isInTime], false)
    }

    @Test func `an alert to a post goes to whoever holds it then, the nearest first, then above, and at last to the owner of the rule`() async throws {
        try await desk.kit.grant("omar", .dutyOfficer, unit: "budget")
        _ = try await rule { rule in
            (rule[AlertRule.officer], rule[AlertRule.deputy], rule[AlertRule.post], rule[AlertRule.postUnit]) = (nil, nil, .dutyOfficer, World.unit("budget"))
            (rule[AlertRule.least], rule[AlertRule.minutes]) = (1, 15)
        }
        _ = try await desk.report()
        _ = try await Watch.rules(run)
        same(try await alerts().map { $0[Alert.told] }, [[World.person("omar").id.description]])
        same(try await desk.as("omar") { try $0.unreadNotices() }, 1)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 960))
        same(try await Watch.escalate(run), 1)
        let above = ["tomas", "vera"].map { World.person($0).id.description }
        same(try await alerts().map { Set($0[Alert.turn]) }, [Set(above)])
        same(try await desk.as("vera") { try $0.unreadNotices() }, 1)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 960))
        same(try await Watch.escalate(run), 1)
        same(try await alerts().map { [$0[Alert.officer].id.description, $0[Alert.nextAt]?.iso ?? "-"] }, [[World.person("lina").id.description, "-"]])
        same(try await Watch.escalate(run), 0)
    }

    @Test func `escalation waits for the morning too, but for what is severe`() async throws {
        _ = try await rule { $0[AlertRule.least] = 1; $0[AlertRule.minutes] = 15; $0[AlertRule.quietFrom] = 11; $0[AlertRule.quietUntil] = 13 }
        _ = try await desk.report { $0[Incident.severity] = .moderate }
        _ = try await Watch.rules(run)
        // 10:00 in Geneva when it was told; 11:10 is quiet, 13:10 is not.
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 4_200))
        same(try await Watch.escalate(run), 0)
        desk.kit.clock.set(desk.kit.clock.now.adding(seconds: 7_200))
        same(try await Watch.escalate(run), 1)
    }

    @Test func `a rule tells a post or a person, not nobody and not both`() async throws {
        await refuses("nobody-to-tell", field: "post") { _ = try await rule { $0[AlertRule.officer] = nil } }
        await refuses("post-and-person", field: "officer") { _ = try await rule { $0[AlertRule.post] = .analyst } }
    }

    @Test func `of two servers that see the same at the same time one raises the alert`() async throws {
        let id = try await rule { $0[AlertRule.least] = 1 }
        _ = try await desk.report()
        let found = try await desk.as("lina") { session in (try session.record(id), try session.record(id).map { try Finding.all($0, session) } ?? []) }
        guard let rule = found.0 else { throw Refusal.absent }
        let other = try await desk.kit.beside()
        let now = run
        async let one = Watch.rules(now)
        async let two = Watch.rules(JobRun(platform: other.platform, id: now.id, viewer: now.viewer))
        same(try await one + two, 1)
        let again = try await desk.kit.platform.write(as: now.viewer) { session in try Alert.take(found.1[0], of: rule, quiet: nil, session) }
        same([again, try await alerts().count == 1], [false, true])
    }

    @Test func `an alert about a record is as secret as the record, and there is one while it is open`() async throws {
        let incident = try await desk.report(by: "vera") { $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"] }
        let numbers = try await desk.as("vera") { session -> [String] in
            guard let row = try session.record(incident)?.row else { return [] }
            return try (0..<2).map { _ in try Alert.raise(.lateCheckIn, about: row, to: World.person("vera"), severity: .severe, session).reference }
        }
        same(numbers, ["ALR-2026-000001", "ALR-2026-000001"])
        same(try await desk.as("tomas") { try $0.count(Alert.self).number }, 0)
    }

    @Test func `a rule that asks for more than chance stays silent where that many are usual`() async throws {
        _ = try await rule { $0[AlertRule.hours] = 168; $0[AlertRule.alpha] = FixedPoint(units: 100, scale: 4); $0[AlertRule.weeks] = 4 }
        let now = desk.kit.clock.now
        // Twelve in four weeks: λ = 12.5 / 4 = 3.125, P(X ≥ 3) = 0.60.
        for day in 0..<12 { _ = try await desk.report { $0[Incident.occurred] = now.adding(days: -8 - day * 2) } }
        for _ in 0..<3 { _ = try await desk.report() }
        same(try await Watch.rules(run), 0)
        // Ten now: P(X ≥ 10) = 0.001485.
        for _ in 0..<7 { _ = try await desk.report() }
        same(try await Watch.rules(run), 1)
        let alert = try await alerts()
        same([alert[0][Alert.expected]?.description, alert[0][Alert.probability].map { String($0.description.prefix(7)) }], ["3.1250", "0.00148"])
    }

    @Test func `half of the quiet hours, a place without a radius and a threshold above one half are refused`() async throws {
        await refuses("half-of-quiet-hours", field: "quiet-until") { _ = try await rule { $0[AlertRule.quietFrom] = 22 } }
        await refuses("required", field: "radius") { _ = try await rule { $0[AlertRule.place] = Place(latitude: 1, longitude: 1); $0[AlertRule.radius] = nil } }
        await refuses("not-a-probability", field: "alpha") { _ = try await rule { $0[AlertRule.alpha] = FixedPoint(units: 5_001, scale: 4) } }
        await refuses("category-of-another-kind", field: "category") { _ = try await rule { $0[AlertRule.category] = .flood } }
    }
}
