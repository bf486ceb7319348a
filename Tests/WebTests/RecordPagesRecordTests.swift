import Foundation
import Kernel
import TestKit
import Testing

@Suite struct RecordPagesRecordTests {
    @Test func `a record's page escapes what people typed and shows what is theirs to read`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("<script>alert(1)</script>") { record in
            record[Sample.note] = "**bold** <img src=x onerror=alert(1)>"
            record[Sample.flag] = true
            record[Sample.remark] = "for keepers"
            record[Sample.address] = "Rue de la Paix 1"
        }
        let keeper = try await desk.keeper.get(desk.at(record))
        same(keeper.status, 200)
        holds(!keeper.has("<script>alert") && !keeper.has("<img src=x"), "nothing typed becomes markup")
        holds(keeper.has("for keepers") && keeper.has("Rue de la Paix 1") && keeper.has("<strong>bold</strong>"), "the keeper reads it all")
        let lina = try await TestClient.signedIn(desk.kit, as: "lina").get(desk.at(record))
        same(lina.status, 200)
        holds(!lina.has("for keepers") && !lina.has("Rue de la Paix 1"), "the reader does not")
        same(try await TestClient.signedIn(desk.kit, as: "amina").get(desk.at(record)).status, 404)
        for path in ["REQ-1", "new2", "00000000-0000-7000-8000-000000000000", "%00", "..%2f"] { same(try await desk.keeper.get("\(Desk.path)/\(path)").status / 100, 4, path) }
    }

    @Test func `a form makes a record, and keeps what was typed when it is refused`() async throws {
        let desk = try await Desk.make()
        let form = try await desk.keeper.get(Desk.path + "/new?title=From+the+address")
        holds(form.has("value=\"From the address\""), "the address fills the form")
        holds(!form.has("name=\"closed-at\"") && !form.has("name=\"diagnosis\""), "what rules set, and what is closed, is not asked")
        let refused = try await desk.keeper.post(Desk.path + "/new", ["title": "", "count": "5000", "note": "Kept \"as typed\""])
        same(refused.status, 422)
        holds(refused.has("Kept &quot;as typed&quot;") && refused.has("role=\"alert\"") && refused.has("aria-invalid=\"true\""), "the form comes back as it was")
        same(try await desk.count(), 0)
        let made = try await desk.keeper.post(Desk.path + "/new", [
            "title": "Made", "count": "12", "rate": "1.25", "day": "2026-11-05", "at": "2026-11-05T10:30", "colour": "green", "names.fr": "Bonjour",
            "cost": "12.50", "cost.currency": "CHF", "place": "46.2, 6.1", "span.hours": "1", "span.minutes": "30", "label": "unclassified",
        ])
        same(made.status, 303)
        let record = try await desk.read(String(made.location?.split(separator: "/").last ?? ""))
        same(record?[Sample.count], 12)
        same(record?[Sample.span], .seconds(5400))
        same(record?[Sample.at]?.iso, "2026-11-05T09:30:00Z")
        same(record?[Sample.names]?.texts, [.fr: "Bonjour"])
    }

    @Test func `nobody makes or changes what is not theirs`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Not yours") { $0[Sample.flag] = true }
        let lina = try await TestClient.signedIn(desk.kit, as: "lina")
        same(try await lina.get(Desk.path + "/new").status, 403)
        same(try await lina.post(Desk.path + "/new", ["title": "x"]).status, 403)
        same(try await lina.get(desk.at(record, "/edit")).status, 403)
        same(try await lina.post(desk.at(record, "/edit"), ["title": "x", "version": "1"]).status, 403)
        same(try await lina.post(desk.at(record, "/moves/submit"), ["version": "1"]).status, 403)
        same(try await lina.post(desk.at(record, "/comments"), ["body": "x"]).status, 403)
        same(try await lina.post(desk.at(record, "/tags"), ["tags": "x"]).status, 403)
        same(try await desk.keeper.post(desk.at(record, "/edit"), ["title": "x", "version": "1", "csrf": "forged"]).status, 403)
        same(try await desk.read(record.reference)?.version, 1)
    }

    @Test func `of two changes both stand, and where they meet the sender chooses`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Before") { $0[Sample.count] = 1 }
        _ = try await desk.keeper.post(desk.at(record, "/edit"), ["title": "Theirs", "version": "1"])
        // The count alone was changed here; the title was left as it was read.
        let merged = try await desk.keeper.post(desk.at(record, "/edit"), ["title": "Before", "count": "2", "version": "1"])
        same(merged.status, 412)
        holds(merged.field("version") == "2" && merged.has("value=\"Theirs\"") && !merged.has("take.title"), "their title stands in the form")
        let both = try await desk.keeper.post(desk.at(record, "/edit"), ["title": "Mine", "count": "2", "version": "1"])
        same(both.status, 412)
        holds(both.has("value=\"Mine\"") && both.has("name=\"take.title\"") && both.has("Theirs"), "both titles are shown")
        let chosen = try await desk.keeper.post(desk.at(record, "/edit"), ["title": "Mine", "take.title": "theirs", "count": "2", "version": "2"])
        same(chosen.status, 303)
        let now = try await desk.read(record.reference)
        same(now?[Sample.title], "Theirs")
        same(now?[Sample.count], 2)
    }

    @Test func `moves are buttons; those that ask have a page; those that cannot be made say why`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("To move")
        let page = try await desk.keeper.get(desk.at(record))
        holds(page.has("action=\"\(desk.at(record, "/moves/submit"))\""), "submit is a button")
        same(try await desk.keeper.post(desk.at(record, "/moves/submit"), ["version": "1"]).status, 303)
        let close = try await desk.keeper.get(desk.at(record, "/moves/close"))
        holds(close.has("name=\"colour\"") && close.has("name=\"remark\""), "close asks for a colour and offers a remark")
        let empty = try await desk.keeper.post(desk.at(record, "/moves/close"), ["remark": "typed", "version": "2"])
        same(empty.status, 422)
        holds(empty.has("typed"), "what was typed is kept")
        same(try await desk.keeper.post(desk.at(record, "/moves/close"), ["colour": "red", "version": "1"]).status, 412)
        same(try await desk.keeper.post(desk.at(record, "/moves/close"), ["colour": "red", "version": "2"]).status, 303)
        same(try await desk.read(record.reference)?.state, .closed)
        same(try await desk.keeper.get(desk.at(record, "/moves/close")).status, 403)
        same(try await desk.keeper.get(desk.at(record, "/moves/nothing")).status, 404)
    }

    @Test func `messages, tags, watching`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Talk") { $0[Sample.person] = World.person("amina") }
        for (part, form) in [
            ("comments", ["body": "Hello <b>there</b>", "visibility": "open"]), ("comments", ["body": "Between us", "visibility": "internal"]),
            ("tags", ["tags": "urgent, printer،شبكة"]), ("watch", ["on": "true"]),
        ] { same(try await desk.keeper.post(desk.at(record, "/\(part)"), form).status, 303, part) }
        let keeper = try await desk.keeper.get(desk.at(record))
        holds(keeper.has("Hello &lt;b&gt;there") && keeper.has("Between us") && keeper.has("شبكة") && keeper.has("aria-pressed=\"true\""), "the keeper sees all")
        let amina = try await TestClient.signedIn(desk.kit, as: "amina").get(desk.at(record))
        holds(amina.has("Hello &lt;b&gt;there") && !amina.has("Between us"), "the one it is about sees the open message")
        same(try await TestClient.signedIn(desk.kit, as: "amina").post(desk.at(record, "/comments"), ["body": "x", "visibility": "internal"]).status, 403)
        same(try await desk.keeper.post(desk.at(record, "/comments"), ["body": "  "]).status, 422)
    }

    @Test func `files come back as files, to those who may see them`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Files") { $0[Sample.person] = World.person("amina") }
        let html = Array("<html><script>alert(1)</script>".utf8)
        let sent = try await desk.keeper.post(desk.at(record, "/attachments"), [:], files: [("file", "../../evil\u{202E}lmth.html", "text/html", html)])
        same(sent.status, 303)
        desk.kit.clock.advance(60)
        _ = try await desk.keeper.post(desk.at(record, "/attachments"), ["visibility": "internal"], files: [("file", "inside.txt", "text/plain", Array("x".utf8))])
        let page = try await desk.keeper.get(desk.at(record))
        let links = page.body.matches(of: /href="([^"]*\/attachments\/[0-9a-f-]{36})"/).map { String($0.output.1) }
        same(links.count, 2)
        let file = try await desk.keeper.get(links[0])
        same(file.bytes, html)
        same(file.header("content-type"), "text/plain; charset=utf-8")
        same(file.header("x-content-type-options"), "nosniff")
        holds(file.header("content-security-policy")?.contains("sandbox") == true, "it is sandboxed")
        holds(file.header("content-disposition")?.hasPrefix("attachment; filename=\"evil") == true, "it is a download under a plain name")
        let amina = try await TestClient.signedIn(desk.kit, as: "amina")
        same(try await amina.get(links[0]).status, 200)
        same(try await amina.get(links[1]).status, 404)
        same(try await TestClient.signedIn(desk.kit, as: "omar").get(links[0]).status, 404)
        same(try await desk.keeper.post(desk.at(record, "/attachments"), [:], files: []).status, 422)
    }

    @Test func `history, explanations and proofs`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("First title")
        _ = try await desk.keeper.post(desk.at(record, "/edit"), ["title": "Second title", "version": "1"])
        let history = try await desk.keeper.get(desk.at(record, "/history"))
        same(history.status, 200)
        holds(history.has("<del>First title</del>") && history.has("<ins>Second title</ins>"), "from and to")
        for subject in ["access", "field:title", "refusal:close"] {
            let page = try await desk.keeper.get(desk.at(record, "/working?of=\(subject)"))
            same(page.status, 200, subject)
            holds(page.has("class=\"working\""), "\(subject) is a panel")
            let panel = try await desk.keeper.get(desk.at(record, "/working?of=\(subject)"), ["X-Fragment": "working"])
            holds(!panel.has("<html") && panel.has("class=\"working\""), "\(subject) as a fragment is the panel alone")
            let json = try JSON(text: try await desk.keeper.get(desk.at(record, "/working.json?of=\(subject)")).body)
            holds(json["question"].string != nil && json["sections"].array?.isEmpty == false, "\(subject) as JSON")
        }
        for subject in ["field:remark2", "field:diagnosis", "due:none", "nothing"] { same(try await desk.keeper.get(desk.at(record, "/working?of=\(subject)")).status, 404, subject) }
        same(try await TestClient.signedIn(desk.kit, as: "amina").get(desk.at(record, "/history")).status, 404)
    }
}
