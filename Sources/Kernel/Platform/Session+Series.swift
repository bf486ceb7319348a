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
    /// of all that is in it, and one event.
    public func append<T: RecordType>(_ records: [Record<T>]) throws {
        // Their ids follow one another, so that no other lot of the moment lies among them.
        let start = RecordID.at(now)
        let rows = try records.enumerated().map { try admitted($1.row, RecordID(high: start.high, low: start.low &+ UInt64($0))) }
        guard let first = rows.first, let last = rows.last else { return }
        for row in rows { try write().insert(row) }
        try write().append(LedgerEntry(event: Lot.event, schema: first.schema.id, record: .at(now), version: 1, at: now, facts: [
            "by": .string(viewer.id.description), "count": .integer(Int64(rows.count)), "first": .string(first.id.description), "last": .string(last.id.description),
            "sha256": .string(Lot.digest(rows)),
        ]))
        emit(Lot.event, last)
    }

    /// The row as it is kept, under the rules of its type.
    private func admitted(_ row: Row, _ id: RecordID) throws -> Row {
        precondition(row.schema.features.contains(.series), "\(row.schema.id) does not come in bulk")
        var row = row
        row["id"] = .reference(id)
        try row.schema.prepare(&row, self)
        guard access.decide(.create, row).isAllowed else { throw Refusal("may-not-create", .forbidden) }
        try check(row, changed: nil)
        row["version"] = .integer(1)
        return row
    }
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

    /// The rows of the lot that lie in a table.
    func rows(_ schema: Schema, at moment: Instant, _ store: any StoreReader) throws -> [Row] {
        try store.rows(Query(schema, where: .all([
            .compare("id", .greaterOrEqual, .value(.reference(first))), .compare("id", .lessOrEqual, .value(.reference(last))),
            .compare("created-at", .equal, .value(.instant(moment))),
        ]), sort: [Sort("id")], limit: .max))
    }
}
