import Kernel

/// The description of the service (OpenAPI 3.0), for what the reader may see.
struct OGCDescription {
    let service: OGCService

    private func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String { service.say(key, arguments) }

    var json: JSON {
        var paths: [String: JSON] = [
            "/": operation("landing", say("title", ["organisation": .text(service.session.platform.configuration.organisation)]), tag: "service", "landing"),
            "/conformance": operation("conformance", say("conformance"), tag: "service", "conformance"),
            "/api": operation("definition", say("definition"), tag: "service", nil, type: OGCType.openAPI),
            "/collections": operation("collections", say("collections"), tag: "service", "collections"),
        ]
        let all = OGCCollection.all(service.session)
        for collection in all { paths.merge(self.paths(collection)) { first, _ in first } }
        return [
            "openapi": "3.0.3",
            "info": [
                "title": .string(say("title", ["organisation": .text(service.session.platform.configuration.organisation)])), "version": "1.0.0",
                "description": .string(say("about") + " " + say("boundaries")),
            ],
            "servers": [["url": .string(service.root)]], "security": [["token": []], ["browser": []]],
            "tags": .array([["name": "service", "description": .string(say("name"))]] + all.map { ["name": .string($0.id), "description": .string(service.name($0))] }),
            "paths": .object(paths),
            "components": ["schemas": OGCShapes.all, "parameters": .object(shared), "responses": .object(problems), "securitySchemes": security],
        ]
    }

    // MARK: Paths

    private func paths(_ collection: OGCCollection) -> [String: JSON] {
        let name = service.name(collection), path = collection.path
        let words: [String: WordArgument] = ["records": .text(name)]
        func id(_ operation: String) -> String { "\(collection.id).\(operation)" }
        let parameters = ["limit", "bbox", "datetime", "filter", "filter-lang", "filter-crs", "after"].map(Self.reference) + [sortby(collection), fields(collection)]
            + collection.parameters(service.session).map { property($0, collection) }
        let conditions = ["datetime", "filter", "filter-lang", "filter-crs"].map(Self.reference)
        return [
            path: operation(id("collection"), say("op.collection", words), tag: collection.id, "collection"),
            path + "/queryables": operation(id("queryables"), say("op.queryables", words), tag: collection.id, nil, type: OGCType.schema),
            path + "/items": operation(id("items"), say("op.items", words), tag: collection.id, "featureCollection", type: OGCType.geoJSON, parameters),
            path + "/items/{featureId}": operation(id("item"), say("op.item", words), tag: collection.id, "feature", type: OGCType.geoJSON, [Self.reference("featureId")], codes: [404]),
            path + "/tiles": operation(id("tilesets"), say("op.tiles", words), tag: collection.id, nil),
            path + "/tiles/\(OGCResource.matrixSet)": operation(id("tileset"), say("op.tiles", words), tag: collection.id, nil),
            path + "/tiles/\(OGCResource.matrixSet)/{tileMatrix}/{tileRow}/{tileCol}": tile(collection, say("op.tile", words), conditions),
        ]
    }

    private func operation(_ id: String, _ summary: String, tag: String, _ shape: String?, type: String = OGCType.json, _ parameters: [JSON] = [], codes: [Int] = []) -> JSON {
        let schema: JSON = shape.map { ["$ref": .string("#/components/schemas/\($0)")] } ?? ["type": "object"]
        let content: JSON = .object([type: ["schema": schema], OGCType.html: ["schema": ["type": "string"]]])
        return ["get": .object([
            "operationId": .string(id), "summary": .string(summary), "tags": [.string(tag)], "parameters": .array([Self.reference("f")] + parameters),
            "responses": responses(["200": ["description": .string(summary), "content": content]], codes),
        ])]
    }

    private func tile(_ collection: OGCCollection, _ summary: String, _ conditions: [JSON]) -> JSON {
        let places: [JSON] = ["tileMatrix", "tileRow", "tileCol"].map { name in
            ["name": .string(name), "in": "path", "required": true, "schema": ["type": "integer", "minimum": 0]]
        }
        let content: JSON = .object([OGCType.tile: ["schema": ["type": "string", "format": "binary"]]])
        return ["get": .object([
            "operationId": .string("\(collection.id).tile"), "summary": .string(summary), "tags": [.string(collection.id)], "parameters": .array(places + conditions),
            "responses": responses(["200": ["description": .string(summary), "content": content], "204": ["description": .string(say("tile.empty"))]], [404]),
        ])]
    }

