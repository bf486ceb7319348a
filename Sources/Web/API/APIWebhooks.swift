import Kernel

extension API {
    /// What the paths below `/webhooks` answer. For others than administrators they do not exist.
    func webhookOperations(_ path: [String], _ request: APIRequest) throws -> [String: APIOperation]? {
        guard Access(try request.signedIn(), at: platform.now).holds(.administrator) else { return nil }
        if path.isEmpty {
            return ["GET": APIOperation(run: webhooks), "POST": APIOperation(body: .json, run: addWebhook)]
        }
        guard let id = RecordID(path[0]) else { return nil }
        if path.count == 2, path[1] == "deliveries" { return ["GET": APIOperation { try await deliveries(id, $0) }] }
        guard path.count == 1 else { return nil }
        return [
            "GET": APIOperation { request in
                try await platform.read(as: request.signedIn()) { session in
                    guard let webhook = try session.webhook(id) else { throw Refusal.absent }
                    return .json(API.json(webhook))
                }
            },
            "PATCH": APIOperation(body: .patch) { try await changeWebhook(id, $0) },
            "DELETE": APIOperation { request in
                try await write(request) { session in
                    try session.removeWebhook(id)
                    return APIAnswer(status: 204, headers: ["cache-control": "no-store"])
                }
            },
        ]
    }

    private func webhooks(_ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            .json(["items": .array(try session.webhooks().map(API.json)), "kinds": .array(session.eventTypes().map(JSON.string))])
        }
    }

    private func addWebhook(_ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json()
        try Shape(API.webhookShape(required: ["url", "kinds"])).check(body)
        if request.headers["idempotency-key"] != nil { throw Refusal("no-idempotency-here", .malformed, field: "Idempotency-Key") }
        return try await write(request) { session in
            let (webhook, secret) = try session.addWebhook(url: body["url"].string ?? "", kinds: (body["kinds"].array ?? []).compactMap(\.string))
            var members = API.json(webhook).object ?? [:]
            members["secret"] = .string(secret.text)
            return .json(.object(members), status: 201, headers: ["location": "/api/v1/webhooks/\(webhook.id)", "cache-control": "no-store"])
        }
    }

    private func changeWebhook(_ id: RecordID, _ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json(["application/merge-patch+json", "application/json"])
        return try await write(request) { session in
            guard try session.webhook(id) != nil else { throw Refusal.absent }
            try Shape(API.webhookShape(required: [])).check(body)
            return .json(API.json(try session.changeWebhook(
                id, url: body["url"].string, kinds: body["kinds"].array?.compactMap(\.string), isPaused: body["is-paused"].bool)))
        }
    }

    private func deliveries(_ id: RecordID, _ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            let items = try session.deliveries(id).map { delivery -> JSON in
                [
                    "id": .string("msg_\(delivery.id)"), "at": .string(delivery.at.iso), "state": .string(delivery.state), "attempts": .integer(Int64(delivery.attempts)),
                    "status": delivery.status.map { .integer(Int64($0)) } ?? .null, "due-at": delivery.dueAt.map { .string($0.iso) } ?? .null,
                    "fault": delivery.fault.map(JSON.string) ?? .null,
                ]
            }
            return .json(["items": .array(items)])
        }
    }

    static func webhookShape(required: [String]) -> JSON {
        var members: [(String, JSON)] = [
            ("url", ["type": "string", "format": "uri", "maxLength": 2000, "pattern": "^https?://[!-~]+$"]),
            ("kinds", ["type": "array", "minItems": 1, "maxItems": 100, "items": ["type": "string", "maxLength": 200, "pattern": "^(\\*|[a-z0-9.-]+(\\.\\*)?)$"]]),
        ]
        if required.isEmpty { members.append(("is-paused", ["type": "boolean"])) }
        return FieldShapes.object(members, required: required)
    }

    private static func json(_ webhook: Webhook) -> JSON {
        [
            "id": .string(webhook.id.description), "url": .string(webhook.url), "kinds": .array(webhook.kinds.map(JSON.string)),
            "person": .string(webhook.person.description), "is-paused": .bool(webhook.isPaused), "created-at": .string(webhook.createdAt.iso),
        ]
    }
}
