@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct LiveViewTests {
    private let now = TestPlatform.start

    private func event(_ uid: String, _ latitude: Double = 4, at offset: Int = 0, stale: Int = 300) -> CoTEvent {
        CoTEvent(
            uid: uid, type: "a-f-G-U-C", how: "m-g", time: now.adding(seconds: offset), start: now.adding(seconds: offset), stale: now.adding(seconds: stale),
            point: CoTEvent.Point(position: Place.Position(longitude: 18, latitude: latitude)))
    }

    private func told(_ events: [CoTEvent]) -> [String] { events.map { $0.type == "t-x-d-d" ? "delete" : $0.isStale(at: $0.time) ? "stale \($0.uid)" : $0.uid } }

    @Test func `only what changed is told, and what is no longer to be seen goes at once`() {
        let ids = (1...3).map { RecordID(high: 0, low: UInt64($0)) }
        var view = LiveView(of: .operation)
        let all = [ids[0]: event("A"), ids[1]: event("B"), ids[2]: event("C")]
        same(told(view.changes(to: all, in: .all, except: ["C": now], at: now)), ["A", "B"])
        same(told(view.changes(to: all, in: .all, except: ["C": now], at: now)), [])
        same(told(view.changes(to: [ids[0]: event("A", 5, at: 1)], in: .records([ids[0]]), except: [:], at: now.adding(seconds: 1))), ["A"])
        let gone = view.changes(to: [:], in: .records([ids[0]]), except: [:], at: now.adding(seconds: 2))
        same(told(gone), ["stale A", "delete"])
        // It is where it was last shown, later than it was, and its deletion names it.
        same([gone[0].point.position.latitude, Double(gone[0].time.seconds(since: now))], [5, 2])
        same(gone[1].detail.elements.first?["uid"], "A")
        same(told(view.changes(to: [ids[2]: event("C")], in: .all, except: [:], at: now.adding(seconds: 3))), ["stale B", "delete"])
    }

    @Test func `what is stale is not shown, and needs no deletion`() {
        let id = RecordID(high: 0, low: 1)
        var view = LiveView(of: .operation)
        same(told(view.changes(to: [id: event("A", stale: 0)], in: .all, except: [:], at: now)), [])
        same(told(view.changes(to: [id: event("A", stale: 5)], in: .all, except: [:], at: now)), ["A"])
        same(told(view.changes(to: [:], in: .all, except: [:], at: now.adding(seconds: 5))), [])
    }

    @Test func `what moved in a lot is read by its moment, and a beat reads again only what time changes or who may read otherwise`() throws {
        let inbox = LiveInbox(), record = RecordID(high: 1, low: 1)
        inbox.changed(LiveTracks.source, [], [now])
        inbox.changed(LiveTracks.source, [record], [])
        same(inbox.take().scopes, [Track.schemaID: .records([record], lots: [now])])
        inbox.beat()
        let work = inbox.take()
        same(work.scope(of: LiveTracks.source, isSame: true), nil)
        same(work.scope(of: LiveTracks.source, isSame: false), .all)
        same(work.scope(of: LiveIncidents.source, isSame: true), .all)
    }
}
