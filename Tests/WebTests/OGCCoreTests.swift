import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// The abstract tests of OGC 17-069r4, annex A, named in the comments.
@Suite struct OGCCoreTests {
    private func links(_ document: JSON, _ rel: String) -> [JSON] { (document["links"].array ?? []).filter { $0["rel"].string == rel } }

    private func path(_ link: JSON) -> String { (link["href"].string ?? "").replacing("http://mandate.test", with: "") }

    /// A.2 to A.4: root-op, root-success, api-definition-op, api-definition-success, conformance-op, conformance-success.
    @Test func `the landing page leads to description, conformance and data, each of the type it promises`() async throws {
        let ogc = try await OGCKit.make()
        let landing = try await ogc.get("/ogc")
        same(landing.status, 200)
        for rel in ["service-desc", "service-doc", "conformance", "data", "self", "alternate"] {
            let found = links(landing.json, rel)
            same(found.count, 1, rel)
            for link in found {
                let answer = try await ogc.get(path(link), ["Accept": link["type"].string ?? ""])
                same(answer.status, 200, rel)
                let type = link["type"].string ?? "?"
                holds(answer.raw.header("content-type")?.hasPrefix(type) ?? false, "\(rel): \(answer.raw.header("content-type") ?? "") for \(type)")
            }
        }
        let classes = try await ogc.get("/ogc/conformance").json["conformsTo"].array ?? []
        for name in ["core", "oas30", "html", "geojson"] {
            holds(classes.contains(.string("http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/\(name)")), name)
        }
    }

    /// A.5: fc-md-op, fc-md-success, fc-md-links, fc-md-items, fc-md-items-links, fc-md-extent, sfc-md-op, sfc-md-success.
    @Test func `every record type with a place is a collection, described alike in the list and by itself`() async throws {
        let ogc = try await OGCKit.make()
        let english = ["Accept-Language": "en"]
        let answer = try await ogc.get("/ogc/collections", english)
        let collections = answer.json["collections"].array ?? []
        same(collections.compactMap { $0["id"].string }, ["directory.duty-station", "sample.record"])
        for rel in ["self", "alternate"] { holds(links(answer.json, rel).allSatisfy { $0["type"].string != nil } && !links(answer.json, rel).isEmpty, rel) }
        for collection in collections {
            same(links(collection, "items").compactMap { $0["type"].string }.sorted(), ["application/geo+json", "text/html"])
            let single = try await ogc.get("/ogc/collections/\(collection["id"].string ?? "")", english).json
            same(single, collection)
            same(collection["extent"]["spatial"]["crs"], .string(OGCItemsQuery.crs84))
            holds(collection["description"].string?.contains("do not imply") ?? false, "the boundaries' disclaimer")
        }
    }

    /// A.6: fc-op, fc-response, fc-links, fc-timeStamp, fc-numberMatched, fc-numberReturned; crs84; geojson/content.
    @Test func `features are GeoJSON in longitude and latitude with links, counts and the moment of the answer`() async throws {
        let ogc = try await OGCKit.make()
        let id = try await ogc.sample("Bangui", at: 4.393797, 18.559861)
        try await ogc.sample("nowhere")
        let answer = try await ogc.get("\(OGCKit.samples)/items")
        same(answer.raw.header("content-type"), "application/geo+json")
        same(answer.json["type"], "FeatureCollection")
        same([answer.json["numberMatched"], answer.json["numberReturned"]], [2, 2])
        same(answer.json["timeStamp"].string, TestPlatform.start.iso)
        for rel in ["self", "alternate"] { holds(links(answer.json, rel).allSatisfy { $0["type"].string != nil } && links(answer.json, rel).count == 1, rel) }
        let feature = (answer.json["features"].array ?? []).first { $0["id"].string == id.description } ?? .null
        same(feature["type"], "Feature")
        same(feature["geometry"], ["type": "Point", "coordinates": [.number("18.559861"), .number("4.393797")]])
        same(feature["properties"]["title"], "Bangui")
        same([feature["properties"]["place"], feature["properties"]["id"]], [.null, .null])
        let bare = (answer.json["features"].array ?? []).first { $0["id"].string != id.description } ?? .null
        holds(bare.object?["geometry"] == .null, "without a place the geometry is null, and is there (RFC 7946, 3.2)")
    }

    /// A.7: f-op, f-success, f-links.
    @Test func `one feature has the id it was asked by, and leads to its collection`() async throws {
        let ogc = try await OGCKit.make()
        let id = try await ogc.sample("Bangui", at: 4.39, 18.56)
        let answer = try await ogc.get("\(OGCKit.samples)/items/\(id)")
        same(answer.status, 200)
        same([answer.json["type"], answer.json["id"]], ["Feature", .string(id.description)])
        for rel in ["self", "alternate", "collection"] { holds(links(answer.json, rel).first?["type"].string != nil, rel) }
        same(try await ogc.get("\(OGCKit.samples)/items/SMP-2026-0001").status, 404)
    }

