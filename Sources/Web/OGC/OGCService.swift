import Kernel

/// The service for one reader in one reading of the database: what its resources say, as JSON.
struct OGCService {
    let session: Session
    let request: APIRequest
    /// Where the service is, such as "https://mandate.example/ogc".
    let root: String

    var language: Language { session.viewer.language }

    func say(_ key: String, _ arguments: [String: WordArgument] = [:]) -> String {
        session.platform.words.say("ogc." + key, arguments, scope: Words.shared, in: language)
    }

    func document(_ resource: OGCResource) throws -> JSON {
        switch resource {
        case .items: break
        default: try request.checkQuery(["f"])
        }
        switch resource {
        case .landing: return landing
        case .conformance: return ["conformsTo": .array(Self.conformance.map(JSON.string))]
        case .definition: return OGCDescription(service: self).json
        case .collections: return try collections
        case .collection(let id): return try collection(.named(id, session))
        case .queryables(let id): return queryables(try .named(id, session))
        case .items(let id): return try features(.named(id, session))
        case .item(let id, let name): return try feature(.named(id, session), name)
        case .tilesets(let id): return tilesets(try .named(id, session))
        case .tileset(let id): return tileset(try .named(id, session))
        case .tile: throw Refusal.absent
        }
    }

    // MARK: Conformance

    /// What is implemented and tested; a class of which a part is missing is not named.
    static let conformance = [
        "ogcapi-common-1/1.0/conf/core", "ogcapi-common-1/1.0/conf/landing-page", "ogcapi-common-1/1.0/conf/json", "ogcapi-common-1/1.0/conf/html",
        "ogcapi-common-1/1.0/conf/oas30", "ogcapi-common-2/1.0/conf/collections", "ogcapi-features-1/1.0/conf/core", "ogcapi-features-1/1.0/conf/geojson",
        "ogcapi-features-1/1.0/conf/html", "ogcapi-features-1/1.0/conf/oas30", "ogcapi-features-3/1.0/conf/queryables",
        "ogcapi-features-3/1.0/conf/queryables-query-parameters", "ogcapi-features-3/1.0/conf/filter", "ogcapi-features-3/1.0/conf/features-filter",
        "cql2/1.0/conf/cql2-text", "cql2/1.0/conf/basic-cql2", "ogcapi-tiles-1/1.0/conf/core", "ogcapi-tiles-1/1.0/conf/tileset",
        "ogcapi-tiles-1/1.0/conf/tilesets-list", "ogcapi-tiles-1/1.0/conf/mvt",
    ].map { "http://www.opengis.net/spec/" + $0 }

    // MARK: Links

    func link(_ rel: String, _ path: String, _ type: String, _ title: String? = nil, isTemplate: Bool = false) -> JSON {
        var members: [String: JSON] = ["href": .string(root + path), "rel": .string(rel), "type": .string(type), "hreflang": .string(language.rawValue)]
        if let title { members["title"] = .string(title) }
        if isTemplate { members["templated"] = true }
        return .object(members)
    }

    /// This document, and the same in the other format.
    func selves(_ path: String, _ type: String, _ query: [(String, String)] = []) -> [JSON] {
        let asked = Self.address(path, query), other = query.filter { $0.0 != "f" }
        return [link("self", asked, type), link("alternate", Self.address(path, other + [("f", "html")]), OGCType.html)]
    }

    static func address(_ path: String, _ query: [(String, String)]) -> String {
        query.isEmpty ? path : path + "?" + query.map { "\(AddressText.encode($0.0))=\(AddressText.encode($0.1))" }.joined(separator: "&")
    }

    // MARK: Documents

    private var landing: JSON {
        [
            "title": .string(say("title", ["organisation": .text(session.platform.configuration.organisation)])), "description": .string(say("about")),
            "attribution": .string(session.platform.configuration.organisation),
            "links": .array(selves("", OGCType.json) + [
                link("service-desc", "/api", OGCType.openAPI, say("definition")), link("service-doc", "/api?f=html", OGCType.html, say("definition")),
                link("conformance", "/conformance", OGCType.json, say("conformance")), link("data", "/collections", OGCType.json, say("collections")),
            ]),
        ]
    }

    private var collections: JSON {
        get throws {
            let all = OGCCollection.all(session).map { collection($0) }
            return ["links": .array(selves("/collections", OGCType.json)), "collections": .array(all)]
        }
    }

    func name(_ collection: OGCCollection) -> String {
        session.platform.words.say("\(collection.schema.name).plural", scope: collection.schema.app, in: language)
    }

    func label(_ field: FieldSchema, _ collection: OGCCollection) -> String {
        ApiWords(platform: session.platform, language: language).label(field, of: collection.schema)
    }

    private func collection(_ collection: OGCCollection) -> JSON {
        let path = collection.path, name = name(collection)
        var about = say("collection.place", ["field": .text(label(collection.place, collection))])
        if let time = collection.time { about += " " + say("collection.time", ["field": .text(label(time, collection))]) }
        return [
            "id": .string(collection.id), "title": .string(name), "description": .string(about + " " + say("boundaries")),
            "attribution": .string(session.platform.configuration.organisation), "itemType": "feature", "crs": [.string(OGCItemsQuery.crs84)],
            // The whole earth and all time: narrower bounds would tell of records that the reader may not read, or cost a reading of all of them.
            "extent": [
                "spatial": ["bbox": [[-180, -90, 180, 90]], "crs": .string(OGCItemsQuery.crs84)],
                "temporal": ["interval": [[nil, nil]], "trs": "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"],
            ],
            "links": .array(selves(path, OGCType.json) + [
                link("items", path + "/items", OGCType.geoJSON, name), link("items", path + "/items?f=html", OGCType.html, name),
                link("http://www.opengis.net/def/rel/ogc/1.0/queryables", path + "/queryables", OGCType.schema, say("queryables")),
                link("http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", path + "/tiles", OGCType.json, say("tiles")),
            ]),
        ]
    }

    private func queryables(_ collection: OGCCollection) -> JSON {
        let properties = collection.queryables(session).map { field -> (String, JSON) in
            var shape = collection.shape(field).object ?? [:]
            shape["title"] = .string(label(field, collection))
            return (field.name, .object(shape))
        }
        return [
            "$schema": "https://json-schema.org/draft/2020-12/schema", "$id": .string(root + collection.path + "/queryables"), "type": "object",
            "title": .string(name(collection)), "properties": .object(Dictionary(properties, uniquingKeysWith: { first, _ in first })),
            "additionalProperties": false,
        ]
    }
}
