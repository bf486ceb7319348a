@testable import Kernel
import TestKit
import Testing

@Suite struct EventHubTests {
    private func event(_ number: Int) -> Event {
        Event(id: .at(.now), at: .now, kind: "change", schema: "sample.record", record: .at(.now), version: number)
    }

    /// What comes first to somebody who begins to listen: up to a last event of its own.
    private func heard(_ hub: EventHub, since moment: Instant?) async -> [Int] {
        let items = hub.listen(since: moment)
        hub.publish([event(-1)])
        var numbers: [Int] = []
        for await item in items {
            switch item {
            case .gap: numbers.append(0)
            case .event(let event) where event.version < 0: return numbers
            case .event(let event): numbers.append(event.version)
            }
        }
        return numbers
    }

    @Test func `who listens since a moment hears what happened since, and who names none what happens from now on`() async throws {
        let hub = EventHub()
        hub.publish([event(1)])
        try await Task.sleep(for: .milliseconds(2))
        let moment = Instant.now
        hub.publish([event(2), event(3)])
        same(await heard(hub, since: moment), [2, 3])
        same(await heard(hub, since: nil), [])
    }

    @Test func `what is no longer remembered begins with a gap`() async throws {
        let hub = EventHub(), moment = Instant.now
        same(await heard(hub, since: moment.adding(seconds: -61)), [0], "a minute ago, and before the server was there")
        hub.publish((1...2_000).map(event))
        same(await heard(hub, since: moment), [0], "more than are kept")
        let later = Instant.now
        hub.miss()
        same(await heard(hub, since: later), [0], "events of other servers may have been missed")
    }
}
