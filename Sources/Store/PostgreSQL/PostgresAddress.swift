import CPostgres
import Foundation
import Kernel

/// What an address says, as libpq reads it.
enum PostgresAddress {
    /// The variables of libpq that say the same (PostgreSQL documentation, 34.15).
    static func environment(_ address: String) throws -> [String: String] {
        let names = [
            "host": "PGHOST", "hostaddr": "PGHOSTADDR", "port": "PGPORT", "dbname": "PGDATABASE", "user": "PGUSER", "password": "PGPASSWORD",
            "options": "PGOPTIONS", "sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY",
            "target_session_attrs": "PGTARGETSESSIONATTRS",
        ]
        var said: [String: String] = [:]
        for (keyword, value) in try parts(address) { if let name = names[keyword] { said[name] = value } }
        return said
    }

    /// The address without its password, for people to read.
    static func shown(_ address: String) -> String {
        guard let parts = try? parts(address) else { return "postgres://" }
        let host = parts["host"] ?? parts["hostaddr"] ?? "", port = parts["port"].map { ":" + $0 } ?? ""
        return "postgres://\(parts["user"].map { $0 + "@" } ?? "")\(host)\(port)/\(parts["dbname"] ?? "")"
    }

    private static func parts(_ address: String) throws -> [String: String] {
        var message: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(address, &message) else {
            defer { PQfreemem(message) }
            throw StoreFault.other("the database address cannot be read: \(message.map { String(cString: $0) } ?? "")")
        }
        defer { PQconninfoFree(options) }
        var parts: [String: String] = [:], place = options
        while let keyword = place.pointee.keyword {
            if let value = place.pointee.val { parts[String(cString: keyword)] = String(cString: value) }
            place += 1
        }
        return parts
    }
}
