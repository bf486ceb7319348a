import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// Hostile text in every field: it is shown as it was written, everywhere, and does nothing.
@Suite struct BadInputText {
    static let html = "\"><script>alert(1)</script><img src=x onerror=alert(2)>'&amp;<!-- {{7*7}} ]]>"
    static let override = "invoice \u{202E}gpj.exe \u{2067}x"

    /// A record whose every text is hostile, closed so that amina is told of it; with tags, messages and files of that kind.
    private func hostile(_ kit: TestPlatform, _ keeper: TestClient, _ text: String, code: String) async throws -> Record<Sample> {
        let record = try await kit.platform.write(as: kit.viewer("tomas")) { session in
            let record = try session.create(Sample.self) { record in
                record[Sample.title] = text
                record[Sample.note] = LongText(text + "\n\n[x](javascript:alert(1)) <b>\n\n```\n</code>" + text)
                record[Sample.names] = LocalText([.en: text, .ar: text])
                record[Sample.code] = code + text.prefix(30)
                record[Sample.source] = text
                record[Sample.remark] = text
                record[Sample.address] = text
                record[Sample.person] = World.person("amina")
                record[Sample.at] = session.now
                record[Sample.colour] = .red
                record[Sample.flag] = true
            }
            try session.comment(record.row, text)
            try session.comment(record.row, text, visibility: .internal)
            try session.setTags(record.row, [String(text.prefix(60))])
            return record
        }
        let base = "/sample/records/\(record.reference)"
        _ = try await keeper.post(base + "/attachments", [:], files: [("file", text.replacing("\"", with: "%22"), "text/html", Array(text.utf8))])
        _ = try await keeper.post("/sample/records/views", ["name": String(text.prefix(60)), "query": "sort=title"])
        try await kit.platform.write(as: kit.viewer("lina")) { session in try session.watch(record.row, true) }
        _ = try await keeper.post(base + "/comments", ["body": text])
        _ = try await keeper.post(base + "/moves/submit", ["version": ""])
        _ = try await keeper.post(base + "/moves/close", ["colour": "red", "remark": text])
        return record
    }

    /// What is wrong with a page; the sample app has no words of its own.
    private func faults(_ answer: TestAnswer) -> [String] { TestKit.Markup(answer.body).faults.filter { !$0.hasPrefix("a missing word") } }

