import Foundation
import Kernel

/// A cell of the grid of equal steps of latitude and longitude over the earth: closed to the south and west, open to the north and east,
/// but for the north pole, which the northernmost cells hold.
struct GridCell: Hashable, Sendable {
    /// Hundredths of a degree.
    let size: Int
    /// Steps from the south pole northwards and from the antimeridian eastwards.
    let row, column: Int

    init(size: Int, row: Int, column: Int) { (self.size, self.row, self.column) = (size, row, column) }

    init(_ position: Place.Position, size: Int) {
        func steps(_ degrees: Double) -> Int { Int((degrees * 100 / Double(size)).rounded(.down)) }
        let columns = 36_000 / size, rows = 18_000 / size
        self.init(size: size, row: min(rows - 1, steps(position.latitude + 90)), column: steps(position.longitude + 180) % columns)
    }

    /// Reads a cell's name in an address: "376.790".
    init?(_ name: String, size: Int) {
        let parts = name.split(separator: ".").compactMap { Int($0) }
        guard parts.count == 2, (0..<18_000 / size).contains(parts[0]), (0..<36_000 / size).contains(parts[1]) else { return nil }
        self.init(size: size, row: parts[0], column: parts[1])
    }

    var name: String { "\(row).\(column)" }

    /// Degrees.
    var south: Double { Double(row * size) / 100 - 90 }
    var west: Double { Double(column * size) / 100 - 180 }

    var box: Condition.Box {
        let step = Double(size) / 100
        return Condition.Box(west: west, south: south, east: west + step, north: south + step)
    }
}
