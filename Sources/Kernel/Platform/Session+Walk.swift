extension Session {
    /// A page of the records of a box, in the order in which they lie along the curve of map tiles: each of its stretches is one walk through the index, which
    /// ends when the page is full, however many records there are. The query brings all else that is asked, its size and its cursor.
    public func rows(_ query: Query, along field: String, in box: GeoBox) throws -> [Row] {
        var found: [Row] = []
        for stretch in Session.stretches(of: box, after: query.after) where found.count < query.limit {
            var part = query
            part.sort = [Sort(field)]
            part.limit = query.limit - found.count
            part.condition = .all([query.condition, .along(field, stretch, Condition.Box(box))])
            found += try rows(part)
        }
        return found
    }

    /// How many records the box has, exact up to `limit`.
    public func count(_ schema: Schema, where condition: Condition, along field: String, in box: GeoBox, upTo limit: Int) throws -> Count {
        var number = 0
        for stretch in Session.stretches(of: box, after: nil) {
            let part = try count(schema, where: .all([condition, .along(field, stretch, Condition.Box(box))]), upTo: limit - number)
            number += part.number
            if part.isCapped { return Count(number: number, isCapped: true) }
        }
        return Count(number: number, isCapped: false)
    }

    /// What is left of the box's stretches after a cursor; nothing after one that stands at a record without a place.
    private static func stretches(of box: GeoBox, after cursor: Cursor?) -> [ClosedRange<Int64>] {
        let all = MapCurve.ranges(of: box)
        guard let value = cursor?.values.first else { return all }
        guard case .place(let place) = value, let number = MapCurve.number(place.centre) else { return [] }
        return all.filter { $0.upperBound >= number }
    }
}

extension Condition.Box {
    public init(_ box: GeoBox) { self.init(west: box.west, south: box.south, east: box.east, north: box.north) }
}
