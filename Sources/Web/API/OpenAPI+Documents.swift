import Kernel

extension OpenAPI {
    /// The documents of a standard that apps give to programs and take from them, each at its page's path.
    var documentPaths: [String: JSON] {
        var paths: [String: JSON] = [:]
        for app in session.platform.registry.apps {
            for page in app.pages where page.isForPrograms && page.roles.contains(where: { session.access.holds($0) || $0.relation == .always }) {
                paths["/api/v1/\(app.name)/\(page.path)"] = .object(operations(page, of: app.name))
            }
        }
        return paths
    }

    private func operations(_ page: Page, of app: String) -> [String: JSON] {
        let path = "/\(app)/\(page.path)", id = "\(app).documents." + page.path.filter { $0.isLetter || $0 == "-" }
        let parameters = page.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { part -> JSON in
            let name = String(part.dropFirst().dropLast())
            return ["name": .string(name), "in": "path", "required": true, "description": .string(words.say("api.parameter.id")), "schema": ["type": "string", "pattern": "^[A-Za-z0-9-]{1,60}$"]]
        }
        var operations: [String: JSON] = [:]
        if page.answersGet {
            let content = OpenAPI.content(["type": "string"], type: page.document ?? "application/json")
            let good: JSON = ["description": .string(words.say("api.answer.document")), "content": content]
            operations["get"] = operation("\(id).get", "api.op.document", ["path": .text(path)], parameters: parameters, responses: OpenAPI.responses(["200": good], []))
        }
        if page.answersPost {
            let place = FieldShapes.object([("url", ["type": "string", "format": "uri-reference"])], required: ["url"])
            operations["post"] = operation(
                "\(id).bring", "api.op.document.bring", ["path": .text(path)], parameters: parameters,
                body: OpenAPI.content(["type": "string", "format": "binary"], type: "application/octet-stream"),
                responses: OpenAPI.responses(["201": answer("api.answer.document.brought", place, headers: ["Location": OpenAPI.location])], OpenAPI.writing))
        }
        return operations
    }
}
