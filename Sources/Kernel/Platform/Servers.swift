import Synchronization

/// The servers over one database that live now, this one among them. What is allowed to all of them together is divided by their number.
///
/// A server lives while the time it writes of itself moves: whether that time is right does not matter, so clocks may differ between servers.
public final class Servers: Sendable {
    /// Seconds between two signs of life; after which one that gave none is dead; after which its row goes.
    static let beat = 5, silence = 15, forgotten = 60
    /// What a server tells when it comes or goes, so that the others count again at once.
    static let change = "servers"

    /// This server.
    public let id = RecordID.at(.now)

    private struct Sign {
        /// What the server wrote last, since when it stands unmoved, and since when we have watched it so; the latter two by our own clock.
        var written, since, watched: Instant
    }
    private struct State {
        var signs: [RecordID: Sign] = [:]
        var count = 1
    }
    private let state = Mutex(State())

    /// How many live, at least this one.
    public var count: Int { state.withLock(\.count) }

    /// Whether another server has given no sign of life for so long that it must be dead.
    func isSilent(_ server: RecordID, at now: Instant) -> Bool {
        state.withLock { $0.signs[server].map { !Servers.lives($0, now) } ?? false }
    }

    /// Takes in what the servers wrote; answers those that can be forgotten.
    func see(_ rows: [Row], at now: Instant) -> [Row] {
        state.withLock { state in
            let before = state.signs
            state.signs = [:]
            var dead: [Row] = []
            for row in rows where row.id != id {
                guard let written = row.instant("seen-at") else { continue }
                var sign = before[row.id] ?? Sign(written: written, since: min(written, now), watched: now)
                if sign.written != written { sign = Sign(written: written, since: now, watched: now) }
                // Our own clock was set back.
                (sign.since, sign.watched) = (min(sign.since, now), min(sign.watched, now))
                state.signs[row.id] = sign
                if now.seconds(since: sign.watched) >= Servers.forgotten { dead.append(row) }
            }
            state.count = 1 + state.signs.values.count { Servers.lives($0, now) }
            return dead
        }
    }

    private static func lives(_ sign: Sign, _ now: Instant) -> Bool { now.seconds(since: sign.since) < silence }
}

/// Servers over one database that could not read what the other keeps.
public struct ServersDiffer: Error, CustomStringConvertible {
    public let what: [String]
    public var description: String {
        "Another server over this database has \(what.joined(separator: " and ")). All servers need the same data folder: what one of them encrypts, signs or keeps, the others must be able to read."
    }
}

extension Platform {
    /// Puts this server on the list, before it answers anybody.
    /// - Parameter version: the program's, for the administrator of a rolling upgrade.
    public func join(version: String) async throws {
        try await countServers()
        let what = try await differences()
        guard what.isEmpty else { throw ServersDiffer(what: what) }
        try await beat(version: version, tells: true)
    }

    /// What keys and files are known by, in a row.
    private var keys: String { [vault.fingerprint, Platform.digest(signer.key.vkey), files.mark ?? ""].joined(separator: " ") }

    /// Where a server that lives has other keys or files.
    private func differences() async throws -> [String] {
        let ours = keys.split(separator: " ", omittingEmptySubsequences: false), id = servers.id
        let rows = try await store.read { try $0.rows(Query(Tables.server, limit: 10_000)) }
        var found: Set<Int> = []
        for row in rows where row.id != id && !servers.isSilent(row.id, at: now) {
            let theirs = (row.text("keys") ?? "").split(separator: " ", omittingEmptySubsequences: false)
            found.formUnion(zip(ours, theirs).enumerated().filter { !$1.0.isEmpty && !$1.1.isEmpty && $1.0 != $1.1 }.map(\.offset))
        }
        return found.sorted().map { ["another vault.key", "another ledger.key", "another folder of files"][$0] }
    }

    /// Says every five seconds that this server lives, and learns which others do, until the task is cancelled; then takes its name off the list.
    public func live(version: String) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                while !Task.isCancelled {
                    do { try await self.beat(version: version) } catch { self.note("servers", "this server could not say that it lives: \(error)") }
                    try? await Task.sleep(for: .seconds(Servers.beat))
                }
            }
            group.addTask {
                for await announcement in self.store.announcements() where announcement == .told(Servers.change) {
                    do { try await self.countServers() } catch { self.note("servers", "the servers could not be counted: \(error)") }
                }
            }
            await group.waitForAll()
        }
        // The task is cancelled: what must still be done needs another.
        await Task { do { try await self.leave() } catch { self.note("servers", "this server could not take leave: \(error)") } }.value
    }

    /// One sign of life.
    func beat(version: String, tells: Bool = false) async throws {
        let (now, id, keys) = (now, servers.id, keys)
        try await store.write { store in
            if var row = try store.row(Tables.server, id) {
                row["seen-at"] = .instant(now)
                _ = try store.update(row, expected: nil)
                return
            }
            var row = Row(new: Tables.server, id: id)
            row["started-at"] = .instant(now)
            row["seen-at"] = .instant(now)
            row["version"] = .text(version)
            row["keys"] = .text(keys)
            try store.insert(row)
            if tells { try store.announce(Servers.change) }
        }
        let dead = try await countServers()
        guard !dead.isEmpty else { return }
        try await store.write { store in
            for row in dead {
                // One that came back meanwhile has written another time.
                try store.delete(Tables.server, where: .all([
                    .compare("id", .equal, .value(.reference(row.id))), .compare("seen-at", .equal, .value(row["seen-at"])),
                ]))
            }
        }
    }

    @discardableResult
    private func countServers() async throws -> [Row] {
        let rows = try await store.read { try $0.rows(Query(Tables.server, limit: 10_000)) }
        return servers.see(rows, at: now)
    }

    /// A server that stops is no longer counted.
    func leave() async throws {
        let id = servers.id
        try await store.write { store in
            try store.delete(Tables.server, id)
            try store.announce(Servers.change)
        }
    }
}
