import Kernel

/// Records as the interface writes them: what the reader may not read is not there, what is empty is null.
final class RecordJSON {
    /// What is added to a record on request.
    enum Extra: String, CaseIterable, Sendable {
        /// The names of what it refers to, by field.
        case titles
        /// The moves that may be made now.
        case moves
    }

    let session: Session

    /// A member that records of a type have: where its value is, and who sees it.
    private struct Member {
        let name: String
        let place: Int
        /// Nil: everybody's.
        let fieldClass: FieldClass?
        /// Shown where one record is opened, and nowhere else.
        let isGuarded: Bool
    }
    private var members: [ObjectIdentifier: [Member]] = [:]

    init(session: Session) { self.session = session }

    /// Worked out once for all records of a type.
    private func members(of schema: Schema) -> [Member] {
        if let known = members[ObjectIdentifier(schema)] { return known }
        let made = (RecordJSON.systemFields(schema) + schema.ownFields).compactMap { field in
            schema.position(field.name).map {
                Member(name: field.name, place: $0, fieldClass: field.isSystem ? nil : field.fieldClass, isGuarded: field.fieldClass == .sensitive || field.kind == .secret)
            }
        }
        members[ObjectIdentifier(schema)] = made
        return made
    }

    /// The system members every record of the type has.
    static func systemFields(_ schema: Schema) -> [FieldSchema] {
        schema.fields.filter { field in
            field.isSystem && (field.name != "reference" || schema.numbering != nil) && (field.name != "state" || schema.lifecycle != nil)
        }
    }

    /// - Parameters:
    ///   - fields: the members asked for, beside the id; nil: all.
    ///   - isOpened: secrets and sensitive fields are in it, and their reading is in the ledger.
    func json(_ row: Row, fields: Set<String>? = nil, isOpened: Bool = false, extras: Set<Extra> = []) throws -> JSON {
        var written: [String: JSON] = [:]
        written.reserveCapacity(row.values.count + extras.count)
        written["id"] = .string(row.id.description)
        for member in members(of: row.schema) where fields?.contains(member.name) ?? true {
            guard isOpened || !member.isGuarded, row.shows(member.fieldClass) else { continue }
            let value = row.values[member.place]
            written[member.name] = if case .secret(let text) = value { .string(text) } else if case .sealed = value { .null } else { value.json }
        }
        if extras.contains(.titles) { written["titles"] = .object(try titles(row, fields)) }
        if extras.contains(.moves) { written["moves"] = .array(try session.moves(row).map { .string($0.name) }) }
        return .object(written)
    }

    private func titles(_ row: Row, _ fields: Set<String>?) throws -> [String: JSON] {
        var titles: [String: JSON] = [:]
        for field in row.schema.fields where field.target != nil && row.shows(field) && (fields?.contains(field.name) ?? true) {
            if let id = row.id(field.name), let title = try session.label(field.target, id) { titles[field.name] = .string(title) }
        }
        return titles
    }

    static func address(_ row: Row) -> String { "/api/v1/\(row.schema.app)/\(row.schema.plural)/\(row.id)" }
    static func etag(_ row: Row) -> String { "\"\(row.version)\"" }

    static func extras(_ request: APIRequest, _ allowed: Set<Extra>) throws -> Set<Extra> {
        guard let text = request.parameter("expand") else { return [] }
        return Set(try text.split(separator: ",", omittingEmptySubsequences: false).map { word in
            guard let extra = Extra(rawValue: String(word)), allowed.contains(extra) else {
                throw Refusal("not-a-choice", .malformed, field: "expand", ["choices": allowed.map(\.rawValue).sorted().joined(separator: ", "), "parameter": "expand"])
            }
            return extra
        })
    }
}

/// Reads the values of fields from a body that its shape has let through.
struct BodyValues {
    let schema: Schema

    /// Values by field. What the shape cannot say (a number beyond a range of decimals, a ring that is not closed) is refused here.
    func read(_ body: JSON, _ fields: [FieldSchema]) throws -> [String: Value] {
        var values: [String: Value] = [:], faults: [Refusal] = []
        for field in fields {
            guard let json = body.object?[field.name] else { continue }
            do {
                values[field.name] = try Value(BodyValues.plain(json, field), for: field)
            } catch let refusal as Refusal { faults.append(refusal) }
        }
        if let fault = faults.first { throw faults.count == 1 ? fault : Refusal("several", faults: faults) }
        return values
    }

    /// Line ends as the platform keeps them, and whole numbers however they were written.
    private static func plain(_ json: JSON, _ field: FieldSchema) -> JSON {
        switch json {
        case .string(let text) where field.kind == .longText || field.kind == .secret: .string(lines(text))
        case .object(let texts) where field.kind == .words: .object(texts.mapValues { $0.string.map { .string(lines($0)) } ?? $0 })
        case .number where field.kind == .integer || field.kind == .duration: Shape.whole(json).map(JSON.integer) ?? json
        default: json
        }
    }

    private static func lines(_ text: String) -> String {
        text.utf8.contains(0x0d) ? text.replacing("\r\n", with: "\n").replacing("\r", with: "\n") : text
    }

    /// The body of a change with what it leaves unsaid filled in from the record (RFC 7396).
    static func merged(_ patch: JSON, into row: Row) -> JSON {
        guard case .object(let members) = patch else { return patch }
        return .object(Dictionary(uniqueKeysWithValues: members.map { name, value in
            guard case .object = value, row.schema.field(name) != nil else { return (name, value) }
            let kept = row[name].json
            // A place of another kind replaces the place; merging a point into an area makes neither.
            if value["type"] != .null, kept["type"] != value["type"] { return (name, value) }
            return (name, merge(value, into: kept))
        }))
    }

    static func merge(_ patch: JSON, into target: JSON) -> JSON {
        guard case .object(let members) = patch else { return patch }
        var result = target.object ?? [:]
        for (name, value) in members {
            // Not `= nil`: that is also how a JSON null is written.
            if value == .null { result.removeValue(forKey: name) } else { result[name] = merge(value, into: result[name] ?? .null) }
        }
        return .object(result)
    }
}
