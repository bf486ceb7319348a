import Foundation
import GRDB
import Kernel
import Store

/// The database that is measured, and the bare way to it: SQLite through its library, PostgreSQL through pgbench.
enum Engine {
    case sqlite(URL)
    case postgres(String)

    var name: String {
        switch self {
        case .sqlite: "SQLite, WAL, synchronous=FULL"
        case .postgres: "PostgreSQL 15, synchronous_commit=on"
        }
    }

    var address: String {
        switch self {
        case .sqlite(let file): "sqlite:\(file.path)"
        case .postgres(let address): address
        }
    }

    func open() throws -> any Store {
        switch self {
        case .sqlite(let file): try SQLiteStore(file: file)
        case .postgres(let address): PostgresStore(address)
        }
    }

    func literal(_ id: RecordID) -> String {
        let hex = id.bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return if case .sqlite = self { "X'\(hex)'" } else { "'\(hex)'" }
    }

    /// Runs statements, and lets the database learn what is in its tables.
    func run(_ statements: [String]) throws {
        switch self {
        case .sqlite(let file):
            let database = try DatabaseQueue(path: file.path)
            try database.writeWithoutTransaction { db in for sql in statements + ["PRAGMA analysis_limit = 400", "ANALYZE"] { try db.execute(sql: sql) } }
            try database.close()
        case .postgres(let address):
            for sql in statements + ["VACUUM ANALYZE"] {
                _ = try WebBench.run("/usr/bin/env", ["psql", "--quiet", "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--command=\(sql)", address])
            }
        }
    }

    /// A statement bare: in SQLite through its library, in PostgreSQL by pgbench with one connection and the statement prepared.
    func times(_ sql: String, _ repeats: Int = 200) async throws -> Times { try await times([sql], repeats) }

    /// The same of several statements in turn.
    func times(_ statements: [String], _ repeats: Int) async throws -> Times {
        switch self {
        case .sqlite(let file):
            let database = try DatabaseQueue(path: file.path)
            defer { try? database.close() }
            return try await Times.of(repeats) { index in
                let sql = statements[index % statements.count]
                _ = try await database.writeWithoutTransaction { db in
                    let statement = try db.cachedStatement(sql: sql)
                    if statement.columnCount == 0 { return try statement.execute() }
                    _ = try GRDB.Row.fetchAll(statement).map { Array($0.databaseValues) }
                }
            }
        case .postgres(let address):
            let folder = FileManager.default.temporaryDirectory.appending(path: "mandate-pgbench-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            // Each transaction runs one of the scripts, picked at random. Ids are arguments, as for anyone who prepares a statement.
            var ids: [String] = []
            let scripts = try statements.enumerated().map { index, sql in
                let sql = sql.replacing(/'([0-9a-f]{32})'(::uuid)?/) { found in
                    ids.append("--define=id\(ids.count)=\(found.1)")
                    return ":id\(ids.count - 1)"
                }
                let script = folder.appending(path: "script\(index).sql")
                try Data((sql + ";\n").utf8).write(to: script)
                return "--file=\(script.path)"
            }
            let said = try WebBench.run("/usr/bin/env", [
                "pgbench", "--no-vacuum", "--protocol=prepared", "--client=1", "--transactions=\(Times.warm + repeats)", "--log", "--log-prefix=\(folder.path)/log",
            ] + ids + scripts + [address])
            let log = try FileManager.default.contentsOfDirectory(atPath: folder.path).first { $0.hasPrefix("log") }
            guard let log else { throw BenchFault(text: "pgbench: \(said)") }
            // client, transaction, microseconds, …
            let lines = try String(contentsOf: folder.appending(path: log), encoding: .utf8).split(separator: "\n")
            return Times(lines.dropFirst(Times.warm).compactMap { $0.split(separator: " ").dropFirst(2).first.flatMap { Double($0) }.map { $0 / 1e6 } })
        }
    }
}
