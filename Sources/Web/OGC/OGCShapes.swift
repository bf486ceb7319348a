import Kernel

/// The schemas of the answers (OGC 17-069r4, annex B), as OpenAPI 3.0 writes them.
enum OGCShapes {
    static let all: JSON = [
        "link": object(["href": text, "rel": text, "type": text, "hreflang": text, "title": text, "templated": ["type": "boolean"]], required: ["href", "rel"]),
        "landing": object(["title": text, "description": text, "attribution": text, "links": list("link")], required: ["links"]),
        "conformance": object(["conformsTo": ["type": "array", "items": text]], required: ["conformsTo"]),
        "collections": object(["links": list("link"), "collections": list("collection")], required: ["links", "collections"]),
        "collection": object([
            "id": text, "title": text, "description": text, "attribution": text, "itemType": text, "crs": ["type": "array", "items": text],
            "extent": ["type": "object"], "links": list("link"),
        ], required: ["id", "links"]),
        "featureCollection": object([
            "type": ["type": "string", "enum": ["FeatureCollection"]], "features": list("feature"), "links": list("link"), "numberMatched": count, "numberReturned": count,
            "timeStamp": ["type": "string", "format": "date-time"],
        ], required: ["type", "features"]),
        "feature": object([
            "type": ["type": "string", "enum": ["Feature"]], "id": ["type": "string", "format": "uuid"], "geometry": geometry,
            "properties": ["type": "object", "nullable": true], "links": list("link"),
        ], required: ["type", "geometry", "properties"]),
        "exception": object(["type": text, "title": text, "status": ["type": "integer"], "detail": text, "instance": text, "code": text, "field": text], required: ["type", "title", "status"]),
    ]

    private static let text: JSON = ["type": "string"]
    private static let count: JSON = ["type": "integer", "minimum": 0]
    private static let geometry: JSON = object([
        "type": ["type": "string", "enum": ["Point", "LineString", "Polygon"]], "coordinates": ["type": "array", "items": [:]],
    ], required: ["type", "coordinates"], extra: ["nullable": true])

    private static func list(_ name: String) -> JSON { ["type": "array", "items": ["$ref": .string("#/components/schemas/\(name)")]] }

    private static func object(_ properties: [String: JSON], required: [String], extra: [String: JSON] = [:]) -> JSON {
        .object(["type": "object", "properties": .object(properties), "required": .array(required.map(JSON.string))].merging(extra) { $1 })
    }
}
