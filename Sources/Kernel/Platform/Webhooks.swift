import Foundation
import Crypto

/// An address that is told of events, by the Standard Webhooks rules.
public struct Webhook: Sendable, Identifiable {
    public let id: RecordID
    public let url: String
    /// What it is told of: "service-desk.request.create", "service-desk.request.*" or "*".
    public let kinds: [String]
    /// Whose rights decide which events it may be told of.
    public let person: RecordID
    public let isPaused: Bool
    public let createdAt: Instant

    init?(_ row: Row) {
        guard let url = row.text("url"), let person = row.id("person"), let createdAt = row.instant("created-at") else { return nil }
        id = row.id
        self.url = url
        kinds = row.list("kinds")
        self.person = person
        isPaused = row.bool("is-paused")
        self.createdAt = createdAt
    }

    /// Whether it asked for the event type.
    public func wants(_ type: String) -> Bool {
        kinds.contains { $0 == "*" || $0 == type || ($0.hasSuffix(".*") && type.hasPrefix($0.dropLast())) }
    }
}

/// The signature of the Standard Webhooks: HMAC-SHA256 over id, time and body.
public struct WebhookSecret: Sendable {
    let key: SymmetricKey

    init(_ key: SymmetricKey) { self.key = key }

    /// Reads `whsec_` and base64 of 24 to 64 bytes.
    public init?(_ text: String) {
        guard text.hasPrefix("whsec_"), let bytes = Data(base64Encoded: String(text.dropFirst("whsec_".count))), (24...64).contains(bytes.count)
        else { return nil }
        key = SymmetricKey(data: bytes)
    }

    /// As it is given to the receiver.
    public var text: String { "whsec_" + key.withUnsafeBytes { Data($0) }.base64EncodedString() }

    /// The value of the header `webhook-signature`.
    public func signature(id: String, timestamp: Int, body: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(for: Data("\(id).\(timestamp).\(body)".utf8), using: key)
        return "v1," + Data(code).base64EncodedString()
    }
}

/// A message to be sent now, whole but for the sending.
public struct WebhookMessage: Sendable {
    /// The delivery's id: the same over all attempts.
    public let id: RecordID
    public let url: String
    public let body: String
    public let timestamp: Int
    public let signature: String
    /// From 1.
    public let attempt: Int

    public init(id: RecordID, url: String, body: String, timestamp: Int, signature: String, attempt: Int) {
        self.id = id
        self.url = url
        self.body = body
        self.timestamp = timestamp
        self.signature = signature
        self.attempt = attempt
    }

    /// The headers of the attempt, in lower case.
    public var headers: [String: String] {
        [
            "content-type": "application/json", "user-agent": "Mandate-Webhooks", "webhook-id": "msg_\(id)",
            "webhook-timestamp": String(timestamp), "webhook-signature": signature,
        ]
    }
}

/// What came of an attempt: the receiver's status, or why there was none.
public enum WebhookOutcome: Sendable, Hashable {
    case answered(Int)
    case failed(String)
}

/// Sends a message over the network; outside the kernel, which has no sockets.
public protocol WebhookSending: Sendable {
    func send(_ message: WebhookMessage) async -> WebhookOutcome
}

extension Session {
    /// All webhooks, for administrators.
    public func webhooks() throws -> [Webhook] {
        try requireAdministrator()
        return try reader.rows(Query(Tables.webhook, sort: [Sort("id")], limit: 1000)).compactMap(Webhook.init)
    }

    public func webhook(_ id: RecordID) throws -> Webhook? {
        try requireAdministrator()
        return try reader.row(Tables.webhook, id).flatMap(Webhook.init)
    }