    @Test func `hostile text does nothing on any page`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        try await kit.grant("lina", Sample.reader)
        let keeper = try await TestClient.signedIn(kit, as: "tomas"), lina = try await TestClient.signedIn(kit, as: "lina"), amina = try await TestClient.signedIn(kit, as: "amina")
        let record = try await hostile(kit, keeper, BadInputText.html, code: "1")
        _ = try await hostile(kit, keeper, BadInputText.override, code: "2")
        let list = "/sample/records", base = "\(list)/\(record.reference)", sent = AddressText.encode(BadInputText.html)
        let pages = [
            list + "?all=1", list + "?all=1&as=board", list + "?all=1&as=calendar", list + "?all=1&as=timeline", "\(list)?q=alert", "\(list)?q=\(sent)", "\(list)?filter[source][contains]=\(sent)",
            base, base + "/edit", base + "/history", base + "/working?of=access", base + "/working?of=refusal:close", base + "/moves/reopen", "\(list)/new?from=\(record.reference)",
            "\(list)/new?title=\(sent)", "/search?q=alert", "/search?q=\(sent)", "/pick/sample/records?q=alert", "/today", "/sample/measures/number", "/ledger", "/nothing/\(sent)", "/sign-in?to=\(sent)",
        ]
        var wrong: [String] = []
        for (client, pages) in [(keeper, pages), (amina, ["/notices", "/today", base]), (lina, ["/notices", list + "?all=1"])] {
            for page in pages {
                let answer = try await client.get(page)
                let faults = faults(answer)
                if answer.status >= 500 || answer.has("<script>alert") || answer.has("<img src=x") || answer.has("javascript:alert(1)\"") || !faults.isEmpty {
                    wrong.append("\(page.prefix(60)): \(answer.status) \(faults.first ?? "")")
                }
            }
        }
        for (path, form) in [(list + "/new", ["title": "", "note": BadInputText.html, "code": BadInputText.html, "colour": BadInputText.html]), (base + "/edit", ["title": BadInputText.html, "version": "0"]),
                             (list + "/bulk", ["act": "move:close", "id": record.id.description, "back": BadInputText.html]), (list + "/import", ["text": "title,\(BadInputText.html.replacing("\"", with: ""))\n\(BadInputText.html.replacing("\"", with: "")),x\n"])] {
            let answer = try await keeper.post(path, form)
            if answer.status >= 500 || answer.has("<script>alert") || answer.has("<img src=x") || !faults(answer).isEmpty { wrong.append("\(path): \(answer.status) \(faults(answer).first ?? "")") }
        }
        same(wrong, [])
        holds(try await lina.get("/notices").has("&lt;script&gt;"), "the notice shows what was written")
        for (path, type) in [("\(list)/export.csv?all=1", "text/csv"), ("\(list)/export.json?all=1", "application/json"), ("/pick/sample/records?q=alert", "application/json")] {
            let answer = try await lina.get(path, ["Accept": "application/json"])
            holds(answer.header("content-type")?.hasPrefix(type) == true && answer.header("x-content-type-options") == "nosniff", "\(path) is no page")
        }
    }

    @Test func `a text closes the directions that it opens`() async throws {
        let cases: [(String, String)] = [
            ("plain", "plain"), ("a\u{202E}b", "a\u{202E}b\u{202C}"), ("\u{2067}a\n\u{202A}b", "\u{2067}a\u{2069}\n\u{202A}b\u{202C}"), ("a\u{2069}b\u{202C}c", "abc"),
            ("\u{2066}a\u{202E}b\u{2069}c", "\u{2066}a\u{202E}b\u{202C}\u{2069}c"), ("\u{202B}مرحبا\u{202C} x", "\u{202B}مرحبا\u{202C} x"), ("\u{200F}a\u{200E}", "\u{200F}a\u{200E}"),
        ]
        let program = try await Program.make()
        for (sent, kept) in cases {
            let made = try await program.create(["title": .string("t"), "note": .string(sent)])
            same(made.json["note"].string.map { Array($0.unicodeScalars) }, Array(kept.unicodeScalars), sent.debugDescription)
        }
    }

    @Test func `no cell of an export is computed, and each comes in again as it was`() throws {
        let formulas = ["=1+1", "+1+cmd|' /C calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=1", "\n=1", " =1", "\u{FF1D}1", "\u{FF0B}1", "\u{FF0D}1", "\u{FF20}x", "\u{FEFF}=1", "'=1", "''=1", "--1", "-a", "+", "=", "' =1"]
        for text in formulas {
            let line = CSV.line([text, "x"])
            holds(line.first == UInt8(ascii: "'") || line.starts(with: Array("\"'".utf8)), "\(text.debugDescription) is guarded")
            same(try CSV(Array("h,i\r\n".utf8) + line).lines.first?.cells.first, text, text.debugDescription)
        }
        for text in ["-5", "+4.5", "-9.7", "-12345678901234567890.25", "a=1", "", "'quoted'", "1-2", "Łódź", "50 % @ noon"] { same(String(decoding: CSV.line([text]), as: UTF8.self), text + "\r\n") }
        holds(String(decoding: CSV.line(["=cmd|x", "a"]), as: UTF8.self).hasPrefix("'="), "a header, too")
    }

    @Test func `words of a free list are clean, short and few`() throws {
        let field = FieldSchema(name: "words", kind: .choices)
        same(try Value(["b ", "a", "b", " "], for: field), .list(["b", "a"]))
        for (json, code) in [(JSON.array(["a\u{7}"]), "control-characters"), (.array([.string(String(repeating: "x", count: 201))]), "too-long"), (.array((0..<101).map { .string("w\($0)") }), "too-many-values"), (.array([1]), "not-a-choice")] {
            #expect { _ = try Value(json, for: field) } throws: { ($0 as? Refusal)?.code == code }
        }
    }

    @Test func `a record has fifty tags at most`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Tagged")
        same(try await desk.keeper.post(desk.at(record, "/tags"), ["tags": (0..<51).map { "t\($0)" }.joined(separator: ",")]).status, 422)
        same(try await desk.keeper.post(desk.at(record, "/tags"), ["tags": (0..<50).map { "t\($0)" }.joined(separator: ",")]).status, 303)
    }

    @Test func `addresses of webhooks inside are not reached, however they are written`() async {
        let inside = ["http://127.0.0.1/", "http://localhost:1/", "http://127.1/", "http://2130706433/", "http://0x7f000001/", "http://0177.0.0.1/", "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://0/", "http://169.254.169.254/latest/meta-data/"]
        var reached: [String] = []
        for url in inside {
            let message = WebhookMessage(id: RecordID(high: 1, low: 2), url: url, body: "{}", timestamp: 7, signature: "v1,a", attempt: 1)
            if case .failed(let why) = await WebhookSender().send(message), why.contains("not on the public network") || why.contains("leads nowhere") || why.contains("not a web address") { continue }
            reached.append(url)
        }
        same(reached, [])
    }

    @Test func `a letter with more marks than any language has is refused before anything is done with it, in a value and in a name`() async throws {
        let kit = try await TestPlatform.make([sampleApp])
        try await kit.grant("tomas", Sample.keeper)
        let keeper = try await TestClient.signedIn(kit, as: "tomas")
        let marks = "e" + String(repeating: "\u{301}\u{323}", count: 2_000)
        let bearer = ["Authorization": "Bearer \(try await kit.platform.makeToken(person: World.person("tomas").id, name: "test", days: 1, readOnly: false))", "Content-Type": "application/json"]
        func api(_ body: String) async throws -> String? { try JSON(try await keeper.send("POST", "/api/v1/sample/records", headers: bearer, body: Array(body.utf8)).bytes)["code"].string }
        same([try await api("{\"title\": \"\(marks)\"}"), try await api("{\"\(marks)\": 1}")], ["not-json", "not-json"])
        let sentence = kit.platform.sentence(Refusal("too-many-marks", .malformed), in: .es)
        for (name, value) in [("title", marks), (marks, "x")] {
            let answer = try await keeper.post("/sample/records/new", pairs: [(name, value)])
            holds(answer.status == 400 && answer.body.contains(sentence), "\(name.prefix(5)): \(answer.status)")
        }
        let thai = String(repeating: "ที่นี่มีน้ำ", count: 20), hebrew = "שָׁלוֹם", viet = "Nguyễn Thị Ngọc"
        holds([thai, hebrew, viet, String(repeating: "一", count: 500), "e" + String(repeating: "\u{301}", count: 30)].allSatisfy(\.isStreamSafe), "what people write is let through")
    }
}
