import Foundation
import Kernel
import TestKit
import Testing

@Suite struct RecordPagesListTests {
    @Test func `the list shows what may be read and counts no more`() async throws {
        let desk = try await Desk.make()
        try await desk.record("Seen by all who keep") { $0[Sample.flag] = true }
        try await desk.record("Seen by the keeper alone")
        let keeper = try await desk.keeper.get(Desk.path + "?all=1")
        same(keeper.status, 200)
        holds(keeper.has("Seen by all who keep") && keeper.has("Seen by the keeper alone"), "the keeper sees both")
        let lina = try await TestClient.signedIn(desk.kit, as: "lina").get(Desk.path + "?all=1")
        holds(lina.has("Seen by all who keep") && !lina.has("Seen by the keeper alone"), "the reader sees the flagged one")
        holds(lina.has("<span class=\"count\" data-region=\"count\">١</span>"), "and counts one, in Arabic figures")
        holds(!lina.has("\(Desk.path)/new"), "and finds no button to make one")
    }

    @Test func `who may neither read nor make any finds no list`() async throws {
        let app = App("locked", area: .work, icon: "records", records: [Locked.self], words: nil)
        let kit = try await TestPlatform.make([app])
        same(try await TestClient.signedIn(kit, as: "amina").get("/locked/things").status, 404)
    }

    @Test func `pages by key go forth and back and lose nothing`() async throws {
        let desk = try await Desk.make()
        for number in 0..<7 { try await desk.record("Row \(number % 3)") { $0[Sample.code] = "C\(number)" } }
        var page = try await desk.keeper.get(Desk.path + "?all=1&sort=title&limit=3")
        var codes = Self.codes(page), pages = [Self.codes(page)]
        while let next = page.link("next") {
            page = try await desk.keeper.get(next)
            codes += Self.codes(page)
            pages.append(Self.codes(page))
        }
        same(codes.sorted(), (0..<7).map { "C\($0)" })
        var back = [Self.codes(page)]
        while let earlier = page.link("prev") {
            page = try await desk.keeper.get(earlier)
            back.append(Self.codes(page))
        }
        same(back.reversed(), pages)
    }

    private static func codes(_ answer: TestAnswer) -> [String] {
        answer.main.matches(of: /\bC\d\b/).map { String($0.output) }
    }

    @Test func `filters stand in the address and work as forms send them`() async throws {
        let desk = try await Desk.make()
        try await desk.record("Red one") { $0[Sample.colour] = .red }
        try await desk.record("Blue one") { $0[Sample.colour] = .blue }
        try await desk.record("Plain one")
        for (query, wanted) in [
            ("filter[colour]=red&filter[colour]=blue&filter[count][at-least]=", ["Red one", "Blue one"]), ("filter[colour]=red", ["Red one"]),
            ("filter[colour][empty]=true", ["Plain one"]), ("filter[title][contains]=Blue", ["Blue one"]), ("q=plain", ["Plain one"]),
            ("filter[created-at][at-most]=2026-11-02", ["Red one", "Blue one", "Plain one"]), ("filter[created-at][at-least]=2026-11-03", []),
        ] {
            let answer = try await desk.keeper.get("\(Desk.path)?\(query)")
            same(answer.status, 200, query)
            for title in ["Red one", "Blue one", "Plain one"] { same(answer.has(">\(title)</bdi>"), wanted.contains(title), "\(query): \(title)") }
        }
    }

    @Test func `a wrong address is a clear refusal`() async throws {
        let desk = try await Desk.make()
        for query in ["filter[nothing]=1", "sort=secret", "view=none", "limit=100000", "after=garbage", "before=garbage", "fields=remark", "whatever=1", "filter[colour]=pink"] {
            same(try await desk.keeper.get("\(Desk.path)?\(query)").status, 400, query)
        }
    }

