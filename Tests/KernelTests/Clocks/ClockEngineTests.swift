import Foundation
import Kernel
import Testing

@Suite struct ClockEngineTests {
    let ny: WorkingCalendar
    let always: WorkingCalendar
    /// 2021-06-01 is a Tuesday; New York is four hours behind UTC.
    let nine = local("2021-06-01T09:00", "America/New_York")

    init() throws {
        let vectors = try ClockVectors.load()
        ny = vectors.calendar("ny")
        always = vectors.calendar("always")
    }

    private func log(_ acts: (ClockAct, Int)...) -> [ClockEvent] {
        acts.map { event($0, nine.adding(minutes: $1)) }
    }

    /// State, counted minutes, minutes to the due time, breached; in working hours of New York unless told otherwise.
    private func shown(
        _ events: [ClockEvent], at minute: Int, budget: Int = 240, in calendar: WorkingCalendar? = nil
    ) -> String {
        let reading = ClockEngine(calendar: calendar ?? ny, budget: budget * 60).read(events, at: nine.adding(minutes: minute))
        let due = reading.due.map { "\($0.seconds(since: nine) / 60)" } ?? "-"
        return "\(reading.state) \(reading.counted / 60) due \(due)\(reading.isBreached ? " breached" : "")"
    }

    @Test func `a clock runs, is paused and goes on`() {
        let events = log((.start, 0), (.pause, 60), (.resume, 120), (.stop, 300))
        let seen = [-1, 0, 30, 60, 90, 120, 180, 300, 9000].map { shown(events, at: $0) }
        #expect(seen == [
            "idle 0 due -", "running 0 due 240", "running 30 due 240", "paused 60 due -", "paused 60 due -",
            "running 60 due 300", "running 120 due 300", "met 240 due 300", "met 240 due 300",
        ])
    }

    @Test func `a paused clock has no due time, keeps what remains and says since when`() {
        let reading = ClockEngine(calendar: ny, budget: 14_400).read(log((.start, 0), (.pause, 60)), at: nine.adding(days: 30))
        #expect(reading.due == nil && reading.remaining == 10_800 && !reading.isBreached)
        #expect(reading.pausedSince == nine.adding(minutes: 60) && reading.startedAt == nine && reading.stoppedAt == nil)
    }

    @Test func `stop, reset, cancel and repetition do what they say`() {
        let seen = [
            shown(log((.start, 0), (.stop, 241)), at: 500),  // late by a minute
            shown(log((.start, 0), (.pause, 100), (.stop, 400)), at: 500),  // stopped while paused
            shown(log((.start, 0), (.pause, 250), (.stop, 400)), at: 500),  // late before it was paused
            shown(log((.start, 0), (.pause, 250)), at: 500),  // paused while late stays late
            shown(log((.start, 0), (.reset, 100)), at: 130),
            shown(log((.start, 0), (.pause, 50), (.reset, 100)), at: 130),  // a reset ends the pause
            shown(log((.start, 0), (.stop, 50), (.reset, 100)), at: 130),
            shown(log((.start, 0), (.cancel, 100), (.stop, 110)), at: 130),
            shown(log((.start, 0), (.start, 30)), at: 130),  // a repeated start does not move the clock
            shown(log((.start, 0), (.stop, 30), (.start, 60)), at: 130),  // a new run
            shown(log((.start, 0), (.pause, 10), (.pause, 20), (.resume, 30), (.resume, 40)), at: 130),
            shown(log((.stop, 0), (.pause, 10), (.resume, 20), (.cancel, 20)), at: 130),
            shown(log((.resume, 120), (.start, 0), (.pause, 60)), at: 130),  // events arrive unsorted
            shown(log((.start, 0)), at: 130, budget: 0),
            shown(log((.start, 0)), at: 240),
            shown(log((.start, 0)), at: 241),
        ]
        #expect(seen == [
            "missed 241 due 240 breached", "met 100 due -", "missed 250 due 240 breached", "paused 250 due - breached",
            "running 30 due 340", "running 30 due 340", "running 30 due 340", "cancelled 100 due -",
            "running 130 due 240", "running 70 due 300", "running 110 due 260", "idle 0 due -",
            "running 70 due 300", "idle 0 due -", "running 240 due 240", "running 241 due 240 breached",
        ])
    }

    @Test func `a due time at close of business is late at once and not next morning`() {
        let events = log((.start, 240))
        #expect([480, 481].map { shown(events, at: $0) } == ["running 240 due 480", "running 240 due 480 breached"])
    }

    @Test func `events of the same instant keep their order`() {
        let seen = [log((.start, 0), (.stop, 0)), log((.stop, 0), (.start, 0)), log((.start, 0), (.pause, 5), (.resume, 5))]
            .map { shown($0, at: 10) }
        #expect(seen == ["met 0 due 240", "running 10 due 240", "running 10 due 240"])
    }

    @Test func `the checks Zammad makes of its own clock hold`() {
        // New for 60 minutes, open for 30, pending for 30, closed.
        let life = log((.start, 0), (.pause, 90), (.stop, 120))
        let pause = nine.adding(minutes: 90)..<nine.adding(minutes: 120)
        func counted(_ from: Int, _ to: Int) -> Int {
            always.counted(from: nine.adding(minutes: from), to: nine.adding(minutes: to), without: [pause]) / 60
        }
        #expect(shown(life, at: 120, in: always) == "met 90 due -" && counted(0, 120) == 90 && counted(30, 120) == 60)
        let due = always.due(from: nine.adding(minutes: 75), budget: 30 * 60, without: [pause])
        #expect(due == nine.adding(minutes: 135))
        // Answered after 75 minutes of 60; later exchanges of 10 and 40 minutes; customers who write twice change nothing.
        let answers = log((.start, 0), (.stop, 75), (.start, 100), (.start, 105), (.stop, 110), (.start, 200), (.stop, 240))
        let runs = ClockEngine(calendar: always, budget: 3600).runs(answers, at: nine.adding(minutes: 300))
        #expect(runs.map { $0.remaining / 60 } == [-15, 50, 20] && runs.map(\.counted).max() == 75 * 60)
    }

    @Test func `segments explain the count without gaps`() {
        let engine = ClockEngine(calendar: ny, budget: 480 * 60)
        let events = log((.start, 60), (.pause, 400), (.resume, 60 + 1440))
        let until = nine.adding(minutes: 1440 + 120)
        let segments = engine.segments(events, until: until)
        let shown = segments.map { "\($0.kind.rawValue) \($0.from.seconds(since: nine) / 60)–\($0.to.seconds(since: nine) / 60) +\($0.counted / 60) = \($0.total / 60)" }
        #expect(shown == ["counted 60–400 +340 = 340", "paused 400–1500 +0 = 340", "counted 1500–1560 +60 = 400"])
        let plain = engine.segments(log((.start, 60)), until: nine.adding(minutes: 1440 + 10)).map(\.kind)
        #expect(plain == [.counted, .closed, .counted])
    }

    @Test func `segments of random logs are without gaps and add up to the reading`() {
        var dice = ClockDice(state: 7)
        var wrong: [[ClockEvent]] = []
        let acts: [ClockAct] = [.start, .pause, .resume, .pause, .resume, .stop, .reset, .cancel]
        for round in 0..<600 {
            let start = dice.instant()
            let events = (0..<8).map { index in
                event(index == 0 ? .start : acts[Int.random(in: 0..<acts.count, using: &dice)],
                    start.adding(seconds: Int.random(in: 0...700_000, using: &dice)))
            }.shuffled(using: &dice)
            let now = start.adding(seconds: Int.random(in: 0...900_000, using: &dice))
            let engine = ClockEngine(calendar: round % 2 == 0 ? ny : always, budget: 86_400)
            let reading = engine.read(events, at: now)
            let segments = engine.segments(events, until: now)
            let isGapless = zip(segments, segments.dropFirst()).allSatisfy { $0.to == $1.from }
            let spans = segments.isEmpty || (segments.first?.from == reading.startedAt && segments.last?.to == reading.stoppedAt ?? now)
            let adds = segments.last?.total ?? 0 == reading.counted && segments.reduce(0) { $0 + $1.counted } == reading.counted
            let late = reading.isBreached ? reading.remaining <= 0 : reading.remaining >= 0
            if !isGapless || !spans || !adds || !late || segments != reading.segments(upTo: now) { wrong.append(events) }
        }
        #expect(wrong == [])
    }

    @Test func `there is no warning for a clock that does not run`() {
        let engine = ClockEngine(calendar: ny, budget: 7200)
        let logs = [log((.start, 0), (.pause, 1)), log((.start, 0), (.stop, 1)), log((.start, 0), (.cancel, 1)), []]
        #expect(logs.allSatisfy { engine.warning($0, before: 60) == nil } && engine.warning(log((.start, 0)), before: 7200) == nil)
        #expect(engine.warning(log((.start, 0)), before: 0) == engine.read(log((.start, 0)), at: nine).due)
    }
}
