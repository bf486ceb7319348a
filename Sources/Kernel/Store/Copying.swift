public import Foundation

/// Moves a whole installation from one database to another: every table, the ledger with the places of its entries, the counters. The search index is
/// made anew, and the tree of the ledger too: its root must come out as the source signed it.
public struct Copying: Sendable {
    public let source: Platform, target: Platform

    /// Why an installation was not copied.
    public enum Fault: Error, Sendable, Hashable {
        /// The target holds an installation already.
        case notEmpty
        /// Somebody wrote to the source meanwhile: so many entries were added to its ledger.
        case changed(Int)
        /// What arrived is not what was sent.
        case differs(String)
    }

    public init(from source: Platform, to target: Platform) {
        self.source = source
        self.target = target
    }

    private static let portion = 500

    /// Copies, and verifies the copy against its ledger. The source must not be written to meanwhile.
    public func run(_ progress: @escaping @Sendable (String) -> Void = { _ in }) async throws -> VerificationReport {
        try await LedgerKeeper(source).seal()
        try await target.start()
        guard try await target.store.read({ try $0.ledgerSize() }) == 0 else { throw Fault.notEmpty }
        let size = try await source.store.read { try $0.ledgerSize() }
        // Fields that administrators added belong to the shape of the tables that follow.
        try await copy(Tables.addedField)
        try await target.loadAddedFields()
        for schema in Tables.all where schema !== Tables.addedField {
            let number = try await copy(schema)
            if number > 0 { progress("\(schema.table): \(number)") }
        }
        for schema in source.schemas { progress("\(schema.table): \(try await copy(target.schema(schema.id) ?? schema))") }
        try await copyLedger(size)
        progress("ledger: \(size)")
        let counters = try await source.store.read { try $0.counters() }
        try await target.store.write { store in for (name, number) in counters { try store.keep(counter: name, at: number) } }
        let now = try await source.store.read { try $0.ledgerSize() }
        guard now == size else { throw Fault.changed(now - size) }
        try await LedgerKeeper(target).seal()
        let report = try await Verification(target).run()
        if let fault = report.fault { throw Fault.differs(fault) }
        let signed = try await LedgerKeeper(source).checkpoint().map { try Checkpoint(text: SignedNote($0).text).root.base64 }
        guard signed == nil || report.root == signed else { throw Fault.differs("the root of the ledger is \(report.root) and was \(signed ?? "")") }
        return report
    }

    /// Copies a table in the order of its ids; returns how many rows.
    @discardableResult
    private func copy(_ schema: Schema) async throws -> Int {
        let target = target
        var last: Cursor?, number = 0
        while true {
            let after = last
            let rows = try await source.store.read { try $0.rows(Query(schema, limit: Self.portion, after: after)) }
            guard let end = rows.last else { return number }
            try await target.store.write { store in
                for row in rows {
                    try store.insert(row)
                    for document in Self.documents(row, target) { try store.index(document) }
                }
            }
            number += rows.count
            last = Cursor(values: [], id: end.id)
        }
    }

    private static func documents(_ row: Row, _ platform: Platform) -> [SearchDocument] {
        if row.schema === Tables.comment {
            guard let record = row.id("record"), let schema = row.text("schema").flatMap(platform.schema) else { return [] }
            return [SearchDocument.of(message: row, on: record, schema)].compactMap { $0 }
        }
        return row.schema.isRecord ? SearchDocument.all(of: row) : []
    }

    private func copyLedger(_ size: Int) async throws {
        var index = 0
        while index < size {
            let from = index
            let entries = try await source.store.read { try $0.entries(from: from, limit: Self.portion) }
            guard !entries.isEmpty else { throw Fault.differs("the ledger ends at entry \(index) of \(size)") }
            try await target.store.write { store in for entry in entries { try store.append(entry) } }
            index += entries.count
        }
    }
}
