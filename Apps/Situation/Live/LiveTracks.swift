import Foundation
import Kernel

/// Tracks and Cursor on Target: what a connection reports becomes tracks, under the rights of who signed in, and tracks are shown as events.
enum LiveTracks {
    static let source = LiveSource(schema: Track.schemaID, series: TrackPoint.schemaID, read: current)

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

    /// Keeps what was reported: the newest of each uid is where its track is, all of it the track's path, whatever the order in which it arrived. Of two
    /// reports of the same moment the first counts.
    static func keep(_ events: [CoTEvent], in setting: CoTSetting, _ session: Session) throws {
        let reports = Dictionary(grouping: events, by: \.uid)
        let tracks = try tracks(of: reports, in: setting, session)
        var points: [Record<TrackPoint>] = []
        for (uid, track) in tracks.sorted(by: { $0.key < $1.key }) {
            guard mayReport(track, session) else { continue }
            for event in try unknown(reports[uid] ?? [], on: track, session) { points.append(point(event, on: track, session)) }
        }
        try session.append(points)
    }

    /// The tracks of the reports, by uid: those that are new are made, and renamed those that call themselves otherwise now.
    private static func tracks(of reports: [String: [CoTEvent]], in setting: CoTSetting, _ session: Session) throws -> [String: Record<Track>] {
        // Whose uid it is must be known beyond what the sender may read, or a second track would lie over the first.
        let keys = reports.keys.sorted().map { Value.text(Track.key($0, setting.opex)) }
        let found = try session.asService(Track.app).find(Track.self, where: .oneOf(Track.key.name, keys), limit: keys.count)
        var tracks = Dictionary(found.map { ($0[Track.uid], $0) }) { first, _ in first }
        for (uid, events) in reports.sorted(by: { $0.key < $1.key }) {
            guard let newest = events.max(by: { $0.time < $1.time }) else { continue }
            guard let track = tracks[uid] else {
                tracks[uid] = try session.create(Track.self) { draft in
                    draft[Track.uid] = uid
                    draft[Track.setting] = setting.opex
                    put(newest, into: &draft)
                    name(newest, &draft)
                }
                continue
            }
            var named = track
            name(newest, &named)
            let isNamed = named[Track.callsign] == track[Track.callsign] && named[Track.kind] == track[Track.kind]
            if !isNamed, newest.time > track[Track.at], mayReport(track, session) { tracks[uid] = try session.change(track) { name(newest, &$0) } }
        }
        return tracks
    }

    /// Those that the path does not have yet, in the order of their moments.
    private static func unknown(_ events: [CoTEvent], on track: Record<Track>, _ session: Session) throws -> [CoTEvent] {
        var known: Set<Instant> = []
        let late = events.filter { $0.time <= track[Track.at] }.map(\.time)
        if !late.isEmpty {
            let claim = TrackPoint.track.equals(track.ref).and(.oneOf(TrackPoint.at.name, Set(late).map(Value.instant)))
            known = Set(try session.asService(Track.app).find(TrackPoint.self, where: claim, limit: late.count).map { $0[TrackPoint.at] })
        }
        return events.sorted { $0.time < $1.time }.filter { known.insert($0.time).inserted && $0.point.place != nil }
    }

    /// A uid is its first sender's: nobody moves another's track, but for those who keep the picture.
    private static func mayReport(_ track: Record<Track>, _ session: Session) -> Bool {
        session.access.decide(.change, track.row).isAllowed
    }

    private static func name(_ event: CoTEvent, _ track: inout Record<Track>) {
        track[Track.callsign] = event.detail.contact.map { String($0.callsign.prefix(100)) }
        track[Track.kind] = event.type
    }

    private static func put(_ event: CoTEvent, into track: inout Record<Track>) {
        track[Track.how] = event.how
        track[Track.place] = event.point.place ?? track[Track.place]
        track[Track.height] = height(event)
        track[Track.accuracy] = accuracy(event)
        track[Track.course] = course(event)
        track[Track.speed] = speed(event)
        track[Track.at] = event.time
        track[Track.stale] = event.stale
    }

    private static func point(_ event: CoTEvent, on track: Record<Track>, _ session: Session) -> Record<TrackPoint> {
        session.draft(TrackPoint.self) { point in
            point[TrackPoint.track] = track.ref
            point[TrackPoint.how] = event.how
            point[TrackPoint.place] = event.point.place ?? track[Track.place]
            point[TrackPoint.height] = height(event)
            point[TrackPoint.accuracy] = accuracy(event)
            point[TrackPoint.course] = course(event)
            point[TrackPoint.speed] = speed(event)
            point[TrackPoint.at] = event.time
            point[TrackPoint.stale] = event.stale
        }
    }

    private static func height(_ event: CoTEvent) -> Int? { whole(event.point.height, in: -1_000...100_000) }
    private static func accuracy(_ event: CoTEvent) -> Int? { whole(event.point.circularError, in: 0...500_000) }
    private static func course(_ event: CoTEvent) -> Int? { whole(event.detail.track?.course, in: 0...360) }
    private static func speed(_ event: CoTEvent) -> Int? { whole(event.detail.track.map { $0.speed * 3.6 }, in: 0...50_000) }

    private static func whole(_ value: Double?, in range: ClosedRange<Int>) -> Int? {
        guard let value, value.isFinite, Double(range.lowerBound)...Double(range.upperBound) ~= value else { return nil }
        return Int(value.rounded())
    }

    // MARK: Out

    @Sendable private static func current(_ session: Session, _ setting: CoTSetting, _ scope: LiveView.Scope) throws -> [RecordID: CoTEvent] {
        guard session.sees(session.platform.schema(of: Track.self)) else { return [:] }
        let claim = Condition.all([Track.setting.equals(setting.opex), Track.stale.after(), scope.condition])
        // What a lot moved is found by its moment, and in the order of that index, whatever else the database might think of.
        let sort = scope == .all ? [Sort.down(Track.at)] : [Sort("changed-at", descending: true)]
        return try session.find(Track.self, where: claim, sort: sort, limit: most).reduce(into: [:]) { $0[$1.id] = event($1) }
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
