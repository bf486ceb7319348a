import Kernel

/// Patrols that are out, as the room draws them: the way planned, the way gone and where they were heard of last, for those who may read it exactly.
struct RoomPatrols {
    static let most = 100
    /// Positions of one patrol, the newest.
    static let mostPoints = 300

    private let view: View

    init(_ view: View) { self.view = view }

    func all(in box: Condition.Box) throws -> [JSON] {
        let area = GeoBox(west: box.west, south: box.south, east: box.east, north: box.north)
        return try view.session.find(Patrol.self, where: Patrol.isOut, sort: [.down(Patrol.plannedStart)], limit: Self.most).compactMap { patrol in
            guard let here = (patrol[Patrol.last] ?? patrol[Patrol.route])?.centre, area?.contains(here) ?? true else { return nil }
            return json(patrol, here, gone: try gone(patrol))
        }
    }

    private func gone(_ patrol: Record<Patrol>) throws -> [Place.Position] {
        try PatrolTrack.newest(patrol.ref, view.session, most: Self.mostPoints).points.map(\.position)
    }

    private func json(_ patrol: Record<Patrol>, _ here: Place.Position, gone: [Place.Position]) -> JSON {
        let isLate = patrol.state == .overdue
        return [
            "id": .string(patrol.id.description), "callsign": .string(patrol.reference), "lat": RoomPicture.number(here.latitude), "lon": RoomPicture.number(here.longitude),
            "course": .null, "kind": "patrol", "stale": false, "exercise": false, "late": .bool(isLate),
            "note": isLate ? .string(view.stateName(patrol.row.schema, patrol.state.rawValue)) : .null,
            "line": line(gone), "planned": line(patrol[Patrol.route]?.positions ?? []), "href": .string(view.address(of: patrol)),
        ]
    }

    private func line(_ positions: [Place.Position]) -> JSON {
        .array(positions.map { .array([RoomPicture.number($0.longitude), RoomPicture.number($0.latitude)]) })
    }
}
