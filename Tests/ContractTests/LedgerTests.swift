import Foundation
@testable import Kernel
import TestKit
import Testing

/// The history of a record is the record.
@Suite struct LedgerTests {
    /// Records of every type, changed and moved at random.
    private func lived() async throws -> Population {
        let population = try await Population.make(allApps + [sampleApp], seed: 67, perType: 6, isScrambled: false)
        var maker = RecordMaker(kit: population.kit, seed: 68)
        try await maker.learnWorld()
        for schema in population.platform.schemas {
            for row in try await population.rows(schema) {
                for _ in 0..<3 {
                    var changes: [String: Value] = [:]
                    let open = schema.ownFields.filter { !$0.isSystemSet && !$0.isOnce }
                    if let field = open.randomElement(using: &maker.values.generator) { changes[field.name] = field.required || maker.values.flip(0.8) ? maker.values.value(of: field) : .null }
                    let sent = changes.compactMapValues { $0 }
                    let move = schema.lifecycle?.moves.randomElement(using: &maker.values.generator)
                    population.kit.clock.advance(60)
                    for act in [{ @Sendable (session: Session) in _ = try session.change(row, sent, version: nil) }, { @Sendable session in
                        guard let move else { return }
                        _ = try session.move(row, move.name, version: nil)
                    }] {
                        do { try await population.platform.write(as: Population.service) { try act($0) } } catch is Refusal {} catch is StoreFault {}
                    }
                }
            }
        }
        return population
    }

    @Test func `Every entry is what its leaf committed to, and the entries of a record told in turn give the record`() async throws {
        let population = try await lived()
        for schema in population.platform.schemas {
            for row in try await population.rows(schema) {
                let entries = try await population.platform.store.read { try $0.entries(of: row.id) }
                var told: [String: JSON] = [:]
                for entry in entries { for (name, value) in entry.facts where name.hasPrefix(".") { told[String(name.dropFirst())] = value } }
                let wrong = schema.fields.filter { field in
                    !Session.untold.contains(field.name) && (told[field.name] ?? .null) != (field.kind == .secret ? told[field.name] ?? .null : row[field.name].json)
                }
                holds(wrong.isEmpty, "\(schema.id) \(row.reference ?? ""): \(wrong.map { "\($0.name) is \(row[$0.name].json.text), told as \((told[$0.name] ?? .null).text)" })")
                holds(entries.allSatisfy(\.isIntact), "\(schema.id): entries are intact")
                same(entries.filter { $0.header?.event != "read" }.last?.header?.version, row.version, schema.id)
            }
        }
    }

    @Test func `The whole database verifies against its ledger, and each entry is proved under the signed checkpoint`() async throws {
        let population = try await lived()
        let keeper = LedgerKeeper(population.platform)
        let size = try await keeper.seal()
        let report = try await Verification(population.platform).run()
        same(report.fault, nil)
        same(report.entries, size)
        let verifier = population.platform.signer.key
        for index in [0, 1, size / 2, size - 1] {
            let proved = try await keeper.proof(of: index)
            let proof = try #require(proved)
            holds((try? proof.proof.verify(entry: proof.entry, keys: [verifier])) != nil, "entry \(index) of \(size) is proved")
        }
    }

    @Test func `What is erased is gone from record, history and search, and the proofs still hold`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let platform = kit.platform, schema = platform.schema(of: Sample.self)
        let row = try await platform.write(as: Population.service) { session in
            let row = try session.create(Sample.self) { record in
                record[Sample.title] = "A complaint"
                record[Sample.note] = "about the bridge"
                record[Sample.address] = "Rue de la Paix 1"
                record[Sample.secret] = Secret("the diagnosis")
            }.row
            return try session.change(row, ["address": .text("Rue de la Paix 2")], version: nil)
        }
        try await platform.write(as: Population.service) { try $0.erase(row, fields: ["address", "note", "secret"]) }
        _ = try await LedgerKeeper(platform).seal()
        let entries = try await platform.store.read { try $0.entries(of: row.id) }
        let texts = entries.map { String(decoding: $0.payload, as: UTF8.self) }
        holds(!texts.contains { $0.contains("Paix") || $0.contains("bridge") || $0.contains("diagnosis") }, "the history keeps nothing of it")
        holds(entries.allSatisfy(\.isIntact), "what is left is intact")
        let (found, kept) = try await platform.read(as: Population.service) { session in (try session.search(schema, "bridge").count, try session.row(schema, row.id)) }
        same(found, 0)
        same([kept?["address"], kept?["note"], kept?["secret"]], [.null, .null, .null])
        let report = try await Verification(platform).run()
        same(report.fault, nil)
    }
}
