import Crypto
import Foundation

extension Session {
    /// A record that is not yet kept, for `append`, which gives it its id.
    public func draft<T: RecordType>(_ type: T.Type, _ fill: (inout Record<T>) throws -> Void) rethrows -> Record<T> {
        var record = Record<T>(draft(platform.schema(of: type)))
        try fill(&record)
        return record
    }

    /// Adds records that come in bulk: each under the type's rules and the asker's rights, all or none. The lot is one entry in the ledger, with the SHA-256
    /// of all that is in it, and one event, or one for each way in which its records may be read. What they tell of other records (`Newest`) shows there.
    public func append<T: RecordType>(_ records: [Record<T>]) throws {
        let rows = try admitted(records.map(\.row))
        guard let first = rows.first, let last = rows.last else { return }
        for row in rows { try write().insert(row) }
        try write().append(LedgerEntry(event: Lot.event, schema: first.schema.id, record: .at(now), version: 1, at: now, facts: [
            "by": .string(viewer.id.description), "count": .integer(Int64(rows.count)), "first": .string(first.id.description), "last": .string(last.id.description),
            "sha256": .string(Lot.digest(rows)),
        ]))
        if let newest = first.schema.newest { try show(newest, of: rows) }
        for row in Lot.told(rows) { emit(Lot.event, row) }
    }

    /// The rows as they are kept, under the rules of their type.
    private func admitted(_ rows: [Row]) throws -> [Row] {
        guard let schema = rows.first?.schema else { return [] }
        precondition(schema.features.contains(.series), "\(schema.id) does not come in bulk")
        // Their ids follow one another, so that no other lot of the moment lies among them.
        let start = RecordID.at(now), claim = access.condition(.create, on: schema)
        var known: Set<KnownReference> = []
        return try rows.enumerated().map { index, row in
            var row = row
            row["id"] = .reference(RecordID(high: start.high, low: start.low &+ UInt64(index)))
            try schema.prepare(&row, self)
            guard claim.holds(for: row) else { throw Refusal("may-not-create", .forbidden) }
            try check(row, changed: nil, known: known)
            for place in schema.references { if case .reference(let id) = row.values[place] { known.insert(KnownReference(field: schema.fields[place].name, id: id)) } }
            row["version"] = .integer(1)
            return row
        }
    }

    /// Lets the records that the rows are of show the newest of them. In the order of their ids, so that no two lots wait for one another.
    private func show(_ newest: NewestSchema, of rows: [Row]) throws {
        guard let schema = rows.first?.schema.field(newest.record)?.target.flatMap(platform.schema) else { return }
        var last: [RecordID: (at: Instant, row: Row)] = [:]
        for row in rows {
            guard let id = row.id(newest.record), let at = row.instant(newest.moment), last[id].map({ $0.at < at }) ?? true else { continue }
            last[id] = (at, row)
        }
        let fields = Set(newest.fields).union(["changed-at", "changed-by"])
        note(schema.id)
        for (id, (_, row)) in last.sorted(by: { $0.key < $1.key }) {
            var shown = Row(new: schema, id: id)
            for name in newest.fields { shown[name] = row[name] }
            shown["changed-at"] = .instant(now)
            shown["changed-by"] = .reference(viewer.id)
            try write().advance(shown, fields, by: newest.moment)
        }
    }
}

/// What a field refers to, and was found to be there.
struct KnownReference: Hashable {
    let field: String
    let id: RecordID
}

/// Records that came together, as the ledger knows them.
struct Lot {
    static let event = "append"

    let first, last: RecordID
    let count: Int
    let digest: String

    init?(_ entry: LedgerEntry) {
        guard entry.header?.event == Lot.event, let first = entry.facts["first"]?.string.flatMap({ RecordID($0) }),
              let last = entry.facts["last"]?.string.flatMap({ RecordID($0) }), let count = entry.facts["count"]?.integer, let digest = entry.facts["sha256"]?.string
        else { return nil }
        (self.first, self.last, self.count, self.digest) = (first, last, count, digest)
    }

    /// Of rows in the order of their ids.
    static func digest(_ rows: [Row]) -> String {
        var hash = SHA256()
        for row in rows { for value in row.values { hash.update(data: Data((value.json.text + "\n").utf8)) } }
        return hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    /// One row for each way in which access rules may decide about them, so that whoever may read any of them hears of the lot, and nobody else.
    static func told(_ rows: [Row]) -> [Row] {
        guard let schema = rows.first?.schema else { return [] }
        let claims = schema.rules.filter { $0.verbs.contains(.read) }.flatMap { [$0.condition, $0.role.relation].compactMap { $0 } }
        let asked = claims.reduce(into: Set([schema.labelField, schema.compartmentField, schema.unitField].compactMap { $0 })) { $0.formUnion($1.fields) }
        let places = asked.compactMap(schema.position)
        var seen: Set<[Value]> = []
        return rows.reversed().filter { row in seen.insert(places.map { row.values[$0] }).inserted }
    }

    /// The rows of the lot that lie in a table.
    func rows(_ schema: Schema, at moment: Instant, _ store: any StoreReader) throws -> [Row] {
        try store.rows(Query(schema, where: .all([
            .compare("id", .greaterOrEqual, .value(.reference(first))), .compare("id", .lessOrEqual, .value(.reference(last))),
            .compare("created-at", .equal, .value(.instant(moment))),
        ]), sort: [Sort("id")], limit: .max))
    }
}
