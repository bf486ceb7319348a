import Foundation
import Kernel

/// Tracks and Cursor on Target: what a connection reports becomes tracks, under the rights of who signed in, and tracks are shown as events.
enum LiveTracks {
    static let source = LiveSource(schema: Track.schemaID, read: current)

    /// Seconds that a sender's clock may be ahead, and that a track may go without being heard of at most: what never goes stale is not live.
    static let mostAhead = 300, longest = 86_400
    /// Tracks that one connection is shown.
    static let most = 10_000

    // MARK: In

    /// The event as it is kept; nil for what is none of the picture's: no thing in the world, of another setting, from the future, or over already.
    static func accepted(_ event: CoTEvent, in setting: CoTSetting, at now: Instant) -> CoTEvent? {
        var event = event
        // Programs that cannot say that they are in an exercise are where they have signed in.
        if setting != .operation, event.setting == .operation, event.opex?.isEmpty ?? true { event.opex = setting.opex }
        guard event.kind.branch == .atom, event.setting == setting, event.time <= now.adding(seconds: mostAhead), !event.isStale(at: now) else { return nil }
        event.stale = min(event.stale, now.adding(seconds: longest))
        return event
    }

    /// Keeps the newest event of each uid; one that is older than what is there changes nothing, whatever the order they arrived in.
    static func keep(_ events: [CoTEvent], in setting: CoTSetting, _ session: Session) throws {
        let newest = Dictionary(events.map { ($0.uid, $0) }) { $0.time >= $1.time ? $0 : $1 }
        for event in newest.values.sorted(by: { $0.uid < $1.uid }) {
            // Whose uid it is must be known beyond what the sender may read, or a second track would lie over the first.
            let found = try session.asService(Track.app).first(Track.self, where: Track.uid.equals(event.uid).and(Track.setting.equals(setting.opex)))
            guard let found else {
                try session.create(Track.self) { draft in
                    draft[Track.uid] = event.uid
                    draft[Track.setting] = setting.opex
                    put(event, into: &draft)
                }
                continue
            }
            guard event.time > found[Track.at], mayReport(found, session) else { continue }
            try session.change(found) { put(event, into: &$0) }
        }
    }

    /// A uid is its first sender's: nobody moves another's track, but for those who keep the picture.
    private static func mayReport(_ track: Record<Track>, _ session: Session) -> Bool {
        session.access.decide(.change, track.row).isAllowed
    }

    private static func put(_ event: CoTEvent, into track: inout Record<Track>) {
        let point = event.point
        track[Track.callsign] = event.detail.contact.map { String($0.callsign.prefix(100)) }
        track[Track.kind] = event.type
        track[Track.how] = event.how
        track[Track.place] = point.place ?? track[Track.place]
        track[Track.height] = whole(point.height, in: -1_000...100_000)
        track[Track.accuracy] = whole(point.circularError, in: 0...500_000)
        track[Track.course] = whole(event.detail.track?.course, in: 0...360)
        track[Track.speed] = whole(event.detail.track.map { $0.speed * 3.6 }, in: 0...50_000)
        track[Track.at] = event.time
        track[Track.stale] = event.stale
    }

    private static func whole(_ value: Double?, in range: ClosedRange<Int>) -> Int? {
        guard let value, value.isFinite, Double(range.lowerBound)...Double(range.upperBound) ~= value else { return nil }
        return Int(value.rounded())
    }

    // MARK: Out

    @Sendable private static func current(_ session: Session, _ setting: CoTSetting, _ scope: LiveView.Scope) throws -> [RecordID: CoTEvent] {
        guard session.sees(session.platform.schema(of: Track.self)) else { return [:] }
        let claim = Condition.all([Track.setting.equals(setting.opex), Track.stale.after(), scope.condition])
        return try session.find(Track.self, where: claim, sort: [.down(Track.at)], limit: most).reduce(into: [:]) { $0[$1.id] = event($1) }
    }

    static func event(_ track: Record<Track>) -> CoTEvent {
        var event = CoTEvent(
            uid: track[Track.uid], type: track[Track.kind], how: track[Track.how], time: track[Track.at], start: track[Track.at], stale: track[Track.stale],
            point: CoTEvent.Point(
                position: track[Track.place].centre, height: track[Track.height].map(Double.init), circularError: track[Track.accuracy].map(Double.init)))
        event.opex = track[Track.setting]
        event.access = track[Track.label] == .unclassified ? nil : track[Track.label].rawValue
        event.detail.contact = track[Track.callsign].map { CoTEvent.Detail.Contact(callsign: $0) }
        if let course = track[Track.course], let speed = track[Track.speed] {
            event.detail.track = CoTEvent.Detail.Track(speed: (Double(speed) / 3.6 * 100).rounded() / 100, course: Double(course))
        }
        return event
    }
}