    @Test func `headers sort, and say how`() async throws {
        let desk = try await Desk.make()
        try await desk.record("B") { $0[Sample.colour] = .red }
        try await desk.record("A") { $0[Sample.colour] = .green }
        let up = try await desk.keeper.get(Desk.path + "?all=1&sort=title")
        holds(up.has("aria-sort=\"ascending\"") && up.has("sort=-title"), "sorted upwards, with the way down")
        let down = try await desk.keeper.get(Desk.path + "?all=1&sort=-title")
        holds(down.has("aria-sort=\"descending\""), "sorted downwards")
        let titles = { (answer: TestAnswer) in answer.main.matches(of: /<bdi>([AB])<\/bdi>/).map { String($0.output.1) } }
        same(titles(up), ["A", "B"])
        same(titles(down), ["B", "A"])
    }

    @Test func `columns are chosen by ticking`() async throws {
        let desk = try await Desk.make()
        try await desk.record("One") { $0[Sample.count] = 17 }
        let answer = try await desk.keeper.get(Desk.path + "?all=1&fields=count&fields=day")
        holds(answer.has("filter%5Bcount%5D") || answer.has(">17</span>"), "the count is a column")
        holds(answer.has("fields=count,day"), "links keep the columns")
    }

    @Test func `board, calendar and time line show the same records`() async throws {
        let desk = try await Desk.make()
        try await desk.record("On the board") { record in
            record[Sample.colour] = .green
            record[Sample.at] = TestPlatform.start
        }
        for mode in ["board", "calendar", "timeline"] {
            let answer = try await desk.keeper.get("\(Desk.path)?all=1&as=\(mode)")
            same(answer.status, 200, mode)
            holds(answer.main.contains("On the board"), "\(mode) shows the record")
        }
        same(try await desk.keeper.get("\(Desk.path)?as=calendar&month=2026-10").main.contains("On the board"), false)
    }

    @Test func `a card is moved by its select`() async throws {
        let desk = try await Desk.make()
        let card = try await desk.record("Card") { $0[Sample.colour] = .red }
        _ = try await desk.keeper.get("\(Desk.path)?as=board")
        let moved = try await desk.keeper.post(desk.at(card, "/board"), ["to": "blue", "version": "1", "back": "\(Desk.path)?as=board"])
        same(moved.status, 303)
        same(moved.location, "\(Desk.path)?as=board")
        same(try await desk.read(card.reference)?[Sample.colour], .blue)
    }

    @Test func `saved views are tabs, shared ones for all, removed by their owner alone`() async throws {
        let desk = try await Desk.make()
        try await desk.record("Red") { record in
            record[Sample.colour] = .red
            record[Sample.flag] = true
        }
        let saved = try await desk.keeper.post(Desk.path + "/views", ["name": "Reds <b>", "query": "filter[colour]=red", "shared": "true"])
        same(saved.status, 303)
        let lina = try await TestClient.signedIn(desk.kit, as: "lina")
        holds(try await lina.get(Desk.path).has("Reds &lt;b&gt;"), "the shared view is a tab for others")
        let id = try await desk.keeper.get(Desk.path).body.firstMatch(of: /views\/([0-9a-f-]{36})\/remove/).map { String($0.output.1) } ?? ""
        same(try await lina.post("\(Desk.path)/views/\(id)/remove").status, 404)
        same(try await desk.keeper.post("\(Desk.path)/views/\(id)/remove").status, 303)
        holds(!(try await lina.get(Desk.path).has("Reds &lt;b&gt;")), "it is gone")
        same(try await desk.keeper.post(Desk.path + "/views", ["name": "Bad", "query": "filter[nothing]=1"]).status, 400)
    }
}

/// A record type that nobody in the named world may read or make.
enum Locked: RecordType {
    static let app = "locked"
    static let title = Key<String>("title")
    static let definition = Definition<Locked>(
        name: "thing", plural: "things", title: title, layout: [Group("main", [title])], access: [.allow(.read, .create, to: Role("locked.nobody"))])
}
