import Foundation
import Crypto

extension Session {
    // MARK: Creating

    /// Creates a record; `fill` sets its fields through typed keys.
    @discardableResult
    public func create<T: RecordType>(_ type: T.Type, _ fill: (inout Record<T>) throws -> Void) throws -> Record<T> {
        var record = Record<T>(draft(platform.schema(of: type)))
        try fill(&record)
        return Record(try create(record.row))
    }

    /// An empty record with its initial values.
    public func draft(_ schema: Schema) -> Row {
        var row = Row(new: schema, id: .at(now))
        row["state"] = .text(schema.lifecycle?.start ?? Standing.current.rawValue)
        row["version"] = .integer(0)
        row["created-at"] = .instant(now)
        row["changed-at"] = .instant(now)
        row["created-by"] = .reference(viewer.id)
        row["changed-by"] = .reference(viewer.id)
        return row
    }

    /// Creates a record from field values as they were sent: by form, API or import. Unknown and system-set fields are refused.
    @discardableResult
    public func create(_ schema: Schema, _ values: [String: Value]) throws -> Row {
        var row = draft(schema)
        let open = classesForCreating(schema).union(access.possibleClasses(schema))
        try set(values, on: &row, open: open, allowed: { !$0.isSystem && !$0.isSystemSet })
        return try create(row)
    }

    @discardableResult
    func create(_ draft: Row) throws -> Row {
        guard mayCreate(draft.schema) else { throw Refusal("may-not-create", .forbidden) }
        var row = draft
        try row.schema.prepare(&row, self)
        guard access.decide(.create, row).isAllowed else { throw Refusal("may-not-create", .forbidden) }
        try check(row, changed: nil)
        if let numbering = row.schema.numbering, row["reference"].isNull {
            let year = CalendarDate(now, in: .gmt).year
            row["reference"] = .text(numbering.reference(try write().next(numbering.counter(year: year)), year: year))
        }
        row["version"] = .integer(1)
        try runClocks(&row, occasions: [.created], before: nil)
        let stored = try sealed(row)
        try write().insert(stored)
        try record("create", stored, changed: stored.schema.fields.filter { !Session.untold.contains($0.name) && !stored[$0.name].isNull }.map(\.name))
        try reindex(row, replacing: nil)
        try tell(row, .created)
        emit("create", row)
        return masked(try followed("create", row))
    }

    /// Lets the record type's own consequences follow; the row as it stands after them.
    func followed(_ event: String, _ row: Row) throws -> Row {
        guard let follow = row.schema.follow else { return row }
        try follow(event, row, self)
        return try reader.row(row.schema, row.id) ?? row
    }

    /// System columns that follow from the entry itself.
    static let untold: Set<String> = ["id", "version", "created-at", "created-by", "changed-at", "changed-by"]

    // MARK: Changing

    @discardableResult
    public func change<T: RecordType>(_ record: Record<T>, _ edit: (inout Record<T>) throws -> Void) throws -> Record<T> {
        let before = try fresh(record.row, version: record.version)
        var draft = Record<T>(before)
        try edit(&draft)
        return Record(try change(before, to: draft.row))
    }

    /// Changes fields as they were sent. `version`: the one the sender read; nil takes whatever is there.
    @discardableResult
    public func change(_ row: Row, _ values: [String: Value], version: Int?) throws -> Row {
        let before = try fresh(row, version: version)
        var draft = before
        try set(values, on: &draft, open: access.classes(before), allowed: { !$0.isSystem && !$0.isSystemSet && !$0.isOnce })
        return try change(before, to: draft)
    }

    private func change(_ before: Row, to draft: Row) throws -> Row {
        guard access.decide(.change, before).isAllowed else { throw Refusal("may-not-change", .forbidden) }
        let row = try commit("change", before: before, draft: draft)
        guard row.version != before.version else { return masked(row) }
        emit("change", row)
        return masked(try followed("change", row))
    }

    // MARK: Moving

    @discardableResult
    public func move<T: RecordType>(_ record: Record<T>, _ name: String, _ edit: (inout Record<T>) throws -> Void = { _ in }) throws -> Record<T> {
        let before = try fresh(record.row, version: record.version)
        var draft = Record<T>(before)
        try edit(&draft)
        return Record(try move(before, to: draft.row, name))
    }

