import Kernel

/// Pages and counts of features: those of a box in the order of the index of places, and after them those without a place; all others as lists are read.
struct OGCWalk {
    let collection: OGCCollection
    let session: Session

    /// Counted exactly up to so many.
    static let mostCounted = 10_000

    private var place: FieldSchema { collection.place }

    func page(_ query: OGCItemsQuery) throws -> (rows: [Row], next: Cursor?) {
        guard let box = query.walk else { return try session.list(query.list) }
        var asked = query.list.query()
        asked.limit += 1
        var rows = try session.rows(asked, along: place.name, in: box)
        if rows.count < asked.limit, !place.required { rows += try placeless(asked, asked.limit - rows.count) }
        guard rows.count > query.list.limit else { return (rows, nil) }
        rows.removeLast(rows.count - query.list.limit)
        return (rows, rows.last.map(cursor))
    }

    func count(_ query: OGCItemsQuery) throws -> Count {
        guard let box = query.walk else { return try session.count(query.list, upTo: Self.mostCounted) }
        let inside = try session.count(collection.schema, where: query.list.condition, along: place.name, in: box, upTo: Self.mostCounted)
        if inside.isCapped || place.required { return inside }
        let others = try session.count(collection.schema, where: query.list.condition.and(.isNull(place.name)), upTo: Self.mostCounted - inside.number)
        return Count(number: inside.number + others.number, isCapped: others.isCapped)
    }

    private func placeless(_ asked: Query, _ limit: Int) throws -> [Row] {
        var rest = asked
        rest.condition = asked.condition.and(.isNull(place.name))
        rest.limit = limit
        if rest.after?.values != [.null] { rest.after = nil }
        return try session.rows(rest)
    }

    /// A line or an area stands in the order where its centre is; its corners would make a long address.
    private func cursor(after row: Row) -> Cursor {
        guard case .place(let place) = row[place.name], let centre = Place(.point, [place.centre]) else { return Cursor(values: [.null], id: row.id) }
        return Cursor(values: [.place(centre)], id: row.id)
    }
}
