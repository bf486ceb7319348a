import Foundation
import Hummingbird
import Kernel

/// The description of the interface (OpenAPI 3.1), made from the declarations for what the reader may see. Its schemas are the ones that requests are held to.
struct OpenAPI {
    let session: Session
    let words: ApiWords

    init(session: Session) {
        self.session = session
        words = ApiWords(platform: session.platform, language: session.viewer.language)
    }

    /// The record types that exist for the reader, in the order of their names.
    var schemas: [Schema] { session.platform.schemas.filter(session.sees).sorted { $0.id < $1.id } }

    var json: JSON {
        var paths: [String: JSON] = [:], parts = OpenAPI.sharedSchemas
        for schema in schemas {
            let record = OpenAPIRecord(api: self, schema: schema)
            paths.merge(record.paths) { first, _ in first }
            parts.merge(record.components) { first, _ in first }
        }
        paths.merge(platformPaths) { first, _ in first }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(session.platform.configuration.organisation), "version": "1.0.0", "description": .string(words.say("api.description")),
            ],
            "servers": [["url": "/"]],
            "security": [["token": []], ["browser": []]],
            "tags": .array(schemas.map { ["name": .string($0.id), "description": .string(words.plural($0))] } + [["name": "platform", "description": .string(words.say("api.platform"))]]),
            "paths": .object(paths),
            "components": [
                "schemas": .object(parts), "parameters": .object(sharedParameters), "responses": .object(problems),
                "securitySchemes": [
                    "token": ["type": "http", "scheme": "bearer", "bearerFormat": "mdt_…", "description": .string(words.say("api.security.token"))],
                    "browser": ["type": "apiKey", "in": "cookie", "name": .string(Cookies.session), "description": .string(words.say("api.security.browser"))],
                ],
            ],
        ]
    }

    // MARK: Pieces

    static func ref(_ name: String) -> JSON { ["$ref": .string("#/components/schemas/\(name)")] }
    static func parameter(_ name: String) -> JSON { ["$ref": .string("#/components/parameters/\(name)")] }
    static func content(_ schema: JSON, type: String = "application/json") -> JSON { .object([type: ["schema": schema]]) }

    /// A good answer.
    func answer(_ key: String, _ schema: JSON?, headers: [String: JSON] = [:]) -> JSON {
        var members: [String: JSON] = ["description": .string(words.say(key))]
        if let schema { members["content"] = OpenAPI.content(schema) }
        if !headers.isEmpty { members["headers"] = .object(headers) }
        return .object(members)
    }

    static func header(_ pattern: String? = nil, isRequired: Bool = true) -> JSON {
        var schema: [String: JSON] = ["type": "string"]
        if let pattern { schema["pattern"] = .string(pattern) }
        return ["schema": .object(schema), "required": .bool(isRequired)]
    }
    static let etag = header("^\"[0-9]+\"$")
    static let location = header("^/api/v1/")

    /// The refusals that any request may meet, with those of this operation.
    static func responses(_ good: [String: JSON], _ codes: [Int]) -> JSON {
        var responses = good
        for code in codes + [400, 401, 404, 429, 500, 503] { responses[String(code)] = ["$ref": .string("#/components/responses/\(code)")] }
        return .object(responses)
    }
    /// The refusals of requests with a body that change something.
    static let writing = [403, 408, 409, 413, 415, 422]

    func operation(
        _ id: String, tag: String = "platform", _ key: String, _ arguments: [String: WordArgument] = [:], parameters: [JSON] = [], body: JSON? = nil,
        isBodyRequired: Bool = true, responses: JSON
    ) -> JSON {
        var members: [String: JSON] = [
            "operationId": .string(id), "tags": [.string(tag)], "summary": .string(words.say(key, arguments)), "responses": responses,
        ]
        if words.has(key + ".note") { members["description"] = .string(words.say(key + ".note", arguments)) }
        if !parameters.isEmpty { members["parameters"] = .array(parameters) }
        if let body { members["requestBody"] = ["required": .bool(isBodyRequired), "content": body] }
        return .object(members)
    }

    func query(_ name: String, _ key: String, _ schema: JSON, isRequired: Bool = false, isList: Bool = false) -> JSON {
        var members: [String: JSON] = ["name": .string(name), "in": "query", "required": .bool(isRequired), "schema": schema, "description": .string(words.say(key))]
        if isList {
            members["style"] = "form"
            members["explode"] = false
        }
        return .object(members)
    }

    private var sharedParameters: [String: JSON] {
        func header(_ name: String, _ key: String, _ pattern: String, isRequired: Bool = false) -> JSON {
            [
                "name": .string(name), "in": "header", "required": .bool(isRequired), "description": .string(words.say(key)),
                "schema": ["type": "string", "pattern": .string(pattern)],
            ]
        }
        let tags = APIRequest.tags
        return [
            "id": ["name": "id", "in": "path", "required": true, "description": .string(words.say("api.parameter.id")), "schema": ["type": "string", "pattern": "^[A-Za-z0-9-]{1,60}$"]],
            "limit": query("limit", "api.parameter.limit", ["type": "integer", "minimum": 1, "maximum": .integer(Int64(ListQuery.greatestLimit)), "default": .integer(Int64(ListQuery.standardLimit))]),
            "after": query("after", "api.parameter.after", ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,4000}$"]),
            "q": query("q", "api.parameter.q", ["type": "string", "minLength": 1, "maxLength": 200, "pattern": .string(Shape.line)]),
            "count": query("count", "api.parameter.count", ["type": "boolean"]),
            "if-match": header("If-Match", "api.parameter.if-match", APIRequest.tagsOrNone),
            "if-match-required": header("If-Match", "api.parameter.if-match", tags, isRequired: true),
            "if-none-match": header("If-None-Match", "api.parameter.if-none-match", APIRequest.tagsOrNone),
            "idempotency-key": header("Idempotency-Key", "api.parameter.idempotency-key", "^[!-~]{1,128}$"),
        ]
    }

    private var problems: [String: JSON] {
        let headers: [Int: [String: JSON]] = [
            401: ["WWW-Authenticate": OpenAPI.header(isRequired: false)], 412: ["ETag": OpenAPI.header("^\"[0-9]+\"$", isRequired: false)],
            429: ["Retry-After": OpenAPI.header("^[0-9]+$", isRequired: false)],
        ]
        let codes = [400, 401, 403, 404, 408, 409, 412, 413, 415, 422, 428, 429, 500, 503]
        return Dictionary(uniqueKeysWithValues: codes.map { code in
            var members: [String: JSON] = [
                "description": .string(Problem.title(code, session.platform.words, session.viewer.language)),
                "content": OpenAPI.content(OpenAPI.ref("problem"), type: Problem.mediaType),
            ]
            if let headers = headers[code] { members["headers"] = .object(headers) }
            return (String(code), .object(members))
        })
    }
}

