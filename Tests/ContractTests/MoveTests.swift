import Foundation
@testable import Kernel
import TestKit
import Testing

/// Each move only by its roles, only from its states; a move and its ledger entry are one.
@Suite struct MoveTests {
    @Test func `A move is refused to those who hold none of its roles, and from states it does not leave`() async throws {
        let population = try await Population.everything.value
        for schema in population.platform.schemas {
            guard let lifecycle = schema.lifecycle else { continue }
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let access = Access(viewer, at: population.platform.now)
                for move in lifecycle.moves {
                    for row in rows.filter({ access.decide(.read, $0).isAllowed }).prefix(5) {
                        let isRole = move.roles.contains { role in role.relation.map { access.resolve($0).holds(for: row) } ?? access.holds(role) }
                        let expected: Set<String> = !move.from.contains(row.state) ? ["illegal-move"] : isRole ? [] : ["may-not-move"]
                        guard !expected.isEmpty else { continue }
                        let code = try await refusal { try await population.platform.write(as: viewer) { _ = try $0.move(row, move.name, version: nil) } }
                        holds(expected.contains(code ?? "done"), "\(viewer.name): \(move.name) of a \(row.state) \(schema.id) ends with \(code ?? "done")")
                    }
                }
            }
        }
    }

    @Test func `The moves offered are the moves that may be made`() async throws {
        let population = try await Population.everything.value
        for schema in population.platform.schemas where schema.lifecycle != nil {
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let faults = try await population.platform.read(as: viewer) { session in
                    try rows.flatMap { row -> [String] in
                        guard session.access.decide(.read, row).isAllowed else { return [] }
                        let offered = Set(try session.moves(row).map(\.name))
                        let may = Set(schema.lifecycle?.moves.filter { !$0.isQuiet && $0.from.contains(row.state) && session.access.mayMove($0, row) }.map(\.name) ?? [])
                        return offered == may ? [] : ["\(offered.sorted()) offered, \(may.sorted()) may be made"]
                    }
                }
                holds(faults.isEmpty, "\(viewer.name) on \(schema.id): \(faults)")
            }
        }
    }

    @Test func `A made move reaches its state, raises the version, and stands in the history`() async throws {
        let population = try await Population.make(allApps + [sampleApp], seed: 65, perType: 6, isScrambled: false)
        let platform = population.platform
        var made: [String: Set<String>] = [:]
        for schema in platform.schemas {
            guard let lifecycle = schema.lifecycle else { continue }
            var maker = RecordMaker(kit: population.kit, seed: 66)
            try await maker.learnWorld()
            for id in try await population.rows(schema).map(\.id) {
                // A walk of up to six moves, whichever the rules let through.
                for _ in 0..<6 {
                    guard let row = try await platform.store.read({ try $0.row(schema, id) }),
                          let move = lifecycle.moves.filter({ $0.from.contains(row.state) }).randomElement(using: &maker.values.generator)
                    else { break }
                    var asked: [String: Value] = [:]
                    for field in schema.ownFields where move.asks.contains(field.name) { asked[field.name] = maker.values.value(of: field) }
                    let sent = asked
                    population.kit.clock.advance(600)
                    let refused = try await refusal { try await platform.write(as: Population.service) { _ = try $0.move(row, move.name, sent, version: row.version) } }
                    guard refused == nil, let after = try await platform.store.read({ try $0.row(schema, id) }) else { continue }
                    let last = try await platform.read(as: Population.service) { try $0.history(after).last { $0.event == "move.\(move.name)" } }
                    holds(move.to == nil || after.state == move.to || move.follow != nil, "\(schema.id) \(move.name) ends in \(after.state)")
                    holds(after.version > row.version && last != nil && last?.at == after.changedAt, "\(schema.id) \(move.name): version \(after.version), history \(last?.event ?? "none")")
                    made[schema.id, default: []].insert(move.name)
                }
            }
        }
        // Some moves an app leaves to persons only.
        holds(made.count >= 4, "moves were made: \(made.mapValues(\.count))")
    }
}
