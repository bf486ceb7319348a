import Foundation
import Kernel
import TestKit
import Testing

@Suite struct APIRecordTests {
    @Test func `a record is created, read, changed and moved`() async throws {
        let program = try await Program.make()
        let made = try await program.create(["title": "  Generator  ", "count": .number("2.0"), "colours": ["red", "red"], "cost": ["amount": "12.50", "currency": "CHF"]])
        same(made.status, 201)
        same(made.raw.location, "\(Program.records)/\(made.id)")
        same(made.etag, "\"1\"")
        let read = try await program.get("\(Program.records)/\(made.id)?expand=moves,titles")
        same(read.json["title"], "Generator")
        same(read.json["count"], 2)
        same(read.json["colours"], ["red"])
        same(read.json["moves"], ["submit"])
        same(read.json["titles"]["created-by"], "Tomás Herrera")
        same(try await program.get("\(Program.records)/\(made.json["reference"].string ?? "")").id, made.id, "by reference number")
        let changed = try await program.patch("\(Program.records)/\(made.id)", ["title": "Pump", "count": .null], ifMatch: "\"1\"")
        same(changed.status, 200)
        same(changed.json["count"], JSON.null)
        same(changed.etag, "\"2\"")
        let moved = try await program.call("POST", "\(Program.records)/\(made.id)/moves/submit")
        same(moved.json["state"], "open")
        same(try await program.post("\(Program.records)/\(made.id)/moves/close", [:]).code, "required")
        same(try await program.post("\(Program.records)/\(made.id)/moves/close", ["colour": "blue"], ["If-Match": "\"1\""]).status, 412)
        same(try await program.post("\(Program.records)/\(made.id)/moves/close", ["colour": "blue"]).json["state"], "closed")
        same(try await program.call("POST", "\(Program.records)/\(made.id)/moves/submit").status, 409)
        same(try await program.call("POST", "\(Program.records)/\(made.id)/moves/fly").status, 404)
        let history = try await program.get("\(Program.records)/\(made.id)/history")
        same(history.json["items"].array?.compactMap { $0["event"].string }, ["create", "change", "move.submit", "move.close"])
        same(try await program.get("\(Program.records)/\(made.id)/working?of=access").status, 200)
    }

    @Test func `a change says which version it was made from`() async throws {
        let program = try await Program.make()
        let made = try await program.create()
        let path = "\(Program.records)/\(made.id)"
        let missing = try await program.patch(path, ["title": "Two"], ifMatch: nil)
        same(missing.status, 428)
        same(missing.code, "if-match-required")
        same(try await program.patch(path, ["title": "Two"], ifMatch: "W/\"1\"").status, 412, "a weak tag never matches")
        same(try await program.patch(path, ["title": "Two"], ifMatch: "1").status, 400)
        same(try await program.patch(path, ["title": "Two"], ifMatch: "\"7\", \"1\"").status, 200)
        let stale = try await program.patch(path, ["title": "Three"], ifMatch: "\"1\"")
        same(stale.status, 412)
        same(stale.etag, "\"2\"")
        same(stale.json["version"], 2)
        same(try await program.patch(path, ["title": "Three"], ifMatch: "*").status, 200)
        same(try await program.get(path, ["If-None-Match": "\"3\""]).status, 304)
        same(try await program.get(path, ["If-None-Match": "\"2\""]).status, 200)
    }

    @Test func `a patch merges texts in several languages and amounts`() async throws {
        let program = try await Program.make()
        let made = try await program.create(["title": "One", "names": ["en": "Well", "fr": "Puits"], "cost": ["amount": "1", "currency": "EUR"]])
        let path = "\(Program.records)/\(made.id)"
        let changed = try await program.patch(path, ["names": ["fr": .null, "ar": "بئر"], "cost": ["amount": "2.50", "currency": "EUR"]], ifMatch: "\"1\"")
        same(changed.status, 200, changed.json.text)
        same(changed.json["names"], ["en": "Well", "ar": "بئر"])
        same(changed.json["cost"], ["amount": "2.50", "currency": "EUR"])
    }

