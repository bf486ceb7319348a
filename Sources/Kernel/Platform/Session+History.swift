public import Foundation

/// One line of a record's history, as far as the viewer may read it.
public struct HistoryLine: Sendable {
    public let index: Int
    /// The record's version after it.
    public let version: Int
    public let at: Instant
    public let event: String
    public let by: RecordID?
    /// Field and what it became.
    public let changes: [(field: FieldSchema, value: JSON)]
    /// Beside the fields: comment, attachment, …
    public let facts: [String: JSON]
    /// The payload is what the leaf committed to.
    public let isIntact: Bool
}

extension Session {
    /// The record's history, oldest first: every change with who made it. Fields the viewer may not read are left out.
    public func history(_ row: Row) throws -> [HistoryLine] {
        guard let whole = try reader.row(row.schema, row.id), access.decide(.read, whole).isAllowed else { return [] }
        let classes = access.classes(whole)
        if row.schema.features.contains(.innerHistory), !classes.contains(.internal) { return [] }
        return try reader.entries(of: row.id).compactMap { entry in
            guard let header = entry.header else { return nil }
            let facts = entry.facts
            if facts["visibility"]?.string == Comment.Visibility.internal.rawValue, !classes.contains(.internal) { return nil }
            if header.event == "read", !classes.contains(.internal) { return nil }
            let changes = facts.filter { $0.key.hasPrefix(".") }.compactMap { name, value -> (field: FieldSchema, value: JSON)? in
                guard let field = row.schema.field(String(name.dropFirst())), classes.contains(field.fieldClass) else { return nil }
                return (field, field.kind == .secret ? .null : value)
            }
            return HistoryLine(
                index: entry.index, version: header.version, at: entry.at, event: header.event, by: facts["by"]?.string.flatMap(RecordID.init),
                changes: changes.sorted { (row.schema.position($0.field.name) ?? 0) < (row.schema.position($1.field.name) ?? 0) },
                facts: facts.filter { !$0.key.hasPrefix(".") && $0.key != "by" }, isIntact: entry.isIntact)
        }
    }

    /// How many entries of the record are in the ledger and intact, and how far the ledger is signed.
    public func proof(_ row: Row) throws -> (intact: Int, entries: Int, signed: Int, size: Int, root: Hash?) {
        let entries = try reader.entries(of: row.id)
        let checkpoint = try reader.checkpoint()
        let size = checkpoint?.size ?? 0
        let root = checkpoint.flatMap { try? Checkpoint(text: SignedNote($0.note).text) }?.root
        return (entries.filter(\.isIntact).count, entries.count, entries.filter { $0.index >= 0 && $0.index < size }.count, size, root)
    }

    /// Erases fields of a record for good: their values in the record, in its history and in its search index; the ledger's leaves and proofs stay.
    public func erase(_ row: Row, fields names: Set<String>) throws {
        let before = try fresh(row, version: nil)
        guard access.decide(.erase, before).isAllowed || access.holds(.administrator) else { throw Refusal("may-not-erase", .forbidden) }
        var draft = before
        for name in names {
            guard let field = before.schema.field(name), !field.isSystem else { throw Refusal("unknown-field", field: name, ["field": name]) }
            draft[name] = field.required ? (field.kind == .text || field.kind == .longText ? .text("—") : draft[name]) : .null
        }
        let eraser = asService("erasure")
        let after = try eraser.commit("erase", before: before, draft: draft, facts: ["erased": .array(names.sorted().map(JSON.string)), "for": .string(viewer.id.description)])
        if names.contains(where: { before.schema.field($0)?.kind == .secret }) { try write().delete(Tables.recordKey, row.id) }
        for entry in try reader.entries(of: row.id) where entry.header?.event != "erase" {
            let cleaned = entry.erasing(Set(names.map { "." + $0 }))
            if cleaned.payload != entry.payload { try write().replacePayload(of: entry.index, payload: cleaned.payload, salt: cleaned.salt) }
        }
        emit("erase", after)
    }
}

extension Session {
    /// What the record of a ledger entry is called; nil when there is no such entry or the viewer may not read its record.
    public func recordName(ofEntry index: Int) throws -> String? {
        guard index >= 0, let entry = try reader.entries(from: index, limit: 1).first, let schema = platform.schema(entry.schema),
              let row = try row(schema, entry.record)
        else { return nil }
        if entry.facts["visibility"]?.string == Comment.Visibility.internal.rawValue, !access.classes(row).contains(.internal) { return nil }
        return row.reference ?? row.id.description
    }
}
