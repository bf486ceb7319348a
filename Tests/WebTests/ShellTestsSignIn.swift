import Foundation
import Kernel
import TestKit
import Testing
import Web

@Suite struct ShellTestsSignIn {
    @Test func `a password signs in, and only the right one`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await Passwords.set("correct horse battery", of: World.person("amina").id, on: kit.platform)
        let client = TestClient(kit)
        let page = try await client.get("/sign-in?to=/notices")
        same(page.status, 200)
        let wrong = try await client.post("/sign-in", ["user": "amina", "password": "wrong horse battery", "to": "/notices"])
        same(wrong.status, 422)
        holds(wrong.body.contains("role=\"alert\""), "the page says what went wrong")
        let right = try await client.post("/sign-in", ["user": "Amina@mandate.test", "password": "correct horse battery", "to": "/notices"])
        same(right.status, 303)
        same(right.location, "/notices")
        let cookie = right.headers["set-cookie"]?.first { $0.hasPrefix("mandate=") } ?? ""
        holds(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && cookie.contains("Path=/"), cookie)
        same(try await client.get("/account").status, 200)
        let kept = try await kit.platform.read(as: .service("test")) { try $0.kernelRows(Tables.browser).compactMap { $0.text("secret") } }
        holds(!kept.contains(client.cookies["mandate"] ?? ""), "only the cookie's hash is kept")
    }

    @Test func `unknown names are refused as known ones are, and both must wait after five tries`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await Passwords.set("correct horse battery", of: World.person("amina").id, on: kit.platform)
        for name in ["amina", "nobody"] {
            let client = TestClient(kit, address: "10.0.0.\(name.count)")
            _ = try await client.get("/sign-in")
            var statuses: [Int] = []
            var last: TestAnswer?
            for _ in 0..<6 {
                last = try await client.post("/sign-in", ["user": name, "password": "guess guess guess"])
                statuses.append(last?.status ?? 0)
            }
            same(statuses, [422, 422, 422, 422, 422, 429], name)
            same(last?.header("retry-after"), "31", "it says when to try again")
            kit.clock.advance(31)
            same(try await client.post("/sign-in", ["user": name, "password": "guess guess guess"]).status, 422, "and then it may be tried again")
        }
    }

    @Test func `a session ends after twelve idle hours, after thirty days and by signing out`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        kit.clock.advance(11 * 3600)
        same(try await client.get("/today").status, 200)
        kit.clock.advance(11 * 3600)
        same(try await client.get("/today").status, 200, "each request counts")
        kit.clock.advance(13 * 3600)
        same(try await client.get("/today").location, "/sign-in?to=%2Ftoday")

        let old = try await TestClient.signedIn(kit, as: "amina")
        for _ in 0..<62 {
            kit.clock.advance(11 * 3600)
            _ = try await old.get("/notices")
        }
        kit.clock.advance(11 * 3600 * 4)
        same(try await old.get("/today").status, 303, "thirty days at most")

        let leaving = try await TestClient.signedIn(kit, as: "amina")
        let cookie = leaving.cookies["mandate"]
        let bye = try await leaving.post("/sign-out")
        holds(bye.body.contains("data-signed-out"), "drafts are dropped")
        leaving.setCookie("mandate", cookie)
        same(try await leaving.get("/today").status, 303, "the cookie is worth nothing afterwards")
    }

    @Test func `after signing in one is sent only to paths of this server`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let client = try await TestClient.signedIn(kit, as: "amina")
        for (to, location) in [("/notices", "/notices"), ("//evil.example", "/today"), ("https://evil.example", "/today"), ("/%5Cevil.example", "/today"), ("javascript:alert(1)", "/today"), ("", "/today")] {
            same(try await client.get("/sign-in?to=\(to)").location, location, to)
            same(try await client.get("/language?to=fr&back=\(to)").location, to == "/notices" ? "/notices" : "/", to)
        }
    }

    @Test func `personas sign in only in a demonstration`() async throws {
        var options = WebOptions()
        options.personas = [.init(handle: "lina", blurb: [.en: "Service agent, Amman"])]
        for isDemonstration in [true, false] {
            let kit = try await TestPlatform.make([sampleApp], isDemonstration: isDemonstration)
            let client = TestClient(kit, options: options)
            let page = try await client.get("/sign-in")
            same(page.body.contains("name=\"persona\" value=\"lina\""), isDemonstration)
            same(try await client.post("/sign-in/demo", ["persona": "lina"]).status, isDemonstration ? 303 : 404)
            same(try await client.post("/sign-in/demo", ["persona": "root"]).status, isDemonstration ? 403 : 404, "only the listed ones; the token changed with the session")
        }
    }

    @Test func `passwords are hashed with a salt of their own`() async throws {
        let (one, two) = (try await Passwords.hash("pass phrase é"), try await Passwords.hash("pass phrase é"))
        holds(one != two && one.hasPrefix("scrypt$16384$8$1$"), one)
        same(try await Passwords.verify("pass phrase e\u{301}", against: one), true, "composed or not")
        same(try await Passwords.verify("pass phrase e", against: one), false)
        same(try await Passwords.verify("", against: nil), false)
        await refuses("password-too-long") { _ = try await Passwords.hash(String(repeating: "x", count: 2000)) }
    }

    @Test func `the language is the one chosen, else the person's, else the browser's`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        let visitor = TestClient(kit)
        holds(try await visitor.get("/sign-in", ["Accept-Language": "ru-RU, en;q=0.5"]).body.contains("lang=\"ru\""), "the browser's")
        let lina = try await TestClient.signedIn(kit, as: "lina")
        holds(try await lina.get("/today", ["Accept-Language": "ru"]).body.contains("<html lang=\"ar\" dir=\"rtl\""), "the person's")
        _ = try await lina.get("/language?to=zh&back=/today")
        holds(try await lina.get("/today").body.contains("<html lang=\"zh\" dir=\"ltr\""), "the chosen")
    }
}
