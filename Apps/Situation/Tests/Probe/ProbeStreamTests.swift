import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

/// Live pages: each reader hears of exactly those records that they may read, of all types at once.
@Suite struct ProbeStreamTests {
    private static let topic = [Incident.schemaID, SourceReport.schemaID, AccessRequest.schemaID, Patrol.schemaID, Track.schemaID].joined(separator: ",")

    /// An incident of each reader's own, the last of each round: who has heard of it has heard of all before.
    private static func ends(_ kit: TestPlatform, _ readers: [ProbeWorld.Reader]) async throws -> [String: RecordID] {
        var ends: [String: RecordID] = [:]
        for reader in readers {
            ends[reader.handle] = try await kit.platform.write(as: ProbeWorld.platform(reader.id)) { session in
                try session.create(Incident.self) { $0[Incident.summary] = "The end"; $0[Incident.occurred] = session.now }.id
            }
        }
        return ends
    }

    /// What came until the reader's own end did.
    private static func heard(_ pieces: AsyncThrowingStream<String, any Error>, until end: RecordID) async throws -> Set<String> {
        var heard: Set<String> = []
        for try await piece in pieces {
            for line in piece.split(separator: "\n") where line.hasPrefix("data: ") {
                if let id = (try? JSON(text: String(line.dropFirst(6))))?["record"].string { heard.insert(id) }
            }
            if heard.contains(end.description) { break }
        }
        return heard
    }

    @Test func `a live stream tells each reader of what they may read, and of nothing else`() async throws {
        let (kit, subjects, readers) = try await ProbeWorld.make(30)
        let things = try await ProbeWorld.things(kit, subjects, readers).filter { ![.file, .notice].contains($0.kind) }
        let ends = try await Self.ends(kit, readers)
        var allowed: [String: Set<String>] = [:]
        for thing in things { allowed[thing.id.description] = thing.readers }
        for subject in subjects { allowed[subject.id.description] = Set(readers.filter { ProbeWorld.may($0, read: subject).reads }.map(\.handle)) }
        var streams: [(reader: ProbeWorld.Reader, pieces: AsyncThrowingStream<String, any Error>)] = []
        for reader in readers {
            let answer = try await TestClient.signedIn(kit, as: reader.handle).stream("/events?topic=\(Self.topic)&since=\(Instant.now.microseconds)")
            same(answer.status, 200, reader.handle)
            streams.append((reader, answer.pieces))
        }
        let ids = subjects.map { ($0.id, Incident.schemaID) } + things.map { ($0.id, $0.schema) }
        try await kit.platform.write(as: ProbeWorld.platform(World.person("vera").id)) { session in
            for (id, name) in ids {
                guard let schema = session.platform.schema(name), let row = try session.row(schema, id) else { continue }
                let field = schema.field("details") ?? schema.field("said") ?? schema.field("communications") ?? schema.field("accuracy") ?? schema.field("answer")
                guard let field else { continue }
                _ = try session.change(row, [field.name: field.kind == .integer ? .integer(7) : .text("Changed")], version: nil)
            }
            let schema = session.platform.schema(of: Incident.self)
            for id in ends.values { if let row = try session.row(schema, id) { _ = try session.change(row, ["details": .text("The end")], version: nil) } }
        }
        var leaks: [String] = [], missing: [String] = [], told = 0
        for (reader, pieces) in streams {
            guard let end = ends[reader.handle] else { continue }
            let heard = try await Self.heard(pieces, until: end)
            for (id, _) in ids {
                let isHeard = heard.contains(id.description), may = allowed[id.description]?.contains(reader.handle) == true
                if isHeard { told += 1 }
                if isHeard, !may { leaks.append("\(reader.handle) hears of \(id)") }
                if may, !isHeard { missing.append("\(reader.handle) does not hear of \(id)") }
            }
        }
        same(leaks, [])
        same(missing, [])
        holds(told > 200, "\(told) were told")
    }
}
