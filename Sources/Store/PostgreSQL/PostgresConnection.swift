import CPostgres
import Foundation
import Kernel

/// One connection to PostgreSQL, used by one thread at a time. Statements are prepared once and kept; those whose answer nobody waits for are queued
/// and travel together (libpq's pipeline mode).
final class PostgresConnection: @unchecked Sendable {
    private let handle: OpaquePointer
    private var prepared: [StatementKey: String] = [:]
    private var queued: [Statement] = []
    private var number = 0
    /// Seconds to wait for an answer; a little more than the server gives itself, so that only a server that says nothing at all is given up.
    var patience = 25.0
    /// The end of a reading, sent and not yet answered: nobody waited for it.
    private var ending: Sent?
    /// It was given up: whatever comes over it now belongs to nobody.
    private var isGivenUp = false

    /// How many statements travel together at most: their answers must fit into the socket's buffer.
    private static let batch = 64
    /// How many prepared statements are kept before all are forgotten.
    private static let most = 1_000

    /// The same words with arguments of other types are another statement.
    private struct StatementKey: Hashable {
        let sql: String
        let types: [Oid]
    }

    private struct Statement {
        let key: StatementKey
        let arguments: [SQLValue]
        /// As PostgreSQL takes it, made when it is prepared.
        var sql: String { Dialect.postgres.statement(key.sql) }

        init(_ fragment: Fragment) {
            key = StatementKey(sql: fragment.sql, types: fragment.arguments.map(\.type))
            arguments = fragment.arguments
        }
    }

    /// Statements that were sent together.
    private struct Sent {
        /// For each answer that will come: whether it is one of a statement, and not of its preparation.
        var answers: [Bool] = []
        /// What was prepared with them.
        var fresh: [(key: StatementKey, name: String)] = []
    }

    /// - Parameter address: `postgres://…`, as libpq takes it.
    init(_ address: String, name: String) throws {
        // A server that vanished is noticed in seconds, not in the two hours of TCP's own patience. The address comes last: it may say otherwise.
        let keywords = ["fallback_application_name", "connect_timeout", "keepalives_idle", "tcp_user_timeout", "client_encoding", "dbname"]
        let values = [name, "5", "10", "15000", "UTF8", address]
        var own = (keywords.map { strdup($0) } + [nil], values.map { strdup($0) } + [nil])
        defer { for text in own.0 + own.1 { free(text) } }
        let connection = own.0.withUnsafeMutableBufferPointer { keys in
            own.1.withUnsafeMutableBufferPointer { values in
                keys.withMemoryRebound(to: UnsafePointer<CChar>?.self) { keys in
                    values.withMemoryRebound(to: UnsafePointer<CChar>?.self) { PQconnectdbParams(keys.baseAddress, $0.baseAddress, 1) }
                }
            }
        }
        guard let connection else { throw StoreFault.unavailable("no memory for a connection") }
        guard PQstatus(connection) == CONNECTION_OK else {
            defer { PQfinish(connection) }
            throw PostgresFault.unreachable(String(cString: PQerrorMessage(connection)))
        }
        handle = connection
        do {
            // Notices would go to standard error.
            try simple("""
                SET client_min_messages = error; SET timezone = 'UTC'; SET statement_timeout = '20s'; SET lock_timeout = '15s'; \
                SET idle_in_transaction_session_timeout = '120s'; SET jit = off; SET extra_float_digits = 1
                """)
        } catch {
            PQfinish(connection)
            throw error
        }
    }

    deinit { PQfinish(handle) }

    var isAlive: Bool { !isGivenUp && PQstatus(handle) == CONNECTION_OK }
    /// Nothing is left of an earlier use.
    var isIdle: Bool { isAlive && queued.isEmpty && (ending != nil || PQtransactionStatus(handle) == PQTRANS_IDLE) }
    var socket: Int32 { PQsocket(handle) }

    // MARK: Statements

    /// One or several statements without arguments, at once.
    func simple(_ sql: String) throws {
        try flush()
        try settle()
        guard PQsendQuery(handle, sql) == 1 else { throw fault(nil) }
        _ = try answer()
    }

