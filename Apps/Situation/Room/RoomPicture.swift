import Foundation
import Kernel

/// What lies in a part of the map, as the script draws it: single incidents, or cells of several where there are too many of them.
enum RoomPicture {
    /// The most incidents drawn one by one; more are drawn as cells. On a screen many more would lie on one another, and over a slow link each costs.
    static let mostSingle = 500
    /// Seconds for which what was counted back from a moment stands: everybody who asks meanwhile asks the same.
    private static let window: Int64 = 5
    /// As far as anybody counts.
    static let mostCounted = 1_000_000

    @Sendable static func show(_ view: View) throws -> Page.Answer {
        let filter = RoomFilter(view.query), session = view.session, box = box(view.parameter("box")) ?? world
        let moving = JSON.array(try RoomTracks(view).all(in: box, filter) + RoomPatrols(view).all(in: box))
        if view.parameter("part") == "moving" { return .json(["at": .string(view.now.iso), "tracks": moving]) }
        let all = filter.condition(at: rounded(view.now)), place = placeField(session)
        let inBox = place.map { all.and(.within($0.name, box)) } ?? .never
        let total = try session.shared.count(Incident.self, where: all, upTo: mostCounted).number
        let zoom = min(16, max(0, view.parameter("zoom").flatMap(Double.init).map { Int($0.rounded()) } ?? 3))
        var picture: [String: JSON] = ["at": .string(view.now.iso), "total": .integer(Int64(total)), "tracks": moving, "alerts": .array(try RoomAlarms(view).all(all))]
        let here = try session.count(Incident.self, where: inBox, upTo: mostSingle + 1).number
        if let place, here > mostSingle || view.parameter("cells") != nil, let edges = gathered(box, zoom) {
            // Four squares to the side of a tile: 64 points of the map.
            let gathering = Gathering(
                session.platform.schema(of: Incident.self), by: place.name, in: edges, zoom: zoom + 2, where: all, highest: Incident.severity.name)
            picture["cells"] = .array(try session.shared.cells(gathering).map(json))
        }
        // In the order in which they lie there; the script puts the gravest on top.
        let singles = here > mostSingle ? [] : try session.find(Incident.self, where: inBox, sort: place.map { [Sort($0.name)] } ?? [], limit: mostSingle)
        picture["incidents"] = .array(try singles.compactMap { try json($0, place, view) })
        if view.parameter("bars") != nil { picture["bars"] = try bars(filter, view) }
        return .json(.object(picture))
    }

    /// - Returns: the moment that all ask with meanwhile.
    static func rounded(_ now: Instant) -> Instant { Instant(microseconds: now.microseconds / (window * 1_000_000) * window * 1_000_000) }

    /// The box out to whole tiles, so that maps that show nearly the same ask for the same; what lies beside the screen is there when the map is moved.
    private static func gathered(_ box: Condition.Box, _ zoom: Int) -> GeoBox? {
        guard let exact = GeoBox(west: box.west, south: box.south, east: box.east, north: box.north), !exact.crossesAntimeridian,
              let first = MapTile(at: Place.Position(longitude: box.west, latitude: box.north), zoom: zoom),
              let last = MapTile(at: Place.Position(longitude: box.east, latitude: box.south), zoom: zoom)
        else { return GeoBox(west: box.west, south: box.south, east: box.east, north: box.north) }
        return GeoBox(west: first.box.west, south: last.box.south, east: last.box.east, north: first.box.north)
    }

    /// "w,s,e,n" in degrees; west may be greater than east.
    static func box(_ text: String?) -> Condition.Box? {
        guard let parts = text?.split(separator: ",").map({ Double($0) }), parts.count == 4, case let (west?, south?, east?, north?) = (parts[0], parts[1], parts[2], parts[3]),
              let box = GeoBox(west: west, south: south, east: east, north: north)
        else { return nil }
        return Condition.Box(west: box.west, south: box.south, east: box.east, north: box.north)
    }

