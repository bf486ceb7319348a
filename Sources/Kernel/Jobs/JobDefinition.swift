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

    /// Tells how far the work is; throws when it was cancelled.
    public func progress(_ done: Int, of total: Int) async throws {
        let id = id
        let isCancelled = try await platform.store.write { store in
            guard var row = try store.row(Tables.job, id) else { return true }
            row["done"] = .integer(Int64(done))
            row["total"] = .integer(Int64(total))
            _ = try store.update(row, expected: nil)
            return row.text("state") == "cancelled"
        }
        if isCancelled { throw CancellationError() }
    }
}