    /// A statement whose answer nobody waits for; what goes wrong with it is thrown by the next one that is waited for.
    func queue(_ fragment: Fragment) throws {
        queued.append(Statement(fragment))
        if queued.count >= Self.batch { try flush() }
    }

    /// Runs what is queued, and then the statement.
    @discardableResult
    func run(_ fragment: Fragment) throws -> PostgresResult {
        let last = Statement(fragment)
        if queued.isEmpty { return try runAlone(last) }
        queued.append(last)
        return try runQueue()
    }

    /// Ends a transaction that only read. Nobody waits for the answer: it is read with that of whatever the connection is used for next, so that a reading
    /// of one statement takes one round trip.
    func endReading() throws {
        if !queued.isEmpty {
            // Nothing was asked: it never began.
            queued = []
            return
        }
        ending = try send([Statement(Fragment("COMMIT"))])
    }

    private func settle() throws {
        guard let ending else { return }
        self.ending = nil
        _ = try read(ending)
        _ = PQexitPipelineMode(handle)
    }

    /// Runs what is queued, and then a statement that is not worth keeping prepared, or must not be: the columns of FETCH are those of its cursor.
    func once(_ fragment: Fragment) throws -> PostgresResult {
        try flush()
        try settle()
        let types = fragment.arguments.map(\.type)
        let isSent = PostgresArguments(fragment.arguments).withPointers { count, values, lengths, formats in
            PQsendQueryParams(handle, Dialect.postgres.statement(fragment.sql), count, types, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw fault(nil) }
        return try answer()
    }

    func flush() throws { if !queued.isEmpty { _ = try runQueue() } }

    /// Forgets what is queued.
    func forget() { queued = [] }

    /// Forgets what is queued and ends the transaction; false when the connection is of no use any more.
    func rollback() -> Bool {
        queued = []
        guard isAlive else { return false }
        do {
            try settle()
            if PQtransactionStatus(handle) == PQTRANS_IDLE { return true }
            try simple("ROLLBACK")
        } catch { return false }
        return true
    }

    private func runAlone(_ statement: Statement) throws -> PostgresResult {
        try settle()
        if prepared[statement.key] == nil {
            let name = try newName()
            let types = statement.key.types
            guard PQsendPrepare(handle, name, statement.sql, Int32(types.count), types) == 1 else { throw fault(nil) }
            _ = try answer()
            prepared[statement.key] = name
        }
        guard let name = prepared[statement.key] else { throw StoreFault.other("a statement was not prepared") }
        let isSent = PostgresArguments(statement.arguments).withPointers { count, values, lengths, formats in
            PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
        }
        guard isSent == 1 else { throw fault(nil) }
        return try answer()
    }

    /// The answer of what was sent: of several statements the last, or what went wrong.
    private func answer() throws -> PostgresResult {
        var last: PostgresResult?, first: (any Error)?
        while let result = try next() {
            let status = PQresultStatus(result)
            if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY {
                last = PostgresResult(result)
            } else {
                if first == nil { first = fault(result) }
                PQclear(result)
            }
        }
        if let first { throw first }
        guard let last else { throw fault(nil) }
        return last
    }

    /// The next part of an answer, waited for as long as patience lasts; nil between two answers, and after the last.
    private func next() throws -> OpaquePointer? {
        let end = Date(timeIntervalSinceNow: patience)
        while PQisBusy(handle) == 1 {
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            let left = end.timeIntervalSinceNow
            if left <= 0 {
                isGivenUp = true
                throw PostgresFault.silent("no answer within \(Int(patience)) seconds")
            }
            _ = poll(&descriptor, 1, Int32(min(left * 1000 + 1, 60_000)))
            guard PQconsumeInput(handle) == 1 else { throw fault(nil) }
        }
        return PQgetResult(handle)
    }

    /// Sends everything queued in one go and reads the answers; returns the last.
    private func runQueue() throws -> PostgresResult {
        let statements = queued, before = ending
        (queued, ending) = ([], nil)
        let sent = try send(statements)
        if let before { _ = try read(before) }
        defer { _ = PQexitPipelineMode(handle) }
        return try read(sent)
    }

    /// Sends statements in one go, behind an ending that is still to be answered if there is one.
    private func send(_ statements: [Statement]) throws -> Sent {
        guard PQenterPipelineMode(handle) == 1 else { throw fault(nil) }
        var sent = Sent()
        for statement in statements {
            var name = prepared[statement.key] ?? sent.fresh.first { $0.key == statement.key }?.name
            if name == nil {
                let made = try newName(inPipeline: true)
                let types = statement.key.types
                guard PQsendPrepare(handle, made, statement.sql, Int32(types.count), types) == 1 else { throw fault(nil) }
                sent.fresh.append((statement.key, made))
                sent.answers.append(false)
                name = made
            }
            let isSent = PostgresArguments(statement.arguments).withPointers { count, values, lengths, formats in
                PQsendQueryPrepared(handle, name, count, values, lengths, formats, 1)
            }
            guard isSent == 1 else { throw fault(nil) }
            sent.answers.append(true)
        }
        guard PQpipelineSync(handle) == 1 else { throw fault(nil) }
        return sent
    }

    private func read(_ sent: Sent) throws -> PostgresResult {
        var last: PostgresResult?, first: (any Error)?, place = 0
        while true {
            guard let result = try next() else {
                // Between two answers there is nothing; after the end of the connection there is nothing more.
                if !isAlive { throw first ?? fault(nil) }
                continue
            }
            let status = PQresultStatus(result)
            if status == PGRES_PIPELINE_SYNC {
                PQclear(result)
                break
            }
            if status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK {
                if place < sent.answers.count, sent.answers[place] { last = PostgresResult(result) } else { PQclear(result) }
            } else {
                if first == nil, status != PGRES_PIPELINE_ABORTED { first = fault(result) }
                PQclear(result)
            }
            place += 1
        }
        if let first {
            // Which of the new statements were prepared before the fault is not worth knowing.
            for one in sent.fresh { dropped.append(one.name) }
            throw first
        }
        for one in sent.fresh { prepared[one.key] = one.name }
        guard let last else { throw StoreFault.other("the database gave no answer") }
        return last
    }

    /// Names that may or may not stand for a statement; never used again.
    private var dropped: [String] = []

    private func newName(inPipeline: Bool = false) throws -> String {
        if !inPipeline, prepared.count + dropped.count >= Self.most {
            (prepared, dropped) = ([:], [])
            try simple("DEALLOCATE ALL")
        }
        number += 1
        return "s\(number)"
    }

    private func fault(_ result: OpaquePointer?) -> any Error {
        func field(_ code: UnicodeScalar) -> String? { result.flatMap { PQresultErrorField($0, Int32(code.value)) }.map { String(cString: $0) } }
        guard let code = field("C") else {
            return PostgresFault.lost(String(cString: PQerrorMessage(handle)).trimmingCharacters(in: .whitespacesAndNewlines))
        }
        return PostgresFault.refused(code: code, message: field("M") ?? "", detail: field("D") ?? "")
    }

    /// A password as the server keeps it, so that it is never in a statement and never in a log.
    func encrypted(_ password: String, for user: String) throws -> String {
        guard let text = PQencryptPasswordConn(handle, password, user, nil) else { throw fault(nil) }
        defer { PQfreemem(text) }
        return String(cString: text)
    }

    // MARK: Notifications

    /// What was notified since the last look, in the order of the commits. Waits up to `seconds` for something; throws when the connection is lost.
    func notifications(within seconds: Int32) throws -> [String] {
        var found = take()
        if found.isEmpty {
            var descriptor = pollfd(fd: socket, events: Int16(POLLIN), revents: 0)
            _ = poll(&descriptor, 1, seconds * 1000)
            guard PQconsumeInput(handle) == 1 else { throw fault(nil) }
            found = take()
        }
        return found
    }

    private func take() -> [String] {
        var found: [String] = []
        while let notice = PQnotifies(handle) {
            found.append(String(cString: notice.pointee.extra))
            PQfreemem(notice)
        }
        return found
    }
}
