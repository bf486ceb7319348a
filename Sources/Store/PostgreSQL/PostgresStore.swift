public import Foundation
public import Kernel

/// The store of many servers: one PostgreSQL database.
///
/// Reads see one snapshot. Writes see one snapshot too, and a row that another transaction changed meanwhile cannot be changed: the whole transaction is
/// then tried again (repeatable read, which in PostgreSQL is snapshot isolation).
public final class PostgresStore: Store {
    let pool: PostgresPool
    private let counters: PostgresCounters
    private let announcer = Announcer()
    private let ear: PostgresEar
    private let replica: PostgresReplica?
    let address: String
    let layouts = LayoutCache(.postgres)

    /// How often a transaction is tried that meets others.
    private static let attempts = 12

    /// - Parameters:
    ///   - address: `postgres://user:password@host:port/database`, as libpq takes it.
    ///   - connections: how many this server has at most, besides the two for counters and for listening.
    ///   - replica: the address of a streaming replica, with as many connections; nil: there is none.
    public init(_ address: String, connections: Int = 8, replica: String? = nil) {
        self.address = address
        pool = PostgresPool(address, most: connections)
        counters = PostgresCounters(pool)
        ear = PostgresEar(pool, announcer)
        self.replica = replica.map { [pool] in PostgresReplica($0, most: connections, primary: pool) }
    }

    deinit {
        ear.end()
        replica?.end()
    }

    public func read<T: Sendable>(_ body: @escaping @Sendable (any StoreReader) throws -> T) async throws -> T {
        let layouts = layouts
        return try await trying { connection in
            try connection.queue(Fragment("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
            let result = try body(PostgresReader(connection, layouts))
            try connection.endReading()
            return result
        }
    }

    public func read<T: Sendable>(within seconds: Int, _ body: @escaping @Sendable (any StoreReader, Instant?) throws -> T) async throws -> T {
        if let found = try await replica?.read(within: seconds, layouts, body) { return found }
        return try await read { try body($0, nil) }
    }

    public func write<T: Sendable>(_ body: @escaping @Sendable (any StoreWriter) throws -> T) async throws -> T {
        let (layouts, counters) = (layouts, counters)
        return try await trying { connection in
            try connection.queue(Fragment("BEGIN ISOLATION LEVEL REPEATABLE READ"))
            let writer = PostgresWriter(connection, layouts, counters)
            let result = try body(writer)
            try connection.flush()
            do { try connection.run(Fragment("COMMIT")) } catch PostgresFault.lost(let text) { throw PostgresFault.inDoubt(text) }
            if writer.appended > 0 || !writer.announcements.isEmpty { try? PostgresStore.settle(connection, telling: writer.announcements) }
            return result
        }
    }

    /// Gives the committed entries of the ledger their places, whoever committed them, and tells the servers. What the transaction wrote is safe already:
    /// if this fails, the next one gives the places. So it need not wait for the disk; a checkpoint, which must not be forgotten, does. What is told is lost
    /// then: `Platform.listen` therefore remembers nothing for long.
    static func settle(_ connection: PostgresConnection, telling announcements: [String]) throws {
        try connection.queue(Fragment("BEGIN"))
        try connection.queue(Fragment("SET LOCAL synchronous_commit = off"))
        try connection.queue(Fragment("SELECT pg_advisory_xact_lock(\(Locks.ledger))"))
        try connection.queue(Fragment("""
            WITH taken AS (DELETE FROM ledger_waiting RETURNING *), last AS (SELECT coalesce(max(position) + 1, 0) AS next FROM ledger)
            INSERT INTO ledger (position, record, schema, at, leaf, payload, salt)
            SELECT last.next + row_number() OVER (ORDER BY turn) - 1, record, schema, at, leaf, payload, salt FROM taken, last
            """))
        for text in announcements { try connection.queue(Fragment("SELECT pg_notify('\(PostgresEar.channel)', ?)", [.text(text)])) }
        try connection.run(Fragment("COMMIT"))
    }

    /// Numbers of advisory locks, all in one place.
    enum Locks {
        static let ledger = 0x6d616e64_0001, migration = 0x6d616e64_0002, reporting = 0x6d616e64_0003
    }

    /// Uses a connection, and again where that is right: after a conflict the transaction is repeated with a growing pause; after a lost connection once,
    /// with a new one, if it was not lost while committing.
    func trying<T: Sendable>(_ body: @escaping @Sendable (PostgresConnection) throws -> T) async throws -> T {
        var hasReconnected = false
        for attempt in 1... {
            do {
                return try await pool.use(body)
            } catch let fault as PostgresFault {
                if fault.isConflict, attempt < Self.attempts {
                    try await Task.sleep(for: .milliseconds(Int.random(in: 0...min(200, 2 << attempt))))
                } else if fault.isLoss, !hasReconnected {
                    pool.drop()
                    hasReconnected = true
                } else {
                    throw fault.asStoreFault
                }
            }
        }
        throw StoreFault.unavailable("the database is busy")
    }

    // MARK: Migration

    public func migrate(_ schemas: [Schema]) async throws -> [String] {
        try await trying { connection in try PostgresMigration(connection, schemas).run() }
    }

    /// The parts of the ledger and of the events for the months to come. A part takes a lock on the whole table for a moment: who holds it long is not waited for.
    public func upkeep() async throws {
        try await trying { connection in _ = try PostgresMigration(connection, []).run(lockTimeout: "2s") }
    }

    public func pendingMigrations(_ schemas: [Schema]) async throws -> [String] {
        try await trying { connection in
            try PostgresMigration(connection, schemas).pending().map { "\($0.title): \($0.sql)" }
        }
    }

    // MARK: Others

    /// Whether the database holds an installation.
    public func holdsInstallation() async throws -> Bool {
        try await trying { try $0.once(Fragment("SELECT to_regclass('ledger') IS NOT NULL")).first?.bool(0) ?? false }
    }

    /// The address without its password, for people to read.
    public static func shown(_ address: String) -> String { PostgresAddress.shown(address) }

    public func announcements() -> AsyncStream<Announcement> { ear.listen() }

    public func backup(to file: URL) async throws { try Self.copy(address, to: file) }

    /// A consistent copy of a database, in the archive format of PostgreSQL's own programs.
    public static func copy(_ address: String, to file: URL) throws { try PostgresPrograms.dump(address, to: file) }

    /// The store of an empty database that is filled from a copy.
    public static func restored(to address: String, from file: URL) throws -> PostgresStore {
        try PostgresPrograms.restore(address, from: file)
        return PostgresStore(address)
    }

    public func close() async throws {
        ear.end()
        replica?.end()
        announcer.end()
        counters.close()
        pool.close()
    }
}
