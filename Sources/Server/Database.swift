import Foundation
import Kernel
import Store

/// A database by its address.
enum Database {
    case sqlite(URL)
    case postgres(String)

    init(_ address: String) throws {
        if address.hasPrefix("sqlite:") {
            self = .sqlite(URL(filePath: String(address.dropFirst(7))))
        } else if address.hasPrefix("postgres://") || address.hasPrefix("postgresql://") {
            self = .postgres(address)
        } else {
            throw Failure("The database address begins with \"\(address.prefix { $0 != ":" })\". It takes sqlite:FILE or postgres://USER:PASSWORD@HOST/NAME.", .input)
        }
    }

    /// - Parameters:
    ///   - replica: the address of a streaming replica that figures may be read from.
    ///   - create: make what is missing; without it, a database that holds no installation is refused.
    func open(connections: Int, replica: String? = nil, create: Bool) async throws -> any Store {
        if let replica {
            guard case .postgres = self, case .postgres? = try? Database(replica) else {
                throw Failure("The setting replica takes postgres://USER:PASSWORD@HOST/NAME, and only beside a database in PostgreSQL.", .input)
            }
        }
        switch self {
        case .sqlite(let file):
            if !create, !FileManager.default.fileExists(atPath: file.path) {
                throw Failure("There is no installation at \(file.path). Name its folder with --data, or its database with --database.", .input)
            }
            return try SQLiteStore(file: file)
        case .postgres(let address):
            let store = PostgresStore(address, connections: connections, replica: replica)
            if !create, try await !store.holdsInstallation() {
                throw Failure("There is no installation in \(PostgresStore.shown(address)). Name its database with --database.", .input)
            }
            return store
        }
    }

    /// The name of this database's copy in a backup.
    var copyName: String {
        switch self {
        case .sqlite: "mandate.sqlite"
        case .postgres: "mandate.dump"
        }
    }
}
