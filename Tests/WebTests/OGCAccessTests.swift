import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct OGCAccessTests {
    /// A refused request is answered as one for what does not exist.
    private func isAbsent(_ a: Program.Answer, like b: Program.Answer, _ note: String) {
        same(a.status, 404, note)
        // Each answer names its own request; nothing else may differ.
        func told(_ answer: Program.Answer) -> [String: JSON] { (answer.json.object ?? [:]).filter { $0.key != "instance" } }
        same(told(a), told(b), note)
        same(Set(a.raw.headers.keys), Set(b.raw.headers.keys), note)
    }

    @Test func `a collection that may not be read is answered as one that is not there`() async throws {
        let stranger = try await OGCKit.make("amina")
        same((try await stranger.get("/ogc/collections").json["collections"].array ?? []).compactMap { $0["id"].string }.filter { $0 == "field.sighting" }.count, 0)
        for rest in ["", "/queryables", "/items", "/items?bbox=0,0,1,1", "/items/\(RecordID(high: 1, low: 1))", "/tiles", "/tiles/WebMercatorQuad", "/tiles/WebMercatorQuad/0/0/0"] {
            let refused = try await stranger.get("/ogc/collections/field.sighting\(rest)"), absent = try await stranger.get("/ogc/collections/field.nothing\(rest)")
            isAbsent(refused, like: absent, rest)
        }
        holds(try await stranger.get("/ogc/api").json["paths"]["/collections/field.sighting/items"] == .null, "the description")
    }

    @Test func `a record that may not be read is in no page, count, box, filter or tile, and by its id not there`() async throws {
        let ogc = try await OGCKit.make()
        let hidden = try await ogc.sample("hidden") { $0[Sample.place] = Place(latitude: 4.39, longitude: 18.56) }
        try await ogc.sample("open") {
            $0[Sample.flag] = true
            $0[Sample.place] = Place(latitude: 4.40, longitude: 18.57)
        }
        let lina = try await ogc.asked(by: "lina")
        for query in ["", "bbox=18,4,19,5", "filter=\(encoded("title IS NOT NULL"))", "filter=\(encoded("NOT title = 'open'"))&limit=1"] {
            let answer = try await lina.get("\(OGCKit.samples)/items?\(query)")
            let titles = (answer.json["features"].array ?? []).compactMap { $0["properties"]["title"].string }
            same(titles, query.contains("NOT%20title") ? [] : ["open"], query)
            same(answer.json["numberMatched"].integer, titles.count, query)
        }
        isAbsent(
            try await lina.get("\(OGCKit.samples)/items/\(hidden)"), like: try await lina.get("\(OGCKit.samples)/items/\(RecordID(high: 5, low: 5))"), "by its id")
        let tile = try await lina.get("\(OGCKit.samples)/tiles/WebMercatorQuad/0/0/0")
        holds(tile.status == 200 && !String(decoding: tile.raw.bytes, as: UTF8.self).contains("hidden"), "the tile")
    }

    @Test func `the geometry is the first place the reader may read, and the exact one is not asked for others`() async throws {
        let keeper = try await OGCKit.make("omar")
        try await keeper.kit.platform.write(as: try await keeper.kit.viewer("omar")) { session in
            _ = try session.create(Sighting.self) { record in
                record[Sighting.title] = "camp"
                record[Sighting.exact] = Place(latitude: 4.393797, longitude: 18.559861)
                record[Sighting.area] = Place(latitude: 4.4, longitude: 18.6)
            }
        }
        let reader = try await keeper.asked(by: "vera")
        let path = OGCKit.sightings
        func first(_ kit: OGCKit) async throws -> JSON { try await kit.get("\(path)/items").json["features"].array?.first ?? .null }
        same(try await first(keeper)["geometry"]["coordinates"], [.number("18.559861"), .number("4.393797")])
        let seen = try await first(reader)
        same(seen["geometry"]["coordinates"], [.number("18.6"), .number("4.4")])
        holds(seen["properties"].object?["exact"] == nil, "the exact place is not there")
        // A box that only the exact place lies in.
        let box = "bbox=18.55,4.39,18.57,4.395"
        same(try await keeper.titles(box, of: path), ["camp"])
        same(try await reader.titles(box, of: path), [])
        for filter in ["exact IS NULL", "S_INTERSECTS(exact, POINT(18.559861 4.393797))"] {
            same(try await reader.get("\(path)/items?filter=\(encoded(filter))").status, 400, filter)
        }
        holds(try await reader.get("\(path)/queryables").json["properties"]["exact"] == .null, "nor a queryable")
    }

    @Test func `what is above the clearance is not there either`() async throws {
        let keeper = try await OGCKit.make("omar")
        try await keeper.kit.platform.write(as: .service("test")) { session in
            _ = try session.create(Sighting.self) { record in
                record[Sighting.title] = "secret camp"
                record[Sighting.exact] = Place(latitude: 4, longitude: 18)
                record[Sighting.area] = Place(latitude: 4, longitude: 18)
                record[Sighting.label] = .confidential
            }
        }
        same(try await keeper.titles("", of: OGCKit.sightings), [])
        same(try await keeper.get("\(OGCKit.sightings)/items?bbox=17,3,19,5").json["numberMatched"], 0)
        same(try await keeper.get("\(OGCKit.sightings)/tiles/WebMercatorQuad/0/0/0").status, 204)
    }
}
