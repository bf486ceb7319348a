import Foundation
@testable import Kernel
import Synchronization
import TestKit
import Testing

@Suite struct WorkerTests {
    private final class Runs: Sendable {
        private let count = Mutex(0)
        var number: Int { count.withLock { $0 } }
        func add() { count.withLock { $0 += 1 } }
    }

    private func state(_ kit: TestPlatform, _ name: String) async throws -> [String?] {
        try await kit.platform.store.read { store in
            try store.rows(Query(Tables.job, where: .compare("name", .equal, .value(.text(name))), limit: 10)).map { $0.text("state") }
        }
    }

    @Test func `A job that never comes back is set aside after its attempts`() async throws {
        let kit = try await TestPlatform.empty([])
        let runs = Runs()
        let worker = Worker(kit.platform, jobs: [JobDefinition("test.ends-the-server", attempts: 3) { _ in runs.add() }])
        try await kit.platform.write(as: .service("test")) { try $0.enqueue("test.ends-the-server") }
        // As a server leaves it that ended while it ran: taken, and not given back.
        try await kit.platform.store.write { store in
            for var row in try store.rows(Query(Tables.job, limit: 10)) {
                row["state"] = .text("running")
                row["attempts"] = .integer(3)
                row["leased-until"] = .instant(TestPlatform.start.adding(seconds: -1))
                _ = try store.update(row, expected: nil)
            }
        }
        try await worker.runNext()
        same(runs.number, 0)
        same(try await state(kit, "test.ends-the-server"), ["failed"])
    }

    @Test func `A periodic job planned while the clock was ahead runs when the clock is right again`() async throws {
        let kit = try await TestPlatform.empty([])
        let runs = Runs()
        let worker = Worker(kit.platform, jobs: [JobDefinition("test.often", every: 300) { _ in runs.add() }])
        kit.clock.advance(3_600)
        try await worker.schedule()
        kit.clock.advance(-3_600)
        try await worker.schedule()
        try await worker.runNext()
        same(runs.number, 1)
    }

    @Test func `Several servers plan a periodic job once and run it once`() async throws {
        let kit = try await TestPlatform.empty([])
        let runs = Runs()
        let job = JobDefinition("test.once", every: 300) { _ in runs.add() }
        let workers = (0..<3).map { _ in Worker(kit.platform, jobs: [job]) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            for worker in workers {
                group.addTask {
                    try await worker.schedule()
                    while try await worker.runNext() {}
                }
            }
            try await group.waitForAll()
        }
        same(runs.number, 1)
    }

    @Test func `Who lost a lease neither ends the job nor tells of its progress`() async throws {
        let kit = try await TestPlatform.empty([])
        let worker = Worker(kit.platform, jobs: [JobDefinition("test.slow", attempts: 5) { run in
            // Meanwhile another server took it over.
            try await run.platform.store.write { store in
                guard var row = try store.row(Tables.job, run.id) else { return }
                row["attempts"] = .integer(2)
                _ = try store.update(row, expected: nil)
            }
            await #expect(throws: CancellationError.self) { try await run.progress(1, of: 2) }
        }])
        try await kit.platform.write(as: .service("test")) { try $0.enqueue("test.slow") }
        try await worker.runNext()
        same(try await state(kit, "test.slow"), ["running"])
    }

    @Test func `A job that waits for somebody else holds up neither other jobs nor the ledger`() async throws {
        let kit = try await TestPlatform.make([])
        let (fast, often) = (Runs(), Runs())
        let worker = Worker(kit.platform, jobs: [
            JobDefinition("test.waits") { _ in try await Task.sleep(for: .seconds(3_600)) }, JobDefinition("test.is-quick") { _ in fast.add() },
            JobDefinition("test.is-periodic", every: 5) { _ in often.add() },
        ])
        try await kit.platform.write(as: .service("test")) { session in
            try session.enqueue("test.waits")
            try session.enqueue("test.waits")
            try session.enqueue("test.is-quick", at: TestPlatform.start.adding(seconds: 1))
        }
        kit.clock.advance(2)
        let working = Task { try await worker.run() }
        var isSigned = false
        // The clock does not pass the lease of those that wait.
        for _ in 0..<40 where !isSigned || fast.number == 0 || often.number < 3 {
            try await Task.sleep(for: .milliseconds(300))
            kit.clock.advance(1)
            isSigned = try await kit.platform.store.read { try $0.ledgerSize() > 0 && $0.checkpoint()?.size == $0.ledgerSize() }
        }
        working.cancel()
        try await working.value
        holds(isSigned, "the ledger is signed")
        same(fast.number, 1)
        holds(often.number >= 3, "a periodic job is planned again and again: \(often.number)")
        same(try await state(kit, "test.waits"), ["waiting", "waiting"], "the server stopped, the job did not: another server takes it up")
    }
}
