import Kernel
import Synchronization

/// What waits to be said over one connection: put in by those who hear, taken out by the one who speaks. It never grows with what is not taken:
/// a record that changed twice waits once, and of many pings one is answered.
final class LiveInbox: Sendable {
    struct Work: Sendable {
        /// What may have changed of each source, by its schema.
        var scopes: [String: LiveView.Scope] = [:]
        /// It is time to look at what time alone changes.
        var isBeat = false
        var isPinged = false
        /// An answer to the question for a protocol.
        var answer: Bool?

        /// What is to be read of a source.
        /// - Parameter isSame: the person may read what they might read before.
        func scope(of source: LiveSource, isSame: Bool) -> LiveView.Scope? {
            isBeat && (source.isTimed || !isSame) ? .all : scopes[source.schema]
        }
    }

    private struct State {
        var work = Work()
        var own: [String: Instant] = [:]
    }

    /// More changed records than this, and all are read again.
    private static let most = 500
    private static let mostOwn = 2_000

    private let state = Mutex(State())
    private let wake: AsyncStream<Void>.Continuation
    /// Something waits.
    let wakes: AsyncStream<Void>

    init() { (wakes, wake) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1)) }

    /// What the other side reported last, by uid: it is not said back to it.
    var own: [String: Instant] { state.withLock(\.own) }

    /// Takes note of it; false when there are more uids than one connection may report.
    func own(_ events: [CoTEvent]) -> Bool {
        state.withLock { state in
            for event in events { state.own[event.uid] = max(event.time, state.own[event.uid] ?? event.time) }
            return state.own.count <= Self.mostOwn
        }
    }

    func take() -> Work {
        state.withLock { state in
            defer { state.work = Work() }
            return state.work
        }
    }

    func changed(_ item: EventHub.Item) {
        switch item {
        case .gap: changedAll()
        // What a person holds may have changed, and with it what they may see.
        case .event(let event) where event.schema.hasPrefix("directory."): changedAll()
        case .event(let event):
            for source in LiveSource.all {
                if source.schema == event.schema { changed(source, [event.record], []) }
                // Whatever a lot moved has its moment.
                if source.series == event.schema { changed(source, [], [event.at]) }
            }
        }
    }

    func changedAll() { put { work in for source in LiveSource.all { work.scopes[source.schema] = .all } } }

    func changed(_ source: LiveSource, _ records: Set<RecordID>, _ lots: Set<Instant>) {
        put { work in
            switch work.scopes[source.schema] {
            case .all: return
            case .records(let ids, let moments) where ids.count + moments.count >= Self.most: work.scopes[source.schema] = .all
            case .records(let ids, let moments): work.scopes[source.schema] = .records(ids.union(records), lots: moments.union(lots))
            case nil: work.scopes[source.schema] = .records(records, lots: lots)
            }
        }
    }

    func beat() { put { $0.isBeat = true } }

    func pinged() { put { $0.isPinged = true } }

    func answer(_ isAgreed: Bool) { put { $0.answer = isAgreed } }

    private func put(_ change: (inout Work) -> Void) {
        state.withLock { change(&$0.work) }
        wake.yield()
    }
}
