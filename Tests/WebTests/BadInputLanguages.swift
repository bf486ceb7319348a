import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

/// What is refused is refused in the reader's language, and nothing of it is written.
@Suite struct BadInputLanguages {
    /// Requests to the interface, each with the code it is refused with.
    private func cases(_ path: String) -> [(code: String, method: String, path: String, headers: [String: String], body: String)] {
        let json = ["Content-Type": "application/json"], patch = ["Content-Type": "application/merge-patch+json"]
        return [
            ("not-json", "POST", Program.records, json, "{\"title\":"), ("not-json", "POST", Program.records, json, String(repeating: "[", count: 100_000)),
            ("not-json", "POST", Program.records, json, "{\"title\":\"a\",\"title\":\"b\"}"), ("not-json", "POST", Program.records, json, "{\"title\":\"\\ud800\"}"),
            ("not-json", "POST", Program.records, json, "{\"count\":\(String(repeating: "9", count: 1000))}"), ("not-json", "POST", Program.records, json, "{} {}"),
            ("not-json-type", "POST", Program.records, ["Content-Type": "text/plain"], "x"), ("not-utf-8", "POST", Program.records, ["Content-Type": "application/json; charset=latin1"], "{}"),
            ("packed-body", "POST", Program.records, ["Content-Type": "application/json", "Content-Encoding": "gzip"], "x"),
            ("body-over-limit", "POST", Program.records, ["Content-Type": "application/json", "Content-Length": "1073741824"], "x"),
            ("not-an-integer", "POST", Program.records, json, "{\"title\":\"a\",\"count\":1e999}"), ("not-an-integer", "POST", Program.records, json, "{\"title\":\"a\",\"count\":99999999999999999999}"), ("out-of-range", "POST", Program.records, json, "{\"title\":\"a\",\"count\":99999}"),
            ("not-text", "POST", Program.records, json, "{\"title\":7}"), ("too-long", "POST", Program.records, json, "{\"title\":\"\(String(repeating: "x", count: 201))\"}"),
            ("control-characters", "POST", Program.records, json, "{\"title\":\"a\\u0000b\"}"), ("required", "POST", Program.records, json, "{}"),
            ("unknown-field", "POST", Program.records, json, "{\"title\":\"a\",\"titel\":\"b\"}"), ("unknown-field", "POST", Program.records, json, "{\"title\":\"a\",\"closed-at\":\"2026-01-01T00:00:00Z\"}"),
            ("not-a-choice", "POST", Program.records, json, "{\"title\":\"a\",\"colour\":\"pink\"}"), ("no-such-record", "POST", Program.records, json, "{\"title\":\"a\",\"unit\":\"01890a5d-ac96-774b-bcce-b302099a8057\"}"),
            ("duplicate", "POST", Program.records, json, "{\"title\":\"a\",\"code\":\"ONE\"}"), ("stale", "PATCH", path, patch.merging(["If-Match": "\"99\""]) { $1 }, "{\"title\":\"b\"}"),
            ("if-match-required", "PATCH", path, patch, "{\"title\":\"b\"}"), ("not-an-etag", "PATCH", path, patch.merging(["If-Match": "99"]) { $1 }, "{\"title\":\"b\"}"),
            ("illegal-move", "POST", path + "/moves/reopen", json, "{}"), ("absent", "POST", path + "/moves/none", json, "{}"), ("method", "DELETE", path, [:], ""), ("absent", "GET", Program.records + "/..", [:], ""),
            ("limit-out-of-range", "GET", Program.records + "?limit=-1", [:], ""), ("not-a-cursor", "GET", Program.records + "?after=e30", [:], ""), ("unknown-parameter", "GET", Program.records + "?x=1", [:], ""),
            ("unknown-field", "GET", Program.records + "?filter[none]=1", [:], ""), ("unknown-field", "GET", Program.records + "?sort=none", [:], ""), ("unknown-field", "GET", Program.records + "?filter[diagnosis]=x", [:], ""),
            ("unknown-operation", "GET", Program.records + "?filter[title][like]=1", [:], ""), ("parameter-twice", "GET", Program.records + "?limit=1&limit=2", [:], ""), ("too-many-fields", "GET", Program.records + "?" + String(repeating: "a=1&", count: 500), [:], ""),
            ("not-a-token", "GET", Program.records, ["Authorization": "Bearer forged"], ""), ("not-an-idempotency-key", "POST", Program.records, json.merging(["Idempotency-Key": "a b"]) { $1 }, "{\"title\":\"a\"}"),
        ]
    }

