import Foundation
import Kernel

/// PostgreSQL's own programs, run beside the server.
enum PostgresPrograms {
    /// A consistent copy of the database in PostgreSQL's own archive format, without the views of logins: those are made anew from the rights.
    static func dump(_ address: String, to file: URL) throws {
        try run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", "--exclude-schema=\(PostgresReporting.prefix)*", "--file=\(file.path)"], address)
    }

    /// Fills an empty database from a copy.
    static func restore(_ address: String, from file: URL) throws {
        try run("pg_restore", ["--no-owner", "--no-privileges", "--exit-on-error", "--dbname=", file.path], address)
    }

    /// The address goes by a connection service of its own making, not by the command line, where everybody would see its password.
    private static func run(_ program: String, _ arguments: [String], _ address: String) throws {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = [program] + arguments
        var environment = ProcessInfo.processInfo.environment
        environment.merge(try PostgresAddress.environment(address)) { _, new in new }
        process.environment = environment
        let errors = Pipe()
        process.standardError = errors
        process.standardOutput = FileHandle.nullDevice
        do { try process.run() } catch { throw StoreFault.unavailable("\(program) is not there; it comes with PostgreSQL's client programs") }
        let said = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else { throw StoreFault.other("\(program): \(said.trimmingCharacters(in: .whitespacesAndNewlines))") }
    }
}
