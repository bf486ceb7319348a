/// Events as one server tells them to the others.
struct EventMessage {
    let server: RecordID
    let events: [Event]

    /// As many as fit into what PostgreSQL carries in one notification, 8,000 bytes.
    private static let most = 24

    /// The texts of messages that tell of the events.
    static func texts(_ events: [Event], from server: RecordID) -> [String] {
        stride(from: 0, to: events.count, by: most).map { start in
            let some = events[start..<min(events.count, start + most)]
            return JSON.object(["server": .string(server.description), "events": .array(some.map(json))]).text
        }
    }

    init?(text: String) {
        guard let json = try? JSON(text: text), let server = json["server"].string.flatMap(RecordID.init), let events = json["events"].array else { return nil }
        self.server = server
        self.events = events.compactMap(Self.event)
    }

    private static func json(_ event: Event) -> JSON {
        .object([
            "id": .string(event.id.description), "at": .integer(event.at.microseconds), "kind": .string(event.kind), "schema": .string(event.schema),
            "record": .string(event.record.description), "version": .integer(Int64(event.version)),
            "person": event.person.map { .string($0.description) } ?? .null,
        ])
    }

    private static func event(_ json: JSON) -> Event? {
        guard let id = json["id"].string.flatMap(RecordID.init), let at = json["at"].integer, let kind = json["kind"].string,
              let schema = json["schema"].string, let record = json["record"].string.flatMap(RecordID.init), let version = json["version"].integer
        else { return nil }
        return Event(id: id, at: Instant(microseconds: Int64(at)), kind: kind, schema: schema, record: record, version: Int(version), person: json["person"].string.flatMap(RecordID.init))
    }
}
