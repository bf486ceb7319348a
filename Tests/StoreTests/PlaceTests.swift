import Foundation
import GRDB
import Kernel
import Store
import TestKit
import Testing

@Suite struct PlaceTests {
    private static let boxes = [
        GeoBox(west: -180, south: -90, east: 180, north: 90), GeoBox(west: 10, south: -5, east: 30, north: 12), GeoBox(west: 170, south: -40, east: -160, north: 40),
        GeoBox(west: -20, south: 60, east: 40, north: 90), GeoBox(west: 18.5, south: 4.3, east: 18.6, north: 4.5),
    ].compactMap { $0 }

    private static func rows(_ count: Int) -> [Kernel.Row] {
        var dice = SeededGenerator(seed: 71)
        return sampleRows(count, seed: 72).map { row in
            var row = row
            // A third close to one another, so that squares hold several.
            let isNear = Int.random(in: 0..<3, using: &dice) == 0
            let place = isNear
                ? Place(latitude: Double.random(in: 4.2...4.6, using: &dice), longitude: Double.random(in: 18.4...18.8, using: &dice))
                : Place(latitude: Double.random(in: -90...90, using: &dice), longitude: Double.random(in: -180...180, using: &dice))
            row["place"] = Int.random(in: 0..<10, using: &dice) == 0 ? .null : place.map(Value.place) ?? .null
            return row
        }
    }

    @Test(arguments: Driver.all) func `the squares of a map hold what lies in them, and no other`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = Self.rows(1_500), choices = Sample.Colour.choices
        try await store.write { store in for row in rows { try store.insert(row) } }
        for (box, zoom) in zip(Self.boxes, [2, 6, 4, 5, 14]) {
            let claim = Condition.compare("flag", .equal, .value(.bool(true)))
            let cells = try await store.read { try $0.cells(Gathering(Samples.sample, by: "place", in: box, zoom: zoom, where: claim, highest: "colour")) }
            var counts: [MapTile: Int] = [:], highest: [MapTile: String] = [:]
            for row in rows where claim.holds(for: row) {
                guard case .place(let place) = row["place"], Condition.within("place", Condition.Box(west: box.west, south: box.south, east: box.east, north: box.north)).holds(for: row),
                      let tile = MapTile(at: place.centre, zoom: zoom) else { continue }
                counts[tile, default: 0] += 1
                let rank = { (colour: String?) in colour.flatMap(choices.firstIndex) ?? -1 }
                if rank(row.text("colour")) > rank(highest[tile]) { highest[tile] = row.text("colour") }
            }
            same(Dictionary(uniqueKeysWithValues: cells.map { ($0.tile, $0.count) }), counts)
            same(Dictionary(uniqueKeysWithValues: cells.compactMap { cell in cell.highest.map { (cell.tile, $0) } }), highest)
            holds(cells.allSatisfy { $0.tile.box.contains($0.centre) || abs($0.centre.latitude) > WebMercator.mostLatitude - 0.1 }, "each middle lies in its square")
        }
    }

    @Test(arguments: Driver.all) func `a box finds what lies in it`(driver: Driver) async throws {
        let store = try await driver.sampled()
        let rows = Self.rows(1_500)
        try await store.write { store in for row in rows { try store.insert(row) } }
        for box in Self.boxes {
            let claim = Condition.within("place", Condition.Box(west: box.west, south: box.south, east: box.east, north: box.north))
            let found = try await store.read { try $0.rows(Query(Samples.sample, where: claim, limit: .max)) }
            same(Set(found.map(\.id)), Set(rows.filter { claim.holds(for: $0) }.map(\.id)))
        }
    }

    @Test func `places kept before they were numbered are found after the migration`() async throws {
        let placed = Schema(table: "site", fields: [FieldSchema(name: "name", kind: .text), FieldSchema(name: "place", kind: .place)])
        let rows = Self.rows(200).enumerated().compactMap { number, row -> Kernel.Row? in
            guard case .place = row["place"] else { return nil }
            var own = Kernel.Row(new: placed, id: RecordID(high: 1, low: UInt64(number)))
            own["place"] = row["place"]
            return own
        }
        let tiles = rows.compactMap { row in if case .place(let place) = row["place"] { MapTile(at: place.centre, zoom: 9) } else { nil } }
        for (store, run) in try await Self.stores() {
            try await store.migrate([placed])
            try await store.write { store in for row in rows { try store.insert(row) } }
            try run("ALTER TABLE \(placed.table) DROP COLUMN place_cell")
            let done = try await store.migrate([placed])
            holds(done.contains { $0.contains("of what is there") }, "the numbers are made: \(done)")
            let cells = try await store.read { store in try Self.boxes.prefix(1).flatMap { try store.cells(Gathering(placed, by: "place", in: $0, zoom: 9)) } }
            same(Dictionary(uniqueKeysWithValues: cells.map { ($0.tile, $0.count) }), tiles.reduce(into: [:]) { $0[$1, default: 0] += 1 })
        }
    }

    /// Stores, each with a way to run SQL past it.
    private static func stores() async throws -> [(any Store, @Sendable (String) throws -> Void)] {
        let file = Driver.file()
        var stores: [(any Store, @Sendable (String) throws -> Void)] = [
            (try SQLiteStore(file: file), { sql in try DatabaseQueue(path: file.path).write { try $0.execute(sql: sql) } }),
        ]
        if let server = TestDatabase.server {
            let address = try await TestDatabase.made(on: server)
            stores.append((PostgresStore(address, connections: 2), { try TestDatabase.run($0, on: address) }))
        }
        return stores
    }
}
