import Foundation

/// Runs the jobs: takes what is due, a few at a time, each under a lease that is renewed while it runs and that a crash lets expire; retries with back-off.
/// Beside them it keeps the ledger signed, whatever the jobs do.
public final class Worker: Sendable {
    public let platform: Platform
    private let definitions: [JobDefinition]
    /// Seconds until another worker may take over a run that is no longer renewed.
    static let lease = 45
    /// Jobs at a time: one that waits for somebody else's machine does not hold up the others.
    private static let lanes = 3

    public init(_ platform: Platform, jobs: [JobDefinition] = []) {
        self.platform = platform
        definitions = platform.registry.jobs + jobs
    }

    /// Works until the task is cancelled.
    public func run() async throws {
        let keeper = LedgerKeeper(platform)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.everySecond { _ = try await keeper.seal() } }
            group.addTask { await self.everySecond { try await self.schedule() } }
            for _ in 0..<Self.lanes { group.addTask { await self.everySecond { while try await self.runNext() {} } } }
        }
    }

    /// Does something again and again; what goes wrong is noted, and tried again.
    private func everySecond(_ body: () async throws -> Void) async {
        while !Task.isCancelled {
            do { try await body() } catch is CancellationError { return } catch { platform.note("jobs", "\(error)") }
            try? await Task.sleep(for: .seconds(1))
        }
    }

    /// Puts the next run of every periodic job into the queue, if none is waiting.
    func schedule() async throws {
        let periodic = definitions.filter { $0.every != nil }
        guard !periodic.isEmpty else { return }
        let now = platform.now
        let planned = try await platform.store.read { store in
            try store.rows(Query(Tables.job, where: .oneOf("state", [.text("waiting"), .text("running")]), limit: 10_000))
        }
        try await advance(planned.filter { row in
            // Planned while the clock was ahead: it would stand still for as long as the clock was wrong.
            guard row.text("state") == "waiting", let due = row.instant("due-at"), let every = periodic.first(where: { $0.name == row.text("name") })?.every else { return false }
            return row.integer("attempts") == 0 && due > now.adding(seconds: every)
        }, to: now)
        let names = Set(planned.compactMap { $0.text("name") })
        let missing = periodic.filter { !names.contains($0.name) }
        guard !missing.isEmpty else { return }
        for job in missing { try await plan(job, now) }
    }

    /// Puts the next run into the queue, unless another server is faster.
    private func plan(_ job: JobDefinition, _ now: Instant) async throws {
        do {
            try await platform.store.write { store in
                let named = Condition.compare("name", .equal, .value(.text(job.name)))
                let runs = try store.rows(Query(Tables.job, where: named, sort: [Sort("due-at", descending: true)], limit: 10))
                if runs.contains(where: { ["waiting", "running"].contains($0.text("state")) }) { return }
                let last = runs.first
                let due = last?.instant("due-at").map { $0.adding(seconds: job.every ?? 0) } ?? now
                var row = Worker.row(job.name, payload: .null, due: min(max(due, now), now.adding(seconds: job.every ?? 0)), now: now)
                row["slot"] = .text("\(job.name) after \(last?.id.description ?? "none")")
                try store.insert(row)
                // Old runs of a periodic job tell nothing: the last is enough.
                if let last { try store.delete(Tables.job, where: .all([named, .compare("state", .equal, .value(.text("done"))), .compare("id", .less, .value(.reference(last.id)))])) }
            }
        } catch StoreFault.duplicate {}
    }

    private func advance(_ rows: [Row], to now: Instant) async throws {
        guard !rows.isEmpty else { return }
        try await platform.store.write { store in
            for row in rows {
                guard var row = try store.row(Tables.job, row.id), row.text("state") == "waiting" else { continue }
                row["due-at"] = .instant(now)
                _ = try store.update(row, expected: nil)
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
        if Task.isCancelled { return false }
        let now = platform.now
        let names = definitions.map { Value.text($0.name) }
        let due = Condition.all([
            .oneOf("name", names), .compare("due-at", .lessOrEqual, .value(.instant(now))),
            .any([.compare("state", .equal, .value(.text("waiting"))), .all([.compare("state", .equal, .value(.text("running"))), .compare("leased-until", .less, .value(.instant(now)))])]),
        ])
        let taken = try await platform.store.write { store -> Row? in
            guard var row = try store.claim(Query(Tables.job, where: due, sort: [Sort("due-at")], limit: 1)) else { return nil }
            row["state"] = .text("running")
            row["attempts"] = .integer(Int64((row.integer("attempts") ?? 0) + 1))
            row["leased-until"] = .instant(now.adding(seconds: Worker.lease))
            return try store.update(row, expected: nil) ? row : nil
        }
        guard let taken, let definition = definitions.first(where: { $0.name == taken.text("name") }) else { return false }
        guard (taken.integer("attempts") ?? 1) <= definition.attempts else {
            // It was taken as often as it may be and never came back: it ends the server that runs it.
            try await end(taken, "failed", fault: "none of \(definition.attempts) attempts came to an end", again: nil)
            return true
        }
        let payload = (try? JSON(text: taken.text("payload") ?? "null")) ?? .null
        let run = JobRun(platform: platform, id: taken.id, payload: payload, viewer: .service(definition.name), attempt: taken.integer("attempts"))
        do {
            try await holding(run) { try await definition.run(run) }
            try await end(taken, "done", fault: nil, again: nil)
        } catch is CancellationError where Task.isCancelled {
            // The server stops, not the job: another takes it up.
            try await Task { try await self.giveBack(taken) }.value
            return false
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

    /// Renews the lease while the job runs; the job is cancelled when it is no longer ours.
    private func holding(_ run: JobRun, _ body: @escaping @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await body() }
            group.addTask {
                while true {
                    try await Task.sleep(for: .seconds(Worker.lease / 3))
                    // A database that is away for a moment does not end the job.
                    do { try await run.renew() } catch let fault as StoreFault { self.platform.note("jobs", "the lease was not renewed: \(fault)") }
                }
            }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    private func giveBack(_ row: Row) async throws {
        let (id, attempt, now) = (row.id, row.integer("attempts"), platform.now)
        try await platform.store.write { store in
            guard var row = try store.row(Tables.job, id), row.text("state") == "running", row.integer("attempts") == attempt else { return }
            row["state"] = .text("waiting")
            row["attempts"] = .integer(Int64((attempt ?? 1) - 1))
            row["due-at"] = .instant(now)
            _ = try store.update(row, expected: nil)
        }
    }

    private func end(_ row: Row, _ state: String, fault: String?, again: Instant?) async throws {
        let now = platform.now
        let (id, attempt) = (row.id, row.integer("attempts"))
        try await platform.store.write { store in
            // Whose lease ended while it ran, and was taken by another, has nothing more to say.
            guard var row = try store.row(Tables.job, id), row.text("state") == "running", row.integer("attempts") == attempt else { return }
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
