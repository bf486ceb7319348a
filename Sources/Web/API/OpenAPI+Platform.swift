import Kernel

extension OpenAPI {
    static func items(_ item: JSON) -> JSON { FieldShapes.object([("items", ["type": "array", "items": item])], required: ["items"]) }

    private static let id: JSON = ["type": "string", "format": "uuid"]
    private static let moment: JSON = ["type": "string", "format": "date-time"]
    private static let text: JSON = ["type": "string"]
    private static let number: JSON = ["type": "integer"]
    private static let maybeText: JSON = ["type": ["string", "null"]]
    private static let maybeMoment: JSON = ["type": ["string", "null"], "format": "date-time"]
    private static let maybeNumber: JSON = ["type": ["number", "null"]]

    /// A record of answers in which every member is always there.
    private static func whole(_ members: [(String, JSON)]) -> JSON { FieldShapes.object(members, required: members.map(\.0)) }

    /// The schemas that all record types share.
    static var sharedSchemas: [String: JSON] {
        [
            "problem": [
                "type": "object", "required": ["type", "title", "status"],
                "properties": [
                    "type": ["type": "string", "format": "uri-reference"], "title": text, "status": number, "detail": text, "code": text, "instance": text,
                    "field": text, "version": number,
                    "errors": ["type": "array", "items": FieldShapes.object([("field", text), ("code", text), ("detail", text)], required: ["code", "detail"])],
                ],
            ],
            "comment": whole([
                ("id", id), ("at", moment), ("by", id), ("author", text), ("visibility", ["type": "string", "enum": ["open", "internal"]]), ("channel", text),
                ("language", maybeText), ("body", text),
            ]),
            "attachment": whole([
                ("id", id), ("at", moment), ("by", id), ("visibility", ["type": "string", "enum": ["open", "internal"]]), ("name", text), ("type", text),
                ("size", number), ("hash", ["type": "string", "pattern": "^[0-9a-f]{64}$"]), ("url", ["type": "string", "format": "uri-reference"]),
            ]),
            "history-line": whole([
                ("index", number), ("at", moment), ("event", text), ("by", ["type": ["string", "null"], "format": "uuid"]), ("is-intact", ["type": "boolean"]),
                ("facts", ["type": "object"]), ("changes", ["type": "object"]),
            ]),
            "working": whole([
                ("question", text), ("answer", text), ("summary", maybeText),
                ("sections", ["type": "array", "items": whole([("heading", text), ("note", maybeText), ("parts", ["type": "array", "items": ["type": "object"]])])]),
            ]),
            "measure": whole(measureMembers), "measure-reading": FieldShapes.object(
                measureMembers + readingMembers + [("groups", ["type": "array", "items": ["type": "object"]])], required: (measureMembers + readingMembers).map(\.0)),
            "webhook": FieldShapes.object(webhookMembers + [("secret", text)], required: webhookMembers.map(\.0)),
            "delivery": whole([
                ("id", text), ("at", moment), ("state", ["type": "string", "enum": ["waiting", "done", "set-aside"]]), ("attempts", number),
                ("status", ["type": ["integer", "null"]]), ("due-at", maybeMoment), ("fault", maybeText),
            ]),
        ]
    }

    private static let measureMembers: [(String, JSON)] = [
        ("name", text), ("version", number), ("title", text), ("definition", text), ("type", text), ("unit", text), ("dimensions", ["type": "array", "items": text]),
        ("target", maybeNumber), ("source", text), ("days", number),
    ]
    private static let readingMembers: [(String, JSON)] = [
        ("value", maybeNumber), ("n", number), ("hits", ["type": ["integer", "null"]]),
        ("interval", ["type": ["array", "null"], "items": ["type": "number"], "minItems": 2, "maxItems": 2]), ("population", ["type": ["integer", "null"]]),
        ("response-rate", maybeNumber), ("from", maybeMoment), ("until", moment), ("as-of", maybeMoment), ("is-reached", ["type": ["boolean", "null"]]),
    ]
    private static let webhookMembers: [(String, JSON)] = [
        ("id", id), ("url", text), ("kinds", ["type": "array", "items": text]), ("person", id), ("is-paused", ["type": "boolean"]), ("created-at", moment),
    ]

    // MARK: Paths

