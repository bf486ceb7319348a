import TestKit
import Testing
@testable import Kernel

@Suite struct AnswerCacheTests {
    private let now = TestPlatform.start

    private func key(_ schema: String, _ what: String = "all") -> AnswerCache.Key { .shared(SharedQuestion(schema: schema, what: what, claim: .always)) }

    private func known(_ cache: AnswerCache, _ key: AnswerCache.Key, after seconds: Int = 0) -> Int? { cache.answer(key, as: Int.self, at: now.adding(seconds: seconds)) }

    @Test func `an answer is given again until its type changes or half a minute has passed`() {
        let cache = AnswerCache()
        cache.keep(5, key("a.one"), at: now, since: cache.number)
        cache.keep(6, key("a.two"), at: now, since: cache.number)
        same(known(cache, key("a.one"), after: AnswerCache.memory), 5)
        same(known(cache, key("a.one"), after: AnswerCache.memory + 1), nil)
        cache.change(["a.one"])
        same([known(cache, key("a.one")), known(cache, key("a.two"))], [nil, 6])
    }

    @Test func `what was read before a change is not kept after it`() {
        let cache = AnswerCache(), before = cache.number
        cache.change(["a.one"])
        cache.keep(5, key("a.one"), at: now, since: before)
        cache.keep(6, key("a.two"), at: now, since: before)
        same([known(cache, key("a.one")), known(cache, key("a.two"))], [nil, 6])
    }

    @Test func `nothing is remembered while other servers cannot be heard, nor what was read meanwhile`() {
        let cache = AnswerCache()
        cache.keep(5, key("a.one"), at: now, since: cache.number)
        cache.forget(isDeaf: true)
        let meanwhile = cache.number
        cache.keep(6, key("a.one"), at: now, since: meanwhile)
        same(known(cache, key("a.one")), nil)
        cache.forget(isDeaf: false)
        cache.keep(7, key("a.one"), at: now, since: meanwhile)
        same(known(cache, key("a.one")), nil)
        cache.keep(8, key("a.one"), at: now, since: cache.number)
        same(known(cache, key("a.one")), 8)
    }

    @Test func `there is room for the newest, however many are asked for`() {
        let cache = AnswerCache()
        for number in 0..<500 { cache.keep(number, key("a.one", "\(number)"), at: now.adding(seconds: number / 50), since: cache.number) }
        let kept = (0..<500).filter { known(cache, key("a.one", "\($0)"), after: 10) != nil }
        holds(kept.count <= 64 && kept.contains(499) && !kept.contains(0), "\(kept.count)")
    }
}
