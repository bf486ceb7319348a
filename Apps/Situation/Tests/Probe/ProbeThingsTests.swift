import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// What is said of incidents, what is attached to them, who is told and asked, and what moves: for each reader on each surface.
@Suite struct ProbeThingsTests {
    private static let plurals = ["source-reports", "access-requests", "patrols", "tracks"]

    private static let pages = plurals.flatMap { ["/situation/\($0)?all=1", "/api/v1/situation/\($0)?limit=200", "/situation/\($0)/export.csv?all=1"] } + [
        "/situation/room/picture?days=0", "/notices?show=all", "/today", "/ogc/collections/situation.patrol/items?limit=1000", "/ogc/collections/situation.track/items?limit=1000",
    ]

    @Test func `no reader finds a report, a file, a notice, a request, a patrol or a track that is not theirs`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(40)
        let things = try await ProbeWorld.things(kit, subjects, readers)
        // Lists name some by their number alone.
        let named = Dictionary(uniqueKeysWithValues: things.flatMap { thing in [thing.word, thing.reference].compactMap { $0 }.map { ($0, thing) } })
        var leaks: [String] = [], missing: [String] = [], told: [String: Int] = [:]
        for reader in readers {
            func judge(_ surface: String, _ body: String) {
                let found = Set(body.matches(of: /z[a-z]\d{5}x|[A-Z]{3}-\d{4}-\d+/).map { String($0.0) }).filter { named[$0] != nil }
                told[surface, default: 0] += found.count
                leaks += found.filter { named[$0]?.readers.contains(reader.handle) == false }.map { "\(reader.handle) finds \($0) in \(surface)" }
            }
            let viewer = try await kit.viewer(reader.handle), client = try await TestClient.signedIn(kit, as: reader.handle)
            let records = things.filter { ![.file, .notice].contains($0.kind) }
            let open = try await kit.platform.read(as: viewer) { session in
                Set(try records.filter { thing in try session.platform.schema(thing.schema).flatMap { try session.row($0, thing.id) } != nil }.map(\.word))
            }
            missing += records.filter { $0.readers.contains(reader.handle) && !open.contains($0.word) }.map { "\(reader.handle) misses \($0.word)" }
            judge("record", open.joined(separator: " "))
            let history = try await kit.platform.read(as: viewer) { session in
                try records.filter { thing in
                    guard let schema = session.platform.schema(thing.schema) else { return false }
                    return try !session.history(Row(new: schema, id: thing.id)).isEmpty
                }.map(\.word).joined(separator: " ")
            }
            judge("history", history)
            let events = try await kit.platform.read(as: viewer) { session in
                try LiveTracks.source.read(session, .operation, .all).values.compactMap { $0.detail.contact?.callsign }.joined(separator: " ")
            }
            judge("Cursor on Target", events)
            for path in Self.pages { judge(path, try await client.get(path).body) }
            for thing in things {
                if thing.kind == .file {
                    let answer = try await client.get(thing.address)
                    judge("file", answer.status == 200 ? answer.body : "")
                    if answer.status != (thing.readers.contains(reader.handle) ? 200 : 404) { leaks.append("\(reader.handle) \(thing.address): \(answer.status)") }
                } else if thing.kind != .notice {
                    judge("search", try await client.get("/api/v1/search?q=\(thing.word)").body.replacing("\"query\":\"\(thing.word)\"", with: ""))
                }
            }
        }
        same(Array(leaks.prefix(10)), [])
        same(Array(missing.prefix(10)), [])
        same(told.filter { $0.value == 0 }.keys.sorted(), [])
    }

    @Test func `pickers and the suggestions of the search box name no incident that may not be read`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(24)
        var leaks: [String] = [], told = 0
        for reader in readers {
            let client = try await TestClient.signedIn(kit, as: reader.handle)
            for subject in subjects {
                let asked = ["/pick/situation/incidents?q=\(subject.word)", "/pick/situation/incidents?q=\(subject.reference)", "/search?q=\(subject.word)&fragment=1", "/search?q=\(subject.reference)&fragment=1"]
                for path in asked {
                    let names = try await client.get(path, ["X-Fragment": path.hasPrefix("/pick") ? "pick" : "suggest"]).body.contains("Market \(subject.word)")
                    if names { told += 1 }
                    if names, !ProbeWorld.may(reader, read: subject).reads { leaks.append("\(reader.handle) \(path)") }
                }
            }
        }
        same(Array(leaks.prefix(10)), [])
        holds(told > 60, "\(told) suggestions")
    }

    @Test func `each figure counts what its reader may read, and no more`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(150)
        let counted: Set<String> = ["reported", "under-verification", "verified", "unverifiable", "closed"]
        var wrong: [String] = []
        for reader in readers {
            let mine = subjects.filter { ProbeWorld.may(reader, read: $0).reads }
            let (total, byUnit, waiting) = try await kit.platform.read(as: try await kit.viewer(reader.handle)) { session in
                (try session.read(SituationMeasures.incidents), try session.read(SituationMeasures.incidents, by: Incident.component.name, limit: 60), try session.read(SituationMeasures.unverified))
            }
            func compare(_ name: String, _ shown: Double?, _ expected: Int) {
                if Int(shown ?? 0) != expected { wrong.append("\(reader.handle) \(name): \(shown ?? 0) for \(expected)") }
            }
            compare("incidents", total.value, mine.count { counted.contains($0.state) })
            compare("unverified", waiting.value, mine.count { ["reported", "under-verification"].contains($0.state) })
            for unit in ["office", "service-desk", "budget"].map({ World.unit($0).id }) {
                let shown = byUnit.first { $0.group.first == .reference(unit) }?.value
                compare("of a component", shown, mine.count { counted.contains($0.state) && $0.component == unit })
            }
        }
        same(wrong, [])
    }
}
