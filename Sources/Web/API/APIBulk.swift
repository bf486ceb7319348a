import Kernel

extension API {
    /// Operations in one request.
    static let mostOperations = 100

    /// Creates, changes and moves records of one type: each for itself, or all or none of them.
    func bulk(_ schema: Schema, _ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json()
        try Shape(API.bulkShape).check(body)
        let operations = body["operations"].array ?? []
        let language = request.language, requestID = request.requestID
        if body["atomic"] == true {
            return try await write(request) { session in
                let results = try operations.enumerated().map { index, operation in
                    do { return try API.perform(operation, schema, session) } catch let refusal as Refusal { throw API.located(refusal, at: index) }
                }
                return .json(["results": .array(results)])
            }
        }
        let key = try request.idempotencyKey(), digest = request.digest
        return try await writeInSteps(request) { viewer in
            var results: [JSON] = []
            for (index, operation) in operations.enumerated() {
                do {
                    results.append(try await platform.write(as: viewer) { session in
                        try API.once(key.map { "\($0) \(index)" }, digest, session) { try API.perform(operation, schema, session) }
                    })
                } catch {
                    guard let problem = Problem(error) else { throw error }
                    results.append(["status": .integer(Int64(problem.status)), "problem": problem.json(platform, language, requestID: requestID)])
                }
            }
            return .json(["results": .array(results)])
        }
    }

    /// One operation of many, with what it answered kept in its own transaction: sent again after the server ended in the midst of them, none is done twice.
    /// - Parameter place: the request's key and the operation's number, with a blank between, which no key has; nil without a key.
    private static func once(_ place: String?, _ digest: String, _ session: Session, _ body: () throws -> JSON) throws -> JSON {
        guard let place else { return try body() }
        if let kept = try session.keptAnswer(place), kept.digest == digest { return try JSON(text: kept.body) }
        let result = try body()
        try session.keep(KeptAnswer(status: 200, headers: [:], body: result.text, digest: digest), under: place)
        return result
    }

    /// What a body of operations looks like: a change says of what and from which version, a move says which.
    /// The values of each are held to the record type's own shape when its turn comes.
    static let bulkShape: JSON = {
        func operation(_ name: String, _ members: [(String, JSON)], required: [String]) -> JSON {
            let kind: JSON = ["type": "string", "enum": [.string(name)]]
            return FieldShapes.object([("op", kind), ("values", ["type": "object"])] + members, required: required + ["op"])
        }
        let name: JSON = ["type": "string", "minLength": 1, "maxLength": 80]
        let version: JSON = ["type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991]
        let operations: JSON = ["anyOf": [
            operation("create", [], required: []), operation("change", [("id", name), ("version", version)], required: ["id", "version"]),
            operation("move", [("id", name), ("version", version), ("move", name)], required: ["id", "move"]),
        ]]
        return FieldShapes.object([
            ("atomic", ["type": "boolean"]),
            ("operations", ["type": "array", "minItems": 1, "maxItems": .integer(Int64(mostOperations)), "items": operations]),
        ], required: ["operations"])
    }()

    /// The refusal of one operation, with its place in front of the field. The request as a whole was of the right shape.
    private static func located(_ refusal: Refusal, at index: Int) -> Refusal {
        let place = "operations.\(index)"
        return Refusal(
            refusal.code, refusal.kind == .malformed ? .invalid : refusal.kind, field: refusal.field.map { "\(place).values.\($0)" } ?? place, scope: refusal.scope, refusal.arguments,
            faults: refusal.faults.map { located($0, at: index) })
    }

    private static func perform(_ operation: JSON, _ schema: Schema, _ session: Session) throws -> JSON {
        let values: JSON = operation["values"] == .null ? [:] : operation["values"]
        let version = Shape.whole(operation["version"]).map { Int($0) }
        func found() throws -> Row {
            guard let row = try session.row(schema, named: operation["id"].string ?? "") else { throw Refusal.absent }
            return row
        }
        let row: Row, status: Int64
        switch operation["op"].string {
        case "create": (row, status) = (try create(schema, values, session), 201)
        case "change": (row, status) = (try change(found(), values, version: version, session), 200)
        default: (row, status) = (try move(found(), operation["move"].string ?? "", values, version: version, session), 200)
        }
        return ["status": .integer(status), "record": try RecordJSON(session: session).json(row)]
    }
}
