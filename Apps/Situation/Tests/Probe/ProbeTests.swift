import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Every reader, every incident, every surface on which incidents come out: what may not be read is nowhere. The rule is written here a second time, from
/// its formula (`ProbeWorld`), and held against all of them.
@Suite struct ProbeTests {
    private typealias Subject = ProbeWorld.Subject

    // MARK: The surfaces

    /// Surfaces of the session, each asked for one incident.
    private static let inside: [(name: String, ask: @Sendable (Session, Subject) throws -> Bool)] = [
        ("record", { session, subject in try session.record(Ref<Incident>(subject.id)) != nil }),
        ("record by number", { session, subject in try session.row(session.platform.schema(of: Incident.self), named: subject.reference) != nil }),
        ("count", { session, subject in try session.count(Incident.self, where: .compare("id", .equal, .value(.reference(subject.id)))).number > 0 }),
        ("search", { session, subject in try !session.search(session.platform.schema(of: Incident.self), subject.word).isEmpty }),
        ("history", { session, subject in
            let row = Row(new: session.platform.schema(of: Incident.self), id: subject.id)
            return try !session.history(row).isEmpty
        }),
    ]

    /// Surfaces that bring many at once.
    private static let pages = [
        "/api/v1/situation/incidents?limit=200", "/situation/incidents?all=1", "/situation/incidents/export.csv", "/situation/room/picture?days=0", "/situation/room?days=0&show=list",
        "/ogc/collections/situation.incident/items?limit=1000", "/ogc/collections/situation.incident/items?f=html", "/ogc/collections/situation.incident/tiles/WebMercatorQuad/0/0/0",
        "/situation/exchange/incidents.geojson?days=3660", "/situation/exchange/incidents.kml?days=3660", "/situation/exchange/incidents.gpx?days=3660",
        "/situation/exchange/incidents.csv?days=3660", "/situation/feed/incidents.atom", "/situation/feed/incidents.rss", "/search?q=market", "/today",
    ]

    @Test func `a hundred thousand probes find no leak`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(660)
        var probes = 0, leaks: [String] = [], missing: [String] = [], told: [String: Int] = [:]
        for reader in readers {
            let allowed = Dictionary(uniqueKeysWithValues: subjects.map { ($0.word, ProbeWorld.may(reader, read: $0)) })
            func judge(_ surface: String, _ shown: Set<String>) {
                probes += subjects.count
                told[surface, default: 0] += shown.count
                for subject in subjects where shown.contains(subject.word) && allowed[subject.word]?.reads != true { leaks.append("\(reader.handle) finds \(subject.reference) in \(surface)") }
            }
            let viewer = try await kit.viewer(reader.handle)
            for (name, ask) in Self.inside {
                let shown = try await kit.platform.read(as: viewer) { session in Set(try subjects.filter { try ask(session, $0) }.map(\.word)) }
                judge(name, shown)
                if name == "record" { missing += subjects.filter { allowed[$0.word]?.reads == true && !shown.contains($0.word) }.map { "\(reader.handle) misses \($0.reference)" } }
            }
            let marks = try await kit.platform.read(as: viewer) { session in
                try LiveIncidents.source.read(session, .operation, .all).values.compactMap { $0.detail.remarks }.joined()
            }
            let client = try await TestClient.signedIn(kit, as: reader.handle)
            var bodies = [("Cursor on Target", marks)]
            for path in Self.pages { bodies.append((path, try await client.get(path).body)) }
            for (surface, body) in bodies {
                judge(surface, Set(body.matches(of: /zq\d{5}x/).map { String($0.0) }))
                for subject in subjects where subject.isCoarse && allowed[subject.word]?.exactly != true && body.contains(subject.longitude) {
                    leaks.append("\(reader.handle) learns where \(subject.reference) was in \(surface)")
                }
            }
        }
        same(Array(leaks.prefix(10)), [])
        same(Array(missing.prefix(10)), [])
        // A surface that tells nobody anything proves nothing.
        same(told.filter { $0.value == 0 }.keys.sorted(), [])
        holds(probes >= 100_000, "\(probes) probes")
    }
}
