import Kernel

/// What one connection has been shown, and what it must be told so that it shows what it should.
struct LiveView: Sendable {
    /// The records that may have changed.
    enum Scope: Hashable, Sendable { case all, records(Set<RecordID>) }

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
            if case .records(let ids) = scope { return ids.contains(id) }
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
}

/// What of the records is to be seen live, by a person in a setting.
struct LiveSource: Sendable {
    /// The record type's schema id.
    let schema: String
    /// The records of the scope that the person may see, with their events.
    let read: @Sendable (Session, CoTSetting, LiveView.Scope) throws -> [RecordID: CoTEvent]

    static let all = [LiveTracks.source, LiveIncidents.source]

    /// Everything of the scope from all sources.
    static func current(_ session: Session, _ setting: CoTSetting, _ scope: LiveView.Scope) throws -> [RecordID: CoTEvent] {
        try all.reduce(into: [:]) { all, source in all.merge(try source.read(session, setting, scope)) { first, _ in first } }
    }
}

extension LiveView.Scope {
    /// As a condition on records.
    var condition: Condition {
        switch self {
        case .all: .always
        case .records(let ids): .oneOf("id", ids.map(Value.reference))
        }
    }
}
