import Kernel

/// A place on the grid of a tile, cut to the tile and its margin, as the commands of the Mapbox Vector Tile specification (4.3).
struct TileGeometry {
    /// 1 point, 2 line, 3 polygon.
    let type: UInt64
    let commands: [UInt64]

    private struct Point: Hashable { var x, y: Int }
    private typealias Spot = (x: Double, y: Double)

    /// Nil when nothing of it reaches the tile.
    init?(_ place: Place, _ tile: MapTile) {
        let spots = Self.project(place.positions, tile)
        var pen = Pen()
        switch place.shape {
        case .point:
            guard let spot = spots.first, Self.window.contains(spot.x), Self.window.contains(spot.y) else { return nil }
            type = 1
            pen.move([Self.rounded(spot)])
        case .line:
            type = 2
            for piece in Self.pieces(of: spots) where piece.count > 1 { pen.line(piece) }
        case .area:
            type = 3
            let ring = Self.deduplicated(Self.clipped(Array(spots.dropLast())).map(Self.rounded))
            guard ring.count >= 3 else { return nil }
            // The outer ring runs clockwise on the grid, whose y grows downwards: its area is positive.
            pen.ring(Self.doubleArea(ring) < 0 ? ring.reversed() : ring)
        }
        guard !pen.commands.isEmpty else { return nil }
        commands = pen.commands
    }

    // MARK: On the grid

    private static let window = -Double(VectorTile.margin)...Double(VectorTile.extent + VectorTile.margin)

    /// Steps from the tile's north-western corner; each leg takes the shorter way round, and the whole lies as near to the tile as it can.
    private static func project(_ positions: [Place.Position], _ tile: MapTile) -> [Spot] {
        let world = Double(1 << tile.zoom) * Double(VectorTile.extent)
        var found: [Spot] = []
        for position in positions {
            let metres = WebMercator.project(position)
            var x = (metres.x / WebMercator.halfWidth + 1) / 2 * world - Double(tile.x * VectorTile.extent)
            let y = (1 - metres.y / WebMercator.halfWidth) / 2 * world - Double(tile.y * VectorTile.extent)
            let near = found.last?.x ?? Double(VectorTile.extent) / 2
            x -= ((x - near) / world).rounded() * world
            found.append((x, y))
        }
        return found
    }

    private static func rounded(_ spot: Spot) -> Point { Point(x: Int(spot.x.rounded()), y: Int(spot.y.rounded())) }

    private static func deduplicated(_ points: [Point]) -> [Point] {
        var kept: [Point] = []
        for point in points where point != kept.last { kept.append(point) }
        if kept.count > 1, kept.first == kept.last { kept.removeLast() }
        return kept
    }

    private static func doubleArea(_ ring: [Point]) -> Int {
        zip(ring, ring.dropFirst() + ring.prefix(1)).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y }
    }

    // MARK: Cutting

    /// The parts of a line within the window, each leg cut by itself (Liang and Barsky).
    private static func pieces(of spots: [Spot]) -> [[Point]] {
        var pieces: [[Point]] = []
        for (start, end) in zip(spots, spots.dropFirst()) {
            guard let (from, to) = cut(start, end) else { continue }
            let (first, last) = (rounded(from), rounded(to))
            if first == last { continue }
            if pieces.last?.last == first { pieces[pieces.count - 1].append(last) } else { pieces.append([first, last]) }
        }
        return pieces
    }

    private static func cut(_ start: Spot, _ end: Spot) -> (Spot, Spot)? {
        let (dx, dy) = (end.x - start.x, end.y - start.y)
        var (enter, leave) = (0.0, 1.0)
        for (step, room) in [(-dx, start.x - window.lowerBound), (dx, window.upperBound - start.x), (-dy, start.y - window.lowerBound), (dy, window.upperBound - start.y)] {
            if step == 0 {
                if room < 0 { return nil }
                continue
            }
            if step < 0 { enter = max(enter, room / step) } else { leave = min(leave, room / step) }
        }
        guard enter <= leave else { return nil }
        return ((start.x + enter * dx, start.y + enter * dy), (start.x + leave * dx, start.y + leave * dy))
    }

    /// A ring within the window, cut by one edge after the other (Sutherland and Hodgman).
    private static func clipped(_ ring: [Spot]) -> [Spot] {
        let edges: [(Spot) -> Double] = [{ $0.x - window.lowerBound }, { window.upperBound - $0.x }, { $0.y - window.lowerBound }, { window.upperBound - $0.y }]
        return edges.reduce(ring) { ring, inside in
            zip(ring, ring.dropFirst() + ring.prefix(1)).flatMap { start, end -> [Spot] in
                let (here, there) = (inside(start), inside(end))
                let crossing: Spot = (start.x + (end.x - start.x) * here / (here - there), start.y + (end.y - start.y) * here / (here - there))
                return here >= 0 ? (there >= 0 ? [end] : [crossing]) : (there >= 0 ? [crossing, end] : [])
            }
        }
    }

    // MARK: Commands

    /// Writes where to go from where it is.
    private struct Pen {
        private(set) var commands: [UInt64] = []
        private var here = Point(x: 0, y: 0)

        private mutating func command(_ id: UInt64, _ points: ArraySlice<Point>) {
            commands.append(id | UInt64(points.count) << 3)
            for point in points {
                commands += [ProtobufWriter.zigzag(point.x - here.x), ProtobufWriter.zigzag(point.y - here.y)]
                here = point
            }
        }

        mutating func move(_ points: [Point]) { command(1, points[...]) }

        mutating func line(_ points: [Point]) {
            command(1, points.prefix(1))
            command(2, points.dropFirst())
        }

        mutating func ring(_ points: [Point]) {
            line(points)
            commands.append(7 | 1 << 3)
        }
    }
}
