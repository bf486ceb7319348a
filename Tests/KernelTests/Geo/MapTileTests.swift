import Foundation
import Kernel
import Testing

@Suite struct MapTileTests {
    @Test func `the projection is that of pyproj, and what lies beyond is drawn on the edge`() {
        var wrong: [String] = []
        for row in GeoTables.mercator {
            let point = WebMercator.project(at(row[0], row[1])), back = WebMercator.position(x: point.x, y: point.y)
            if abs(point.x - row[2]) > 1e-6 || abs(point.y - row[3]) > 1e-6 { wrong.append("\(row): \(point)") }
            if abs(back.latitude - row[0]) > 1e-12 || abs(back.longitude - row[1]) > 1e-12 { wrong.append("\(row): \(back)") }
        }
        #expect(wrong == [])
        let (edge, pole) = (WebMercator.project(at(WebMercator.mostLatitude, 180)), WebMercator.project(at(90, -180)))
        #expect(abs(WebMercator.mostLatitude - 85.0511287798066) < 1e-12 && abs(edge.x - 20_037_508.342789244) < 1e-7)
        #expect(edge.y == edge.x && pole.y == edge.y && pole.x == -edge.x)
        let beyond = WebMercator.position(x: 1e9, y: -1e9)
        #expect(beyond.longitude == 180 && beyond.latitude == -WebMercator.mostLatitude)
    }

    @Test func `tiles of known places`() {
        let rows: [(Double, Double, Int, [Int]?)] = [
            (4.393797, 18.559861, 0, [0, 0]), (4.393797, 18.559861, 10, [564, 499]), (0, 0, 1, [1, 1]), (0.0001, -0.0001, 1, [0, 0]),
            (90, -180, 5, [0, 0]), (-90, 180, 5, [31, 31]), (85.06, 180, 30, [(1 << 30) - 1, 0]),
            (0, 0, 31, nil), (0, 0, -1, nil), (91, 0, 3, nil), (0, .nan, 3, nil), (51.5074, -0.1278, 12, [2046, 1362]),
        ]
        #expect(rows.map { MapTile(at: at($0.0, $0.1), zoom: $0.2).map { [$0.x, $0.y] } } == rows.map(\.3))
        #expect(MapTile(zoom: 2, x: 4, y: 0) == nil && MapTile(zoom: 2, x: 0, y: -1) == nil && MapTile(zoom: 0, x: 0, y: 0)?.parent == nil)
    }

    @Test func `a tile's box holds what is in the tile, its parent holds both, and boxes fit together`() throws {
        var dice = GeoDice(state: 3857)
        var wrong: [String] = []
        for _ in 0..<2000 {
            let position = at(dice.number(-85.05...85.05), dice.number(-180...180))
            let zoom = Int.random(in: 1...24, using: &dice)
            let tile = try #require(MapTile(at: position, zoom: zoom)), box = tile.box
            // On an edge the box may end a rounding earlier.
            let isInside = position.longitude >= box.west && position.longitude <= box.east
                && position.latitude >= box.south - 1e-12 && position.latitude <= box.north + 1e-12
            if !isInside || MapTile(at: tile.centre, zoom: zoom) != tile { wrong.append("\(position) \(tile)") }
            if tile.parent != MapTile(at: position, zoom: zoom - 1) { wrong.append("\(tile): parent") }
            if let east = MapTile(zoom: zoom, x: tile.x + 1, y: tile.y), east.box.west != box.east { wrong.append("\(tile): east") }
            if let south = MapTile(zoom: zoom, x: tile.x, y: tile.y + 1), south.box.north != box.south { wrong.append("\(tile): south") }
            let (a, b) = (WebMercator.project(at(box.south, box.west)), WebMercator.project(at(box.north, box.east)))
            if abs((b.x - a.x) / (b.y - a.y) - 1) > 1e-6 { wrong.append("\(tile): not square") }
        }
        #expect(wrong.prefix(5) == [])
    }

    @Test func `the tiles of a box cover it, also across the antimeridian, and are not too many`() throws {
        let box = try #require(GeoBox(west: 170, south: -20, east: -170, north: -10))
        let world = try #require(GeoBox(west: -180, south: -90, east: 180, north: 90))
        let tiles = try #require(MapTile.tiles(of: box, zoom: 5))
        #expect(tiles.map { [$0.x, $0.y] } == [[31, 16], [31, 17], [0, 16], [0, 17]])
        let tooMany = [7, 30, 31].map { MapTile.tiles(of: world, zoom: $0) }
        #expect(MapTile.tiles(of: world, zoom: 3)?.count == 64 && tooMany == [nil, nil, nil])
    }
}