    private static let world = Condition.Box(west: -180, south: -90, east: 180, north: 90)

    /// Where incidents are for the reader: exactly, or as coarsely as their owners show them.
    static func placeField(_ session: Session) -> FieldSchema? { session.access.place(of: session.platform.schema(of: Incident.self)) }

    /// The highest label among what the room shows: incidents of the filter, what moves, and what rings.
    static func highestLabel(_ filter: RoomFilter, _ session: Session) throws -> Label {
        let all = filter.condition(at: rounded(session.now)), tracks = RoomTracks.condition(filter, at: session.now)
        for label in [Label.strictlyConfidential, .confidential] {
            let incidents = try session.shared.count(Incident.self, where: all.and(Incident.label.equals(label)), upTo: 1)
            let moving = try session.count(Track.self, where: tracks.and(Track.label.equals(label)), upTo: 1)
            let patrols = try session.count(Patrol.self, where: Patrol.isOut.and(Patrol.label.equals(label)), upTo: 1)
            let alerts = try session.count(Alert.self, where: RoomAlarms.isRaised.and(Alert.label.equals(label)), upTo: 1)
            if incidents.number + moving.number + patrols.number + alerts.number > 0 { return label }
        }
        return .unclassified
    }

    private static func json(_ incident: Record<Incident>, _ field: FieldSchema?, _ view: View) throws -> JSON? {
        guard let field, case .place(let place) = incident.row[field.name] else { return nil }
        let centre = place.centre
        return [
            "reference": .string(incident.reference), "summary": .string(incident[Incident.summary]), "lat": number(centre.latitude), "lon": number(centre.longitude),
            "category": .string(view.say("incident.category.\(incident[Incident.category].rawValue)")), "kind": .string(incident[Incident.kind].rawValue),
            "severity": .integer(rank(incident[Incident.severity])), "state": .string(incident.state.rawValue), "look": .string(View.look(incident.row.phase).shape),
            "occurred": .string(incident[Incident.occurred].iso), "precision": incident[Incident.precision].map { .integer(Int64($0)) } ?? .null,
            "href": .string(view.address(of: incident)),
        ]
    }

    private static func json(_ cell: GatheredCell) -> JSON {
        let box = cell.tile.box
        return [
            "lon": number(cell.centre.longitude), "lat": number(cell.centre.latitude), "count": .integer(Int64(cell.count)), "severity": .integer(cell.highest.flatMap(Severity.init(rawValue:)).map(rank) ?? 0),
            "box": .array([box.west, box.south, box.east, box.north].map(number)),
        ]
    }

    static func number(_ value: Double) -> JSON { .number(String((value * 100_000).rounded() / 100_000)) }

    /// 1: negligible … 5: critical.
    static func rank(_ severity: Severity) -> Int64 { Int64((Severity.allCases.firstIndex(of: severity) ?? 0) + 1) }

    /// The period in 24 equal parts and how many incidents occurred in each. Without a period, as far back as the oldest.
    private static func bars(_ filter: RoomFilter, _ view: View) throws -> JSON {
        let session = view.session
        let now = rounded(session.now), all = filter.condition(wholePeriod: true, at: now), parts = 24
        let oldest = filter.days > 0 ? nil : try session.find(Incident.self, where: all, sort: [.up(Incident.occurred)], limit: 1).first?[Incident.occurred]
        let start = filter.days > 0 ? now.adding(days: -filter.days) : oldest ?? now.adding(days: -1)
        let periods = Periods(from: start, seconds: now.seconds(since: start) + Int(window), count: parts)
        let counts = try session.shared.counts(Incident.self, of: Incident.occurred, in: periods, where: all)
        let edges = periods.edges.map { JSON.string(view.formats.dateTime($0)) }
        return ["from": .string(start.iso), "until": .string(session.now.iso), "counts": .array(counts.map { .integer(Int64($0)) }), "edges": .array(edges)]
    }
}
