import Foundation
import Kernel

/// What the person who brings a file says about it, because the file does not.
struct ExchangeSource: Sendable {
    /// What becomes of a shape that is not one place: MultiPoint, MultiPolygon, GeometryCollection, a track of several segments.
    enum Parts: String, Sendable, CaseIterable {
        /// Each part becomes a feature of its own, with the source id `id/1`, `id/2` and so on.
        case split
        /// The row is not taken.
        case refuse
    }

    enum DateOrder: String, Sendable, CaseIterable { case dayFirst = "day-first", monthFirst = "month-first" }

    /// A stretch of the earth; it crosses the antimeridian when west is greater than east (RFC 7946 §5.2).
    struct Area: Sendable, Hashable {
        let south, west, north, east: Double

        init(south: Double, west: Double, north: Double, east: Double) {
            (self.south, self.west, self.north, self.east) = (south, west, north, east)
        }

        func contains(longitude: Double, latitude: Double) -> Bool {
            guard latitude >= south, latitude <= north else { return false }
            return west <= east ? longitude >= west && longitude <= east : longitude >= west || longitude <= east
        }
    }

    /// The zone of times without one. Nil: such times are faults; nothing is assumed.
    var zone: TimeZone?
    /// Where the places should be. Places outside are pointed out, and those that would be inside the other way round as perhaps swapped.
    var area: Area?
    var parts: Parts
    /// How `03/04/2019` is meant. Nil: day first where the format's own handbook says so, else a fault when both are possible.
    var dateOrder: DateOrder?
    /// Which property or column is which field. Nil: by their names, see `FieldMapping.suggested`.
    var mapping: FieldMapping?
    var limits: ExchangeLimits

    init(
        zone: TimeZone? = nil, area: Area? = nil, parts: Parts = .split, dateOrder: DateOrder? = nil, mapping: FieldMapping? = nil,
        limits: ExchangeLimits = ExchangeLimits()
    ) {
        (self.zone, self.area, self.parts, self.dateOrder, self.mapping, self.limits) = (zone, area, parts, dateOrder, mapping, limits)
    }
}

/// What a file may use up. Beyond them reading stops or the row is refused; memory stays within a few times the size of the file.
struct ExchangeLimits: Sendable, Hashable {
    var bytes = 64_000_000
    var rows = 200_000
    var positions = 3_000_000
    /// Positions of one line or track.
    var linePositions = 100_000
    /// Positions of one ring; the check for crossings takes n log n.
    var ringPositions = 10_000
    var parts = 1_000
    /// Levels of GeometryCollection, MultiGeometry and Folder.
    var nesting = 8
    var columns = 300
    var properties = 500
    /// Bytes of a name of a member or column, and of an id: they are compared and hashed.
    var name = 300
    /// Scalars of a text: titles and categories; descriptions and values.
    var line = 1_000
    var text = 100_000
    /// Faults that are kept in full; all are counted.
    var faults = 1_000

    init() {}
}
