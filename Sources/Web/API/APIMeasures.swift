import Foundation
import Kernel

extension API {
    func me(_ request: APIRequest) async throws -> APIAnswer {
        let viewer = try request.signedIn()
        let now = platform.now
        let grants = viewer.grants.filter { $0.until.map { $0 > now } ?? true }.map { grant -> JSON in
            [
                "role": .string(grant.role), "units": grant.units.map { .array($0.map { .string($0.description) }) } ?? .null,
                "compartments": .array(grant.compartments.filter { !$0.isEmpty }.sorted().map(JSON.string)), "until": grant.until.map { .string($0.iso) } ?? .null,
            ]
        }
        let token = request.token.map { token -> JSON in
            ["id": .string(token.id.description), "name": .string(token.name), "ends-at": token.endsAt.map { .string($0.iso) } ?? .null, "is-read-only": .bool(token.isReadOnly)]
        }
        return .json([
            "id": .string(viewer.id.description), "name": .string(viewer.name), "language": .string(viewer.language.rawValue),
            "time-zone": .string(viewer.timeZone.identifier), "clearance": .string(viewer.clearance.rawValue), "grants": .array(grants), "token": token ?? .null,
        ])
    }

    /// Records of any type that hold the words, best first within a type.
    func search(_ request: APIRequest) async throws -> APIAnswer {
        guard let text = request.parameter("q") else { throw Refusal("parameter-missing", .malformed, field: "q", ["parameter": "q"]) }
        try Shape(["type": "string", "maxLength": 200, "pattern": .string(Shape.line)]).check(.string(text))
        let limit = try request.number("limit", in: 1...50, standard: 20)
        return try await platform.read(as: request.signedIn()) { session in
            var groups: [JSON] = []
            for schema in session.platform.schemas where session.access.condition(.read, on: schema) != .never {
                let rows = try session.search(schema, text, limit: limit)
                guard !rows.isEmpty else { continue }
                groups.append(["type": .string(schema.id), "items": .array(rows.map { row in
                    [
                        "id": .string(row.id.description), "reference": row.reference.map(JSON.string) ?? .null, "title": .string(session.title(row)),
                        "url": .string(RecordJSON.address(row)),
                    ]
                })])
            }
            return .json(["groups": .array(groups)])
        }
    }

    // MARK: Measures

    func measures(_ request: APIRequest) async throws -> APIAnswer {
        try await platform.read(as: request.signedIn()) { session in
            .json(["items": .array(session.measures().map { API.json($0, session) })])
        }
    }

    func measure(_ name: String, _ request: APIRequest) async throws -> APIAnswer {
        try request.checkQuery(["until", "days", "by"]) { $0.hasPrefix("filter[") }
        let days = try request.parameter("days").map { _ in try request.number("days", in: 0...36_600, standard: 0) }
        let until = try request.parameter("until").map { text in
            guard let instant = Instant(iso: text) else { throw Refusal("not-an-instant", .malformed, field: "until", ["parameter": "until"]) }
            return instant
        }
        return try await platform.readFigures(as: request.signedIn()) { session in
            guard let measure = session.measures().first(where: { $0.name == name }), let schema = session.platform.schema(measure.schemaID) else { throw Refusal.absent }
            let filters = request.query.filter { $0.key.hasPrefix("filter[") }
            let condition = try ListQuery(filters, schema: schema, session: session).condition
            var members = API.json(try session.read(measure, where: condition, until: until, days: days), session).object ?? [:]
            if let dimension = request.parameter("by") {
                guard measure.dimensions.contains(dimension), let field = schema.field(dimension), session.access.commonClasses(schema).contains(field.fieldClass) else {
                    throw Refusal("not-a-choice", .malformed, field: "by", ["choices": measure.dimensions.joined(separator: ", "), "parameter": "by"])
                }
                members["groups"] = .array(try session.read(measure, by: dimension, where: condition).map { row in
                    [dimension: row.group.first?.json ?? .null, "n": .integer(Int64(row.n)), "value": API.number(row.value)]
                })
            }
            return .json(.object(members))
        }
    }

    private static func json(_ measure: Measure, _ session: Session) -> JSON {
        let key = "measure.\(measure.name.dropFirst(measure.app.count + 1))"
        func say(_ key: String) -> String { session.platform.words.say(key, scope: measure.app, in: session.viewer.language) }
        return [
            "name": .string(measure.name), "version": .integer(Int64(measure.version)), "title": .string(say(key)), "definition": .string(say(key + ".definition")),
            "type": .string(measure.schemaID), "unit": .string(measure.unit.rawValue), "dimensions": .array(measure.dimensions.map(JSON.string)),
            "target": number(measure.target), "source": .string(measure.source), "days": .integer(Int64(measure.days)),
        ]
    }

    private static func json(_ reading: MeasureReading, _ session: Session) -> JSON {
        var members = json(reading.measure, session).object ?? [:]
        members["value"] = number(reading.value)
        members["n"] = .integer(Int64(reading.n))
        members["hits"] = reading.hits.map { .integer(Int64($0)) } ?? .null
        members["interval"] = reading.interval.map { [number($0.lowerBound), number($0.upperBound)] } ?? .null
        members["population"] = reading.population.map { .integer(Int64($0)) } ?? .null
        members["response-rate"] = number(reading.responseRate)
        members["from"] = reading.from.map { .string($0.iso) } ?? .null
        members["until"] = .string(reading.until.iso)
        members["as-of"] = reading.asOf.map { .string($0.iso) } ?? .null
        members["is-reached"] = reading.isReached.map(JSON.bool) ?? .null
        return .object(members)
    }

    static func number(_ value: Double?) -> JSON {
        guard let value, value.isFinite else { return .null }
        if value.rounded() == value, abs(value) < 9e15 { return .integer(Int64(value)) }
        return .number("\(value)")
    }
}
