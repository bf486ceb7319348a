import Foundation
import Kernel
import TestKit
import Testing
import Web

/// The declarations of all apps, and their words.
@Suite struct DeclarationTests {
    private static let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

    /// The Swift of a folder in one text.
    static func source(_ folder: String) -> String {
        let place = root.appending(path: folder)
        let files = FileManager.default.enumerator(at: place, includingPropertiesForKeys: nil)?.compactMap { $0 as? URL } ?? []
        return files.filter { $0.pathExtension == "swift" && !$0.path.contains("/Tests/") }.compactMap { try? String(contentsOf: $0, encoding: .utf8) }.joined(separator: "\n")
    }

    @Test func `No declaration of any app has a problem, and its words are complete in six languages`() throws {
        #expect(Registry(allApps).problems(words: try TestPlatform.words(allApps)).map(\.description) == [])
    }

    @Test func `The contract holds for every app there is`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.root.appending(path: "Apps").path).filter { !$0.hasPrefix(".") }
        let listed = try String(contentsOf: Self.root.appending(path: "Sources/Server/Apps.swift"), encoding: .utf8)
        holds(folders.count == builtApps.count, "\(folders.sorted()) and \(builtApps.map(\.name))")
        holds(folders.allSatisfy { listed.contains("import \($0)\n") }, "the server is built with every app")
    }

    /// What code asks for: whole keys in quotes, and the beginnings of keys that are put together ("account." + key, "slot.\(name)").
    private struct Asked {
        let whole: Set<String>
        let beginnings: Set<String>
        /// Put before a key by a page's own `say`.
        let parts: Set<String>

        init(_ source: String) {
            var whole: Set<String> = [], beginnings: Set<String> = [], parts: Set<String> = []
            for match in source.matches(of: /"([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)"/) { whole.insert(String(match.1)) }
            for match in source.matches(of: /"([a-z][a-z0-9.-]*)\\\(/) { beginnings.insert(String(match.1)) }
            for match in source.matches(of: /"([a-z][a-z0-9.-]*\.)"/) { parts.insert(String(match.1)) }
            self.parts = parts
            self.whole = whole
            self.beginnings = beginnings
        }

        /// A refusal's code stands for its sentence.
        func has(_ key: String) -> Bool {
            let code = key.hasPrefix("refusal.") ? String(key.dropFirst("refusal.".count)) : key
            let base = [".one", ".other", ".few", ".many", ".two", ".zero"].first(where: key.hasSuffix).map { String(key.dropLast($0.count)) } ?? key
            if whole.contains(key) || whole.contains(code) || whole.contains(base) || beginnings.contains(where: { key.hasPrefix($0) && $0.contains(".") }) { return true }
            return (parts.union(beginnings)).contains { part in
                guard part.hasSuffix("."), key.hasPrefix(part) else { return false }
                let rest = String(key.dropFirst(part.count)), short = String(base.dropFirst(part.count))
                return whole.contains(rest) || whole.contains(short) || beginnings.contains { rest.hasPrefix($0) }
            }
        }
    }

    @Test func `Every word that no declaration asks for is asked for by the app's code`() throws {
        let words = try TestPlatform.words(builtApps)
        let registry = Registry(builtApps)
        let kernel = Self.source("Sources")
        for app in builtApps {
            let folder = app.name == "directory" ? "Organisation" : app.name.split(separator: "-").map(\.capitalized).joined()
            let asked = Asked(Self.source("Apps/\(folder)") + kernel)
            let declared = registry.wordKeys(of: app)
            let idle = words.keys(scope: app.name, language: .en).filter { !declared.contains($0) && !$0.hasSuffix(".hint") && !asked.has($0) }
            holds(idle.isEmpty, "\(app.name): nothing asks for \(idle.sorted())")
        }
    }

    @Test func `Every word of the platform is asked for by its code`() throws {
        let words = try TestPlatform.words(allApps)
        let asked = Asked(Self.source("Sources") + Self.source("Apps"))
        let idle = words.keys(scope: Words.shared, language: .en).filter { !asked.has($0) && !$0.hasPrefix("field.") && !$0.hasPrefix("role.") && !$0.hasSuffix(".hint") && !$0.hasSuffix(".note") }
        holds(idle.isEmpty, "nothing asks for \(idle.sorted())")
    }

    @Test func `Every refusal has its sentence`() throws {
        let words = try TestPlatform.words(allApps)
        let source = Self.source("Sources") + Self.source("Apps")
        var missing: Set<String> = []
        let scopes = [Words.shared] + allApps.map(\.name)
        for match in source.matches(of: /Refusal(?:\.rule)?\(\s*"([a-z0-9-]+)"/) {
            let key = "refusal.\(match.1)"
            if !scopes.contains(where: { words.has(key, scope: $0, language: .en) }) { missing.insert(String(match.1)) }
        }
        holds(missing.isEmpty, "no sentence for \(missing.sorted())")
    }

    @Test func `The platform's own words are whole in six languages`() throws {
        let problems = try TestPlatform.words([]).problems(scope: Words.shared)
        holds(problems.isEmpty, "\(problems.prefix(20).map(\.description))")
    }

    @Test func `Icons that are named are drawn`() throws {
        let icons = try String(contentsOf: WebResources.publicFiles.appending(path: "icons.svg"), encoding: .utf8)
        let named = Set(allApps.map(\.icon) + Registry(allApps).schemas.map(\.icon))
        holds(named.allSatisfy { icons.contains("id=\"i-\($0)\"") }, "not drawn: \(named.filter { !icons.contains("id=\"i-\($0)\"") }.sorted())")
    }
}
