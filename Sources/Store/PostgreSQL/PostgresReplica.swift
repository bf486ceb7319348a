import Foundation
import Kernel
import Synchronization

/// A streaming replica, read when what it shows is new enough.
///
/// How old that is no clock of another machine decides: once a second the primary is asked how far its log has come. A replica that has replayed its log
/// to there shows at least what was at that moment, whether the primary is idle or the replica has lost its way to it.
final class PostgresReplica: Sendable {
    /// How far the primary's log had come at a moment.
    private struct Sample {
        let position: Int
        /// The log's line: after a fail-over positions of the one before mean nothing.
        let line: String
        let at: Instant
        let taken: ContinuousClock.Instant
    }
    private struct State {
        var samples: [Sample] = []
        var sampler: Task<Void, Never>?
        var isEnded = false
        /// Until when the replica is left alone after it failed.
        var restsUntil: ContinuousClock.Instant?
    }
    private let state = Mutex(State())
    private let primary, pool: PostgresPool

    /// How long samples are kept: no bound is longer.
    private static let memory = Swift.Duration.seconds(600)
    /// How long a replica that failed is left alone.
    private static let rest = Swift.Duration.seconds(10)

    init(_ address: String, most: Int, primary: PostgresPool) {
        pool = PostgresPool(address, most: most)
        self.primary = primary
    }

    /// Reads one snapshot that is at most `seconds` old; nil when the replica cannot give one.
    func read<T: Sendable>(within seconds: Int, _ layouts: LayoutCache, _ body: @escaping @Sendable (any StoreReader, Instant?) throws -> T) async throws -> T? {
        if state.withLock({ $0.isEnded || $0.restsUntil.map { $0 > .now } ?? false }) { return nil }
        await begin()
        do {
            return try await pool.use { connection -> T? in
                // Asked before the snapshot is taken: what had been replayed by then is in it.
                let row = try connection.once(Fragment("SELECT pg_is_in_recovery(), (pg_last_wal_replay_lsn() - '0/0'::pg_lsn)::bigint")).first
                guard row?.bool(0) == true, let position = row?.integer(1), let at = self.moment(of: position, within: seconds) else { return nil }
                try connection.queue(Fragment("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"))
                let result = try body(PostgresReader(connection, layouts), at)
                try connection.endReading()
                return result
            }
        } catch let fault as PostgresFault {
            // A query that stood in the way of the replay may be asked again at once; a replica that is away, or has not these tables yet, may not.
            if !fault.isConflict { state.withLock { $0.restsUntil = .now + Self.rest } }
            return nil
        }
    }

    func end() {
        state.withLock { state in
            state.isEnded = true
            state.sampler?.cancel()
        }
        pool.close()
    }

    /// The last moment of which a replica at the position shows everything, if it is within the seconds.
    private func moment(of position: Int, within seconds: Int) -> Instant? {
        let samples = state.withLock(\.samples)
        guard let sample = samples.last(where: { $0.position <= position }), ContinuousClock.now - sample.taken <= .seconds(seconds) else { return nil }
        return sample.at
    }

    // MARK: Asking the primary

    /// From the first reading on the primary is asked every second; the first waits for its answer.
    private func begin() async {
        let isFirst = state.withLock { state in
            guard state.sampler == nil, !state.isEnded else { return false }
            state.sampler = Task.detached { [weak self] in
                while !Task.isCancelled, let replica = self {
                    await replica.sample()
                    try? await Task.sleep(for: .seconds(1))
                }
            }
            return true
        }
        if isFirst { await sample() }
    }

    private func sample() async {
        let (at, taken) = (Instant.now, ContinuousClock.now)
        // The place where the log is being written into memory, before the disk: what was committed without waiting for the disk is before it too.
        let asked = Fragment("SELECT (pg_current_wal_insert_lsn() - '0/0'::pg_lsn)::bigint, left(pg_walfile_name(pg_current_wal_lsn()), 8)")
        let sample = try? await primary.use { connection -> Sample? in
            guard let row = try connection.once(asked).first, let position = row.integer(0), let line = row.text(1) else { return nil }
            return Sample(position: position, line: line, at: at, taken: taken)
        }
        guard let sample else { return }
        state.withLock { state in
            state.samples.removeAll { $0.line != sample.line || $0.position > sample.position || taken - $0.taken > Self.memory }
            state.samples.append(sample)
        }
    }
}
