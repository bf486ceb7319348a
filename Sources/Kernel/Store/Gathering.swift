/// Records gathered by the squares of a map: how many lie in each, and where.
public struct Gathering: Sendable {
    public var schema: Schema
    /// The place field that is gathered by.
    public var field: String
    public var box: GeoBox
    /// The zoom whose tiles are the squares.
    public var zoom: Int
    public var condition: Condition
    /// A choice field whose last choice in a square is told, choices counting upwards as declared.
    public var highest: String?
    /// Squares at most.
    public var limit: Int

    public init(_ schema: Schema, by field: String, in box: GeoBox, zoom: Int, where condition: Condition = .always, highest: String? = nil, limit: Int = 5_000) {
        self.schema = schema
        self.field = field
        self.box = box
        self.zoom = min(max(zoom, 0), MapTile.mostZoom)
        self.condition = condition
        self.highest = highest
        self.limit = limit
    }

    /// Whether the fields are open to the viewer on all records that they may read.
    func isOpen(to access: Access) -> Bool {
        let open = access.commonClasses(schema)
        return [field, highest].compactMap { $0 }.allSatisfy { schema.field($0).map { open.contains($0.fieldClass) } ?? false }
    }

    /// The squares of several gatherings of other records, put together.
    func joined(_ parts: [[GatheredCell]]) -> [GatheredCell] {
        guard parts.count > 1, parts.filter({ !$0.isEmpty }).count > 1 else { return parts.first { !$0.isEmpty } ?? [] }
        let choices = highest.flatMap(schema.field)?.choices ?? []
        func rank(_ choice: String?) -> Int { choice.flatMap(choices.firstIndex) ?? -1 }
        let cells = Dictionary(grouping: parts.joined(), by: \.tile).map { tile, cells in
            let count = cells.reduce(0) { $0 + $1.count }
            func mean(_ side: (Place.Position) -> Double) -> Double { cells.reduce(0) { $0 + side($1.centre) * Double($1.count) } / Double(count) }
            return GatheredCell(
                tile: tile, count: count, centre: Place.Position(longitude: mean(\.longitude), latitude: mean(\.latitude)),
                highest: cells.map(\.highest).max { rank($0) < rank($1) } ?? nil)
        }
        return Array(cells.prefix(limit))
    }
}

/// The records of one square.
public struct GatheredCell: Sendable, Hashable {
    public let tile: MapTile
    public let count: Int
    /// The mean of their centres.
    public let centre: Place.Position
    /// The last choice among them; nil when none has one.
    public let highest: String?

    public init(tile: MapTile, count: Int, centre: Place.Position, highest: String?) {
        self.tile = tile
        self.count = count
        self.centre = centre
        self.highest = highest
    }
}

extension Session {
    /// Where the records lie that the viewer may read, gathered by the squares of a map; nothing by a field that is not open to the viewer on all of them.
    /// - Parameters:
    ///   - zoom: the zoom of the map; squares are eight to the side of a tile, 32 points.
    ///   - highest: a choice field of which the last choice in each square is told.
    public func cells<T: RecordType>(
        _ type: T.Type, at field: Field<T, Place?>, in box: GeoBox, zoom: Int, where condition: Condition = .always, highest: (any FieldKey)? = nil
    ) throws -> [GatheredCell] {
        try cells(Gathering(platform.schema(of: type), by: field.name, in: box, zoom: zoom + 3, where: condition, highest: highest?.schema.name))
    }

    public func cells(_ gathering: Gathering) throws -> [GatheredCell] {
        var gathering = gathering
        gathering.condition = Condition.all([access.condition(.read, on: gathering.schema), access.resolve(gathering.condition)]).simplified
        guard gathering.isOpen(to: access), gathering.condition != .never else { return [] }
        return try reader.cells(gathering)
    }
}
