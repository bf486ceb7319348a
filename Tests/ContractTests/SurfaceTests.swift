import Foundation
@testable import Kernel
import TestKit
import Testing
import Web

/// What may not be read is not there: pages, interface, lists, exports, search and live events over HTTP.
@Suite struct SurfaceTests {
    private static let handles = ["amina", "tomas", "lina", "vera", "omar", "ines"]

    private func client(_ population: Population, _ handle: String) async throws -> TestClient {
        var options = WebOptions()
        options.limitsRate = false
        return try await TestClient.signedIn(population.kit, as: handle, options: options)
    }

    @Test(arguments: handles) func `Pages and interface know only the records that may be read`(handle: String) async throws {
        let population = try await Population.everything.value
        let client = try await client(population, handle)
        let access = Access(try await population.kit.viewer(handle), at: population.platform.now)
        var counts = [0, 0]
        for schema in population.platform.schemas {
            let rows = try await population.rows(schema)
            let readable = rows.filter { access.decide(.read, $0).isAllowed }
            counts[0] += min(2, readable.count)
            let hidden = rows.filter { !access.decide(.read, $0).isAllowed }
            let base = "/\(schema.app)/\(schema.plural)"
            counts[1] += min(3, hidden.count)
            for row in hidden.prefix(3) {
                let move = schema.lifecycle?.moves.first?.name ?? "none"
                for path in ["", "/history", "/edit", "/working?of=access", "/working.json?of=access", "/moves/\(move)", "/attachments/\(row.id)"] {
                    for name in Set([row.id.description, row.reference ?? row.id.description]) {
                        let status = try await client.get("\(base)/\(name)\(path)").status
                        holds(status == 404, "\(handle): \(base)/…\(path) of a hidden record answers \(status)")
                    }
                }
                for path in ["", "/history", "/comments", "/attachments", "/working?of=access"] {
                    let status = try await client.get("/api/v1\(base)/\(row.id)\(path)").status
                    holds(status == 404, "\(handle): the interface answers \(status) to \(base)/…\(path) of a hidden record")
                }
            }
            for row in readable.prefix(2) {
                let page = try await client.get("\(base)/\(row.reference ?? row.id.description)").status
                let json = try await client.get("/api/v1\(base)/\(row.id)")
                holds(page == 200 && json.status == 200, "\(handle): \(base)/\(row.id) answers \(page) and \(json.status)")
                let closed = schema.ownFields.filter { !access.classes(row).contains($0.fieldClass) }.map(\.name)
                let told = closed.filter { (try? JSON(json.bytes))?[$0] ?? .null != .null }
                holds(told.isEmpty, "\(handle): the interface tells \(told) of \(base)")
            }
        }
        holds(counts.allSatisfy { $0 >= 5 }, "\(handle) was shown \(counts[0]) and refused \(counts[1]) records")
    }

    @Test(arguments: handles) func `Lists, exports, suggestions and searches over HTTP hold what may be read and nothing else`(handle: String) async throws {
        let population = try await Population.everything.value
        let client = try await client(population, handle)
        let access = Access(try await population.kit.viewer(handle), at: population.platform.now)
        for schema in population.platform.schemas {
            let rows = try await population.rows(schema)
            let readable = Set(rows.filter { access.decide(.read, $0).isAllowed }.map(\.id.description))
            let hidden = rows.filter { !readable.contains($0.id.description) }
            let base = "/\(schema.app)/\(schema.plural)"
            let list = try await client.get("/api/v1\(base)?limit=200&count=true")
            let seen = access.condition(.read, on: schema) != .never || access.condition(.create, on: schema) != .never
            guard seen else {
                same([list.status, try await client.get(base).status], [404, 404], "\(handle): \(base) does not exist")
                continue
            }
            let json = try JSON(list.bytes)
            same(Set((json["items"].array ?? []).compactMap { $0["id"].string }), readable, "\(handle): the list of \(base)")
            same(json["count"]["number"].integer, readable.count, "\(handle): the count of \(base)")
            let export = try await client.get("\(base)/export.json?all=1")
            let exported = export.status == 200 ? Set(((try? JSON(export.bytes))?.array ?? []).compactMap { $0["id"].string }) : []
            holds(exported.isSubset(of: readable), "\(handle): the export of \(base) holds \(exported.subtracting(readable).count) hidden records")
            var texts = [try await client.get("\(base)?limit=200").body, try await client.get("\(base)/export.csv?all=1&header=names").body]
            for row in hidden.prefix(3) {
                if let title = row.text(schema.titleField) {
                    let word = title.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
                    texts.append(try await client.get("/search?q=\(word)").body)
                    texts.append(try await client.get("/api/v1/search?q=\(word)").body)
                    texts.append(try await client.get("/pick\(base)?q=\(word)", ["X-Fragment": "pick"]).body)
                }
            }
            let told = hidden.filter { row in texts.contains { $0.contains(row.id.description) || row.reference.map($0.contains) ?? false } }
            holds(told.isEmpty, "\(handle): \(told.count) hidden records of \(base) are named in lists or searches")
        }
    }

    @Test func `Live events are sent to those who may read the record`() async throws {
        let population = try await Population.make([sampleApp], seed: 62, perType: 12, isScrambled: true)
        let schema = population.platform.schema(of: Sample.self)
        var sent: [String: Set<String>] = [:], readable: [String: Set<String>] = [:]
        var streams: [(String, AsyncThrowingStream<String, any Error>)] = []
        for handle in ["tomas", "lina", "vera", "ines", "amina"] {
            let answer = try await client(population, handle).stream("/events?topic=\(schema.id)")
            if answer.status == 200 { streams.append((handle, answer.pieces)) }
        }
        var waiting = 0
        while population.platform.events.listeners < streams.count, waiting < 500 {
            try await Task.sleep(for: .milliseconds(10))
            waiting += 1
        }
        let rows = try await population.rows(schema)
        try await population.platform.write(as: Population.service) { session in
            for row in rows { _ = try session.change(row, ["note": .text("changed")], version: nil) }
            // Everybody hears of the last one: the end of what is waited for.
            _ = try session.create(Sample.self) { record in
                record[Sample.title] = "the end"
                record[Sample.person] = World.person("amina")
                record[Sample.flag] = true
                record[Sample.unit] = World.unit("service-desk")
            }
        }
        let all = try await population.rows(schema)
        let last = try #require(all.first { $0.text("title") == "the end" })
        for (handle, pieces) in streams {
            let access = Access(try await population.kit.viewer(handle), at: population.platform.now)
            readable[handle] = Set(all.filter { access.decide(.read, $0).isAllowed }.map(\.id.description))
            guard readable[handle]?.contains(last.id.description) == true else { continue }
            for try await piece in pieces {
                for line in piece.split(separator: "\n") where line.hasPrefix("data: ") {
                    if let id = (try? JSON(text: String(line.dropFirst(6))))?["record"].string { sent[handle, default: []].insert(id) }
                }
                if sent[handle]?.contains(last.id.description) == true { break }
            }
            same(sent[handle], readable[handle], "what \(handle) hears")
        }
        holds(sent.count >= 3, "several people listened: \(sent.keys.sorted())")
    }
}