    /// Registers an address; returns the secret, which is shown once. It is told only of what the person who registers it may read.
    @discardableResult
    public func addWebhook(url: String, kinds: [String]) throws -> (webhook: Webhook, secret: WebhookSecret) {
        try requireAdministrator()
        guard try reader.count(Tables.webhook, where: .always, upTo: 100).number < 100 else { throw Refusal("too-many-webhooks", .conflict, ["most": "100"]) }
        // The record key's own wrapping keeps the secret unreadable in the database and in backups.
        let (key, wrapped) = try platform.vault.newKey()
        var row = Row(new: Tables.webhook, id: .at(now))
        row["url"] = .text(try Session.webhookURL(url))
        row["secret"] = .text(wrapped.base64EncodedString())
        row["kinds"] = .list(try webhookKinds(kinds))
        row["person"] = .reference(viewer.id)
        row["is-paused"] = .bool(false)
        row["created-at"] = .instant(now)
        try write().insert(row)
        try note("webhook-made", row)
        guard let webhook = Webhook(row) else { throw Refusal.absent }
        return (webhook, WebhookSecret(key))
    }

    /// Changes what is given and keeps the rest.
    public func changeWebhook(_ id: RecordID, url: String? = nil, kinds: [String]? = nil, isPaused: Bool? = nil) throws -> Webhook {
        try requireAdministrator()
        guard var row = try reader.row(Tables.webhook, id) else { throw Refusal.absent }
        if let url { row["url"] = .text(try Session.webhookURL(url)) }
        if let kinds { row["kinds"] = .list(try webhookKinds(kinds)) }
        if let isPaused { row["is-paused"] = .bool(isPaused) }
        _ = try write().update(row, expected: nil)
        try note("webhook-changed", row)
        guard let webhook = Webhook(row) else { throw Refusal.absent }
        return webhook
    }

    /// Removes a webhook and what still waits to be sent to it.
    public func removeWebhook(_ id: RecordID) throws {
        try requireAdministrator()
        guard let row = try reader.row(Tables.webhook, id) else { throw Refusal.absent }
        try write().delete(Tables.delivery, where: .compare("webhook", .equal, .value(.reference(id))))
        try write().delete(Tables.webhook, id)
        try note("webhook-removed", row)
    }

    /// The types of events there are, such as "service-desk.request.move.solve".
    public func eventTypes() -> [String] {
        platform.schemas.filter(sees).flatMap { schema in
            var kinds = ["create", "change"]
            kinds += (schema.lifecycle?.moves ?? []).map { "move.\($0.name)" }
            if schema.features.contains(.comments) { kinds.append("comment") }
            if schema.features.contains(.attachments) { kinds.append("attach") }
            if schema.features.contains(.tags) { kinds.append("tag") }
            return (kinds + ["erase"]).map { "\(schema.id).\($0)" }
        }
    }

    private func requireAdministrator() throws {
        guard access.holds(.administrator) else { throw Refusal.absent }
    }

    private func webhookKinds(_ kinds: [String]) throws -> [String] {
        var kept: [String] = []
        let types = eventTypes()
        for kind in kinds where !kept.contains(kind) {
            let isKnown = kind == "*" || types.contains(kind) || (kind.hasSuffix(".*") && types.contains { $0.hasPrefix(kind.dropLast()) })
            guard isKnown else { throw Refusal("no-such-event-type", field: "kinds", ["kind": kind]) }
            kept.append(kind)
        }
        guard !kept.isEmpty else { throw Refusal("required", field: "kinds") }
        return kept
    }

    /// An absolute address over http or https, without a name and password and without a fragment.
    static func webhookURL(_ text: String) throws -> String {
        let isPlain = text.utf8.allSatisfy { (0x21...0x7e).contains($0) }
        guard isPlain, text.utf8.count <= 2000, let parts = URLComponents(string: text), let scheme = parts.scheme, ["https", "http"].contains(scheme),
              let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.fragment == nil
        else { throw Refusal("not-a-web-address", field: "url") }
        return text
    }

    private func note(_ event: String, _ row: Row) throws {
        try write().append(LedgerEntry(event: event, schema: "kernel.webhook", record: row.id, version: 1, at: now, facts: [
            "by": .string(viewer.id.description), "url": row["url"].json, "kinds": row["kinds"].json, "is-paused": row["is-paused"].json,
        ]))
    }
}
