import Foundation
import Hummingbird
import Kernel
import Web

/// Pages and API over HTTP/1.1 on loopback, driven by wrk, beside a bare Hummingbird answer of the same size.
struct WebBench {
    let world: BenchWorld

    func run(_ table: inout Table) async throws {
        let platform = world.platform
        var options = WebOptions()
        options.limitsRate = false
        let token = try await platform.makeToken(person: world.agent.id, name: "bench", days: 1, readOnly: true)
        let cookie = try await WebServer(platform: platform, options: options).cookie(for: world.agent.id)
        let reference = try await platform.read(as: world.agent) { session in try session.rows(Query(world.request, limit: 1)).first?.reference ?? "" }
        let port = 18_400 + Int(ProcessInfo.processInfo.processIdentifier % 500)
        let router = Router()
        router.get("/bytes/{n}") { _, context in String(repeating: "x", count: context.parameters.get("n").flatMap(Int.init) ?? 0) }
        let bare = Application(router: router, configuration: .init(address: .hostname("127.0.0.1", port: port + 1)))
        let application = WebServer(platform: platform, options: options).application(host: "127.0.0.1", port: port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await application.run() }
            group.addTask { try await bare.run() }
            try await Task.sleep(for: .seconds(1))
            let base = "http://127.0.0.1:\(port)"
            say("HTTP, 8 connections (wrk):")
            for (name, path, header) in [
                ("list page of 50", "/service-desk/requests", "Cookie: \(cookie)"), ("record page", "/service-desk/requests/\(reference)", "Cookie: \(cookie)"),
                ("API list of 50", "/api/v1/service-desk/requests", "Authorization: Bearer \(token)"),
                ("API one record", "/api/v1/service-desk/requests/\(reference)", "Authorization: Bearer \(token)"),
            ] {
                let size = try await Self.size(base + path, header)
                let own = try Self.wrk(base + path, header)
                let limit = try Self.wrk("http://127.0.0.1:\(port + 1)/bytes/\(size)", "X-Bench: 1")
                say("  \(name): \(own); bare Hummingbird, \(size) bytes: \(limit)")
            }
            group.cancelAll()
        }
        say("")
    }

    private static func size(_ url: String, _ header: String) async throws -> Int {
        try run("/usr/bin/env", ["curl", "-sS", "-o", "/dev/null", "-w", "%{size_download}", "-H", header, url]).split(separator: "\n").last.flatMap { Int($0) } ?? 0
    }

    /// Requests a second and latencies as wrk prints them.
    private static func wrk(_ url: String, _ header: String) throws -> String {
        let text = try run("/usr/bin/env", ["wrk", "-t1", "-c8", "-d5s", "--latency", "-H", header, url])
        let lines = text.split(separator: "\n").map { $0.trimmingCharacters(in: .whitespaces) }
        func find(_ start: String) -> String { lines.first { $0.hasPrefix(start) }?.dropFirst(start.count).trimmingCharacters(in: .whitespaces) ?? "?" }
        let errors = lines.first { $0.hasPrefix("Non-2xx") } ?? ""
        return "\(find("Requests/sec:")) req/s, p50 \(find("50%")), p99 \(find("99%")) \(errors)"
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

/// How long the server takes to answer after its start, and what memory it then holds.
struct StartBench {
    let folder: URL

    func run() throws {
        guard let binary = ProcessInfo.processInfo.environment["MANDATE_BIN"] else { return }
        let process = Process()
        process.executableURL = URL(filePath: binary)
        process.arguments = ["serve", "--data", folder.path, "--port", "18399"]
        process.standardOutput = FileHandle.nullDevice
        let start = Date()
        try process.run()
        defer { process.terminate() }
        var answered = false
        while !answered, Date().timeIntervalSince(start) < 30 {
            answered = try WebBench.run("/usr/bin/env", ["curl", "-s", "http://127.0.0.1:18399/healthz"]).hasPrefix("ok")
            if !answered { usleep(20_000) }
        }
        let seconds = Date().timeIntervalSince(start)
        let status = (try? String(contentsOfFile: "/proc/\(process.processIdentifier)/status", encoding: .utf8)) ?? ""
        let memory = status.split(separator: "\n").first { $0.hasPrefix("VmRSS") }.map(String.init) ?? "?"
        say(String(format: "Start to first answer: %.2f s; resident after start: %@", seconds, memory))
    }
}
