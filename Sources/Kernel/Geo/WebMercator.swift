import Foundation

/// The projection of web maps, EPSG:3857: metres of a sphere with the equatorial radius of WGS 84, not true lengths.
public enum WebMercator {
    /// The latitude at which the map becomes a square, 85.0511…°: what lies beyond is drawn on its edge.
    public static let mostLatitude = atan(sinh(Double.pi)) * 180 / .pi
    /// Half the width of the map: x and y reach from −20,037,508.34 to 20,037,508.34.
    public static let halfWidth = Double.pi * WGS84.a

    /// Metres east of the meridian of Greenwich and north of the equator; latitudes are held within ±`mostLatitude`.
    public static func project(_ position: Place.Position) -> (x: Double, y: Double) {
        (position.longitude / 180 * halfWidth, turn(atLatitude: position.latitude) * halfWidth)
    }

    /// The position of a point of the map; held within ±180° and ±`mostLatitude`.
    public static func position(x: Double, y: Double) -> Place.Position {
        Place.Position(longitude: min(180, max(-180, x / halfWidth * 180)), latitude: latitude(atTurn: min(1, max(-1, y / halfWidth))))
    }

    /// −1 at the southern edge, 1 at the northern.
    static func turn(atLatitude latitude: Double) -> Double {
        if abs(latitude) >= mostLatitude { return latitude < 0 ? -1 : 1 }
        return asinh(tan(latitude * .pi / 180)) / .pi
    }

    static func latitude(atTurn turn: Double) -> Double {
        abs(turn) == 1 ? turn * mostLatitude : atan(sinh(turn * .pi)) * 180 / .pi
    }
}

/// A tile of a web map, and a cell in which positions are gathered: 2^zoom by 2^zoom of them, from the north-west.
public struct MapTile: Hashable, Sendable {
    /// 0...30: at the equator a side is about 40,075 km / 2^zoom.
    public let zoom: Int
    /// Columns from 180° W, rows from the northern edge.
    public let x, y: Int

    public static let mostZoom = 30

    /// Nil when there is no such tile.
    public init?(zoom: Int, x: Int, y: Int) {
        guard (0...MapTile.mostZoom).contains(zoom), (0..<1 << zoom).contains(x), (0..<1 << zoom).contains(y) else { return nil }
        (self.zoom, self.x, self.y) = (zoom, x, y)
    }

    /// The tile that holds a position; nil when the zoom is none or the position is not on the earth.
    ///
    /// An edge belongs to the tile east or south of it, the outer edges to the tiles they bound; beyond ±`WebMercator.mostLatitude`
    /// the outermost rows count.
    public init?(at position: Place.Position, zoom: Int) {
        guard position.isOnEarth, (0...MapTile.mostZoom).contains(zoom) else { return nil }
        func index(_ part: Double) -> Int { min(max(Int((part * Double(1 << zoom)).rounded(.down)), 0), (1 << zoom) - 1) }
        self.init(
            zoom: zoom, x: index(position.longitude / 360 + 0.5), y: index(0.5 - WebMercator.turn(atLatitude: position.latitude) / 2))
    }

    /// The tile's edges.
    public var box: GeoBox {
        let side = 1 / Double(1 << zoom)
        return GeoBox(
            unchecked: Double(x) * side * 360 - 180, WebMercator.latitude(atTurn: 1 - 2 * Double(y + 1) * side),
            Double(x + 1) * side * 360 - 180, WebMercator.latitude(atTurn: 1 - 2 * Double(y) * side))
    }

    /// The middle of the tile on the map.
    public var centre: Place.Position {
        let side = 1 / Double(1 << zoom)
        return Place.Position(
            longitude: (Double(x) + 0.5) * side * 360 - 180, latitude: WebMercator.latitude(atTurn: 1 - (2 * Double(y) + 1) * side))
    }

    /// The tile one zoom out that holds this one; nil for the whole world.
    public var parent: MapTile? { MapTile(zoom: zoom - 1, x: x >> 1, y: y >> 1) }

    /// The tiles at a zoom that a box touches, row by row; nil when there are more than `most` or the zoom is none.
    public static func tiles(of box: GeoBox, zoom: Int, most: Int = 10_000) -> [MapTile]? {
        var found: Set<MapTile> = [], list: [MapTile] = []
        for part in box.parts {
            guard let first = MapTile(at: Place.Position(longitude: part.west, latitude: part.north), zoom: zoom),
                  let last = MapTile(at: Place.Position(longitude: part.east, latitude: part.south), zoom: zoom),
                  (last.x - first.x + 1) * (last.y - first.y + 1) <= most
            else { return nil }
            for y in first.y...last.y {
                for x in first.x...last.x {
                    if let tile = MapTile(zoom: zoom, x: x, y: y), found.insert(tile).inserted { list.append(tile) }
                }
            }
        }
        return list.count <= most ? list : nil
    }
}
