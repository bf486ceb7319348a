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
        let open = access.commonClasses(gathering.schema)
        let isOpen = [gathering.field, gathering.highest].compactMap { $0 }.allSatisfy { gathering.schema.field($0).map { open.contains($0.fieldClass) } ?? false }
        var gathering = gathering
        gathering.condition = Condition.all([access.condition(.read, on: gathering.schema), access.resolve(gathering.condition)]).simplified
        guard isOpen, gathering.condition != .never else { return [] }
        return try reader.cells(gathering)
    }
}