    static let wrong: [(JSON, String)] = [
        ([], "not-an-object"), ("x", "not-an-object"), ([:], "required"), (["title": ""], "required"), (["title": " \u{2003}"], "required"),
        (["title": .null], "not-text"), (["title": 5], "not-text"), (["title": "a\u{7}"], "control-characters"),
        (["title": .string(String(repeating: "a", count: 201))], "too-long"), (["title": "a", "nothing": 1], "unknown-field"),
        (["title": "a", "version": 3], "unknown-field"), (["title": "a", "closed-at": "2026-01-01T00:00:00Z"], "unknown-field"),
        (["title": "a", "count": 1001], "out-of-range"), (["title": "a", "count": .number("1.5")], "not-an-integer"), (["title": "a", "flag": "yes"], "not-a-boolean"),
        (["title": "a", "rate": "1.234"], "wrong-form"), (["title": "a", "rate": 1], "not-text"), (["title": "a", "price": ["amount": "1", "currency": "EUR"]], "not-a-choice"),
        (["title": "a", "day": "2026-02-30"], "not-a-date"), (["title": "a", "at": "2026-01-01"], "wrong-form"), (["title": "a", "colour": "pink"], "not-a-choice"),
        (["title": "a", "colours": "red"], "not-a-list"), (["title": "a", "person": "amina"], "not-a-reference"), (["title": "a", "names": ["tlh": "nuqneH"]], "unknown-field"),
        (["title": "a", "place": ["type": "Point", "coordinates": [6]]], "required"), (["title": "a", "files": []], "unknown-field"),
    ]

    @Test func `what the description excludes is refused and named`() async throws {
        let program = try await Program.make()
        for (body, code) in Self.wrong {
            let answer = try await program.create(body)
            holds(answer.status == 400 && ([answer.json] + (answer.json["errors"].array ?? [])).contains { $0["code"].string == code }, "\(body.text): \(answer.status) \(answer.json.text), not \(code)")
        }
        let absent = try await program.create(["title": "a", "person": "01890a5d-ac96-774b-bcce-b302099a8057"])
        same(absent.status, 422, "the shape is right, the rule refuses")
        same(absent.code, "no-such-record")
        same(try await program.create(["title": "a", "code": "X-1"]).status, 201)
        same(try await program.create(["title": "b", "code": "X-1"]).status, 409)
    }

    @Test func `several faults are told at once, in the language that is asked for`() async throws {
        let program = try await Program.make()
        let answer = try await program.post(Program.records, ["title": 1, "count": "x"], ["Accept-Language": "fr"])
        same(answer.raw.header("content-type"), "application/problem+json")
        same(answer.json["type"], "/problems/several")
        same(answer.json["errors"].array?.compactMap { $0["field"].string }, ["count", "title"])
        same(answer.json["errors"].array?.first?["detail"], "On attend ici un nombre entier.")
        let page = try await program.client.get("/problems/several")
        holds(page.status == 200 && page.body.contains("several"), "the type leads to a page")
    }

    @Test func `what may not be read is not there`() async throws {
        let keeper = try await Program.make()
        let made = try await keeper.create(["title": "Hidden", "remark": "inside", "address": "at home"])
        same(made.json["remark"], "inside")
        same(made.json.object?["diagnosis"], nil)
        let amina = try await Program.make(keeper.kit, "amina")
        let path = "\(Program.records)/\(made.id)"
        for part in ["", "/history", "/working?of=access", "/comments", "/attachments"] { same(try await amina.get(path + part).status, 404, part) }
        same(try await amina.post(Program.records, ["title": "Mine"]).status, 403)
        same(try await amina.patch(path, ["title": "Mine"], ifMatch: "*").status, 404)
        same(try await amina.get(Program.records).json["items"], [])
        same(try await amina.get("/api/v1/search?q=hidden").json["groups"], [])
        same(try await amina.get("/api/v1/webhooks").status, 404)
        let lina = try await Program.make(keeper.kit, "lina")
        same(try await keeper.patch(path, ["flag": true], ifMatch: "*").status, 200)
        let seen = try await lina.get(path)
        same(seen.json["title"], "Hidden")
        holds(seen.json.object?["remark"] == nil && seen.json.object?["address"] == nil, "fields of other classes are absent, not null")
        same(try await lina.get("\(Program.records)?filter[remark][contains]=in").code, "unknown-field")
    }

    @Test func `a sensitive field is read one record at a time, and the ledger has it`() async throws {
        let keeper = try await Program.make()
        try await keeper.kit.grant("vera", Role("sample.doctor"))
        let made = try await keeper.create(["title": "Case"])
        let id = try #require(RecordID(made.id))
        try await keeper.kit.platform.write(as: .service("test")) { session in
            guard let row = try session.row(session.platform.schema(of: Sample.self), id) else { return }
            _ = try session.change(row, ["diagnosis": .text("measles"), "secret": .secret("pin 1234")], version: nil)
        }
        let doctor = try await Program.make(keeper.kit, "vera")
        same(try await doctor.get(Program.records).json["items"].array?.first?.object?["diagnosis"], nil)
        same(try await doctor.get("\(Program.records)/\(made.id)").json["secret"], "pin 1234")
        same(try await keeper.get("\(Program.records)/\(made.id)").json.object?["secret"], nil)
        let events = try await doctor.get("\(Program.records)/\(made.id)/history").json["items"].array?.compactMap { $0["event"].string }
        same(events?.last, "read")
    }
}
