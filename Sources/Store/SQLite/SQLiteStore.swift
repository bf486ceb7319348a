public import Foundation
public import Kernel
import GRDB
import Synchronization

/// The embedded store: one SQLite file in WAL mode. One writer at a time, readers on snapshots beside it.
public final class SQLiteStore: Store {
    private let pool: any DatabaseWriter
    private let layouts = LayoutCache(.sqlite)
    private let announcer = Announcer()
    private let isClosed = Mutex(false)

    /// Opens or makes the database file. An acknowledged write survives the end of the process and of the power.
    public init(file: URL) throws {
        var configuration = SQLiteStore.configuration
        configuration.maximumReaderCount = 4
        do {
            pool = try DatabasePool(path: file.path, configuration: configuration)
            // Opening a pool sets this to NORMAL, which in WAL mode syncs nothing before a checkpoint.
            // The one who writes goes to many places of the indexes: what lies near the last of them is kept at hand.
            try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA cache_size = -64000") }
        } catch { throw SQLiteStore.fault(error) }
    }

    /// A database in memory, for tests.
    public init() throws {
        pool = try DatabaseQueue(configuration: SQLiteStore.configuration)
    }

    private static var configuration: GRDB.Configuration {
        var configuration = GRDB.Configuration()
        configuration.busyMode = .timeout(10)
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA foreign_keys = OFF; PRAGMA cache_size = -16000; PRAGMA temp_store = MEMORY")
            db.add(function: SQLiteMigrationPlan.cell)
        }
        return configuration
    }

    public func migrate(_ schemas: [Schema]) async throws -> [String] {
        try await writing { db in
            try Self.checkFormat(db)
            let steps = try SQLiteMigrationPlan(db, schemas).steps
            try db.execute(sql: "CREATE TABLE IF NOT EXISTS migration (number INTEGER PRIMARY KEY, title TEXT NOT NULL, sql TEXT NOT NULL)")
            for step in steps {
                try db.execute(sql: step.sql)
                try db.execute(sql: "INSERT INTO migration (title, sql) VALUES (?, ?)", arguments: [step.title, step.sql])
            }
            try db.execute(sql: "PRAGMA user_version = \(SQLiteMigrationPlan.format)")
            return steps.map(\.title)
        }
    }

    public func pendingMigrations(_ schemas: [Schema]) async throws -> [String] {
        try await reading { db in
            try Self.checkFormat(db)
            return try SQLiteMigrationPlan(db, schemas).steps.map { "\($0.title): \($0.sql)" }
        }
    }

    private static func checkFormat(_ db: Database) throws {
        let format = try Int.fetchOne(db, sql: "PRAGMA user_version") ?? 0
        if format > SQLiteMigrationPlan.format { throw StoreFault.newer("format \(format); this program knows \(SQLiteMigrationPlan.format)") }
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> T) async throws -> T {
        let layouts = layouts
        return try await reading { db in try body(SQLiteReader(db, layouts)) }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> T) async throws -> T {
        let layouts = layouts
        return try await writing { db in try body(SQLiteWriter(db, layouts)) }
    }

    public func backup(to file: URL) async throws {
        let pool = pool
        do {
            let target = try DatabaseQueue(path: file.path)
            try pool.backup(to: target)
            try target.close()
        } catch { throw Self.fault(error) }
    }

    public func close() async throws {
        isClosed.withLock { $0 = true }
        announcer.end()
        try pool.close()
    }

    /// One server has the file: there is nobody else to hear.
    public func announcements() -> AsyncStream<Announcement> { announcer.listen(isListening: true) }

    private func reading<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try checkIsOpen()
        do { return try await pool.read(body) } catch { throw Self.fault(error) }
    }

    private func writing<T: Sendable>(_ body: @escaping @Sendable (Database) throws -> T) async throws -> T {
        try checkIsOpen()
        do { return try await pool.write(body) } catch { throw Self.fault(error) }
    }

    /// SQLite itself does not look: to ask a closed database is to read memory that is no longer there.
    private func checkIsOpen() throws {
        if isClosed.withLock({ $0 }) { throw StoreFault.unavailable("the store is closed") }
    }

    /// Database errors in the store's own terms; everything else as it is.
    static func fault(_ error: any Error) -> any Error {
        guard let error = error as? DatabaseError else { return error }
        switch error.resultCode {
        case .SQLITE_CONSTRAINT where error.extendedResultCode == .SQLITE_CONSTRAINT_UNIQUE || error.extendedResultCode == .SQLITE_CONSTRAINT_PRIMARYKEY:
            let column = error.message?.split(separator: ".").last.map(String.init) ?? ""
            return StoreFault.duplicate(field: column.replacing("_", with: "-"))
        case .SQLITE_FULL: return StoreFault.full
        case .SQLITE_READONLY: return StoreFault.readOnly
        case .SQLITE_BUSY, .SQLITE_LOCKED: return StoreFault.unavailable("the database is busy")
        case .SQLITE_CANTOPEN, .SQLITE_IOERR: return StoreFault.unavailable(error.message ?? "the database cannot be read")
        default: return StoreFault.other(error.description)
        }
    }
}
