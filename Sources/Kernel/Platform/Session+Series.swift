import Crypto
import Foundation

extension Session {
    /// A record that is not yet kept, for `append` and `renew`.
    public func draft<T: RecordType>(_ type: T.Type, _ fill: (inout Record<T>) throws -> Void) rethrows -> Record<T> {
        var record = Record<T>(draft(platform.schema(of: type)))
        try fill(&record)
        return record
    }

    /// Adds records that come in bulk: each under the type's rules and the asker's rights, all or none. The lot is one entry in the ledger, with the SHA-256
    /// of all that is in it, and one event.
    public func append<T: RecordType>(_ records: [Record<T>]) throws {
        let rows = try records.map { try admitted($0.row) }
        guard let last = rows.last else { return }
        for row in rows { try write().insert(row) }
        try record(lot: "append", rows)
        emit("append", last)
    }

    /// Puts records of a series to what they are now, such as where each vehicle was last: those that are not there are made. What they were before is in
    /// the lots of the series they follow from.
    public func renew<T: RecordType>(_ records: [Record<T>]) throws {
        let rows = try records.map { try admitted($0.row) }
        guard let last = rows.last else { return }
        for row in rows {
            if row.version == 1 { try write().insert(row); continue }
            guard try write().update(row, expected: row.version - 1) else { throw Refusal("stale", .stale, ["version": String(row.version - 1)]) }
        }
        emit("renew", last)
    }

    /// The row as it is kept, under the rules of its type.
    private func admitted(_ row: Row) throws -> Row {
        precondition(row.schema.features.contains(.series), "\(row.schema.id) does not come in bulk")
        var row = row
        try row.schema.prepare(&row, self)
        guard access.decide(.create, row).isAllowed else { throw Refusal("may-not-create", .forbidden) }
        try check(row, changed: nil)
        row["version"] = .integer(Int64(row.version + 1))
        row["changed-at"] = .instant(now)
        row["changed-by"] = .reference(viewer.id)
        return row
    }

    private func record(lot event: String, _ rows: [Row]) throws {
        guard let first = rows.first, let last = rows.last else { return }
        var hash = SHA256()
        for row in rows { for value in row.values { hash.update(data: Data((value.json.text + "\n").utf8)) } }
        let digest = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        try write().append(LedgerEntry(event: event, schema: first.schema.id, record: .at(now), version: 1, at: now, facts: [
            "by": .string(viewer.id.description), "count": .integer(Int64(rows.count)), "first": .string(first.id.description), "last": .string(last.id.description),
            "sha256": .string(digest),
        ]))
    }
}