/// The words of the description and of the pages about it.
struct ApiWords {
    let platform: Platform
    let language: Language

    func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { platform.words.say(key, arguments, scope: Words.shared, in: language) }
    func has(_ key: String) -> Bool { platform.words.has(key, scope: Words.shared, language: .en) }

    func singular(_ schema: Schema) -> String { platform.words.say(schema.name, scope: schema.app, in: language) }
    func plural(_ schema: Schema) -> String { platform.words.say("\(schema.name).plural", scope: schema.app, in: language) }

    func label(_ field: FieldSchema, of schema: Schema) -> String {
        if field.isSystem { return say("field.\(field.name)") }
        if field.isAdded { return field.labels[language] ?? field.labels[.en] ?? field.name }
        return platform.words.say("\(schema.name).\(field.name)", scope: schema.app, in: language)
    }
}

extension API {
    /// `/openapi.json`: for somebody who has signed in, what they may see; for a visitor, all there is.
    func describe(_ request: Hummingbird.Request, _ context: WebContext) async throws -> Response {
        var asked = APIRequest(
            method: "GET", path: request.uri.path, query: [:], headers: API.headers(request.headers), language: context.language, requestID: context.requestID)
        do {
            try await authenticate(&asked, context)
            return try await description(asked).response
        } catch {
            return problem(error, asked).response
        }
    }

    func description(_ request: APIRequest) async throws -> APIAnswer {
        let reader = request.viewer ?? .service("description").reading(in: request.language)
        return try await platform.read(as: reader) { .json(OpenAPI(session: $0).json) }
    }
}
