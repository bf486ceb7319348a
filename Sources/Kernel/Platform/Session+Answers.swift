/// An answer given to a request with an Idempotency-Key, as it is given again.
public struct KeptAnswer: Sendable, Hashable {
    public let status: Int
    public let headers: [String: String]
    public let body: String
    /// SHA-256 of the request that it answered.
    public let digest: String

    /// The status of what is no answer yet but the sign that somebody works on it.
    static let hold = 0
    var isHold: Bool { status == KeptAnswer.hold }

    public init(status: Int, headers: [String: String], body: String, digest: String) {
        self.status = status
        self.headers = headers
        self.body = body
        self.digest = digest
    }
}

extension Session {
    /// How long an answer is kept, in seconds; and how long a key at most is held for one that is being worked on.
    public static let answersKept = 86_400, longestHold = 300

    /// The answer the viewer got under the key within the last day.
    public func keptAnswer(_ key: String) throws -> KeptAnswer? {
        let claim = Condition.compare("key", .equal, .value(.text("\(viewer.id)/\(key)")))
        guard let row = try reader.rows(Query(Tables.idempotency, where: claim, limit: 1)).first else { return nil }
        guard let at = row.instant("at"), now.seconds(since: at) < Session.answersKept else {
            try write().delete(Tables.idempotency, row.id)
            return nil
        }
        let headers = (row.text("headers").flatMap { try? JSON(text: $0) }?.object ?? [:]).compactMapValues(\.string)
        return KeptAnswer(status: row.integer("status") ?? 200, headers: headers, body: row.text("answer") ?? "", digest: row.text("digest") ?? "")
    }

    /// Holds the key for work of several transactions, so that no other server begins the same; or the answer that was given already.
    public func hold(_ key: String, digest: String) throws -> KeptAnswer? {
        if let kept = try keptAnswer(key) {
            guard kept.isHold else { return kept }
            if try isWorking(on: kept) { throw Refusal("idempotency-key-in-use", .conflict, field: "Idempotency-Key") }
            try release(key)
        }
        try keep(KeptAnswer(status: KeptAnswer.hold, headers: ["at": String(now.microseconds)], body: platform.servers.id.description, digest: digest), under: key)
        return nil
    }

    /// Whether another server is at the work now. This one would know by itself; one that ended in the midst of it has left its hold behind.
    private func isWorking(on hold: KeptAnswer) throws -> Bool {
        guard let server = RecordID(hold.body), server != platform.servers.id, let at = hold.headers["at"].flatMap(Int64.init).map(Instant.init(microseconds:)),
              now.seconds(since: at) < Session.longestHold
        else { return false }
        return try reader.row(Tables.server, server) != nil && !platform.servers.isSilent(server, at: now)
    }

    /// Gives a held key back: there is no answer.
    public func release(_ key: String) throws {
        guard try keptAnswer(key)?.isHold ?? false else { return }
        try write().delete(Tables.idempotency, where: .compare("key", .equal, .value(.text("\(viewer.id)/\(key)"))))
    }

    /// Keeps an answer under the key, in the transaction of what it answers.
    public func keep(_ answer: KeptAnswer, under key: String) throws {
        var row = Row(new: Tables.idempotency, id: .at(now))
        row["key"] = .text("\(viewer.id)/\(key)")
        row["digest"] = .text(answer.digest)
        row["status"] = .integer(Int64(answer.status))
        row["answer"] = .text(answer.body)
        row["headers"] = .text(JSON.object(answer.headers.mapValues(JSON.string)).text)
        row["at"] = .instant(now)
        try write().delete(Tables.idempotency, where: .compare("at", .less, .value(.instant(now.adding(seconds: -Session.answersKept)))))
        try write().insert(row)
    }

    /// The fields the viewer may fill in on a new record: those they could read on some record of the type.
    public func fieldsToCreate(_ schema: Schema) -> [FieldSchema] {
        let open = access.possibleClasses(schema)
        return schema.ownFields.filter { !$0.isSystemSet && $0.kind != .files && open.contains($0.fieldClass) }
    }

    /// The fields of a record that the viewer may change: those they can read, but not those that rules set or that are decided once.
    public func fieldsToChange(_ row: Row) -> [FieldSchema] {
        row.schema.ownFields.filter { !$0.isSystemSet && !$0.isOnce && $0.kind != .files && row.shows($0) }
    }
}

extension Access {
    /// The classes of fields that some rule opens to the viewer on some record of the type.
    public func possibleClasses(_ schema: Schema) -> Set<FieldClass> {
        if viewer.isService { return Set(FieldClass.allCases) }
        return schema.rules.filter { $0.verbs.contains(.read) && condition(of: $0, on: schema) != .never }
            .reduce(into: [.ordinary]) { $0.formUnion($1.classes) }
    }
}
