import Kernel

/// Where everything is as far as is known: one track a uid, of one setting (operations, or one exercise, or one simulation).
///
/// A pure value: the same events give the same picture whatever the order they arrive in, as long as the tracks are not too many.
struct LivePicture: Sendable {
    /// What became of an event.
    enum Outcome: Hashable, Sendable {
        /// A uid that was not there; a newer event of one that was.
        case appeared, moved
        /// Older than what is shown: a point of the track's past, to keep as such, not to show as where it is.
        case past
        /// What is shown already.
        case known
        case refused(Refused)
    }

    enum Refused: Hashable, Sendable {
        /// Programs talking among themselves (`t-x…`).
        case control
        /// Of another setting: it belongs to another picture.
        case otherSetting
        /// `time` lies further ahead than any clock is wrong: it would hold for ever.
        case fromTheFuture
        /// No room for another track, and none of those there is stale.
        case full
    }

    let setting: CoTSetting
    /// Tracks held at most.
    let capacity: Int
    /// Seconds that a sender's clock may be ahead.
    let mostAhead: Int
    private var tracks: [String: CoTEvent] = [:]

    init(of setting: CoTSetting = .operation, capacity: Int = 10_000, mostAhead: Int = 300) {
        self.setting = setting
        self.capacity = max(capacity, 1)
        self.mostAhead = mostAhead
    }

    var count: Int { tracks.count }

    /// The latest event of a uid, stale or not.
    subscript(_ uid: String) -> CoTEvent? { tracks[uid] }

    /// What holds at a moment: begun, and not stale. Sorted by uid.
    ///
    /// A sender whose clock is ahead begins in the future with every event; within `mostAhead` it is seen all the same.
    func current(at moment: Instant) -> [CoTEvent] {
        let begun = moment.adding(seconds: mostAhead)
        return tracks.values.filter { $0.start <= begun && !$0.isStale(at: moment) }.sorted { $0.uid < $1.uid }
    }

    /// Takes an event that arrived at a moment.
    mutating func take(_ event: CoTEvent, at moment: Instant) -> Outcome {
        if event.kind.isControl { return .refused(.control) }
        if event.setting != setting { return .refused(.otherSetting) }
        if event.time > moment.adding(seconds: mostAhead) { return .refused(.fromTheFuture) }
        guard let before = tracks[event.uid] else {
            if tracks.count >= capacity, !makeRoom(at: moment) { return .refused(.full) }
            tracks[event.uid] = event
            return .appeared
        }
        if event == before { return .known }
        guard Self.replaces(event, before) else { return .past }
        tracks[event.uid] = event
        return .moved
    }

    /// The later `time`. For one time the later `stale`, then whatever is greater as text: any rule will do that does not ask which came first.
    private static func replaces(_ event: CoTEvent, _ before: CoTEvent) -> Bool {
        if event.time != before.time { return event.time > before.time }
        if event.stale != before.stale { return event.stale > before.stale }
        func text(_ event: CoTEvent) -> String { (try? event.xml(declared: false)) ?? "" }
        return text(before).utf8.lexicographicallyPrecedes(text(event).utf8)
    }

    /// Drops what went stale before a moment; for those who keep the past elsewhere. A late event of a dropped uid appears again if it is not stale.
    mutating func drop(staleBefore moment: Instant) {
        tracks = tracks.filter { $0.value.stale >= moment }
    }

    /// Drops the tracks that went stale first, a sixteenth of the capacity at once so that a full picture does not sort for every event.
    private mutating func makeRoom(at moment: Instant) -> Bool {
        let stale = tracks.values.filter { $0.isStale(at: moment) }.sorted { ($0.stale, $0.uid) < ($1.stale, $1.uid) }
        for event in stale.prefix(max(capacity / 16, 1)) { tracks[event.uid] = nil }
        return !stale.isEmpty
    }
}

/// The pictures of all settings, each for itself.
struct LivePictures: Sendable {
    private(set) var pictures: [CoTSetting: LivePicture]
    /// Settings besides operations that are held at most: their names are the senders' to choose.
    let mostSettings: Int
    private let capacity: Int
    private let mostAhead: Int

    init(capacity: Int = 10_000, mostSettings: Int = 8, mostAhead: Int = 300) {
        pictures = [.operation: LivePicture(capacity: capacity, mostAhead: mostAhead)]
        self.capacity = capacity
        self.mostSettings = mostSettings
        self.mostAhead = mostAhead
    }

    var operation: LivePicture { self[.operation] }

    /// The picture of a setting, empty when nothing came of it.
    subscript(_ setting: CoTSetting) -> LivePicture { pictures[setting] ?? LivePicture(of: setting, capacity: capacity, mostAhead: mostAhead) }

    /// Gives an event to the picture it belongs to.
    mutating func take(_ event: CoTEvent, at moment: Instant) -> LivePicture.Outcome {
        if pictures[event.setting] == nil, pictures.count > mostSettings {
            guard let empty = pictures.first(where: { $0.key != .operation && $0.value.current(at: moment).isEmpty })?.key else { return .refused(.full) }
            pictures[empty] = nil
        }
        var picture = self[event.setting]
        pictures[event.setting] = nil
        let outcome = picture.take(event, at: moment)
        if picture.count > 0 || event.setting == .operation { pictures[event.setting] = picture }
        return outcome
    }
}