    /// A.1 http; query-param-unknown, query-param-invalid.
    @Test func `a parameter that is unknown, twice, empty or wrong is refused as a problem in the reader's language`() async throws {
        let ogc = try await OGCKit.make()
        let wrong = [
            "bbx=1,2,3,4", "limit=0", "limit=-1", "limit=ten", "limit=1.5", "limit=", "limit=1&limit=2", "bbox=1,2,3", "bbox=1,2,3,x", "bbox=1,95,2,96", "bbox=1,5,2,4",
            "bbox=181,0,182,1", "bbox=1,2,9,3,4,0", "bbox=nan,0,1,1", "datetime=yesterday", "datetime=../..", "datetime=/", "datetime=2026-01-02T00:00:00Z/2026-01-01T00:00:00Z",
            "datetime=2026-01-01T00:00:00Z/2026-01-02T00:00:00Z/..", "f=xml", "colour=mauve", "count=many", "sortby=nothing", "properties=nothing", "after=forged", "diagnosis=x",
            "secret=x", "filter-lang=cql2-json", "filter-crs=http://www.opengis.net/def/crs/EPSG/0/3857", "bbox-crs=x", "crs=x",
        ]
        for query in wrong {
            let answer = try await ogc.get("\(OGCKit.samples)/items?\(query)", ["Accept-Language": "fr"])
            same(answer.status, 400, query)
            same(answer.raw.header("content-type"), "application/problem+json", query)
            same(answer.json["field"].string, String(query.prefix { $0 != "=" }), query)
        }
        let said = try await ogc.get("\(OGCKit.samples)/items?datetime=x", ["Accept-Language": "fr"])
        holds(said.json["detail"].string?.contains("intervalle") ?? false, "in French")
        for path in ["/ogc?x=1", "/ogc/collections?x=1", "/ogc/conformance?x=1", "\(OGCKit.samples)?x=1", "\(OGCKit.samples)/queryables?x=1"] {
            same(try await ogc.get(path).status, 400, path)
        }
        for path in ["/ogc/nothing", "/ogc/collections/none", "/ogc/collections/none/items", "\(OGCKit.samples)/tiles/WorldCRS84Quad", "\(OGCKit.samples)/tiles/WebMercatorQuad/0/1/0"] {
            same(try await ogc.get(path).status, 404, path)
        }
        same(try await ogc.program.call("POST", "/ogc/collections").status, 405)
    }

    /// html/definition, html/content.
    @Test func `every resource is a page too, for those who ask for one`() async throws {
        let ogc = try await OGCKit.make()
        let id = try await ogc.sample("Bangui", at: 4.39, 18.56)
        let paths = ["", "/conformance", "/api", "/collections"] + ["", "/queryables", "/items", "/items/\(id)", "/tiles", "/tiles/WebMercatorQuad"].map { "/collections/sample.record" + $0 }
        for path in paths {
            let answer = try await ogc.get("/ogc" + path, ["Accept": "text/html,application/xhtml+xml,*/*;q=0.8"])
            same(answer.status, 200, path)
            holds(answer.raw.header("content-type")?.hasPrefix("text/html") ?? false, path)
            holds(answer.raw.body.contains("<a href=") && !answer.raw.body.contains("⟦ogc"), path)
        }
        same(try await ogc.get("/ogc?f=json", ["Accept": "text/html"]).raw.header("content-type"), "application/json")
    }

    /// oas30/oas-definition-1, oas30/completeness, oas30/exceptions-codes, oas30/security.
    @Test func `the description names every path, parameter and answer, and its references resolve`() async throws {
        let ogc = try await OGCKit.make()
        let document = try await ogc.get("/ogc/api").json
        same(document["openapi"], "3.0.3")
        let path = "/collections/sample.record/items"
        let parameters = (document["paths"][path]["get"]["parameters"].array ?? []).map { reference in
            reference["$ref"].string.map { $0.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] } } ?? reference
        }
        let names = Set(parameters.compactMap { $0["name"].string })
        holds(OGCItemsQuery.names.isSubset(of: names) && names.isSuperset(of: ["colour", "count", "state"]) && !names.contains("diagnosis"), "\(names)")
        let limit = parameters.first { $0["name"] == "limit" } ?? .null
        same([limit["schema"]["minimum"], limit["schema"]["maximum"], limit["schema"]["default"]], [1, 1_000, 100])
        for code in ["200", "304", "400", "401", "500"] { holds(document["paths"][path]["get"]["responses"][code] != .null, code) }
        same(document["security"].array?.count, 2)
        let lost = references(document).filter { $0.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] } == .null }
        same(lost, [])
    }

    private func references(_ json: JSON) -> [String] {
        switch json {
        case .object(let members): (members["$ref"]?.string.map { [$0] } ?? []) + members.values.flatMap(references)
        case .array(let items): items.flatMap(references)
        default: []
        }
    }

    @Test func `an answer that one has already is not sent again, and caches keep readers and languages apart`() async throws {
        let ogc = try await OGCKit.make()
        let path = "\(OGCKit.samples)/items"
        let first = try await ogc.get(path)
        let tag = first.etag ?? ""
        ogc.kit.clock.advance(60)
        same(try await ogc.get(path, ["If-None-Match": tag]).status, 304)
        try await ogc.sample("new")
        same(try await ogc.get(path, ["If-None-Match": tag]).status, 200)
        holds(first.raw.header("vary")?.contains("Authorization") ?? false, "Vary")
        same(first.raw.header("cache-control"), "private, no-cache")
    }

    @Test func `a program without a token is told so, and a person is led to sign in`() async throws {
        let ogc = try await OGCKit.make()
        let visitor = TestClient(ogc.kit)
        same(try await visitor.get("/ogc").status, 401)
        let page = try await visitor.get("/ogc", ["Accept": "text/html"])
        same(page.status, 303)
        holds(page.location?.hasPrefix("/sign-in") ?? false, page.location ?? "")
        let browser = try await TestClient.signedIn(ogc.kit, as: "tomas")
        same(try await browser.get("/ogc/collections", ["Accept": "text/html"]).status, 200)
        let fault = try await browser.get("/ogc/collections/none", ["Accept": "text/html"])
        holds(fault.status == 404 && fault.body.contains("error-page"), "a page for a person")
    }
}
