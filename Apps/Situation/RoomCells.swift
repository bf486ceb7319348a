import Foundation
import Kernel

/// Several incidents of one part of the map.
struct RoomCell: Sendable {
    var count: Int
    /// The mean of their places.
    var centre: Place.Position
    var box: GeoBox
    var highest: Severity
}

/// Gathers incidents in the squares of a grid that has a cell for each 64 pixels or so of the map.
struct RoomCells {
    private let session: Session
    /// As many as are read for one picture.
    private static let most = 50_000

    init(_ session: Session) { self.session = session }

    /// Degrees of a cell's side at a zoom: a quarter of a tile of 256 pixels.
    static func side(zoom: Int) -> Double { 90 / pow(2, Double(zoom)) }

    func cells(_ condition: Condition, _ box: Condition.Box?, zoom: Int) throws -> [RoomCell] {
        let side = Self.side(zoom: zoom)
        var cells: [SIMD2<Int>: (count: Int, longitude: Double, latitude: Double, rank: Int)] = [:]
        let query = Query(session.platform.schema(of: Incident.self), where: condition, limit: Self.most)
        try session.each(query) { row in
            guard let centre = RoomPicture.place(of: Record<Incident>(row))?.centre else { return }
            let at = SIMD2(Int((centre.longitude / side).rounded(.down)), Int((centre.latitude / side).rounded(.down)))
            var cell = cells[at] ?? (0, 0, 0, 0)
            cell.count += 1
            cell.longitude += centre.longitude
            cell.latitude += centre.latitude
            cell.rank = max(cell.rank, Severity.allCases.firstIndex(of: Record<Incident>(row)[Incident.severity]) ?? 0)
            cells[at] = cell
        }
        return cells.compactMap { at, cell in
            let west = Double(at.x) * side, south = Double(at.y) * side, count = Double(cell.count)
            guard let box = GeoBox(west: max(-180, west), south: max(-90, south), east: min(180, west + side), north: min(90, south + side)) else { return nil }
            return RoomCell(
                count: cell.count, centre: .init(longitude: cell.longitude / count, latitude: cell.latitude / count), box: box, highest: Severity.allCases[cell.rank])
        }.sorted { $0.count > $1.count }
    }
}