    /// Makes a move with the fields it asks for, as they were sent.
    @discardableResult
    public func move(_ row: Row, _ name: String, _ values: [String: Value] = [:], version: Int?) throws -> Row {
        let before = try fresh(row, version: version)
        guard let move = before.schema.lifecycle?.move(name) else { throw Refusal.absent }
        var draft = before
        // A move may ask for what the one who makes it may not read afterwards.
        try set(values, on: &draft, open: Set(FieldClass.allCases), allowed: { move.asks.contains($0.name) || move.offers.contains($0.name) })
        return try self.move(before, to: draft, name)
    }

    private func move(_ before: Row, to edited: Row, _ name: String) throws -> Row {
        guard let move = before.schema.lifecycle?.move(name) else { throw Refusal.absent }
        guard move.from.contains(before.state) else {
            throw Refusal("illegal-move", .conflict, ["move": name, "state": before.state])
        }
        guard access.mayMove(move, before) else { throw Refusal("may-not-move", .forbidden, ["move": name]) }
        var draft = edited
        if let to = move.to { draft["state"] = .text(to) }
        try move.follow?(&draft, self)
        let missing = move.asks.filter { draft[$0].isNull }
        if !missing.isEmpty {
            let faults = missing.map { Refusal("required", field: $0) }
            throw faults.count == 1 ? faults[0] : Refusal("several", faults: faults)
        }
        let row = try commit("move.\(name)", before: before, draft: draft, move: name)
        try tell(row, .move(name))
        emit("move.\(name)", row)
        return masked(try followed("move.\(name)", row))
    }

    /// The moves that may be made now.
    public func moves(_ row: Row) throws -> [MoveSchema] {
        guard let lifecycle = row.schema.lifecycle, lifecycle.moves.contains(where: { $0.from.contains(row.state) }),
              let whole = try reader.row(row.schema, row.id)
        else { return [] }
        return lifecycle.moves.filter { !$0.isQuiet && access.mayMove($0, whole) }
    }

    /// Whether the fields may be changed by form or API.
    public func mayChange(_ row: Row) throws -> Bool {
        guard let whole = try reader.row(row.schema, row.id) else { return false }
        return access.decide(.change, whole).isAllowed
    }

    // MARK: The common path

    /// The row as it stands, whole; refuses when it has gone, may not be read, or has another version than the one that was read.
    func fresh(_ row: Row, version: Int?) throws -> Row {
        guard let current = try reader.row(row.schema, row.id), access.decide(.read, current).isAllowed else { throw Refusal.absent }
        if let version, current.version != version {
            throw Refusal("stale", .stale, ["version": String(current.version)])
        }
        return current
    }

    /// Rules, checks, clocks, store, ledger and index of one change. Nothing is written when nothing changed.
    func commit(
        _ event: String, before: Row, draft: Row, move: String? = nil, occasions extra: [ClockOccasion] = [], facts: [String: JSON] = [:]
    ) throws -> Row {
        var row = draft
        try row.schema.prepare(&row, self)
        var changed = row.schema.fields.filter { !Session.untold.contains($0.name) && row[$0.name] != before[$0.name] }.map(\.name)
        if changed.isEmpty, move == nil, extra.isEmpty, facts.isEmpty { return before }
        try check(row, changed: Set(changed))
        row["version"] = .integer(Int64(before.version + 1))
        row["changed-at"] = .instant(now)
        row["changed-by"] = .reference(viewer.id)
        var occasions = extra
        if let move { occasions.append(.move(move)) }
        if row.state != before.state { occasions += [.left(before.state), .entered(row.state)] }
        try runClocks(&row, occasions: occasions, before: before)
        let stored = try sealed(row)
        changed = row.schema.fields.filter { !Session.untold.contains($0.name) && row[$0.name] != before[$0.name] }.map(\.name)
        guard try write().update(stored, expected: before.version) else { throw Refusal("stale", .stale, ["version": String(before.version)]) }
        try record(event, stored, changed: changed, facts: facts)
        if changed.contains(where: { row.schema.field($0)?.isSearchable == true || $0 == row.schema.titleField }) { try reindex(row, replacing: before) }
        return row
    }

    /// Appends to the ledger: what, which fields to what values, by whom.
    func record(_ event: String, _ row: Row, changed: [String], facts: [String: JSON] = [:]) throws {
        var facts = facts
        facts["by"] = .string(viewer.id.description)
        for name in changed { facts["." + name] = row[name].json }
        try write().append(LedgerEntry(event: event, schema: row.schema.id, record: row.id, version: row.version, at: now, facts: facts))
    }

