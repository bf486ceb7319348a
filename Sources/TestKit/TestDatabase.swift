public import Foundation
public import Kernel
import Store

/// Where tests keep their records: in PostgreSQL when `MANDATE_TEST_ON` is "postgres", else in SQLite in memory.
public enum TestDatabase {
    /// The address of a PostgreSQL server for tests, which `bin/test` starts.
    public static let server = ProcessInfo.processInfo.environment["MANDATE_TEST_POSTGRES"]
    public static let isPostgres = ProcessInfo.processInfo.environment["MANDATE_TEST_ON"] == "postgres"

    /// An empty store.
    public static func open() async throws -> any Store { try await shared().store }

    /// An empty store, and how another server opens the same: by connections of its own, or, where one process has the database, as it is.
    static func shared() async throws -> (store: any Store, again: @Sendable () -> any Store) {
        if isPostgres, let server {
            let address = try await made(on: server)
            return (PostgresStore(address, connections: 4), { PostgresStore(address, connections: 4) })
        }
        let store = try SQLiteStore()
        return (store, { store })
    }

    /// Databases are made one after the other, on a thread that none of the tests needs.
    private static let making = DispatchQueue(label: "mandate.test-databases")

    /// The address of a new, empty database on a server.
    public static func made(on server: String) async throws -> String {
        let name = "t" + UUID().uuidString.replacing("-", with: "").lowercased()
        // A locale of template0's own is allowed; the test server's is C, as ours is to be.
        try await withCheckedThrowingContinuation { continuation in
            making.async { continuation.resume(with: Result { try run("CREATE DATABASE \(name) TEMPLATE template0", on: server) }) }
        }
        guard var parts = URLComponents(string: server) else { throw StoreFault.other("\(server) is no address") }
        parts.path = "/" + name
        guard let address = parts.string else { throw StoreFault.other("\(server) is no address") }
        return address
    }

    /// Runs a statement with PostgreSQL's own client.
    public static func run(_ sql: String, on address: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--command=\(sql)", address]
        try process.run()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw StoreFault.unavailable("the test server did not do: \(sql)") }
    }

    /// What PostgreSQL's own client answers: rows as lines without columns' names, and what it said of errors; the first error ends it.
    public static func ask(_ sql: String, on address: String) throws -> (isDone: Bool, lines: [String], errors: String) {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["psql", "--quiet", "--no-psqlrc", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1", "--file=-", address]
        let (input, output) = (Pipe(), Pipe())
        // A file, so that neither pipe can fill while the other is read.
        let errors = FileManager.default.temporaryDirectory.appending(path: "psql-\(UUID().uuidString)")
        FileManager.default.createFile(atPath: errors.path, contents: nil)
        defer { try? FileManager.default.removeItem(at: errors) }
        (process.standardInput, process.standardOutput, process.standardError) = (input, output, try FileHandle(forWritingTo: errors))
        try process.run()
        try input.fileHandleForWriting.write(contentsOf: Data(sql.utf8))
        try input.fileHandleForWriting.close()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        return (process.terminationStatus == 0, text.split(separator: "\n").map(String.init), (try? String(contentsOf: errors, encoding: .utf8)) ?? "")
    }
}
