import Foundation
import GRDB
import Hummingbird
import Kernel
import Web

/// Pages and API over HTTP/1.1 on loopback, driven by wrk, beside a bare Hummingbird answer of the same size.
struct WebBench {
    let world: BenchWorld

    func run(_ figures: inout Table) async throws {
        let platform = world.platform
        var options = WebOptions()
        options.limitsRate = false
        let token = try await platform.makeToken(person: world.agent.id, name: "bench", days: 1, readOnly: true)
        let cookie = try await WebServer(platform: platform, options: options).cookie(for: world.agent.id)
        let reference = try await platform.read(as: world.agent) { session in try session.rows(Query(world.request, limit: 1)).first?.reference ?? "" }
        let port = 18_400 + Int(ProcessInfo.processInfo.processIdentifier % 500)
        let router = Router()
        router.get("/bytes/{n}") { _, context in String(repeating: "x", count: context.parameters.get("n").flatMap(Int.init) ?? 0) }
        try addList(to: router)
        let bare = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port + 1)))
        let application = WebServer(platform: platform, options: options).application(host: "127.0.0.1", port: port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { try await bare.run() }
            try await Task.sleep(for: .seconds(1))
            let base = "http://127.0.0.1:\(port)"
            let cookies = "Cookie: \(cookie)", bearer = "Authorization: Bearer \(token)", limits = "http://127.0.0.1:\(port + 1)"
            for (name, path, header, limit) in [
                ("list page of 50", "/service-desk/requests?view=open", cookies, "list"), ("record page", "/service-desk/requests/\(reference)", cookies, "bytes"),
                ("API list of 50", "/api/v1/service-desk/requests?view=open", bearer, "list"), ("API, one record", "/api/v1/service-desk/requests/\(reference)", bearer, "bytes"),
            ] {
                let size = try Self.size(base + path, header)
                // The bare query needs a way to the database without the store, which there is for SQLite alone.
                var limit = limit
                if case .postgres = world.engine { limit = "bytes" }
                let words = limit == "list" ? "bare query and table, Hummingbird" : "bare Hummingbird, \(size) bytes"
                for connections in [1, 8] {
                    let own = try Self.wrk(base + path, header, connections), bare = try Self.wrk("\(limits)/\(limit)/\(size)", "X-Bench: 1", connections)
                    figures.add("\(name), \(connections == 1 ? "alone" : "8 at once")", own, limit: words, bare)
                }
            }
            group.cancelAll()
        }
    }

    /// The bare query and a plain table of what it found, no access, labels, counts or shell: what a list page cannot be faster than.
    private func addList(to router: Router<BasicRequestContext>) throws {
        guard case .sqlite(let file) = world.engine else { return }
        let database = try DatabaseQueue(path: file.path), table = world.request.table, isOpen = world.isOpen
        router.get("/list/{n}") { _, context in
            let rows = try await database.read {
                try GRDB.Row.fetchAll($0, sql: "SELECT * FROM \(table) WHERE \(isOpen) ORDER BY resolution_due, id LIMIT 51").map { Array($0.databaseValues.map(\.description)) }
            }
            let lines = rows.map { row -> HTML in "<tr>\(row.map { "<td>\($0)</td>" as HTML })</tr>" }
            let html = ("<table>\(lines)</table>" as HTML).string
            return html + String(repeating: "x", count: max(0, (context.parameters.get("n").flatMap(Int.init) ?? 0) - html.utf8.count))
        }
    }

    private static func size(_ url: String, _ header: String) throws -> Int {
        try run("/usr/bin/env", ["curl", "-sS", "-o", "/dev/null", "-w", "%{size_download}", "-H", header, url]).split(separator: "\n").last.flatMap { Int($0) } ?? 0
    }

    private static func wrk(_ url: String, _ header: String, _ connections: Int) throws -> Latencies {
        let text = try run("/usr/bin/env", ["wrk", "-t1", "-c\(connections)", "-d4s", "-s", "Benchmarks/latency.lua", "-H", header, url])
        let found = text.split(separator: "\n").last { $0.hasPrefix("found ") }?.split(separator: " ").compactMap { Double($0) } ?? []
        guard found.count == 5, found[4] == 0 else { throw BenchFault(text: "\(url): \(text)") }
        return Latencies(perSecond: found[0], p50: found[1] / 1000, p95: found[2] / 1000, p99: found[3] / 1000)
    }

    static func run(_ program: String, _ arguments: [String]) throws -> String {
        let process = Process(), pipe = Pipe()
        process.executableURL = URL(filePath: program)
        process.arguments = arguments
        process.standardOutput = pipe
        try process.run()
        let data = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: data, as: UTF8.self)
    }
}

/// How long the server takes to answer after its start, what memory it then holds, and what it holds at most while everything is exported.
struct StartBench {
    let folder: URL
    let engine: Engine
    let cookie: String

    func run() throws {
        guard let binary = ProcessInfo.processInfo.environment["MANDATE_BIN"] else { return }
        let process = Process()
        process.executableURL = URL(filePath: binary)
        process.arguments = ["serve", "--data", folder.path, "--port", "18399"]
        process.environment = ProcessInfo.processInfo.environment.merging(["MANDATE_DATABASE": engine.address]) { _, new in new }
        process.standardOutput = FileHandle.nullDevice
        let start = Date()
        try process.run()
        defer { process.terminate() }
        var answered = false
        while !answered, Date().timeIntervalSince(start) < 30 {
            answered = try WebBench.run("/usr/bin/env", ["curl", "-s", "http://127.0.0.1:18399/healthz"]).hasPrefix("ok")
            if !answered { usleep(20_000) }
        }
        let seconds = Date().timeIntervalSince(start), resident = memory(process, "VmRSS")
        let exporting = Date()
        let bytes = try WebBench.run("/usr/bin/env", [
            "curl", "-sS", "-o", "/dev/null", "-w", "%{size_download}", "-H", "Cookie: \(cookie)", "http://127.0.0.1:18399/service-desk/requests/export.csv?all=yes",
        ])
        say(String(format: "Start to first answer: %.2f s, resident then %@; export of all requests: %@ bytes in %.1f s, resident at most %@",
            seconds, resident, bytes, Date().timeIntervalSince(exporting), memory(process, "VmHWM")))
    }

    private func memory(_ process: Process, _ name: String) -> String {
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        return status.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: ":").last?.trimmingCharacters(in: .whitespaces) ?? "?"
    }
}
