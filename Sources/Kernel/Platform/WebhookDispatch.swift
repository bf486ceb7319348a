import Foundation

/// Brings events to webhooks: reads the outbox, writes down what is to be sent to whom, sends what is due, and tries again.
struct WebhookDispatch: Sendable {
    let platform: Platform
    let sender: any WebhookSending

    /// Seconds before the second attempt, the third, and so on; after the last the delivery is set aside.
    static let pauses = [5, 300, 1800, 7200, 18_000, 36_000]
    /// A transaction that began earlier may commit later: events this many seconds before the last one read are looked at again.
    static let overlap = 60
    static let position = "webhooks.position"
    /// How many deliveries are sent to one receiver at once.
    static let together = 8
    /// Seconds after which a run begins no further round: a receiver that does not answer holds up others for one round at most.
    static let patience = 4.0

    func run() async throws {
        try await fanOut()
        let webhooks = try await platform.store.read { store in
            Set(try store.rows(Query(Tables.delivery, where: due(platform.now), sort: [Sort("due-at")], limit: 10_000)).compactMap { $0.id("webhook") })
        }
        let end = Date(timeIntervalSinceNow: WebhookDispatch.patience)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for webhook in webhooks {
                group.addTask { while Date() < end, try await sendDue(to: webhook) {} }
            }
            try await group.waitForAll()
        }
        try await forget()
    }

    private func due(_ now: Instant) -> Condition {
        .all([.compare("state", .equal, .value(.text("waiting"))), .compare("due-at", .lessOrEqual, .value(.instant(now)))])
    }

    // MARK: From the outbox

    private func fanOut() async throws {
        let now = platform.now
        let webhooks = try await platform.store.read { try $0.rows(Query(Tables.webhook, where: .compare("is-paused", .equal, .value(.bool(false))), limit: 1000)).compactMap(Webhook.init) }
        guard !webhooks.isEmpty else { return }
        var viewers: [RecordID: Viewer] = [:]
        for webhook in webhooks where viewers[webhook.person] == nil { viewers[webhook.person] = try await platform.viewer(of: webhook.person) }
        try await fanOut(to: webhooks, viewers, now, isLate: true)
        while try await fanOut(to: webhooks, viewers, now, isLate: false) {}
    }

    /// One page of events; false when there was no more.
    /// - Parameter isLate: looks at those again that may have been committed since, behind the last one read.
    @discardableResult
    private func fanOut(to webhooks: [Webhook], _ viewers: [RecordID: Viewer], _ now: Instant, isLate: Bool) async throws -> Bool {
        let oldest = webhooks.map(\.createdAt).min() ?? now
        let page = isLate ? 10_000 : 500
        return try await platform.store.write { store in
            let kept = try store.rows(Query(Tables.setting, where: .compare("name", .equal, .value(.text(WebhookDispatch.position))), limit: 1)).first
            let last = kept?.text("value").flatMap(RecordID.init)
            guard let claim = WebhookDispatch.claim(after: last, since: oldest, isLate: isLate, at: now) else { return false }
            let events = try store.rows(Query(Tables.event, where: claim, sort: [Sort("id")], limit: page))
            let told = try deliveries(of: events.map(\.id), store)
            for event in events {
                for webhook in webhooks where !told.contains("\(webhook.id)/\(event.id)") {
                    guard let viewer = viewers[webhook.person], let body = try body(event, webhook, viewer, store, now) else { continue }
                    try store.insert(delivery(webhook, event, body, now))
                }
            }
            guard !isLate, let newest = events.last?.id else { return false }
            var row = kept ?? Row(new: Tables.setting, id: .at(now))
            row["name"] = .text(WebhookDispatch.position)
            row["value"] = .text(newest.description)
            if kept == nil { try store.insert(row) } else { _ = try store.update(row, expected: nil) }
            return events.count == page
        }
    }

    private static func claim(after last: RecordID?, since oldest: Instant, isLate: Bool, at now: Instant) -> Condition? {
        guard let last else { return isLate ? nil : .compare("at", .greaterOrEqual, .value(.instant(oldest))) }
        guard isLate else { return .all([.compare("at", .greaterOrEqual, .value(.instant(oldest))), .compare("id", .greater, .value(.reference(last)))]) }
        // The first 48 bits of an id are the milliseconds of its event.
        // When the clock was ahead for a while, what is written now comes before it.
        let read = min(now, Instant(microseconds: Int64(last.high >> 16) * 1000))
        return .all([
            .compare("at", .greaterOrEqual, .value(.instant(max(oldest, read.adding(seconds: -overlap))))),
            .compare("id", .lessOrEqual, .value(.reference(last))),
        ])
    }

    private func deliveries(of events: [RecordID], _ store: any StoreReader) throws -> Set<String> {
        guard !events.isEmpty else { return [] }
        let rows = try store.rows(Query(Tables.delivery, where: .oneOf("event", events.map(Value.reference)), limit: 100_000))
        return Set(rows.compactMap { row in row.id("webhook").flatMap { webhook in row.id("event").map { "\(webhook)/\($0)" } } })
    }

    /// What is sent of an event: its type, its time and ids, nothing that could not be read again under the receiver's own rights.
    /// Nil when the webhook does not want it, or its person may not read the record.
    private func body(_ event: Row, _ webhook: Webhook, _ viewer: Viewer, _ store: any StoreReader, _ now: Instant) throws -> String? {
        guard let id = event.text("schema"), let kind = event.text("kind"), let record = event.id("record"), let at = event.instant("at"),
              webhook.wants("\(id).\(kind)"), at >= webhook.createdAt, let schema = platform.schema(id)
        else { return nil }
        let session = Session(platform: platform, viewer: viewer, now: now, reader: store, writer: nil)
        guard try session.row(schema, record) != nil else { return nil }
        return JSON.object([
            "type": .string("\(id).\(kind)"), "timestamp": .string(at.iso),
            "data": [
                "id": .string(record.description), "version": event["version"].json,
                "url": .string("/api/v1/\(schema.app)/\(schema.plural)/\(record)"),
            ],
        ]).text
    }

    private func delivery(_ webhook: Webhook, _ event: Row, _ body: String, _ now: Instant) -> Row {
        var row = Row(new: Tables.delivery, id: .at(now))
        row["webhook"] = .reference(webhook.id)
        row["event"] = .reference(event.id)
        row["at"] = .instant(now)
        row["attempts"] = .integer(0)
        row["state"] = .text("waiting")
        row["due-at"] = .instant(now)
        row["body"] = .text(body)
        return row
    }

    // MARK: Out

    /// Sends some of what is due to a receiver; false when nothing was.
    private func sendDue(to webhook: RecordID) async throws -> Bool {
        let messages = try await take(for: webhook)
        guard !messages.isEmpty else { return false }
        let outcomes = await withTaskGroup(of: (RecordID, WebhookOutcome).self) { group in
            for message in messages { group.addTask { (message.id, await sender.send(message)) } }
            return await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
        }
        try await settle(outcomes)
        return true
    }

    /// Takes due deliveries under a lease, so that no other server sends them at the same time.
    private func take(for receiver: RecordID) async throws -> [WebhookMessage] {
        let now = platform.now
        let vault = platform.vault
        let due = Condition.all([due(now), .compare("webhook", .equal, .value(.reference(receiver)))])
        return try await platform.store.write { store in
            var messages: [WebhookMessage] = []
            for var row in try store.rows(Query(Tables.delivery, where: due, sort: [Sort("due-at")], limit: WebhookDispatch.together)) {
                guard let id = row.id("webhook"), let hook = try store.row(Tables.webhook, id), let webhook = Webhook(hook),
                      let wrapped = hook.text("secret").flatMap({ Data(base64Encoded: $0) })
                else { try store.delete(Tables.delivery, row.id); continue }
                if webhook.isPaused {
                    row["due-at"] = .instant(now.adding(seconds: 3600))
                    _ = try store.update(row, expected: nil)
                    continue
                }
                row["attempts"] = .integer(Int64((row.integer("attempts") ?? 0) + 1))
                row["due-at"] = .instant(now.adding(seconds: 120))
                _ = try store.update(row, expected: nil)
                let timestamp = Int(now.microseconds / 1_000_000), body = row.text("body") ?? ""
                messages.append(WebhookMessage(
                    id: row.id, url: webhook.url, body: body, timestamp: timestamp,
                    signature: WebhookSecret(try vault.unwrap(wrapped)).signature(id: "msg_\(row.id)", timestamp: timestamp, body: body),
                    attempt: row.integer("attempts") ?? 1))
            }
            return messages
        }
    }

    private func settle(_ outcomes: [RecordID: WebhookOutcome]) async throws {
        let now = platform.now
        try await platform.store.write { store in
            for (id, outcome) in outcomes {
                guard var row = try store.row(Tables.delivery, id) else { continue }
                let attempts = row.integer("attempts") ?? 1
                var isDone = false
                switch outcome {
                case .answered(let status):
                    row["status"] = .integer(Int64(status))
                    row["fault"] = .null
                    isDone = (200..<300).contains(status)
                    if status == 410, let hook = row.id("webhook"), var webhook = try store.row(Tables.webhook, hook) {
                        // Gone: the receiver wants no more.
                        webhook["is-paused"] = .bool(true)
                        _ = try store.update(webhook, expected: nil)
                    }
                case .failed(let fault):
                    row["status"] = .null
                    row["fault"] = .text(String(fault.prefix(200)))
                }
                let pause = attempts <= WebhookDispatch.pauses.count ? WebhookDispatch.pauses[attempts - 1] : nil
                row["state"] = .text(isDone ? "done" : pause == nil ? "set-aside" : "waiting")
                row["due-at"] = isDone ? .null : pause.map { .instant(now.adding(seconds: $0)) } ?? .null
                _ = try store.update(row, expected: nil)
            }
        }
    }

    /// Deliveries are kept for thirty days.
    private func forget() async throws {
        let old = Condition.all([
            .compare("state", .notEqual, .value(.text("waiting"))), .compare("at", .less, .value(.instant(platform.now.adding(days: -30)))),
        ])
        guard try await platform.store.read({ try $0.count(Tables.delivery, where: old, upTo: 1).number }) > 0 else { return }
        try await platform.store.write { try $0.delete(Tables.delivery, where: old) }
    }
}

extension Platform {
    /// The job that brings events to webhooks, every five seconds.
    public static func webhookJob(_ sender: any WebhookSending) -> JobDefinition {
        JobDefinition("kernel.webhooks", every: 5, attempts: 1) { run in
            try await WebhookDispatch(platform: run.platform, sender: sender).run()
        }
    }

    /// Brings what is due to the webhooks now.
    public func dispatchWebhooks(_ sender: any WebhookSending) async throws {
        try await WebhookDispatch(platform: self, sender: sender).run()
    }
}
