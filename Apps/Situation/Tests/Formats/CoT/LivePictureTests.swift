@testable import Situation
import Kernel
import Testing
import TestKit

@Suite struct LivePictureTests {
    private let start = Instant(microseconds: 1_559_542_800_000_000)

    @Test func `the newest time holds, whatever came last`() {
        var picture = LivePicture()
        let outcomes = [event(time: 10), event(time: 20, latitude: 5), event(time: 15, latitude: 6), event(time: 20, latitude: 5), event("v", time: 1)].map { picture.take($0, at: start) }
        same(outcomes, [.appeared, .moved, .past, .known, .appeared])
        same([picture["u"]?.point.position.latitude, Double(picture.count)], [5, 2])
    }

    @Test func `stale tracks are not current, nor those that have not begun`() {
        var picture = LivePicture()
        var later = event("later", time: 5)
        later.start = start.adding(seconds: 30 + 300)
        later.stale = start.adding(seconds: 65)
        for event in [event("short", time: 0, stale: 10), event("long", time: 0, stale: 100), later, event("over", time: 0, stale: 0)] { _ = picture.take(event, at: start) }
        same([0, 9, 10, 29, 30, 99, 100].map { second in picture.current(at: start.adding(seconds: second)).map(\.uid).joined(separator: " ") }, [
            "long short", "long short", "long", "long", "later long", "long", "",
        ])
        same(picture.count, 4)
        picture.drop(staleBefore: start.adding(seconds: 50))
        same([picture["short"] == nil, picture["long"] != nil, picture["over"] == nil], [true, true, true])
    }

    @Test func `exercise and simulation never stand among operations`() {
        var pictures = LivePictures()
        let events = [event("a"), event("a", time: 1, opex: "e-X", latitude: 9), event("b", opex: "e-Y"), event("c", opex: "s"), event("d", opex: "hm"), event("e", type: "a-j-G"), event("f", how: "m-s"), event("g", opex: "o-X")]
        for event in events { _ = pictures.take(event, at: start) }
        let told = [CoTSetting.operation, .exercise("X"), .exercise("Y"), .exercise(""), .simulation(""), .other("hm"), .exercise("Z")].map { pictures[$0].current(at: start.adding(seconds: 2)).map(\.uid).joined() }
        same(told, ["ag", "a", "b", "e", "cf", "d", ""])
        same(pictures.operation["a"]?.point.position.latitude, 4)
        var picture = LivePicture()
        same(picture.take(event(opex: "e"), at: start), .refused(.otherSetting))
        same(picture.take(event(type: "t-x-c-t"), at: start), .refused(.control))
    }

    @Test func `a clock that runs ahead does not hold a track for ever`() {
        var picture = LivePicture()
        same([event(time: 301), event(time: 300)].map { picture.take($0, at: start) }, [.refused(.fromTheFuture), .appeared])
    }

    @Test func `tracks and settings are bounded`() {
        var picture = LivePicture(capacity: 3)
        same(["a", "b", "c", "d"].map { picture.take(event($0, stale: $0 == "b" ? 5 : 60), at: start) }, [.appeared, .appeared, .appeared, .refused(.full)])
        same(picture.take(event("a", time: 3), at: start.adding(seconds: 3)), .moved)
        same(picture.take(event("d", time: 5), at: start.adding(seconds: 5)), .appeared)
        same(picture.current(at: start.adding(seconds: 6)).map(\.uid), ["a", "c", "d"])
        var pictures = LivePictures(mostSettings: 2)
        same(["e-1", "e-2", "e-3"].map { pictures.take(event(opex: $0), at: start) }, [.appeared, .appeared, .refused(.full)])
        same(pictures.take(event(time: 100, opex: "e-3"), at: start.adding(seconds: 100)), .appeared)
        same(pictures.pictures.count, 3)
        // What is refused leaves no picture behind.
        var empty = LivePictures()
        _ = empty.take(event(type: "t-x-c", opex: "e-1"), at: start)
        same(empty.pictures.count, 1)
    }

    @Test func `the same events give the same picture in any order`() {
        var damage = Damage(17)
        var wrong: [String] = []
        for _ in 0..<100 {
            // Few uids and few moments, so that times meet.
            let events = (0..<30).map { _ in
                event("u\(damage.below(3))", time: damage.below(4), stale: 60 + damage.below(2), latitude: Double(damage.below(3)), remarks: ["x", "y", nil][damage.below(3)])
            }
            func picture(_ events: [CoTEvent]) -> [CoTEvent] {
                var picture = LivePicture()
                for event in events { _ = picture.take(event, at: start) }
                return picture.current(at: start.adding(seconds: 10))
            }
            let first = picture(events)
            for _ in 0..<5 where picture(events.shuffled(using: &damage.dice)) != first { wrong.append("\(first)") }
        }
        #expect(wrong == [])
    }
}
