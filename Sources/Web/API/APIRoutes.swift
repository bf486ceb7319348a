import Kernel

/// One method of one path.
struct APIOperation: Sendable {
    /// What kind of body it takes.
    enum Body: Sendable { case none, json, patch, file }

    var body: Body = .none
    /// The parameters it knows; nil: the operation checks them itself.
    var parameters: Set<String>? = []
    let run: @Sendable (APIRequest) async throws -> APIAnswer

    func check(_ request: APIRequest) throws {
        if let parameters { try request.checkQuery(parameters) }
    }
}

extension API {
    /// The operation of a request: 404 for a path that is none, 405 for a method it does not answer, 401 before anything of it is told.
    func route(_ request: APIRequest) throws -> APIOperation {
        guard request.viewer != nil else { throw Refusal("unauthenticated", .unauthenticated) }
        guard let segments = request.segments, let operations = try operations(segments, request) else { throw Refusal.absent }
        let allowed = (operations.keys.sorted() + (operations["GET"] == nil ? [] : ["HEAD"]) + ["OPTIONS"]).sorted()
        if request.method == "OPTIONS" {
            return APIOperation(parameters: nil) { _ in APIAnswer(status: 204, headers: ["allow": allowed.joined(separator: ", ")]) }
        }
        guard let operation = operations[request.method] else { throw APIFault.method(allowed: allowed) }
        return operation
    }

    /// What a path answers, by method.
    private func operations(_ path: [String], _ request: APIRequest) throws -> [String: APIOperation]? {
        switch path.first {
        case "me" where path.count == 1: return ["GET": APIOperation(run: me)]
        case "search" where path.count == 1: return ["GET": APIOperation(parameters: ["q", "limit"], run: search)]
        case "measures" where path.count == 1: return ["GET": APIOperation(run: measures)]
        case "measures" where path.count == 2:
            return ["GET": APIOperation(parameters: nil) { try await measure(path[1], $0) }]
        case "webhooks": return try webhookOperations(Array(path.dropFirst()), request)
        default: break
        }
        if let operations = appOperations(path) { return operations }
        guard path.count >= 2, let schema = platform.schema(app: path[0], plural: path[1]), Access(try request.signedIn(), at: platform.now).sees(schema)
        else { return nil }
        return recordOperations(Array(path.dropFirst(2)), schema)
    }

    /// What the paths of a record type answer; `path` is what follows its plural.
    private func recordOperations(_ path: [String], _ schema: Schema) -> [String: APIOperation]? {
        guard let name = path.first else {
            return [
                "GET": APIOperation(parameters: nil) { try await list(schema, $0) },
                "POST": APIOperation(body: .json) { try await create(schema, $0) },
            ]
        }
        if path == ["bulk"] { return ["POST": APIOperation(body: .json) { try await bulk(schema, $0) }] }
        switch path.dropFirst().first {
        case nil:
            return [
                "GET": APIOperation(parameters: ["expand"]) { try await one(schema, name, $0) },
                "PATCH": APIOperation(body: .patch) { try await change(schema, name, $0) },
            ]
        case "moves" where path.count == 3 && schema.lifecycle?.move(path[2]) != nil:
            return ["POST": APIOperation(body: .json) { try await move(schema, name, path[2], $0) }]
        case "history" where path.count == 2: return ["GET": APIOperation { try await history(schema, name, $0) }]
        case "working" where path.count == 2: return ["GET": APIOperation(parameters: ["of"]) { try await working(schema, name, $0) }]
        case "comments" where path.count == 2 && schema.features.contains(.comments):
            return [
                "GET": APIOperation { try await comments(schema, name, $0) },
                "POST": APIOperation(body: .json) { try await comment(schema, name, $0) },
            ]
        case "attachments" where path.count == 2 && schema.features.contains(.attachments):
            return [
                "GET": APIOperation { try await attachments(schema, name, $0) },
                "POST": APIOperation(body: .file, parameters: ["filename", "visibility"]) { try await attach(schema, name, $0) },
            ]
        case "attachments" where path.count == 3 && schema.features.contains(.attachments):
            return ["GET": APIOperation { try await content(schema, name, path[2], $0) }]
        default: return nil
        }
    }
}

extension Access {
    /// Whether a record type exists for the viewer at all.
    func sees(_ schema: Schema) -> Bool { condition(.read, on: schema) != .never || condition(.create, on: schema) != .never }
}
