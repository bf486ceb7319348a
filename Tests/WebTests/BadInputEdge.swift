import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// What breaks the rules of HTTP, or is sent to use up the server. Over sockets the same is tried in Tests/Browser/test_bad_input.py.
@Suite struct BadInputEdge {
    @Test func `a body must keep coming`() {
        var fast = BodyPace(), slow = BodyPace(), stalled = BodyPace(), endless = BodyPace()
        holds((0...120).allSatisfy { fast.isFastEnough(2000, at: Double($0)) }, "two kilobytes a second are enough")
        same((0...30).first { !slow.isFastEnough(1, at: Double($0)) }, 10, "a byte a second ends after ten seconds")
        same((0...60).first { !stalled.isFastEnough($0 < 10 ? 5_000_000 : 1, at: Double($0)) }, 20, "what came fast first is no credit")
        same((0...2000).first { !endless.isFastEnough(5000, at: Double($0)) }, 910, "nothing takes longer than a quarter of an hour")
    }

    @Test func `nobody can hold all the memory for bodies`() {
        let budget = BodyBudget(bytes: 100, mostOfOne: 60)
        same([budget.take(60, by: "a"), budget.take(1, by: "a"), budget.take(40, by: "b"), budget.take(1, by: "c")], [true, false, true, false])
        budget.give(back: 60, by: "a")
        same([budget.take(60, by: "a"), budget.take(1, by: "c")], [true, false])
    }

    @Test func `bodies that have two readings, stop early or are packed are refused`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        let program = try await Program.make()
        let form = Array("csrf=\(client.csrf)&theme=dark".utf8), json = Array("{\"title\":\"x\"}".utf8)
        let cases: [([String: String], Int, String)] = [
            (["Transfer-Encoding": "xchunked"], 400, "malformed"), (["Transfer-Encoding": "gzip, chunked"], 400, "malformed"),
            (["Transfer-Encoding": "chunked", "Content-Length": "5"], 400, "malformed"), (["Content-Length": "-1"], 400, "malformed"),
            (["Content-Length": "9999"], 400, "malformed"), (["Content-Length": "ten"], 400, "malformed"), (["Host": "evil.example"], 400, "malformed"),
            (["Content-Encoding": "gzip"], 415, "packed-body"), (["Content-Encoding": "br, gzip"], 415, "packed-body"),
        ]
        for (headers, status, code) in cases {
            let page = try await client.send("POST", "/account/theme", headers: headers.merging(["Content-Type": "application/x-www-form-urlencoded"]) { $1 }, body: form)
            same(page.status, status, "\(headers)")
            if headers["Transfer-Encoding"] != nil { same(page.header("connection"), "close", "where the next request begins is not certain") }
            let answer = try await program.call("POST", Program.records, json, headers: headers.merging(["Content-Type": "application/json"]) { $1 })
            same(answer.status, status, "\(headers)")
            same(answer.code, code, "\(headers)")
        }
        same(try await program.get(Program.records).json["items"], [], "nothing was written")
        same(try await client.send("POST", "/account/theme", headers: ["Content-Encoding": "identity", "Content-Type": "application/x-www-form-urlencoded"], body: form).status, 303)
    }

    @Test func `hostile multipart bodies are refused, and file names are names`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Files")
        func part(_ name: String, _ body: String = "x") -> String { "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"\(name)\"\r\n\r\n\(body)\r\n" }
        let csrf = "--b\r\nContent-Disposition: form-data; name=\"csrf\"\r\n\r\n\(desk.keeper.csrf)\r\n"
        let wrong: [(String, String, Int)] = [
            ("multipart/form-data", csrf + "--b--", 400), ("multipart/form-data; boundary=", csrf, 400), ("multipart/form-data; boundary=\"\(String(repeating: "b", count: 71))\"", csrf, 400),
            ("multipart/form-data; boundary=b", csrf + part("a.txt"), 400), ("multipart/form-data; boundary=b", csrf + "--b\r\nContent-Disposition: form-data\r\n\r\nx\r\n--b--\r\n", 400),
            ("multipart/form-data; boundary=b", csrf + "--b\r\nX: \(String(repeating: "y", count: 10_000))\r\n\r\nx\r\n--b--\r\n", 400), ("multipart/form-data; boundary=other", csrf + "--b--", 400),
            ("multipart/form-data; boundary=b", csrf + String(repeating: "--b\r\nContent-Disposition: form-data; name=\"x\"\r\n\r\n\r\n", count: 2100) + "--b--\r\n", 400),
            ("multipart/form-data; boundary=b", csrf + (0..<21).map { part("\($0).txt") }.joined() + "--b--\r\n", 400),
        ]
        for (type, body, status) in wrong {
            same(try await desk.keeper.send("POST", desk.at(record, "/attachments"), headers: ["Content-Type": type], body: Array(body.utf8)).status, status, "\(type) \(body.prefix(200))")
        }
        let names = ["../../etc/passwd", "..\\..\\boot.ini", "/etc/shadow", "..", "", "a\u{202E}gpj.exe", "con\u{0}.txt", String(repeating: "n", count: 400), "<img src=x>"]
        for name in names {
            _ = try await desk.keeper.send("POST", desk.at(record, "/attachments"), headers: ["Content-Type": "multipart/form-data; boundary=b"], body: Array((csrf + part(name) + "--b--\r\n").utf8))
        }
        let kept = try await desk.kit.platform.read(as: desk.kit.viewer("tomas")) { session in try session.attachments(record.row).map(\.file.name) }
        holds(kept.count >= 7, "\(kept)")
        holds(kept.allSatisfy { $0.unicodeScalars.count <= 200 && !$0.contains("/") && !$0.contains("\\") && !$0.contains("\u{202E}") && $0 != ".." && !$0.isEmpty }, "\(kept)")
    }

    @Test func `what a program calls its file decides nothing`() async throws {
        let program = try await Program.make()
        let path = "\(Program.records)/\(try await program.create().id)"
        for type in ["text/html", "image/svg+xml", "application/xhtml+xml", "text/javascript", "a/b/c", "text/html\u{1}"] {
            let sent = try await program.call("POST", "\(path)/attachments?filename=x%E2%80%AElmth.html", Array("<script>alert(1)</script>".utf8), headers: ["Content-Type": type])
            same(sent.json["type"], "text/plain", type)
            same(sent.json["name"], "xlmth.html", type)
            let got = try await program.get(sent.raw.location ?? "")
            same(got.raw.header("content-type"), "text/plain; charset=utf-8", type)
            same(got.raw.header("x-content-type-options"), "nosniff", type)
            holds(got.raw.header("content-disposition")?.hasPrefix("attachment") == true && got.raw.header("content-security-policy")?.contains("sandbox") == true, "it is kept, not shown")
        }
        same(["text/html; charset=utf-8", "image/svg+xml", "application/xml", "text/javascript", "message/rfc822", "image/png", "text/csv"].map(FileKind.served),
             ["application/octet-stream", "application/octet-stream", "application/octet-stream", "application/octet-stream", "application/octet-stream", "image/png", "text/csv"])
        let large = try await program.call("POST", "\(path)/attachments?filename=a.bin", [UInt8](repeating: 0, count: 25_100_000), headers: ["Content-Type": "application/octet-stream"])
        same([large.status == 413, large.code == "body-over-limit"], [true, true])
    }
}
