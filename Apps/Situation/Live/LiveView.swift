import Kernel

/// What one connection has been shown, and what it must be told so that it shows what it should.
struct LiveView: Sendable {
    /// The records that may have changed: all, or some and what came in the lots of some moments.
    enum Scope: Hashable, Sendable { case all, records(Set<RecordID>, lots: Set<Instant> = []) }

    let setting: CoTSetting
    private var shown: [RecordID: CoTEvent] = [:]

    init(of setting: CoTSetting) { self.setting = setting }

    /// The events that lead from what was shown to what is to be seen now. `current` holds all of the scope that may be seen; what is not in it may be no more.
    ///
    /// What the other side reported itself (`own`) is not said back.
    ///
    /// What is taken away is first repeated as it was last seen and stale, for programs that take no deletions, and then deleted. So nothing is said of it that
    /// was not said before.
    mutating func changes(to current: [RecordID: CoTEvent], in scope: Scope, except own: [String: Instant], at now: Instant) -> [CoTEvent] {
        var told: [CoTEvent] = []
        let gone = shown.keys.filter { id in
            guard current[id] == nil else { return false }
            if case .records(let ids, _) = scope { return ids.contains(id) }
            return true
        }
        for id in gone.sorted() {
            guard var event = shown.removeValue(forKey: id), !event.isStale(at: now) else { continue }
            // A clock ahead of ours has made the event later than now: what is to overtake it must be later still.
            event.time = max(now, event.time.adding(seconds: 1))
            event.start = min(event.start, event.time)
            event.stale = event.time
            told += [event, CoTControl.removal(of: event, at: now)]
        }
        for (id, event) in current.sorted(by: { $0.key < $1.key }) where !event.isStale(at: now) && shown[id] != event {
            shown[id] = event
            if own[event.uid] != event.time { told.append(event) }
        }
        return told
    }

    /// What has gone stale need not be taken away: whoever was shown it knows.
    mutating func forgetStale(at now: Instant) { shown = shown.filter { !$0.value.isStale(at: now) } }
}

/// What of the records is to be seen live, by a person in a setting.
struct LiveSource: Sendable {
    /// The record type's schema id, and that of the series whose newest its records show.
    let schema: String
    var series: String?
    /// What is to be seen changes by time alone, though the person may read the same.
    var isTimed = false
    /// The records of the scope that the person may see, with their events.
    let read: @Sendable (Session, CoTSetting, LiveView.Scope) throws -> [RecordID: CoTEvent]

    static let all = [LiveTracks.source, LiveIncidents.source]
}

/// What a connection has been shown of one source, and what its person might read of it then.
struct LiveSeen: Sendable {
    let source: LiveSource
    private var view: LiveView
    private var claim: Condition?

    struct Found: Sendable {
        let claim: Condition
        let isBeat: Bool
        /// Nil when nothing was to be read.
        let scope: LiveView.Scope?
        let events: [RecordID: CoTEvent]
    }

    init(source: LiveSource, view: LiveView) { (self.source, self.view) = (source, view) }

    func read(_ session: Session, _ setting: CoTSetting, _ work: LiveInbox.Work) throws -> Found {
        let claim = session.platform.schema(source.schema).map { session.access.condition(.read, on: $0) } ?? .never
        let scope = work.scope(of: source, isSame: claim == self.claim)
        return Found(claim: claim, isBeat: work.isBeat, scope: scope, events: try scope.map { try source.read(session, setting, $0) } ?? [:])
    }

    mutating func take(_ found: Found, except own: [String: Instant], at now: Instant) -> [CoTEvent] {
        claim = found.claim
        if found.isBeat { view.forgetStale(at: now) }
        return found.scope.map { view.changes(to: found.events, in: $0, except: own, at: now) } ?? []
    }
}

extension LiveView.Scope {
    /// As a condition on records.
    var condition: Condition {
        switch self {
        case .all: .always
        case .records(let ids, let lots):
            .any([ids.isEmpty ? .never : .oneOf("id", ids.map(Value.reference)), lots.isEmpty ? .never : .oneOf("changed-at", lots.map(Value.instant))])
        }
    }
}
