import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct APIRequestTests {
    // MARK: Who asks

    @Test func `without a good token nothing is told`() async throws {
        let program = try await Program.make()
        for path in [Program.records, "/api/v1/nothing/here", "/api/v1/me", "/api/service-desk/requests"] {
            let answer = try await program.client.send("GET", path)
            same(answer.status, 401, path)
            holds(answer.header("www-authenticate")?.hasPrefix("Bearer") ?? false, "\(path) says how to sign in")
        }
        for header in ["Bearer nonsense", "Bearer mdt_\(String(repeating: "0", count: 32))_\(String(repeating: "0", count: 64))", "Basic abc", program.token] {
            same(try await program.call("GET", Program.records, headers: ["Authorization": header]).status, 401, header)
        }
        let person = World.person("tomas").id
        let kept = try #require(try await program.kit.platform.tokens(of: person).first)
        program.kit.clock.advance(31 * 86_400)
        same(try await program.get(Program.records).status, 401, "ended")
        program.kit.clock.advance(-31 * 86_400)
        same(try await program.get(Program.records).status, 200)
        try await program.kit.platform.revokeToken(kept.id, of: person)
        same(try await program.get(Program.records).status, 401, "revoked")
    }

    @Test func `a token that may only read changes nothing`() async throws {
        let program = try await Program.make(readOnly: true)
        same(try await program.get(Program.records).status, 200)
        let answer = try await program.create()
        same(answer.status, 403)
        same(answer.code, "token-read-only")
    }

    @Test func `a browser reads with its session and changes with its token`() async throws {
        let program = try await Program.make()
        let browser = try await TestClient.signedIn(program.kit, as: "tomas")
        same(try await browser.get(Program.records).status, 200)
        same(try await browser.get(Program.records, ["Sec-Fetch-Site": "cross-site"]).status, 401)
        let headers = ["Content-Type": "application/json"]
        let body = Array("{\"title\":\"From a page\"}".utf8)
        same(try await browser.send("POST", Program.records, headers: headers, body: body).status, 403)
        same(try await browser.send("POST", Program.records, headers: headers.merging(["X-CSRF-Token": browser.csrf]) { $1 }, body: body).status, 201)
    }

    @Test func `tokens are made and taken back on their page`() async throws {
        let program = try await Program.make()
        let browser = try await TestClient.signedIn(program.kit, as: "amina")
        same(try await browser.get("/account/tokens").status, 200)
        let refused = try await browser.post("/account/tokens", ["name": " ", "days": "90"])
        same(refused.status, 422)
        let made = try await browser.post("/account/tokens", ["name": "Report", "days": "90", "read-only": "true"])
        let start = try #require(made.body.range(of: "mdt_")?.lowerBound)
        let token = String(made.body[start...].prefix { $0 != "<" })
        let me = try await program.call("GET", "/api/v1/me", headers: ["Authorization": "Bearer \(token)"])
        same(me.json["token"]["is-read-only"], true)
        let again = try await browser.get("/account/tokens")
        holds(!again.body.contains(token), "it is shown once")
        same(try await browser.post("/account/tokens/revoke", ["id": me.json["token"]["id"].string ?? ""]).status, 303)
        same(try await program.call("GET", "/api/v1/me", headers: ["Authorization": "Bearer \(token)"]).status, 401)
    }

    // MARK: Bodies

    @Test func `bodies that are none are refused and nothing is written`() async throws {
        let program = try await Program.make()
        let cases: [(String, [UInt8], String, Int, String)] = [
            ("not JSON", Array("{\"title\": }".utf8), "application/json", 400, "not-json"), ("nothing", [], "application/json", 400, "not-json"),
            ("twice the same member", Array("{\"title\":\"a\",\"title\":\"b\"}".utf8), "application/json", 400, "not-json"),
            ("no UTF-8", Array("{\"title\":\"".utf8) + [0xff] + Array("\"}".utf8), "application/json", 400, "not-json"),
            ("too deep", Array(repeating: UInt8(ascii: "["), count: 5000), "application/json", 400, "not-json"),
            ("another type", Array("title=a".utf8), "application/x-www-form-urlencoded", 415, "not-json-type"),
            ("another charset", Array("{\"title\":\"a\"}".utf8), "application/json; charset=latin1", 415, "not-utf-8"),
            ("too large", Array("{\"title\":\"\(String(repeating: "a", count: 1_100_000))\"}".utf8), "application/json", 413, "body-over-limit"),
        ]
        for (name, body, type, status, code) in cases {
            let answer = try await program.call("POST", Program.records, body, headers: ["Content-Type": type])
            holds(answer.status == status && answer.code == code, "\(name): \(answer.status) \(answer.json.text)")
        }
        holds(try await program.call("POST", Program.records, Array("{\"a\" 1}".utf8), headers: ["Content-Type": "application/json"]).json["detail"].string?.contains("byte 5") ?? false, "names the byte")
        same(try await program.get(Program.records).json["items"], [])
    }

    @Test func `methods and addresses that are none`() async throws {
        let program = try await Program.make()
        let wrong = try await program.call("DELETE", Program.records)
        same(wrong.status, 405)
        same(wrong.raw.header("allow"), "GET, HEAD, OPTIONS, POST")
        same(try await program.call("OPTIONS", Program.records).raw.header("allow"), "GET, HEAD, OPTIONS, POST")
        same(try await program.call("HEAD", Program.records).status, 200)
        for path in ["/api/v1", "/api/v2/me", "/api/v1/sample", "/api/v1/sample/nothing", "\(Program.records)/SMP-2026-9999", "\(Program.records)/..%2f", "\(Program.records)/x/y"] {
            same(try await program.get(path).status, 404, path)
        }
    }

    // MARK: At most once

    @Test func `a request with a key is done once`() async throws {
        let program = try await Program.make()
        let key = ["Idempotency-Key": "4f2a-1"]
        let first = try await program.post(Program.records, ["title": "Once"], key)
        let again = try await program.post(Program.records, ["title": "Once"], key)
        same(again.status, 201)
        same(again.id, first.id)
        same(again.raw.location, first.raw.location)
        same(again.raw.header("idempotency-replayed"), "true")
        same(try await program.post(Program.records, ["title": "Other"], key).code, "idempotency-key-reused")
        same(try await program.post(Program.records, ["title": "x"], ["Idempotency-Key": String(repeating: "k", count: 129)]).status, 400)
        let refused = try await program.post(Program.records, ["title": ""], ["Idempotency-Key": "second"])
        same(refused.status, 400)
        same(try await program.post(Program.records, ["title": "Now"], ["Idempotency-Key": "second"]).status, 201, "a refusal uses no key up")
        program.kit.clock.advance(86_401)
        let later = try await program.post(Program.records, ["title": "Once"], key)
        holds(later.status == 201 && later.id != first.id, "a day later the key is new")
    }

    @Test func `a key that is being answered is refused`() async throws {
        let flight = InFlight()
        let both = (flight.enter("a"), flight.enter("a"))
        flight.leave("a")
        same([both.0, both.1, flight.enter("a")], [true, false, true])
    }

    // MARK: Many at once

    @Test func `operations in bulk are each for themselves, or all or none`() async throws {
        let program = try await Program.make()
        let one = try await program.create()
        let operations: JSON = [
            ["op": "create", "values": ["title": "Two"]], ["op": "change", "id": .string(one.id), "version": 9, "values": ["title": "Three"]],
            ["op": "move", "id": .string(one.id), "move": "submit"],
        ]
        let loose = try await program.post("\(Program.records)/bulk", ["operations": operations])
        same(loose.json["results"].array?.compactMap { $0["status"].integer }, [201, 412, 200])
        same(loose.json["results"].array?[1]["problem"]["code"], "stale")
        let bound = try await program.post("\(Program.records)/bulk", ["operations": operations, "atomic": true])
        same(bound.status, 412)
        same(bound.json["field"], "operations.1")
        same(try await program.get(Program.records).json["items"].array?.count, 2, "nothing of the second batch was written")
        same(try await program.post("\(Program.records)/bulk", ["operations": []]).status, 400)
        same(try await program.post("\(Program.records)/bulk", ["operations": .array(Array(repeating: ["op": "create"], count: 101))]).code, "too-many-values")
        same(try await program.post("\(Program.records)/bulk", ["operations": [["op": "change"]]]).code, "several")
        same(try await program.post("\(Program.records)/bulk", ["operations": [["op": "create", "id": "x"]]]).status, 400)
    }

    // MARK: Messages and files

    @Test func `messages and files`() async throws {
        let program = try await Program.make()
        let path = "\(Program.records)/\(try await program.create().id)"
        let comment = try await program.post("\(path)/comments", ["body": "First\r\nSecond", "visibility": "internal"])
        same(comment.status, 201)
        same(comment.json["body"], "First\nSecond")
        same(try await program.get("\(path)/comments").json["items"].array?.count, 1)
        same(try await program.post("\(path)/comments", ["body": " "]).code, "required")
        let bytes: [UInt8] = [0, 1, 2, 255]
        let raw = try await program.call("POST", "\(path)/attachments?filename=Caf%C3%A9%20plan.bin", bytes, headers: ["Content-Type": "application/octet-stream"])
        same(raw.status, 201)
        same(raw.json["name"], "Café plan.bin")
        let content = try await program.get(raw.raw.location ?? "")
        same(content.raw.bytes, bytes)
        holds(content.raw.header("content-disposition")?.hasPrefix("attachment") ?? false, "is saved, not shown")
        let form = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"../a.txt\"\r\nContent-Type: text/plain\r\n\r\nHello\r\n--b--\r\n"
        let part = try await program.call("POST", "\(path)/attachments?filename=ignored", Array(form.utf8), headers: ["Content-Type": "multipart/form-data; boundary=b"])
        same(part.json["name"], "a.txt")
        same(part.json["type"], "text/plain")
        same(try await program.call("POST", "\(path)/attachments", bytes, headers: ["Content-Type": "image/png"]).code, "parameter-missing")
        same(try await program.call("POST", "\(path)/attachments?filename=a%2Fb", bytes, headers: ["Content-Type": "image/png"]).status, 400)
        same(try await program.get("\(path)/attachments").json["items"].array?.count, 2)
        same(try await program.get("\(path)/attachments/\(World.person("tomas").id)").status, 404)
    }
}