    @Test func `programs are refused in six languages, and nothing is written`() async throws {
        let program = try await Program.make()
        let path = "\(Program.records)/\(try await program.create(["title": "There", "code": "ONE"]).id)"
        var wrong: [String] = [], english: [String] = []
        for language in [Language.en, .fr, .es, .ru, .zh, .ar] {
            for (place, one) in cases(path).enumerated() {
                let answer = try await program.call(one.method, one.path, Array(one.body.utf8), headers: one.headers.merging(["Accept-Language": language.rawValue]) { $1 })
                let detail = answer.json["detail"].string ?? ""
                if language == .en { english.append(detail) }
                let codes = [answer.code] + (answer.json["errors"].array ?? []).map { $0["code"].string }
                let isTold = answer.raw.header("content-language") == language.rawValue && !detail.isEmpty && !detail.contains("⟦") && (language == .en || detail != english[place])
                if !codes.contains(one.code) || !(400..<500).contains(answer.status) || !isTold { wrong.append("\(language) \(one.code): \(answer.status) \(answer.code ?? "-") \(detail)") }
                if language != .en, one.code == "not-json", detail.utf8.contains(UInt8(ascii: "\"")) || detail.contains("missing") { wrong.append("\(language): \(detail)") }
            }
        }
        same(wrong, [])
        same(try await program.get(Program.records).json["items"].array?.count, 1, "nothing was written")
    }

    @Test func `people are refused in six languages, and nothing is written`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("There") { $0[Sample.code] = "ONE" }
        let long = String(repeating: "x", count: 500)
        let forms: [(String, [String: String], Int)] = [
            (Desk.path + "/new", ["title": ""], 422), (Desk.path + "/new", ["title": long], 422), (Desk.path + "/new", ["title": "a", "count": "many"], 422), (Desk.path + "/new", ["title": "a", "count": "1e999"], 422),
            (Desk.path + "/new", ["title": "a", "colour": "pink"], 422), (Desk.path + "/new", ["title": "a", "code": "ONE"], 409), (Desk.path + "/new", ["title": "a\u{1}b"], 422), (Desk.path + "/new", ["title": "a", "unit": "nowhere"], 422),
            (Desk.path + "/new", ["title": "a", "day": "31.12."], 422), (desk.at(record, "/edit"), ["title": "b", "version": "77"], 412), (desk.at(record, "/edit"), ["title": "b"], 400), (desk.at(record, "/moves/reopen"), [:], 403),
            (desk.at(record, "/moves/none"), [:], 404), (desk.at(record, "/comments"), ["body": " "], 422), (desk.at(record, "/comments"), ["body": String(repeating: "x", count: 20_001)], 422), (desk.at(record, "/tags"), ["tags": long], 422),
            (Desk.path + "/bulk", ["act": "burn", "id": record.id.description], 400), (Desk.path + "/views", ["name": "a", "query": "sort=none"], 400), (Desk.path + "/import", ["text": "title\n\"open\n"], 422),
            (Desk.path + "/import", ["text": "nothing\n1\n"], 422), (Desk.path + "/import/run", ["file": "../../etc/passwd"], 404), ("/account/theme", ["theme": "pink"], 400), ("/account/theme", ["theme": "dark", "csrf": "forged"], 403), ("/nowhere", [:], 404),
        ]
        var english: [String] = [], wrong: [String] = []
        for language in [Language.en, .fr, .es, .ru, .zh, .ar] {
            desk.keeper.setCookie("language", language.rawValue)
            for (place, (path, form, status)) in forms.enumerated() {
                let answer = try await desk.keeper.post(path, form)
                let said = answer.main.replacing(/[a-z0-9]{9,13}/, with: "")
                if language == .en { english.append(said) }
                let isTold = answer.has("<html lang=\"\(language)\"") && !said.contains("⟦refusal") && (language == .en || said != english[place])
                if answer.status != status || !isTold { wrong.append("\(language) \(path) \(form.keys.sorted()): \(answer.status)") }
            }
        }
        same(wrong, [])
        same(try await desk.count(), 1, "nothing was written")
        same(try await desk.read(record.reference)?.row.version, record.row.version, "nothing was changed")
    }
}
