import Foundation
import Kernel
import TestKit
import Testing

@Suite struct APIListTests {
    /// Twelve records; every third has no count.
    private func filled() async throws -> Program {
        let program = try await Program.make()
        for number in 0..<12 {
            var body: [String: JSON] = ["title": .string("Record \(number)"), "colour": number % 2 == 0 ? "red" : "blue"]
            if number % 3 != 0 { body["count"] = .integer(Int64(number / 2)) }
            same(try await program.create(.object(body)).status, 201)
        }
        return program
    }

    private func pages(_ program: Program, _ query: String) async throws -> [[String]] {
        var pages: [[String]] = [], next: String? = "\(Program.records)?\(query)"
        while let path = next, pages.count < 20 {
            let answer = try await program.get(path)
            pages.append((answer.json["items"].array ?? []).compactMap { $0["title"].string })
            next = answer.json["next"].string
            same(answer.raw.header("link") != nil, next != nil)
        }
        return pages
    }

    @Test func `pages by key miss nothing and repeat nothing, with empty values and equal ones`() async throws {
        let program = try await filled()
        for sort in ["count", "-count", "colour,-count", "-created-at", "title", "-id"] {
            let titles = try await pages(program, "limit=5&sort=\(sort)")
            same(titles.map(\.count), [5, 5, 2], sort)
            same(Set(titles.flatMap { $0 }).count, 12, sort)
            same(titles.flatMap { $0 }, try await pages(program, "limit=200&sort=\(sort)").flatMap { $0 }, sort)
        }
    }

    @Test func `filters, fields and counts`() async throws {
        let program = try await filled()
        func number(_ query: String) async throws -> Int { try await program.get("\(Program.records)?\(query)").json["items"].array?.count ?? -1 }
        same(try await number("filter[colour]=red"), 6)
        same(try await number("filter[colour]=red,blue&filter[count][at-least]=2"), 6)
        same(try await number("filter[count]=none"), 4)
        same(try await number("filter[count][empty]=false"), 8)
        same(try await number("filter[created-by]=me&filter[created-at][after]=now-1h"), 12)
        same(try await number("filter[created-by][is-not]=me"), 0)
        same(try await number("q=record"), 12)
        same(try await number("view=open"), 0)
        let page = try await program.get("\(Program.records)?fields=title,colour&limit=2&count=true")
        same(page.json["items"].array?.first?.object?.keys.sorted(), ["colour", "id", "title"])
        same(page.json["count"], ["number": 12, "is-capped": false])
    }

    static let wrong: [(String, Int, String)] = [
        ("limit=0", 400, "limit-out-of-range"), ("limit=201", 400, "limit-out-of-range"), ("limit=x", 400, "limit-out-of-range"), ("color=red", 400, "unknown-parameter"),
        ("filter[color]=red", 400, "unknown-field"), ("filter[colour]=pink", 400, "not-a-choice"), ("filter[colour][near]=red", 400, "unknown-operation"),
        ("filter[count]=x", 400, "not-an-integer"), ("filter[at][before]=now-7y", 400, "not-an-instant"), ("filter[secret]=x", 400, "unknown-field"),
        ("sort=note", 400, "not-sortable"), ("sort=nothing", 400, "unknown-field"), ("fields=nothing", 400, "unknown-field"), ("view=none", 400, "unknown-view"),
        ("limit=1&limit=2", 400, "parameter-twice"), ("q=", 400, "empty-value"), ("count=maybe", 400, "not-a-boolean"), ("expand=all", 400, "not-a-choice"),
        ("after=nonsense", 404, "not-a-cursor"), ("after=e30", 404, "not-a-cursor"), ("q=%ff", 400, "not-utf-8"), ("filter[state]=shut", 400, "not-a-choice"),
    ]

    @Test func `a list that cannot be is refused with the name of what is wrong`() async throws {
        let program = try await Program.make()
        for (query, status, code) in Self.wrong {
            let answer = try await program.get("\(Program.records)?\(query)")
            holds(answer.status == status && answer.code == code, "\(query): \(answer.status) \(answer.json.text)")
        }
    }

    @Test func `a cursor of another order is not taken`() async throws {
        let program = try await filled()
        let next = try #require(try await program.get("\(Program.records)?limit=5&sort=title").json["next"].string)
        same(try await program.get(next.replacing("sort=title", with: "sort=-title")).code, "not-a-cursor")
        same(try await program.get(next).status, 200)
    }

    @Test func `measures and search stand under the reader's rights`() async throws {
        let program = try await filled()
        let red = try await program.get("/api/v1/measures/sample.number?by=colour&filter[count][empty]=false")
        same(red.json["n"], 8)
        same(red.json["groups"].array?.count, 2)
        same(try await program.get("/api/v1/measures/sample.nothing").status, 404)
        same(try await program.get("/api/v1/measures/sample.number?by=title").code, "not-a-choice")
        let found = try await program.get("/api/v1/search?q=record&limit=3")
        same(found.json["groups"].array?.first?["items"].array?.count, 3)
        let me = try await program.get("/api/v1/me")
        same(me.json["name"], "Tomás Herrera")
        same(me.json["token"]["name"], "test")
    }
}
