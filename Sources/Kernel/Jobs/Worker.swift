import Foundation

/// Runs the jobs: takes what is due, one at a time a worker, under a lease that a crash lets expire; retries with back-off; keeps the ledger signed.
public final class Worker: Sendable {
    public let platform: Platform
    private let definitions: [JobDefinition]
    /// Seconds a run may take before another worker may take it over.
    static let lease = 300

    public init(_ platform: Platform, jobs: [JobDefinition] = []) {
        self.platform = platform
        definitions = platform.registry.jobs + jobs
    }

    /// Works until the task is cancelled.
    public func run() async throws {
        let keeper = LedgerKeeper(platform)
        while !Task.isCancelled {
            do {
                try await keeper.seal()
                try await schedule()
                while try await runNext() {}
            } catch is CancellationError {
                return
            } catch {
                platform.note("jobs", "\(error)")
            }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Puts the next run of every periodic job into the queue, if none is waiting.
    func schedule() async throws {
        let periodic = definitions.filter { $0.every != nil }
        guard !periodic.isEmpty else { return }
        let now = platform.now
        let waiting = try await platform.store.read { store in
            try store.rows(Query(Tables.job, where: .oneOf("state", [.text("waiting"), .text("running")]), limit: 10_000)).compactMap { $0.text("name") }
        }
        let missing = periodic.filter { !waiting.contains($0.name) }
        guard !missing.isEmpty else { return }
        try await platform.store.write { store in
            for job in missing {
                let last = try store.rows(Query(Tables.job, where: .compare("name", .equal, .value(.text(job.name))), sort: [Sort("due-at", descending: true)], limit: 1)).first
                let due = last?.instant("due-at").map { $0.adding(seconds: job.every ?? 0) } ?? now
                try store.insert(Worker.row(job.name, payload: .null, due: max(due, now), now: now))
                // Old runs of a periodic job tell nothing: the last is enough.
                if let last { try store.delete(Tables.job, where: .all([.compare("name", .equal, .value(.text(job.name))), .compare("state", .equal, .value(.text("done"))), .compare("id", .less, .value(.reference(last.id)))])) }
            }
        }
    }

    static func row(_ name: String, payload: JSON, due: Instant, now: Instant, by: RecordID? = nil) -> Row {
        var row = Row(new: Tables.job, id: .at(now))
        row["name"] = .text(name)
        row["payload"] = .text(payload.text)
        row["due-at"] = .instant(due)
        row["created-at"] = .instant(now)
        row["state"] = .text("waiting")
        row["attempts"] = .integer(0)
        row["by"] = by.map(Value.reference) ?? .null
        return row
    }

    /// Takes one due job and runs it; false when none was due.
    @discardableResult
    public func runNext() async throws -> Bool {
        let now = platform.now
        let names = definitions.map { Value.text($0.name) }
        let due = Condition.all([
            .oneOf("name", names), .compare("due-at", .lessOrEqual, .value(.instant(now))),
            .any([.compare("state", .equal, .value(.text("waiting"))), .all([.compare("state", .equal, .value(.text("running"))), .compare("leased-until", .less, .value(.instant(now)))])]),
        ])
        let taken = try await platform.store.write { store -> Row? in
            guard var row = try store.rows(Query(Tables.job, where: due, sort: [Sort("due-at")], limit: 1)).first else { return nil }
            row["state"] = .text("running")
            row["attempts"] = .integer(Int64((row.integer("attempts") ?? 0) + 1))
            row["leased-until"] = .instant(now.adding(seconds: Worker.lease))
            return try store.update(row, expected: nil) ? row : nil
        }
        guard let taken, let definition = definitions.first(where: { $0.name == taken.text("name") }) else { return false }
        let payload = (try? JSON(text: taken.text("payload") ?? "null")) ?? .null
        let run = JobRun(platform: platform, id: taken.id, payload: payload, viewer: .service(definition.name))
        do {
            try await definition.run(run)
            try await end(taken, "done", fault: nil, again: nil)
        } catch is CancellationError {
            try await end(taken, "cancelled", fault: nil, again: nil)
        } catch {
            let attempts = taken.integer("attempts") ?? 1
            let again = attempts < definition.attempts ? platform.now.adding(seconds: min(3600, 5 << min(attempts, 10))) : nil
            platform.note("jobs", "\(definition.name): attempt \(attempts): \(error)")
            try await end(taken, again == nil ? "failed" : "waiting", fault: "\(error)", again: again)
        }
        return true
    }

    private func end(_ row: Row, _ state: String, fault: String?, again: Instant?) async throws {
        let now = platform.now
        let id = row.id
        try await platform.store.write { store in
            guard var row = try store.row(Tables.job, id) else { return }
            row["state"] = .text(state)
            row["fault"] = fault.map { .text(String($0.prefix(2000))) } ?? .null
            if let again { row["due-at"] = .instant(again) } else { row["ended-at"] = .instant(now) }
            _ = try store.update(row, expected: nil)
        }
    }
}

extension Session {
    /// Puts a job into the queue, in the same transaction as everything else the session does.
    public func enqueue(_ job: String, _ payload: JSON = .null, at due: Instant? = nil) throws {
        try write().insert(Worker.row(job, payload: payload, due: due ?? now, now: now, by: viewer.id))
    }
}
