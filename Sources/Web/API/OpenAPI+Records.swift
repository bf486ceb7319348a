import Kernel

/// The paths and schemas of one record type.
struct OpenAPIRecord {
    let api: OpenAPI
    let schema: Schema
    private let classes: Set<FieldClass>

    init(api: OpenAPI, schema: Schema) {
        self.api = api
        self.schema = schema
        classes = api.session.access.possibleClasses(schema)
    }

    private var base: String { "/api/v1/\(schema.app)/\(schema.plural)" }
    private var record: JSON { OpenAPI.ref(schema.id) }
    private var names: [String: WordArgument] { ["record": .text(api.words.singular(schema)), "records": .text(api.words.plural(schema))] }
    private var creatable: [FieldSchema] { api.session.fieldsToCreate(schema) }
    private var changeable: [FieldSchema] { schema.ownFields.filter { !$0.isSystemSet && !$0.isOnce && $0.kind != .files && classes.contains($0.fieldClass) } }

    private func operation(_ name: String, _ key: String, _ extra: [String: WordArgument] = [:], parameters: [JSON] = [], body: JSON? = nil, isBodyRequired: Bool = true, responses: JSON) -> JSON {
        api.operation(
            "\(schema.app).\(schema.plural).\(name)", tag: schema.id, key, names.merging(extra) { $1 }, parameters: parameters, body: body,
            isBodyRequired: isBodyRequired, responses: responses)
    }

    // MARK: Schemas

    var components: [String: JSON] {
        [
            schema.id: .object(titled(answered)), "\(schema.id).create": .object(titled(FieldShapes.create(creatable))),
            "\(schema.id).change": .object(titled(FieldShapes.change(changeable))),
        ]
    }

    /// The schema with the names of its fields.
    private func titled(_ shape: JSON) -> [String: JSON] {
        var members = shape.object ?? [:]
        members["title"] = .string(api.words.singular(schema))
        members["properties"] = .object((members["properties"]?.object ?? [:]).reduce(into: [:]) { result, entry in
            var property = entry.value.object ?? [:]
            if let field = schema.field(entry.key) { property["title"] = .string(api.words.label(field, of: schema)) }
            result[entry.key] = .object(property)
        })
        return members
    }

    private var answered: JSON {
        let fields = RecordJSON.systemFields(schema) + schema.ownFields.filter { classes.contains($0.fieldClass) }
        var members = fields.map { field -> (String, JSON) in
            if field.name == "state", let lifecycle = schema.lifecycle { return ("state", ["type": "string", "enum": .array(lifecycle.states.map { .string($0.name) })]) }
            return (field.name, FieldShapes.answered(field))
        }
        members.append(("titles", ["type": "object", "additionalProperties": ["type": "string"]]))
        members.append(("moves", ["type": "array", "items": ["type": "string"]]))
        return FieldShapes.object(members, required: ["id"])
    }

    // MARK: Paths

    var paths: [String: JSON] {
        var paths: [String: JSON] = [
            base: ["get": list, "post": create], "\(base)/bulk": ["post": bulk],
            "\(base)/{id}": ["parameters": [OpenAPI.parameter("id")], "get": one, "patch": change],
            "\(base)/{id}/history": item("get", operation("history", "api.op.history", responses: OpenAPI.responses(["200": api.answer("api.answer.history", OpenAPI.items(OpenAPI.ref("history-line")))], []))),
            "\(base)/{id}/working": item("get", operation(
                "working", "api.op.working", parameters: [api.query("of", "api.parameter.of", ["type": "string", "enum": .array(subjects)], isRequired: true)],
                responses: OpenAPI.responses(["200": api.answer("api.answer.working", OpenAPI.ref("working"))], []))),
        ]
        for move in schema.lifecycle?.moves ?? [] { paths["\(base)/{id}/moves/\(move.name)"] = item("post", self.move(move)) }
        if schema.features.contains(.comments) { paths["\(base)/{id}/comments"] = comments }
        if schema.features.contains(.attachments) { paths.merge(attachments) { $1 } }
        return paths
    }

    private func item(_ method: String, _ operation: JSON) -> JSON { ["parameters": [OpenAPI.parameter("id")], method: operation] }

    /// What can be explained of a record.
    private var subjects: [JSON] {
        let fields = schema.ownFields.filter { classes.contains($0.fieldClass) && $0.fieldClass != .sensitive && $0.kind != .secret }
        return (["access"] + schema.clocks.map { "due:\($0.name)" } + (schema.lifecycle?.moves ?? []).map { "refusal:\($0.name)" } + fields.map { "field:\($0.name)" }).map(JSON.string)
    }

