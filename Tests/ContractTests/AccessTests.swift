import Foundation
@testable import Kernel
import TestKit
import Testing

/// What may not be read is not there: the sessions that every surface stands on.
@Suite struct AccessTests {
    @Test func `Lists, counts, single records, exports and titles have what the decision allows, and nothing else`() async throws {
        let population = try await Population.everything.value
        for schema in population.platform.schemas {
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let faults = try await population.platform.read(as: viewer) { session -> [String] in
                    let allowed = Set(rows.filter { session.access.decide(.read, $0).isAllowed }.map(\.id))
                    var each: Set<RecordID> = []
                    try session.each(Query(schema, limit: .max)) { each.insert($0.id) }
                    let seen: [(String, Set<RecordID>)] = [
                        ("list", Set(try session.rows(Query(schema, limit: .max)).map(\.id))), ("export", each),
                        ("record", Set(try rows.filter { try session.row(schema, $0.id) != nil }.map(\.id))),
                        ("reference", Set(try rows.filter { try session.row(schema, named: $0.reference ?? $0.id.description) != nil }.map(\.id))),
                        ("title", Set(try rows.filter { try session.label(schema.id, $0.id) != nil }.map(\.id))),
                        ("history", Set(try rows.filter { try !session.history($0).isEmpty }.map(\.id)).union(allowed)),
                    ]
                    let number = try session.count(schema, upTo: .max).number
                    return seen.filter { $0.1 != allowed }.map { "\($0.0): \($0.1.count) of \(allowed.count)" } + (number == allowed.count ? [] : ["count: \(number) of \(allowed.count)"])
                }
                holds(faults.isEmpty, "\(viewer.name) on \(schema.id): \(faults)")
            }
        }
    }

    @Test func `Fields of a class that the reader may not see are empty in rows and absent from histories`() async throws {
        let population = try await Population.everything.value
        for schema in population.platform.schemas {
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let faults = try await population.platform.read(as: viewer) { session in
                    try rows.flatMap { raw -> [String] in
                        guard let row = try session.row(schema, raw.id) else { return [] }
                        let classes = session.access.classes(raw)
                        let shown = schema.ownFields.filter { !row[$0.name].isNull && !classes.contains($0.fieldClass) }.map(\.name)
                        let hidden = schema.ownFields.filter { row[$0.name] != raw[$0.name] && classes.contains($0.fieldClass) }.map(\.name)
                        let told = try session.history(raw).flatMap(\.changes).filter { !classes.contains($0.field.fieldClass) && !$0.field.isSystem }.map(\.field.name)
                        return shown.map { "\($0) is shown" } + hidden.map { "\($0) is hidden" } + told.map { "\($0) is told" }
                    }
                }
                holds(faults.isEmpty, "\(viewer.name) on \(schema.id): \(Set(faults).sorted())")
            }
        }
    }

    @Test func `Measures count the records that the reader may read`() async throws {
        let population = try await Population.everything.value
        for measure in population.platform.registry.measures {
            guard let schema = population.platform.schema(measure.schemaID) else { continue }
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let faults = try await population.platform.read(as: viewer) { session -> [String] in
                    let claim = session.access.resolve(measure.condition)
                    let field = measure.aggregate.fieldName
                    let counted = rows.filter { session.access.decide(.read, $0).isAllowed && claim.holds(for: $0) }
                    let n = try session.read(measure, until: .latest, days: 0).n
                    let expected = counted.filter { row in measure.period.map { !row[$0].isNull } ?? true }.count
                    var faults = n == expected ? [] : ["\(n) of \(expected)"]
                    let common = session.access.commonClasses(schema)
                    for dimension in measure.dimensions where schema.field(dimension).map({ common.contains($0.fieldClass) }) ?? false {
                        let groups = try session.read(measure, by: dimension, limit: .max).reduce(0) { $0 + $1.n }
                        let whole = counted.filter { row in field.map { !row[$0].isNull } ?? true }.count
                        if groups != whole { faults.append("by \(dimension): \(groups) of \(whole)") }
                    }
                    return faults
                }
                holds(faults.isEmpty, "\(viewer.name), \(measure.name): \(faults)")
            }
        }
    }

    @Test func `A search finds only what may be read, and internal words only for those who read them`() async throws {
        let population = try await Population.make([sampleApp], seed: 69, perType: 5, isScrambled: false)
        let platform = population.platform
        let marked = try await platform.write(as: Population.service) { session -> [RecordID] in
            try (0..<12).map { number in
                let row = try session.create(Sample.self) { record in
                    record[Sample.title] = "lighthouse \(number)"
                    record[Sample.remark] = "windmill \(number)"
                    record[Sample.label] = Label.allCases[number % 3]
                    record[Sample.flag] = number % 2 == 0
                    record[Sample.person] = number % 4 == 0 ? World.person("amina") : nil
                }.row
                try session.comment(row, "a sailing boat", visibility: number % 2 == 0 ? .open : .internal)
                return row.id
            }
        }
        let schema = platform.schema(of: Sample.self)
        let rows = try await population.rows(schema).filter { marked.contains($0.id) }
        for viewer in population.viewers {
            let faults = try await platform.read(as: viewer) { session -> [String] in
                let readable = rows.filter { session.access.decide(.read, $0).isAllowed }
                func found(_ text: String) throws -> Set<RecordID> { Set(try session.search(schema, text, limit: 50).map(\.id)) }
                let inside = Set(readable.filter { session.access.classes($0).contains(.internal) }.map(\.id))
                let spoken = Set(readable.filter { row in marked.firstIndex(of: row.id).map { $0 % 2 == 0 } ?? false }.map(\.id))
                var faults = try found("lighthouse") == Set(readable.map(\.id)) ? [] : ["by title"]
                if try !found("windmill").isSubset(of: inside) { faults.append("by an internal field") }
                if try !found("sailing").isSubset(of: inside.union(spoken)) { faults.append("by an internal message") }
                return faults
            }
            holds(faults.isEmpty, "\(viewer.name) finds what is hidden: \(faults)")
        }
    }

    @Test func `What may not be read can be neither changed, moved, discussed, watched nor erased`() async throws {
        let population = try await Population.everything.value
        for schema in population.platform.schemas {
            let rows = try await population.rows(schema)
            for viewer in population.viewers {
                let access = Access(viewer, at: population.platform.now)
                let hidden = rows.filter { !access.decide(.read, $0).isAllowed }.prefix(4), shown = rows.filter { access.decide(.read, $0).isAllowed && !access.decide(.change, $0).isAllowed }.prefix(2)
                for row in hidden {
                    let move = schema.lifecycle?.moves.first?.name ?? "none"
                    let acts: [@Sendable (Session) throws -> Void] = [
                        { try $0.change(row, [:], version: nil) }, { try $0.move(row, move, version: nil) }, { _ = try $0.comment(row, "hello") },
                        { try $0.watch(row, true) }, { try $0.setTags(row, ["a"]) }, { try $0.erase(row, fields: []) },
                    ]
                    for (number, act) in acts.enumerated() {
                        let code = try await refusal { try await population.platform.write(as: viewer) { try act($0) } }
                        holds(code == "absent", "act \(number) of \(viewer.name) on \(schema.id): \(code ?? "done")")
                    }
                }
                for row in shown {
                    let code = try await refusal { try await population.platform.write(as: viewer) { _ = try $0.change(row, [:], version: nil) } }
                    holds(code == "may-not-change", "a change by \(viewer.name) on \(schema.id): \(code ?? "done")")
                }
            }
        }
    }
}

extension Measure.Aggregate {
    /// The field it computes with.
    var fieldName: String? {
        switch self {
        case .count, .share: nil
        case .sum(let name), .mean(let name), .median(let name), .percentile(let name, _): name
        }
    }
}
