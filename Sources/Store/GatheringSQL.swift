import Kernel

/// The SQL that gathers places by squares of a map: one walk through the ranges of the index that the box has.
struct GatheringSQL {
    let layout: TableLayout
    let gathering: Gathering

    /// The square's number, how many, their mean longitude and latitude, and the place of the highest choice. The ranges stand first, so that each enters
    /// the index once; SQLite keeps the order of a cross join.
    var fragment: Fragment? {
        guard let field = layout.schema.field(gathering.field) else { return nil }
        let place = PlaceColumns(field, layout)
        let claim = ConditionSQL(layout: layout).fragment(gathering.condition)
        let exact = place.within(gathering.box)
        let ranges = MapCurve.ranges(of: gathering.box, most: 64)
        let walk = ranges.map { _ in "(CAST(? AS BIGINT), CAST(? AS BIGINT))" }.joined(separator: ", ")
        let real = layout.dialect.real
        return Fragment(
            """
            SELECT \(place.cell) >> \(2 * (MapTile.mostZoom - gathering.zoom)), count(*), \(real("avg(\(place.longitude))")), \(real("avg(\(place.latitude))")), \
            \(rank) FROM (VALUES \(walk)) AS walk CROSS JOIN \(layout.table)\(entry) \
            WHERE \(place.cell) BETWEEN walk.column1 AND walk.column2 AND \(exact.sql) AND \(claim.sql) GROUP BY 1 LIMIT ?
            """,
            ranges.flatMap { [.integer($0.lowerBound), .integer($0.upperBound)] } + exact.arguments + claim.arguments + [.integer(Int64(gathering.limit))])
    }

    /// SQLite would walk a whole period for each of the ranges.
    private var entry: String {
        guard layout.dialect == .sqlite, layout.schema.isRecord, let field = layout.schema.field(gathering.field), !field.isAdded else { return "" }
        return " INDEXED BY \(layout.quoted(PlaceColumns.index(field, layout)))"
    }

    private var choices: [String] { gathering.highest.flatMap(layout.schema.field)?.choices ?? [] }

    private var rank: String {
        guard let field = gathering.highest.flatMap(layout.schema.field), !choices.isEmpty else { return "NULL" }
        let cases = choices.enumerated().map { "WHEN '\($1.replacing("'", with: "''"))' THEN \($0)" }.joined(separator: " ")
        return "max(CASE \(layout.expression(field)) \(cases) END)"
    }

    func cell(number: Int64, count: Int, longitude: Double, latitude: Double, rank: Int?) -> GatheredCell? {
        MapCurve.tile(number << Int64(2 * (MapTile.mostZoom - gathering.zoom)), zoom: gathering.zoom).map { tile in
            GatheredCell(
                tile: tile, count: count, centre: Place.Position(longitude: longitude, latitude: latitude),
                highest: rank.flatMap { choices.indices.contains($0) ? choices[$0] : nil })
        }
    }
}

/// The columns of a place field.
struct PlaceColumns {
    let longitude, latitude, cell: String

    init(_ field: FieldSchema, _ layout: TableLayout) {
        longitude = layout.quoted(field.column + "_longitude")
        latitude = layout.quoted(field.column + "_latitude")
        cell = layout.quoted(field.column + "_cell")
    }

    /// The index of the numbers along the curve.
    static func index(_ field: FieldSchema, _ layout: TableLayout) -> String { "\(layout.schema.table)_by_\(field.column)_cell" }

    /// Exact in degrees.
    func within(_ box: GeoBox) -> Fragment {
        Fragment(
            "\(latitude) >= ? AND \(latitude) <= ? AND (\(longitude) >= ? \(box.crossesAntimeridian ? "OR" : "AND") \(longitude) <= ?)",
            [box.south, box.north, box.west, box.east].map(SQLValue.real))
    }

    /// The ranges of the index in which the box lies; nil where that is all of it.
    func near(_ box: GeoBox) -> Fragment? {
        let ranges = MapCurve.ranges(of: box)
        guard let first = ranges.first, first.lowerBound > 0 || first.upperBound < MapCurve.last else { return nil }
        return Fragment(
            "(" + ranges.map { _ in "\(cell) BETWEEN ? AND ?" }.joined(separator: " OR ") + ")", ranges.flatMap { [.integer($0.lowerBound), .integer($0.upperBound)] })
    }
}