    private func responses(_ good: [String: JSON], _ codes: [Int]) -> JSON {
        .object(([304, 400, 401, 429, 500, 503] + codes).reduce(into: good) { $0[String($1)] = ["$ref": .string("#/components/responses/\($1)")] })
    }

    // MARK: Parameters

    private static func reference(_ name: String) -> JSON { ["$ref": .string("#/components/parameters/\(name)")] }

    private func query(_ name: String, _ about: String, _ schema: JSON, isList: Bool = false) -> JSON {
        var members: [String: JSON] = ["name": .string(name), "in": "query", "required": false, "description": .string(about), "schema": schema, "style": "form", "explode": false]
        if !isList { members["explode"] = false }
        return .object(members)
    }

    private func property(_ field: FieldSchema, _ collection: OGCCollection) -> JSON {
        query(field.name, service.label(field, collection), collection.shape(field))
    }

    private func sortby(_ collection: OGCCollection) -> JSON {
        let names = ListQuery.sortable(collection.schema, service.session).sorted().flatMap { [JSON.string($0), .string("-\($0)"), .string("+\($0)")] }
        return query("sortby", say("parameter.sortby"), ["type": "array", "items": ["type": "string", "enum": .array(names)], "minItems": 1, "maxItems": 3])
    }

    private func fields(_ collection: OGCCollection) -> JSON {
        let names = ListQuery.columns(collection.schema, service.session).map { JSON.string($0.name) }
        return query("properties", say("parameter.properties"), ["type": "array", "items": ["type": "string", "enum": .array(names)], "minItems": 1])
    }

    private var shared: [String: JSON] {
        let greatest = JSON.integer(Int64(OGCItemsQuery.greatestLimit)), standard = JSON.integer(Int64(OGCItemsQuery.standardLimit))
        return [
            "f": query("f", say("parameter.f"), ["type": "string", "enum": ["json", "html"]]),
            "limit": query("limit", say("parameter.limit"), ["type": "integer", "minimum": 1, "maximum": greatest, "default": standard]),
            "bbox": query("bbox", say("parameter.bbox"), ["type": "array", "items": ["type": "number"], "minItems": 4, "maxItems": 6]),
            "datetime": query("datetime", say("parameter.datetime"), ["type": "string"]),
            "filter": query("filter", say("parameter.filter"), ["type": "string", "maxLength": .integer(Int64(CQL2Scanner.mostCharacters))]),
            "filter-lang": query("filter-lang", say("parameter.filter-lang"), ["type": "string", "enum": ["cql2-text"], "default": "cql2-text"]),
            "filter-crs": query("filter-crs", say("parameter.filter-crs"), ["type": "string", "enum": [.string(OGCItemsQuery.crs84)], "default": .string(OGCItemsQuery.crs84)]),
            "after": query("after", say("parameter.after"), ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,4000}$"]),
            "featureId": ["name": "featureId", "in": "path", "required": true, "description": .string(say("identifier")), "schema": ["type": "string", "format": "uuid"]],
        ]
    }

    // MARK: Answers

    private var problems: [String: JSON] {
        let content: JSON = .object([Problem.mediaType: ["schema": ["$ref": "#/components/schemas/exception"]]])
        let codes = [400, 401, 404, 429, 500, 503].map { code in
            (String(code), ["description": .string(Problem.title(code, service.session.platform.words, service.language)), "content": content] as JSON)
        }
        return Dictionary(uniqueKeysWithValues: codes + [("304", ["description": .string(say("same"))])])
    }

    private var security: JSON {
        let words = ApiWords(platform: service.session.platform, language: service.language)
        return [
            "token": ["type": "http", "scheme": "bearer", "description": .string(words.say("api.security.token"))],
            "browser": ["type": "apiKey", "in": "cookie", "name": .string(Cookies.session), "description": .string(words.say("api.security.browser"))],
        ]
    }
}
