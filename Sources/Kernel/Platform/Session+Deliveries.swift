/// A message to a webhook, and how far it got.
public struct Delivery: Sendable, Identifiable {
    public let id: RecordID
    public let at: Instant
    /// "waiting", "done" or "set-aside".
    public let state: String
    public let attempts: Int
    /// What the receiver last answered; nil when it did not.
    public let status: Int?
    /// When it is tried next.
    public let dueAt: Instant?
    public let fault: String?
}

extension Session {
    /// The last hundred messages to a webhook, newest first, for administrators.
    public func deliveries(_ webhook: RecordID) throws -> [Delivery] {
        guard try self.webhook(webhook) != nil else { throw Refusal.absent }
        let claim = Condition.compare("webhook", .equal, .value(.reference(webhook)))
        return try reader.rows(Query(Tables.delivery, where: claim, sort: [Sort("id", descending: true)], limit: 100)).compactMap { row in
            guard let at = row.instant("at"), let state = row.text("state") else { return nil }
            return Delivery(
                id: row.id, at: at, state: state, attempts: row.integer("attempts") ?? 0, status: row.integer("status"), dueAt: row.instant("due-at"),
                fault: row.text("fault"))
        }
    }
}
