/// Background work: durable, leased, retried with back-off, with progress. It runs as the named service account of its app.
public struct JobDefinition: Sendable {
    public let name: String
    /// Seconds between runs; nil: only when enqueued.
    public let every: Int?
    /// Attempts before it is set aside as failed.
    public let attempts: Int
    let run: @Sendable (JobRun) async throws -> Void

    /// - Parameter name: "app.name", unique.
    public init(_ name: String, every: Int? = nil, attempts: Int = 5, run: @escaping @Sendable (JobRun) async throws -> Void) {
        self.name = name
        self.every = every
        self.attempts = attempts
        self.run = run
    }
}

/// One run of a job: its payload, and the platform to work on.
public struct JobRun: Sendable {
    public let platform: Platform
    public let id: RecordID
    public let payload: JSON
    public let viewer: Viewer
    /// Which of its attempts this is; nil when nobody counts.
    let attempt: Int?

    public init(platform: Platform, id: RecordID, payload: JSON = .null, viewer: Viewer, attempt: Int? = nil) {
        self.platform = platform
        self.id = id
        self.payload = payload
        self.viewer = viewer
        self.attempt = attempt
    }

    /// Tells how far the work is, and keeps the lease; throws when the job was cancelled, or taken over by another server.
    public func progress(_ done: Int, of total: Int) async throws {
        try await hold { row in
            row["done"] = .integer(Int64(done))
            row["total"] = .integer(Int64(total))
        }
    }

    func renew() async throws { try await hold { _ in } }

    private func hold(_ change: @escaping @Sendable (inout Row) -> Void) async throws {
        let (id, attempt) = (id, attempt), ends = platform.now.adding(seconds: Worker.lease)
        let isOurs = try await platform.store.write { store in
            guard var row = try store.row(Tables.job, id), row.text("state") == "running", attempt == nil || row.integer("attempts") == attempt else { return false }
            change(&row)
            row["leased-until"] = .instant(ends)
            return try store.update(row, expected: nil)
        }
        if !isOurs { throw CancellationError() }
    }

    /// Works on the records that satisfy a condition, each in a transaction of its own: one that is refused holds up no other, and is noted.
    /// - Parameter body: whether anything was done.
    /// - Returns: how many records something was done with.
    @discardableResult
    public func each<T: RecordType>(
        _ type: T.Type, where condition: Condition, limit: Int, _ body: @escaping @Sendable (Session, Record<T>) throws -> Bool
    ) async throws -> Int {
        let records = try await platform.read(as: viewer) { session in try session.find(type, where: condition, limit: limit).map(\.ref) }
        var number = 0
        for ref in records {
            do {
                let isDone = try await platform.write(as: viewer) { session in
                    // It may have changed since it was found.
                    guard let record = try session.find(type, where: .all([.compare("id", .equal, .value(.reference(ref.id))), condition]), limit: 1).first else { return false }
                    return try body(session, record)
                }
                if isDone { number += 1 }
            } catch let refusal as Refusal {
                platform.note("jobs", "\(T.schemaID) \(ref.id) was passed over: \(refusal.code)")
            }
        }
        return number
    }
}

extension Platform {
    /// Once a day: a server may run for months, and the database's parts are made for some months ahead.
    public static var upkeepJob: JobDefinition {
        JobDefinition("kernel.upkeep", every: 86_400) { run in try await run.platform.store.upkeep() }
    }
}
