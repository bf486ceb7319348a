import Foundation
import Kernel
import TestKit
import Testing
@testable import Web

@Suite struct APIDescriptionTests {
    @Test func `the description is whole: every reference resolves and every operation has a name of its own`() async throws {
        let program = try await Program.make()
        for headers in [["Authorization": "Bearer \(program.token)"], [:]] {
            let answer = try await program.client.send("GET", "/openapi.json", headers: headers)
            same(answer.status, 200)
            let document = try JSON(answer.bytes)
            same(document["openapi"], "3.1.0")
            let lost = references(document).filter { reference in
                reference.split(separator: "/").dropFirst().reduce(document) { $0[String($1)] } == .null
            }
            same(lost, [])
            let names = (document["paths"].object ?? [:]).values.flatMap { $0.object?.values.compactMap { $0["operationId"].string } ?? [] }
            same(names.count, Set(names).count)
            // The sample type and the bare directory have no words of their own.
            same(answer.body.matches(of: #/⟦(api|field|problem|error)\.[^⟧]*/#).map { String($0.0) }, [])
        }
    }

    private func references(_ json: JSON) -> [String] {
        switch json {
        case .object(let members): (members["$ref"]?.string.map { [$0] } ?? []) + members.values.flatMap(references)
        case .array(let items): items.flatMap(references)
        default: []
        }
    }

    @Test func `it describes what the reader may see, and nothing else`() async throws {
        let program = try await Program.make()
        func properties(_ handle: String) async throws -> Set<String> {
            let reader = try await Program.make(program.kit, handle)
            let document = try await reader.call("GET", "/openapi.json").json
            return Set((document["components"]["schemas"]["sample.record"]["properties"].object ?? [:]).keys)
        }
        let keeper = try await properties("tomas"), reader = try await properties("lina")
        holds(keeper.contains("remark") && !keeper.contains("diagnosis"), "the keeper's classes")
        holds(reader.contains("title") && !reader.contains("remark"), "the reader's classes")
    }

    @Test func `answers are as described`() async throws {
        let program = try await Program.make()
        let document = try await program.call("GET", "/openapi.json").json
        let made = try await program.create([
            "title": "Whole", "note": "x", "names": ["en": "n"], "rate": "1.5", "cost": ["amount": "3", "currency": "JPY"], "price": ["amount": "2.25", "currency": "USD"], "day": "2026-01-31",
            "at": "2026-01-31T08:00:00.5+01:00", "span": 60, "colours": ["red"], "person": .string(World.person("amina").id.description), "place": ["type": "Point", "coordinates": [.number("6.1"), .number("46.2")]],
        ])
        same(made.status, 201)
        let record = document["components"]["schemas"]["sample.record"]
        same(Shape.faults(made.json, record, at: nil).map { "\($0.field ?? "") \($0.code)" }, [])
        let problem = try await program.create([:])
        same(Shape.faults(problem.json, document["components"]["schemas"]["problem"], at: nil).map(\.code), [])
        let line = try await program.get("\(Program.records)/\(made.id)/history").json["items"].array?.first ?? .null
        same(Shape.faults(line, document["components"]["schemas"]["history-line"], at: nil).map(\.code), [])
    }

    @Test func `the page about it shows how to begin and every type`() async throws {
        let program = try await Program.make()
        let browser = try await TestClient.signedIn(program.kit, as: "tomas")
        for path in ["/api", "/api?type=sample.record", "/api?type=platform", "/problems"] {
            let page = try await browser.get(path)
            holds(page.status == 200 && !page.main.contains("⟦api"), "\(path): \(page.status)")
        }
        same(try await browser.get("/api?type=sample.nothing").status, 404)
    }

    /// Every refusal in the sources has its sentence in six languages.
    @Test func `every refusal has a sentence`() throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        let words = try TestPlatform.words([])
        var missing: Set<String> = []
        let files = FileManager.default.enumerator(atPath: root.appending(path: "Sources").path)?.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") } ?? []
        for file in files {
            let text = try String(contentsOf: root.appending(path: "Sources").appending(path: file), encoding: .utf8)
            for match in text.matches(of: #/(?:Refusal|malformed)\(\s*"([a-z0-9-]+)"/#) {
                for language in Language.allCases where !words.has("refusal.\(match.1)", scope: Words.shared, language: language) { missing.insert("\(language) \(match.1)") }
            }
        }
        same(missing.sorted(), [])
    }
}
