/// Positions numbered along a curve that winds through the tiles of a web map (Morton or Z-order), so that a database finds what lies near one another in
/// the order of one number: a tile of any zoom is one range of numbers, and a box is a few.
public enum MapCurve {
    /// The last number there is.
    public static let last: Int64 = 1 << 60 - 1

    /// The tile of the deepest zoom that holds the position: 60 bits, of which each pair is a quarter of the one before. Nil when it is not on the earth.
    public static func number(_ position: Place.Position) -> Int64? { MapTile(at: position, zoom: MapTile.mostZoom).map { interleaved($0.x, $0.y) } }

    /// The numbers of the positions in a tile.
    public static func range(_ tile: MapTile) -> ClosedRange<Int64> {
        let shift = Int64(2 * (MapTile.mostZoom - tile.zoom)), first = interleaved(tile.x, tile.y) << shift
        return first...(first + (1 << shift) - 1)
    }

    /// The tile of a zoom that holds the positions with the number.
    public static func tile(_ number: Int64, zoom: Int) -> MapTile? {
        let cut = number >> Int64(2 * (MapTile.mostZoom - zoom))
        return MapTile(zoom: zoom, x: gathered(cut), y: gathered(cut >> 1))
    }

    /// Ranges that hold every position of the box, and some beside it: `most` at most, in order, none touching the next.
    public static func ranges(of box: GeoBox, most: Int = 12) -> [ClosedRange<Int64>] {
        let windows = box.parts.compactMap(Window.init)
        guard let world = MapTile(zoom: 0, x: 0, y: 0) else { return [] }
        var whole: [MapTile] = [], split = [world]
        // The largest tile that sticks out is quartered for as long as there is room for what that makes.
        while whole.count + split.count + 3 <= most, let next = split.indices.min(by: { split[$0].zoom < split[$1].zoom }), split[next].zoom < MapTile.mostZoom {
            for quarter in quarters(split.remove(at: next)) {
                switch coverage(quarter, windows) {
                case .none: continue
                case .some: split.append(quarter)
                case .all: whole.append(quarter)
                }
            }
        }
        return joined((whole + split).map(range).sorted { $0.lowerBound < $1.lowerBound })
    }

    private static func joined(_ ranges: [ClosedRange<Int64>]) -> [ClosedRange<Int64>] {
        ranges.reduce(into: []) { joined, next in
            if let last = joined.last, last.upperBound + 1 >= next.lowerBound { joined[joined.count - 1] = last.lowerBound...next.upperBound } else { joined.append(next) }
        }
    }

    private static func quarters(_ tile: MapTile) -> [MapTile] {
        [(0, 0), (1, 0), (0, 1), (1, 1)].compactMap { MapTile(zoom: tile.zoom + 1, x: tile.x << 1 + $0.0, y: tile.y << 1 + $0.1) }
    }

    /// A box in tiles of the deepest zoom; a tile wider on every side, so that no rounding of another machine leaves out what lies on its edge.
    private struct Window {
        let columns, rows: ClosedRange<Int>

        init?(_ box: GeoBox) {
            guard let first = MapTile(at: Place.Position(longitude: box.west, latitude: box.north), zoom: MapTile.mostZoom),
                  let last = MapTile(at: Place.Position(longitude: box.east, latitude: box.south), zoom: MapTile.mostZoom)
            else { return nil }
            columns = (first.x - 1)...(last.x + 1)
            rows = (first.y - 1)...(last.y + 1)
        }
    }

    private enum Coverage { case none, some, all }

    private static func coverage(_ tile: MapTile, _ windows: [Window]) -> Coverage {
        let side = 1 << (MapTile.mostZoom - tile.zoom)
        let columns = tile.x * side...(tile.x + 1) * side - 1, rows = tile.y * side...(tile.y + 1) * side - 1
        var found = Coverage.none
        for window in windows where window.columns.overlaps(columns) && window.rows.overlaps(rows) {
            if window.columns.contains(columns.lowerBound), window.columns.contains(columns.upperBound), window.rows.contains(rows.lowerBound),
               window.rows.contains(rows.upperBound) { return .all }
            found = .some
        }
        return found
    }

    // MARK: Bits

    private static func interleaved(_ x: Int, _ y: Int) -> Int64 { spread(x) | spread(y) << 1 }

    private static let masks: [(shift: Int64, mask: Int64)] = [
        (16, 0x0000_FFFF_0000_FFFF), (8, 0x00FF_00FF_00FF_00FF), (4, 0x0F0F_0F0F_0F0F_0F0F), (2, 0x3333_3333_3333_3333), (1, 0x5555_5555_5555_5555),
    ]

    /// The bits with a zero before each.
    private static func spread(_ number: Int) -> Int64 { masks.reduce(Int64(number)) { ($0 | $0 << $1.shift) & $1.mask } }

    /// Every second bit, from the last.
    private static func gathered(_ number: Int64) -> Int {
        var bits = number & 0x5555_5555_5555_5555
        for (shift, mask) in [(1, 0x3333_3333_3333_3333), (2, 0x0F0F_0F0F_0F0F_0F0F), (4, 0x00FF_00FF_00FF_00FF), (8, 0x0000_FFFF_0000_FFFF), (16, 0x0000_0000_FFFF_FFFF)] as [(Int64, Int64)] {
            bits = (bits | bits >> shift) & mask
        }
        return Int(bits)
    }
}
