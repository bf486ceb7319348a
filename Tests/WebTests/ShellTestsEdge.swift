import Foundation
import Kernel
import TestKit
import Testing
import Web

@Suite struct ShellTestsEdge {
    @Test func `a form without our token, or from elsewhere, changes nothing`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        let form = ["theme": "dark"]
        let cases: [(String, [String: String], [String: String], Int)] = [
            ("ours", form, [:], 303),
            ("our origin", form, ["Origin": "http://mandate.test", "Sec-Fetch-Site": "same-origin"], 303),
            ("no token", form.merging(["csrf": ""]) { $1 }, [:], 403),
            ("another token", form.merging(["csrf": String(repeating: "x", count: 43)]) { $1 }, [:], 403),
            ("another origin", form, ["Origin": "https://evil.example"], 403),
            ("no origin", form, ["Origin": "null"], 403),
            ("another site", form, ["Sec-Fetch-Site": "cross-site"], 403),
            ("another host of the site", form, ["Sec-Fetch-Site": "same-site"], 403),
        ]
        for (name, form, headers, status) in cases { same(try await client.post("/account/theme", form, headers).status, status, name) }
    }

    @Test func `every answer forbids what our pages never do`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        for path in ["/today", "/nothing-here", "/assets/mandate.css", "/healthz", "/search?q=%zz", "/api/v1/nothing"] {
            let answer = try await client.get(path)
            let policy = answer.header("content-security-policy") ?? ""
            holds(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"), "\(path): \(policy)")
            same(answer.header("x-content-type-options"), "nosniff", path)
            holds(answer.header("referrer-policy") != nil && answer.header("permissions-policy") != nil && answer.header("x-request-id") != nil, path)
            holds(!answer.body.contains(" style=\"") && !answer.body.contains(" onclick"), "\(path): nothing inline")
        }
    }

    @Test func `hostile addresses are answered, and never with 500`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        let cases: [(String, Int)] = [
            ("/search?q=%C3%28", 400), ("/search?q=%", 400), ("/search?q=%00", 400), ("/%ff", 400), ("/search?q=%F0%9F%98%80", 200),
            ("/assets/../Package.swift", 404), ("/assets/%2e%2e/%2e%2e/Package.swift", 404), ("/assets/vendor/..%2f..%2fx", 404), ("/assets/.hidden", 404),
            ("/\(String(repeating: "a", count: 40_000))", 400), ("/today/", 200), ("/sample/measures/none", 404), ("/sample/measures/number/other", 404),
            ("/search?q=%3Cscript%3Ealert(1)%3C/script%3E", 200), ("/events?topic=none", 404), ("/events", 404), ("/language?to=xx", 400),
            ("/search?q=%27%20OR%201=1--", 200), ("/sample/records?sort=%27", 200), ("/sample", 404), ("/metrics", 200), ("/readyz", 200),
        ]
        for (path, status) in cases {
            let answer = try await client.get(path)
            if path == "/sample" || path.contains("sort=") { holds(answer.status < 500, "\(path): \(answer.status)"); continue }
            same(answer.status, status, String(path.prefix(60)))
            holds(!answer.body.contains("<script>"), "\(path.prefix(60)) is escaped")
        }
        same(try await TestClient(kit, address: "192.0.2.1").get("/metrics").status, 404, "figures are not for everybody")
    }

    @Test func `methods, types and sizes that are not taken are refused with their own status`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        let put = try await client.send("PUT", "/today")
        same([put.status, try await client.post("/today").status, try await client.send("DELETE", "/account").status], [405, 405, 405])
        holds(put.header("allow")?.contains("GET") ?? false, "Allow is said")
        same(try await client.send("POST", "/account/theme", headers: ["Content-Type": "text/xml"], body: Array("<a/>".utf8)).status, 415)
        same(try await client.send("POST", "/account/theme", headers: ["Content-Type": "application/x-www-form-urlencoded", "Content-Length": "99000000"], body: [65]).status, 413)
        same(try await client.send("POST", "/account/theme", headers: ["Content-Type": "application/x-www-form-urlencoded"], body: Array(repeating: 65, count: 2_100_000)).status, 413)
        same(try await client.send("POST", "/account/theme", headers: ["Content-Type": "multipart/form-data; boundary=x"], body: Array("--x\r\nnonsense".utf8)).status, 400)
        let big = [(field: "f", name: "big.bin", type: "application/octet-stream", bytes: [UInt8](repeating: 0, count: 25_000_001))]
        same(try await client.post("/account/theme", [:], files: big).status, 413)
        let visitor = TestClient(kit, address: "192.0.2.7")
        _ = try await visitor.get("/sign-in")
        same(try await visitor.post("/sign-in", ["user": "a", "password": String(repeating: "x", count: 70_000)]).status, 413, "visitors may send little")
        let head = try await client.send("HEAD", "/today")
        same(head.status, 200)
        holds(head.bytes.isEmpty && (Int(head.header("content-length") ?? "") ?? 0) > 1000, "HEAD has the length and no body")
    }

    @Test func `whoever asks too often must wait`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let server = WebServer(platform: kit.platform)
        let (client, other) = (TestClient(server), TestClient(server))
        try await client.signIn(World.person("amina").id)
        try await other.signIn(World.person("tomas").id)
        for _ in 0..<60 { same(try await client.get("/search?q=").status, 200) }
        let refused = try await client.get("/search?q=")
        same([refused.status, Int(refused.header("retry-after") ?? "") ?? 0], [429, 1], "it says when to come back")
        same(try await client.get("/today").status, 200, "searches are counted apart")
        same(try await other.get("/search?q=x").status, 200, "others are not held back")
        kit.clock.advance(1)
        for _ in 0..<10 { same(try await client.get("/search?q=").status, 200, "ten come back in a second") }
        same(try await client.get("/search?q=").status, 429)
    }

    @Test func `absent and unreadable are one answer`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let row = try await kit.platform.write(as: kit.viewer("tomas")) { session in
            try session.create(Sample.self) { $0[Sample.title] = "Kept from others" }.row
        }
        let client = try await TestClient.signedIn(kit, as: "omar")
        let ids = [row.id.description, row.reference ?? "", "0190a0a0-0000-7000-8000-000000000000", "SMP-2026-9999"]
        var bodies: Set<String> = []
        for id in ids {
            let answer = try await client.get("/sample/records/\(id)")
            same(answer.status, 404, id)
            let plain = answer.main.replacing(answer.header("x-request-id") ?? "-", with: "")
            bodies.insert(plain)
        }
        same(bodies.count, 1)
    }

    @Test func `files under assets are kept by browsers and packed`() async throws {
        let client = TestClient(try await TestPlatform.make([sampleApp]))
        let plain = try await client.get("/assets/mandate.css")
        same(plain.header("content-type"), "text/css; charset=utf-8")
        let packed = try await client.get("/assets/mandate.css", ["Accept-Encoding": "gzip, br"])
        same(packed.header("content-encoding"), "gzip")
        holds(packed.bytes.count * 2 < plain.bytes.count, "\(packed.bytes.count) of \(plain.bytes.count) bytes")
        same(try await client.get("/assets/mandate.css", ["If-None-Match": plain.header("etag") ?? ""]).status, 304)
        let file = FileManager.default.temporaryDirectory.appending(path: "\(UUID().uuidString).gz")
        try Data(packed.bytes).write(to: file)
        let gunzip = Process(), output = Pipe()
        gunzip.executableURL = URL(filePath: "/bin/gzip")
        gunzip.arguments = ["-dc", file.path]
        gunzip.standardOutput = output
        try gunzip.run()
        same(Array(try output.fileHandleForReading.readToEnd() ?? Data()), plain.bytes)
        try FileManager.default.removeItem(at: file)
    }
}
