import Foundation
import Kernel
import Testing
import TestKit
@testable import ServiceDesk

@Suite struct WorkingTests {
    private static let answers = #"{"since": "2026-11-02", "where": "web", "again": true}"#

    /// The parts of a working, as programs read it.
    private func parts(_ client: TestClient, _ path: String) async throws -> [JSON] {
        let json = try JSON(text: try await client.get(path).body)
        return (json["sections"].array ?? []).flatMap { $0["parts"].array ?? [] }
    }

    /// How many records a list has for the viewer, by its address.
    private func number(_ link: String, _ session: Session) throws -> Int {
        let pairs = link.split(separator: "?").last?.split(separator: "&").map { $0.split(separator: "=").map { String($0).removingPercentEncoding ?? "" } } ?? []
        let parameters = Dictionary(pairs.filter { $0[0] != "all" }.map { ($0[0], [$0[1]]) }, uniquingKeysWith: +)
        return try session.count(ListQuery(parameters, schema: session.platform.schema(of: Request.self), session: session)).number
    }

    /// Three open, four solved: two rated, one of them well; one withdrawn.
    private func busyDesk() async throws -> DeskKit {
        let desk = try await DeskKit.make()
        for index in 0..<8 {
            let request = try await desk.ask { $0[Request.subject] = "It's number \(index); really?" }
            desk.advance(minutes: 7)
            if index < 4 { try await desk.move(request, "solve", by: "tomas") { $0[Request.solution] = "Turned it off and on" } }
            if index < 2 { try await desk.move(request, "rate", by: "amina") { $0[Request.rating] = index == 0 ? 5 : 2 } }
            if index == 7 { try await desk.move(request, "withdraw", by: "amina") }
        }
        desk.advance(minutes: 1)
        return desk
    }

    @Test func `the working of every measure leads to a list of exactly the records counted, and its query can be run as it stands`() async throws {
        let desk = try await busyDesk()
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        var faults: [String] = []
        for measure in DeskMeasures.all {
            let name = measure.name.split(separator: ".").last.map(String.init) ?? ""
            let parts = try await parts(client, "/service-desk/measures/\(name)/working.json")
            let links = parts.compactMap { $0["link"].string }.filter { $0.contains("/requests?") }
            let found = try await desk.as("tomas") { session in
                let reading = try session.read(measure)
                return (try links.map { try self.number($0, session) }, [reading.n, reading.hits].compactMap { $0 })
            }
            if found.0 != found.1 { faults.append("\(name): the lists have \(found.0), the measure \(found.1)") }
            let queries = parts.compactMap { $0["formula"].string }.filter { $0.hasPrefix("SELECT") }
            if queries.isEmpty || queries.contains(where: { $0.contains("?") || !$0.contains("WHERE") }) { faults.append("\(name): \(queries)") }
            for link in links where try await client.get(link).status != 200 { faults.append("\(name): \(link)") }
        }
        same(faults, [])
        same(try await desk.as("tomas") { try $0.read(DeskMeasures.satisfaction).n }, 2, "the measures count something")
    }

    @Test func `the priority on a request's own page is explained by the matrix and the one cell that counted`() async throws {
        let desk = try await DeskKit.make()
        let request = try await desk.read(try await desk.ask { $0[Request.urgency] = .high; $0[Request.impact] = .group })
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        holds(try await client.get("/service-desk/requests/\(request.reference)").body.contains("working?of=field"), "the page leads to it")
        let working = try await desk.as("tomas") { try $0.working(request.row, of: "field:priority") }
        let counted = working.sections.flatMap(\.parts).compactMap { part -> [[String]]? in
            guard case .table(_, let rows, let idle, _) = part, rows.count == Impact.allCases.count * Urgency.allCases.count else { return nil }
            return rows.indices.filter { !idle.contains($0) }.map { rows[$0] }
        }.first
        let words = try await desk.as("tomas") { session in
            ["impact.group", "urgency.high"].map { session.platform.words.say("request.\($0)", scope: Request.app, in: session.viewer.language) }
        }
        same(counted, [words + ["\(request[Request.priority].number)"]])
        for language in Language.allCases {
            let viewer = try await desk.kit.viewer("tomas").reading(in: language)
            let text = try await desk.kit.platform.read(as: viewer) { try $0.working(request.row, of: "field:priority").json.text }
            holds(!text.contains("⟦"), "\(language): \(text)")
        }
    }

    @Test func `the answers to a form are read as question and answer, and asked for by no raw text`() async throws {
        let desk = try await DeskKit.make()
        let item = desk.plain
        let request = try await desk.read(try await desk.ask { $0[Request.item] = item; $0[Request.answers] = LongText(WorkingTests.answers) })
        let client = try await TestClient.signedIn(desk.kit, as: "tomas")
        let path = "/service-desk/requests/\(request.reference)"
        for page in [path, path + "/history"] {
            let body = try await client.get(page).body
            holds(body.contains("Since when?") && body.contains("Browser"), "\(page) says question and answer")
            holds(!body.contains("2026-11-02&quot;") && !body.contains("&quot;where&quot;") && !body.contains("<dt>where</dt>"), "\(page) shows no JSON")
        }
        for form in [path + "/edit", "/service-desk/requests/new"] {
            let body = try await client.get(form).body
            holds(body.contains("name=\"subject\"") && !body.contains("name=\"answers\"") && !body.contains("name=\"item\""), "\(form) asks for neither item nor answers")
        }
        let field = try await client.post(path + "/edit", ["subject": "Mail", "answers": "{}", "version": "\(request.row.version)"])
        holds(field.status < 500, "\(field.status)")
        same(try await desk.read(request.ref)[Request.answers]?.text, WorkingTests.answers, "a form cannot smuggle them in")
    }

    @Test func `a program still sends answers with a request`() async throws {
        let desk = try await DeskKit.make()
        let item = desk.plain
        try await desk.as("amina") { session in
            let schema = session.platform.schema(of: Request.self)
            let names = session.fieldsToCreate(schema).map(\.name)
            holds(names.contains("answers") && names.contains("item"), "both are fields of the API")
            let row = try session.create(schema, ["subject": .text("Mail"), "item": .reference(item.id), "answers": .text(WorkingTests.answers)])
            same(row.text("answers"), WorkingTests.answers)
        }
    }
}