    private var list: JSON {
        let session = api.session
        var parameters = [OpenAPI.parameter("q"), OpenAPI.parameter("limit"), OpenAPI.parameter("after"), OpenAPI.parameter("count")]
        let views = ListQuery.views(schema, session)
        if !views.isEmpty { parameters.append(api.query("view", "api.parameter.view", ["type": "string", "enum": .array(views.map { .string($0.name) })])) }
        let sortable = ListQuery.sortable(schema, session).sorted()
        if !sortable.isEmpty {
            parameters.append(api.query("sort", "api.parameter.sort", [
                "type": "array", "items": ["type": "string", "enum": .array(sortable.flatMap { [.string($0), .string("-\($0)")] })], "minItems": 1, "maxItems": 3,
            ], isList: true))
        }
        let columns = ["id", "version"] + ListQuery.columns(schema, session).map(\.name)
        parameters.append(api.query("fields", "api.parameter.fields", ["type": "array", "items": ["type": "string", "enum": .array(columns.map(JSON.string))], "minItems": 1, "maxItems": .integer(Int64(columns.count))], isList: true))
        parameters.append(api.query("expand", "api.parameter.expand", ["type": "array", "items": ["type": "string", "enum": ["titles"]], "minItems": 1, "maxItems": 1], isList: true))
        for field in ListQuery.filterable(schema, session) { parameters += filters(field) }
        let page = FieldShapes.object([
            ("items", ["type": "array", "items": record]), ("next", ["type": ["string", "null"]]),
            ("count", FieldShapes.object([("number", ["type": "integer"]), ("is-capped", ["type": "boolean"]), ("about", ["type": "integer"])], required: ["number", "is-capped"])),
        ], required: ["items", "next"])
        let answer = api.answer("api.answer.list", page, headers: ["Link": OpenAPI.header("^<.*>; rel=\"next\"$", isRequired: false)])
        return operation("list", "api.op.list", parameters: parameters, responses: OpenAPI.responses(["200": answer], []))
    }

