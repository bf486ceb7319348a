/// A list that a person saved: a name for an address.
public struct SavedView: Sendable, Identifiable {
    public let id: RecordID
    public let name: String
    /// The query of the list's address.
    public let query: String
    public let isShared: Bool
    public let isMine: Bool
}

extension Session {
    /// The viewer's own saved views of a record type, and those others share; own ones first.
    public func savedViews(_ schema: Schema) throws -> [SavedView] {
        let mine = Condition.compare("person", .equal, .value(.reference(viewer.id)))
        let claim = Condition.all([
            .compare("schema", .equal, .value(.text(schema.id))), .any([mine, .compare("is-shared", .equal, .value(.bool(true)))]),
        ])
        let views = try reader.rows(Query(Tables.savedView, where: claim, sort: [Sort("at")], limit: 60)).map { row in
            SavedView(
                id: row.id, name: row.text("name") ?? "", query: row.text("query") ?? "", isShared: row.bool("is-shared"),
                isMine: row.id("person") == viewer.id)
        }
        return views.filter(\.isMine) + views.filter { !$0.isMine }
    }

    /// Saves a list under a name; one of the same name of the same person takes the new address.
    /// - Parameter query: the canonical query of the list's address.
    @discardableResult
    public func saveView(_ schema: Schema, name: String, query: String, isShared: Bool) throws -> RecordID {
        let field = FieldSchema(name: "name", kind: .text, required: true, traits: [.max(60)])
        guard case .text(let clean) = try Value.reading(name, for: field) else { throw Refusal("required", field: "name") }
        guard query.utf8.count <= 2000 else { throw Refusal("too-long", field: "query", ["max": "2000", "length": String(query.utf8.count)]) }
        let own = try savedViews(schema).filter(\.isMine)
        let old = own.first { $0.name == clean }
        guard old != nil || own.count < 30 else { throw Refusal("too-many-views", .conflict) }
        var row = try old.flatMap { try reader.row(Tables.savedView, $0.id) } ?? Row(new: Tables.savedView, id: .at(now))
        row["person"] = .reference(viewer.id)
        row["schema"] = .text(schema.id)
        row["name"] = .text(clean)
        row["query"] = .text(query)
        row["is-shared"] = .bool(isShared)
        row["at"] = .instant(now)
        if old == nil { try write().insert(row) } else { _ = try write().update(row, expected: nil) }
        return row.id
    }

    /// Removes one of the viewer's own saved views.
    public func removeView(_ id: RecordID) throws {
        guard let row = try reader.row(Tables.savedView, id), row.id("person") == viewer.id else { throw Refusal.absent }
        try write().delete(Tables.savedView, id)
    }
}
