import Kernel

/// A record type as a collection of features, for one reader: its features have the first place that the reader may read on every record.
struct OGCCollection {
    let schema: Schema
    /// The field that is the geometry.
    let place: FieldSchema
    /// The field that is the time: the one that calendars go by.
    let time: FieldSchema?

    /// Nil for a type that the reader may not read, or of which no place is open to them: for them the collection does not exist.
    init?(_ schema: Schema, _ session: Session) {
        guard session.access.condition(.read, on: schema) != .never, let place = session.access.place(of: schema) else { return nil }
        self.schema = schema
        self.place = place
        let open = ListQuery.filterable(schema, session)
        time = schema.calendarField.flatMap { name in open.first { $0.name == name && ($0.kind == .instant || $0.kind == .date) } }
    }

    /// The collections that exist for the reader, in the order of their names.
    static func all(_ session: Session) -> [OGCCollection] {
        session.platform.schemas.compactMap { OGCCollection($0, session) }.sorted { $0.id < $1.id }
    }

    /// The collection of a name; the same refusal whether there is none or the reader may not know of it.
    static func named(_ id: String, _ session: Session) throws -> OGCCollection {
        guard let collection = session.platform.schema(id).flatMap({ OGCCollection($0, session) }) else { throw Refusal.absent }
        return collection
    }

    /// The record type's id, such as "situation.incident".
    var id: String { schema.id }
    var path: String { "/collections/\(id)" }

    // MARK: What may be filtered by

    /// The properties that the reader may filter by, the geometry among them.
    func queryables(_ session: Session) -> [FieldSchema] {
        ListQuery.filterable(schema, session).filter { field in
            switch field.kind {
            case .place: field.name == place.name
            case .words, .files, .secret, .choices: false
            default: true
            }
        }
    }

    /// The properties that are parameters of their own, beside those whose names the service needs itself.
    func parameters(_ session: Session) -> [FieldSchema] {
        queryables(session).filter { $0.kind != .place && !OGCItemsQuery.names.contains($0.name) }
    }

    /// The shape of a property's values in answers and filters.
    func shape(_ field: FieldSchema) -> JSON {
        if field.name == "state", let lifecycle = schema.lifecycle { return ["type": "string", "enum": .array(lifecycle.states.map { .string($0.name) })] }
        return switch field.kind {
        case .integer, .duration: ["type": "integer"]
        case .bool: ["type": "boolean"]
        case .date: ["type": "string", "format": "date"]
        case .instant: ["type": "string", "format": "date-time"]
        case .reference: ["type": "string", "format": "uuid"]
        case .choice where !field.choices.isEmpty: ["type": "string", "enum": .array(field.choices.map(JSON.string))]
        case .place: ["format": "geometry-any"]
        default: ["type": "string"]
        }
    }
}