    /// The paths that belong to no record type.
    var platformPaths: [String: JSON] {
        var paths: [String: JSON] = [
            "/api/v1/me": ["get": operation("me", "api.op.me", responses: OpenAPI.responses(["200": answer("api.answer.me", me)], []))],
            "/api/v1/search": ["get": operation(
                "search", "api.op.search",
                parameters: [
                    query("q", "api.parameter.q", ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Shape.line)], isRequired: true),
                    query("limit", "api.parameter.search-limit", ["type": "integer", "minimum": 1, "maximum": 50, "default": 20]),
                ],
                responses: OpenAPI.responses(["200": answer("api.answer.search", found)], []))],
            "/api/v1/measures": ["get": operation(
                "measures.list", "api.op.measures", responses: OpenAPI.responses(["200": answer("api.answer.measures", OpenAPI.items(OpenAPI.ref("measure")))], []))],
        ]
        for measure in session.measures() { paths["/api/v1/measures/\(measure.name)"] = ["get": self.measure(measure)] }
        paths.merge(documentPaths) { $1 }
        if session.access.holds(.administrator) || session.viewer.isService { paths.merge(webhookPaths) { $1 } }
        return paths
    }

    private func measure(_ measure: Measure) -> JSON {
        let name = session.platform.words.say("measure.\(measure.name.dropFirst(measure.app.count + 1))", scope: measure.app, in: words.language)
        var parameters = [
            query("until", "api.parameter.until", ["type": "string", "format": "date-time", "pattern": .string(FieldShapes.instantPattern)]),
            query("days", "api.parameter.days", ["type": "integer", "minimum": 0, "maximum": 36_600]),
        ]
        if let schema = session.platform.schema(measure.schemaID) {
            let open = session.access.commonClasses(schema)
            let dimensions = measure.dimensions.filter { schema.field($0).map { open.contains($0.fieldClass) } ?? false }
            if !dimensions.isEmpty { parameters.append(query("by", "api.parameter.by", ["type": "string", "enum": .array(dimensions.map(JSON.string))])) }
        }
        return operation(
            "measures.\(measure.name)", "api.op.measure", ["measure": .text(name)], parameters: parameters,
            responses: OpenAPI.responses(["200": answer("api.answer.measure", OpenAPI.ref("measure-reading"))], []))
    }

    private var me: JSON {
        let grant = OpenAPI.whole([
            ("role", OpenAPI.text), ("units", ["type": ["array", "null"], "items": OpenAPI.id]), ("compartments", ["type": "array", "items": OpenAPI.text]), ("until", OpenAPI.maybeMoment),
        ])
        let token = OpenAPI.whole([("id", OpenAPI.id), ("name", OpenAPI.text), ("ends-at", OpenAPI.maybeMoment), ("is-read-only", ["type": "boolean"])])
        return OpenAPI.whole([
            ("id", OpenAPI.id), ("name", OpenAPI.text), ("language", OpenAPI.text), ("time-zone", OpenAPI.text), ("clearance", OpenAPI.text),
            ("grants", ["type": "array", "items": grant]), ("token", ["anyOf": [token, ["type": "null"]]]),
        ])
    }

    private var found: JSON {
        let item = OpenAPI.whole([("id", OpenAPI.id), ("reference", OpenAPI.maybeText), ("title", OpenAPI.text), ("url", ["type": "string", "format": "uri-reference"])])
        return OpenAPI.whole([("groups", ["type": "array", "items": OpenAPI.whole([("type", OpenAPI.text), ("items", ["type": "array", "items": item])])])])
    }

    private var webhookPaths: [String: JSON] {
        let webhook = OpenAPI.ref("webhook")
        let id: JSON = ["name": "id", "in": "path", "required": true, "description": .string(words.say("api.parameter.webhook")), "schema": OpenAPI.id]
        let list = FieldShapes.object([("items", ["type": "array", "items": webhook]), ("kinds", ["type": "array", "items": OpenAPI.text])], required: ["items", "kinds"])
        let patch = API.webhookShape(required: [])
        return [
            "/api/v1/webhooks": [
                "get": operation("webhooks.list", "api.op.webhooks", responses: OpenAPI.responses(["200": answer("api.answer.webhooks", list)], [])),
                "post": operation(
                    "webhooks.create", "api.op.webhook.create", body: OpenAPI.content(API.webhookShape(required: ["url", "kinds"])),
                    responses: OpenAPI.responses(["201": answer("api.answer.webhook.created", webhook, headers: ["Location": OpenAPI.location])], OpenAPI.writing)),
            ],
            "/api/v1/webhooks/{id}": [
                "parameters": [id],
                "get": operation("webhooks.read", "api.op.webhook", responses: OpenAPI.responses(["200": answer("api.answer.webhook", webhook)], [])),
                "patch": operation(
                    "webhooks.change", "api.op.webhook.change", parameters: [OpenAPI.parameter("idempotency-key")],
                    body: ["application/merge-patch+json": ["schema": patch], "application/json": ["schema": patch]],
                    responses: OpenAPI.responses(["200": answer("api.answer.webhook", webhook)], OpenAPI.writing)),
                "delete": operation(
                    "webhooks.remove", "api.op.webhook.remove", responses: OpenAPI.responses(["204": ["description": .string(words.say("api.answer.removed"))]], [403, 409])),
            ],
            "/api/v1/webhooks/{id}/deliveries": [
                "parameters": [id],
                "get": operation("webhooks.deliveries", "api.op.deliveries", responses: OpenAPI.responses(["200": answer("api.answer.deliveries", OpenAPI.items(OpenAPI.ref("delivery")))], [])),
            ],
        ]
    }
}