    /// Fields of classes that are not open do not exist for the viewer: not even a right guess is told from a wrong one.
    private func set(_ values: [String: Value], on row: inout Row, open: Set<FieldClass>, allowed: (FieldSchema) -> Bool) throws {
        var faults: [Refusal] = []
        for (name, value) in values.sorted(by: { $0.key < $1.key }) {
            guard let field = row.schema.field(name), field.isSystem || open.contains(field.fieldClass) else {
                faults.append(Refusal("unknown-field", field: name, ["field": name]))
                continue
            }
            if row[name] == value { continue }
            guard allowed(field) else { faults.append(Refusal("field-not-settable", field: name, ["field": name])); continue }
            row[name] = value
        }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
    }

    /// Required fields are filled, text is clean, references lead to records the viewer may read.
    /// - Parameter known: references that were looked at before, by their fields.
    func check(_ row: Row, changed: Set<String>?, known: Set<KnownReference> = []) throws {
        var faults: [Refusal] = []
        for field in row.schema.fields where !field.isSystem {
            let value = row[field.name]
            if value.isNull {
                if field.required { faults.append(Refusal("required", field: field.name)) }
                continue
            }
            if let changed, !changed.contains(field.name) { continue }
            do {
                switch value {
                case .text(let text): if field.kind == .text || field.kind == .longText { _ = try Value.clean(text, for: field) }
                case .integer, .decimal, .duration: _ = try Value.checked(value, for: field)
                case .reference(let id):
                    if known.contains(KnownReference(field: field.name, id: id)) { break }
                    if let schema = field.target.flatMap(platform.schema), try self.row(schema, id) == nil { throw Refusal("no-such-record", field: field.name) }
                default: break
                }
            } catch let refusal as Refusal { faults.append(refusal) }
        }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
    }

    /// The row as stored: secrets encrypted under the record's key.
    private func sealed(_ row: Row) throws -> Row {
        guard row.schema.fields.contains(where: { $0.kind == .secret }) else { return row }
        var row = row
        var key: SymmetricKey?
        for (index, field) in row.schema.fields.enumerated() {
            guard case .secret(let text) = row.values[index] else { continue }
            if key == nil {
                if let kept = try reader.row(Tables.recordKey, row.id), case .sealed(let wrapped) = kept["wrapped"] {
                    key = try platform.vault.unwrap(wrapped)
                } else {
                    let (fresh, wrapped) = try platform.vault.newKey()
                    var keyRow = Row(new: Tables.recordKey, id: row.id)
                    keyRow["wrapped"] = .sealed(wrapped)
                    try write().insert(keyRow)
                    key = fresh
                }
            }
            guard let key else { continue }
            row.values[index] = .sealed(try platform.vault.seal(text, key: key, context: "\(row.schema.id)/\(row.id)/\(field.name)"))
        }
        return row
    }

    // MARK: Search index

    private func reindex(_ row: Row, replacing before: Row?) throws {
        for old in before.map(SearchDocument.all) ?? [] { try write().unindex(old) }
        for new in SearchDocument.all(of: row) { try write().index(new) }
    }
}

extension SearchDocument {
    /// What a record is found by: what every reader of it may find, and what those find who read its internal fields.
    public static func all(of row: Row) -> [SearchDocument] {
        let fields = row.schema.fields.filter { $0.isSearchable || $0.name == row.schema.titleField }
        guard !fields.isEmpty else { return [] }
        return SearchPart.allCases.compactMap { part in
            let texts = fields.filter { ($0.fieldClass == .internal || $0.fieldClass == .sensitive) == (part == .internal) }.map { row[$0.name].searchText }
            let terms = Grams.index(((part == .open ? [row.reference ?? ""] : []) + texts).joined(separator: "\n"))
            return terms.isEmpty ? nil : SearchDocument(schema: row.schema, record: row.id, part: part, source: row.id, terms: terms)
        }
    }

    /// What a message makes its record found by.
    public static func of(message: Row, on record: RecordID, _ schema: Schema) -> SearchDocument? {
        let terms = Grams.index(message.text("body") ?? "")
        let isOpen = message.text("visibility") == Comment.Visibility.open.rawValue
        return terms.isEmpty ? nil : SearchDocument(schema: schema, record: record, part: isOpen ? .open : .internal, source: message.id, terms: terms)
    }
}

extension Value {
    /// The words a record is found by.
    var searchText: String {
        switch self {
        case .text(let text): text
        case .words(let texts): texts.values.sorted().joined(separator: "\n")
        case .list(let list): list.joined(separator: " ")
        default: ""
        }
    }
}