    private func filters(_ field: FieldSchema) -> [JSON] {
        let states = field.isSystem && field.name == "state" ? schema.lifecycle?.states.map(\.name) : nil
        let value = FieldShapes.filtered(field, states: states)
        var parameters: [JSON] = []
        func add(_ operation: String?, _ schema: JSON, isList: Bool = false) {
            let name = "filter[\(field.name)]" + (operation.map { "[\($0)]" } ?? "")
            parameters.append(api.query(name, "api.filter.\(operation ?? "one-of")", schema, isList: isList))
        }
        let operations = ListQueryOperations.of(field)
        if operations.contains("is") || operations.contains("includes") {
            let word: JSON = ["type": "string", "enum": ["none"]]
            let takesNone = field.kind != .text && field.kind != .longText && !field.choices.contains("none") && states == nil
            let isText = field.kind == .text && states == nil || field.kind == .longText
            add(nil, ["type": "array", "items": isText ? FieldShapes.listedText : takesNone ? ["anyOf": [value, word]] : value, "minItems": 1, "maxItems": .integer(Int64(ListQuery.mostValues))], isList: true)
        }
        for operation in operations where operation != "is" {
            switch operation {
            case "empty": add(operation, ["type": "boolean"])
            case "contains": add(operation, ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Shape.line)])
            case "within":
                let longitude = "-?(180|(1[0-7][0-9]|[0-9]{1,2})(\\.[0-9]{1,6})?)", latitude = "-?(90|[0-8]?[0-9](\\.[0-9]{1,6})?)"
                add(operation, ["type": "string", "pattern": .string("^\(longitude),\(latitude),\(longitude),\(latitude)$")])
            default: add(operation, value)
            }
        }
        return parameters
    }

    private var create: JSON {
        var media: [String: JSON] = ["schema": OpenAPI.ref("\(schema.id).create")]
        if let example = FieldShapes.example(creatable) { media["example"] = example }
        let body: JSON = ["application/json": .object(media)]
        let answer = api.answer("api.answer.created", record, headers: ["ETag": OpenAPI.etag, "Location": OpenAPI.location])
        return operation("create", "api.op.create", parameters: [OpenAPI.parameter("idempotency-key")], body: body, responses: OpenAPI.responses(["201": answer], OpenAPI.writing))
    }

    private var one: JSON {
        let expand = api.query("expand", "api.parameter.expand", ["type": "array", "items": ["type": "string", "enum": ["titles", "moves"]], "minItems": 1, "maxItems": 2], isList: true)
        return operation("read", "api.op.read", parameters: [OpenAPI.parameter("if-none-match"), expand], responses: OpenAPI.responses([
            "200": api.answer("api.answer.record", record, headers: ["ETag": OpenAPI.etag]), "304": ["description": .string(api.words.say("api.answer.same"))],
        ], []))
    }

    private var change: JSON {
        let shape = OpenAPI.ref("\(schema.id).change")
        let body: JSON = ["application/merge-patch+json": ["schema": shape], "application/json": ["schema": shape]]
        return operation(
            "change", "api.op.change", parameters: [OpenAPI.parameter("if-match-required"), OpenAPI.parameter("idempotency-key")], body: body,
            responses: OpenAPI.responses(["200": api.answer("api.answer.record", record, headers: ["ETag": OpenAPI.etag])], OpenAPI.writing + [412, 428]))
    }

    private func move(_ move: MoveSchema) -> JSON {
        let fields = API.movable(schema, move)
        let verb = api.session.platform.words.say("\(schema.name).move.\(move.name)", scope: schema.app, in: api.words.language)
        return operation(
            "move.\(move.name)", "api.op.move", ["move": .text(verb)], parameters: [OpenAPI.parameter("if-match"), OpenAPI.parameter("idempotency-key")],
            body: OpenAPI.content(FieldShapes.move(fields)), isBodyRequired: false,
            responses: OpenAPI.responses(["200": api.answer("api.answer.record", record, headers: ["ETag": OpenAPI.etag])], OpenAPI.writing + [412]))
    }

    private var bulk: JSON {
        let result = FieldShapes.object([("status", ["type": "integer"]), ("record", record), ("problem", OpenAPI.ref("problem"))], required: ["status"])
        let answer = api.answer("api.answer.bulk", FieldShapes.object([("results", ["type": "array", "items": result])], required: ["results"]))
        return operation(
            "bulk", "api.op.bulk", parameters: [OpenAPI.parameter("idempotency-key")], body: OpenAPI.content(API.bulkShape),
            responses: OpenAPI.responses(["200": answer], OpenAPI.writing + [412]))
    }

    // MARK: Messages and files

    private var comments: JSON {
        let created = api.answer("api.answer.comment", OpenAPI.ref("comment"), headers: ["Location": OpenAPI.location])
        return [
            "parameters": [OpenAPI.parameter("id")],
            "get": operation("comments", "api.op.comments", responses: OpenAPI.responses(["200": api.answer("api.answer.comments", OpenAPI.items(OpenAPI.ref("comment")))], [])),
            "post": operation(
                "comment", "api.op.comment", parameters: [OpenAPI.parameter("idempotency-key")], body: OpenAPI.content(API.commentShape),
                responses: OpenAPI.responses(["201": created], OpenAPI.writing)),
        ]
    }

    private var attachments: [String: JSON] {
        let created = api.answer("api.answer.attachment", OpenAPI.ref("attachment"), headers: ["Location": OpenAPI.location])
        let visibility: JSON = ["type": "string", "enum": ["open", "internal"]]
        let form: JSON = FieldShapes.object([("file", ["type": "string", "format": "binary"]), ("visibility", visibility)], required: ["file"])
        let content: JSON = [
            "description": .string(api.words.say("api.answer.content")),
            "content": ["*/*": ["schema": ["type": "string", "format": "binary"]]],
        ]
        return [
            "\(base)/{id}/attachments": [
                "parameters": [OpenAPI.parameter("id")],
                "get": operation("attachments", "api.op.attachments", responses: OpenAPI.responses(["200": api.answer("api.answer.attachments", OpenAPI.items(OpenAPI.ref("attachment")))], [])),
                "post": operation(
                    "attach", "api.op.attach",
                    parameters: [
                        api.query("filename", "api.parameter.filename", API.fileNameShape, isRequired: true), api.query("visibility", "api.parameter.visibility", visibility),
                        OpenAPI.parameter("idempotency-key"),
                    ],
                    body: ["application/octet-stream": ["schema": ["type": "string", "format": "binary"]], "multipart/form-data": ["schema": form]],
                    responses: OpenAPI.responses(["201": created], OpenAPI.writing)),
            ],
            "\(base)/{id}/attachments/{attachment}": [
                "parameters": [
                    OpenAPI.parameter("id"),
                    ["name": "attachment", "in": "path", "required": true, "description": .string(api.words.say("api.parameter.attachment")), "schema": ["type": "string", "format": "uuid"]],
                ],
                "get": operation("content", "api.op.content", responses: OpenAPI.responses(["200": content], [])),
            ],
        ]
    }
}
