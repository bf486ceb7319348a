import Kernel

/// What moves, as the room draws it: where it was heard of last. Exercise never stands among operations unasked.
struct RoomTracks {
    /// Seconds for which a track that is no longer current is still shown, as such.
    static let shownStale = 3_600
    static let most = 2_000

    private let view: View

    init(_ view: View) { self.view = view }

    static func condition(_ filter: RoomFilter, at now: Instant) -> Condition {
        let heard = Track.stale.atLeast(now.adding(seconds: -shownStale))
        return filter.showsExercise ? heard : heard.and(Track.isExercise.equals(false))
    }

    func all(in box: Condition.Box, _ filter: RoomFilter) throws -> [JSON] {
        let claim = Self.condition(filter, at: view.now).and(.within(Track.place.name, box))
        return try view.session.find(Track.self, where: claim, sort: [.down(Track.at)], limit: Self.most).map(json)
    }

    private func json(_ track: Record<Track>) -> JSON {
        let centre = track[Track.place].centre
        return [
            "id": .string(track.id.description), "callsign": .string(track[Track.callsign] ?? track[Track.uid]),
            "lat": RoomPicture.number(centre.latitude), "lon": RoomPicture.number(centre.longitude),
            "course": track[Track.course].map { .integer(Int64($0)) } ?? .null, "speed": track[Track.speed].map { .integer(Int64($0)) } ?? .null,
            "time": .string(track[Track.at].iso), "stale": .bool(track[Track.stale] < view.now), "kind": .string(track[Track.affiliation].rawValue),
            "exercise": .bool(track[Track.isExercise]), "line": .array([]), "href": .string(view.address(of: track)),
        ]
    }
}
