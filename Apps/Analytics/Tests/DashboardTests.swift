import Foundation
import Kernel
import TestKit
import Testing
@testable import Analytics

@Suite struct DashboardTests {
    /// Lina keeps all records of the sample; omar reads those whose flag is set; amina none.
    private func kit() async throws -> TestPlatform {
        let kit = try await TestPlatform.make([analytics, sampleApp])
        try await kit.grant("lina", Sample.keeper)
        try await kit.grant("omar", Sample.reader)
        try await kit.grant("ines", .curator)
        try await kit.platform.write(as: kit.viewer("lina")) { session in
            for number in 0..<12 {
                _ = try session.create(Sample.self) { record in
                    record[Sample.title] = "Sample \(number)"
                    record[Sample.flag] = number < 5
                    record[Sample.colour] = number % 2 == 0 ? .red : .blue
                    record[Sample.place] = Place(latitude: 10 + Double(number), longitude: 20)
                }
            }
        }
        return kit
    }

    private let question = "data=sample.record&figure=count&by=colour&then=flag"

    private func board(_ kit: TestPlatform, shared handles: [String]) async throws -> String {
        let ids = handles.map { World.person($0).id.description }
        return try await kit.platform.write(as: kit.viewer("lina")) { [question] session in
            try session.create(Dashboard.self) { record in
                record[Dashboard.name] = "Samples"
                record[Dashboard.tiles] = LongText("half pivot \(question)\nhalf map data=sample.record&figure=count&by=place.4\nthird number measure=sample.mean")
                record[Dashboard.shared] = ids
            }.reference
        }
    }

    @Test func `A person puts a figure together with a plain form, keeps it on a new dashboard, and shares it`() async throws {
        let kit = try await kit()
        let lina = try await TestClient.signedIn(kit, as: "lina")
        let first = try await lina.get("/analytics/question")
        holds(first.body.contains("value=\"data:sample.record\"") && first.body.contains("value=\"measure:sample.number\""), "records and measures are offered")
        let page = try await lina.get("/analytics/question?of=data:sample.record&\(question)&form=pivot&filter%5Bstate%5D=&over=&days=")
        same(page.status, 200)
        for part in ["data-answer=\"cross\"", "n = ١٢", "/analytics/question/working?data=sample.record"] { holds(page.body.contains(part), part) }
        let kept = try await lina.post("/analytics/question", ["question": question, "form": "pivot", "name": "Colours", "where": "new"])
        same(kept.status, 303)
        let address = kept.location ?? ""
        let added = try await lina.post("/analytics/question", ["question": "measure=sample.number", "form": "number", "name": "How many", "where": String(address.split(separator: "/").last ?? "")])
        same(added.location, address)
        let moved = try await lina.post(address, ["tile": "1", "do": "earlier", "version": "2"])
        same(moved.status, 303)
        same(try await lina.post(address, ["tile": "1", "do": "earlier", "version": "2"]).status, 412, "places of a version that is no more")
        _ = try await lina.post(address, ["share": "omar"])
        let omar = try await TestClient.signedIn(kit, as: "omar")
        same(try await omar.get(address).status, 200)
        same(try await TestClient.signedIn(kit, as: "amina").get(address).status, 404)
        _ = try await lina.post(address, ["unshare": World.person("omar").id.description])
        same(try await omar.get(address).status, 404)
    }

    @Test func `Each reader of one dashboard sees the figures of the records that they may read`() async throws {
        let kit = try await kit()
        let address = "/analytics/dashboard/\(try await board(kit, shared: ["omar", "amina"]))"
        func total(_ handle: String) async throws -> String? {
            let page = try await TestClient.signedIn(kit, as: handle).get(address)
            return page.body.firstMatch(of: /n = ([0-9٠-٩]+)/).map { String($0.1) }
        }
        same(try await total("lina"), "١٢")
        same(try await total("omar"), "5")
        let amina = try await TestClient.signedIn(kit, as: "amina").get(address)
        holds(amina.body.contains("There is nothing to reckon") && !amina.body.contains("data-answer"), "nothing to reckon")
    }

    @Test func `A right that was withdrawn shows at once`() async throws {
        let kit = try await kit()
        let address = "/analytics/dashboard/\(try await board(kit, shared: ["omar"]))"
        let omar = try await TestClient.signedIn(kit, as: "omar")
        holds(try await omar.get(address).body.contains("n = 5"), "before")
        try await kit.platform.write(as: .service("test")) { session in
            for grant in try session.find(RoleGrant.self, where: RoleGrant.person.equals(World.person("omar"))) { _ = try session.move(grant, "withdraw") }
        }
        let after = try await omar.get(address)
        holds(!after.body.contains("n = 5") && !after.body.contains("data-value=\"5"), "after")
    }

    @Test func `What is certified everybody reads and nobody changes; every opening is counted`() async throws {
        let kit = try await kit()
        let reference = try await board(kit, shared: [])
        let ines = try await kit.viewer("ines"), lina = try await kit.viewer("lina")
        @Sendable func record(_ session: Session) throws -> Record<Dashboard> {
            guard let row = try session.row(session.platform.schema(of: Dashboard.self), named: reference) else { throw Refusal.absent }
            return Record(row)
        }
        try await kit.platform.write(as: ines) { session in _ = try session.move(record(session), "certify") }
        same(try await TestClient.signedIn(kit, as: "amina").get("/analytics/dashboard/\(reference)").status, 200)
        await refuses("may-not-change") { try await kit.platform.write(as: lina) { session in _ = try session.change(record(session)) { $0[Dashboard.tiles] = nil } } }
        let opened = try await kit.platform.read(as: ines) { try $0.count(Visit.self).number }
        same(opened, 1)
        same(try await TestClient.signedIn(kit, as: "ines").get("/analytics/usage").status, 200)
        same(try await TestClient.signedIn(kit, as: "amina").get("/analytics/usage").status, 404)
    }

    @Test func `An answer leaves as the table that is shown`() async throws {
        let kit = try await kit()
        let omar = try await TestClient.signedIn(kit, as: "omar")
        let csv = try await omar.get("/analytics/question/export?\(question)&as=csv").body
        same(csv.split(whereSeparator: \.isNewline).map(String.init).last, "All,All,5,5")
        let json = try JSON(text: try await omar.get("/analytics/question/export?\(question)&as=json").body)
        same(json["cells"].array?.count, 6)
        same(json["cells"].array?.last?["n"].integer, 5)
        let working = try JSON(text: try await omar.get("/analytics/question/working.json?\(question)").body)
        holds(working.text.contains("SELECT"), "the statement is shown")
        same(try await omar.get("/analytics/question/export?data=sample.record&figure=count&by=remark").status, 400)
        same(try await omar.get("/analytics/question/export?data=directory.grant&figure=count&by=diagnosis").status, 400)
    }

    @Test func `The catalogue tells what may be asked about, how whole it is and who uses it`() async throws {
        let kit = try await kit()
        let reference = try await board(kit, shared: [])
        let lina = try await TestClient.signedIn(kit, as: "lina")
        let list = try await lina.get("/analytics/catalogue").body
        holds(list.contains("/analytics/data/sample.record") && list.contains("/analytics/measure/sample.mean"), "listed")
        let data = try await lina.get("/analytics/data/sample.record").body
        holds(data.contains("/analytics/dashboard/\(reference)") && data.contains("/analytics/measure/sample.red"), "used")
        same(try await lina.get("/analytics/measure/sample.mean").status, 200)
        let amina = try await TestClient.signedIn(kit, as: "amina")
        same(try await amina.get("/analytics/data/kernel.credential").status, 404)
    }
}
