import Foundation
import Kernel
import TestKit
import Testing

@Suite struct RecordPagesBulkTests {
    @Test func `a move on several rows does what it can and says what it could not`() async throws {
        let desk = try await Desk.make()
        let first = try await desk.record("First"), second = try await desk.record("Second")
        _ = try await desk.keeper.post(desk.at(second, "/moves/submit"), ["version": "1"])
        let answer = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "move:submit"), ("id", first.id.description), ("id", second.id.description), ("id", "nonsense")])
        same(answer.status, 200)
        same(try await desk.read(first.reference)?.state, .open)
        holds(answer.has("First") && answer.has("Second") && answer.has("is-bad") && answer.has("is-good"), "one done, one refused, each named")
        let question = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "move:close"), ("id", first.id.description), ("id", second.id.description)])
        holds(question.has("name=\"colour\"") && question.has("name=\"complete\""), "what the move asks is asked once")
        let missing = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "move:close"), ("complete", "1"), ("id", first.id.description)])
        same(missing.status, 422)
        let done = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "move:close"), ("complete", "1"), ("colour", "red"), ("id", first.id.description), ("id", second.id.description)])
        same(done.status, 200)
        same(try await desk.read(second.reference)?.state, .closed)
    }

    @Test func `tags and watching for several rows, and nothing for nonsense`() async throws {
        let desk = try await Desk.make()
        let record = try await desk.record("Tagged")
        _ = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "tag"), ("complete", "1"), ("tag", "later"), ("id", record.id.description)])
        _ = try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "watch"), ("id", record.id.description)])
        let page = try await desk.keeper.get(desk.at(record))
        holds(page.has(">later</bdi>") && page.has("aria-pressed=\"true\""), "tagged and watched")
        same(try await desk.keeper.post(Desk.path + "/bulk", ["act": "erase", "id": record.id.description]).status, 400)
        same(try await desk.keeper.post(Desk.path + "/bulk", ["act": "watch"]).status, 303)
        let many = (0..<201).map { _ in ("id", RecordID.at(TestPlatform.start).description) }
        same(try await desk.keeper.post(Desk.path + "/bulk", pairs: [("act", "watch")] + many).status, 400)
        let amina = try await TestClient.signedIn(desk.kit, as: "amina")
        let other = try await amina.post(Desk.path + "/bulk", pairs: [("act", "watch"), ("id", record.id.description)])
        holds(!other.has("Tagged"), "what may not be read is not named")
    }

    @Test func `an export is what is shown, and no spreadsheet computes it`() async throws {
        let desk = try await Desk.make()
        try await desk.record("=HYPERLINK(\"http://evil\")") { record in
            record[Sample.colour] = .red
            record[Sample.remark] = "inside"
            record[Sample.count] = -5
            record[Sample.flag] = true
        }
        try await desk.record("Blue, with \"quotes\" and more") { $0[Sample.colour] = .blue }
        let lina = try await TestClient.signedIn(desk.kit, as: "lina")
        let csv = try await lina.get(Desk.path + "/export.csv?all=1&fields=count&header=names")
        same(csv.status, 200)
        same(Array(csv.bytes.prefix(3)), [0xEF, 0xBB, 0xBF])
        let lines = csv.body.split(separator: "\r\n").map(String.init)
        same(lines.count, 2)
        same(lines.first?.hasSuffix("reference,title,count"), true)
        holds(lines[1].contains(",\"'=HYPERLINK(\"\"http://evil\"\")\",-5"), "the formula is text: \(lines[1])")
        holds(csv.header("content-disposition")?.hasPrefix("attachment") == true, "it is a file")
        let json = try JSON(text: try await lina.get(Desk.path + "/export.json?all=1&fields=count").body)
        same(json.array?.first?["count"].integer, -5)
        same(json.array?.count, 1)
        same(try JSON(text: try await lina.get(Desk.path + "/export.json?filter[colour]=blue").body).array?.count, 0)
        // The rules speak of exporting, and give it to readers alone.
        same(try await desk.keeper.get(Desk.path + "/export.csv?all=1").status, 403)
        holds(!(try await desk.keeper.get(Desk.path).has("export.csv")), "nor is it offered to the keeper")
    }

    @Test func `what may be picked is what may be read`() async throws {
        let desk = try await Desk.make()
        try await desk.record("Findable thing")
        let found = try JSON(text: try await desk.keeper.get("/pick/sample/records?q=findable", ["X-Fragment": "pick"]).body)
        same(found.array?.first?["title"].string, "Findable thing")
        let none = try JSON(text: try await TestClient.signedIn(desk.kit, as: "amina").get("/pick/sample/records?q=findable", ["X-Fragment": "pick"]).body)
        same(none.array?.count, 0)
        same(try await desk.keeper.get("/pick/sample/nothing?q=x").status, 404)
        holds(try await desk.keeper.get("/pick/sample/records?q=findable").has("Findable thing"), "there is a page for those without a script")
    }

    @Test func `an administrator adds a field and it is everywhere`() async throws {
        let desk = try await Desk.make()
        same(try await desk.keeper.get("/admin/fields").status, 404)
        let root = try await TestClient.signedIn(desk.kit, as: "root")
        same(try await root.get("/admin/fields").status, 200)
        for (form, status) in [
            (["schema": "sample.record", "name": "Room Number", "kind": "text", "label.en": "Room"], 422), (["schema": "sample.record", "name": "title", "kind": "text", "label.en": "Room"], 409),
            (["schema": "sample.record", "name": "size", "kind": "money", "label.en": "Size"], 422), (["schema": "sample.record", "name": "size", "kind": "choice", "choices": "one", "label.en": "Size"], 422),
            (["schema": "sample.record", "name": "size", "kind": "choice", "choices": "small\nlarge", "label.en": "Size", "label.fr": "Taille"], 303),
            (["schema": "sample.record", "name": "size", "kind": "text", "label.en": "Size"], 409),
        ] { same(try await root.post("/admin/fields", form).status, status, form["name"] ?? "") }
        holds(try await desk.keeper.get(Desk.path + "/new").has("name=\"size\""), "it is in the form")
        let made = try await desk.keeper.post(Desk.path + "/new", ["title": "With size", "size": "large", "label": "unclassified"])
        same(made.status, 303)
        holds(try await desk.keeper.get(made.location ?? "").has("large"), "and on the page")
        holds(try await desk.keeper.get(Desk.path + "?filter[size]=large").has("With size"), "and can be filtered by")
    }
}
