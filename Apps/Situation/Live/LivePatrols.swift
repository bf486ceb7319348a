import Kernel

/// The device of a patrol's leader is the patrol's: what it says of itself are positions of the patrol, and signs of life.
enum LivePatrols {
    /// Seconds between two positions that are kept of a patrol; the live picture has them all.
    static let between = 60

    static func keep(_ events: [CoTEvent], in setting: CoTSetting, _ session: Session) throws {
        // Programs say of themselves what they are (`takv`); of what they pass on of others they do not.
        let own = events.filter { $0.detail.software != nil && $0.kind.affiliation == .friend }
        guard setting == .operation, let newest = own.max(by: { $0.time < $1.time }), let place = newest.point.place else { return }
        let out = try session.find(Patrol.self, where: Patrol.isOut.and(Patrol.leader.isMe), limit: 2)
        // Who leads two at once has not said which of them it is.
        guard out.count == 1, let patrol = out.first, isDue(newest, of: patrol) else { return }
        try session.append([session.draft(Position.self) {
            $0[Position.patrol] = patrol.ref
            $0[Position.at] = newest.time
            $0[Position.place] = place
            $0[Position.accuracy] = newest.point.circularError.flatMap { (0...500_000).contains($0) ? Int($0.rounded(.up)) : nil }
        }])
        try session.move(patrol, "check-in") { $0[Patrol.last] = place }
    }

    private static func isDue(_ event: CoTEvent, of patrol: Record<Patrol>) -> Bool {
        patrol[Patrol.heardAt].map { event.time.seconds(since: $0) >= between } ?? true
    }
}

extension CoTEvent.Point {
    var place: Place? { Place(latitude: position.latitude, longitude: position.longitude) }
}
