import Kernel

extension API {
    // MARK: Reading

    func list(_ schema: Schema, _ request: APIRequest) async throws -> APIAnswer {
        try request.checkQuery(ListQuery.names.union(["count", "expand"])) { $0.hasPrefix("filter[") }
        let isCounted = try request.flag("count")
        let extras = try RecordJSON.extras(request, [.titles])
        return try await platform.read(as: request.signedIn()) { session in
            let query = try ListQuery(request.query, schema: schema, session: session, ignoring: ["count", "expand"])
            let page = try session.list(query)
            if extras.contains(.titles) { try session.loadLabels(page.rows) }
            let writer = RecordJSON(session: session), named = query.fields.map(Set.init)
            let guarded = (query.fields ?? []).compactMap(schema.field).contains { $0.fieldClass == .sensitive || $0.kind == .secret }
            let items = try page.rows.map { row in
                try writer.json(guarded ? session.opened(row) : row, fields: named, isOpened: guarded, extras: extras)
            }
            var members: [String: JSON] = ["items": .array(items), "next": .null]
            var headers: [String: String] = [:]
            if let next = page.next {
                var address = "\(request.path)?\(query.address { $0.after = next })"
                for name in ["count", "expand"] { if let value = request.parameter(name) { address += "&\(name)=\(value)" } }
                members["next"] = .string(address)
                headers["link"] = "<\(address)>; rel=\"next\""
            }
            if isCounted {
                let count = try session.total(query)
                var said: [String: JSON] = ["number": .integer(Int64(count.number)), "is-capped": .bool(count.isCapped)]
                if let about = count.about { said["about"] = .integer(Int64(about)) }
                members["count"] = .object(said)
            }
            return .json(.object(members), headers: headers)
        }
    }

    func one(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        let extras = try RecordJSON.extras(request, [.titles, .moves])
        return try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            let headers = ["etag": RecordJSON.etag(row)]
            let isKnown = try request.has(version: row.version)
            if isKnown, extras.isEmpty { return APIAnswer(status: 304, headers: headers.merging(["cache-control": "private, no-cache"]) { $1 }) }
            return .json(try RecordJSON(session: session).json(session.opened(row), isOpened: true, extras: extras), headers: headers)
        }
    }

    func history(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            let items = try session.history(row).map { line -> JSON in
                [
                    "index": .integer(Int64(line.index)), "at": .string(line.at.iso), "event": .string(line.event),
                    "by": line.by.map { .string($0.description) } ?? .null, "is-intact": .bool(line.isIntact), "facts": .object(line.facts),
                    "changes": .object(Dictionary(line.changes.map { ($0.field.name, $0.value) }, uniquingKeysWith: { first, _ in first })),
                ]
            }
            return .json(["items": .array(items)])
        }
    }

    func working(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        guard let subject = request.parameter("of") else { throw Refusal("parameter-missing", .malformed, field: "of", ["parameter": "of"]) }
        return try await platform.read(as: request.signedIn()) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            return .json(try session.working(row, of: subject).json)
        }
    }

    // MARK: Changing

    func create(_ schema: Schema, _ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json()
        return try await write(request) { session in
            let row = try API.create(schema, body, session)
            return .json(
                try RecordJSON(session: session).json(row), status: 201,
                headers: ["location": RecordJSON.address(row), "etag": RecordJSON.etag(row)])
        }
    }

    static func create(_ schema: Schema, _ body: JSON, _ session: Session) throws -> Row {
        guard session.mayCreate(schema) else { throw Refusal("may-not-create", .forbidden) }
        let fields = session.fieldsToCreate(schema)
        try Shape(FieldShapes.create(fields)).check(body)
        return try session.create(schema, BodyValues(schema: schema).read(body, fields))
    }

    func change(_ schema: Schema, _ name: String, _ request: APIRequest) async throws -> APIAnswer {
        let body = try request.json(["application/merge-patch+json", "application/json"])
        return try await write(request) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            let versions = try request.expectedVersions(isRequired: true)
            let changed = try API.change(row, body, version: APIRequest.expected(versions, of: row), session)
            return .json(try RecordJSON(session: session).json(changed), headers: ["etag": RecordJSON.etag(changed)])
        }
    }

    static func change(_ row: Row, _ body: JSON, version: Int?, _ session: Session) throws -> Row {
        guard try session.mayChange(row) else { throw Refusal("may-not-change", .forbidden) }
        let fields = session.fieldsToChange(row)
        try Shape(FieldShapes.change(fields)).check(body)
        return try session.change(row, BodyValues(schema: row.schema).read(BodyValues.merged(body, into: row), fields), version: version)
    }

    func move(_ schema: Schema, _ name: String, _ move: String, _ request: APIRequest) async throws -> APIAnswer {
        let body: JSON = request.body.isEmpty ? [:] : try request.json()
        return try await write(request) { session in
            guard let row = try session.row(schema, named: name) else { throw Refusal.absent }
            let versions = try request.expectedVersions(isRequired: false)
            let moved = try API.move(row, move, body, version: APIRequest.expected(versions, of: row), session)
            return .json(try RecordJSON(session: session).json(moved), headers: ["etag": RecordJSON.etag(moved)])
        }
    }

    static func move(_ row: Row, _ name: String, _ body: JSON, version: Int?, _ session: Session) throws -> Row {
        guard let move = row.schema.lifecycle?.move(name) else { throw Refusal.absent }
        let fields = movable(row.schema, move)
        try Shape(FieldShapes.move(fields)).check(body)
        return try session.move(row, name, BodyValues(schema: row.schema).read(body, fields), version: version)
    }

    /// The fields that may be sent with a move.
    static func movable(_ schema: Schema, _ move: MoveSchema) -> [FieldSchema] {
        (move.asks + move.offers).compactMap(schema.field).filter { $0.kind != .files }
    }
}
