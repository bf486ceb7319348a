import Foundation
import Hummingbird
import Kernel
import Web

/// `MANDATE_BENCH_PART=geo`: boxes of the sizes that a map asks for, over HTTP from the geographic service, beside the same boxes bare.
struct GeoBench {
    let world: GeoWorld

    /// The map's zooms, and how wide their boxes are on the ground.
    static let zooms = [(6, "3,100 km"), (8, "780 km"), (10, "195 km"), (12, "49 km"), (14, "12 km")]
    /// What a map draws of an incident.
    static let properties = "summary,category,severity,occurred,state"

    static func measure(_ engine: Engine, _ folder: URL, _ size: Int) async throws {
        say("== \(engine.name), \(size) incidents")
        let world = try await GeoWorld(folder: folder, engine: engine)
        if let seconds = try await world.fill(size) { say(String(format: "Filled in %.0f s, transactions of 2,000\n", seconds)) }
        if ProcessInfo.processInfo.environment["MANDATE_BENCH_ONLY"] != "fill" {
            var table = Table()
            try await GeoBench(world: world).run(&table)
            table.print()
        }
        try await world.platform.store.close()
        say("")
    }

    private func run(_ figures: inout Table) async throws {
        var options = WebOptions()
        options.limitsRate = false
        let token = try await world.platform.makeToken(person: world.officer.id, name: "bench", days: 1, readOnly: true)
        let port = 18_900 + Int(ProcessInfo.processInfo.processIdentifier % 500)
        let application = WebServer(platform: world.platform, options: options).application(host: "127.0.0.1", port: port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            try await Task.sleep(for: .seconds(1))
            for (zoom, width) in Self.zooms {
                let boxes = GeoWorld.boxes(zoom: zoom, 200)
                let items = boxes.map { "/ogc/collections/situation.incident/items?bbox=\($0.west),\($0.south),\($0.east),\($0.north)&limit=1000&properties=\(Self.properties)" }
                let bare = try await world.engine.times(boxes.prefix(20).map(sql), 100)
                figures.add("box \(width) wide, up to 1,000 features", try drive(items, port, token), limit: "the same SQL, bare", Latencies(bare))
            }
            for (zoom, width) in Self.zooms {
                let tiles = GeoWorld.boxes(zoom: zoom, 200).compactMap { box -> String? in
                    let middle = Place.Position(longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2)
                    return MapTile(at: middle, zoom: zoom).map { "/ogc/collections/situation.incident/tiles/WebMercatorQuad/\($0.zoom)/\($0.y)/\($0.x)" }
                }
                figures.add("vector tile of zoom \(zoom), on a map \(width) wide", try drive(tiles, port, token))
            }
            group.cancelAll()
        }
    }

    /// The newest thousand records in a box and one more, as the store asks for them but without access rules.
    private func sql(_ box: Condition.Box) -> String {
        let place = world.platform.schema("situation.incident").flatMap { Access(world.officer, at: .now).place(of: $0) }?.column ?? "place"
        return """
            SELECT * FROM \(world.incident.table) WHERE \(place)_latitude >= \(box.south) AND \(place)_latitude <= \(box.north) \
            AND \(place)_longitude >= \(box.west) AND \(place)_longitude <= \(box.east) ORDER BY id DESC LIMIT 1001
            """
    }

    private func drive(_ paths: [String], _ port: Int, _ token: String) throws -> Latencies {
        let file = world.folder.appending(path: "calls.txt")
        try Data(paths.map { "GET\t\($0)\t\n" }.joined().utf8).write(to: file)
        let text = try WebBench.run("/usr/bin/env", [
            "wrk", "-t1", "-c1", "-d5s", "--timeout", "60s", "-s", "Benchmarks/Peers/drive.lua", "http://127.0.0.1:\(port)", "--", file.path, "Authorization: Bearer \(token)",
        ])
        let found = text.split(separator: "\n").last { $0.hasPrefix("found ") }?.split(separator: " ").compactMap { Double($0) } ?? []
        guard found.count == 8, found[0] > 0, found[6] == 0, found[7] == 0 else { throw BenchFault(text: "\(paths.first ?? ""): \(text)") }
        return Latencies(perSecond: found[0] / found[1], p50: found[2] / 1000, p95: found[3] / 1000, p99: found[4] / 1000)
    }
}
