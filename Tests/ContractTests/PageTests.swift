import Foundation
@testable import Kernel
import TestKit
import Testing
import Web

/// Every page that can be reached by links renders in six languages, reads strictly, and no link is dead.
@Suite struct PageTests {
    /// Follows links from page to page, two of each shape.
    private struct Walk {
        let client: TestClient
        let language: Language
        var waiting: [String]
        private var shapes: [String: Int] = [:]
        private var seen: Set<String> = []
        private(set) var faults: [String] = []
        private(set) var pages = 0

        init(_ client: TestClient, _ language: Language, from starts: [String]) {
            self.client = client
            self.language = language
            waiting = starts
        }

        static let left: Set<String> = ["assets", "events", "sign-out", "language", "openapi.json", "metrics"]

        mutating func run(most: Int) async throws {
            while let path = waiting.popLast(), pages < most {
                guard seen.insert(path).inserted, isWanted(path) else { continue }
                let answer = try await client.get(path)
                pages += 1
                guard answer.status == 200, answer.header("content-type")?.hasPrefix("text/html") == true else {
                    if ![200, 303].contains(answer.status) { faults.append("\(path) answers \(answer.status)") }
                    continue
                }
                let page = Markup(answer.body)
                faults += page.faults(in: language).prefix(4).map { "\(path): \($0)" }
                for link in page.all("a") {
                    if let address = link.attributes["href"], address.hasPrefix("/"), link.attributes["download"] == nil {
                        waiting.insert(address.replacing("&amp;", with: "&"), at: 0)
                    }
                }
            }
        }

        /// Two pages of each shape: ids, references and the values of parameters are all the same.
        private mutating func isWanted(_ path: String) -> Bool {
            let parts = path.split(separator: "#", omittingEmptySubsequences: false)[0].split(separator: "?", maxSplits: 1)
            let segments = parts[0].split(separator: "/").map { $0.contains(where: \.isNumber) || $0.contains("%") ? "*" : String($0) }
            if let first = segments.first, Self.left.contains(first) || segments.last?.hasPrefix("export.") == true { return false }
            let names = parts.count > 1 ? parts[1].split(separator: "&").map { $0.prefix { $0 != "=" } }.sorted().joined(separator: "&") : ""
            let shape = segments.joined(separator: "/") + "?" + names
            shapes[shape, default: 0] += 1
            return shapes[shape, default: 0] <= 2
        }
    }

    private static func starts(_ platform: Platform) async throws -> [String] {
        var starts = ["/", "/today", "/apps", "/search?q=a", "/notices", "/account", "/api", "/account/tokens", "/problems", "/admin/fields"]
        for app in platform.registry.apps {
            starts.append("/\(app.name)")
            for page in app.pages where page.isInMenu && !page.path.contains("{") && page.show != nil { starts.append("/\(app.name)/\(page.path)") }
        }
        for schema in platform.schemas {
            let base = "/\(schema.app)/\(schema.plural)"
            starts += [base, "\(base)/new"]
            for row in try await platform.store.read({ try $0.rows(Query(schema, limit: 2)) }) {
                let record = "\(base)/\(row.reference ?? row.id.description)"
                starts += [record, "\(record)/history", "\(record)/edit", "\(record)/working?of=access"]
                for move in schema.lifecycle?.moves ?? [] where move.from.contains(row.state) && !move.isQuiet { starts.append("\(record)/moves/\(move.name)") }
            }
        }
        return starts
    }

    private func walk(_ kit: TestPlatform, _ person: RecordID, _ language: Language, _ starts: [String], most: Int) async throws {
        var options = WebOptions()
        options.limitsRate = false
        let client = TestClient(kit, options: options)
        try await client.signIn(person)
        client.setCookie("language", language.rawValue)
        var walk = Walk(client, language, from: starts)
        try await walk.run(most: most)
        let faults = walk.faults.filter { !$0.hasSuffix("answers 403") && !$0.hasSuffix("answers 404") && !$0.hasSuffix("answers 409") || !starts.contains(String($0.prefix { $0 != " " })) }
        holds(faults.isEmpty, "\(language.rawValue), \(walk.pages) pages: \(faults.prefix(40).joined(separator: "\n  "))")
        print("walked", language.rawValue, walk.pages, walk.waiting.count, walk.faults.count)
        holds(walk.pages > 60, "\(language.rawValue): \(walk.pages) pages were read")
    }

    @Test(arguments: Language.allCases) func `Pages about odd records in every field`(language: Language) async throws {
        let population = try await Population.make(allApps, seed: 71, perType: 5, isScrambled: false)
        let starts = try await Self.starts(population.platform)
        try await walk(population.kit, World.person("tomas").id, language, starts, most: 400)
    }

    @Test(arguments: [Language.en, .ar]) func `Pages for the administrator, and for one who may nearly nothing`(language: Language) async throws {
        let population = try await Population.make(allApps, seed: 72, perType: 3, isScrambled: false)
        let starts = try await Self.starts(population.platform)
        try await walk(population.kit, World.person("root").id, language, starts, most: 150)
        try await walk(population.kit, World.person("omar").id, language, starts, most: 150)
    }

    @Test func `Pages of the demonstration`() async throws {
        let kit = try await Demonstration.make(apps: builtApps, size: 40, seed: 29)
        let person = try await Demonstration.holder(of: builtApps, in: kit)
        let starts = try await Self.starts(kit.platform)
        for language in [Language.en, .ar, .zh] { try await walk(kit, person, language, starts, most: 250) }
    }

    @Test func `Pages before anybody has signed in`() async throws {
        let kit = try await TestPlatform.make(allApps)
        for language in Language.allCases {
            let client = TestClient(kit)
            client.setCookie("language", language.rawValue)
            for path in ["/sign-in", "/nowhere"] {
                let answer = try await client.get(path)
                let faults = answer.status == 303 ? [] : Markup(answer.body).faults(in: language)
                holds(faults.isEmpty, "\(path) in \(language.rawValue): \(faults)")
            }
        }
    }
}
