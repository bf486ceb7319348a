import Foundation
import Kernel
import Testing
import TestKit
@testable import Situation

@Suite struct RoomTests {
    private func picture(_ client: TestClient, _ query: String = "") async throws -> [String: JSON] {
        try JSON(text: try await client.get("/situation/room/picture" + query).body).object ?? [:]
    }

    private func references(_ picture: [String: JSON], _ name: String = "incidents") -> [String] {
        (picture[name]?.array ?? []).compactMap { $0.object?["reference"]?.string }.sorted()
    }

    @Test func `the picture holds what lies in the box and answers the filter`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report()
        _ = try await desk.report(7.0, 19.18) { $0[Incident.severity] = .critical; $0[Incident.category] = .flood }
        _ = try await desk.report(-17, 179.9) { $0[Incident.occurred] = Instant(iso: "2020-01-01T00:00:00Z") ?? $0[Incident.occurred] }
        _ = try await desk.report { $0[Incident.place] = nil }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        let asked: [(String, [String])] = [
            ("?box=14,2,28,11&zoom=6", ["INC-2026-000001", "INC-2026-000002"]),
            ("?box=18,4,19,5&zoom=6", ["INC-2026-000001"]),
            ("?severity=severe", ["INC-2026-000002"]), ("?kind=hazard", ["INC-2026-000002"]), ("?kind=hazard&kind=armed-violence", ["INC-2026-000001", "INC-2026-000002"]),
            // A box across the antimeridian, and all time.
            ("?box=179,-18,-179,-16&zoom=6&days=0", ["INC-2026-000003"]), ("?state=refuted", []),
            // What is not understood narrows nothing.
            ("?box=wide&severity=large&days=x", ["INC-2026-000001", "INC-2026-000002"]),
        ]
        var wrong: [String] = []
        for (query, names) in asked {
            let found = references(try await picture(tomas, query))
            if found != names { wrong.append("\(query): \(found)") }
        }
        same(wrong, [])
        // The one without a place counts, and is in the list alone.
        same(try await picture(tomas)["total"], .integer(3))
    }

    @Test func `what one may not read is not in the picture, its counts, its cells, the stream or the banner`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report()
        _ = try await desk.report(by: "vera") {
            $0[Incident.summary] = "A witness"; $0[Incident.label] = .confidential; $0[Incident.compartments] = ["protection"]; $0[Incident.severity] = .critical
        }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas"), amina = try await TestClient.signedIn(desk.kit, as: "amina")
        let picture = try await picture(tomas, "?cells=1&bars=1")
        same(references(picture), ["INC-2026-000001"])
        same(picture["total"], .integer(1))
        same(picture["alerts"], .array([]))
        let cells = picture["cells"]?.array?.compactMap { $0.object?["count"] }
        same(cells, [.integer(1)])
        let counted = picture["bars"]?.object?["counts"]?.array?.compactMap { if case .integer(let n) = $0 { n } else { nil } }.reduce(0, +)
        same(counted, 1)
        for path in ["/situation/room", "/situation/room?show=list", "/situation/room/working", "/situation/room/working.json"] {
            let page = try await tomas.get(path)
            holds(page.status == 200 && !page.body.contains("A witness") && !page.body.contains("class=\"classification"), path)
        }
        same(try await tomas.get("/situation/room/record/INC-2026-000002").status, 404)
        for path in ["/situation/room", "/situation/room/picture", "/situation/room/record/INC-2026-000001", "/situation/room/working"] {
            same(try await amina.get(path).status, 404, path)
        }
    }

    @Test func `the list has what the map has, page by page, and says how many there are`() async throws {
        let desk = try await SituationKit.make()
        for number in 0..<53 { _ = try await desk.report(4 + Double(number) / 100, 18) }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        var listed: Set<String> = [], path: String? = "/situation/room?show=list", pages = 0
        while let address = path, pages < 5 {
            let body = try await tomas.get(address).body
            let rows = body.split(separator: "data-region=\"list\"").last ?? ""
            listed.formUnion(rows.matches(of: /data-record="(INC-[0-9-]+)"/).map { String($0.1) })
            path = rows.firstMatch(of: /href="([^"]+)" rel="next"/).map { String($0.1).replacing("&amp;", with: "&") }
            pages += 1
        }
        same(pages, 2)
        same(listed, Set(references(try await picture(tomas))))
        let stream = try await tomas.get("/situation/room").body
        holds(stream.firstMatch(of: /53[^0-9<]*incid/) != nil, "the count stands over the stream")
    }

    @Test func `an alarm is what was reported within the hour and is severe at least`() async throws {
        let desk = try await SituationKit.make()
        _ = try await desk.report { $0[Incident.severity] = .severe }
        _ = try await desk.report { $0[Incident.severity] = .moderate }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        same(references(try await picture(tomas), "alerts"), ["INC-2026-000001"])
    }

    @Test func `a move that asks for nothing is made in the room, and the room stays as it was`() async throws {
        let desk = try await SituationKit.make()
        let incident = try await desk.report()
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        let answer = try await tomas.post("/situation/room?severity=minor&wall=on", ["record": "INC-2026-000001", "move": "begin"])
        same(answer.status, 303)
        same(answer.header("location"), "/situation/room?severity=minor&wall=on")
        same(try await desk.read(incident).state, .underVerification)
    }

    @Test func `a filter reads its own address`() {
        var filter = RoomFilter()
        filter.kinds = [.crime, .hazard]
        filter.least = .severe
        filter.states = [.refuted, .closed]
        filter.days = 7
        filter.from = Instant(iso: "2026-11-02T10:00:00Z")
        filter.showsExercise = true
        let query = Dictionary(grouping: filter.pairs, by: \.0).mapValues { $0.map(\.1) }
        same(RoomFilter(query), filter)
        same(RoomFilter([:]).address(), "/situation/room")
        same(filter.count, 5)
    }

    @Test func `cells count each incident once and hold the gravest`() async throws {
        let desk = try await SituationKit.make()
        for (latitude, longitude, severity) in [(4.1, 18.1, Severity.minor), (4.2, 18.2, .critical), (9.0, 22.0, .moderate)] {
            _ = try await desk.report(latitude, longitude) { $0[Incident.severity] = severity }
        }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        // At zoom 5 a square is 360 / 2^(5 + 2) = 2.8125 degrees wide: the first two share one.
        let cells = try await picture(tomas, "?cells=1&zoom=5")["cells"]?.array?.compactMap(\.object) ?? []
        same(Set(cells.map { [$0["count"], $0["severity"]] }), [[.integer(2), .integer(5)], [.integer(1), .integer(3)]])
    }

    @Test func `figures that many share are each person's own, before and after a change`() async throws {
        let desk = try await SituationKit.make()
        let platform = desk.kit.platform
        var wrong: [String] = []
        func compare(_ step: String) async throws {
            for handle in ["amina", "tomas", "lina", "omar", "vera", "root"] {
                let viewer = try await desk.kit.viewer(handle)
                let (own, shared) = try await platform.read(as: viewer) { session in
                    let schema = platform.schema(of: Incident.self), place = RoomPicture.placeField(session)?.name ?? Incident.area.name
                    let periods = Periods(from: session.now.adding(days: -2), seconds: 2 * 86_400, count: 4)
                    let gathering = GeoBox(west: 0, south: -10, east: 30, north: 20).map { Gathering(schema, by: place, in: $0, zoom: 8, highest: Incident.severity.name) }
                    let cells = (try gathering.map { try session.cells($0) } ?? []).map { "\($0.tile) \($0.count) \($0.highest ?? "")" }.sorted()
                    let sharedCells = (try gathering.map { try session.shared.cells($0) } ?? []).map { "\($0.tile) \($0.count) \($0.highest ?? "")" }.sorted()
                    let moments = try session.find(Incident.self).compactMap { periods.place(of: $0[Incident.occurred]) }
                    return (
                        ["\(try session.count(Incident.self).number)", "\((0..<4).map { place in moments.filter { $0 == place }.count })"] + cells,
                        ["\(try session.shared.count(Incident.self, upTo: 100).number)", "\(try session.shared.counts(Incident.self, of: Incident.occurred, in: periods))"] + sharedCells)
                }
                if own != shared { wrong.append("\(step), \(handle): \(own) is not \(shared)") }
            }
        }
        try await compare("nothing")
        _ = try await desk.report()
        _ = try await desk.report(by: "omar") { $0[Incident.severity] = .critical }
        try await compare("two")
        let kept = try await desk.report(by: "vera") { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        _ = try await desk.report(by: "vera") { $0[Incident.label] = .strictlyConfidential; $0[Incident.compartments] = ["protection"] }
        try await compare("secret ones")
        try await desk.as("vera") { session in
            guard let incident = try session.record(kept) else { throw Refusal.absent }
            try session.change(incident) { $0[Incident.label] = .unclassified; $0[Incident.compartments] = [] }
        }
        try await compare("a change")
        same(wrong, [])
    }

    @Test func `tracks of an exercise are shown to those who ask, and stale ones for an hour`() async throws {
        let desk = try await SituationKit.make()
        try await desk.as("tomas") { session in
            for (uid, setting, stale) in [("patrol", nil, 300), ("drill", "e-blue", 300), ("quiet", nil, -600), ("gone", nil, -7_200)] as [(String, String?, Int)] {
                try session.create(Track.self) { track in
                    track[Track.uid] = uid
                    track[Track.kind] = "a-f-G-U-C"
                    track[Track.how] = "m-g"
                    if let place = Place(latitude: 4.4, longitude: 18.5) { track[Track.place] = place }
                    track[Track.at] = session.now.adding(seconds: -10_000)
                    track[Track.stale] = session.now.adding(seconds: stale)
                    track[Track.setting] = setting
                }
            }
        }
        let tomas = try await TestClient.signedIn(desk.kit, as: "tomas")
        for (query, names) in [("", ["patrol", "quiet"]), ("?exercise=on", ["drill", "patrol", "quiet"]), ("?box=0,0,1,1", [])] {
            let tracks = try await picture(tomas, query)["tracks"]?.array?.compactMap(\.object) ?? []
            same(tracks.compactMap { $0["callsign"]?.string }.sorted(), names, query)
            same(tracks.filter { $0["stale"] == .bool(true) }.compactMap { $0["callsign"]?.string }, names.isEmpty ? [] : ["quiet"], query)
        }
    }
}
